//! A site made in a test: files in a temporary folder, built with the library or with the command.
//!
//! Owns the folder and removes it at the end. Knows nothing of what any test expects.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

use site_builder::diagnostic::print::{self, Format};
use site_builder::{BuildOptions, Report, build};
use tempfile::TempDir;

/// Settings that a site needs at least.
pub(crate) const CONFIG: &str = "base_url = \"https://help.example.org\"\n";

/// Templates that show all there is to a page, without chrome.
const TEMPLATES: [(&str, &str); 3] = [
    ("templates/index.html", "{{ section.content | safe }}"),
    ("templates/section.html", "{{ section.content | safe }}"),
    ("templates/page.html", "{{ page.content | safe }}"),
];

/// A site under test.
pub(crate) struct Site {
    folder: Rc<TempDir>,
    options: BuildOptions,
}

impl Site {
    /// A site with settings, plain templates and an empty home page.
    pub(crate) fn new() -> Self {
        let mut site = Self::bare()
            .file("zola.toml", CONFIG)
            .page("_index.md", "Home", "");
        for (path, text) in TEMPLATES {
            site = site.file(path, text);
        }
        site
    }

    /// An empty folder.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("site");
        fs::create_dir(&root).expect("the site's folder");
        let mut options = BuildOptions::new(&root);
        options.output = Some(folder.path().join("out"));
        Self {
            folder: Rc::new(folder),
            options,
        }
    }

    /// A copy of a fixture.
    pub(crate) fn fixture(name: &str) -> Self {
        // 2026-11-25: what is suggested for a day depends on it.
        let mut site = Self::bare().with(|options| options.now = 1_795_564_800);
        for (path, bytes) in read_tree(&fixtures().join(name)) {
            if !path.starts_with("expected") {
                site = site.bytes(&path, &bytes);
            }
        }
        site
    }

    /// Adds or replaces a file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.bytes(path, text.as_bytes())
    }

    /// Adds or replaces a file that need not be text.
    pub(crate) fn bytes(self, path: &str, bytes: &[u8]) -> Self {
        put(&self.root().join(path), bytes);
        self
    }

    /// Adds a page with this title and body.
    pub(crate) fn page(self, path: &str, title: &str, body: &str) -> Self {
        let text = format!("+++\ntitle = \"{title}\"\n+++\n{body}");
        self.file(&format!("content/{path}"), &text)
    }

    /// Removes a file.
    pub(crate) fn without(self, path: &str) -> Self {
        fs::remove_file(self.root().join(path)).expect("the file to be there");
        self
    }

    /// Changes the build's options.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut BuildOptions)) -> Self {
        change(&mut self.options);
        self
    }

    /// The site's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.options.root
    }

    /// The output folder.
    pub(crate) fn output(&self) -> PathBuf {
        let output = self.options.output.clone();
        output.unwrap_or_else(|| self.root().join("public"))
    }

    /// A folder beside the site.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Builds.
    pub(crate) fn build(&self) -> Built {
        Built {
            report: build(&self.options),
            output: self.output(),
            _folder: Rc::clone(&self.folder),
        }
    }

    /// Builds without findings and reads one file.
    pub(crate) fn build_and_read(self, path: &str) -> String {
        self.build().clean().text(path)
    }

    /// Runs the command in the site's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[])
    }

    /// The same with these variables in its environment.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_site-builder"))
            .args(arguments)
            // Whoever tests it started Cargo; who uses it most often did not.
            .env_remove("CARGO_PKG_NAME")
            .envs(variables.iter().copied())
            .current_dir(self.root())
            .output()
            .expect("the command to start")
    }
}

/// What came of a build.
pub(crate) struct Built {
    /// The library's own report.
    pub(crate) report: Report,
    output: PathBuf,
    /// Keeps the output there when the site itself is gone.
    _folder: Rc<TempDir>,
}

impl Built {
    /// Fails, with the findings, unless there are none.
    pub(crate) fn clean(self) -> Self {
        let findings = self.findings();
        assert!(findings.is_empty(), "{findings}");
        self
    }

    /// The findings as a person sees them.
    pub(crate) fn findings(&self) -> String {
        print::render(&self.report.findings, Format::Human)
    }

    /// The findings as `file:line:column code`.
    pub(crate) fn places(&self) -> Vec<String> {
        self.report
            .findings
            .iter()
            .map(|finding| {
                let place = &finding.place;
                format!(
                    "{}:{}:{} {}",
                    place.file, place.line, place.column, finding.code
                )
            })
            .collect()
    }

    /// A file of the output.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.output.join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.findings()))
    }

    /// Whether the output has a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.output.join(path).exists()
    }

    /// The whole output.
    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        read_tree(&self.output)
    }
}

/// The folder of fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Writes a file and the folders above it.
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    fs::write(path, bytes).expect("the file");
}

/// All files below a folder.
pub(crate) fn read_tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(folder).expect("a path inside");
                let name = relative.to_str().expect("a UTF-8 name").replace('\\', "/");
                found.insert(name, fs::read(&path).expect("the file"));
            }
        }
    }
    found
}
