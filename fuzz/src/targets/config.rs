//! The configuration file: whatever it holds, it is taken or each problem is told.

use std::sync::LazyLock;

use verify_api::config::Config;

/// One folder for one process, which reads one input at a time.
static FOLDER: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is a folder for temporary files"));

const KEY: &str = "5d41402abc4b2a76b9719d911017c592ae2f5b1c0f6e4d3c2b1a09f8e7d6c5b4";

pub(crate) fn run(input: &[u8]) {
    let judged = load(input, &[]);
    if let Err(problems) = &judged {
        assert!(!problems.is_empty(), "refused for nothing");
        assert!(
            problems.iter().all(|problem| problem.ends_with('.')),
            "{problems:?}"
        );
    }
    // What the environment says of a secret is shown nowhere.
    let shown = match load(input, &[("FRONTDESK_SECRETS__KEY", KEY)]) {
        Ok(shown) => shown,
        Err(problems) => problems.join("\n"),
    };
    assert!(!shown.contains(&KEY[..16]), "the key shows: {shown}");
    // A key that nobody knows is never passed over.
    assert!(load(input, &[("FRONTDESK_NO__SUCH_KEY", "1")]).is_err());
}

fn load(file: &[u8], env: &[(&str, &str)]) -> Result<String, Vec<String>> {
    let path = FOLDER.path().join("frontdesk.toml");
    std::fs::write(&path, file).expect("the folder can be written to");
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    match Config::load(Some(&path), env) {
        Ok(config) => Ok(format!("{config:?}")),
        Err(error) => Err(error.problems),
    }
}
