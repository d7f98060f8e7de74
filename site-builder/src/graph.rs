//! A site kept in memory between changes, for the preview.
//!
//! Owns the decision how far a change reaches. Where only bodies of content files changed, the
//! files of the output that show them are rendered again; after any other change all is. Either way
//! the result is that of a fresh build.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use crate::check::{self, Checked};
use crate::diagnostic::Findings;
use crate::inputs::{self, Stamp};
use crate::render::{self, Rendered};
use crate::source::{self, ContentFile};
use crate::{BuildOptions, page};

/// The site.
pub(crate) struct Graph {
    options: BuildOptions,
    state: Option<State>,
    /// What was found before there was anything to render.
    findings: Findings,
}

struct State {
    rendered: Rendered,
    /// What was found in settings, files and front matter.
    before: Findings,
    /// What was found in templates.
    in_templates: Findings,
    /// Whether bodies are others than search indexes know.
    is_edited: bool,
}

/// Files of the output that are others than before, by path.
pub(crate) type Changed = Vec<(String, Arc<[u8]>)>;

impl Graph {
    /// Builds the site.
    pub(crate) fn new(options: BuildOptions) -> Self {
        let mut graph = Self {
            options,
            state: None,
            findings: Findings::default(),
        };
        graph.build();
        graph
    }

    /// Builds it anew.
    pub(crate) fn build(&mut self) {
        // First, since two sites take much memory together.
        self.state = None;
        let mut before = Findings::default();
        let Some(source) = source::read(&self.options, &mut before) else {
            self.findings = before;
            return;
        };
        let site = page::assemble(source, &mut before);
        let mut in_templates = Findings::default();
        let rendered = render::render(site, &mut in_templates);
        self.state = Some(State {
            rendered,
            before,
            in_templates,
            is_edited: false,
        });
    }

    /// Takes over what changed in these files, if no more than bodies of content files did. Nothing is
    /// returned when more did: the site must be built anew then.
    pub(crate) fn edit(&mut self, files: &BTreeSet<PathBuf>) -> Option<Changed> {
        let state = self.state.take()?;
        if !state.in_templates.is_empty() || !state.rendered.missing.is_empty() {
            return None;
        }
        let changed = self.bodies(files, &state.rendered)?;
        if changed.is_empty() {
            self.state = Some(state);
            return Some(Changed::new());
        }
        let (rendered, paths) = render::again(state.rendered, changed)?;
        let files = rendered.files.iter();
        let others = files
            .filter(|file| paths.contains(&file.path))
            .map(|file| (file.path.clone(), Arc::clone(&file.bytes)))
            .collect();
        self.state = Some(State {
            rendered,
            is_edited: true,
            ..state
        });
        Some(others)
    }

    /// The content files among these whose text is another; nothing when a file is none.
    fn bodies(&self, files: &BTreeSet<PathBuf>, rendered: &Rendered) -> Option<Vec<ContentFile>> {
        let read_by_templates = rendered.engine.index.asked();
        let is_read = |path: &str| read_by_templates.contains_key(path);
        let mut changed = Vec::new();
        for file in files {
            let root = &self.options.root;
            let relative = inputs::relative(&root.join("content"), file)?;
            let doc = rendered.library.find(&relative)?;
            let path = format!("content/{relative}");
            // The system may tell of it by a way that leads through a symlink.
            if is_read(&path) || inputs::real(root, &path).is_some_and(|real| is_read(&real)) {
                return None;
            }
            let content = source::reread(root, &relative)?;
            if content.text.body != doc.text.body {
                changed.push(content);
            }
        }
        Some(changed)
    }

    /// Files that the site is made from wherever they are, beside those in the usual places, and how
    /// each stood before it was read.
    pub(crate) fn reads(&self) -> Vec<(PathBuf, Option<Stamp>)> {
        let Some(state) = &self.state else {
            return Vec::new();
        };
        let reads = state.rendered.engine.index.asked();
        reads
            .iter()
            .map(|(path, seen)| (self.options.root.join(path), seen.stamp().cloned()))
            .collect()
    }

    /// The content file behind each page's file in the output, rendered or not.
    pub(crate) fn sources(&self) -> BTreeMap<String, String> {
        let docs = self
            .state
            .iter()
            .flat_map(|state| state.rendered.library.docs());
        let docs = docs.filter(|doc| doc.render);
        docs.map(|doc| (render::file_of(doc), doc.text.file.to_string()))
            .collect()
    }

    /// Looks the site over. Without settings there is nothing to look at.
    pub(crate) fn check(&mut self) -> (Option<Checked>, Findings) {
        let Some(state) = &mut self.state else {
            return (None, self.findings.clone());
        };
        if mem::take(&mut state.is_edited) {
            render::search_again(&mut state.rendered);
        }
        let mut findings = state.before.clone();
        findings.extend(state.in_templates.iter().cloned());
        for of_body in state.rendered.body_findings.values() {
            findings.extend(of_body.iter().cloned());
        }
        let checked = check::check(&state.rendered, &mut findings);
        (Some(checked), findings)
    }
}

#[cfg(test)]
mod tests;
