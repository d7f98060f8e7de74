//! A page of the site as an editor writes it: front matter, Markdown and template
//! syntax, through the whole builder.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use site_builder::{BuildOptions, build};

use crate::text::text;

/// Template syntax in a page is Tera's to read, and a loop in it may well be endless.
const SETTINGS: &str = "base_url = \"https://example.org\"\nskip_content_templating = [\"**\"]\n";

/// `zola.toml`, `content`, `templates` and the output.
const FILES: usize = 4;

/// A site of one page, with as little of its own as can be.
static SITE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let root = folder.path();
    write(root, "zola.toml", SETTINGS);
    write(root, "content/_index.md", "+++\ntitle = \"Home\"\n+++\n");
    let page = "<h1>{{ page.title }}</h1>{{ page.content | safe }}";
    write(root, "templates/page.html", page);
    let section = "<h1>{{ section.title }}</h1>{{ section.content | safe }}";
    write(root, "templates/index.html", section);
    write(root, "templates/section.html", section);
    folder
});

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

pub(crate) fn run(input: &[u8]) {
    let text = text(input);
    let root = SITE.path();
    fs::write(root.join("content/page.md"), input).expect("a file can be written");
    let options = BuildOptions {
        output: Some(root.join("public")),
        ..BuildOptions::new(root)
    };
    let report = build(&options);
    let lines = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .matches('\n')
        .count()
        + 1;
    for finding in report.findings.iter() {
        assert!(!finding.sentence.is_empty());
        let place = &finding.place;
        if place.file == "content/page.md" {
            assert!(
                (1..=lines).contains(&place.line),
                "{place:?} of {lines} lines"
            );
            assert!(
                place.column <= place.excerpt.chars().count() + 1,
                "{place:?}"
            );
        }
    }
    let beside = fs::read_dir(root).expect("the folder can be read").count();
    assert!(beside <= FILES, "something was written beside the output");
    assert_eq!(report.written.is_none(), report.findings.has_errors());
    if report.written.is_some() {
        let again = build(&options).written.expect("it was built before");
        assert_eq!(again.changed, 0, "the same input gives other bytes");
    }
}
