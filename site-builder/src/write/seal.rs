//! Telling that a build would do nothing: all that it reads and all that it wrote stands as it was.
//!
//! A file stands as it was if its size, its times and, on Unix, its number in the file system do. A
//! file that was younger than the start of the build could have been written twice within one step of
//! the file system's clock, so it is told by its bytes. Templates can read files from anywhere in the
//! site's folder: the seal lists those, whether they were there or not. It is made only after a build
//! that had nothing to say, because a finding must be told at every build.
//!
//! It lies in the cache beside the site: in the output it would make two builds of the same site
//! differ.

use std::collections::BTreeSet;
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
use crate::inputs::{self, Stamp, State};
use crate::{BuildOptions, Report};

/// What the last build was made from, and what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// When the build began, in seconds since 1970.
    began: i64,
    /// Whether a template asked for the time.
    asks_time: bool,
    /// Files that templates asked for, by path from the root.
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
    began: i64,
}

impl Before {
    /// Looks at the site's files.
    pub(crate) fn look(options: &BuildOptions) -> Self {
        let places = inputs::places(&options.root, &options.static_dirs);
        Self {
            state: inputs::look(&options.root, &places),
            began: options.now,
        }
    }

    /// What the last build into this folder came to, if another one would come to the same.
    pub(crate) fn same_as_last(&self, options: &BuildOptions, output: &Path) -> Option<Report> {
        let kept = Cache::new(&options.root).load(&name(output))?;
        let seal: Seal = serde_json::from_slice(&kept).ok()?;
        let manifest = Manifest::read(output);
        let same = hash_inputs(options, &self.state, &seal)? == seal.inputs
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
        let mut seal = Seal {
            began: self.began,
            asks_time: built.asks_time,
            reads: built.reads.clone(),
            pages: built.pages,
            inputs: String::new(),
            outputs: String::new(),
        };
        let manifest = Manifest::read(&built.output);
        let inputs = hash_inputs(options, &self.state, &seal);
        let outputs = hash_outputs(&built.output, manifest.paths());
        if let (Some(inputs), Some(outputs)) = (inputs, outputs) {
            (seal.inputs, seal.outputs) = (inputs, outputs);
            if let Ok(text) = serde_json::to_vec(&seal) {
                built.image_cache.store(&name(&built.output), &text);
            }
        }
    }
}

/// The name in the cache; each output folder has a seal of its own.
fn name(output: &Path) -> String {
    let path = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
    let hash = Sha256::digest(path.to_string_lossy().as_bytes());
    format!("{}{}", images::SEAL, HEXLOWER.encode(&hash[..8]))
}

/// The hash of everything that a build depends on: its options, the program, and files.
fn hash_inputs(options: &BuildOptions, state: &State, seal: &Seal) -> Option<String> {
    let options_but_time = BuildOptions {
        now: if seal.asks_time { options.now } else { 0 },
        ..options.clone()
    };
    let program = Stamp::of(&std::env::current_exe().ok()?)?;
    let read: Vec<PathBuf> = seal
        .reads
        .iter()
        .map(|path| options.root.join(path))
        .collect();
    let asked: Vec<_> = read.iter().map(|path| (path, Stamp::of(path))).collect();
    let known = state.iter().collect::<Vec<_>>().into_par_iter();
    let known = known.map(|(path, stamp)| line(path, Some(stamp), seal.began));
    let asked = asked.par_iter();
    let asked = asked.map(|(path, stamp)| line(path, stamp.as_ref(), seal.began));
    let lines: Option<Vec<String>> = known.chain(asked).collect();
    let mut hash = Sha256::new();
    hash.update(format!("{} {program:?}\n", env!("CARGO_PKG_VERSION")));
    hash.update(format!("{options_but_time:?}\n"));
    for line in lines? {
        hash.update(line);
    }
    Some(HEXLOWER.encode(&hash.finalize()))
}

/// How a file stands; nothing when that cannot be told.
fn line(path: &Path, stamp: Option<&Stamp>, began: i64) -> Option<String> {
    let bytes = match stamp {
        Some(stamp) if stamp.is_since(began) => {
            HEXLOWER.encode(&Sha256::digest(fs::read(path).ok()?))
        }
        _ => String::new(),
    };
    Some(format!("{} {stamp:?} {bytes}\n", path.display()))
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
