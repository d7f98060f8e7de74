//! Files that lie beside pages and sections, and who owns them.

use std::collections::BTreeMap;

use super::model::{Id, Library};
use super::name;
use crate::source::AssetFile;

/// Gives every other file in the content folder to the sections directly beside it, and to the pages
/// that have this folder, or one above it, to themselves: one of each for each language.
pub(super) fn give(library: &mut Library, assets: Vec<AssetFile>) {
    let mut sections: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    let mut pages: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for &id in library.index.values() {
        let canonical = &library.doc(id).canonical;
        let (owners, folder) = match id {
            Id::Section(_) => (&mut sections, Some(name::folder_of(canonical))),
            Id::Page(_) => (
                &mut pages,
                name::colocated(canonical).map(|folder| folder.trim_end_matches('/')),
            ),
        };
        if let Some(folder) = folder {
            owners.entry(folder.to_owned()).or_default().push(id);
        }
    }
    for asset in assets {
        let beside = name::folder_of(&asset.relative);
        let mut owners: Vec<(&str, Id)> = Vec::new();
        let mut own = |folder, all: &BTreeMap<String, Vec<Id>>| {
            owners.extend(
                all.get(folder)
                    .into_iter()
                    .flatten()
                    .map(|&id| (folder, id)),
            );
        };
        own(beside, &sections);
        let mut folder = Some(beside);
        while let Some(here) = folder {
            own(here, &pages);
            folder = name::parent_folder(here);
        }
        for (folder, id) in owners {
            let doc = library.doc_mut(id);
            let inside = asset.relative[folder.len()..].trim_start_matches('/');
            let target = format!("{}{inside}", &doc.path[1..]);
            doc.assets.push((target, asset.clone()));
        }
    }
}
