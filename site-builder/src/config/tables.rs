//! The tables of `zola.toml`: each function reads one and gives its settings, or their defaults.

use tera::Value;

use super::read::globs;
use super::{AnchorLinks, ExternalLinks, Markdown, Slugify, Translations};
use crate::diagnostic::{Finding, Findings, Severity};
use crate::document::{Data, Table};
use crate::fields::Fields;
use crate::text::Text;

/// Paths, taxonomies, anchors, and whether dates stay in paths.
pub(super) fn slugify(
    text: &Text,
    table: Option<&Table>,
    findings: &mut Findings,
) -> (Slugify, Slugify, Slugify, bool) {
    let Some(table) = table else {
        return (Slugify::On, Slugify::On, Slugify::On, false);
    };
    let words = [
        ("on", Slugify::On),
        ("safe", Slugify::Safe),
        ("off", Slugify::Off),
    ];
    let mut fields = Fields::new(text, table, findings);
    let paths = fields.choice("paths", &words).unwrap_or(Slugify::On);
    let anchors = fields.choice("anchors", &words).unwrap_or(Slugify::On);
    let taxonomies = fields.choice("taxonomies", &words).unwrap_or(Slugify::On);
    let keep_dates = fields.flag("paths_keep_dates").unwrap_or(false);
    fields.finish("`[slugify]`");
    (paths, taxonomies, anchors, keep_dates)
}

pub(super) fn link_checker(
    text: &Text,
    table: Option<&Table>,
    findings: &mut Findings,
) -> (Severity, ExternalLinks) {
    let empty = Table::default();
    let words = [("error", Severity::Error), ("warn", Severity::Warning)];
    let mut fields = Fields::new(text, table.unwrap_or(&empty), findings);
    let internal = fields.choice("internal_level", &words);
    let external = fields.choice("external_level", &words);
    let skip_prefixes = fields.texts("skip_prefixes").unwrap_or_default();
    let skip_anchor_prefixes = fields.texts("skip_anchor_prefixes").unwrap_or_default();
    let ignored_files = fields.texts("ignored_files");
    fields.finish("`[link_checker]`");
    let links = ExternalLinks {
        level: external.unwrap_or(Severity::Error),
        skip_prefixes,
        skip_anchor_prefixes,
        ignored_files: globs(text, "ignored_files", ignored_files, findings),
    };
    (internal.unwrap_or(Severity::Error), links)
}

pub(super) fn markdown(text: &Text, table: Option<&Table>, findings: &mut Findings) -> Markdown {
    let empty = Table::default();
    let mut fields = Fields::new(text, table.unwrap_or(&empty), findings);
    let highlighting = fields.node("highlighting");
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
        emoji: fields.flag("render_emoji").unwrap_or(false),
        bottom_footnotes: fields.flag("bottom_footnotes").unwrap_or(false),
        definition_list: fields.flag("definition_list").unwrap_or(false),
        lazy_images: fields.flag("lazy_async_image").unwrap_or(false),
        anchor_links: fields
            .choice("insert_anchor_links", &places)
            .unwrap_or(AnchorLinks::None),
        alerts: fields.flag("github_alerts").unwrap_or(false),
    };
    fields.finish("`[markdown]`");
    if let Some(node) = highlighting {
        findings.push(
            Finding::warning(
                "no-effect",
                text.place(node.at.clone()),
                "`highlighting` has no effect: code is shown in one colour.",
            )
            .help("Leave it out."),
        );
    }
    markdown
}

/// `[markdown]` as templates see it: with the defaults of what is not set.
pub(super) fn markdown_value(settings: &Markdown, table: Option<&Table>) -> Value {
    let flag = |name: &'static str, on: bool| (name.into(), Value::from(on));
    let anchor_links = match settings.anchor_links {
        AnchorLinks::None => "none",
        AnchorLinks::Left => "left",
        AnchorLinks::Right => "right",
        AnchorLinks::Heading => "heading",
    };
    let class = settings.external_class.as_deref();
    let mut map = table.cloned().unwrap_or_default().to_map();
    map.entry("highlighting".into()).or_insert(Value::none());
    map.extend([
        flag("render_emoji", settings.emoji),
        (
            "external_links_class".into(),
            class.map_or_else(Value::none, Value::from),
        ),
        flag("external_links_target_blank", settings.external_blank),
        flag("external_links_no_follow", settings.external_no_follow),
        flag("external_links_no_referrer", settings.external_no_referrer),
        flag("external_links_external", settings.external_rel),
        flag("smart_punctuation", settings.smart_punctuation),
        flag("definition_list", settings.definition_list),
        flag("bottom_footnotes", settings.bottom_footnotes),
        flag("lazy_async_image", settings.lazy_images),
        ("insert_anchor_links".into(), Value::from(anchor_links)),
        flag("github_alerts", settings.alerts),
    ]);
    Value::from(map)
}

/// Words for `trans`, by key.
pub(super) fn translations(
    text: &Text,
    table: Option<&Table>,
    findings: &mut Findings,
) -> Translations {
    let mut words = Translations::new();
    for entry in table.map_or(&[][..], |table| &table.entries) {
        if let Data::Text(word) = &entry.node.data {
            let place = text.place(entry.key_at.clone());
            words.insert(entry.key.clone(), (word.clone(), place));
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
pub(super) fn own_extra(
    text: &Text,
    extra: &Table,
    findings: &mut Findings,
) -> (bool, Vec<String>) {
    let empty = Table::default();
    let within = |key: &str| match extra.get(key).map(|node| &node.data) {
        Some(Data::Table(table)) => table.clone(),
        _ => empty.clone(),
    };
    let hashed = Fields::new(text, &within("assets"), findings).flag("hashed_names");
    let elsewhere = Fields::new(text, &within("check"), findings).texts("served_elsewhere");
    (hashed.unwrap_or(false), elsewhere.unwrap_or_default())
}
