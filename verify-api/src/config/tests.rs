//! Configurations as operators write them.

mod folders;
mod twilio;

use std::path::PathBuf;

use super::*;

const GOOD_KEY: &str = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";

fn production() -> String {
    format!(
        r#"
        [http]
        listen = "0.0.0.0:8443"
        base_url = "https://help.example.org/"
        site = "public"
        portal_url = "https://portal.example.org/login"
        [database]
        url = "sqlite:///var/lib/frontdesk/state.db"
        [secrets]
        key = "{GOOD_KEY}"
        [delivery]
        transport = "smtp"
        from = "Wellsprings <help@example.org>"
        directory = "/var/lib/frontdesk/phone"
        [smtp]
        host = "mail.example.org"
        user = "frontdesk"
        password = "hunter2hunter2"
        [hashing]
        permits = 3
        waiting = 5
        [clinic]
        names = "Lakeside Clinic, MyLakeside"
        "#
    )
}

fn load_with(toml: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.toml");
    // The folder that an operator has made.
    let made = folder.path().to_str().unwrap();
    std::fs::write(&path, toml.replace("/var/lib/frontdesk", made)).unwrap();
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(Some(&path), env)
}

fn load_env(env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load_with("", env)
}

/// The only problem, when `toml` or `env` is laid over a good configuration.
fn problem(find: &str, replace: &str) -> String {
    let toml = production();
    assert!(toml.contains(find), "{find}");
    let error = load_with(&toml.replace(find, replace), &[]).unwrap_err();
    assert_eq!(error.problems.len(), 1, "{error}");
    error.to_string()
}

#[test]
fn a_whole_file_is_read() {
    let config = load_with(&production(), &[]).unwrap();
    assert_eq!(config.mode, Mode::Production);
    assert_eq!(config.http.listen.to_string(), "0.0.0.0:8443");
    assert_eq!(config.http.base_url, "https://help.example.org");
    assert_eq!(config.http.site.as_deref(), Some(Path::new("public")));
    let portal = config.http.portal_url.as_deref();
    assert_eq!(portal, Some("https://portal.example.org/login"));
    assert_eq!(config.http.padding.as_millis(), 10, "though nobody sets it");
    let url = config.database.url.secret();
    assert!(url.starts_with("sqlite:///") && url.ends_with("/state.db"));
    assert_eq!(config.delivery.transport, TransportKind::Smtp);
    assert!(config.delivery.directory.unwrap().ends_with("phone"));
    assert_eq!((config.hashing.permits, config.hashing.waiting), (3, 5));
    assert_eq!(config.clinic.names, ["Lakeside Clinic", "MyLakeside"]);
    let smtp = config.smtp.unwrap();
    assert_eq!((smtp.host.as_str(), smtp.port), ("mail.example.org", 587));
    assert_eq!(smtp.security, SmtpSecurity::StartTls);
    assert_eq!(smtp.login.unwrap().password.as_str(), "hunter2hunter2");
}

#[test]
fn patients_act_for_themselves_from_eighteen_on_unless_a_state_has_another_age() {
    let age = |env: &[(&str, &str)]| load_with(&production(), env);
    assert_eq!(age(&[]).unwrap().desk.age_of_consent, 18);
    for (set, read) in [
        ("12", Some(12)),
        ("21", Some(21)),
        ("11", None),
        ("22", None),
    ] {
        let config = age(&[("FRONTDESK_DESK__AGE_OF_CONSENT", set)]);
        assert_eq!(config.ok().map(|it| it.desk.age_of_consent), read, "{set}");
    }
}

#[test]
fn the_environment_alone_is_enough_and_wins() {
    let demo = [
        ("FRONTDESK_MODE", "demo"),
        ("FRONTDESK_SECRETS__KEY", GOOD_KEY),
        ("FRONTDESK_DEMO__INBOX", "true"),
        ("FRONTDESK_HTTP__LISTEN", "[::1]:9000"),
        ("FRONTDESK_HASHING__PERMITS", "1"),
        ("FRONTDESK_HTTP__SITE", ""),
        ("PATH", "/bin"),
    ];
    let config = load_env(&demo).unwrap();
    assert!(config.is_demo() && config.demo.inbox);
    assert_eq!(config.http.base_url, "http://[::1]:9000");
    assert_eq!(config.http.site, None);
    assert_eq!(config.database.url.secret(), "sqlite://frontdesk.db");
    assert_eq!(config.delivery.transport, TransportKind::Directory);
    assert!(config.delivery.directory.is_some());
    assert_eq!(config.hashing.permits, 1);

    let env = [("FRONTDESK_HTTP__LISTEN", "127.0.0.1:1")];
    let config = load_with(&production(), &env).unwrap();
    assert_eq!(config.http.listen.port(), 1);
}

#[test]
fn a_database_server_far_away_is_asked_who_it_is() {
    for url in [
        "postgres://frontdesk@localhost/x",
        "postgres://frontdesk@127.0.0.1:5433/x",
        "postgres://frontdesk@[::1]/x",
        "postgres:///x?host=/run/postgresql",
        "postgresql://u:p@db.example.org/x?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    ] {
        let file = production().replace("sqlite:///var/lib/frontdesk/state.db", url);
        let config = load_with(&file, &[]).unwrap();
        assert_eq!(config.database.url.secret(), url);
    }
}

#[test]
fn no_secret_is_shown() {
    let new_key = GOOD_KEY.chars().rev().collect::<String>();
    let env = [("FRONTDESK_SECRETS__NEW_KEY", &*new_key)];
    let config = load_with(&production(), &env).unwrap();
    assert!(config.secrets.new_key.is_some());
    let shown = format!("{config:?}");
    for secret in [GOOD_KEY, &new_key, "hunter2"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let half = &GOOD_KEY[..40];
    for error in [
        problem(GOOD_KEY, half),
        problem(&format!("\"{GOOD_KEY}\""), &format!("\"{half}")),
        problem(GOOD_KEY, &"zz".repeat(32)),
    ] {
        assert!(
            !error.contains("3cb25f25") && !error.contains("zz"),
            "{error}"
        );
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let error = load_env(&[
        ("FRONTDESK_HTTP__LISTEN", "localhost"),
        ("FRONTDESK_HTP__SITE", "x"),
        ("FRONTDESK_HTTP_SITE", "x"),
        ("FRONTDESK_COFFEE__STRENGTH", "x"),
        ("FRONTDESK_HASHING__PERMITS", "0"),
    ])
    .unwrap_err();
    let text = error.to_string();
    for part in [
        "The configuration has 11 problems:\n- ",
        "http.listen (from FRONTDESK_HTTP__LISTEN) must be an address with a port",
        "FRONTDESK_HTP__SITE (in the environment) is not a setting; the nearest one is FRONTDESK_HTTP__SITE.",
        "FRONTDESK_HTTP_SITE (in the environment) is not a setting; the nearest one is FRONTDESK_HTTP__SITE.",
        "FRONTDESK_COFFEE__STRENGTH (in the environment) is not a setting; remove it.",
        "hashing.permits (from FRONTDESK_HASHING__PERMITS) must be a whole number from 1 to 1024.",
        "http.base_url is missing",
        "FRONTDESK_SECRETS__KEY",
        "delivery.transport must be \"smtp\" in production",
        "delivery.directory is missing",
        "delivery.from is missing",
        "smtp.host is missing",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_wrong_key_is_told_with_the_nearest() {
    let text = problem("site =", "sites =");
    assert!(text.contains("http.sites (in "), "{text}");
    assert!(text.contains("the nearest one is http.site."), "{text}");
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    let error = load_with("mode = \"demo\"\n[secrets\nkey = 1\n", &[]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("frontdesk.toml is not TOML: "), "{text}");
    assert!(text.contains("in line 2."), "{text}");
    let missing = Config::load(
        Some(Path::new("/nowhere/frontdesk.toml")),
        std::iter::empty(),
    );
    let text = missing.unwrap_err().to_string();
    assert!(
        text.contains("/nowhere/frontdesk.toml cannot be read"),
        "{text}"
    );
    assert!(text.contains("--config"), "{text}");
}

#[test]
fn what_is_unsafe_in_production_is_refused() {
    for (find, replace, key) in [
        ("https://help", "http://help", "http.base_url"),
        ("https://portal", "http://portal", "http.portal_url"),
        ("\"smtp\"", "\"directory\"", "delivery.transport"),
        (GOOD_KEY, &"4b".repeat(32), "secrets.key"),
        ("[http]", "[demo]\ninbox = true\n[http]", "demo.inbox"),
        ("[smtp]", "[smtp]\nsecurity = \"none\"", "smtp.security"),
        ("[http]", "[http]\npadding_ms = 0", "http.padding_ms"),
        ("[http]", "[http]\npadding_ms = 101", "http.padding_ms"),
    ] {
        let text = problem(find, replace);
        assert!(text.starts_with(&format!("{key} (in ")), "{text}");
    }
    let text = problem("[delivery]", "[demo]\ninbox = true\n[delivery]");
    assert!(text.contains("production refuses it"), "{text}");
    // A mail server on this machine may do without TLS.
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let toml = production()
            .replace("mail.example.org", host)
            .replace("[smtp]", "[smtp]\nsecurity = \"none\"");
        let config = load_with(&toml, &[]).unwrap();
        assert_eq!(config.smtp.unwrap().port, 25);
    }
}

#[test]
fn the_demo_stays_on_this_machine() {
    let demo = |listen| {
        load_env(&[
            ("FRONTDESK_MODE", "demo"),
            ("FRONTDESK_SECRETS__KEY", GOOD_KEY),
            ("FRONTDESK_HTTP__LISTEN", listen),
        ])
    };
    assert!(demo("127.0.0.1:8080").is_ok());
    for listen in ["0.0.0.0:8080", "192.168.0.2:8080", "127.0.0.1:0"] {
        assert!(demo(listen).is_err(), "{listen}");
    }
}

#[test]
fn values_that_make_no_sense_are_told_by_key() {
    for (find, replace, key) in [
        (
            "sqlite:///var/lib/frontdesk/state.db",
            "postgres://u:p@db/x",
            "database.url",
        ),
        (
            "sqlite:///var/lib/frontdesk/state.db",
            "postgres://u:p@db/x?sslmode=prefer",
            "database.url",
        ),
        (
            "sqlite:///var/lib/frontdesk/state.db",
            "postgres://u:p@localhost",
            "database.url",
        ),
        (
            "sqlite:///var/lib/frontdesk/state.db",
            "postgres://u:p@local:host/x",
            "database.url",
        ),
        (
            "sqlite:///var/lib/frontdesk/state.db",
            "sqlite://",
            "database.url",
        ),
        ("state.db", "state.db?mode=memory", "database.url"),
        ("sqlite:///", "mysql://", "database.url"),
        (
            "[http]",
            "[audit]\nkeep_years = 5\n[http]",
            "audit.keep_years",
        ),
        (
            "[http]",
            "[audit]\nkeep_years = 101\n[http]",
            "audit.keep_years",
        ),
        ("permits = 3", "permits = -3", "hashing.permits"),
        ("permits = 3", "permits = [3]", "hashing.permits"),
        (
            "host = \"mail.example.org\"",
            "host = \"m\"\nport = 70000",
            "smtp.port",
        ),
        ("\"frontdesk\"", "7", "smtp.user"),
        (
            "Wellsprings <help@example.org>",
            "Wellsprings",
            "delivery.from",
        ),
        ("[http]", "mode = \"live\"\n[http]", "mode"),
        ("\"smtp\"", "\"pigeon\"", "delivery.transport"),
        ("\"public\"", "true", "http.site"),
        (&format!("\"{GOOD_KEY}\""), "7", "secrets.key"),
        (", MyLakeside", ", ML", "clinic.names"),
        (", MyLakeside", ",", "clinic.names"),
        (
            "\"Lakeside Clinic, MyLakeside\"",
            "[\"Lakeside\"]",
            "clinic.names",
        ),
    ] {
        let text = problem(find, replace);
        assert!(text.starts_with(&format!("{key} (in ")), "{text}");
        assert!(!text.contains("u:p@"), "{text}");
    }
}

#[test]
fn what_smtp_needs_is_asked_for() {
    for (find, key) in [
        ("host = \"mail.example.org\"", "smtp.host"),
        ("password = \"hunter2hunter2\"", "smtp.password"),
        ("user = \"frontdesk\"", "smtp.user"),
        ("from = \"Wellsprings <help@example.org>\"", "delivery.from"),
    ] {
        let text = problem(find, "");
        assert!(text.starts_with(&format!("{key} is missing: ")), "{text}");
    }
}

#[test]
fn a_wrong_transport_hides_no_other_problem() {
    let toml = production()
        .replace("\"smtp\"", "\"pigeon\"")
        .replace("Wellsprings <help@example.org>", "Wellsprings")
        .replace("host = \"mail.example.org\"", "port = 0");
    let error = load_with(&toml, &[]).unwrap_err();
    let keys: Vec<_> = error
        .problems
        .iter()
        .filter_map(|problem| problem.split(' ').next())
        .collect();
    let expected = [
        "delivery.transport",
        "delivery.from",
        "smtp.host",
        "smtp.port",
    ];
    assert_eq!(keys, expected, "{error}");
}

#[test]
fn a_file_of_certificates_goes_with_tls_only() {
    let with = |lines: &str| {
        let smtp = format!("[smtp]\nca_file = \"/etc/frontdesk/ca.pem\"\n{lines}");
        let toml = production().replace("[smtp]", &smtp);
        load_with(&toml.replace("mail.example.org", "localhost"), &[])
    };
    let smtp = with("").unwrap().smtp.unwrap();
    let file = Path::new("/etc/frontdesk/ca.pem");
    assert_eq!(smtp.ca_file.as_deref(), Some(file));
    let told = with("security = \"none\"").unwrap_err().to_string();
    assert!(told.starts_with("smtp.ca_file (in "), "{told}");
}

#[test]
fn production_without_a_way_for_texts_and_calls_is_refused() {
    let told = problem("directory = \"/var/lib/frontdesk/phone\"", "");
    assert!(told.starts_with("delivery.directory is missing"), "{told}");
}
