//! What the functions of the template language can see: addresses, values and files.

mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tera::{Error, TeraResult, Value};

use super::lenient::forgives;
use super::reads::{Reads, note};
use super::revalue::Part;
use super::values::Values;
use crate::config::{Config, Mode};
use crate::diagnostic::nearest;
use crate::images::Images;
use crate::inputs::{self, Named, Seen};
use crate::page::model::{Id, Library};
use crate::source::AssetFile;

/// Shared by every function. Values come later, once or twice: a body may ask for pages before their
/// bodies exist.
pub(crate) struct Index {
    config: Config,
    root: PathBuf,
    addresses: BTreeMap<String, String>,
    drafts: BTreeSet<String>,
    statics: Arc<BTreeMap<String, AssetFile>>,
    content_files: BTreeMap<String, AssetFile>,
    /// What was read already, by path from the root.
    read: BTreeMap<String, Arc<[u8]>>,
    values: RwLock<Arc<Values>>,
    /// What bodies see, kept for a preview: the values before there are any bodies.
    without_bodies: RwLock<Arc<Values>>,
    /// Hashed names that a template asked for, with the path of the file each one stands for.
    hashed: Mutex<BTreeMap<String, String>>,
    /// The hashes of published files that templates asked for, by path: every page asks for the same.
    hashes: Mutex<BTreeMap<String, String>>,
    images: Images,
    /// What was read since: files that settings name and templates ask for, whether there or not.
    asked: Mutex<Named>,
    asks_time: AtomicBool,
}

impl Index {
    /// Starts the index with what is known before bodies are rendered.
    pub(crate) fn new(
        config: &Config,
        root: &Path,
        library: &Library,
        statics: Arc<BTreeMap<String, AssetFile>>,
    ) -> Self {
        let addresses = library
            .docs()
            .map(|doc| (doc.relative.clone(), doc.permalink.clone()))
            .collect();
        let content_files: BTreeMap<String, AssetFile> = library
            .docs()
            .flat_map(|doc| &doc.assets)
            .map(|(target, file)| (target.clone(), file.clone()))
            .collect();
        let read = content_files
            .values()
            .chain(statics.values())
            .map(|file| (file.file.clone(), Arc::clone(&file.bytes)))
            .collect();
        Self {
            config: config.clone(),
            root: root.to_owned(),
            addresses,
            drafts: library.drafts.keys().cloned().collect(),
            statics,
            content_files,
            read,
            values: RwLock::default(),
            without_bodies: RwLock::default(),
            hashed: Mutex::new(BTreeMap::new()),
            hashes: Mutex::new(BTreeMap::new()),
            images: Images::default(),
            asked: Mutex::new(config.checks.named_files.clone()),
            asks_time: AtomicBool::default(),
        }
    }

    /// Makes the values of what the library holds now.
    pub(crate) fn complete(&self, library: &Library) {
        if self.config.mode == Mode::Serve {
            *write(&self.without_bodies) = self.values();
        }
        self.set(Values::new(library));
    }

    /// Brings the values up to date after other bodies took the place of these pages' and sections'
    /// own, and returns which values are others now.
    pub(crate) fn revalue(&self, library: &Library, changed: &BTreeSet<Id>) -> Reads {
        Arc::make_mut(&mut write(&self.values)).revalue(library, changed, Part::Body)
    }

    /// The same for what bodies see, which is only the length of another body.
    pub(crate) fn revalue_lengths(&self, library: &Library, changed: &BTreeSet<Id>) -> Reads {
        let mut values = write(&self.without_bodies);
        Arc::make_mut(&mut values).revalue(library, changed, Part::Length)
    }

    /// Does work that is to see what bodies see.
    pub(crate) fn with_lengths_only<T>(&self, work: impl FnOnce() -> T) -> T {
        let whole = mem::take(&mut *write(&self.values));
        let bare = Arc::clone(&write(&self.without_bodies));
        *write(&self.values) = bare;
        let result = work();
        *write(&self.values) = whole;
        result
    }

    /// Lets go of the values when no template will be rendered any more.
    pub(crate) fn forget_values(&self) {
        self.set(Values::default());
    }

    fn set(&self, values: Values) {
        let old = mem::replace(&mut *write(&self.values), Arc::new(values));
        // Taking a large site's values apart takes a while that nobody needs to wait for.
        rayon::spawn(move || drop(old));
    }

    /// The values as far as they are known.
    pub(crate) fn values(&self) -> Arc<Values> {
        Arc::clone(&self.values.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Pictures and what was asked of them.
    pub(crate) fn images(&self) -> &Images {
        &self.images
    }

    /// A file by the rules of Zola's "File searching logic": from the root, in `static`, in
    /// `content`, in the theme's `static`; with the path that findings name. Nothing outside the
    /// site's folder is ever read.
    pub(crate) fn find(&self, path: &str) -> TeraResult<Option<(String, Arc<[u8]>)>> {
        let path = match path.strip_prefix("@/") {
            Some(inside) => format!("content/{inside}"),
            None => path.to_owned(),
        };
        let outside = || Error::message(format!("The file `{path}` is outside the site's folder"));
        if path.split(['/', '\\']).any(|part| part == "..") {
            return Err(outside());
        }
        let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
        let path = parts.collect::<Vec<_>>().join("/");
        for folder in ["", "static/", "content/"] {
            let file = format!("{folder}{path}");
            if let Some(bytes) = self.read.get(&file) {
                return Ok(Some((file, Arc::clone(bytes))));
            }
            match self.ask(&file) {
                Seen::Nothing => {}
                Seen::File(_, bytes) => return Ok(Some((file, bytes))),
                Seen::Outside => return Err(outside()),
                Seen::Unreadable(why) => {
                    return Err(Error::message(format!("`{path}` cannot be read: {why}")));
                }
            }
        }
        Ok(self
            .published_file(&path)
            .map(|file| (file.file.clone(), Arc::clone(&file.bytes))))
    }

    /// Reads a file once, whatever paths lead to it, so that all pages see the same of it.
    fn ask(&self, file: &str) -> Seen {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = asked.get(file) {
            return seen.clone();
        }
        let real = inputs::real(&self.root, file);
        let known = real.as_ref().and_then(|real| asked.get(real));
        let seen = known.map_or_else(|| Seen::inside(&self.root, file), Seen::clone);
        // Who changes the file goes to where it is, not by the way that a template took.
        asked.extend(real.map(|real| (real, seen.clone())));
        asked.insert(file.to_owned(), seen.clone());
        seen
    }

    /// When the build began, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        self.asks_time.store(true, Ordering::Relaxed);
        self.config.now
    }

    /// Whether a template asked for that.
    pub(crate) fn asks_time(&self) -> bool {
        self.asks_time.load(Ordering::Relaxed)
    }

    /// Files that the site is made from wherever they are, by path from the root: those that settings
    /// name, and those that templates asked for; whether they are there or not.
    pub(crate) fn asked(&self) -> Named {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bytes of a file, found in the same way.
    pub(crate) fn file(&self, path: &str) -> TeraResult<Option<Arc<[u8]>>> {
        Ok(self.find(path)?.map(|(_, bytes)| bytes))
    }

    /// Why a path names no file, with the nearest one that exists.
    pub(crate) fn no_file(&self, path: &str) -> Error {
        let near = nearest(path, self.read.keys().map(String::as_str));
        Error::message(match near {
            Some(near) => format!("There is no file `{path}`; did you mean `{near}`?"),
            None => format!("There is no file `{path}`"),
        })
    }

    /// A file by its path in the output.
    pub(crate) fn published(&self, path: &str) -> Option<Arc<[u8]>> {
        self.published_file(path)
            .map(|file| Arc::clone(&file.bytes))
    }

    fn published_file(&self, path: &str) -> Option<&AssetFile> {
        self.statics
            .get(path)
            .or_else(|| self.content_files.get(path))
    }

    /// The path of a published file with the hash of its bytes: as a name of its own
    /// (`css/main.0123456789abcdef.css`) when the settings ask for that, else as Zola's `?h=…`.
    pub(crate) fn cache_busted(&self, path: &str) -> TeraResult<String> {
        let path = path.trim_start_matches('/');
        let Some(bytes) = self.published(path) else {
            let mut sentence = format!("There is no file `{path}` to take the hash of");
            let known = self.statics.keys().map(String::as_str);
            if let Some(near) = nearest(path, known) {
                let _ = write!(sentence, "; did you mean `{near}`?");
            }
            return Err(Error::message(sentence));
        };
        let hash = {
            let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
            let known = hashes.entry(path.to_owned());
            let hash = known.or_insert_with(|| HEXLOWER.encode(&Sha256::digest(&bytes)));
            hash.clone()
        };
        if !self.config.hashed_names || !self.statics.contains_key(path) {
            return Ok(format!("{path}?h={}", &hash[..20]));
        }
        let (folder, name) = match path.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), path),
        };
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let dot = if ending.is_empty() { "" } else { "." };
        let hashed = format!("{folder}{stem}.{}{dot}{ending}", &hash[..16]);
        note(|reads| {
            reads.made.insert(hashed.clone());
        });
        if let Ok(mut names) = self.hashed.lock() {
            names.insert(hashed.clone(), path.to_owned());
        }
        Ok(hashed)
    }

    /// Hashed names that templates asked for, with the path of the file each one stands for.
    pub(crate) fn hashed_names(&self) -> BTreeMap<String, String> {
        self.hashed
            .lock()
            .map(|names| names.clone())
            .unwrap_or_default()
    }

    /// A word of a language's `[translations]`.
    pub(crate) fn translation(&self, key: &str, lang: &str) -> TeraResult<Value> {
        let words = &self.config.language(lang).translations;
        if let Some((word, _)) = words.get(key) {
            return Ok(Value::from(word.as_str()));
        }
        let main = &self.config.main_language.translations;
        // All that a language lacks is told with the first word.
        if let Some((original, _)) = main.get(key)
            && forgives("words")
        {
            return Ok(Value::from(original.as_str()));
        }
        let mut sentence = format!("There is no translation for `{key}`");
        if lang != self.config.default_language {
            let _ = write!(sentence, " into `{lang}`");
        }
        if let Some(near) = nearest(key, words.keys().map(String::as_str)) {
            let _ = write!(sentence, "; did you mean `{near}`?");
        } else if main.contains_key(key) {
            let others = main.keys().filter(|other| !words.contains_key(*other));
            let others = others.filter(|other| *other != key);
            let others: Vec<String> = others.map(|other| format!("`{other}`")).collect();
            let also = match &others[..] {
                [] => String::new(),
                others => format!(" These lack one, too: {}.", others.join(", ")),
            };
            let _ = write!(
                sentence,
                "\nAdd `{key} = \"…\"` under `[languages.{lang}.translations]`.{also}"
            );
        }
        Err(Error::message(sentence))
    }
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
