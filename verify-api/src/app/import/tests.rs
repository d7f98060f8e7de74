//! What an import promises whatever is in it, on a database of its own.

use std::io::{self, Cursor};
use std::sync::Arc;

use protocol::values::Email;
use tempfile::TempDir;

use super::*;
use crate::application::{Parts, open};
use crate::config::Config;
use crate::crypto::Purpose;
use crate::patient::intake::Refusal;
use crate::staff::Role;

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

/// Every remark, as line, record number and reason.
#[derive(Default)]
struct Heard {
    remarks: Vec<(u64, String, &'static str)>,
    fails: bool,
}

impl Listener for Heard {
    fn remark(&mut self, remark: &Remark<'_>) -> io::Result<()> {
        if self.fails {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let source = remark.source.unwrap_or_default().to_owned();
        self.remarks
            .push((remark.line, source, remark.matter.reason));
        Ok(())
    }

    fn progress(&mut self, _: u64) {}
}

fn patient(number: &str, given: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","identifier":[{{"value":"{number}"}}],"name":[{{"family":"Quill","given":["{given}"]}}],"birthDate":"1950-05-14","address":[{{"postalCode":"04101"}}],"telecom":[{{"system":"phone","value":"207-555-0181"}}]}}"#
    )
}

fn lines(text: impl Into<Vec<u8>>) -> Source {
    let read = Cursor::new(text.into());
    Source::fhir("lines".to_owned(), Box::new(read))
}

async fn import(app: &App, sources: Vec<Source>) -> (ImportReport, Heard) {
    let mut heard = Heard::default();
    let report = app.import_patients(sources, false, &mut heard).await;
    (report.unwrap(), heard)
}

#[tokio::test]
async fn remarks_come_in_the_order_of_the_lines_however_many_there_are() {
    let (app, _folder) = app().await;
    // Some take far longer to judge than others.
    let text: Vec<_> = (1..=2600)
        .map(|n| match n % 700 {
            0 => "x".repeat(LONGEST / 2),
            _ => "x".to_owned(),
        })
        .collect();
    let (report, heard) = import(&app, vec![lines(text.join("\n"))]).await;
    assert_eq!((report.records(), report.refused), (2600, 2600));
    let told: Vec<_> = heard.remarks.iter().map(|(line, ..)| *line).collect();
    assert_eq!(told, (1..=2600).collect::<Vec<_>>());
}

/// Else the same file twice would end otherwise than once.
#[tokio::test]
async fn the_first_record_of_a_number_counts_in_all_files_of_an_import() {
    let (app, _folder) = app().await;
    let dead = patient("WS-2", "Bo").replacen('{', r#"{"deceasedBoolean":true,"#, 1);
    let files = || {
        vec![
            lines([patient("WS-1", "Ada"), dead.clone()].join("\n")),
            lines([patient("WS-2", "Bo"), patient("WS-1", "Eve")].join("\n")),
        ]
    };
    for round in 0..2 {
        let (report, heard) = import(&app, files()).await;
        assert_eq!(
            (report.created, report.unchanged, report.refused),
            (1 - round, round, 3)
        );
        let told: Vec<_> = heard
            .remarks
            .iter()
            .map(|(_, number, _)| &**number)
            .collect();
        assert_eq!(told, ["WS-2", "WS-2", "WS-1"]);
    }
}

/// Else the database would refuse both, each time that the import is tried again.
#[tokio::test]
async fn one_number_twice_in_a_batch_is_told_also_where_no_more_are_remembered() {
    let (app, _folder) = app().await;
    let three = [("WS-1", "Ada"), ("WS-2", "Bo"), ("WS-2", "Cy")];
    let three = three.map(|(number, given)| patient(number, given));
    let others = (0..1000).map(|n| patient(&format!("WT-{n}"), "Di"));
    let mut all: Vec<_> = three.into_iter().chain(others).collect();
    // In a later batch.
    all.push(patient("WS-2", "Eve"));
    let mut heard = Heard::default();
    let report = app
        .import_unseen(
            vec![lines(all.join("\n"))],
            Seen::nothing(1),
            false,
            &mut heard,
        )
        .await
        .unwrap();
    assert!(report.is_blind_to_repeats);
    assert_eq!(
        (report.created, report.updated, report.refused),
        (1002, 1, 1)
    );
    let reason = Refusal::SameIdentifier.matter().reason;
    assert_eq!(heard.remarks.last(), Some(&(3, "WS-2".to_owned(), reason)));
}

/// Nobody may be invited by a birth date that has turned out to be wrong.
#[tokio::test]
async fn an_invitation_ends_with_a_birth_date_by_which_nobody_is_invited() {
    let (app, folder) = app().await;
    let born = |date: &str| vec![lines(patient("WS-1", "Ada").replace("1950-05-14", date))];
    import(&app, born("1950-05-14")).await;
    let desk = Email::parse("desk@example.org").unwrap();
    app.add_staff(&desk, Role::FrontDesk).await.unwrap();
    let code = app.invite("WS-1", &desk).await.unwrap().code;
    let this_year = jiff::tz::Offset::UTC.to_datetime(app.now()).year();
    let child = format!("{}-05-14", this_year - 9);
    for (date, withdrawn) in [
        ("1950-05-15", 0),
        (child.as_str(), 1),
        (child.as_str(), 0),
        ("1950-05-15", 0),
    ] {
        let (report, _) = import(&app, born(date)).await;
        assert_eq!(report.withdrawn, withdrawn, "{date}");
    }
    let digest = app
        .keys
        .digest(Purpose::Invitation, code.as_str().as_bytes());
    let found = app.store.invitation(&digest).await.unwrap().unwrap();
    assert!(found.is_replaced);
    let on = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    let told = "SELECT count(*) FROM audit WHERE event = 'invitation-withdrawn'";
    let told: i64 = on.query_row(told, (), |row| row.get(0)).unwrap();
    assert_eq!(told, 1);
}

/// So that no record can be opened.
fn damage(folder: &TempDir) {
    let on = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    let damage =
        "UPDATE patients SET sealed = cast(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)";
    on.execute(damage, ()).unwrap();
}

#[tokio::test]
async fn an_invitation_ends_also_where_the_record_cannot_be_opened() {
    let (app, folder) = app().await;
    import(&app, vec![lines(patient("WS-1", "Ada"))]).await;
    let desk = Email::parse("desk@example.org").unwrap();
    app.add_staff(&desk, Role::FrontDesk).await.unwrap();
    app.invite("WS-1", &desk).await.unwrap();
    damage(&folder);
    let dead = patient("WS-1", "Ada").replacen('{', r#"{"deceasedBoolean":true,"#, 1);
    for withdrawn in [1, 0] {
        let (report, heard) = import(&app, vec![lines(dead.clone())]).await;
        assert_eq!(
            (report.refused, report.closed, report.withdrawn),
            (1, 0, withdrawn)
        );
        let reasons = heard.remarks.iter().map(|(.., reason)| *reason);
        let wanted = [Refusal::Deceased, Refusal::Damaged];
        assert!(reasons.eq(wanted.map(|refusal| refusal.matter().reason)));
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_opened_is_told_and_stays() {
    let (app, folder) = app().await;
    import(&app, vec![lines(patient("WS-1", "Ada"))]).await;
    damage(&folder);
    let all = [patient("WS-1", "Ada"), patient("WS-2", "Bo")].join("\n");
    let (report, heard) = import(&app, vec![lines(all)]).await;
    assert_eq!((report.created, report.refused), (1, 1));
    let reason = Refusal::Damaged.matter().reason;
    assert_eq!(heard.remarks.last(), Some(&(1, "WS-1".to_owned(), reason)));
}

/// Gives some lines, and then fails as a disk does.
struct Breaks(Cursor<Vec<u8>>);

impl Read for Breaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("it came loose")),
            read => Ok(read),
        }
    }
}

#[tokio::test]
async fn what_was_read_before_a_fault_stays_and_the_fault_is_told() {
    let (app, _folder) = app().await;
    let read = Breaks(Cursor::new(patient("WS-1", "Ada").into_bytes()));
    let source = Source::fhir("lines".to_owned(), Box::new(read));
    let mut heard = Heard::default();
    let failed = app.import_patients(vec![source], false, &mut heard).await;
    let told = failed.unwrap_err().to_string();
    assert!(told.contains("it came loose"), "{told}");

    let two = [patient("WS-1", "Ada"), "x".to_owned()].join("\n");
    heard.fails = true;
    let failed = app.import_patients(vec![lines(two)], false, &mut heard);
    let told = failed.await.unwrap_err().to_string();
    assert!(told.contains("the report"), "{told}");
}

#[tokio::test]
async fn of_two_imports_at_once_neither_fails_and_nobody_is_there_twice() {
    let (app, _folder) = app().await;
    let text = |given: &str| {
        let all = (0..1500).map(|n| patient(&format!("WS-{n}"), given));
        all.collect::<Vec<_>>().join("\n")
    };
    let ((one, _), (other, _)) = tokio::join!(
        import(&app, vec![lines(text("Ada"))]),
        import(&app, vec![lines(text("Ada"))]),
    );
    assert_eq!(one.created + other.created, 1500);
    assert_eq!(one.unchanged + other.unchanged, 1500);
    assert_eq!(app.store.count_patients().await.unwrap(), 1500);
}
