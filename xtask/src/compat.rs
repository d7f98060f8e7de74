//! Making the table of what browsers can do that the site builder carries, from MDN's data.
//!
//! Owns which entries are in, and how the file is written: one a line, sorted, with its source and
//! a digest above. It must not know how a page is judged by it.
//!
//! | line | is about |
//! |---|---|
//! | `property gap` | a property |
//! | `property display grid` | a word, or a function, in its value |
//! | `property gap flex_context` | what it does in such a box |
//! | `at-rule media` | an at-rule; `at-rule media hover` is a question that it can ask |
//! | `selector focus-visible` | a pseudo-class or pseudo-element |
//! | `function min`, `unit rem`, `keyword unset` | what any value may hold |
//! | `element dialog`, `attribute dialog open` | HTML; `attribute * hidden` is one of every element |
//!
//! After it comes a cell for each browser: the versions since which it works, with `NAME@` before
//! one for which it has that prefix or other name, `-` for never, and `?` where nobody knows.
//!
//! Internet Explorer is looked up in an older edition, too. MDN went on to split features into ever
//! finer ones and says of each new one that Internet Explorer lacks it, even of `border: solid`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::build;
use crate::failure::{During, Failure, Result};

/// The browsers, as MDN calls them.
const BROWSERS: [&str; 6] = ["chrome", "edge", "firefox", "ie", "safari", "safari_ios"];

/// What MDN has together, and what each stands for.
const TOGETHER: [(&str, &[&str]); 4] = [
    (
        "container_query_length_units",
        &["cqw", "cqh", "cqi", "cqb", "cqmin", "cqmax"],
    ),
    (
        "viewport_percentage_units_dynamic",
        &["dvw", "dvh", "dvi", "dvb", "dvmin", "dvmax"],
    ),
    (
        "viewport_percentage_units_large",
        &["lvw", "lvh", "lvi", "lvb", "lvmin", "lvmax"],
    ),
    (
        "viewport_percentage_units_small",
        &["svw", "svh", "svi", "svb", "svmin", "svmax"],
    ),
];

/// Properties whose words MDN dates by grids, though flexible boxes had them long before.
const BY_GRIDS: [&str; 4] = [
    "align-content",
    "align-items",
    "align-self",
    "justify-content",
];

/// The newest Chrome when Internet Explorer 11 came. What Chrome got later, that lacks.
const CHROME_THEN: f64 = 30.0;

/// The lines of the table: what each is about, and its cells.
type Rows = BTreeMap<String, String>;

/// Writes `site-builder/src/check/browsers/compat.tsv` from `data.json` of MDN's package, and of an
/// edition from when Internet Explorer was looked after.
pub(crate) fn run(data: &Path, older: &Path) -> Result<()> {
    let ((mut data, version), (older, older_version)) = (read(data)?, read(older)?);
    forget_guesses(&mut data, &older);
    let rows = rows(&data);
    let path = build::root().join("site-builder/src/check/browsers/compat.tsv");
    let table = table([&version, &older_version], &rows);
    fs::write(&path, table).during(format!("write {}", path.display()))?;
    println!("{} entries in {}", rows.len(), path.display());
    Ok(())
}

/// An edition of the data, and which it is.
fn read(file: &Path) -> Result<(Value, String)> {
    let text = fs::read_to_string(file).during(format!("read {}", file.display()))?;
    let during = format!("read {} as JSON", file.display());
    let data: Value = serde_json::from_str(&text).during(during)?;
    match data["__meta"]["version"].as_str().map(str::to_owned) {
        Some(version) => Ok((data, version)),
        None => Err(Failure::new(format!(
            "{} has no version: name `data.json` of @mdn/browser-compat-data",
            file.display()
        ))),
    }
}

/// Forgets that Internet Explorer lacks what the older edition does not tell apart, unless it is too
/// young for it.
fn forget_guesses(data: &mut Value, older: &Value) {
    let Some(features) = data.as_object_mut() else {
        return;
    };
    for (name, feature) in features {
        if name != "__compat" {
            forget_guesses(feature, &older[name]);
            continue;
        }
        let is_reviewed = !older["__compat"]["support"]["ie"]["version_added"].is_null()
            || older["__compat"]["support"]["ie"].is_array();
        let support = &mut feature["support"];
        let is_old = first(&support["chrome"]) <= CHROME_THEN;
        if !is_reviewed && is_old && first(&support["ie"]).is_infinite() {
            support["ie"] = Value::Null;
        }
    }
}

/// The first version of a browser that has a feature in any way, or 0 where nobody knows it.
fn first(support: &Value) -> f64 {
    let all = statements(support);
    let versions = all.iter().filter_map(|statement| version(statement, all));
    let numbers = versions.map(|version| version.parse().unwrap_or(0.0));
    numbers.fold(f64::INFINITY, f64::min)
}

/// The whole file.
fn table([version, older]: [&str; 2], rows: &Rows) -> String {
    let mut lines = String::new();
    for (about, cells) in rows {
        let _ = writeln!(lines, "{about}\t{cells}");
    }
    let digest = HEXLOWER.encode(&Sha256::digest(&lines));
    format!(
        "# What browsers can do, by @mdn/browser-compat-data {version} and {older} (CC0-1.0).\n\
         # Made by `cargo xtask browsers`; `npm pack @mdn/browser-compat-data@{version}` gets the data.\n\
         # The lines after the next have the SHA-256 {digest}.\n\
         #\t{}\n{lines}",
        BROWSERS.join("\t")
    )
}

/// All entries.
fn rows(data: &Value) -> Rows {
    let mut rows = Rows::new();
    let css = &data["css"];
    for (name, property) in features(&css["properties"]) {
        if name == "custom-property" {
            continue;
        }
        add(&mut rows, format!("property {name}"), property);
        for (word, value) in features(property) {
            let context = ["flex_context", "grid_context"].contains(&word);
            let is_word = !word.contains('_') && !BY_GRIDS.contains(&name);
            if context || is_word {
                let word = word.to_lowercase();
                add(&mut rows, format!("property {name} {word}"), value);
            }
        }
    }
    for (name, rule) in features(&css["at-rules"]) {
        add(&mut rows, format!("at-rule {name}"), rule);
        for (question, feature) in features(rule).filter(|_| name == "media") {
            add(&mut rows, format!("at-rule media {question}"), feature);
        }
    }
    for (name, selector) in features(&css["selectors"]) {
        add(&mut rows, format!("selector {name}"), selector);
    }
    types(&mut rows, "", &css["types"]);
    for (name, color) in features(&css["types"]["color"]["named-color"]) {
        add(&mut rows, format!("keyword {name}"), color);
    }
    for (name, element) in features(&data["html"]["elements"]) {
        add(&mut rows, format!("element {name}"), element);
        for (attribute, feature) in features(element).filter(|(name, _)| !name.contains('_')) {
            add(&mut rows, format!("attribute {name} {attribute}"), feature);
        }
    }
    for (name, attribute) in features(&data["html"]["global_attributes"]) {
        add(&mut rows, format!("attribute * {name}"), attribute);
    }
    rows
}

/// Functions, units and words of values, which stand some levels deep.
fn types(rows: &mut Rows, above: &str, within: &Value) {
    for (name, feature) in features(within) {
        let units = TOGETHER.iter().find(|(together, _)| *together == name);
        for unit in units.map_or(&[][..], |(_, units)| units) {
            add(rows, format!("unit {unit}"), feature);
        }
        let kind = match above {
            "length" | "angle" | "time" | "resolution" | "frequency" => "unit",
            "global_keywords" => "keyword",
            _ => "function",
        };
        match name {
            "currentcolor" => add(rows, "keyword currentcolor".to_owned(), feature),
            "alpha_hexadecimal_notation" => add(rows, "keyword #rgba".to_owned(), feature),
            _ if !name.contains('_') => {
                add(rows, format!("{kind} {}", name.to_lowercase()), feature);
            }
            _ => {}
        }
        types(rows, name, feature);
    }
}

/// What MDN tells apart within a feature.
fn features(feature: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = feature.as_object().into_iter().flatten();
    entries
        .filter(|(name, _)| *name != "__compat")
        .map(|(name, feature)| (name.as_str(), feature))
}

/// Adds a line, unless an earlier one is about the same.
fn add(rows: &mut Rows, about: String, feature: &Value) {
    let support = &feature["__compat"]["support"];
    if support.is_object() {
        let cells = BROWSERS.map(|browser| cell(&support[browser]));
        rows.entry(about).or_insert_with(|| cells.join("\t"));
    }
}

/// Since when a browser has a feature.
fn cell(support: &Value) -> String {
    if support.is_null() {
        return "?".to_owned();
    }
    let all = statements(support);
    let mut cell = String::new();
    for statement in all {
        let Some(version) = version(statement, all) else {
            continue;
        };
        let space = if cell.is_empty() { "" } else { " " };
        let _ = match name(statement) {
            Some(name) => write!(cell, "{space}{name}@{version}"),
            None => write!(cell, "{space}{version}"),
        };
    }
    if cell.is_empty() {
        "-".to_owned()
    } else {
        cell
    }
}

/// What MDN states of one browser: one thing, or several.
fn statements(support: &Value) -> &[Value] {
    match support {
        Value::Array(statements) => statements,
        one => std::slice::from_ref(one),
    }
}

/// The prefix or other name that a statement is about.
fn name(statement: &Value) -> Option<&str> {
    let prefix = statement["prefix"].as_str();
    prefix.or(statement["alternative_name"].as_str())
}

/// Since when a statement holds. What a browser has behind a switch, or no more, it has not; where
/// one statement ends and another goes on, only a flaw has gone.
fn version<'a>(statement: &'a Value, all: &[Value]) -> Option<&'a str> {
    let removed = &statement["version_removed"];
    let goes_on = |next: &Value| next["version_added"] == *removed && name(next) == name(statement);
    let is_gone = !removed.is_null() && !all.iter().any(goes_on);
    let version = statement["version_added"].as_str()?;
    // Nobody looked at the versions before that one.
    let version = if version.starts_with('≤') {
        "?"
    } else {
        version
    };
    let is_known = version.starts_with(|c: char| c.is_ascii_digit() || c == '?');
    (is_known && !is_gone && statement.get("flags").is_none()).then_some(version)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_tells_since_when_each_browser_has_a_feature() {
        let flagged = json!({ "version_added": "9", "flags": [{ "name": "x" }] });
        let gone = json!({ "version_added": "1", "version_removed": "5" });
        let support = json!({ "__compat": { "support": {
            "chrome": [{ "version_added": "36" }, { "version_added": "1", "prefix": "-webkit-" }],
            "edge": flagged,
            "firefox": { "version_added": "12.1", "alternative_name": "word-wrap" },
            "ie": { "version_added": "≤11" },
            "safari": gone,
            "safari_ios": { "version_added": "preview" },
        } } });
        let data = json!({
            "css": {
                "properties": { "gap": merged(&support, "flex_context", &support) },
                "types": { "length": { "rem": support, "viewport_percentage_units_small": support } },
            },
            "html": { "elements": { "dialog": merged(&support, "open", &support) } },
        });
        let rows = rows(&data);
        let cells = "36 -webkit-@1\t-\tword-wrap@12.1\t?\t-\t-";
        assert_eq!(rows["property gap"], cells);
        let about: Vec<_> = rows.keys().filter(|about| !about.contains("sv")).collect();
        assert_eq!(
            about,
            [
                "attribute dialog open",
                "element dialog",
                "property gap",
                "property gap flex_context",
                "unit rem"
            ]
        );
        assert!(rows.contains_key("unit svh"));
    }

    #[test]
    fn a_flaw_that_went_is_no_feature_that_went() {
        let flawed = json!({ "version_added": "1", "version_removed": "94" });
        assert_eq!(cell(&json!([{ "version_added": "94" }, flawed])), "94 1");
        assert_eq!(cell(&json!([{ "version_added": "95" }, flawed])), "95");
    }

    #[test]
    fn what_is_only_guessed_of_internet_explorer_is_forgotten() {
        let feature = |chrome: &str| {
            let support = json!({
                "chrome": { "version_added": chrome },
                "ie": { "version_added": false },
            });
            json!({ "__compat": { "support": support } })
        };
        let mut data =
            json!({ "solid": feature("1"), "start": feature("1"), "new": feature("31") });
        forget_guesses(&mut data, &json!({ "start": feature("1") }));
        let cells =
            ["solid", "start", "new"].map(|name| cell(&data[name]["__compat"]["support"]["ie"]));
        assert_eq!(cells, ["?", "-", "-"]);
    }

    fn merged(feature: &Value, name: &str, inner: &Value) -> Value {
        let mut merged = feature.clone();
        merged[name] = inner.clone();
        merged
    }

    #[test]
    fn the_table_is_as_it_was_made() {
        let path = build::root().join("site-builder/src/check/browsers/compat.tsv");
        let written = fs::read_to_string(path).unwrap();
        let first = written.lines().next().unwrap().split_whitespace();
        let versions: Vec<_> = first
            .filter(|word| word.starts_with(char::is_numeric))
            .collect();
        let lines = written.lines().filter(|line| !line.starts_with('#'));
        let rows = lines.map(|line| {
            let (about, cells) = line.split_once('\t').unwrap();
            (about.to_owned(), cells.to_owned())
        });
        let again = table([versions[0], versions[1]], &rows.collect());
        assert!(
            again == written,
            "make it again with `cargo xtask browsers`"
        );
    }
}
