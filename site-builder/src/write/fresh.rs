//! Putting in place what is not there yet: a site's first build, or a section that is new.
//!
//! Owns the folder in which such parts are written. Nobody reads them there, so their files need no
//! care one by one; each part is then moved into place in one step. Never touches what is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::{Fault, Files, at};
use crate::replace;

/// Puts each file or folder in place that the output folder does not have yet; gives the paths of
/// all files that this made.
pub(super) fn put<'a>(root: &Path, files: &'a Files) -> Result<BTreeSet<&'a str>, Fault> {
    let parts: BTreeSet<&str> = files.keys().map(|path| part(path)).collect();
    let is_missing = |part: &&str| {
        let found = fs::symlink_metadata(root.join(part));
        found.is_err_and(|error| error.kind() == ErrorKind::NotFound)
    };
    let missing: BTreeSet<&str> = parts.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(BTreeSet::new());
    }
    let aside = replace::folder(root).map_err(at(root))?;
    let made = files
        .par_iter()
        .filter(|(path, _)| missing.contains(part(path)));
    made.try_for_each(|(path, bytes)| {
        let target = aside.path().join(path);
        let folder = target.parent().unwrap_or(&target);
        fs::create_dir_all(folder).map_err(at(folder))?;
        fs::write(&target, bytes).map_err(at(&root.join(path)))
    })?;
    // Should another build have been faster, its part is brought up to date file by file.
    let placed = |part: &&str| fs::rename(aside.path().join(part), root.join(part)).is_ok();
    let placed: BTreeSet<&str> = missing.into_iter().filter(placed).collect();
    let paths = files.keys().map(String::as_str);
    Ok(paths.filter(|path| placed.contains(part(path))).collect())
}

/// The topmost file or folder of a path.
fn part(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> Files {
        let of = of.iter();
        of.map(|(path, text)| ((*path).to_owned(), text.as_bytes().into()))
            .collect()
    }

    fn entries(root: &Path) -> Vec<String> {
        let entries = fs::read_dir(root).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_missing_is_put_in_place_and_the_rest_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("faq")).unwrap();
        fs::write(root.join("robots.txt"), "mine").unwrap();
        let files = files(&[
            ("contact/index.html", "c"),
            ("faq/a/index.html", "a"),
            ("index.html", "home"),
            ("robots.txt", "theirs"),
        ]);
        let put = put(root, &files).unwrap();
        assert_eq!(put, BTreeSet::from(["contact/index.html", "index.html"]));
        assert_eq!(
            entries(root),
            ["contact", "faq", "index.html", "robots.txt"]
        );
        assert_eq!(fs::read(root.join("contact/index.html")).unwrap(), b"c");
        assert_eq!(fs::read(root.join("robots.txt")).unwrap(), b"mine");
        assert!(entries(&root.join("faq")).is_empty());
    }

    #[test]
    fn what_cannot_be_written_whole_is_not_there_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let long = format!("faq/{}/index.html", "x".repeat(300));
        let files = files(&[
            ("faq/a/index.html", "a"),
            (&long, "b"),
            ("index.html", "home"),
        ]);
        let (path, _) = put(root, &files).unwrap_err();
        assert!(path.contains("xxx"), "{path}");
        assert!(entries(root).is_empty(), "{:?}", entries(root));
    }
}
