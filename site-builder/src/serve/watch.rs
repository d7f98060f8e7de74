//! Noticing which of the site's files changed.
//!
//! The operating system tells at once. A look at every file now and then finds what it does not tell
//! of: on network drives, in some containers, behind symlinks.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::inputs::{self, Stamp, State};

/// How often every file is looked at beside what the system tells.
const SWEEP: Duration = Duration::from_secs(1);
/// The same where the system tells nothing, or not of everything.
const SWEEP_ALONE: Duration = Duration::from_millis(250);
/// A program that saves a file does so in several steps; this long without another, it is done.
const CALM: Duration = Duration::from_millis(4);
/// Who writes without a pause is not waited for longer than this.
const ENOUGH: Duration = Duration::from_millis(100);

/// What was there when it was last looked at.
pub(super) struct Watch {
    root: PathBuf,
    places: Vec<PathBuf>,
    state: State,
    told: Receiver<notify::Result<Event>>,
    watcher: Option<RecommendedWatcher>,
    /// Whether the system tells of every place.
    hears_all: bool,
}

impl Watch {
    /// Starts with what is there now.
    pub(super) fn new(root: &Path, static_dirs: &[PathBuf]) -> Self {
        let places = inputs::places(root, static_dirs)
            .iter()
            .map(|place| std::path::absolute(place).unwrap_or_else(|_| place.clone()))
            .collect();
        let (tell, told) = mpsc::channel();
        let mut watch = Self {
            root: root.to_owned(),
            places,
            state: State::new(),
            told,
            watcher: notify::recommended_watcher(tell).ok(),
            hears_all: true,
        };
        watch.listen();
        watch.state = inputs::look(&watch.root, &watch.places);
        watch
    }

    /// Watches these files as well, whether they are there or not and whatever their names; each with
    /// how it stood when it was read, so that a change since then is noticed.
    pub(super) fn also(&mut self, files: impl IntoIterator<Item = (PathBuf, Option<Stamp>)>) {
        for (file, stamp) in files {
            if !inputs::is_among(&self.root, &self.places, &file) {
                self.state.extend(stamp.map(|stamp| (file.clone(), stamp)));
                self.places.push(file);
            }
        }
        self.listen();
    }

    /// Waits until something is different, and returns the files that are; nothing if nothing is for
    /// so long.
    pub(super) fn wait(&mut self, patience: Option<Duration>) -> Option<BTreeSet<PathBuf>> {
        let begin = Instant::now();
        loop {
            let often = match &self.watcher {
                Some(_) if self.hears_all => SWEEP,
                _ => SWEEP_ALONE,
            };
            let left = patience.map(|patience| patience.saturating_sub(begin.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                return None;
            }
            let is_short = left.is_some_and(|left| left < often);
            let so_long = left.unwrap_or(often).min(often);
            let changed = match self.told.recv_timeout(so_long) {
                Ok(event) => self.gather(event),
                Err(RecvTimeoutError::Timeout) if is_short => return None,
                Err(RecvTimeoutError::Timeout) => self.sweep(),
                Err(RecvTimeoutError::Disconnected) => {
                    thread::sleep(so_long);
                    self.sweep()
                }
            };
            if !changed.is_empty() {
                return Some(changed);
            }
        }
    }

    fn listen(&mut self) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        let mut hears_all = watcher
            .watch(&self.root, RecursiveMode::NonRecursive)
            .is_ok();
        for place in &self.places {
            // Of what is not there yet, the folder above tells.
            let nearest = place.ancestors().find(|path| path.is_dir());
            let result = match nearest {
                Some(folder) if folder == place => watcher.watch(folder, RecursiveMode::Recursive),
                Some(folder) if folder != self.root => {
                    watcher.watch(folder, RecursiveMode::NonRecursive)
                }
                _ => Ok(()),
            };
            hears_all &= result.is_ok();
        }
        self.hears_all = hears_all;
    }

    /// What the system tells, and goes on to tell without a pause.
    fn gather(&mut self, first: notify::Result<Event>) -> BTreeSet<PathBuf> {
        let begin = Instant::now();
        let mut paths = BTreeSet::new();
        let mut all = false;
        let mut next = Ok(first);
        while let Ok(event) = next {
            match event {
                Ok(event) if event.need_rescan() => all = true,
                Ok(event) if is_change(event.kind) => paths.extend(event.paths),
                Ok(_) => {}
                Err(_) => all = true,
            }
            let calm = if paths.is_empty() {
                Duration::ZERO
            } else {
                CALM
            };
            next = match self.told.recv_timeout(calm) {
                _ if begin.elapsed() > ENOUGH => break,
                next => next,
            };
        }
        let mut changed = BTreeSet::new();
        for path in paths {
            let is_above = self.places.iter().any(|place| place.starts_with(&path));
            if !is_above && !inputs::is_among(&self.root, &self.places, &path) {
                continue;
            }
            let before = self.state.remove(&path);
            match Stamp::of(&path) {
                Some(stamp) => {
                    self.state.insert(path.clone(), stamp);
                    changed.insert(path);
                }
                None if before.is_some() => {
                    changed.insert(path);
                }
                None => all |= path.is_dir() || self.has_below(&path),
            }
        }
        if all {
            self.listen();
            changed.append(&mut self.sweep());
        }
        changed
    }

    /// Whether there were files in this folder.
    fn has_below(&self, folder: &Path) -> bool {
        let from = (Bound::Excluded(folder), Bound::Unbounded);
        let next = self.state.range::<Path, _>(from).next();
        next.is_some_and(|(path, _)| path.starts_with(folder))
    }

    /// Looks at every file.
    fn sweep(&mut self) -> BTreeSet<PathBuf> {
        let now = inputs::look(&self.root, &self.places);
        let gone = self.state.keys().filter(|path| !now.contains_key(*path));
        let other = now
            .iter()
            .filter(|(path, stamp)| self.state.get(*path) != Some(stamp));
        let changed = gone.chain(other.map(|(path, _)| path)).cloned().collect();
        self.state = now;
        changed
    }
}

/// Reading a file, which a build does all the time, is no change.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Waits for the next change, and fails when it is not noticed.
    fn next(watch: &mut Watch) -> Vec<String> {
        const LONG: Duration = Duration::from_mins(1);
        let changed = watch.wait(Some(LONG));
        let changed = changed.expect("the change to be noticed within a minute");
        let names = changed.iter().filter_map(|path| path.file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    /// With what the system tells, and without it.
    fn watches(root: &Path) -> [Watch; 2] {
        let mut deaf = Watch::new(root, &[]);
        deaf.watcher = None;
        [Watch::new(root, &[]), deaf]
    }

    #[test]
    fn what_is_written_removed_or_renamed_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("content/s")).unwrap();
        fs::write(root.join("content/s/a.md"), "a").unwrap();
        let [mut told, mut deaf] = watches(root);
        for watch in [&mut told, &mut deaf] {
            fs::write(root.join("content/s/a.md"), "another").unwrap();
            assert_eq!(next(watch), ["a.md"]);
            fs::rename(root.join("content/s/a.md"), root.join("content/b.md")).unwrap();
            assert_eq!(next(watch), ["b.md", "a.md"]);
            fs::rename(root.join("content/b.md"), root.join("content/s/a.md")).unwrap();
            assert_eq!(next(watch), ["b.md", "a.md"]);
            // What is no part of the site is not.
            fs::write(root.join("content/.a.md.swp"), "x").unwrap();
            fs::write(root.join("notes.txt"), "x").unwrap();
            fs::create_dir_all(root.join("templates/x")).unwrap();
            fs::write(root.join("templates/x/y.html"), "y").unwrap();
            assert_eq!(next(watch), ["y.html"]);
            fs::remove_dir_all(root.join("templates")).unwrap();
            assert_eq!(next(watch), ["y.html"]);
        }
    }

    #[test]
    fn a_file_that_only_a_template_reads_is_watched_before_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        for mut watch in watches(folder.path()) {
            let file = folder.path().join("data/a.toml");
            watch.also([(file.clone(), None)]);
            fs::create_dir_all(folder.path().join("data")).unwrap();
            fs::write(&file, "a = 1").unwrap();
            assert_eq!(next(&mut watch), ["a.toml"]);
            fs::remove_dir_all(folder.path().join("data")).unwrap();
            assert_eq!(next(&mut watch), ["a.toml"]);
        }
    }

    #[test]
    fn a_file_that_a_template_reads_is_watched_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("content/.a.toml");
        fs::create_dir_all(folder.path().join("content")).unwrap();
        for mut watch in watches(folder.path()) {
            fs::write(&file, "a = 1").unwrap();
            watch.also([(file.clone(), Stamp::of(&file))]);
            fs::write(folder.path().join("content/.b.toml"), "b").unwrap();
            fs::write(&file, "a = 22").unwrap();
            assert_eq!(next(&mut watch), [".a.toml"]);
        }
    }

    #[test]
    fn a_change_between_reading_and_watching_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        for mut watch in watches(folder.path()) {
            fs::write(&file, "a = 1").unwrap();
            let read = Stamp::of(&file);
            fs::write(&file, "a = 22").unwrap();
            watch.also([(file.clone(), read)]);
            assert_eq!(next(&mut watch), ["a.toml"]);
        }
    }
}
