//! Whether the folders are there that files will be made in.
//!
//! Looks at the disk and changes nothing on it; what only shows when a file is
//! written, such as a full disk, is told then.

use std::path::{Path, PathBuf};

use super::settings::Settings;
use super::{Database, Delivery};

pub(super) fn check(
    settings: &mut Settings,
    database: Option<&Database>,
    delivery: Option<&Delivery>,
) {
    let file = database.and_then(|database| database.url.secret().strip_prefix("sqlite://"));
    if let Some(file) = file {
        let file = Path::new(file);
        require(settings, "database.url", file);
    }
    let folder = delivery.and_then(|delivery| delivery.directory.as_deref());
    if let Some(folder) = folder {
        // It is made itself at the first message.
        require(settings, "delivery.directory", folder);
    }
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
