//! The files that a site is made from, as they stand on disk.
//!
//! Owns where such files can be, and what tells that one is another than before. Reads only files that
//! settings and templates name, and knows nothing of what is in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::published;
use crate::source::is_clutter;

/// What is in a site's folder whatever its settings say.
const NAMES: [&str; 10] = [
    "zola.toml",
    "config.toml",
    "words.toml",
    "synonyms.toml",
    published::FILE,
    "content",
    "templates",
    "static",
    "sass",
    "themes",
];

/// Where the files of a site are.
pub(crate) fn places(root: &Path, static_dirs: &[PathBuf]) -> Vec<PathBuf> {
    let own = NAMES.iter().map(|name| root.join(name));
    own.chain(static_dirs.iter().cloned()).collect()
}

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// When anything about the file last changed, which no program can set, and which file it is.
    #[cfg(unix)]
    node: (i64, i64, u64),
}

impl Stamp {
    /// The stamp of a file; nothing when there is none.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Self::from(&data))
    }

    /// Whether the file may have changed at or after this moment. The times of some file systems are
    /// whole steps of two seconds.
    pub(crate) fn is_since(&self, seconds: i64) -> bool {
        const STEP: i64 = 2;
        let from = Duration::from_secs(seconds.saturating_sub(STEP).max(0).unsigned_abs());
        let modified = self.modified.and_then(|time| {
            let since = time.duration_since(SystemTime::UNIX_EPOCH);
            since.ok()
        });
        let young = modified.is_none_or(|time| time >= from);
        #[cfg(unix)]
        let young = young || self.node.0 >= seconds.saturating_sub(STEP);
        young
    }
}

impl From<&fs::Metadata> for Stamp {
    fn from(data: &fs::Metadata) -> Self {
        Self {
            size: data.len(),
            modified: data.modified().ok(),
            #[cfg(unix)]
            node: {
                use std::os::unix::fs::MetadataExt as _;
                (data.ctime(), data.ctime_nsec(), data.ino())
            },
        }
    }
}

/// What came of reading a file that the site names.
#[derive(Debug, Clone)]
pub(crate) enum Seen {
    /// There was none.
    Nothing,
    /// How it stood before it was read, and what was in it. In this order, a change in between is one
    /// that the next look notices.
    File(Stamp, Arc<[u8]>),
    /// It is outside the site's folder, so it was left alone.
    Outside,
    /// It is there, and this is why it could not be read.
    Unreadable(String),
}

impl Seen {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Self {
        let Some(stamp) = Stamp::of(path) else {
            return Self::Nothing;
        };
        match fs::read(path) {
            Ok(bytes) => Self::File(stamp, bytes.into()),
            Err(error) => Self::Unreadable(error.to_string()),
        }
    }

    /// Reads a file by its path from the root; nothing outside the site's folder is ever read.
    pub(crate) fn inside(root: &Path, path: &str) -> Self {
        let file = root.join(path);
        match (file.canonicalize(), root.canonicalize()) {
            (Ok(real), Ok(root)) if real.starts_with(&root) => Self::read(&file),
            (Ok(_), Ok(_)) => Self::Outside,
            _ => Self::Nothing,
        }
    }

    /// How the file stood, if there was one.
    pub(crate) fn stamp(&self) -> Option<&Stamp> {
        match self {
            Self::File(stamp, _) => Some(stamp),
            _ => None,
        }
    }
}

/// Files that the site names, by path from the root, each read once in a build.
pub(crate) type Named = BTreeMap<String, Seen>;

/// The path from the root to what a path from there leads to, with no symlink in it; nothing when that
/// is not there or outside.
pub(crate) fn real(root: &Path, path: &str) -> Option<String> {
    let real = root.join(path).canonicalize().ok()?;
    relative(&root.canonicalize().ok()?, &real)
}

/// The path of a file inside a folder, with `/`.
pub(crate) fn relative(folder: &Path, file: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = file
        .strip_prefix(folder)
        .ok()?
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    Some(parts?.join("/"))
}

/// The files in some places, with their stamps.
pub(crate) type State = BTreeMap<PathBuf, Stamp>;

/// Looks at every file in these places of a site. A symlink that leads nowhere, in a circle, or out of
/// the site's folder and of these places is looked at and not followed.
pub(crate) fn look(root: &Path, places: &[PathBuf]) -> State {
    let limits = places.iter().map(PathBuf::as_path).chain([root]);
    let limits: Vec<PathBuf> = limits.flat_map(Path::canonicalize).collect();
    let stays = |path: &Path| {
        let target = path.canonicalize();
        target.is_ok_and(|target| limits.iter().any(|limit| target.starts_with(limit)))
    };
    let mut links = State::new();
    let mut files = Vec::new();
    for place in places {
        let mut left_out = Vec::new();
        let walk = WalkDir::new(place).follow_links(true).into_iter();
        let walk = walk.filter_entry(|entry| {
            let inside = !entry.path_is_symlink() || stays(entry.path());
            if !inside {
                left_out.push(entry.path().to_owned());
            }
            inside
        });
        let mut faulty = Vec::new();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => faulty.extend(error.path().map(Path::to_owned)),
            }
        }
        for path in left_out.into_iter().chain(faulty) {
            if let Ok(data) = fs::symlink_metadata(&path) {
                links.insert(path, Stamp::from(&data));
            }
        }
    }
    // All were found below a place.
    files.retain(|path| !is_left_out(root, path) || places.contains(path));
    let files = files.into_par_iter();
    let files = files.filter_map(|path| Stamp::of(&path).map(|stamp| (path, stamp)));
    links.par_extend(files);
    links
}

/// Whether a file in these places is one of the site's. One that is a place of its own always is.
pub(crate) fn is_among(root: &Path, places: &[PathBuf], path: &Path) -> bool {
    let mut places = places.iter();
    if is_left_out(root, path) {
        places.any(|place| path == place)
    } else {
        places.any(|place| path.starts_with(place))
    }
}

/// Whether a file is what editors and systems leave beside texts, which no build reads unless it is
/// named.
fn is_left_out(root: &Path, path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let texts = ["content", "templates"];
    is_clutter(&name)
        && texts
            .iter()
            .any(|folder| path.starts_with(root.join(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_texts_is_left_out_and_a_published_file_never_is() {
        let folder = tempfile::tempdir().unwrap();
        // The site itself may lie in a folder of any name.
        let root = folder.path().join("content/site");
        for path in [
            "content/.a.md.swp",
            "content/a.md",
            "static/.well-known/x",
            "static/.x",
        ] {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = look(&root, &places(&root, &[]));
        let found: Vec<_> = found
            .keys()
            .flat_map(|path| path.strip_prefix(&root))
            .collect();
        let expected = ["content/a.md", "static/.well-known/x", "static/.x"];
        assert_eq!(found, expected.map(Path::new));
    }

    #[test]
    fn a_symlink_is_not_followed_out_of_the_site() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        for path in ["site/content/a.md", "else/b.md"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        #[cfg(unix)]
        for (to, link) in [
            (folder.path().join("else"), "out"),
            (root.join("content"), "loop"),
        ] {
            std::os::unix::fs::symlink(to, root.join("content").join(link)).unwrap();
        }
        let found = look(&root, &places(&root, &[]));
        let found: Vec<_> = found.keys().filter_map(|path| path.file_name()).collect();
        #[cfg(unix)]
        assert_eq!(found, ["a.md", "loop", "out"]);
        #[cfg(not(unix))]
        assert_eq!(found, ["a.md"]);
    }
}
