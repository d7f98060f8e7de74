//! The names that templates can use, to say which one was meant.

/// The functions that there are.
pub(super) const FUNCTIONS: [&str; 16] = [
    "get_hash",
    "get_image_metadata",
    "get_page",
    "get_random",
    "get_section",
    "get_taxonomy",
    "get_taxonomy_term",
    "get_taxonomy_url",
    "get_url",
    "load_data",
    "now",
    "range",
    "resize_image",
    "text_direction",
    "throw",
    "trans",
];

/// The filters that there are.
pub(super) const FILTERS: [&str; 45] = [
    "abs",
    "base64_decode",
    "base64_encode",
    "capitalize",
    "date",
    "default",
    "escape_html",
    "escape_xml",
    "filesizeformat",
    "first",
    "float",
    "format",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "json_encode",
    "keys",
    "last",
    "length",
    "lower",
    "markdown",
    "newlines_to_br",
    "nth",
    "num_format",
    "pluralize",
    "regex_replace",
    "replace",
    "reverse",
    "round",
    "safe",
    "slugify",
    "sort",
    "spaceless",
    "split",
    "str",
    "striptags",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "wordcount",
];

/// Filters of earlier versions, and what to write for them.
pub(super) const OLD_FILTERS: [(&str, &str); 6] = [
    ("as_str", "x | str"),
    ("concat", "[...x, ...y]"),
    ("filter", "[a for a in x if a.b == c]"),
    ("linebreaksbr", "x | newlines_to_br"),
    ("map", "[a.b for a in x]"),
    ("slice", "x[0:2]"),
];

/// The tags that there are.
pub(super) const TAGS: [&str; 9] = [
    "block",
    "component",
    "extends",
    "filter",
    "for",
    "if",
    "include",
    "raw",
    "set",
];

/// Those that begin a part that must be ended.
pub(super) const CLOSED: [&str; 6] = ["block", "component", "filter", "for", "if", "raw"];
