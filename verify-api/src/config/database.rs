//! `[database]`: where state is kept.

use super::settings::Settings;

/// Where state is kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite://` and the path of the file; `sqlite://frontdesk.db` unless set.
    pub url: String,
}

impl Database {
    pub(super) fn read(settings: &mut Settings) -> Option<Self> {
        const KEY: &str = "database.url";
        let text = settings.text(KEY);
        let url = text.map_or("sqlite://frontdesk.db".to_owned(), |text| {
            text.trim().to_owned()
        });
        let problem = match url.split_once("://") {
            Some(("sqlite", "")) => "names no file; write one, such as sqlite://frontdesk.db.",
            // Options there could take away what the store relies on.
            Some(("sqlite", path)) if path.contains('?') => {
                "takes no options; remove everything from the question mark."
            }
            Some(("sqlite", _)) => return Some(Self { url }),
            // Not quoted: the URL of a database server holds its password.
            Some(("postgres" | "postgresql", _)) => {
                "names a PostgreSQL server, which is not supported yet; \
                 use a file, such as sqlite://frontdesk.db."
            }
            _ => "must name a SQLite file, such as sqlite://frontdesk.db.",
        };
        settings.problem(KEY, problem);
        None
    }
}
