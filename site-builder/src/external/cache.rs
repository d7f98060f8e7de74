//! What answered well, and when: one line a link, in the cache folder of the site.
//!
//! Good answers are trusted for a day. Faults are not kept, so that a link that was mended, or a
//! site that is back, counts at once. A cache that cannot be used costs time and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{images, replace};

/// The folder within the cache folder, and the file in it.
const FOLDER: &str = "links";
const FILE: &str = "good.txt";

/// For how many seconds a good answer is trusted.
const TRUSTED: i64 = 24 * 60 * 60;

/// The good answers of earlier runs and of this one.
pub(super) struct Cache {
    site: images::Cache,
    now: i64,
    good: BTreeMap<String, i64>,
    grown: bool,
}

impl Cache {
    /// What the site in this folder keeps, without what is too old.
    pub(super) fn read(root: &Path, now: i64) -> Self {
        let site = images::Cache::new(root);
        let text = site
            .existing()
            .and_then(|folder| fs::read_to_string(folder.join(FOLDER).join(FILE)).ok())
            .unwrap_or_default();
        let good = text
            .lines()
            .filter_map(|line| {
                let (at, address) = line.split_once(' ')?;
                let at = at.parse().ok()?;
                // A time that is still to come is that of a clock that was wrong.
                (at <= now && now - at < TRUSTED).then(|| (address.to_owned(), at))
            })
            .collect();
        Self {
            site,
            now,
            good,
            grown: false,
        }
    }

    /// Whether a link answered well not long ago.
    pub(super) fn has(&self, address: &str) -> bool {
        self.good.contains_key(address)
    }

    /// Takes in a link that answered well just now.
    pub(super) fn add(&mut self, address: &str) {
        self.grown = true;
        self.good.insert(address.to_owned(), self.now);
    }

    /// Keeps it all for the next run.
    pub(super) fn write(&self) {
        if !self.grown {
            return;
        }
        let mut text = String::new();
        for (address, at) in &self.good {
            let _ = writeln!(text, "{at} {address}");
        }
        let _ = self.put(&text);
    }

    fn put(&self, text: &str) -> std::io::Result<()> {
        let folder: PathBuf = self.site.open()?.join(FOLDER);
        fs::create_dir_all(&folder)?;
        replace::file(&folder, &folder.join(FILE), text.as_bytes())
    }
}
