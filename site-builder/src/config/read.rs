//! From `zola.toml` to [`Config`]: which keys exist, their types and their defaults.

use std::fs;
use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};
use tera::{Map, Value};

use super::base_url::{read_base_url, shown};
use super::browsers::{self, Browsers};
use super::checks::{self, Checks};
use super::languages::{self, Keys as LanguageKeys};
use super::schema::{self, ExtraField, Keys};
use super::synonyms::{self, SYNONYMS_FILE, Synonyms};
use super::words::{self, WORDS_FILE, WordList};
use super::{Config, Mode, lists, optional, spelling, swallowed, tables};
use crate::BuildOptions;
use crate::diagnostic::{Finding, Findings, Place};
use crate::document::{Data, Table, merge, parse_toml};
use crate::fields::Fields;
use crate::inputs::{Named, Seen};
use crate::published::{self, Published};
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
                format!(
                    "There is no `zola.toml` in the folder `{}`.",
                    root.display()
                ),
            )
            .help("Name the site's folder with `--root`, or create `zola.toml` with a `base_url`."),
        );
        return None;
    };
    let text = read_text(root, name, findings)?;
    if let Some(finding) = swallowed::find(&text) {
        findings.push(finding);
        return None;
    }
    let (table, is_whole) = parse_toml(&text, 0..text.body.len(), findings);
    // What is missing for a slip would be told all over the site.
    is_whole
        .then(|| from_table(&text, &table, options, findings))
        .flatten()
        .filter(|config| has_theme(config, root))
}

/// Whether the theme is there, if one is named: without it no page has a template, which would be told
/// of each.
fn has_theme(config: &Config, root: &Path) -> bool {
    let folder = |theme: &String| root.join("themes").join(theme);
    let theme = config.theme.as_ref().map(folder);
    theme.is_none_or(|folder| folder.is_dir())
}

fn read_text(root: &Path, name: &str, findings: &mut Findings) -> Option<Text> {
    match fs::read_to_string(root.join(name)) {
        Ok(raw) => Some(Text::new(name, &raw)),
        Err(error) => {
            findings.push(unreadable(name, &error.to_string()));
            None
        }
    }
}

fn unreadable(name: &str, why: &str) -> Finding {
    let sentence = format!("`{name}` cannot be read: {why}.");
    Finding::error("unreadable", Place::file(name), sentence)
}

/// Reads a file that settings name. A theme may set them, and nothing outside the site is its
/// business.
fn read_inside(
    root: &Path,
    name: &str,
    text: &Text,
    named: &mut Named,
    findings: &mut Findings,
) -> Option<Text> {
    let seen = named.entry(name.to_owned());
    let finding = match seen.or_insert_with(|| Seen::inside(root, name)) {
        Seen::File(_, bytes) => match std::str::from_utf8(bytes) {
            Ok(raw) => return Some(Text::new(name, raw)),
            Err(_) => unreadable(name, "it is not a text in UTF-8"),
        },
        Seen::Nothing => unreadable(name, "there is no such file"),
        Seen::Unreadable(why) => unreadable(name, why),
        Seen::Outside => {
            let sentence = format!("The file `{name}` is outside the site's folder.");
            Finding::error("outside", text.whole(), sentence)
        }
    };
    findings.push(finding);
    None
}

fn from_table(
    text: &Text,
    table: &Table,
    options: &BuildOptions,
    findings: &mut Findings,
) -> Option<Config> {
    let mut fields = Fields::new(text, table, findings);
    let base_url = fields.text("base_url");
    let theme = fields.text("theme");
    let author = fields.text("author");
    let default_language = fields.text("default_language");
    fields.table("languages");
    let main_language = LanguageKeys::read(text, &mut fields);
    let ignored_content = fields.texts("ignored_content");
    let ignored_static = fields.texts("ignored_static");
    let skip_content_templating = fields.texts("skip_content_templating");
    let output_dir = fields.text("output_dir");
    let compile_sass = fields.flag("compile_sass").unwrap_or(false);
    let generate_sitemap = fields.flag("generate_sitemap").unwrap_or(true);
    let generate_robots_txt = fields.flag("generate_robots_txt").unwrap_or(true);
    let lists = lists::read(&mut fields);
    unsupported(&mut fields);
    let slugify = fields.table("slugify");
    let link_checker = fields.table("link_checker");
    let markdown = fields.table("markdown");
    let extra = fields.table("extra").cloned().unwrap_or_default();
    fields.finish("`zola.toml`");

    let base_url = read_base_url(text, table, base_url, options, findings);
    let (theme_extra, theme_fields) = match &theme {
        Some(theme) => theme_extra(&options.root, theme, text, table, findings)?,
        None => ThemeExtra::default(),
    };
    let own_fields = schema::read(text, &extra, findings);
    checks::read(text, &extra, findings);
    let extra = merge(&theme_extra, &extra);
    let extra_fields = schema::join(theme_fields, own_fields, &extra);
    let (slugify_paths, slugify_taxonomies, slugify_anchors, keep_dates) =
        tables::slugify(text, slugify, findings);
    let languages = languages::read(
        text,
        table,
        main_language,
        default_language,
        slugify_taxonomies,
        findings,
    );
    let ignored_content = globs(text, "ignored_content", ignored_content, findings);
    let ignored_static = globs(text, "ignored_static", ignored_static, findings);
    let skip = "skip_content_templating";
    let skip_content_templating = globs(text, skip, skip_content_templating, findings);
    let markdown_settings = tables::markdown(text, markdown, findings);
    let (internal_level, external) = tables::link_checker(text, link_checker, findings);
    let (hashed_names, served_elsewhere) = tables::own_extra(text, &extra, findings);
    let checks = read_checks(text, &extra, &languages.codes(), options, findings);

    let trimmed = base_url.trim_end_matches('/').to_owned();
    let mut value = Map::from_iter([
        ("base_url".into(), Value::from(shown(&base_url))),
        ("mode".into(), Value::from(options.mode.word())),
        (
            "default_language".into(),
            Value::from(languages.default.as_str()),
        ),
        ("theme".into(), optional(theme.as_deref())),
        ("author".into(), optional(author.as_deref())),
        ("generate_sitemap".into(), Value::from(generate_sitemap)),
        (
            "generate_robots_txt".into(),
            Value::from(generate_robots_txt),
        ),
        (
            "markdown".into(),
            tables::markdown_value(&markdown_settings, markdown),
        ),
        ("extra".into(), extra.to_value()),
    ]);
    value.extend(lists.to_map());
    let (default_language, main_language, other_languages) = languages.complete(&value);
    Some(Config {
        base_url: trimmed,
        theme,
        default_language,
        main_language,
        other_languages,
        ignored_content,
        ignored_static,
        skip_content_templating,
        output_dir: output_dir.unwrap_or_else(|| "public".to_owned()),
        slugify_paths,
        slugify_taxonomies,
        slugify_anchors,
        keep_dates,
        internal_level,
        external: options.external.is_some().then_some(external),
        markdown: markdown_settings,
        compile_sass,
        generate_sitemap,
        generate_robots_txt,
        hashed_names,
        served_elsewhere,
        extra_fields,
        lists,
        synonyms: read_synonyms(&options.root, findings),
        checks,
        mode: options.mode,
        now: options.now,
    })
}

/// The checks as theme and site set them together; what is wrong with either is told already.
fn read_checks(
    text: &Text,
    extra: &Table,
    languages: &[&str],
    options: &BuildOptions,
    findings: &mut Findings,
) -> Checks {
    let settings = checks::read(text, extra, &mut Findings::default());
    let mut levels = settings.levels;
    if options.mode == Mode::Build {
        levels.keep_for_build();
    }
    let mut named = Named::new();
    let words = match settings.words {
        Some(name) => read_inside(&options.root, &name, text, &mut named, findings),
        None if options.root.join(WORDS_FILE).is_file() => {
            read_text(&options.root, WORDS_FILE, findings)
        }
        None => None,
    };
    let has_list = options.root.join(published::FILE).is_file();
    let list = has_list.then(|| read_text(&options.root, published::FILE, findings));
    let listed = settings.browsers.file;
    let listed =
        listed.and_then(|file| read_inside(&options.root, &file, text, &mut named, findings));
    let read = listed.as_ref().map(|text| browsers::read(text, findings));
    let broken = listed.filter(|_| read == Some(None));
    let browsers = Browsers {
        listed: read.flatten().unwrap_or_default(),
        broken_file: broken.map(|text| text.file.to_string()),
        may_lack: settings.browsers.may_lack,
    };
    let skip = "skip_pages";
    let words = words.map_or_else(WordList::default, |text| words::read(&text, findings));
    if !words.is_whole {
        levels.turn_off(spelling::RULE);
    }
    let dictionaries = levels.of(spelling::RULE).map_or_else(Vec::new, |level| {
        let found = spelling::find(&options.root, languages, &settings.dictionaries, &mut named);
        spelling::load(found, level, text, findings)
    });
    Checks {
        levels,
        limits: settings.limits,
        contacts: settings.contacts,
        flow_pages: settings.flow_pages,
        skip_pages: globs(text, skip, settings.skip_pages, findings),
        words,
        named_files: named,
        published: list.flatten().map(|text| Published::read(text, findings)),
        record: options.record,
        missing: settings.missing,
        browsers,
        dictionaries,
        today: options.today,
    }
}

fn read_synonyms(root: &Path, findings: &mut Findings) -> Synonyms {
    let is_there = root.join(SYNONYMS_FILE).is_file();
    is_there
        .then(|| read_text(root, SYNONYMS_FILE, findings))
        .flatten()
        .map_or_else(Synonyms::default, |text| synonyms::read(&text, findings))
}

/// Keys of the dialect that name things not built yet. A value that asks for nothing is fine: a
/// site written for Zola may spell out its defaults.
fn unsupported(fields: &mut Fields<'_, '_>) {
    let on = |data: &Data| matches!(data, Data::Bool(true));
    // The one kept minifier of Zola's kind brings a JavaScript compiler and two hundred crates, for
    // bytes that compression on the way to the reader saves as well.
    fields.unsupported("minify_html", on, "minified HTML");
    // A file is always copied, and one that the builder did not write always stays.
    for key in ["hard_link_static", "preserve_dotfiles_in_output"] {
        fields.flag(key);
    }
    // Zola takes it and goes by the command.
    fields.node("mode");
}

/// A theme's `[extra]`, and what it declares of pages' own.
type ThemeExtra = (Table, Vec<(ExtraField, Keys)>);

/// Reads `theme.toml`. A theme without one has no settings; nothing is returned when it cannot be read
/// in full.
fn theme_extra(
    root: &Path,
    theme: &str,
    text: &Text,
    table: &Table,
    findings: &mut Findings,
) -> Option<ThemeExtra> {
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
        return Some(ThemeExtra::default());
    }
    let name = format!("{folder}/theme.toml");
    if !root.join(&name).is_file() {
        return Some(ThemeExtra::default());
    }
    let theme_text = read_text(root, &name, findings)?;
    let (theme_table, is_whole) = parse_toml(&theme_text, 0..theme_text.body.len(), findings);
    if !is_whole {
        return None;
    }
    let mut fields = Fields::new(&theme_text, &theme_table, findings);
    let Some(extra) = fields.table("extra").cloned() else {
        return Some(ThemeExtra::default());
    };
    let fields = schema::read(&theme_text, &extra, findings);
    checks::read(&theme_text, &extra, findings);
    Some((extra, fields))
}

pub(super) fn globs(
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
