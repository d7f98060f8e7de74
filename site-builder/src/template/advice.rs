//! What to say of a fault in a template, and what to do about it, to somebody who does not know the
//! template language; and what took the place of what earlier versions of the dialect had.
//!
//! Goes by what Tera says and by the text at its place.

mod names;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use names::{CLOSED, FILTERS, FUNCTIONS, OLD_FILTERS, TAGS};
use regex::Regex;

use crate::diagnostic::{Finding, Findings, nearest};
use crate::source::TemplateFile;
use crate::text::Text;

/// Where a fault is, and what is known around it.
pub(super) struct Spot<'a> {
    /// The templates by name.
    pub files: &'a BTreeMap<String, Text>,
    /// The template, or the content file.
    pub text: &'a Text,
    /// Where in it the fault begins.
    pub at: usize,
    /// Where a content file's body begins; nothing in a template.
    pub body: Option<usize>,
}

const COMPONENT: &str = "Write a component: `{% component name(word: string) %}…{% endcomponent name %}` in a template, \
     used as `{{ <name word=\"…\" /> }}`.";

/// One plain sentence for what Tera says.
pub(super) fn sentence(message: &str, spot: Option<&Spot<'_>>) -> String {
    let first = message.lines().next().unwrap_or_default().trim();
    let first = first.split(" Available ").next().unwrap_or(first);
    if let Some(closing) = closing(first) {
        let opening = if closing == "}}" { "{{" } else { "{%" };
        return format!("Here `{closing}` is missing, which ends what `{opening}` begins.");
    }
    if first.contains("but expected one of: integer") {
        return "Here a name or a value is missing.".to_owned();
    }
    match (first, spot) {
        ("Unknown tag", Some(spot)) if !spot.word().is_empty() => {
            return format!("There is no tag `{}`.", spot.word());
        }
        ("Unexpected end of input", _) => {
            return "What is begun here is never ended.".to_owned();
        }
        ("unexpected end of raw block", _) => {
            return "`{% raw %}` has no `{% endraw %}`.".to_owned();
        }
        _ => {}
    }
    // Tera speaks of Rust's types here, which mean nothing to whoever writes a template.
    let first = first
        .replace("`&[Value]`", "`list`")
        .replace("`Vec<Value>`", "`list`")
        .replace("`&str`", "`string`");
    if first.ends_with(['.', '!', '?']) {
        first
    } else {
        format!("{first}.")
    }
}

/// What to do about it.
pub(super) fn help(message: &str, spot: &Spot<'_>) -> Option<String> {
    let first = message.lines().next().unwrap_or_default();
    let name = first.split('`').nth(1).unwrap_or_default();
    let near = |known: &[&str]| {
        let near = nearest(name, known.iter().copied());
        near.map(|near| format!("Did you mean `{near}`?"))
    };
    if first == "Unknown tag" {
        return Some(spot.no_tag());
    }
    if first.starts_with("Unknown function ") {
        return near(&FUNCTIONS).or_else(|| {
            spot.body
                .map(|_| format!("Shortcodes are components now. {COMPONENT}"))
        });
    }
    if first.starts_with("Unknown filter ") {
        let old = OLD_FILTERS.iter().find(|(old, _)| *old == name);
        return match old {
            Some((_, new)) => Some(format!("Its place was taken by `{new}`.")),
            None => near(&FILTERS),
        };
    }
    if first.starts_with("Unknown component ") {
        let known = spot.components();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let all = || match &known[..] {
            [] => format!("The site has none. {COMPONENT}"),
            known => format!("The site has `{}`.", known.join("`, `")),
        };
        return near(&known).or_else(|| Some(all()));
    }
    if first.starts_with("Unknown template ") {
        let known: Vec<&str> = spot.files.keys().map(String::as_str).collect();
        return near(&known);
    }
    if let Some((_, list)) = first.split_once(" Available ") {
        let (_, list) = list.split_once(": ")?;
        let known: Vec<&str> = list.trim_end_matches('.').split(", ").collect();
        let signs = spot.literal("{{", "}}");
        return near(&known)
            .or(signs)
            .or_else(|| Some(format!("There are `{}`.", known.join("`, `"))));
    }
    if let Some(closing) = closing(first) {
        if spot.rest().starts_with("::") {
            return Some(format!("Macros are components now. {COMPONENT}"));
        }
        return match closing {
            "}}" => spot.literal("{{", "}}"),
            _ => spot.literal("{%", "%}"),
        };
    }
    if first.contains("but expected one of: integer") || first.starts_with("String opened with") {
        return spot.literal("{{", "}}");
    }
    match first {
        "Unexpected end of input" => {
            let (_, tag) = spot.unclosed()?;
            Some(format!("`{{% {tag} … %}}` is ended by `{{% end{tag} %}}`."))
        }
        "unexpected end of raw block" => {
            Some("Add `{% endraw %}` after what is to show as it is written.".to_owned())
        }
        _ => None,
    }
}

/// Finds the templates of shortcodes, unless a template still uses them in another way.
pub(super) fn shortcodes(templates: &[TemplateFile], findings: &mut Findings) {
    for template in templates {
        let (_, name) = template
            .name
            .rsplit_once("templates/")
            .unwrap_or(("", &template.name));
        let is_used = || templates.iter().any(|other| other.text.body.contains(name));
        if name.starts_with("shortcodes/") && !is_used() {
            let place = template.text.whole();
            let sentence = "Nothing uses this template: shortcodes are components now.";
            findings.push(Finding::warning("no-effect", place, sentence).help(COMPONENT));
        }
    }
}

/// What Tera wanted at the end of an expression or a tag.
fn closing(message: &str) -> Option<&'static str> {
    ["}}", "%}"]
        .into_iter()
        .find(|closing| message.ends_with(&format!("but expected {closing}.")))
}

impl<'a> Spot<'a> {
    fn rest(&self) -> &'a str {
        self.text.body.get(self.at..).unwrap_or_default()
    }

    /// The name that begins here.
    fn word(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    }

    /// What to write in a text that means the signs themselves.
    fn literal(&self, opening: &str, closing: &str) -> Option<String> {
        self.body.map(|_| {
            format!(
                "`{opening}` begins a piece of template, which `{closing}` ends. To show such signs \
                 as they are, write `{{% raw %}}` before them and `{{% endraw %}}` behind."
            )
        })
    }

    fn no_tag(&self) -> String {
        let word = self.word();
        match word {
            "macro" | "endmacro" => return format!("Macros are components now. {COMPONENT}"),
            "import" => {
                return "Components need no import: take this out, and write \
                        `{{ <name word=\"…\" /> }}` for `{{ macros::name(word=\"…\") }}`."
                    .to_owned();
            }
            _ => {}
        }
        if self.rest()[word.len()..].starts_with('(') {
            return format!(
                "Shortcodes are components now. {COMPONENT} With a text inside it is \
                 `{{% <{word} word=\"…\"> %}}…{{% </{word}> %}}`, and the component shows it by \
                 `{{{{ body }}}}`."
            );
        }
        if word == "end" {
            return "A component with a text inside it is ended by `{% </name> %}`.".to_owned();
        }
        if let Some(begun) = word.strip_prefix("end") {
            return match self.unclosed() {
                Some((at, tag)) if tag != begun => format!(
                    "What `{{% {tag} … %}}` in line {} begins is ended by `{{% end{tag} %}}`.",
                    self.text.place(at).line
                ),
                _ => format!("There is no `{{% {begun} … %}}` above that it could end."),
            };
        }
        if let Some(near) = nearest(word, TAGS) {
            return format!("Did you mean `{near}`?");
        }
        let signs = self.literal("{%", "%}");
        signs.unwrap_or_else(|| format!("There are `{}`.", TAGS.join("`, `")))
    }

    /// The components of the site.
    fn components(&self) -> Vec<String> {
        static DEFINED: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"\{%-?\s*component\s+(\w+)").ok());
        let Some(defined) = DEFINED.as_ref() else {
            return Vec::new();
        };
        let texts = self.files.values();
        let names = texts.flat_map(|text| defined.captures_iter(&text.body));
        let mut names: Vec<String> = names.map(|found| found[1].to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The last tag before the fault that needs an end and has none, with its name.
    pub(super) fn unclosed(&self) -> Option<(Range<usize>, &'a str)> {
        static TAG: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(?s)\{%-?\s*(\w+).*?%\}").ok());
        let from = self.body.unwrap_or(0);
        let source = self.text.body.get(from..self.at)?;
        let mut open: Vec<(Range<usize>, &str)> = Vec::new();
        for found in TAG.as_ref()?.captures_iter(source) {
            let (tag, name) = (found.get(0)?, found.get(1)?.as_str());
            if CLOSED.contains(&name) {
                open.push((from + tag.start()..from + tag.end(), name));
            } else if let Some(begun) = name.strip_prefix("end")
                && let Some(at) = open.iter().rposition(|(_, name)| *name == begun)
            {
                open.truncate(at);
            }
        }
        open.pop()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{BuildOptions, build};

    #[test]
    fn every_name_that_is_offered_is_there() {
        let functions = FUNCTIONS.map(|name| format!("{{{{ {name}() }}}}"));
        let filters = FILTERS.map(|name| format!("{{{{ 1 | {name} }}}}"));
        let all = functions.concat() + &filters.concat();
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            (
                "zola.toml",
                "base_url = \"https://example.org\"\n".to_owned(),
            ),
            (
                "templates/index.html",
                format!("{{% if false %}}{all}{{% endif %}}"),
            ),
            ("content/_index.md", "+++\ntitle = \"T\"\n+++\n".to_owned()),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let report = build(&BuildOptions::new(folder.path()));
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }

    #[test]
    fn the_tag_that_lacks_its_end_is_the_last_one_that_is_open() {
        let unclosed = |source: &str| {
            let text = Text::new("a.html", source);
            let spot = Spot {
                files: &BTreeMap::new(),
                text: &text,
                at: source.len(),
                body: None,
            };
            spot.unclosed()
                .map(|(at, name)| (at.start, name.to_owned()))
        };
        let open = |at, name: &str| Some((at, name.to_owned()));
        assert_eq!(
            unclosed("{% if a %}{% for b in c %}{% endfor %}"),
            open(0, "if")
        );
        assert_eq!(
            unclosed("{% if a %}{% endif %}{%- block x -%}"),
            open(21, "block")
        );
        assert_eq!(unclosed("{% set a = 1 %}{% if a %}{% endif %}"), None);
        assert!(unclosed("{% if a % 2 == 1 %}odd").is_some());
    }
}
