//! `new`: a page or section with front matter that is right from the start.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Component;
use std::path::{Path, PathBuf};

use crate::BuildOptions;
use crate::diagnostic::{Finding, Findings, Place};
use crate::page;
use crate::source;
use crate::text::has_ending;

/// Room between the weights of neighbours, for pages that come between them later.
const STEP: i64 = 10;

/// Creates a content file at a path such as `faq/names/nickname.md`, and returns where it is. A file
/// that is there already is never touched.
pub(crate) fn create(root: &Path, path: &str, title: &str) -> Result<PathBuf, Box<Finding>> {
    let relative = path.strip_prefix("content/").unwrap_or(path);
    let refuse = |sentence: String, help: &str| {
        let finding = Finding::error("new", Place::file(path), sentence).help(help);
        Err(Box::new(finding))
    };
    let inside = Path::new(relative)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside || !has_ending(relative, "md") {
        return refuse(
            format!("`{path}` is not the path of a page."),
            "Give a path inside `content` that ends in `.md`, such as `faq/new-question.md`.",
        );
    }
    if title.trim().is_empty() {
        return refuse(
            "The title is empty.".to_owned(),
            "Give the title after the path, in quotes.",
        );
    }
    let mut findings = Findings::default();
    let Some(source) = source::read(&BuildOptions::new(root), &mut findings) else {
        return refuse(
            format!("There is no site in {}.", root.display()),
            "Name the site's folder with `--root`.",
        );
    };
    let target = root.join("content").join(relative);
    if target.exists() {
        return refuse(
            format!("content/{relative} exists already."),
            "Choose another name, or edit that page.",
        );
    }
    let text = if relative.ends_with("_index.md") {
        format!("+++\ntitle = {}\nsort_by = \"weight\"\n+++\n", quote(title))
    } else {
        let weight = page::heaviest(source, relative).map_or_else(String::new, |heaviest| {
            format!("weight = {}\n", heaviest + STEP)
        });
        let title = quote(title);
        format!("+++\ntitle = {title}\ndescription = \"\"\n{weight}+++\n")
    };
    match write(&target, &text) {
        Ok(()) => Ok(target),
        Err(error) => refuse(
            format!("content/{relative} cannot be written: {error}."),
            "Check the folder's permissions.",
        ),
    }
}

fn write(target: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(target)?;
    file.write_all(text.as_bytes())
}

/// A text as TOML's basic string.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.trim().chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
