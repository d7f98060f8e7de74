//! A small site with one file under test, through the whole builder.

use std::fs;
use std::path::Path;

use site_builder::{BuildOptions, Mode, Report, build};
use tempfile::TempDir;

/// `zola.toml`, `content`, `templates` and the folders that targets add.
const FILES: [&str; 6] = [
    "content",
    "public",
    "sass",
    "templates",
    "words.toml",
    "zola.toml",
];

/// Where a build keeps what the next one can use.
const CACHE: &str = ".site-builder-cache";

/// A site of a home page, with as little of its own as can be.
pub(crate) struct Site(TempDir);

impl Site {
    /// Settings beyond the address.
    pub(crate) fn new(settings: &str) -> Self {
        let site = Self(tempfile::tempdir().expect("there is a folder for temporary files"));
        let address = "base_url = \"https://example.org\"\n";
        site.put("zola.toml", format!("{address}{settings}").as_bytes());
        site.put("content/_index.md", b"+++\ntitle = \"Home\"\n+++\n");
        for (kind, file) in [
            ("page", "page"),
            ("section", "index"),
            ("section", "section"),
        ] {
            let template =
                format!("<h1>{{{{ {kind}.title }}}}</h1>{{{{ {kind}.content | safe }}}}");
            site.put(&format!("templates/{file}.html"), template.as_bytes());
        }
        site
    }

    /// Writes a file.
    pub(crate) fn put(&self, file: &str, bytes: &[u8]) {
        let path = self.0.path().join(file);
        let folder = path.parent().unwrap_or(self.0.path());
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    /// Builds or checks the site with this as one of its files, and holds to what is so of any.
    pub(crate) fn holds(&self, file: &str, input: &[u8], mode: Mode) {
        self.put(file, input);
        let root = self.0.path();
        let options = BuildOptions {
            output: Some(root.join("public")),
            mode,
            ..BuildOptions::new(root)
        };
        let report = build(&options);
        findings_are_in(&report, file, input);
        writes_only_its_output(root);
        match mode {
            Mode::Build => assert_eq!(report.written.is_none(), report.findings.has_errors()),
            _ => assert!(report.written.is_none()),
        }
        if report.written.is_some() {
            // Else it would only find that nothing changed.
            let _ = fs::remove_dir_all(root.join(CACHE));
            let again = build(&options).written.expect("it was built before");
            assert_eq!(again.changed, 0, "the same input gives other bytes");
        }
    }
}

fn findings_are_in(report: &Report, file: &str, input: &[u8]) {
    let text = crate::text::text(input);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.matches('\n').count() + 1;
    for finding in report.findings.iter() {
        assert!(!finding.sentence.is_empty());
        let place = &finding.place;
        if place.file == file {
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
}

fn writes_only_its_output(root: &Path) {
    for entry in fs::read_dir(root).expect("the folder can be read") {
        let name = entry.expect("an entry can be read").file_name();
        let mut known = FILES.iter().chain([&CACHE]);
        let is_known = known.any(|file| name.to_str() == Some(*file));
        assert!(is_known, "{} was written beside the output", name.display());
    }
}
