//! What a test decides about the server before it starts.

use std::path::{Path, PathBuf};

use crate::database::Database;

/// Where links in messages point. Deliberately not where the server listens, so
/// that a link made from a request's headers would be seen.
pub const PUBLIC: &str = "http://help.example.org";

/// A master key, of these tests and nothing else.
const KEY: &str = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";

/// What a test decides about the server.
#[derive(Clone, Debug)]
pub struct Settings {
    base_url: String,
    site: Option<PathBuf>,
    smtp: Option<u16>,
    is_sqlite: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: PUBLIC.to_owned(),
            site: None,
            smtp: None,
            is_sqlite: false,
        }
    }
}

impl Settings {
    /// Patients reach the server at this address.
    #[must_use]
    pub fn base_url(mut self, base_url: &str) -> Self {
        base_url.clone_into(&mut self.base_url);
        self
    }

    /// The server serves the built site.
    ///
    /// # Panics
    /// When there is none: `cargo xtask test` builds it and says where it is.
    #[must_use]
    pub fn site(mut self) -> Self {
        let site = std::env::var_os("FRONTDESK_SITE").map(PathBuf::from);
        let site = site.expect(
            "this test needs the built site, and FRONTDESK_SITE does not name it: \
             run `cargo xtask test`, which builds it first",
        );
        self.site = Some(site);
        self
    }

    /// Emails go to a mail server at this port of this machine.
    #[must_use]
    pub fn smtp(mut self, port: u16) -> Self {
        self.smtp = Some(port);
        self
    }

    /// State is kept in SQLite, whatever else the run is about.
    #[must_use]
    pub fn sqlite(mut self) -> Self {
        self.is_sqlite = true;
        self
    }

    /// Where the server keeps state.
    pub(crate) fn database(&self, folder: &Path) -> Database {
        if self.is_sqlite {
            Database::sqlite(folder)
        } else {
            Database::asked_for(folder)
        }
    }

    /// The configuration, as an operator would write it.
    pub(crate) fn toml(&self, folder: &Path, database: &str) -> String {
        let transport = if self.smtp.is_some() {
            "smtp"
        } else {
            "directory"
        };
        let path = |path: &Path| path.display().to_string();
        let text = |key: &str, value: &str| format!("{key} = {value:?}");
        let mut lines = vec![
            text("mode", "demo"),
            text("http.listen", "127.0.0.1:0"),
            text("http.base_url", &self.base_url),
            text("database.url", database),
            text("secrets.key", KEY),
            text("delivery.transport", transport),
            text("delivery.directory", &path(&folder.join("messages"))),
            text("delivery.from", "Wellsprings <help@example.org>"),
        ];
        lines.extend(self.site.iter().map(|site| text("http.site", &path(site))));
        if let Some(port) = self.smtp {
            lines.push(text("smtp.host", "127.0.0.1"));
            lines.push(text("smtp.security", "none"));
            lines.push(format!("smtp.port = {port}"));
        }
        lines.join("\n")
    }
}
