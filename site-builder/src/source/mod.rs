//! Stage 1: everything the site is made of, read from disk once.
//!
//! Owns folders, symlinks, encodings and the split of front matter from body. Knows no page, no
//! address and no template language: after this stage nothing reads the content folder again.

mod front;
pub(crate) mod sass;
mod walk;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use front::split;
pub(crate) use walk::is_clutter;

use crate::BuildOptions;
use crate::config::{self, Config};
use crate::diagnostic::{Finding, Findings, Place};
use crate::document::Table;
use crate::parallel;
use crate::text::{Text, has_ending};

/// All input of a build.
#[derive(Debug)]
pub(crate) struct Source {
    /// The site's settings.
    pub config: Config,
    /// The site's folder.
    pub root: PathBuf,
    /// Where the site is to be written.
    pub output: PathBuf,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// Markdown files, sorted by path.
    pub content: Vec<ContentFile>,
    /// Other files in the content folder, sorted by path.
    pub assets: Vec<AssetFile>,
    /// Templates of the site and of its theme.
    pub templates: Vec<TemplateFile>,
    /// Static files by their path in the output: the site's over the extra folders' over the
    /// theme's; and the CSS that Sass was compiled to.
    pub statics: BTreeMap<String, AssetFile>,
}

/// A Markdown file.
#[derive(Debug)]
pub(crate) struct ContentFile {
    /// Path inside the content folder, such as `faq/_index.md`.
    pub relative: String,
    /// The whole file.
    pub text: Text,
    /// Its front matter.
    pub front: Table,
    /// Whether the front matter could be read in full.
    pub intact: bool,
    /// Byte range of the body.
    pub body: Range<usize>,
}

/// A file that is copied as it is.
#[derive(Debug, Clone)]
pub(crate) struct AssetFile {
    /// Path inside its folder.
    pub relative: String,
    /// Path that findings name, relative to the root.
    pub file: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// A template.
#[derive(Debug)]
pub(crate) struct TemplateFile {
    /// The name that `{% extends %}` and front matter use; a theme's carry the theme's prefix.
    pub name: String,
    /// Its source.
    pub text: Text,
}

/// The prefix of the names of a theme's templates, as in Zola.
pub(crate) fn theme_prefix(theme: &str) -> String {
    format!("{theme}/templates/")
}

/// Reads the whole site. Nothing is returned when there are no settings to go by.
pub(crate) fn read(options: &BuildOptions, findings: &mut Findings) -> Option<Source> {
    let config = config::load(options, findings)?;
    let root = &options.root;
    let output = options
        .output
        .clone()
        .unwrap_or_else(|| root.join(&config.output_dir));
    walk::check_output(root, &output, findings);
    let mut reader = Reader {
        root,
        output: &output,
        findings,
    };
    let (content, assets) = reader.content(&config);
    let templates = reader.templates(config.theme.as_deref());
    let mut statics = reader.statics(&config, &options.static_dirs);
    if config.compile_sass {
        reader.sass(&config, &mut statics);
    }
    Some(Source {
        config,
        root: root.clone(),
        output,
        drafts: options.drafts,
        content,
        assets,
        templates,
        statics,
    })
}

/// Where the site is to be written; nothing when there are no settings to say so.
pub(crate) fn output(options: &BuildOptions) -> Option<PathBuf> {
    if let Some(output) = &options.output {
        return Some(output.clone());
    }
    let config = config::load(options, &mut Findings::default())?;
    Some(options.root.join(config.output_dir))
}

/// Reads one content file again, by its path in the content folder; nothing when it is not there,
/// or there is something to say about it.
pub(crate) fn reread(root: &Path, relative: &str) -> Option<ContentFile> {
    let mut findings = Findings::default();
    let file = format!("content/{relative}");
    let path = root.join(&file);
    // Where a symlink leads is looked into with all files at hand.
    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return None;
    }
    let text = text(&file, &fs::read(&path).ok()?, &mut findings);
    let content = split(relative.to_owned(), text, &mut findings);
    findings.is_empty().then_some(content)
}

struct Reader<'a> {
    root: &'a Path,
    output: &'a Path,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn content(&mut self, config: &Config) -> (Vec<ContentFile>, Vec<AssetFile>) {
        let folder = self.root.join("content");
        if !folder.is_dir() {
            self.findings.push(
                Finding::error(
                    "no-content",
                    Place::file("content"),
                    format!(
                        "There is no folder `content` in the folder `{}`.",
                        self.root.display()
                    ),
                )
                .help("Name the site's folder with `--root`, or create `content/_index.md`."),
            );
        }
        let mut found = walk::files(&folder, "content", self.root, self.output, self.findings);
        found.retain(|found| {
            let name = found.relative.rsplit('/').next().unwrap_or_default();
            // Zola matches the whole path, so that `*/notes.md` means one at the top, too.
            let ignored = |path: &str| config.ignored_content.is_match(path);
            let whole = format!("/content/{}", found.relative);
            !is_clutter(name) && !ignored(&found.relative) && !ignored(&whole)
        });
        let files = parallel::map(found, self.findings, |found, findings| {
            let bytes = bytes(&found, findings);
            if has_ending(&found.relative, "md") {
                // A page that is there, whatever is in it: links to it are not dead.
                let text = text(&found.file, &bytes.unwrap_or_default(), findings);
                let file = split(found.relative, text, findings);
                return Some(File::Content(file));
            }
            Some(File::Asset(AssetFile {
                relative: found.relative,
                file: found.file,
                bytes: bytes?.into(),
            }))
        });
        let mut content = Vec::new();
        let mut assets = Vec::new();
        for file in files.into_iter().flatten() {
            match file {
                File::Content(file) => content.push(file),
                File::Asset(file) => assets.push(file),
            }
        }
        (content, assets)
    }

    fn templates(&mut self, theme: Option<&str>) -> Vec<TemplateFile> {
        let mut folders = vec![("templates".to_owned(), String::new())];
        if let Some(theme) = theme {
            folders.push((format!("themes/{theme}/templates"), theme_prefix(theme)));
        }
        let mut templates = Vec::new();
        for (folder, prefix) in folders {
            let path = self.root.join(&folder);
            for found in walk::files(&path, &folder, self.root, self.output, self.findings) {
                let name = found.relative.rsplit('/').next().unwrap_or_default();
                if is_clutter(name) {
                    continue;
                }
                if let Some(bytes) = bytes(&found, self.findings) {
                    templates.push(TemplateFile {
                        name: format!("{prefix}{}", found.relative),
                        text: text(&found.file, &bytes, self.findings),
                    });
                }
            }
        }
        templates
    }

    /// Later folders win, so the site's own comes last.
    fn statics(&mut self, config: &Config, extra: &[PathBuf]) -> BTreeMap<String, AssetFile> {
        let mut folders = Vec::new();
        if let Some(theme) = &config.theme {
            let label = format!("themes/{theme}/static");
            folders.push((self.root.join(&label), label, self.root.to_path_buf()));
        }
        for folder in extra {
            if !folder.is_dir() {
                self.findings.push(
                    Finding::error(
                        "no-static-folder",
                        Place::file(&folder.display().to_string()),
                        format!(
                            "`--static` names {}, which is not a folder.",
                            folder.display()
                        ),
                    )
                    .help("Run what makes this folder first, or leave the option out."),
                );
            }
            folders.push((folder.clone(), folder.display().to_string(), folder.clone()));
        }
        let own = self.root.join("static");
        folders.push((own, "static".to_owned(), self.root.to_path_buf()));

        let mut statics = BTreeMap::new();
        for (path, label, limit) in folders {
            for found in walk::files(&path, &label, &limit, self.output, self.findings) {
                if config.ignored_static.is_match(&found.relative) {
                    continue;
                }
                if let Some(bytes) = bytes(&found, self.findings) {
                    statics.insert(
                        found.relative.clone(),
                        AssetFile {
                            relative: found.relative,
                            file: found.file,
                            bytes: bytes.into(),
                        },
                    );
                }
            }
        }
        statics
    }

    fn sass(&mut self, config: &Config, statics: &mut BTreeMap<String, AssetFile>) {
        let mut folders = vec![sass::FOLDER.to_owned()];
        if let Some(theme) = &config.theme {
            folders.insert(0, format!("themes/{theme}/{}", sass::FOLDER));
        }
        let mut files = Vec::new();
        let mut intact = true;
        for folder in &folders {
            let path = self.root.join(folder);
            for found in walk::files(&path, folder, self.root, self.output, self.findings) {
                let name = found.relative.rsplit('/').next().unwrap_or_default();
                // Fonts and pictures that lie beside style sheets are no text.
                let is_sheet = ["scss", "sass", "css"].iter().any(|e| has_ending(name, e));
                if is_clutter(name) || !is_sheet {
                    continue;
                }
                if let Some(bytes) = bytes(&found, self.findings) {
                    intact &= std::str::from_utf8(&bytes).is_ok();
                    files.push(text(&found.file, &bytes, self.findings));
                }
            }
        }
        // What the compiler says of half a file is no news.
        if intact {
            sass::compile(files, &folders, statics, self.findings);
        }
    }
}

/// What a file in the content folder is.
enum File {
    Content(ContentFile),
    Asset(AssetFile),
}

fn bytes(found: &walk::Found, findings: &mut Findings) -> Option<Vec<u8>> {
    match fs::read(&found.path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            findings.push(Finding::error(
                "unreadable",
                Place::file(&found.file),
                format!("This file cannot be read: {error}."),
            ));
            None
        }
    }
}

/// Text that is not UTF-8 is a finding; the readable part before the fault stands in for it.
fn text(file: &str, bytes: &[u8], findings: &mut Findings) -> Text {
    match std::str::from_utf8(bytes) {
        Ok(raw) => {
            let text = Text::new(file, raw);
            // A text in another encoding can look like UTF-8, but for these.
            if let Some(at) = text.body.find('\0') {
                let sentence = "This file is no text: it has a character here that no text has.";
                findings.push(
                    Finding::error("not-text", text.place(at..at + 1), sentence)
                        .help("Save it as text, with the encoding UTF-8."),
                );
            }
            text
        }
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let text = Text::new(file, &good);
            let end = text.body.len();
            findings.push(
                Finding::error(
                    "not-utf8",
                    text.place(end..end),
                    "This file is not UTF-8 text from here on.",
                )
                .help("Save it with the encoding UTF-8."),
            );
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "base_url = \"https://help.example.org\"\ncompile_sass = true\n";

    #[test]
    fn what_is_no_style_sheet_may_lie_beside_one() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("sass/fonts")).unwrap();
        fs::write(root.join("zola.toml"), CONFIG).unwrap();
        fs::create_dir(root.join("content")).unwrap();
        fs::write(
            root.join("sass/a.scss"),
            "@import 'b'; @import 'c'; @import 'd';",
        )
        .unwrap();
        fs::write(root.join("sass/_b.scss"), "b { c: d }").unwrap();
        fs::write(root.join("sass/_c.sass"), "c\n  c: d\n").unwrap();
        fs::write(root.join("sass/d.css"), "d { c: d }").unwrap();
        fs::write(root.join("sass/fonts/a.woff2"), b"wOF2\xff\xfe").unwrap();
        let mut findings = Findings::default();
        let source = read(&BuildOptions::new(root), &mut findings).unwrap();
        let all: Vec<_> = source.statics.keys().collect();
        assert_eq!(all, ["a.css"]);
        assert!(findings.is_empty(), "{findings:?}");
    }
}
