//! What is to be seen: the step's form, or that the flow is gone.
//!
//! It must not know the browser, nor how a step looks: that is `protocol::form`.

use protocol::form::{self, Form};
use protocol::messages::Catalog;
use protocol::paths;

use crate::state::State;

/// What to put into the element.
pub(crate) struct Screen {
    pub(crate) html: String,
    /// Plain texts to set once the markup stands, by selector.
    pub(crate) texts: Vec<(&'static str, String)>,
    /// What takes the focus: the problem, else the news, else the step's title.
    pub(crate) focus: &'static str,
}

/// The frame in which a flow that is gone says so; its words are set as text.
const GONE: &str = "<div class=\"fd-flow\">\
<div class=\"fd-errors\" id=\"fd-errors\" role=\"alert\" tabindex=\"-1\" aria-labelledby=\"fd-errors-title\">\
<h2 id=\"fd-errors-title\"></h2><p></p></div>\
<form class=\"fd-form\"><div class=\"fd-actions\">\
<button class=\"fd-button\" type=\"submit\" name=\"action\" value=\"start-over\"></button>\
</div></form></div>";

/// The state as a screen.
pub(crate) fn screen(state: &State, words: &Catalog<'_>) -> Screen {
    let problem = state.problem.as_ref();
    let mut texts = Vec::new();
    if state.is_offline {
        texts.push(("#fd-errors p", words.text("problem.offline").to_owned()));
    }
    let Some(view) = &state.view else {
        texts.push(("#fd-errors-title", words.text("errors.title").to_owned()));
        texts.push(("button", words.text("action.start-over").to_owned()));
        if let (Some(problem), false) = (problem, state.is_offline) {
            texts.push(("#fd-errors p", form::problem_text(problem, words)));
        }
        return Screen {
            html: GONE.to_owned(),
            texts,
            focus: "#fd-errors",
        };
    };
    let form = Form {
        kind: state.kind,
        step: &view.step,
        progress: view.progress,
        notice: view.notice.filter(|_| problem.is_none()),
        problem,
        typed: &state.typed(),
        action: &paths::plain(state.kind),
        hidden: &[],
        is_page: false,
    };
    Screen {
        html: form::html(&form, words),
        texts,
        focus: match (problem, form.notice) {
            (Some(_), _) => "#fd-errors",
            (None, Some(_)) => ".fd-notice",
            (None, None) => "#fd-title",
        },
    }
}

/// The document's title beside a problem: "Error" first, since it is read first.
/// The rest is the host page's, and comes back as it was.
pub(crate) fn page_title(current: &str, has_problem: bool, words: &Catalog<'_>) -> String {
    let prefix = format!("{}: ", words.text("title.error"));
    let own = current.strip_prefix(&prefix).unwrap_or(current);
    if has_problem {
        prefix + own
    } else {
        own.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::bare_problem;
    use crate::state::Reply;
    use protocol::{FlowKind, Locale, Notice, ProblemCode, Progress, Step, View, messages};

    fn state() -> State {
        State::new(FlowKind::Enrollment, None, Some("7GQK-2M4D".into()))
    }

    fn view(notice: Option<Notice>) -> Reply {
        Reply::View(View {
            kind: FlowKind::Enrollment,
            token: None,
            expires_at: String::new(),
            progress: Progress { step: 1, of: 6 },
            step: Step::Invitation,
            notice,
            is_out_of_tries: false,
        })
    }

    #[test]
    fn a_step_is_its_form_with_the_invitation_filled_in() {
        let mut state = state();
        state.apply(view(None));
        let screen = screen(&state, &messages::catalog(Locale::En));
        assert!(
            screen.html.contains("value=\"7GQK-2M4D\""),
            "{}",
            screen.html
        );
        assert!(screen.html.contains("<h2 class=\"fd-title\""));
        assert_eq!((screen.focus, screen.texts.len()), ("#fd-title", 0));
    }

    #[test]
    fn news_and_problems_take_the_focus() {
        let words = messages::catalog(Locale::En);
        let mut state = state();
        state.apply(view(Some(Notice::CodeSent)));
        assert_eq!(screen(&state, &words).focus, ".fd-notice");
        state.apply(Reply::Problem(bare_problem(ProblemCode::TooSoon)));
        let shown = screen(&state, &words);
        assert_eq!(shown.focus, "#fd-errors");
        assert!(
            !shown.html.contains("fd-notice"),
            "old news beside a problem"
        );
    }

    #[test]
    fn being_offline_is_told_in_its_own_words() {
        let words = messages::catalog(Locale::En);
        let offline = ("#fd-errors p", words.text("problem.offline").to_owned());
        let mut state = state();
        state.apply(Reply::Offline);
        assert!(screen(&state, &words).texts.contains(&offline));
        state.apply(view(None));
        state.apply(Reply::Offline);
        assert_eq!(screen(&state, &words).texts, [offline]);
    }

    #[test]
    fn a_flow_that_is_gone_offers_a_new_start() {
        let words = messages::catalog(Locale::En);
        let mut state = state();
        state.apply(Reply::Problem(bare_problem(ProblemCode::FlowExpired)));
        let screen = screen(&state, &words);
        assert!(screen.html.contains("value=\"start-over\""));
        for (selector, key) in [
            ("#fd-errors p", "problem.flow-expired"),
            ("button", "action.start-over"),
        ] {
            let text = (selector, words.text(key).to_owned());
            assert!(screen.texts.contains(&text), "{key}");
        }
    }

    #[test]
    fn the_title_is_given_back_as_it_was() {
        let words = messages::catalog(Locale::En);
        let with_problem = page_title("Enroll", true, &words);
        assert_eq!(with_problem, "Error: Enroll");
        assert_eq!(page_title(&with_problem, true, &words), "Error: Enroll");
        assert_eq!(page_title(&with_problem, false, &words), "Enroll");
    }
}
