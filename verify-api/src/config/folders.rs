//! Whether the folders are there that files will be made in, whether what is nobody's
//! business lies where the site is served from, and who else may read it.
//!
//! Looks at the disk and changes nothing on it; what only shows when a file is
//! written, such as a full disk, is told then.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::{Database, Delivery, Http, Mode};

/// `file` is the configuration's own.
pub(super) fn check(
    settings: &mut Settings,
    mode: Mode,
    http: Option<&Http>,
    database: Option<&Database>,
    delivery: Option<&Delivery>,
    file: Option<&Path>,
) {
    let database = database.and_then(|database| database.url.secret().strip_prefix("sqlite://"));
    let database = database.map(Path::new);
    let messages = delivery.and_then(|delivery| delivery.directory.as_deref());
    if let Some(site) = http.and_then(|http| http.site.as_deref()) {
        let site = real(site);
        let inside = "must not lead into http.site: the site's folder is served to everybody. \
                      Name another folder.";
        for (key, path, problem) in [
            ("delivery.directory", messages, inside),
            ("database.url", database, inside),
            (
                "http.site",
                file,
                "is served to everybody, and the configuration file is in it. Name another folder.",
            ),
        ] {
            if path.is_some_and(|path| real(path).starts_with(&site)) {
                settings.problem(key, problem);
            }
        }
    }
    if let Some(file) = database {
        require(settings, "database.url", file);
    }
    if let Some(folder) = messages {
        // It is made itself at the first message.
        require(settings, "delivery.directory", folder);
        if mode == Mode::Production && is_open_to_all(folder) {
            settings.problem(
                "delivery.directory",
                &format!(
                    "is open to every user of this machine, and messages lie there in the \
                     clear. Run `chmod o= {}`; the program that empties it can be in its group.",
                    folder.display()
                ),
            );
        }
    }
}

/// Whether others than a folder's owner and group may do anything in it. It is not closed
/// for whoever runs the server: what lay there may have been read, and they should know.
#[cfg(unix)]
fn is_open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let about = std::fs::metadata(folder);
    about.is_ok_and(|about| about.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
const fn is_open_to_all(_folder: &Path) -> bool {
    false
}

/// Where a path leads, without links and dots, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = whole.ancestors().find_map(|above| {
        let rest = whole.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    real.unwrap_or(whole)
}

/// Says so if there is no folder to make `path` in.
fn require(settings: &mut Settings, key: &str, path: &Path) {
    let above = match path.parent() {
        Some(above) if above == Path::new("") => PathBuf::from("."),
        Some(above) => above.to_owned(),
        None => return,
    };
    if !above.is_dir() {
        let (path, above) = (path.display(), above.display());
        settings.problem(
            key,
            &format!(
                "is to be {path}, but there is no folder {above}. Make it, for the user that \
                 the server runs as, or name another."
            ),
        );
    }
}
