//! Rendering again what a change of some bodies reaches, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::faults::Faults;
use super::{Origin, Output, Rendered, search, templates};
use crate::page::{Site, put_bodies};
use crate::source::ContentFile;

/// Takes over content files of which only the body changed, and returns the site with the paths of
/// the files that were rendered again. Nothing is returned when the change may reach further.
pub(crate) fn again(
    rendered: Rendered,
    changed: Vec<ContentFile>,
) -> Option<(Rendered, BTreeSet<String>)> {
    let mut site = Site {
        config: rendered.config,
        library: rendered.library,
        body_findings: rendered.body_findings,
        engine: rendered.engine,
        statics: rendered.statics,
        image_cache: rendered.image_cache,
        output: rendered.output,
    };
    let mut files = rendered.files;
    let ids = put_bodies(&mut site, changed)?;
    let touched = site.engine.index.revalue(&site.library, &ids);
    let paths: BTreeSet<String> = files
        .iter()
        .filter(|file| file.reads.meet(&touched))
        .map(|file| file.path.clone())
        .collect();
    let mut made = Vec::new();
    let mut faults = Faults::new(&site.engine, &site.library, Some(&paths));
    templates(&site, &mut made, &mut faults);
    if !faults.is_empty() || !take_over(&mut files, made) {
        return None;
    }
    let rendered = Rendered {
        config: site.config,
        library: site.library,
        body_findings: site.body_findings,
        statics: site.statics,
        engine: site.engine,
        files,
        missing: rendered.missing,
        image_cache: site.image_cache,
        output: site.output,
    };
    Some((rendered, paths))
}

/// Makes search indexes anew after bodies changed. They hold all texts, so whoever waits for a page need
/// not wait for them.
pub(crate) fn search_again(rendered: &mut Rendered) {
    let mut made = Vec::new();
    let mut faults = Faults::new(&rendered.engine, &rendered.library, None);
    search::render(&rendered.config, &rendered.library, &mut made, &mut faults);
    let mut made: BTreeMap<String, Arc<[u8]>> = made
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect();
    let indexes = rendered.files.iter_mut();
    for file in indexes.filter(|file| matches!(file.origin, Origin::Search(_))) {
        if let Some(bytes) = made.remove(&file.path) {
            file.bytes = bytes;
        }
    }
}

/// Puts files in the place of those with the same path and origin. Whether each has one, and asks
/// for the same pictures and hashed names as before.
fn take_over(files: &mut [Output], made: Vec<Output>) -> bool {
    let key = |file: &Output| (file.path.clone(), file.origin.clone());
    let count = made.len();
    let mut made: BTreeMap<(String, Origin), Output> =
        made.into_iter().map(|file| (key(&file), file)).collect();
    let mut taken = 0;
    for file in files {
        if made.is_empty() {
            break;
        }
        let Some(new) = made.remove(&key(file)) else {
            continue;
        };
        if new.reads.made != file.reads.made {
            return false;
        }
        *file = new;
        taken += 1;
    }
    taken == count
}
