//! Noticing that something in the site's folders changed.
//!
//! Asks the file system instead of the operating system's notices: it works the same on every
//! machine, in containers and on network drives, and a help center is small.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::WalkDir;

use crate::BuildOptions;

type State = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// What was there when it was last looked at.
pub(super) struct Watch {
    places: Vec<PathBuf>,
    state: State,
}

impl Watch {
    /// Starts with what is there now.
    pub(super) fn new(options: &BuildOptions) -> Self {
        let names = [
            "zola.toml",
            "config.toml",
            "content",
            "templates",
            "static",
            "sass",
            "themes",
            "data",
            "words.toml",
            "browsers.toml",
        ];
        let places: Vec<_> = names
            .iter()
            .map(|name| options.root.join(name))
            .chain(options.static_dirs.iter().cloned())
            .collect();
        let state = look(&places);
        Self { places, state }
    }

    /// Whether anything is different from the last time.
    pub(super) fn changed(&mut self) -> bool {
        let now = look(&self.places);
        let changed = now != self.state;
        self.state = now;
        changed
    }
}

fn look(places: &[PathBuf]) -> State {
    places.iter().flat_map(|place| look_at(place)).collect()
}

fn look_at(place: &Path) -> impl Iterator<Item = (PathBuf, (Option<SystemTime>, u64))> {
    WalkDir::new(place)
        .follow_links(true)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let data = entry.metadata().ok()?;
            Some((entry.into_path(), (data.modified().ok(), data.len())))
        })
}
