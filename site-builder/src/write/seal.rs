//! Telling that a build would do nothing: all that it reads and all that it wrote stands as it was.
//!
//! A file stands as it was if its size, its times and, on Unix, its number in the file system do. A
//! file that was younger than the start of the build could have been written twice within one step of
//! the file system's clock, so it is told by its bytes. Both are taken before the build reads the file:
//! one that changes in between is another than the seal says. Settings and templates can name files
//! from anywhere: the seal lists those, whether they were there or not. It is made only after a build
//! that had nothing to say, because a finding must be told at every build.
//!
//! It lies in the cache beside the site: in the output it would make two builds of the same site
//! differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Written;
use super::manifest::Manifest;
use crate::check::Checked;
use crate::images::{self, Cache};
use crate::inputs::{self, Seen, Stamp, State};
use crate::{BuildOptions, Report};

/// What the last build was made from, and what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// When the build truly began, in seconds since 1970.
    began: i64,
    /// Whether a template asked for the time.
    asks_time: bool,
    /// Files that settings and templates named, by path from the root.
    reads: BTreeSet<String>,
    /// Pages and sections.
    pages: usize,
    /// The hash of all that the build read.
    inputs: String,
    /// The hash of how the files stand that it wrote.
    outputs: String,
}

/// The site's files as they stood before a build read them.
#[derive(Debug)]
pub(crate) struct Before {
    state: State,
    /// The hashes of those that are young.
    young: BTreeMap<PathBuf, String>,
    began: i64,
}

impl Before {
    /// Looks at the site's files. The moment is the true one, whatever the site is built for.
    pub(crate) fn look(options: &BuildOptions, began: i64) -> Self {
        let places = inputs::places(&options.root, &options.static_dirs);
        let state = inputs::look(&options.root, &places);
        let young = state.par_iter().filter(|(_, stamp)| stamp.is_since(began));
        let young = young.filter_map(|(path, _)| Some((path.clone(), hash_file(path)?)));
        Self {
            young: young.collect(),
            state,
            began,
        }
    }

    /// What the last build into this folder came to, if another one would come to the same.
    pub(crate) fn same_as_last(&self, options: &BuildOptions, output: &Path) -> Option<Report> {
        let kept = Cache::new(&options.root).load(&name(output))?;
        let seal: Seal = serde_json::from_slice(&kept).ok()?;
        let manifest = Manifest::read(output);
        let known = self.state.par_iter();
        let known =
            known.map(|(path, stamp)| line(path, Some(stamp), seal.began, || hash_file(path)));
        let named = seal.reads.par_iter().map(|path| {
            let path = options.root.join(path);
            let stamp = Stamp::of(&path);
            line(&path, stamp.as_ref(), seal.began, || hash_file(&path))
        });
        let lines: Option<Vec<String>> = known.chain(named).collect();
        let same = hash_inputs(options, seal.asks_time, &lines?)? == seal.inputs
            && hash_outputs(output, manifest.paths())? == seal.outputs;
        same.then(|| Report {
            written: Some(Written {
                files: manifest.paths().len(),
                unchanged: true,
                ..Written::default()
            }),
            pages: seal.pages,
            ..Report::default()
        })
    }

    /// Keeps what tells that nothing changed since the build that was made from these files. Without
    /// it, the next build does all its work.
    pub(crate) fn seal(&self, options: &BuildOptions, built: &Checked) {
        if let Some(seal) = self.make(options, built)
            && let Ok(text) = serde_json::to_vec(&seal)
        {
            built.image_cache.store(&name(&built.output), &text);
        }
    }

    fn make(&self, options: &BuildOptions, built: &Checked) -> Option<Seal> {
        let known = self.state.par_iter().map(|(path, stamp)| {
            let hash = || self.young.get(path).cloned();
            line(path, Some(stamp), self.began, hash)
        });
        let named = built.reads.par_iter().map(|(path, seen)| {
            let path = options.root.join(path);
            match seen {
                Seen::Nothing => line(&path, None, self.began, || None),
                Seen::File(stamp, bytes) => {
                    line(&path, Some(stamp), self.began, || Some(hash(bytes)))
                }
                Seen::Outside | Seen::Unreadable(_) => None,
            }
        });
        let lines: Option<Vec<String>> = known.chain(named).collect();
        let manifest = Manifest::read(&built.output);
        Some(Seal {
            began: self.began,
            asks_time: built.asks_time,
            reads: built.reads.keys().cloned().collect(),
            pages: built.pages,
            inputs: hash_inputs(options, built.asks_time, &lines?)?,
            outputs: hash_outputs(&built.output, manifest.paths())?,
        })
    }
}

/// The name in the cache; each output folder has a seal of its own.
fn name(output: &Path) -> String {
    let path = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
    let hash = Sha256::digest(path.to_string_lossy().as_bytes());
    format!("{}{}", images::SEAL, HEXLOWER.encode(&hash[..8]))
}

/// The hash of everything that a build depends on: its options, the program, and files.
fn hash_inputs(options: &BuildOptions, asks_time: bool, lines: &[String]) -> Option<String> {
    let options_but_time = BuildOptions {
        now: if asks_time { options.now } else { 0 },
        ..options.clone()
    };
    let program = Stamp::of(&std::env::current_exe().ok()?)?;
    let mut hash = Sha256::new();
    hash.update(format!("{} {program:?}\n", env!("CARGO_PKG_VERSION")));
    hash.update(format!("{options_but_time:?}\n"));
    for line in lines {
        hash.update(line);
    }
    Some(HEXLOWER.encode(&hash.finalize()))
}

/// How a file stands; nothing when that cannot be told. Only of a young one is the hash asked for.
fn line(
    path: &Path,
    stamp: Option<&Stamp>,
    began: i64,
    hash: impl FnOnce() -> Option<String>,
) -> Option<String> {
    let bytes = match stamp {
        Some(stamp) if stamp.is_since(began) => hash()?,
        _ => String::new(),
    };
    Some(format!("{} {stamp:?} {bytes}\n", path.display()))
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn hash_file(path: &Path) -> Option<String> {
    Some(hash(&fs::read(path).ok()?))
}

/// The hash of how the files of the output stand; nothing when one is missing.
fn hash_outputs(output: &Path, paths: &BTreeSet<String>) -> Option<String> {
    let paths = paths.iter().collect::<Vec<_>>().into_par_iter();
    let lines: Option<Vec<String>> = paths
        .map(|path| Some(format!("{path:?} {:?}\n", Stamp::of(&output.join(path))?)))
        .collect();
    let mut hash = Sha256::new();
    for line in lines? {
        hash.update(line);
    }
    Some(HEXLOWER.encode(&hash.finalize()))
}

#[cfg(test)]
mod tests;
