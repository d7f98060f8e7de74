//! The editors' preview: `site-builder serve` on a site that the test edits.
//!
//! It must not know how pages are made, nor what is added to them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// What the help center is made of, in the repository's root.
const HELP_CENTER: [&str; 8] = [
    "browsers.toml",
    "content",
    "published.txt",
    "static",
    "synonyms.toml",
    "themes",
    "words.toml",
    "zola.toml",
];

/// Where the widget is, as `cargo xtask widget` puts it.
const STATIC: &str = "target/frontdesk/static";

/// A running preview, and its site in a folder that goes with it.
pub struct Preview {
    child: Child,
    base: String,
    folder: TempDir,
}

impl Preview {
    /// Of a site with these files.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let folder = folder();
        for (path, text) in files {
            put(&folder.path().join(path), text.as_bytes());
        }
        Self::start(folder)
    }

    /// Of a copy of the help center.
    ///
    /// # Panics
    /// When the widget has not been built: `cargo xtask test` does so.
    pub fn of_help_center() -> Self {
        let folder = folder();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for name in HELP_CENTER {
            copy(&root.join(name), &folder.path().join(name));
        }
        let widget = built("FRONTDESK_SITE").join("widget");
        copy(&widget, &folder.path().join(STATIC).join("widget"));
        Self::start(folder)
    }

    fn start(folder: TempDir) -> Self {
        fs::create_dir_all(folder.path().join(STATIC)).expect("a folder is made");
        let (child, base) = serve(folder.path(), "0");
        Self {
            child,
            base,
            folder,
        }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Saves a file of the site, as an editor does.
    pub fn save(&self, path: &str, text: &str) {
        put(&self.folder.path().join(path), text.as_bytes());
    }

    /// Saves a file of the site with something in it changed.
    #[track_caller]
    pub fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.folder.path().join(path)).expect("a file of the site");
        assert!(text.contains(from), "{path} should have {from:?}: {text}");
        self.save(path, &text.replace(from, to));
    }

    /// Ends the preview, does something to the site, and starts the preview at the same address.
    pub fn restart(&mut self, meanwhile: impl FnOnce(&Self)) {
        self.end();
        meanwhile(self);
        let (_, port) = self.base.rsplit_once(':').expect("a port");
        (self.child, self.base) = serve(self.folder.path(), port);
    }

    /// Runs another of the site builder's commands on the site; whether it found no errors, and
    /// what it said.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = command(self.folder.path()).args(arguments).output();
        let output = output.expect("the site builder starts");
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    }

    /// The site's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.end();
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("a folder that can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// What `cargo xtask test` has built, by the variable that names it.
///
/// # Panics
/// When nothing does.
pub fn built(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.unwrap_or_else(|| {
        panic!(
            "this test needs what {variable} names, and it names nothing: \
             run `cargo xtask test`, which builds it first"
        )
    })
}

/// Starts the command, and waits until it says where it listens.
fn serve(folder: &Path, port: &str) -> (Child, String) {
    let mut child = command(folder)
        .args(["serve", "--static", STATIC, "--port", port])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the site builder starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let base = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("Preview at ")?;
        Some(rest.split_once("/ ")?.0.to_owned())
    });
    // The preview must not end because nobody reads what it says.
    std::thread::spawn(move || lines.count());
    (child, base.expect("the preview should say where it is"))
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(built("FRONTDESK_SITE_BUILDER"));
    command.current_dir(folder);
    command
}

fn folder() -> TempDir {
    TempDir::with_prefix("frontdesk-preview-").expect("a folder for the site")
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder is made");
    fs::write(path, bytes).expect("a file is written");
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        put(to, &fs::read(from).expect("a file that is copied"));
        return;
    }
    for path in files(from) {
        let inside = path.strip_prefix(from).unwrap_or(&path);
        put(
            &to.join(inside),
            &fs::read(&path).expect("a file that is copied"),
        );
    }
}
