//! Dictionaries in the format of Hunspell, one a language: `[extra.check.spelling]`.
//!
//! ```toml
//! [extra.check.spelling]
//! es = "dictionaries/es"     # es.aff and es.dic in the site's folder `dictionaries`
//! ```
//!
//! A language that the settings do not name has the dictionary that is part of the program (American
//! English), else one that the system has. Owns where they are and how their bytes become text; what
//! is held against them is in [`crate::check`].

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Severity};
use crate::inputs::{Named, Seen};
use crate::text::Text;

/// The check's name.
pub(super) const RULE: &str = "spelling";

/// Where systems keep dictionaries.
const SYSTEM: [&str; 2] = ["/usr/share/hunspell", "/usr/share/myspell/dicts"];

/// Where the words of a language are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dictionary {
    /// In the program.
    English,
    /// In files.
    Read {
        /// The path without its ending, for findings.
        path: String,
        /// What endings words may have.
        endings: Arc<str>,
        /// The words.
        words: Arc<str>,
    },
}

/// What came of looking for a language's dictionary.
enum Found {
    Dictionary(Dictionary),
    /// There is none, and whether the settings name one.
    Nothing {
        is_named: bool,
    },
    Unreadable(String),
}

/// What came of it for each language.
pub(super) struct Search<'a>(Vec<(&'a str, Found)>);

/// Looks for the dictionaries of these languages. Every file that was looked for is kept: should one
/// come or go, another dictionary may be meant.
pub(super) fn find<'a>(
    root: &Path,
    languages: &[&'a str],
    paths: &[(String, String)],
    named: &mut Named,
) -> Search<'a> {
    let found = languages.iter().map(|language| {
        let path = paths.iter().find(|(named, _)| named == language);
        let found = match path {
            Some((_, path)) => in_site(root, path, named),
            None => unnamed(language, named),
        };
        (*language, found)
    });
    Search(found.collect())
}

/// The dictionaries that were found. One that is not there is a finding of the check's own level.
pub(super) fn load(
    search: Search<'_>,
    level: Severity,
    text: &Text,
    findings: &mut Findings,
) -> Vec<(String, Dictionary)> {
    let mut dictionaries = Vec::new();
    for (language, found) in search.0 {
        match found {
            Found::Dictionary(dictionary) => dictionaries.push((language.to_owned(), dictionary)),
            Found::Nothing { is_named } => {
                findings.push(missing(language, is_named, level, text));
            }
            Found::Unreadable(sentence) => {
                findings.push(Finding::new(level, RULE, text.whole(), sentence));
            }
        }
    }
    dictionaries
}

/// The files of a dictionary: what endings words may have, and the words.
fn files(path: &str) -> [String; 2] {
    ["aff", "dic"].map(|ending| format!("{path}.{ending}"))
}

/// A theme may set a path, and nothing outside the site is its business.
fn in_site(root: &Path, path: &str, named: &mut Named) -> Found {
    let seen = files(path).map(|file| {
        let seen = named.entry(file);
        let read = |file: &String| Seen::inside(root, file);
        seen.or_insert_with_key(read).clone()
    });
    read(path, &seen).unwrap_or(Found::Nothing { is_named: true })
}

fn unnamed(language: &str, named: &mut Named) -> Found {
    if matches!(language, "en" | "en-US") {
        return Found::Dictionary(Dictionary::English);
    }
    in_system(&SYSTEM, language, named).unwrap_or(Found::Nothing { is_named: false })
}

/// The dictionary of a language in one of these folders; of `es`, that of Spain before that of
/// anywhere.
fn in_system(folders: &[&str], language: &str, named: &mut Named) -> Option<Found> {
    let general = language.split('-').next()?;
    // A language's name is in a path from here on.
    if !language
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return None;
    }
    let variants = [
        language.replace('-', "_"),
        general.to_owned(),
        format!("{general}_{}", general.to_uppercase()),
        format!("{general}_ANY"),
    ];
    let mut paths = folders
        .iter()
        .flat_map(|folder| variants.iter().map(move |name| format!("{folder}/{name}")));
    paths.find_map(|path| {
        let seen = files(&path).map(|file| {
            let read = |file: &String| Seen::read(Path::new(file));
            named.entry(file).or_insert_with_key(read).clone()
        });
        read(&path, &seen)
    })
}

/// Makes a dictionary of what was read; nothing when a file is not there.
fn read(path: &str, seen: &[Seen; 2]) -> Option<Found> {
    let [endings, words] = match seen {
        [Seen::File(_, endings), Seen::File(_, words)] => [endings, words],
        [Seen::Nothing | Seen::Outside, _] | [_, Seen::Nothing | Seen::Outside] => return None,
        _ => {
            let sentence = format!("The dictionary `{path}` cannot be read.");
            return Some(Found::Unreadable(sentence));
        }
    };
    Some(match (decode(endings, endings), decode(words, endings)) {
        (Some(endings), Some(words)) => Found::Dictionary(Dictionary::Read {
            path: path.to_owned(),
            endings: endings.into(),
            words: words.into(),
        }),
        _ => Found::Unreadable(format!("The dictionary `{path}` is not in UTF-8.")),
    })
}

/// A dictionary says its encoding in a line such as `SET ISO8859-1`.
fn decode(bytes: &[u8], endings: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let mut lines = endings.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    // In this one, each byte is the character of its number.
    lines
        .any(|line| line == b"SET ISO8859-1" || line == b"SET ISO-8859-1")
        .then(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

fn missing(language: &str, is_named: bool, level: Severity, text: &Text) -> Finding {
    let sentence =
        format!("There is no dictionary for `{language}`, so nobody checks its spelling.");
    let help = if is_named {
        format!(
            "Correct the path of `{language}` in `[extra.check.spelling]`: it is one in the site's \
             folder without its ending, of an `.aff` and a `.dic` file."
        )
    } else {
        let general = language.split('-').next().unwrap_or(language);
        format!(
            "Install one (on Debian: `apt install hunspell-{general}`), name one in \
             `[extra.check.spelling]`, or set `spelling = \"off\"` in `[extra.check.levels]`."
        )
    };
    Finding::new(level, RULE, text.whole(), sentence).help(help)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_system_has_a_language_by_several_names() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().to_str().unwrap()];
        let found = |language| match in_system(&folders, language, &mut Named::new())? {
            Found::Dictionary(Dictionary::Read { path, .. }) => {
                Some(path.rsplit('/').next().unwrap().to_owned())
            }
            _ => panic!("a dictionary in files"),
        };
        let put = |name: &str| {
            for ending in ["aff", "dic"] {
                fs::write(folder.path().join(format!("{name}.{ending}")), "").unwrap();
            }
        };
        assert_eq!(found("es"), None);
        for (name, es, mx) in [
            ("es_ANY", "es_ANY", "es_ANY"),
            ("es_ES", "es_ES", "es_ES"),
            ("es_MX", "es_ES", "es_MX"),
        ] {
            put(name);
            assert_eq!(found("es").as_deref(), Some(es));
            assert_eq!(found("es-MX").as_deref(), Some(mx));
        }
        assert_eq!(found("../es"), None);
    }

    #[test]
    fn every_file_that_was_looked_for_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap();
        for name in ["es_ES.aff", "es_ES.dic"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let mut named = Named::new();
        in_system(&[root], "es", &mut named);
        let kept = named.iter().map(|(path, seen)| {
            let name = path.strip_prefix(root).unwrap();
            (name, seen.stamp().is_some())
        });
        let expected = [
            ("/es.aff", false),
            ("/es.dic", false),
            ("/es_ES.aff", true),
            ("/es_ES.dic", true),
        ];
        assert!(kept.eq(expected));
        // Each language that a site is in has its own.
        named.clear();
        find(folder.path(), &["en", "qaa"], &[], &mut named);
        assert!(named.contains_key("/usr/share/hunspell/qaa.dic"));
    }

    #[test]
    fn an_older_encoding_is_read_where_it_is_named() {
        let (set, word) = (b"SET ISO8859-1\n", b"ca\xf1o");
        assert_eq!(decode(word, set).as_deref(), Some("caño"));
        assert_eq!(decode(word, b"SET KOI8-R\n"), None);
        assert_eq!(decode("caño".as_bytes(), set).as_deref(), Some("caño"));
    }
}
