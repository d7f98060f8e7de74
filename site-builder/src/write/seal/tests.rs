//! A file that changes while a build runs is another than the seal says.

use std::sync::Arc;

use super::*;
use crate::clock;
use crate::diagnostic::Findings;

/// Before every file, so that each is told by its bytes; and after, so that each is told by how it
/// stands.
const TIMES: [i64; 2] = [0, 99_999_999_999];

/// What a build reads: by the settings' name, by a template's, and because of where it is.
const READ: [&str; 3] = ["house.toml", "facts/a.toml", "content/_index.md"];

struct Built {
    folder: tempfile::TempDir,
    options: BuildOptions,
    before: Before,
    checked: Checked,
}

impl Built {
    /// A site that was written and is not sealed yet.
    fn new(began: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = "base_url = \"/\"\n[extra.check]\nwords = \"house.toml\"\n";
        let index = "{{ section.content | safe }}{% set a = load_data(path=\"facts/a.toml\") %}{{ a.word }}";
        for (path, text) in [
            ("zola.toml", settings),
            ("house.toml", ""),
            ("facts/a.toml", "word = \"one\"\n"),
            ("templates/index.html", index),
            ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let options = BuildOptions::new(folder.path());
        let before = Before::look(&options, began);
        let mut findings = Findings::default();
        let checked = crate::prepare(&options, &mut findings).unwrap();
        super::super::write(&checked, &mut findings).unwrap();
        assert!(findings.is_empty());
        Self {
            folder,
            options,
            before,
            checked,
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Adds to a file, with no change of what it says.
    fn touch(&self, path: &str) {
        let path = self.path(path);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text + "\n").unwrap();
    }

    /// Whether the next build would have nothing to do.
    fn rests(&self) -> bool {
        self.before.seal(&self.options, &self.checked);
        let next = Before::look(&self.options, self.before.began);
        next.same_as_last(&self.options, &self.checked.output)
            .is_some()
    }
}

#[test]
fn a_file_that_changes_between_reading_and_sealing_makes_another_build() {
    for began in TIMES {
        assert!(Built::new(began).rests());
        for path in READ {
            let built = Built::new(began);
            built.touch(path);
            assert!(!built.rests(), "{path}");
        }
    }
}

#[test]
fn a_file_that_changes_after_it_is_sealed_makes_another_build() {
    for began in TIMES {
        for path in READ {
            let built = Built::new(began);
            assert!(built.rests());
            built.touch(path);
            let next = Before::look(&built.options, began);
            let output = &built.checked.output;
            assert!(
                next.same_as_last(&built.options, output).is_none(),
                "{path}"
            );
        }
    }
}

#[test]
fn a_young_file_is_sealed_with_what_was_read_of_it() {
    // As on a file system whose clock did not move between the two.
    for (began, rests) in [(TIMES[0], false), (TIMES[1], true)] {
        let mut built = Built::new(began);
        let path = "facts/a.toml";
        let Seen::File(_, bytes) = &built.checked.reads[path] else {
            panic!("a file");
        };
        let bytes = Arc::clone(bytes);
        built.touch(path);
        let seen = Seen::File(Stamp::of(&built.path(path)).unwrap(), bytes);
        built.checked.reads.insert(path.to_owned(), seen);
        assert_eq!(built.rests(), rests);

        let mut built = Built::new(began);
        let path = built.path("content/_index.md");
        built.touch("content/_index.md");
        let stamp = Stamp::of(&path).unwrap();
        built.before.state.insert(path, stamp);
        assert_eq!(built.rests(), rests);
    }
}

#[test]
fn the_moment_that_a_site_is_built_for_makes_no_file_older() {
    let built = Built::new(0);
    let options = BuildOptions {
        now: TIMES[1],
        ..built.options.clone()
    };
    let output = &built.checked.output;
    assert!(crate::build(&options).written.is_some());
    let kept = Cache::new(&options.root).load(&name(output)).unwrap();
    let seal: Seal = serde_json::from_slice(&kept).unwrap();
    assert!(seal.began <= clock::seconds());
}
