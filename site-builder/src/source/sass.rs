//! Style sheets in Sass become static files.
//!
//! Owns which files of `sass/` (the theme's under the site's) are compiled and where their CSS goes.
//! Done while reading, so that to every later stage the CSS is a file like any other. The compiler
//! sees the files that were read and no disk: an `@import` cannot leave the site.

pub(crate) mod apart;
mod depth;

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use grass::{Fs, Options, OutputStyle};

use self::depth::{DEPTH, depth};
use super::AssetFile;
use crate::diagnostic::{Finding, Findings, Place};
use crate::text::Text;

/// Deep nesting is answered by a deep recursion in the compiler.
const STACK: usize = 64 << 20;

/// How long one style sheet may take; the largest frameworks take a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// The folder of style sheets, of the site and of a theme.
pub(super) const FOLDER: &str = "sass";

/// Compiles the style sheets of the given folders, the later ones over the earlier, and adds the
/// results to the static files. `files` are all files in those folders.
pub(super) fn compile(
    files: Vec<Text>,
    folders: &[String],
    statics: &mut BTreeMap<String, AssetFile>,
    findings: &mut Findings,
) {
    if let Some(text) = files.iter().find(|text| depth(text) > DEPTH) {
        let sentence = "Brackets, signs or indentation go too deep in this style sheet.";
        let finding = Finding::error("sass", text.whole(), sentence);
        findings.push(finding.help("Nest its rules and its values less."));
        return;
    }
    let files = Arc::new(Files(
        files
            .into_iter()
            .map(|text| (PathBuf::from(&*text.file), text))
            .collect(),
    ));
    let mut chosen: BTreeMap<String, &Text> = BTreeMap::new();
    for folder in folders {
        let mut own = BTreeMap::new();
        for text in files.0.values() {
            let Some(target) = target(folder, &text.file) else {
                continue;
            };
            if let Some(first) = own.insert(target.clone(), text) {
                findings.push(same_target(&target, text, &first.file));
            }
        }
        chosen.extend(own);
    }
    for (target, text) in chosen {
        if let Some(other) = statics.get(&target) {
            findings.push(same_target(&target, text, &other.file));
            continue;
        }
        let apart = apart::helper().and_then(|it| apart::compile(it, text, &files, PATIENCE));
        let made = apart.unwrap_or_else(|| css(text, &files, PATIENCE));
        match made {
            Ok(css) => {
                let asset = AssetFile {
                    relative: target.clone(),
                    file: text.file.to_string(),
                    bytes: css.into_bytes().into(),
                };
                statics.insert(target, asset);
            }
            Err(finding) => findings.push(*finding),
        }
    }
}

/// Where the CSS of a style sheet goes; nowhere for a partial, whose name or folder starts with
/// `_`, and for any other kind of file.
fn target(folder: &str, file: &str) -> Option<String> {
    let relative = file.strip_prefix(folder)?.strip_prefix('/')?;
    if relative.split('/').any(|part| part.starts_with('_')) {
        return None;
    }
    let (stem, ending) = relative.rsplit_once('.')?;
    matches!(ending, "scss" | "sass").then(|| format!("{stem}.css"))
}

fn same_target(target: &str, text: &Text, other: &str) -> Finding {
    Finding::error(
        "same-address",
        text.whole(),
        format!("`/{target}` is made from this style sheet, and {other} is at that address too."),
    )
    .help("Rename or remove one of them.")
}

/// Compiles one style sheet in a thread of its own: for its stack, because a panic of the compiler
/// then ends there, and because Sass can go round in a circle for ever, which then goes on alone.
/// A stack that is used up ends the process all the same; see [`apart`] and [`DEPTH`].
fn css(text: &Text, files: &Arc<Files>, patience: Duration) -> Result<String, Box<Finding>> {
    let (answer, answered) = mpsc::channel();
    let (sheet, known) = (text.clone(), Arc::clone(files));
    let compile = move || {
        let options = Options::default()
            .style(OutputStyle::Compressed)
            .quiet(true)
            .fs(&*known);
        let css = grass::from_path(Path::new(&*sheet.file), &options)
            .map_err(|error| Box::new(fault(*error, &sheet, &known)));
        // Nobody listens any more when it took too long.
        let _ = answer.send(css);
    };
    let started = thread::Builder::new().stack_size(STACK).spawn(compile);
    let answer = started.map(|_| answered.recv_timeout(patience));
    match answer {
        Ok(Ok(css)) => css,
        Ok(Err(RecvTimeoutError::Timeout)) => Err(Box::new(
            about(text, "This style sheet takes too long to be made into CSS.")
                .help("Look for a loop in it that does not end."),
        )),
        _ => Err(Box::new(about(
            text,
            "The Sass compiler gave up on this style sheet.",
        ))),
    }
}

fn about(text: &Text, sentence: &str) -> Finding {
    Finding::error("sass", text.whole(), sentence)
}

fn fault(error: grass::Error, text: &Text, files: &Files) -> Finding {
    let grass::ErrorKind::ParseError { message, loc, .. } = error.kind() else {
        let sentence = "This style sheet cannot be read.";
        return Finding::error("sass", text.whole(), sentence);
    };
    let excerpt = files
        .0
        .get(Path::new(loc.file.name()))
        .and_then(|text| text.body.lines().nth(loc.begin.line))
        .unwrap_or_default();
    let end = if loc.end.line == loc.begin.line {
        loc.end.column
    } else {
        excerpt.chars().count()
    };
    let place = Place {
        file: loc.file.name().to_owned(),
        line: loc.begin.line + 1,
        column: loc.begin.column + 1,
        width: end.saturating_sub(loc.begin.column).max(1),
        excerpt: excerpt.to_owned(),
    };
    let message = message.trim_end_matches('.');
    let sentence = format!("This style sheet cannot be made into CSS: {message}.");
    let finding = Finding::error("sass", place, sentence);
    if message.starts_with("Can't find stylesheet") {
        finding.help("A style sheet can use those in the folder `sass` of the site and its theme.")
    } else {
        finding
    }
}

/// The style sheets that were read, by their path from the root.
#[derive(Debug)]
struct Files(BTreeMap<PathBuf, Text>);

impl Fs for Files {
    fn is_dir(&self, path: &Path) -> bool {
        let path = plain(path);
        self.0.keys().any(|file| file.parent() == Some(&path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(&plain(path))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0
            .get(&plain(path))
            .map(|text| text.body.as_bytes().to_vec())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(plain(path))
    }
}

/// A path without `.` and `..`. One that leads out of the root stays as it is, and names nothing.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(files: &[(&str, &str)]) -> (BTreeMap<String, AssetFile>, Findings) {
        let texts: Vec<_> = files
            .iter()
            .map(|(file, raw)| Text::new(file, raw))
            .collect();
        let (mut statics, mut findings) = (BTreeMap::new(), Findings::default());
        let folders = ["themes/t/sass".to_owned(), "sass".to_owned()];
        compile(texts, &folders, &mut statics, &mut findings);
        (statics, findings)
    }

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        let (_, findings) = run(files);
        findings
            .iter()
            .map(|f| {
                format!(
                    "{}:{}:{} {}",
                    f.place.file, f.place.line, f.place.column, f.sentence
                )
            })
            .collect()
    }

    #[test]
    fn imports_reach_the_sites_and_the_themes_files_and_no_others() {
        let (statics, findings) = run(&[
            (
                "sass/a.scss",
                "@use 'parts/one'; @import '../themes/t/sass/two';",
            ),
            ("sass/parts/_one.scss", "p { em { color: red } }"),
            ("themes/t/sass/_two.sass", "q\n  color: blue\n"),
        ]);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(&*statics["a.css"].bytes, b"p em{color:red}q{color:blue}");
        assert_eq!(statics.len(), 1);
        let found = faults(&[("sass/a.scss", "@import '../../../etc/passwd';")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("sass/a.scss:1:9 "), "{found:?}");
    }

    #[test]
    fn a_fault_is_where_it_stands_and_told_once() {
        let found = faults(&[
            ("sass/a.scss", "@import 'x';"),
            ("sass/b.scss", "@import 'x';"),
            ("sass/_x.scss", "a {}\nb { c: $none }\n"),
        ]);
        assert_eq!(
            found,
            ["sass/_x.scss:2:8 This style sheet cannot be made into CSS: Undefined variable."]
        );
    }

    #[test]
    fn a_loop_of_imports_ends() {
        for rule in ["@import", "@use"] {
            let found = faults(&[
                ("sass/a.scss", &format!("{rule} 'b';")),
                ("sass/_b.scss", &format!("{rule} 'c';")),
                ("sass/_c.scss", &format!("{rule} './../sass/b';")),
            ]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains("already being loaded"), "{found:?}");
        }
    }

    /// Compiles what may go just as deep, and does not try what goes deeper.
    fn goes_as_deep_as_it_may(file: &str, deep: impl Fn(usize) -> String, most: usize) {
        let found = faults(&[(file, &deep(most))]);
        assert!(found.is_empty(), "{found:?}");
        for n in [most + 1, 2_000] {
            let found = faults(&[(file, &deep(n))]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains("too deep"), "{found:?}");
        }
    }

    #[test]
    fn brackets_go_only_so_deep() {
        for (before, open, inner, close) in [
            ("", "a {", "b: c", "}"),
            ("$b: ", "(", "1", ")"),
            ("$b: ", "[", "1", "]"),
        ] {
            let deep = |n| format!("{before}{}{inner}{}", open.repeat(n), close.repeat(n));
            goes_as_deep_as_it_may("sass/a.scss", deep, DEPTH);
        }
    }

    #[test]
    fn signs_go_only_so_deep() {
        let all = [
            "+", "+ ", "- ", "-\n", "/ ", "not ", "not\t", "+/* a */", "- // a\n", "\\6eot ",
            "n\\6f t ",
        ];
        for sign in all {
            let deep = |n| format!("$b: {} a", sign.repeat(n));
            goes_as_deep_as_it_may("sass/a.scss", deep, DEPTH);
        }
        // Each bracket holds a run of its own.
        let deep = |n| format!("$b: {}1{}", "(+ + + ".repeat(n), ")".repeat(n));
        goes_as_deep_as_it_may("sass/a.scss", deep, DEPTH / 4);
        let found = faults(&[(
            "sass/a.scss",
            &format!("a{{b:{}1}}", "+ ".repeat(1_000_000)),
        )]);
        assert!(found[0].contains("too deep"), "{found:?}");
    }

    #[test]
    fn indentation_goes_only_so_deep() {
        let deep = |n| {
            let lines = (0..n).map(|level| format!("{}a\n", " ".repeat(level)));
            lines.collect::<String>() + &" ".repeat(n) + "b: c\n"
        };
        goes_as_deep_as_it_may("sass/a.sass", deep, DEPTH);
        let found = faults(&[(
            "sass/a.scss",
            &format!("a {{\n{}b: c }}", " ".repeat(2_000)),
        )]);
        assert!(
            found.is_empty(),
            "only an indented style sheet is nested by it: {found:?}"
        );
    }

    #[test]
    fn lines_of_dashes_and_the_text_of_pictures_are_not_deep() {
        let line = "-".repeat(3_000);
        let heads = format!("// {}\n// a\n/* {} */\n", "-".repeat(80), "=".repeat(80));
        let url = "url(data:image/png;base64,".to_owned() + &"Aa+b/".repeat(3_000) + ")";
        let sheet = format!(
            "/*{line}*/\n//{line}\n{}a {{ b: {url} }}",
            heads.repeat(100)
        );
        assert_eq!(faults(&[("sass/a.scss", &sheet)]), [""; 0]);
    }

    #[test]
    fn a_loop_in_the_language_ends() {
        let text = Text::new("sass/a.scss", "@while true {}");
        let files = Files(BTreeMap::from([("sass/a.scss".into(), text.clone())]));
        let finding = css(&text, &Arc::new(files), Duration::from_millis(50)).unwrap_err();
        assert!(finding.sentence.contains("takes too long"), "{finding:?}");
    }

    #[test]
    fn two_files_for_one_address_are_found_and_a_theme_may_be_overridden() {
        let found = faults(&[("sass/a.scss", ""), ("sass/a.sass", "")]);
        assert_eq!(found.len(), 1, "{found:?}");
        let (statics, findings) = run(&[
            ("sass/a.scss", "a{b:c}"),
            ("themes/t/sass/a.scss", "broken"),
        ]);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(&*statics["a.css"].bytes, b"a{b:c}");
    }
}
