//! `init`: a small help center to begin with, in which `check` finds nothing.
//!
//! Owns its files, which lie beside this one as they are written.

use std::fs;
use std::path::Path;

use crate::create;
use crate::diagnostic::{Finding, Place};

/// The files by their path in the site's folder.
const FILES: [(&str, &str); 10] = [
    ("zola.toml", include_str!("init/zola.toml")),
    ("content/_index.md", include_str!("init/content/_index.md")),
    (
        "content/questions/_index.md",
        include_str!("init/content/questions/_index.md"),
    ),
    (
        "content/questions/another-email.md",
        include_str!("init/content/questions/another-email.md"),
    ),
    ("static/main.css", include_str!("init/static/main.css")),
    (
        "templates/404.html",
        include_str!("init/templates/404.html"),
    ),
    (
        "templates/base.html",
        include_str!("init/templates/base.html"),
    ),
    (
        "templates/index.html",
        include_str!("init/templates/index.html"),
    ),
    (
        "templates/page.html",
        include_str!("init/templates/page.html"),
    ),
    (
        "templates/section.html",
        include_str!("init/templates/section.html"),
    ),
];

/// Makes the site in a folder that is empty or not there yet. What only systems see, such as a folder
/// `.git`, may be in it.
pub(crate) fn init(folder: &Path) -> Result<(), Box<Finding>> {
    let name = folder.display().to_string();
    let refuse = |sentence: String, help: &str| {
        let finding = Finding::error("init", Place::file(&name), sentence).help(help);
        Err(Box::new(finding))
    };
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    if folder.is_file()
        || entries.any(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    {
        return refuse(
            format!(
                "The folder `{name}` is not empty, and a new site must not mix with what is there."
            ),
            "Name a new folder after `init`, such as `site-builder init my-help`.",
        );
    }
    for (path, text) in FILES {
        if let Err(error) = create::write(&folder.join(path), text) {
            return refuse(
                format!("{name}/{path} cannot be written: {error}."),
                "Check the folder's permissions.",
            );
        }
    }
    Ok(())
}
