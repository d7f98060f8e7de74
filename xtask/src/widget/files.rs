//! The widget's files in their folder: named after their content, and written
//! so that a server which is serving the folder never sees half a widget.
//!
//! It must not know how the files came to be.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use protocol::{Locale, messages};
use sha2::{Digest, Sha256};

use super::{Bound, loader, styles};
use crate::build;
use crate::failure::{During, Result};

const LOADER: &str = "widget/loader/verify-widget.js";
/// What is built into one file with the glue.
const HOST: &str = "widget/loader/host.js";
/// What the host links on pages of other sites.
const STYLES: &str = "widget/loader/embed.css";
/// The one file with a constant name: pages link it.
pub(crate) const LOADER_NAME: &str = "verify-widget.js";

/// A file's name, with its content's hash in it, and its digest for the browser.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) integrity: String,
}

impl Named {
    /// `stem.HASH.kind`; the hash is short, since it tells versions apart, and
    /// the digest is what a browser checks.
    fn new(stem: &str, kind: &str, content: &[u8]) -> Self {
        let digest = Sha256::digest(content);
        Self {
            name: format!("{stem}.{}.{kind}", HEXLOWER.encode(&digest[..8])),
            integrity: format!("sha256-{}", BASE64.encode(&digest)),
        }
    }
}

/// Writes the widget's files and removes those of earlier builds.
///
/// The loader comes last: until it names the new files, the old ones are whole.
pub(super) fn write(folder: &Path, bound: &Bound) -> Result<()> {
    fs::create_dir_all(folder).during(format_args!("make {}", folder.display()))?;
    let mut current = vec![LOADER_NAME.to_owned()];
    let mut put = |stem: &str, kind: &str, content: &[u8]| {
        let named = Named::new(stem, kind, content);
        current.push(named.name.clone());
        replace(folder, &named.name, content).map(|()| named)
    };
    let styles = styles::smaller(&source(STYLES)?)?;
    let styles = put("embed", "css", styles.as_bytes())?;
    let wasm = put("widget", "wasm", &bound.wasm)?;
    let glue = loader::smaller(&bound.glue);
    let mut scripts = Vec::new();
    for locale in Locale::ALL {
        let words = messages::source_of_widget(locale);
        let host = loader::host(&source(HOST)?, &wasm, &styles, &words);
        let stem = format!("glue-{}", locale.as_str());
        let named = put(&stem, "js", [&*glue, &*host].concat().as_bytes())?;
        scripts.push((locale.as_str(), named));
    }
    let script = loader::script(&source(LOADER)?, &wasm, &scripts);
    replace(folder, LOADER_NAME, script.as_bytes())?;
    remove_others(folder, &current)
}

fn source(path: &str) -> Result<String> {
    fs::read_to_string(build::root().join(path)).during(format_args!("read {path}"))
}

/// Puts a file in place in one step.
fn replace(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let during = || format!("write {}", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).during(during())?;
    file.write_all(content).during(during())?;
    // A temporary file is its owner's alone; this one is for every server.
    let readable = fs::Permissions::from_mode(0o644);
    file.as_file().set_permissions(readable).during(during())?;
    file.persist(&path).during(during())?;
    Ok(())
}

fn remove_others(folder: &Path, current: &[String]) -> Result<()> {
    let during = format!("tidy up {}", folder.display());
    for entry in fs::read_dir(folder).during(&during)? {
        let entry = entry.during(&during)?;
        if current.iter().all(|name| entry.file_name() != **name) {
            fs::remove_file(entry.path()).during(&during)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_build_replaces_the_old_one_whole() {
        let folder = tempfile::tempdir().unwrap();
        let bound = |glue: &str| Bound {
            glue: glue.to_owned(),
            wasm: b"\0asm".to_vec(),
        };
        write(folder.path(), &bound("let a = 1;")).unwrap();
        let first = names(folder.path());
        write(folder.path(), &bound("let a = 2;")).unwrap();
        let second = names(folder.path());
        assert_eq!(first.len(), second.len());
        let changed: Vec<_> = second.iter().filter(|name| !first.contains(name)).collect();
        let is_glue = |name: &String| name.starts_with("glue-");
        assert_eq!(changed.len(), Locale::ALL.len(), "{changed:?}");
        assert!(changed.iter().all(|name| is_glue(name)), "{changed:?}");
        let is_script = |name: &&String| **name == LOADER_NAME || is_glue(name);
        let scripts = second.iter().filter(is_script);
        let scripts: String = scripts
            .map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
            .collect();
        for name in second.iter().filter(|name| *name != LOADER_NAME) {
            assert!(scripts.contains(name.as_str()), "{name} is not named");
        }
    }
}
