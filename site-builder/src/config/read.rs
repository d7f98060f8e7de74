//! From `zola.toml` to [`Config`]: which keys exist, their types and their defaults.

use std::fs;
use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};
use tera::{Map, Value};

use super::{AnchorLinks, Config, Markdown, Slugify};
use crate::BuildOptions;
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::document::{Data, Table, merge, parse_toml};
use crate::fields::Fields;
use crate::text::Text;

/// Reads the site's settings, or says why they cannot be read. Wrong keys and values become
/// findings and are replaced by their defaults, so that the other stages can go on looking.
pub(crate) fn load(options: &BuildOptions, findings: &mut Findings) -> Option<Config> {
    let root = &options.root;
    let name = ["zola.toml", "config.toml"]
        .into_iter()
        .find(|name| root.join(name).is_file());
    let Some(name) = name else {
        findings.push(
            Finding::error(
                "no-config",
                Place::file("zola.toml"),
                format!("There is no `zola.toml` in {}.", root.display()),
            )
            .help("Name the site's folder with `--root`, or create `zola.toml` with a `base_url`."),
        );
        return None;
    };
    let text = read_text(root, name, findings)?;
    let (table, _) = parse_toml(&text, 0..text.body.len(), findings);
    Some(from_table(&text, &table, options, findings))
}

fn read_text(root: &Path, name: &str, findings: &mut Findings) -> Option<Text> {
    match fs::read_to_string(root.join(name)) {
        Ok(raw) => Some(Text::new(name, &raw)),
        Err(error) => {
            findings.push(Finding::error(
                "unreadable",
                Place::file(name),
                format!("`{name}` cannot be read: {error}."),
            ));
            None
        }
    }
}

fn from_table(
    text: &Text,
    table: &Table,
    options: &BuildOptions,
    findings: &mut Findings,
) -> Config {
    let mut fields = Fields::new(text, table, findings);
    let base_url = fields.text("base_url");
    let theme = fields.text("theme");
    let title = fields.text("title");
    let description = fields.text("description");
    let author = fields.text("author");
    let default_language = fields
        .text("default_language")
        .unwrap_or_else(|| "en".to_owned());
    let ignored_content = fields.texts("ignored_content");
    let ignored_static = fields.texts("ignored_static");
    let skip_content_templating = fields.texts("skip_content_templating");
    let output_dir = fields.text("output_dir");
    let generate_sitemap = fields.flag("generate_sitemap").unwrap_or(true);
    let generate_robots_txt = fields.flag("generate_robots_txt").unwrap_or(true);
    unsupported(&mut fields);
    let slugify = fields.table("slugify");
    let link_checker = fields.table("link_checker");
    let markdown = fields.table("markdown");
    let translations = fields.table("translations");
    let extra = fields.table("extra").cloned().unwrap_or_default();
    fields.finish("`zola.toml`");

    if base_url.is_none() && options.base_url.is_none() {
        findings.push(
            Finding::error(
                "no-base-url",
                text.whole(),
                "`base_url` is missing, so no link can be made.",
            )
            .help("Add `base_url = \"https://help.example.org\"`, or pass `--base-url`."),
        );
    }
    let base_url = options.base_url.clone().or(base_url).unwrap_or_default();
    let base_url = base_url.trim_end_matches('/').to_owned();
    let theme_extra = theme
        .as_ref()
        .and_then(|theme| theme_extra(&options.root, theme, text, table, findings));
    let extra = merge(&theme_extra.unwrap_or_default(), &extra);
    let (slugify_paths, slugify_anchors, keep_dates) = read_slugify(text, slugify, findings);
    let ignored_content = globs(text, "ignored_content", ignored_content, findings);
    let ignored_static = globs(text, "ignored_static", ignored_static, findings);
    let skip = "skip_content_templating";
    let skip_content_templating = globs(text, skip, skip_content_templating, findings);
    let translations = read_translations(text, translations, findings);
    let markdown_settings = read_markdown(text, markdown, findings);
    let internal_level = read_link_checker(text, link_checker, findings);
    let (hashed_names, served_elsewhere) = read_own_extra(text, &extra, findings);

    let value = Value::from(Map::from_iter([
        ("base_url".into(), Value::from(base_url.as_str())),
        ("mode".into(), Value::from(options.mode.word())),
        ("title".into(), optional(title.as_deref())),
        ("description".into(), optional(description.as_deref())),
        (
            "default_language".into(),
            Value::from(default_language.as_str()),
        ),
        ("languages".into(), Value::from(Map::new())),
        ("theme".into(), optional(theme.as_deref())),
        ("author".into(), optional(author.as_deref())),
        ("generate_feeds".into(), Value::from(false)),
        ("feed_filenames".into(), Value::from(Vec::<Value>::new())),
        ("taxonomies".into(), Value::from(Vec::<Value>::new())),
        ("build_search_index".into(), Value::from(false)),
        ("generate_sitemap".into(), Value::from(generate_sitemap)),
        (
            "generate_robots_txt".into(),
            Value::from(generate_robots_txt),
        ),
        (
            "markdown".into(),
            markdown.cloned().unwrap_or_default().to_value(),
        ),
        ("extra".into(), extra.to_value()),
    ]));
    Config {
        base_url,
        theme,
        default_language,
        ignored_content,
        ignored_static,
        skip_content_templating,
        output_dir: output_dir.unwrap_or_else(|| "public".to_owned()),
        slugify_paths,
        slugify_anchors,
        keep_dates,
        internal_level,
        markdown: markdown_settings,
        translations,
        generate_sitemap,
        generate_robots_txt,
        hashed_names,
        served_elsewhere,
        value,
    }
}

fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}

/// Keys of the dialect that name things not built yet. A value that asks for nothing is fine: a
/// site written for Zola may spell out its defaults.
fn unsupported(fields: &mut Fields<'_, '_>) {
    let on = |data: &Data| matches!(data, Data::Bool(true));
    let filled = |data: &Data| match data {
        Data::List(items) => !items.is_empty(),
        Data::Table(table) => !table.entries.is_empty(),
        _ => true,
    };
    fields.unsupported("languages", filled, "more than one language");
    fields.unsupported("taxonomies", filled, "taxonomies");
    fields.unsupported("generate_feeds", on, "feeds");
    fields.unsupported("compile_sass", on, "Sass");
    fields.unsupported("minify_html", on, "minified HTML");
    fields.unsupported("build_search_index", on, "a search index");
    // These only shape the things above, or are about how a file is copied.
    for key in [
        "feed_limit",
        "feed_filenames",
        "taxonomy_root",
        "search",
        "hard_link_static",
        "mode",
        "preserve_dotfiles_in_output",
        "exclude_paginated_pages_in_sitemap",
    ] {
        fields.node(key);
    }
}

fn read_slugify(
    text: &Text,
    table: Option<&Table>,
    findings: &mut Findings,
) -> (Slugify, Slugify, bool) {
    let Some(table) = table else {
        return (Slugify::On, Slugify::On, false);
    };
    let words = [
        ("on", Slugify::On),
        ("safe", Slugify::Safe),
        ("off", Slugify::Off),
    ];
    let mut fields = Fields::new(text, table, findings);
    let paths = fields.choice("paths", &words).unwrap_or(Slugify::On);
    let anchors = fields.choice("anchors", &words).unwrap_or(Slugify::On);
    fields.choice("taxonomies", &words);
    let keep_dates = fields.flag("paths_keep_dates").unwrap_or(false);
    fields.finish("`[slugify]`");
    (paths, anchors, keep_dates)
}

fn read_link_checker(text: &Text, table: Option<&Table>, findings: &mut Findings) -> Severity {
    let Some(table) = table else {
        return Severity::Error;
    };
    let words = [("error", Severity::Error), ("warn", Severity::Warning)];
    let mut fields = Fields::new(text, table, findings);
    let level = fields.choice("internal_level", &words);
    // Links to other sites are not followed yet, so what would steer that is only type-checked.
    fields.choice("external_level", &words);
    for key in ["skip_prefixes", "skip_anchor_prefixes", "ignored_files"] {
        fields.texts(key);
    }
    fields.finish("`[link_checker]`");
    level.unwrap_or(Severity::Error)
}

fn read_markdown(text: &Text, table: Option<&Table>, findings: &mut Findings) -> Markdown {
    let empty = Table::default();
    let mut fields = Fields::new(text, table.unwrap_or(&empty), findings);
    let on = |data: &Data| matches!(data, Data::Bool(true));
    fields.unsupported("render_emoji", on, "emoji names");
    fields.unsupported("bottom_footnotes", on, "footnotes at the bottom");
    fields.unsupported("highlighting", |_| true, "coloured code blocks");
    let places = [
        ("none", AnchorLinks::None),
        ("left", AnchorLinks::Left),
        ("right", AnchorLinks::Right),
        ("heading", AnchorLinks::Heading),
    ];
    let markdown = Markdown {
        external_class: fields.text("external_links_class"),
        external_blank: fields.flag("external_links_target_blank").unwrap_or(false),
        external_no_follow: fields.flag("external_links_no_follow").unwrap_or(false),
        external_no_referrer: fields.flag("external_links_no_referrer").unwrap_or(false),
        external_rel: fields.flag("external_links_external").unwrap_or(true),
        smart_punctuation: fields.flag("smart_punctuation").unwrap_or(false),
        definition_list: fields.flag("definition_list").unwrap_or(false),
        lazy_images: fields.flag("lazy_async_image").unwrap_or(false),
        anchor_links: fields
            .choice("insert_anchor_links", &places)
            .unwrap_or(AnchorLinks::None),
        alerts: fields.flag("github_alerts").unwrap_or(false),
    };
    fields.finish("`[markdown]`");
    markdown
}

fn read_translations(
    text: &Text,
    table: Option<&Table>,
    findings: &mut Findings,
) -> Vec<(String, String)> {
    let Some(table) = table else {
        return Vec::new();
    };
    let mut words = Vec::new();
    for entry in &table.entries {
        if let Data::Text(word) = &entry.node.data {
            words.push((entry.key.clone(), word.clone()));
        } else {
            findings.push(Finding::error(
                "wrong-type",
                text.place(entry.node.at.clone()),
                format!("The translation of `{}` must be text in quotes.", entry.key),
            ));
        }
    }
    words
}

/// The two settings under `[extra]` that are our own. Their tables may hold the theme's keys too,
/// so unknown ones are left alone.
fn read_own_extra(text: &Text, extra: &Table, findings: &mut Findings) -> (bool, Vec<String>) {
    let empty = Table::default();
    let within = |key: &str| match extra.get(key).map(|node| &node.data) {
        Some(Data::Table(table)) => table.clone(),
        _ => empty.clone(),
    };
    let hashed = Fields::new(text, &within("assets"), findings).flag("hashed_names");
    let elsewhere = Fields::new(text, &within("check"), findings).texts("served_elsewhere");
    (hashed.unwrap_or(false), elsewhere.unwrap_or_default())
}

/// Reads `theme.toml`; a theme without one has no settings.
fn theme_extra(
    root: &Path,
    theme: &str,
    text: &Text,
    table: &Table,
    findings: &mut Findings,
) -> Option<Table> {
    let folder = format!("themes/{theme}");
    if !root.join(&folder).is_dir() {
        let place = table
            .get("theme")
            .map_or_else(|| text.whole(), |node| text.place(node.at.clone()));
        findings.push(
            Finding::error(
                "no-theme",
                place,
                format!("The theme `{theme}` is not there: the folder `{folder}` does not exist."),
            )
            .help("Put the theme into that folder, or correct `theme`."),
        );
        return None;
    }
    let name = format!("{folder}/theme.toml");
    if !root.join(&name).is_file() {
        return None;
    }
    let theme_text = read_text(root, &name, findings)?;
    let (theme_table, _) = parse_toml(&theme_text, 0..theme_text.body.len(), findings);
    Fields::new(&theme_text, &theme_table, findings)
        .table("extra")
        .cloned()
}

fn globs(
    text: &Text,
    key: &str,
    patterns: Option<Vec<String>>,
    findings: &mut Findings,
) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns.unwrap_or_default() {
        match Glob::new(&pattern) {
            Ok(glob) => {
                builder.add(glob);
            }
            Err(error) => findings.push(Finding::error(
                "bad-pattern",
                text.whole(),
                format!("`{key}` has a pattern that cannot be read: {error}."),
            )),
        }
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}
