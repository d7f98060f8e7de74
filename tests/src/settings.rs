//! What a test decides about the server before it starts.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::database::{self, Database};
use crate::preview::built;
use crate::{MailServer, Proxy, Twilio};

/// Where links in messages point. Deliberately not where the server listens, so
/// that a link made from a request's headers would be seen.
pub const PUBLIC: &str = "http://help.example.org";

/// Where people sign in to the portal.
pub const PORTAL: &str = "https://portal.example.org/login";

/// A master key, of these tests and nothing else.
const KEY: &str = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";

/// What a test decides about the server.
#[derive(Clone, Debug)]
pub struct Settings {
    base_url: String,
    site: Option<PathBuf>,
    is_sqlite: bool,
    proxy: Option<SocketAddr>,
    keys: BTreeMap<&'static str, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: PUBLIC.to_owned(),
            site: None,
            is_sqlite: false,
            proxy: None,
            keys: BTreeMap::new(),
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
        self.site = Some(built("FRONTDESK_SITE"));
        self
    }

    /// Emails go to this mail server, in the way that it asks for.
    #[must_use]
    pub fn smtp(mut self, server: &MailServer) -> Self {
        self.keys.insert("delivery.transport", "smtp".to_owned());
        self.keys.extend(server.settings());
        self
    }

    /// Texts and calls go to this provider.
    #[must_use]
    pub fn twilio(mut self, twilio: &Twilio) -> Self {
        self.keys.extend(twilio.settings());
        self
    }

    /// A key as an operator would set it; takes the place of what stood there.
    #[must_use]
    pub fn key(mut self, key: &'static str, value: &str) -> Self {
        self.keys.insert(key, value.to_owned());
        self
    }

    /// Nothing that a test does is over a budget.
    #[must_use]
    pub fn without_budgets(mut self) -> Self {
        for key in [
            "limits.starts_per_network_hour",
            "limits.starts_per_wide_network_hour",
            "limits.starts_per_hour",
            "limits.sign_ins_per_network_hour",
            "limits.sign_ins_per_wide_network_hour",
            "limits.wrong_passwords_per_hour",
            "limits.staff_sign_ins_per_hour",
            "limits.messages_per_person_day",
            "limits.messages_per_network_hour",
            "limits.messages_per_wide_network_hour",
            "limits.messages_asked_per_hour",
            "limits.messages_per_hour",
            "limits.messages_per_number_day",
            "limits.messages_per_prefix_hour",
        ] {
            self = self.key(key, "3600000");
        }
        self.key("limits.messages_per_number_five_minutes", "300000")
    }

    /// State is kept in SQLite, whatever else the run is about.
    #[must_use]
    pub fn sqlite(mut self) -> Self {
        self.is_sqlite = true;
        self
    }

    /// State is kept in PostgreSQL, whatever else the run is about, and the
    /// server reaches it by this way.
    #[must_use]
    pub fn postgres(mut self, proxy: &Proxy) -> Self {
        self.proxy = Some(proxy.address());
        self
    }

    /// Where the server keeps state.
    pub(crate) fn database(&self, folder: &Path) -> Database {
        if self.proxy.is_some() {
            Database::postgres()
        } else if self.is_sqlite {
            Database::sqlite(folder)
        } else {
            Database::asked_for(folder)
        }
    }

    /// The configuration, as an operator would write it.
    pub(crate) fn toml(&self, folder: &Path, database: &str) -> String {
        let path = |path: &Path| path.display().to_string();
        let database = match self.proxy {
            Some(proxy) => database.replace(&database::postgres_address(), &proxy.to_string()),
            None => database.to_owned(),
        };
        let mut keys = BTreeMap::from([
            ("mode", "demo".to_owned()),
            ("http.listen", "127.0.0.1:0".to_owned()),
            ("http.base_url", self.base_url.clone()),
            ("http.portal_url", PORTAL.to_owned()),
            ("database.url", database),
            ("secrets.key", KEY.to_owned()),
            ("delivery.transport", "directory".to_owned()),
            ("delivery.directory", path(&folder.join("messages"))),
            ("delivery.from", "Wellsprings <help@example.org>".to_owned()),
            // The clock of a test stands still, so all that it sends comes at once.
            ("limits.messages_per_number_five_minutes", "1000".to_owned()),
        ]);
        keys.extend(self.site.iter().map(|site| ("http.site", path(site))));
        keys.extend(self.keys.clone());
        let lines = keys.iter().map(|(key, value)| format!("{key} = {value:?}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}
