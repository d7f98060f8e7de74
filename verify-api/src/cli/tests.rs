//! Which lines the command takes, and which it refuses.

use clap::CommandFactory as _;

use super::*;

#[test]
fn the_commands_are_those_of_the_contract() {
    Cli::command().debug_assert();
    for line in [
        "serve",
        "serve --site public",
        "migrate",
        "config check",
        "patients import patients.ndjson",
        "patients import - --mapping m.toml --report r.csv --dry-run",
        "patients find --by frontdesk@example.org",
        "staff add frontdesk@example.org",
        "staff add auditor@example.org --role auditor",
        "staff role auditor@example.org manager",
        "staff disable frontdesk@example.org",
        "staff reset frontdesk@example.org",
        "staff list",
        "outbox list",
        "outbox list --dead",
        "outbox retry 00112233445566778899aabbccddeeff",
        "invite WS-1001 --by frontdesk@example.org",
        "audit verify",
        "keys rotate",
        "backup copy.db",
        "restore copy.db",
        "restore copy.db --replace",
        "keys rewrap",
        "audit export",
        "audit export --after 7",
    ] {
        for line in [
            format!("verify-api --config x.toml {line}"),
            format!("verify-api {line} --config x.toml"),
        ] {
            let cli = Cli::try_parse_from(line.split(' '));
            assert!(cli.is_ok_and(|cli| cli.config.is_some()), "{line}");
        }
    }
    for line in [
        "",
        "invite WS-1001",
        "patients import",
        "patients find",
        "patients find Rosa Okafor --by frontdesk@example.org",
        "serve public",
        "staff add frontdesk@example.org --role boss",
        "staff role frontdesk@example.org",
        "staff role frontdesk@example.org boss",
        "audit verify --expect 7",
        "audit export --after -1",
    ] {
        let cli = Cli::try_parse_from(format!("verify-api {line}").split_whitespace());
        assert!(cli.is_err(), "{line}");
    }
}
