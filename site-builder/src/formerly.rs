//! Keys that earlier versions of the dialect had, or that other site builders have, and what to write
//! instead.

const COLOURS: &str = "Zola has `[markdown.highlighting]` with `theme = \"…\"` in its place. Here code \
                       is shown in one colour: take the line out.";
const FEEDS: &str = "Write `generate_feeds = true`.";
const TAXONOMY: &str = "Put it below a line `[taxonomies]`, as a list such as `tags = [\"one\"]`. The \
                        settings need `[[taxonomies]]` with `name = \"tags\"`, too.";
const TAXONOMY_IN_YAML: &str = "Put it below a line `taxonomies:`, after two spaces, as a list such as \
                                `tags: [one]`. The settings need `[[taxonomies]]` with \
                                `name = \"tags\"`, too.";

/// What to write instead of a key, by the file or table that lacks it, or by what it must be now.
const KEYS: [(&str, &str, &str); 23] = [
    ("`[markdown]`", "extra_syntaxes_and_themes", COLOURS),
    ("`[markdown]`", "highlight_code", COLOURS),
    ("`[markdown]`", "highlight_theme", COLOURS),
    ("`[markdown]`", "highlight_themes_css", COLOURS),
    (
        "`zola.toml`",
        "check_external_links",
        "Take the line out, and run `site-builder check --external`.",
    ),
    ("`zola.toml`", "extra_syntaxes", COLOURS),
    (
        "`zola.toml`",
        "feed_filename",
        "Write `feed_filenames = [\"rss.xml\"]`.",
    ),
    ("`zola.toml`", "generate_feed", FEEDS),
    ("`zola.toml`", "generate_rss", FEEDS),
    ("`zola.toml`", "highlight_code", COLOURS),
    ("`zola.toml`", "highlight_theme", COLOURS),
    ("`zola.toml`", "rss_limit", "Write `feed_limit = 20`."),
    (
        "`zola.toml`",
        "slugify_paths",
        "Write `paths = \"on\"` below a line `[slugify]`.",
    ),
    ("A page", "categories", TAXONOMY),
    ("A page", "category", TAXONOMY),
    (
        "A page",
        "lang",
        "The name of the file says it: `page.es.md` is `page.md` in Spanish.",
    ),
    ("A page", "layout", "Write `template = \"page.html\"`."),
    ("A page", "order", "Write `weight = 10`."),
    ("A page", "tags", TAXONOMY),
    ("A section", "generate_feed", FEEDS),
    (
        "A section",
        "insert_anchor",
        "Write `insert_anchor_links = \"left\"`.",
    ),
    ("A section", "order", "Write `weight = 10`."),
    (
        "a table",
        "`languages`",
        "Give each language a line `[languages.fr]`, with its lines below.",
    ),
];

/// The same for front matter that is YAML, where it is written in another way.
const KEYS_IN_YAML: [(&str, &str, &str); 8] = [
    ("A page", "categories", TAXONOMY_IN_YAML),
    ("A page", "category", TAXONOMY_IN_YAML),
    ("A page", "layout", "Write `template: page.html`."),
    ("A page", "order", "Write `weight: 10`."),
    ("A page", "tags", TAXONOMY_IN_YAML),
    (
        "A section",
        "generate_feed",
        "Write `generate_feeds: true`.",
    ),
    (
        "A section",
        "insert_anchor",
        "Write `insert_anchor_links: left`.",
    ),
    ("A section", "order", "Write `weight: 10`."),
];

/// What to write instead of a key; `what` is what lacks it, or what it must be.
pub(crate) fn instead(what: &str, key: &str, is_yaml: bool) -> Option<&'static str> {
    let of_yaml: &[_] = if is_yaml { &KEYS_IN_YAML } else { &[] };
    let mut keys = of_yaml.iter().chain(&KEYS);
    let found = keys.find(|(place, name, _)| *place == what && *name == key);
    found.map(|(_, _, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_advised_is_written_like_the_rest_of_the_front_matter() {
        let order = |is_yaml| instead("A page", "order", is_yaml);
        assert_eq!(order(false), Some("Write `weight = 10`."));
        assert_eq!(order(true), Some("Write `weight: 10`."));
        for (place, key, advice) in KEYS_IN_YAML {
            assert!(!advice.contains("weight ="), "{key}");
            assert!(instead(place, key, false).is_some(), "{key}");
        }
    }
}
