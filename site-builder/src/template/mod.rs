//! The template language: templates by name, the functions and filters of the dialect, and what
//! goes wrong in them as findings.
//!
//! Owns everything that knows Tera. Used by stage 2 for bodies that hold template syntax and by
//! stage 3 for whole pages. Knows nothing of output files.

mod advice;
mod chance;
mod data;
mod fault;
mod filters;
mod functions;
mod images;
mod index;
pub(crate) mod lenient;
mod packed;
pub(crate) mod reads;
mod revalue;
mod taxonomies;
pub(crate) mod values;
mod xml;
mod yaml;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use regex::Regex;
use tera::{Context, ErrorKind, Tera};

pub(crate) use index::Index;

use crate::config::Config;
use crate::diagnostic::{Finding, Findings};
use crate::source::{TemplateFile, theme_prefix};
use crate::text::Text;

const BUILTIN_PREFIX: &str = "builtin/";

const BUILTINS: [(&str, &str); 9] = [
    ("builtin/404.html", include_str!("builtins/404.html")),
    (
        "builtin/anchor-link.html",
        include_str!("builtins/anchor-link.html"),
    ),
    ("builtin/atom.xml", include_str!("builtins/atom.xml")),
    (
        "builtin/internal/alias.html",
        include_str!("builtins/internal/alias.html"),
    ),
    ("builtin/robots.txt", include_str!("builtins/robots.txt")),
    ("builtin/rss.xml", include_str!("builtins/rss.xml")),
    ("builtin/sitemap.xml", include_str!("builtins/sitemap.xml")),
    (
        "builtin/split_sitemap_index.xml",
        include_str!("builtins/split_sitemap_index.xml"),
    ),
    (
        "builtin/summary-cutoff.html",
        include_str!("builtins/summary-cutoff.html"),
    ),
];

/// All templates of a site, ready to render.
pub(crate) struct Engine {
    tera: Tera,
    /// The file behind each template name.
    files: BTreeMap<String, Text>,
    /// Prefixes to look a name up under, after the name itself.
    prefixes: Vec<String>,
    /// What the functions see.
    pub index: Arc<Index>,
    /// Whether the site's templates could not be loaded; only the built-in ones are there then.
    pub broken: bool,
}

impl Engine {
    /// Loads the templates. Faults in them are findings, all at once.
    pub(crate) fn load(
        templates: &[TemplateFile],
        config: &Config,
        index: Index,
        findings: &mut Findings,
    ) -> Self {
        advice::shortcodes(templates, findings);
        let index = Arc::new(index);
        let mut prefixes: Vec<_> = config
            .theme
            .as_deref()
            .map(theme_prefix)
            .into_iter()
            .collect();
        prefixes.push(BUILTIN_PREFIX.to_owned());
        let mut files: BTreeMap<String, Text> = BUILTINS
            .iter()
            .map(|(name, source)| ((*name).to_owned(), Text::new(name, source)))
            .collect();
        for template in templates {
            files.insert(template.name.clone(), template.text.clone());
        }
        let mut engine = Self {
            tera: new_tera(&prefixes, config, &index),
            files,
            prefixes,
            index,
            broken: false,
        };
        let builtins = BUILTINS.map(|(name, source)| (name.to_owned(), source.to_owned()));
        let own = templates
            .iter()
            .map(|template| (template.name.clone(), template.text.body.to_string()));
        if let Err(error) = engine
            .tera
            .add_raw_templates(builtins.iter().cloned().chain(own))
        {
            engine.broken = true;
            engine.report_broken(&error, templates, findings);
            engine.tera = new_tera(&engine.prefixes, config, &engine.index);
            // The built-in templates need nothing of the site's.
            if let Err(error) = engine.tera.add_raw_templates(builtins) {
                engine.report(&error, findings);
            }
        }
        engine
    }

    /// Tera stops at the first template that it cannot parse; each one is tried alone, so that
    /// every faulty template is reported. Only when all parse is the fault one between templates.
    fn report_broken(
        &self,
        error: &tera::Error,
        templates: &[TemplateFile],
        findings: &mut Findings,
    ) {
        let mut unparsed = false;
        for template in templates {
            let alone = Tera::new().add_raw_template(&template.name, &template.text.body);
            if let Err(error) = alone
                && matches!(error.kind(), ErrorKind::SyntaxError(_))
            {
                unparsed = true;
                self.report(&error, findings);
            }
        }
        if !unparsed {
            self.report(error, findings);
        }
    }

    /// Adds the findings that an error outside any page amounts to.
    pub(crate) fn report(&self, error: &tera::Error, findings: &mut Findings) {
        findings.extend(fault::findings(error, &self.files, None));
    }

    /// Whether a template can be found by this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// The file that a name leads to.
    pub(crate) fn file(&self, name: &str) -> Option<&Text> {
        self.files.get(name).or_else(|| {
            self.prefixes
                .iter()
                .find_map(|prefix| self.files.get(&format!("{prefix}{name}")))
        })
    }

    /// The site's and the theme's templates, by name; not the built-in ones.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Text> {
        self.files
            .iter()
            .filter(|(name, _)| !name.starts_with(BUILTIN_PREFIX))
            .map(|(_, text)| text)
    }

    /// The names that `template = "…"` may use, for "did you mean".
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .tera
            .get_template_names()
            .map(|name| {
                let short = self
                    .prefixes
                    .iter()
                    .find_map(|prefix| name.strip_prefix(prefix.as_str()));
                short.unwrap_or(name).to_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// Renders a template.
    pub(crate) fn render(&self, name: &str, context: &Context) -> Result<String, Vec<Finding>> {
        self.tera
            .render(name, context)
            .map_err(|error| fault::findings(&error, &self.files, None))
    }

    /// Renders the body of a content file as a template. Findings are in terms of the file.
    pub(crate) fn render_body(
        &self,
        text: &Text,
        body: Range<usize>,
        context: &Context,
    ) -> Result<String, Vec<Finding>> {
        let source = &text.body[body.clone()];
        let guarded = guard_heading_ids(source);
        let rendered = self
            .tera
            .render_str(&guarded.text, context, false)
            .map_err(|error| fault::findings(&error, &self.files, Some((text, body.start))))?;
        Ok(guarded.restore(&rendered))
    }
}

fn new_tera(prefixes: &[String], config: &Config, index: &Arc<Index>) -> Tera {
    let mut tera = Tera::new();
    // Fails only once templates are in, and there are none yet.
    let set = tera.set_fallback_prefixes(prefixes.to_vec());
    debug_assert!(set.is_ok());
    filters::register(&mut tera, config, index);
    functions::register(&mut tera, index);
    tera
}

/// Whether a body holds template syntax. Zola does not look for comments, and so prints one that
/// stands alone.
pub(crate) fn needs_templating(body: &str) -> bool {
    body.contains("{{") || body.contains("{%") || (body.contains("{#") && body.contains("#}"))
}

/// A body without its template syntax, for when that does not work: what is wrong with it is told once,
/// and nobody takes it for words.
pub(crate) fn without_syntax(body: &str) -> String {
    static SYNTAX: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[{%][^\n]*").ok());
    let Some(syntax) = SYNTAX.as_ref() else {
        return body.to_owned();
    };
    // As many blanks as there were signs could make a block of code.
    syntax.replace_all(body, " ").into_owned()
}

struct Guarded {
    text: String,
    mark: Option<char>,
}

impl Guarded {
    fn restore(&self, rendered: &str) -> String {
        match self.mark {
            Some(mark) => rendered.replace(mark, "{#"),
            None => rendered.to_owned(),
        }
    }
}

/// Hides the `{#` of `## Heading {#its-id}` from Tera, to which it opens a comment. The mark is as
/// long as what it hides, so that byte offsets in errors stay right.
fn guard_heading_ids(source: &str) -> Guarded {
    let mark = ('\u{80}'..='\u{9f}').find(|mark| !source.contains(*mark));
    let (true, Some(mark)) = (source.contains("{#"), mark) else {
        return Guarded {
            text: source.to_owned(),
            mark: None,
        };
    };
    let mark_text = mark.to_string();
    let text = source
        .split_inclusive('\n')
        .map(|line| match line.rfind("{#") {
            Some(at) if line.starts_with('#') && !line[at..].contains("#}") => {
                format!("{}{mark_text}{}", &line[..at], &line[at + 2..])
            }
            _ => line.to_owned(),
        })
        .collect();
    Guarded {
        text,
        mark: Some(mark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_id_is_hidden_from_the_template_language_and_a_comment_is_not() {
        let source = "## One {#one}\n{# a note #}\n## Two {# note #}\n";
        let guarded = guard_heading_ids(source);
        assert_eq!(guarded.text.len(), source.len());
        assert!(!guarded.text.contains("{#one}") && guarded.text.contains("{# note #}"));
        assert_eq!(guarded.restore(&guarded.text), source);
    }
}
