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

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Severity};
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
    Nothing,
    Unreadable(String),
}

/// Finds the dictionaries of these languages. One that is not there is a finding of the check's own
/// level.
pub(super) fn load(
    root: &Path,
    languages: &[&str],
    named: &[(String, String)],
    level: Severity,
    text: &Text,
    findings: &mut Findings,
) -> Vec<(String, Dictionary)> {
    let mut dictionaries = Vec::new();
    for language in languages {
        let path = named.iter().find(|(named, _)| named == language);
        let found = match path {
            Some((_, path)) => in_site(root, path),
            None => unnamed(language),
        };
        match found {
            Found::Dictionary(dictionary) => {
                dictionaries.push(((*language).to_owned(), dictionary));
            }
            Found::Nothing => findings.push(missing(language, path.is_some(), level, text)),
            Found::Unreadable(sentence) => {
                findings.push(Finding::new(level, RULE, text.whole(), sentence));
            }
        }
    }
    dictionaries
}

/// The files of a dictionary whose path the settings name: what endings words may have, and the words.
pub(super) fn files(path: &str) -> [String; 2] {
    ["aff", "dic"].map(|ending| format!("{path}.{ending}"))
}

/// A theme may set a path, and nothing outside the site is its business.
fn in_site(root: &Path, path: &str) -> Found {
    let inside = |file: String| {
        let file = root.join(file).canonicalize().ok()?;
        file.starts_with(root.canonicalize().ok()?).then_some(file)
    };
    match files(path).map(inside) {
        [Some(endings), Some(words)] => read(path, &endings, &words),
        _ => Found::Nothing,
    }
}

fn unnamed(language: &str) -> Found {
    if matches!(language, "en" | "en-US") {
        return Found::Dictionary(Dictionary::English);
    }
    let Some((endings, words)) = in_system(&SYSTEM, language) else {
        return Found::Nothing;
    };
    read(
        &words.with_extension("").display().to_string(),
        &endings,
        &words,
    )
}

/// The files of a language in one of these folders; of `es`, those of Spain before those of anywhere.
fn in_system(folders: &[&str], language: &str) -> Option<(PathBuf, PathBuf)> {
    let general = language.split('-').next()?;
    // A language's name is in a path from here on.
    if !language
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return None;
    }
    let names = [
        language.replace('-', "_"),
        general.to_owned(),
        format!("{general}_{}", general.to_uppercase()),
        format!("{general}_ANY"),
    ];
    let paths = folders
        .iter()
        .flat_map(|folder| names.iter().map(move |name| Path::new(folder).join(name)));
    paths
        .map(|path| (path.with_extension("aff"), path.with_extension("dic")))
        .find(|(endings, words)| endings.is_file() && words.is_file())
}

fn read(path: &str, endings: &Path, words: &Path) -> Found {
    let (Ok(endings), Ok(words)) = (fs::read(endings), fs::read(words)) else {
        return Found::Unreadable(format!("The dictionary `{path}` cannot be read."));
    };
    match (decode(&endings, &endings), decode(&words, &endings)) {
        (Some(endings), Some(words)) => Found::Dictionary(Dictionary::Read {
            path: path.to_owned(),
            endings: endings.into(),
            words: words.into(),
        }),
        _ => Found::Unreadable(format!("The dictionary `{path}` is not in UTF-8.")),
    }
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
    use super::*;

    #[test]
    fn a_system_has_a_language_by_several_names() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().to_str().unwrap()];
        let found = |language| {
            in_system(&folders, language)
                .map(|(_, words)| words.file_name().unwrap().to_str().unwrap().to_owned())
        };
        let put = |name: &str| {
            for ending in ["aff", "dic"] {
                fs::write(folder.path().join(format!("{name}.{ending}")), "").unwrap();
            }
        };
        assert_eq!(found("es"), None);
        for (name, es, mx) in [
            ("es_ANY", "es_ANY.dic", "es_ANY.dic"),
            ("es_ES", "es_ES.dic", "es_ES.dic"),
            ("es_MX", "es_ES.dic", "es_MX.dic"),
        ] {
            put(name);
            assert_eq!(found("es").as_deref(), Some(es));
            assert_eq!(found("es-MX").as_deref(), Some(mx));
        }
        assert_eq!(found("../es"), None);
    }

    #[test]
    fn an_older_encoding_is_read_where_it_is_named() {
        let (set, word) = (b"SET ISO8859-1\n", b"ca\xf1o");
        assert_eq!(decode(word, set).as_deref(), Some("caño"));
        assert_eq!(decode(word, b"SET KOI8-R\n"), None);
        assert_eq!(decode("caño".as_bytes(), set).as_deref(), Some("caño"));
    }
}
