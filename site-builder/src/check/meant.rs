//! What an address that leads nowhere was to lead to: the help of the check of links.

use std::sync::Arc;

use super::html::Scan;
use super::map::SiteMap;
use super::outline::Outline;
use super::stray;
use crate::alike;
use crate::diagnostic::nearest;
use crate::render::Origin;
use crate::text::has_ending;

/// How many headings of a page are named, when none is like the one that is wanted.
const MOST: usize = 6;

const PICTURES: [&str; 9] = [
    "avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "webp",
];

/// Whether a path is that of a picture.
pub(super) fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    PICTURES.contains(&ending.to_ascii_lowercase().as_str())
}

/// What to do about a picture that is not there.
pub(super) fn picture(path: &str, map: SiteMap<'_>) -> String {
    let base = map.config.base_path();
    let name = name_of(path);
    let pictures = || map.files.keys().copied().filter(|path| is_picture(path));
    let same = |known: &&str| name_of(known).to_lowercase() == name.to_lowercase();
    // The one in a folder of the same name, else the first.
    let folders = |known: &str| {
        known
            .split('/')
            .filter(|part| path.split('/').any(|own| own == *part))
            .count()
    };
    let found = pictures()
        .filter(same)
        .max_by_key(|known| (folders(known), std::cmp::Reverse(*known)));
    if let Some(found) = found {
        let folder = found.strip_suffix(name_of(found)).unwrap_or_default();
        let is_same = folder == path.strip_suffix(name).unwrap_or_default();
        return if is_same {
            format!("Capitals count: write `{base}/{found}`.")
        } else if folder.is_empty() {
            format!("It is in no folder: write `{base}/{found}`.")
        } else {
            format!("It is in `{folder}`: write `{base}/{found}`.")
        };
    }
    let near = nearest(path, pictures()).or_else(|| alike::path(path, pictures()));
    match near {
        Some(near) => format!("Did you mean `{base}/{near}`?"),
        None => format!(
            "Put the file into `static/pictures/`, and write `{base}/pictures/{name}`. Or correct \
             its name: capitals count."
        ),
    }
}

/// What to do about a document that is not there; nothing when the path is not that of one.
pub(super) fn document(path: &str, map: SiteMap<'_>) -> Option<String> {
    if !stray::is_suspect(path) || has_ending(path, "html") || has_ending(path, "htm") {
        return None;
    }
    let base = map.config.base_path();
    let name = name_of(path);
    let same = |known: &&&str| name_of(known).to_lowercase() == name.to_lowercase();
    Some(match map.files.keys().find(same) {
        Some(found) => format!("Write `{base}/{found}`."),
        None => format!(
            "Put the file into `static/documents/`, and write `{base}/documents/{name}`. Or correct \
             its name: capitals count."
        ),
    })
}

/// What to do about an address of a page that is not there.
pub(super) fn page(path: &str, map: SiteMap<'_>) -> Option<String> {
    let known = || {
        map.files
            .keys()
            .map(|path| path.strip_suffix("/index.html").unwrap_or(path))
    };
    let pages = || {
        let made = map
            .files
            .iter()
            .filter(|(_, file)| matches!(file.origin, Origin::Document(_)));
        made.map(|(path, _)| *path)
    };
    if let Some(near) = nearest(path, known()) {
        return Some(format!("Did you mean `/{near}`?"));
    }
    let near = alike::path(path, pages())?;
    Some(format!(
        "Did you mean `/{}`?",
        near.strip_suffix("index.html").unwrap_or(near)
    ))
}

/// What to do about a place on a page that is not there.
pub(super) fn anchor(
    fragment: &str,
    scan: &Scan,
    outline: impl FnOnce() -> Arc<Outline>,
) -> Option<String> {
    if let Some(near) = nearest(fragment, scan.ids.iter().map(String::as_str)) {
        return Some(format!("Did you mean `#{near}`?"));
    }
    let outline = outline();
    let headings = outline.headings.iter();
    let headings: Vec<_> = headings.filter(|heading| !heading.id.is_empty()).collect();
    let like = alike::best(fragment, &headings, |heading| {
        [&*heading.id, &*heading.text]
    });
    if let Some(heading) = like {
        return Some(format!(
            "Did you mean `#{}`, “{}”?",
            heading.id,
            heading.text.trim()
        ));
    }
    let ids: Vec<_> = headings
        .iter()
        .map(|heading| format!("`#{}`", heading.id))
        .collect();
    match ids.len() {
        0 => None,
        count if count > MOST => Some(format!(
            "It has {} and {} more.",
            ids[..MOST].join(", "),
            count - MOST
        )),
        _ => Some(format!("It has {}.", ids.join(", "))),
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
