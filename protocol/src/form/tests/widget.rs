//! What the widget shows, with no more words than it fetches.

use super::*;
use crate::messages::{catalog, source_of_widget};

/// Shows a step in one state.
fn shown(kind: FlowKind, step: &Step, state: &State<'_>, words: &Catalog<'_>) -> String {
    let typed = Answers::default();
    let form = Form {
        notice: state.notice,
        is_out_of_tries: state.is_out_of_tries,
        sign_in: Some("https://portal.example.org/"),
        is_page: false,
        ..form(kind, step, state.problem, &typed)
    };
    html(&form, words)
}

/// What may be told beside a step.
#[derive(Default)]
struct State<'a> {
    problem: Option<&'a Problem>,
    notice: Option<Notice>,
    is_out_of_tries: bool,
}

#[test]
fn every_step_reads_the_same_with_the_words_that_the_widget_fetches() {
    let whole_problems = ProblemCode::ALL.iter().map(|code| Problem::new(*code));
    let of_fields = Field::ALL.into_iter().flat_map(|field| {
        let problems = FieldProblem::ALL.iter();
        problems.map(move |found| Problem::field(field, *found))
    });
    let problems: Vec<_> = whole_problems.chain(of_fields).collect();
    let with_problem = problems.iter().map(|problem| State {
        problem: Some(problem),
        ..State::default()
    });
    let with_notice = Notice::ALL.into_iter().map(|notice| State {
        notice: Some(notice),
        ..State::default()
    });
    let stuck = State {
        is_out_of_tries: true,
        ..State::default()
    };
    let mut states = vec![State::default(), stuck];
    states.extend(with_problem.chain(with_notice));
    for locale in Locale::ALL {
        let fetched = source_of_widget(locale);
        let fetched = Catalog::parse(locale, &fetched);
        let all = catalog(locale);
        for (kind, step) in steps() {
            for state in &states {
                let [one, other] = [&fetched, &all].map(|words| shown(kind, &step, state, words));
                assert_eq!(one, other);
            }
        }
        for kind in FlowKind::ALL {
            for problem in &problems {
                let [one, other] = [&fetched, &all].map(|words| gone(kind, problem, None, words));
                assert_eq!(one, other);
            }
        }
    }
}
