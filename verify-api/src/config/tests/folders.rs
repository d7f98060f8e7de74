//! Where files are kept, and who else may read them.

use super::*;

#[test]
fn a_folder_that_is_not_there_is_told_with_all_the_others() {
    let toml = production()
        .replace("/var/lib/frontdesk", "/nowhere/frontdesk")
        .replace("mail.example.org", "");
    let error = load_with(&toml, &[]).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.problems.len(), 3, "{text}");
    for part in ["database.url (in ", "delivery.directory (in ", "smtp.host"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(
        text.contains("there is no folder /nowhere/frontdesk. Make it"),
        "{text}"
    );
}

/// However their paths are written.
#[test]
fn nothing_secret_is_kept_where_the_site_is_served_from() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().canonicalize().unwrap();
    let site = real.join("site");
    std::fs::create_dir_all(site.join("faq")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&site, real.join("link")).unwrap();
    #[cfg(not(unix))]
    std::fs::create_dir(real.join("link")).unwrap();
    let here = std::env::current_dir().unwrap();
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    let relative = up.join(site.strip_prefix("/").unwrap_or(&site));
    let (site, real) = (site.display(), real.display());
    let with = |site: &str, phone: &str, state: &str| {
        let toml = production()
            .replace("\"public\"", &format!("\"{site}\""))
            .replace("/var/lib/frontdesk/phone", phone)
            .replace("/var/lib/frontdesk/state.db", state);
        load_with(&toml, &[])
    };
    let (phone, state) = (format!("{real}/phone"), format!("{real}/state.db"));
    let site_text = site.to_string();
    assert!(with(&site_text, &phone, &state).is_ok());
    // A name that only begins like the site's is another folder.
    assert!(with(&site_text, &format!("{real}/sites"), &state).is_ok());
    let mut inside = vec![
        format!("{site}/phone"),
        format!("{site}/faq/../phone"),
        format!("{real}/site/./faq/phone"),
        relative.join("phone").display().to_string(),
    ];
    if cfg!(unix) {
        inside.push(format!("{real}/link/phone"));
    }
    for path in &inside {
        let told = with(&site_text, path, &state).unwrap_err().to_string();
        assert!(told.starts_with("delivery.directory (in "), "{told}");
        assert!(told.contains("http.site"), "{told}");
        let told = with(&site_text, &phone, path).unwrap_err().to_string();
        assert!(told.starts_with("database.url (in "), "{told}");
    }
    let told = with(&relative.display().to_string(), &inside[0], &state);
    assert!(
        told.is_err(),
        "the site's own path may be written in any way"
    );
}

#[test]
fn the_configuration_is_not_kept_where_the_site_is_served_from() {
    let toml = production().replace("\"public\"", "\"/var/lib/frontdesk/.\"");
    let told = load_with(&toml, &[]).unwrap_err().to_string();
    assert!(told.contains("the configuration file is in it"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_folder_of_messages_that_everybody_may_open_is_refused_in_production() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let phone = folder.path().join("phone");
    std::fs::create_dir(&phone).unwrap();
    for (mode, is_refused) in [(0o700, false), (0o770, false), (0o755, true), (0o701, true)] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&phone, permissions).unwrap();
        let shown = phone.display().to_string();
        let toml = production().replace("/var/lib/frontdesk/phone", &shown);
        let loaded = load_with(&toml, &[]);
        assert_eq!(loaded.is_err(), is_refused, "{mode:o}");
        if let Err(error) = loaded {
            let told = error.to_string();
            assert!(told.starts_with("delivery.directory (in "), "{told}");
            assert!(told.contains(&format!("chmod o= {shown}")), "{told}");
        }
    }
}
