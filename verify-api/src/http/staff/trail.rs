//! The audit trail, for whoever is an auditor.
//!
//! What was looked for stands only in the answer to a press: no address holds a record number.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use protocol::form::{StaffTrail, TrailChain, TrailLines, TrailLook, TrailText, trail_event};
use protocol::messages::Catalog;
use protocol::{Answers, messages, paths};

use super::super::Web;
use super::super::forms::Posted;
use super::super::language::Language;
use super::super::problem::told;
use super::{Signed, failed, home, trail_file};
use crate::app::{Outcome, TrailAbout, TrailAsked, TrailFound, TrailLine, TrailLooked, TrailPart};
use crate::audit::Event;
use crate::patient::id;
use crate::staff::StaffId;
use crate::store::TrailPlace;

/// Asks what to look for, and says whether the trail is whole.
pub(super) async fn ask(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
) -> Response {
    let here = Here {
        web: &web,
        language: &language,
        signed: &signed,
        typed: &Answers::default(),
    };
    here.page(StatusCode::OK, &[], None, None).await
}

/// Looks for lines, takes them away as a file, or looks the trail over.
pub(super) async fn act(
    State(web): State<Arc<Web>>,
    language: Language,
    Extension(signed): Extension<Signed>,
    body: Bytes,
) -> Response {
    let posted = Posted::read(&body);
    let typed = &posted.answers;
    let here = Here {
        web: &web,
        language: &language,
        signed: &signed,
        typed,
    };
    let part = match posted.action.as_str() {
        "verify" => return here.verify().await,
        "download" => TrailPart::File,
        _ => TrailPart::Page(place(typed.named("after"))),
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let asked = match asked(typed) {
        Ok(asked) => asked,
        Err(problem) => return here.page(unprocessable, &[problem], None, None).await,
    };
    let found = match web.app.read_trail(&signed.staff, asked, part).await {
        Ok(Some(found)) => found,
        Ok(None) => {
            let problem = ("fd-number", "staff.trail.no-patient");
            return here.page(unprocessable, &[problem], None, None).await;
        }
        Err(failure) => return failed(&web, &language, &told(failure)),
    };
    match part {
        TrailPart::Page(_) => here.page(StatusCode::OK, &[], Some(&found), None).await,
        TrailPart::File => trail_file::answer(&found, language.locale)
            .unwrap_or_else(|failure| failed(&web, &language, &told(failure))),
    }
}

/// What was asked for, or which box needs another look, and the key of why.
fn asked(typed: &Answers) -> Result<TrailAsked<'_>, (&'static str, &'static str)> {
    let chosen = |name| Some(typed.named(name)).filter(|text| !text.is_empty());
    let no_such = "staff.trail.no-such";
    let staff = chosen("staff").map(id::from_hex).transpose();
    let event = chosen("kind").map(|name| Event::named(name).ok_or(("fd-kind", no_such)));
    let day = |name, id| {
        let text = typed.named(name).trim();
        let day = Some(text).filter(|text| !text.is_empty());
        day.map(|day| {
            day.parse::<Date>()
                .map_err(|_| (id, "staff.trail.wrong-day"))
        })
        .transpose()
    };
    let (from, to) = (day("from", "fd-from")?, day("to", "fd-to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(("fd-to", "staff.trail.no-days"));
    }
    Ok(TrailAsked {
        staff: staff.map_err(|_| ("fd-staff", no_such))?.map(StaffId),
        event: event.transpose()?,
        from,
        to,
        number: typed.named("number").trim(),
    })
}

/// The text of a place, which is nobody's to read.
fn place_text(place: TrailPlace) -> String {
    format!("{:016x}{:016x}", place.at.as_millisecond(), place.seq)
}

/// The place of such a text.
fn place(text: &str) -> Option<TrailPlace> {
    let bytes = id::from_hex(text).ok()?;
    let (at, seq) = bytes.split_at(8);
    Some(TrailPlace {
        at: Timestamp::from_millisecond(i64::from_be_bytes(at.try_into().ok()?)).ok()?,
        seq: i64::from_be_bytes(seq.try_into().ok()?),
    })
}

struct Here<'a> {
    web: &'a Web,
    language: &'a Language,
    signed: &'a Signed,
    typed: &'a Answers,
}

impl Here<'_> {
    async fn verify(&self) -> Response {
        let Signed { session, staff } = self.signed;
        let way_on = self.typed.named("way-on");
        match self.web.app.verify_trail(staff, session, way_on).await {
            Ok(looked) => self.page(StatusCode::OK, &[], None, Some(&looked)).await,
            Err(failure) => failed(self.web, self.language, &told(failure)),
        }
    }

    async fn page(
        &self,
        status: StatusCode,
        problems: &[(&str, &str)],
        found: Option<&TrailFound>,
        looked: Option<&TrailLooked>,
    ) -> Response {
        match self.main(problems, found, looked).await {
            Ok(main) => {
                let title = "staff.trail.title";
                (self.web.shell).titled(status, self.language, title, &main)
            }
            Err(failure) => failed(self.web, self.language, &told(failure)),
        }
    }

    async fn main(
        &self,
        problems: &[(&str, &str)],
        found: Option<&TrailFound>,
        looked: Option<&TrailLooked>,
    ) -> Outcome<String> {
        let words = messages::catalog(self.language.locale);
        let app = &self.web.app;
        let names = app.staff_names().await?.into_iter();
        let mut staff: Vec<_> = names.map(|(id, email)| (id.to_string(), email)).collect();
        staff.sort_by(|one, other| one.1.cmp(&other.1));
        let last = app.trail_last_whole().await?;
        let last = last.map(|line| {
            let text = text(&line, &words);
            let upto = match line.about {
                Some(TrailAbout::Line(line)) => line.to_string(),
                _ => String::new(),
            };
            [text.time, upto, line.by.unwrap_or_default()]
        });
        let told = looked.map(Told::of);
        let lines: Vec<_> = found
            .iter()
            .flat_map(|found| &found.lines)
            .map(|line| text(line, &words))
            .collect();
        let next = found.and_then(|found| found.next).map(place_text);
        let kinds: Vec<_> = Event::ALL.iter().map(|event| event.as_str()).collect();
        let form = app.staff_form(&self.signed.session).expose();
        let page = StaffTrail {
            action: &paths::in_language(self.language.locale, paths::STAFF_TRAIL),
            hidden: &[("token", form.as_str())],
            chain: TrailChain {
                last: last
                    .as_ref()
                    .map(|last| last.each_ref().map(String::as_str)),
                looked: told.as_ref().map(Told::look),
            },
            staff: &staff,
            kinds: &kinds,
            typed: self.typed,
            problems,
            found: found.map(|_| TrailLines {
                lines: &lines,
                next: next.as_deref(),
            }),
            home: &home(self.language),
        };
        Ok(page.html(&words))
    }
}

/// What came of a look, with its numbers as text.
enum Told<'a> {
    Whole(String),
    SoFar([String; 2], &'a str),
    Broken(Option<String>),
}

impl<'a> Told<'a> {
    fn of(looked: &'a TrailLooked) -> Self {
        match looked {
            TrailLooked::Whole(line) => Self::Whole(line.to_string()),
            TrailLooked::SoFar { upto, of, way_on } => {
                Self::SoFar([upto.to_string(), of.to_string()], way_on)
            }
            TrailLooked::Broken(line) => Self::Broken(line.map(|line| line.to_string())),
        }
    }

    fn look(&self) -> TrailLook<'_> {
        match self {
            Self::Whole(line) => TrailLook::Whole(line),
            Self::SoFar([line, of], way_on) => TrailLook::SoFar([line, of], way_on),
            Self::Broken(line) => TrailLook::Broken(line.as_deref()),
        }
    }
}

/// A line in words.
fn text(line: &TrailLine, words: &Catalog<'_>) -> TrailText {
    TrailText {
        number: line.seq.to_string(),
        time: line.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        machine_time: line.at.to_string(),
        what: trail_event(&line.event, words).to_owned(),
        by: line.by.clone(),
        about: line.about.as_ref().map(|about| about_text(about, words)),
    }
}

/// What a line is about, in words.
pub(super) fn about_text(about: &TrailAbout, words: &Catalog<'_>) -> String {
    let one = |key: &str, name: &str, value: &str| {
        let key = format!("staff.trail.about.{key}");
        words.fill(&key, &[(name, value)])
    };
    match about {
        TrailAbout::Staff(email) => one("staff", "email", email),
        TrailAbout::Record(id) => one("record", "id", id),
        TrailAbout::Kind(event) => one("kind", "kind", trail_event(event.as_str(), words)),
        TrailAbout::Shown(count) => one("shown", "n", &count.to_string()),
        TrailAbout::Line(line) => one("line", "n", &line.to_string()),
        TrailAbout::Key(key) => one("key", "n", &key.to_string()),
        TrailAbout::Imported(counts) => {
            let [new, changed, same, refused] = counts.map(|count| count.to_string());
            let filled = [
                ("new", new.as_str()),
                ("changed", &changed),
                ("same", &same),
                ("refused", &refused),
            ];
            words.fill("staff.trail.about.imported", &filled)
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::Locale;

    use super::*;

    #[test]
    fn each_kind_of_event_has_words_in_each_language() {
        for locale in Locale::ALL {
            let words = messages::catalog(locale);
            for event in Event::ALL {
                let key = format!("staff.event.{}", event.as_str());
                assert!(words.optional(&key).is_some(), "{key} in {locale:?}");
            }
        }
    }

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        for (millis, seq) in [(1_795_000_000_123, 7), (-1, i64::MAX)] {
            let at = Timestamp::from_millisecond(millis).unwrap();
            let there = TrailPlace { at, seq };
            assert_eq!(place(&place_text(there)), Some(there));
        }
        for text in ["", "7", &"g".repeat(32), &"7f".repeat(16)] {
            assert_eq!(place(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_on_the_calendar_and_in_their_order() {
        let typed = |from: &str, to: &str| {
            let pairs = [("from", from), ("to", to)];
            Answers::from_form(pairs.map(|(name, text)| (name.to_owned(), text.to_owned())))
        };
        let problem = |from, to| asked(&typed(from, to)).err();
        assert_eq!(problem("2026-11-28", " 2026-11-28 "), None);
        let wrong = "staff.trail.wrong-day";
        assert_eq!(problem("2026-02-30", ""), Some(("fd-from", wrong)));
        assert_eq!(problem("", "yesterday"), Some(("fd-to", wrong)));
        let no_days = Some(("fd-to", "staff.trail.no-days"));
        assert_eq!(problem("2026-11-28", "2026-11-27"), no_days);
    }
}
