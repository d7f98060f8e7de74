//! Where a new page may go, and what to write instead of a path that is none.

use std::path::{Component, Path};

use crate::text::has_ending;

/// What a path in the content folder may look like.
const EXAMPLE: &str =
    "Give a path inside `content` that ends in `.md`, such as `faq/new-question.md`.";

/// Whether the path, without `content/` before it, is that of a page. If not, what to do.
pub(super) fn check(path: &str) -> Result<(), String> {
    if is_page(path) {
        return Ok(());
    }
    let inside = path.trim_start_matches(['/', '.']);
    let inside = inside.strip_prefix("content/").unwrap_or(inside);
    let stem = [".md", ".txt", ".markdown", ".html"]
        .into_iter()
        .find_map(|ending| inside.strip_suffix(ending));
    let meant = format!("{}.md", stem.unwrap_or(inside));
    let is_named = !inside.is_empty() && !path.ends_with('/') && !path.starts_with("..");
    Err(if is_named && is_page(&meant) {
        format!("Write `{meant}`.")
    } else {
        EXAMPLE.to_owned()
    })
}

fn is_page(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    has_ending(path, "md") && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// What to write instead of a path that makes an address which is hard to type. `canonical` is the
/// path without language and ending; a folder that is there keeps its name.
pub(super) fn plainer(content: &Path, canonical: &str) -> Option<String> {
    let mut plain = String::new();
    for part in canonical.split('/') {
        if !plain.is_empty() {
            plain.push('/');
        }
        let is_hard = part.contains(|c: char| c.is_uppercase() || c.is_whitespace());
        if is_hard && !content.join(&plain).join(part).is_dir() {
            plain.push_str(&slug::slugify(part));
        } else {
            plain.push_str(part);
        }
    }
    (plain != canonical).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_that_is_meant_is_told() {
        for (path, meant) in [
            ("faq/email/in-spam", "`faq/email/in-spam.md`"),
            ("/faq/email/x.md", "`faq/email/x.md`"),
            ("./content/faq/x.txt", "`faq/x.md`"),
            ("faq/codes.es", "`faq/codes.es.md`"),
        ] {
            let help = check(path).unwrap_err();
            assert_eq!(help, format!("Write {meant}."), "{path}");
        }
        for path in ["", "..", "../x.md", "faq/../x.md", "faq/", "/"] {
            assert_eq!(check(path).unwrap_err(), EXAMPLE, "{path}");
        }
        assert_eq!(check("faq/x.md"), Ok(()));
    }

    #[test]
    fn capitals_and_blanks_make_no_address_but_stay_in_folders_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("FAQ")).unwrap();
        let plain = |path| plainer(folder.path(), path);
        assert_eq!(plain("FAQ/My Question").as_deref(), Some("FAQ/my-question"));
        assert_eq!(plain("Faq/x").as_deref(), Some("faq/x"));
        assert_eq!(plain("FAQ/x"), None);
        assert_eq!(plain("faq/_index"), None);
    }
}
