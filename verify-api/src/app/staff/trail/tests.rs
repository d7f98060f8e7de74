//! What the trail tells whoever reads it at the desk, and how often.

use protocol::ProblemCode;

use super::*;
use crate::staff::Role;

fn line(entry: Entry) -> Line {
    Line {
        seq: 1,
        at: Timestamp::UNIX_EPOCH,
        event: entry.event.as_str().to_owned(),
        subject: entry.subject,
        actor: entry.actor,
    }
}

fn auditor(n: u8) -> StaffSignedIn {
    StaffSignedIn {
        id: StaffId([n; 16]),
        email: "audit@example.org".to_owned(),
        role: Role::Auditor,
        idle: 600,
        left: 600,
    }
}

#[tokio::test]
async fn an_auditor_reads_six_hundred_times_an_hour_in_whichever_way() {
    let (app, _folder) = crate::app::trail::tests::app().await;
    let read = async |n: u8, part| {
        let auditor = auditor(n);
        let read = app.read_trail(&auditor, TrailAsked::default(), part);
        read.await.map(|_| ())
    };
    let session = Token::of_bytes([1; 32]);
    let look = async |n: u8| {
        let auditor = auditor(n);
        let looked = app.verify_trail(&auditor, &session, "");
        looked.await.map(|_| ())
    };
    let page = TrailPart::Page(None);
    for _ in 0..598 {
        read(1, page).await.unwrap();
    }
    read(1, TrailPart::File).await.unwrap();
    look(1).await.unwrap();
    for refused in [
        read(1, page).await,
        read(1, TrailPart::File).await,
        look(1).await,
    ] {
        let code = refused.unwrap_err().problem.code;
        assert_eq!(code, ProblemCode::OverLimit);
    }
    read(2, page).await.unwrap();
}

#[tokio::test]
async fn how_far_the_trail_was_whole_is_believed_of_this_session_alone() {
    let (app, _folder) = crate::app::trail::tests::app().await;
    let [mine, other] = [1, 2].map(|byte| Token::of_bytes([byte; 32]));
    let head = Head {
        seq: 40,
        link: Digest([1; 32]),
    };
    let way_on = app.way_on(&mine, &head);
    let seen = app.seen_whole(&mine, &way_on);
    assert_eq!(seen.map(|head| head.seq), Some(40));
    assert!(app.seen_whole(&other, &way_on).is_none());
    let further = way_on.replacen("40:", "41:", 1);
    for wrong in ["", "40", &further, &head.to_string()] {
        assert!(app.seen_whole(&mine, wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_line_tells_what_it_is_about_and_names_only_staff() {
    let dana = StaffId([7; 16]);
    let head = Head {
        seq: 40,
        link: Digest([1; 32]),
    };
    for (entry, told) in [
        (
            Entry::about(Event::StaffAdded, dana.0),
            Some(TrailAbout::Staff("dana@example.org".to_owned())),
        ),
        (Entry::of_staff(Event::StaffSignedIn, dana), None),
        (
            Entry::about(Event::Enrolled, [9; 16]),
            Some(TrailAbout::Record("09".repeat(16))),
        ),
        (
            Entry::patients_searched(3, Some(dana.0)),
            Some(TrailAbout::Shown(3)),
        ),
        (Entry::verified(&head, dana), Some(TrailAbout::Line(40))),
        (Entry::shortened(&head), Some(TrailAbout::Line(40))),
        (
            Entry::import_ended([5, 0, 70_000, 2]),
            Some(TrailAbout::Imported([5, 0, 70_000, 2])),
        ),
        (
            Entry::about(Event::TrailSearched, Event::Enrolled.as_subject()),
            Some(TrailAbout::Kind(Event::Enrolled)),
        ),
        (Entry::about(Event::TrailSearched, [0; 16]), None),
    ] {
        let names = HashMap::from([(dana, "dana@example.org".to_owned())]);
        let event = entry.event;
        let shown = shown(line(entry), &names);
        assert_eq!(shown.about, told, "{event:?}");
        let by = entry.actor.map(|_| "dana@example.org");
        assert_eq!(shown.by.as_deref(), by, "{event:?}");
    }
}
