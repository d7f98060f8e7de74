//! Names of pictures, entities and template syntax that show as they were typed.

use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use crate::check::issue::quote;

static EMOJI: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r":[a-z0-9_+-]+:").ok());

/// The names that word processors and other sites leave.
static ENTITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) & (?:
            (?: amp | nbsp | lt | gt | quot | apos | copy | reg | trade | bull | middot | hellip
              | [mn]dash | [lr][sd]quo | shy | iexcl | iquest | [aeiounAEIOUN](?:acute|tilde|uml)
              | \#[0-9]{1,7} | \#[xX][0-9a-fA-F]{1,6} ) ;
            | nbsp \b )",
    )
    .ok()
});

static TEMPLATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|\{ ?\{?\s*(?<name>config|page|section)\.(?<key>[A-Za-z_][\w.]*)\s*\}? ?\}").ok()
});

/// Looks at the words of a block.
pub(super) fn check(text: &str, has_emoji: bool) -> Vec<Found> {
    let mut found = entities(text);
    found.extend(comment(text));
    if !has_emoji {
        found.extend(emoji(text));
    }
    found
}

/// `<!--` that begins no comment, since none ends in its paragraph.
fn comment(text: &str) -> Option<Found> {
    let start = text.contains('<').then(|| text.find("<!--"))??;
    Some((
        start..start + "<!--".len(),
        "`<!--` shows as it was typed, because the comment has no end.".to_owned(),
        "Write `-->` where it ends, or take it out.".to_owned(),
    ))
}

/// `:smile:` where it stays a name.
fn emoji(text: &str) -> Vec<Found> {
    if !text.contains(':') {
        return Vec::new();
    }
    let names = EMOJI.iter().flat_map(|emoji| emoji.find_iter(text));
    names
        .filter_map(|name| {
            let sign = emojis::get_by_shortcode(name.as_str().trim_matches(':'))?;
            let around = [
                text[..name.start()].chars().next_back(),
                text[name.end()..].chars().next(),
            ];
            if around.iter().flatten().any(|c| c.is_alphanumeric()) {
                return None;
            }
            Some((
                name.range(),
                format!(
                    "`{}` shows as it was typed, not as a picture.",
                    name.as_str()
                ),
                format!("Write the sign itself: {sign}. Or take it out."),
            ))
        })
        .collect()
}

/// `&nbsp;` that shows.
pub(super) fn entities(text: &str) -> Vec<Found> {
    if !text.contains('&') {
        return Vec::new();
    }
    let entities = ENTITY.iter().flat_map(|entity| entity.find_iter(text));
    entities
        .map(|entity| {
            let name = entity.as_str();
            let whole = if name.ends_with(';') {
                name.to_owned()
            } else {
                format!("{name};")
            };
            let (help, sign) = match whole.as_str() {
                "&amp;" => ("Write only", "&"),
                "&nbsp;" | "&shy;" => ("Take it out, and leave", "a blank"),
                _ => ("Write the sign that is meant, or", whole.as_str()),
            };
            let help = match sign {
                "a blank" => format!("{help} {sign} in its place."),
                sign => format!("{help} `{sign}`."),
            };
            (
                entity.range(),
                format!("`{name}` shows as it was typed, not as the sign that it stands for."),
                help,
            )
        })
        .collect()
}

/// Template syntax that no template takes. What is whole can be meant.
pub(super) fn template(text: &str, may_be_whole: bool) -> Vec<Found> {
    if !text.contains('{') {
        return Vec::new();
    }
    let left = TEMPLATE
        .iter()
        .flat_map(|syntax| syntax.captures_iter(text));
    left.filter_map(|parts| {
        let whole = parts.get(0)?;
        let is_whole = whole.as_str().starts_with("{{") || whole.as_str().starts_with("{%");
        if is_whole && may_be_whole {
            return None;
        }
        let key = parts.name("key").map_or("", |key| key.as_str());
        let help = match parts.name("name") {
            Some(name) => format!(
                "Write it with two braces at each end: `{{{{ {}.{key} }}}}`.",
                name.as_str()
            ),
            None => "Take it out, or write the words that are meant.".to_owned(),
        };
        Some((
            whole.range(),
            format!("`{}` shows as it was typed.", quote(whole.as_str())),
            help,
        ))
    })
    .collect()
}
