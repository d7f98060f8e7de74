//! `[database]`: where state is kept.

use std::net::IpAddr;

use url::Url;
use zeroize::Zeroizing;

use super::Mode;
use super::settings::Settings;
use crate::crypto::redact;
use crate::store::TOGETHER;

/// Where state is kept.
#[derive(Debug)]
pub struct Database {
    /// `sqlite://frontdesk.db` unless set.
    pub url: DatabaseUrl,
    /// How many writes share a commit at most, on SQLite; 256 unless set. With 1,
    /// each waits for the disk by itself: to see what sharing is worth.
    pub writes_per_commit: usize,
}

/// `sqlite://` and the path of a file, or `postgres://` with the server and the
/// name of a database. Holds the server's password, and shows all but that.
pub struct DatabaseUrl(Zeroizing<String>);

redact!(DatabaseUrl);

impl DatabaseUrl {
    /// The whole URL, with its password.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.split_once('@') {
            Some((login, _)) if self.0.starts_with("postgres") => {
                let (scheme, _) = login.split_once("://").unwrap_or((login, ""));
                let place = self.0.rsplit('@').next().unwrap_or_default();
                // What comes after the question mark can hold a password too.
                let place = place.split('?').next().unwrap_or_default();
                write!(f, "{scheme}://{place}")
            }
            _ => f.write_str(self.0.split('?').next().unwrap_or_default()),
        }
    }
}

impl Database {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        const KEY: &str = "database.url";
        let shared = settings.number("database.writes_per_commit", 1..=4096, TOGETHER);
        let text = settings.text(KEY);
        let url = text.map_or_else(
            || Zeroizing::new("sqlite://frontdesk.db".to_owned()),
            |text| Zeroizing::new(text.trim().to_owned()),
        );
        // Not quoted: the URL of a database server holds its password.
        let problem = match url.split_once("://") {
            Some(("sqlite", path)) => sqlite_problem(path),
            Some(("postgres" | "postgresql", _)) => postgres_problem(&url, mode),
            _ => Some(
                "must name a SQLite file, such as sqlite://frontdesk.db, or a PostgreSQL \
                 database, such as postgres://frontdesk@db.example.org/frontdesk.",
            ),
        };
        match problem {
            None => Some(Self {
                url: DatabaseUrl(url),
                writes_per_commit: shared?,
            }),
            Some(problem) => {
                settings.problem(KEY, problem);
                None
            }
        }
    }
}

fn sqlite_problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("names no file; write one, such as sqlite://frontdesk.db.");
    }
    // Options there could take away what the store relies on.
    if path.contains('?') {
        return Some("takes no options; remove everything from the question mark.");
    }
    path.contains('%').then_some(
        "takes the path of the file as it is; write what the sign % and the two after it stand for.",
    )
}

fn postgres_problem(url: &str, mode: Mode) -> Option<&'static str> {
    const SHAPE: &str = "is no URL of a PostgreSQL database; write one such as \
        postgres://frontdesk:PASSWORD@db.example.org/frontdesk, with signs like @ and / in the \
        password as %40 and %2F.";
    let Ok(url) = Url::parse(url) else {
        return Some(SHAPE);
    };
    if url.path().trim_matches('/').is_empty() {
        return Some("names no database; add its name, such as /frontdesk, after the server.");
    }
    // Without a host: a server on this machine, through its socket.
    let is_local = url.host_str().is_none_or(|host| {
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host.is_empty() || host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
    });
    let is_verified = url
        .query_pairs()
        .any(|(name, value)| name == "sslmode" && matches!(&*value, "verify-full" | "verify-ca"));
    (mode == Mode::Production && !is_local && !is_verified).then_some(
        "must ask who the server is, because patient data travels there: add \
         ?sslmode=verify-full, and &sslrootcert=FILE when its certificate is of your own making.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_the_url_is_never_shown() {
        for (url, shown) in [
            (
                "postgres://frontdesk:hunter2@db.example.org:5433/state?sslpassword=hunter2",
                "postgres://db.example.org:5433/state",
            ),
            ("postgres://u:hunt@er2@db/x", "postgres://db/x"),
            ("postgres:///x?password=hunter2", "postgres:///x"),
            ("sqlite:///var/lib/a@b.db", "sqlite:///var/lib/a@b.db"),
        ] {
            let url = DatabaseUrl(Zeroizing::new(url.to_owned()));
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), "DatabaseUrl(redacted)");
        }
    }

    #[test]
    fn the_path_of_a_file_is_written_as_it_is() {
        for path in ["", "a%20b.db", "a.db?mode=ro"] {
            assert!(sqlite_problem(path).is_some(), "{path}");
        }
        assert_eq!(sqlite_problem("/var/lib/front desk/a.db"), None);
    }
}
