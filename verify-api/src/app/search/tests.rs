//! Searches in a database of its own.

use std::io::Cursor;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::app::import::{Listener, Remark, Source};
use crate::application::{Parts, open};
use crate::config::Config;
use crate::patient::Standing;

struct Deaf;

impl Listener for Deaf {
    fn remark(&mut self, _: &Remark<'_>) -> std::io::Result<()> {
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

async fn app() -> (Arc<App>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/state.db", folder.path().display());
    let env = [
        ("FRONTDESK_MODE", "demo".to_owned()),
        ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
        ("FRONTDESK_DATABASE__URL", database),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value));
    let config = Config::load(None, env.into_iter()).unwrap();
    (open(&config, Parts::default()).await.unwrap(), folder)
}

/// Imports a table of numbers, names, birth dates and whether they are active.
async fn import(app: &App, rows: &[[&str; 5]]) {
    let rows: Vec<_> = rows.iter().map(|row| row.join(",")).collect();
    let text = format!("MRN,First Name,Last Name,DOB,Active\n{}", rows.join("\n"));
    let read = Box::new(Cursor::new(text.into_bytes()));
    let source = Source::table("rows".to_owned(), read, b',', None).unwrap();
    let imported = app.import_patients(vec![source], false, &mut Deaf).await;
    imported.unwrap();
}

fn born(text: &str) -> BirthDate {
    BirthDate::parse(text).unwrap()
}

/// The numbers of those who are found.
async fn numbers(app: &App, name: &str, date: &str) -> Vec<String> {
    let found = app.find_patients(name, born(date), None).await.unwrap();
    let found = found.patients.into_iter();
    found.map(|it| it.on_file.number.unwrap()).collect()
}

#[tokio::test]
async fn patients_are_found_with_their_number_and_standing() {
    let (app, _folder) = app().await;
    import(
        &app,
        &[
            ["WS-1", "Rosa", "Okafor", "1944-02-07", "yes"],
            ["WS-2", "Rose", "Okafor", "1944-02-07", "yes"],
            ["WS-3", "Peter", "Winslow", "1944-02-07", "yes"],
        ],
    )
    .await;
    assert_eq!(
        numbers(&app, "Rosa Okafor", "1944-02-07").await,
        ["WS-1", "WS-2"]
    );
    assert_eq!(
        numbers(&app, "okafor rose", "1944-07-02").await,
        ["WS-2", "WS-1"]
    );
    assert!(numbers(&app, "Rosa Okafor", "1951-11-23").await.is_empty());
    import(&app, &[["WS-1", "Rosa", "Okafor", "1944-02-07", "no"]]).await;
    let found = app
        .find_patients("Rosa Okafor", born("1944-02-07"), None)
        .await;
    let found = found.unwrap();
    assert!(!found.has_more && !found.is_incomplete);
    let standings = found.patients.iter().map(|it| it.on_file.patient.standing);
    assert_eq!(
        standings.collect::<Vec<_>>(),
        [Standing::Inactive, Standing::Current],
        "a closed record is found, too"
    );
}

#[tokio::test]
async fn whoever_is_corrected_is_found_by_what_is_right_and_no_longer_by_what_was_wrong() {
    let (app, _folder) = app().await;
    import(&app, &[["WS-1", "Rosa", "Okafor", "1944-02-07", ""]]).await;
    import(&app, &[["WS-1", "Ines", "Marchetti", "1951-11-23", ""]]).await;
    assert!(numbers(&app, "Rosa Okafor", "1944-02-07").await.is_empty());
    assert_eq!(
        numbers(&app, "Ines Marchetti", "1951-11-23").await,
        ["WS-1"]
    );
    let old = LookedUp {
        rows: Default::default(),
        by_rows: 1,
        birth: birth_key(&app.keys, born("1944-02-07")),
        by_birth: 1,
    };
    assert!(
        app.store.look_up(old).await.unwrap().records.is_empty(),
        "no row is left"
    );
}

#[tokio::test]
async fn ten_are_shown_at_most_always_the_same_and_that_there_are_more_is_said() {
    let (app, _folder) = app().await;
    let names: Vec<_> = (10..25).map(|n| format!("WS-{n}")).collect();
    let rows = names
        .iter()
        .map(|name| [name, "Rosa", "Okafor", "1944-02-07", ""]);
    import(&app, &rows.collect::<Vec<_>>()).await;
    for _ in 0..2 {
        let found = app
            .find_patients("Rosa", born("1944-02-07"), None)
            .await
            .unwrap();
        assert!(found.has_more);
        let numbers = found
            .patients
            .iter()
            .map(|it| it.on_file.number.clone().unwrap());
        assert_eq!(numbers.collect::<Vec<_>>(), names[..SHOWN]);
    }
}

#[tokio::test]
async fn a_search_is_written_down_with_how_many_were_shown_and_no_word_of_it() {
    let (app, _folder) = app().await;
    import(&app, &[["WS-1", "Rosa", "Okafor", "1944-02-07", ""]]).await;
    let staff = [7; 16];
    let found = app
        .find_patients("Rosa", born("1944-02-07"), Some(staff))
        .await;
    assert_eq!(found.unwrap().patients.len(), 1);
    let refused = app
        .find_patients(" - ", born("1944-02-07"), Some(staff))
        .await;
    assert!(matches!(refused, Err(DeskError::NoName)), "{refused:?}");
    let lines = app.store.audit_lines(0, 100).await.unwrap();
    let searched = lines
        .iter()
        .filter(|(line, _)| line.event == "patients-searched");
    let searched: Vec<_> = searched
        .map(|(line, _)| (line.subject, line.actor))
        .collect();
    assert_eq!(searched, [(1_u128.to_be_bytes(), Some(staff))]);
}

#[tokio::test]
async fn records_of_before_are_listed_once_and_found_from_then_on() {
    let (app, folder) = app().await;
    let numbers: Vec<_> = (0..600).map(|n| format!("WS-{n}")).collect();
    let rows = numbers.iter();
    let rows = rows.map(|number| [number, "Rosa", "Okafor", "1944-02-07", ""]);
    import(&app, &rows.collect::<Vec<_>>()).await;
    import(&app, &[["WS-R", "Ines", "Marchetti", "1951-11-23", ""]]).await;
    let on = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    on.execute_batch("DELETE FROM patient_lookups; UPDATE patients SET is_listed = 0")
        .unwrap();
    let search = || app.find_patients("Ines Marchetti", born("1951-11-23"), None);
    let found = search().await.unwrap();
    assert!(found.is_incomplete && found.patients.is_empty());
    let damage = "UPDATE patients SET sealed = substr(sealed, 1, 40)
        WHERE id = (SELECT min(id) FROM patients)";
    assert_eq!(on.execute(damage, ()).unwrap(), 1);
    assert_eq!(app.list_patients().await.unwrap(), 600);
    assert_eq!(app.list_patients().await.unwrap(), 0);
    let found = search().await.unwrap();
    assert_eq!(found.patients.len(), 1);
    assert!(found.is_incomplete, "one cannot be opened, which is said");
}

#[test]
fn a_row_tells_nothing_of_another_birth_date() {
    let keys = Keyring::of_byte(0x4b);
    let of = |given: &str, date: &str| {
        let patient = Patient {
            given_names: vec![given.to_owned()],
            family_name: "Okafor".to_owned(),
            birth_date: born(date),
            postal_code: None,
            phones: Vec::new(),
            email: None,
            locale: protocol::Locale::En,
            standing: Standing::Current,
        };
        lookup_keys(&keys, &patient)
    };
    let rosa = of("Rosa", "1944-02-07");
    assert_eq!(rosa.len(), 2);
    assert!(rosa == of("Rosa", "1944-02-07"));
    let shared = |other: &[LookupKey]| {
        let names = rosa
            .iter()
            .filter(|row| other.iter().any(|it| it.name == row.name));
        let births = rosa
            .iter()
            .filter(|row| other.iter().any(|it| it.birth == row.birth));
        (names.count(), births.count())
    };
    assert_eq!(shared(&of("Rosa", "1944-02-08")), (0, 0));
    assert_eq!(shared(&of("Peter", "1944-02-07")), (0, 2));
    assert_eq!(shared(&of("Ruth", "1944-02-07")), (1, 2));
}
