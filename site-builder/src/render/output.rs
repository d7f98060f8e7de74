//! A file of the output, and the files that are copied as they are.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::page::Site;
use crate::page::model::{Doc, Library};
use crate::template::reads::Reads;

/// One file of the output.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// Path in the output folder, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Arc<[u8]>,
    /// Where it comes from.
    pub origin: Origin,
    /// What it was made from, where that is kept.
    pub reads: Reads,
}

/// Where a file of the output comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A page or section, by its path in the content folder.
    Document(String),
    /// A redirect to this address, from the content file with this path.
    Redirect {
        /// The address that it leads to.
        to: String,
        /// The content file that asks for it, by its path in the content folder.
        from: String,
    },
    /// A further pager of a section, by the section's path in the content folder.
    Pager(String),
    /// The page of a taxonomy or term, by the file that sets the taxonomy.
    Taxonomy(String),
    /// A template that renders one file of its own, such as `404.html`.
    Template(String),
    /// A search index or its library, by the file that asks for it.
    Search(String),
    /// A file copied as it is, by the path that findings name.
    Copy(String),
}

/// Lets go of bodies that are a part of their page's file, as with most templates they are.
pub(super) fn share_bodies(library: &mut Library, files: &[Output]) {
    let pages = files.iter().filter_map(|file| match &file.origin {
        Origin::Document(relative) => Some((relative.as_str(), &file.bytes)),
        _ => None,
    });
    let pages: HashMap<&str, &Arc<[u8]>> = pages.collect();
    let share = |doc: &mut Doc| {
        if let Some(file) = pages.get(doc.relative.as_str()) {
            doc.content.html.share(file);
        }
    };
    let sections = library.sections.par_iter_mut();
    sections.for_each(|section| share(&mut section.doc));
    let pages = library.pages.par_iter_mut();
    pages.for_each(|page| share(&mut page.doc));
}

/// Adds static files, colocated files, and hashed copies.
pub(super) fn copies(site: &Site, files: &mut Vec<Output>) {
    let mut copy = |path: &str, bytes: &Arc<[u8]>, file: &str| {
        files.push(Output {
            path: path.to_owned(),
            bytes: Arc::clone(bytes),
            origin: Origin::Copy(file.to_owned()),
            reads: Reads::default(),
        });
    };
    for doc in site.library.docs().filter(|doc| doc.render) {
        for (path, asset) in &doc.assets {
            copy(path, &asset.bytes, &asset.file);
        }
    }
    for (path, asset) in site.statics.iter() {
        copy(path, &asset.bytes, &asset.file);
    }
    for (hashed, path) in site.engine.index.hashed_names() {
        if let Some(asset) = site.statics.get(&path) {
            copy(&hashed, &asset.bytes, &asset.file);
        }
    }
}
