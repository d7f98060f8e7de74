//! How things went, for managers: counts of whole weeks, without anybody in them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use protocol::form::{BarCount, StaffInsights};
use protocol::{messages, paths};

use super::super::Web;
use super::super::input::query_value;
use super::super::language::Language;
use super::super::problem::told;
use super::{Signed, failed, home};
use crate::app::{Insights, MessageFate};
use crate::insights::{Count, Span};

/// The steps of an enrollment, by the names of their words.
const STEPS: [&str; crate::store::STEPS] =
    ["invited", "opened", "identity", "phone", "email", "done"];

/// What is lost and found again.
const LOST: [&str; 2] = ["username", "password"];

/// How many pages are shown.
const MOST_PAGES: usize = 20;

/// Shows the counts of a span.
pub(super) async fn show(
    State(web): State<Arc<Web>>,
    language: Language,
    RawQuery(query): RawQuery,
    Extension(_): Extension<Signed>,
) -> Response {
    let span = Span::named(&query_value(query.as_deref(), "span"));
    match web.app.insights(span).await {
        Ok(insights) => {
            let main = main(&language, span, &insights);
            let title = "staff.insights.title";
            (web.shell).titled(StatusCode::OK, &language, title, &main)
        }
        Err(failure) => failed(&web, &language, &told(failure)),
    }
}

fn main(language: &Language, span: Span, insights: &Insights) -> String {
    let words = messages::catalog(language.locale);
    let here = paths::in_language(language.locale, paths::STAFF_INSIGHTS);
    let spans = Span::ALL.map(|it| {
        (
            it.as_str(),
            format!("{here}?span={}", it.as_str()),
            it == span,
        )
    });
    let spans: Vec<_> = (spans.iter())
        .map(|(name, page, is_this)| (*name, page.as_str(), *is_this))
        .collect();
    let weeks = &insights.weeks;
    let last = weeks.end.yesterday().unwrap_or(weeks.end);
    let days = [weeks.begins[span as usize], last].map(|day| day.to_string());
    let reached: Vec<_> = (STEPS.into_iter())
        .zip(insights.reached.iter().copied().map(bar))
        .collect();
    let fates: Vec<_> = (insights.fates.iter())
        .map(|(fate, counts): &(MessageFate, _)| (fate.as_str(), counts.map(bar)))
        .collect();
    let recovered: Vec<_> = (LOST.into_iter())
        .zip(insights.recovered.map(|counts| counts.map(bar)))
        .collect();
    let mut pages: Vec<_> = (insights.pages.iter())
        .map(|(page, counts)| (page.as_str(), counts.map(bar)))
        .collect();
    pages.sort_by_key(|(_, [_, no])| match no {
        BarCount::Shown(count) => std::cmp::Reverse(*count),
        BarCount::Hidden => std::cmp::Reverse(0),
    });
    pages.truncate(MOST_PAGES);
    let page = StaffInsights {
        spans: &spans,
        days: days.each_ref().map(String::as_str),
        reached: &reached,
        fates: &fates,
        recovered: &recovered,
        pages: &pages,
        home: &home(language),
    };
    page.html(&words)
}

const fn bar(count: Count) -> BarCount {
    match count {
        Count::Shown(count) => BarCount::Shown(count),
        Count::Hidden => BarCount::Hidden,
    }
}
