//! `new`: a page or section with front matter that is right from the start.
//!
//! Knows what a page needs only from what the theme and the site declare, and what a translation needs
//! from the page that it translates.

mod path;
mod translation;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::BuildOptions;
use crate::config::{ExtraField, Kind};
use crate::diagnostic::{Finding, Findings, Place, Severity};
use crate::page::{self, Name, UNWRITTEN};
use crate::source::{self, Source};
use crate::text::Text;

/// Room between the weights of neighbours, for pages that come between them later.
const STEP: i64 = 10;

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// Where the files are; the one that was asked for is the last.
    pub files: Vec<PathBuf>,
    /// The folders that were not there before and are sections now.
    pub sections: Vec<String>,
    /// The line that keeps the page from being published.
    pub draft: Option<String>,
}

/// Creates a content file at a path such as `faq/names/nickname.md`, and before it the `_index.md`
/// of each folder above that lacks one. A page is a draft until its editor says otherwise. A file
/// that is there already is never touched. A translation needs no title yet. `today` is when the page
/// was last reviewed.
pub(crate) fn create(
    root: &Path,
    path: &str,
    title: Option<&str>,
    today: Date,
) -> Result<Made, Box<Finding>> {
    let relative = path.strip_prefix("content/").unwrap_or(path);
    let refuse = |sentence: String, help: &str| {
        let finding = Finding::error("new", Place::file(path), sentence).help(help);
        Err(Box::new(finding))
    };
    if let Err(help) = path::check(relative) {
        return refuse(format!("`{path}` is not the path of a page."), &help);
    }
    let content = root.join("content");
    if content.join(relative).exists() {
        return refuse(
            format!("content/{relative} exists already."),
            "Choose another name, or edit that page.",
        );
    }
    let read = || {
        let mut findings = Findings::default();
        // A draft can be translated, too.
        let options = BuildOptions {
            drafts: true,
            ..BuildOptions::new(root)
        };
        let source = source::read(&options, &mut findings);
        source.ok_or_else(|| no_site(root, &findings))
    };
    let source = read()?;
    if let Some(code) = page::name::lacking_language(relative, &source) {
        return refuse(
            format!("The site has no language `{code}`."),
            &format!("Add a line `[languages.{code}]` at the end of `zola.toml` first."),
        );
    }
    let name = Name::of(relative, &source.config);
    let translates = translation::original(&source, relative).is_some();
    if !translates && let Some(plain) = path::plainer(&content, &name.canonical) {
        let plain = page::name::file(&plain, &name.lang, &source.config);
        return refuse(
            "Capital letters and blanks make an address that is hard to type.".to_owned(),
            &format!("Write `{plain}`."),
        );
    }
    let title = title.map_or("", str::trim);
    if title.is_empty() && !translates {
        return refuse(
            "A new page needs a title.".to_owned(),
            "Give the title after the path, in quotes.",
        );
    }
    // What stands alone in one language does so in another.
    let is_wanted =
        |section: &String| !translates || translation::original(&source, section).is_some();
    let above = name.sections_above(&source.config).into_iter();
    let missing = above.filter(|section| !content.join(section).exists() && is_wanted(section));
    let missing: Vec<String> = missing.collect();
    let folders = missing
        .iter()
        .filter_map(|section| section.rsplit_once('/'));
    let sections = folders
        .map(|(folder, _)| folder.to_owned())
        .filter(|folder| !content.join(folder).exists())
        .collect();
    // All is worked out before anything is written: half of it would be in the way of a second try.
    let mut files: Vec<(String, String)> = Vec::new();
    for (relative, title) in missing
        .iter()
        .map(|section| (section.as_str(), ""))
        .chain([(relative, title)])
    {
        // A page's weight depends on the section that comes before it.
        let mut source = read()?;
        source.content.extend(files.iter().map(|(relative, text)| {
            let text = Text::new(&format!("content/{relative}"), text);
            source::split(relative.clone(), text, &mut Findings::default())
        }));
        source.content.sort_by(|a, b| a.relative.cmp(&b.relative));
        let text = text(source, relative, title, today);
        files.push((relative.to_owned(), text));
    }
    let last = files.last().map_or("", |(_, text)| text);
    let is_draft = |line: &&str| matches!(*line, "draft = true" | "draft: true");
    let draft = last.lines().find(is_draft).map(str::to_owned);
    let mut made = Vec::new();
    for (relative, text) in files {
        let target = content.join(&relative);
        if let Err(error) = write(&target, &text) {
            return refuse(
                format!("content/{relative} cannot be written: {error}."),
                "Check the folder's permissions.",
            );
        }
        made.push(target);
    }
    Ok(Made {
        files: made,
        sections,
        draft,
    })
}

/// Why there are no settings to go by.
fn no_site(root: &Path, findings: &Findings) -> Box<Finding> {
    let is_slip = |found: &&Finding| found.severity == Severity::Error && found.code != "no-config";
    let slip = findings.iter().find(is_slip);
    Box::new(slip.cloned().unwrap_or_else(|| {
        let sentence = format!("There is no site in the folder `{}`.", root.display());
        let place = Place::file(&root.display().to_string());
        Finding::error("new", place, sentence).help("Name the site's folder with `--root`.")
    }))
}

/// What a new file holds: all that `check` asks for, and marks where words are to come. A section that
/// is made on the way has no title yet.
fn text(source: Source, relative: &str, title: &str, today: Date) -> String {
    let original = translation::original(&source, relative);
    if let Some(original) = original.map(|original| original.relative.clone()) {
        let title = if title.is_empty() { UNWRITTEN } else { title };
        let lang = Name::of(relative, &source.config).lang;
        let made = translation::text(source, (&original, &lang), title, today);
        return made.unwrap_or_default();
    }
    let title = if title.is_empty() {
        title_of(relative)
    } else {
        title.to_owned()
    };
    let fields = source.config.extra_fields.clone();
    let is_section = Name::of(relative, &source.config).is_section();
    let mut lines = vec![
        "+++".to_owned(),
        format!("title = {}", quote(&title)),
        format!("description = \"{UNWRITTEN}\""),
    ];
    if let Some(heaviest) = page::heaviest(source, relative) {
        lines.push(format!("weight = {}", heaviest + STEP));
    }
    // A section that is a draft would hide all that is in it.
    let only_there = if is_section {
        "sort_by = \"weight\""
    } else {
        "draft = true"
    };
    lines.push(only_there.to_owned());
    let required = fields.iter().filter(|field| field.required);
    let extra = required.map(|field| format!("{} = {}", field.name, first_value(field, today)));
    let mut extra = extra.peekable();
    if extra.peek().is_some() {
        lines.extend([String::new(), "[extra]".to_owned()]);
    }
    lines.extend(extra);
    lines.push("+++".to_owned());
    if !is_section {
        lines.extend([String::new(), UNWRITTEN.to_owned()]);
    }
    lines.join("\n") + "\n"
}

fn first_value(field: &ExtraField, today: Date) -> String {
    let first_word = field.words.as_ref().and_then(|words| words.first());
    match field.kind {
        Kind::Date => field.day(today).to_string(),
        Kind::Text => quote(first_word.map_or(UNWRITTEN, |word| word)),
        Kind::Flag => "false".to_owned(),
        Kind::List | Kind::Pages => "[]".to_owned(),
    }
}

/// A title to begin with: `Phone and codes` for `faq/phone-and-codes/_index.md`.
fn title_of(section: &str) -> String {
    let (folder, _) = section.rsplit_once('/').unwrap_or_default();
    let name = folder.rsplit('/').next().unwrap_or_default();
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// Writes a file that is not there yet, and the folders above it.
pub(crate) fn write(target: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(target)?;
    file.write_all(text.as_bytes())
}

/// A text as TOML's basic string.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.trim().chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_date_begins_today_or_as_many_months_later_as_declared() {
        let field = |months_ahead| ExtraField {
            name: "review_by".to_owned(),
            kind: Kind::Date,
            required: true,
            words: None,
            months_ahead,
        };
        let today = date(2026, 8, 31);
        assert_eq!(first_value(&field(0), today), "2026-08-31");
        assert_eq!(first_value(&field(6), today), "2027-02-28");
        assert_eq!(first_value(&field(i64::MAX), today), "2026-08-31");
    }

    #[test]
    fn a_folder_gives_its_section_a_title_to_begin_with() {
        assert_eq!(title_of("faq/phone-and_codes/_index.md"), "Phone and codes");
    }
}
