//! What is to be seen: the step's form, or that the flow is gone.
//!
//! It must not know the browser, nor how a step looks: that is `protocol::form`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use protocol::form::{self, Form};
use protocol::messages::Catalog;
use protocol::{Notice, paths};

use crate::state::State;

/// What to put into the element.
pub(crate) struct Screen {
    pub(crate) html: String,
    /// Whether a code that was texted can be typed.
    pub(crate) is_texted: bool,
    /// Whether there is a button that leads to the step before.
    pub(crate) has_way_back: bool,
    /// Plain texts to set once the markup stands, by selector.
    pub(crate) texts: Vec<(&'static str, String)>,
    /// What takes the focus: the problem, else the news, else the step's title.
    pub(crate) focus: &'static str,
}

/// The state as a screen.
pub(crate) fn screen(state: &State, words: &Catalog<'_>) -> Screen {
    let problem = state.problem.as_ref();
    let mut texts = Vec::new();
    if state.is_offline {
        texts.push(("#fd-errors p", words.text("problem.offline").to_owned()));
    }
    let Some(view) = &state.view else {
        let sign_in = state.sign_in.as_deref();
        let gone = |problem| form::gone(state.kind, problem, sign_in, words);
        return Screen {
            html: problem.map(gone).unwrap_or_default(),
            is_texted: false,
            has_way_back: false,
            texts,
            focus: "#fd-errors",
        };
    };
    // It tells of a button of the account, where whoever is signed in is led.
    let is_for_here = |notice: &Notice| problem.is_none() && *notice != Notice::SignedIn;
    let form = Form {
        kind: state.kind,
        step: &view.step,
        progress: view.progress,
        notice: view.notice.filter(is_for_here),
        problem,
        is_out_of_tries: view.is_out_of_tries,
        expires_in: Some(view.expires_in),
        sign_in: view.sign_in.as_deref(),
        typed: &state.typed(),
        action: &paths::plain(state.kind, words.locale()),
        hidden: &[],
        is_page: false,
    };
    Screen {
        html: form::html(&form, words),
        is_texted: form::takes_texted_code(&form),
        has_way_back: form::has_way_back(&form),
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
    let prefix = [words.text("title.error"), ": "].concat();
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
    use protocol::{Channel, FlowKind, Locale, ProblemCode, Progress, Step, View, messages};

    fn state() -> State {
        State::new(FlowKind::Enrollment, None, Some("7GQK-2M4D".into()))
    }

    fn a_view(step: Step, notice: Option<Notice>) -> View {
        View {
            kind: FlowKind::Enrollment,
            token: None,
            expires_at: String::new(),
            expires_in: 3600,
            progress: Progress { step: 1, of: 6 },
            step,
            notice,
            is_out_of_tries: false,
            sign_in: None,
        }
    }

    fn view(notice: Option<Notice>) -> Reply {
        Reply::View(a_view(Step::Invitation, notice))
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
    fn the_way_to_the_account_tells_of_no_button_that_is_only_there() {
        let words = messages::catalog(Locale::En);
        let mut state = State::new(FlowKind::SignIn, None, None);
        let done = Step::Done { username: None };
        state.apply(Reply::View(a_view(done, Some(Notice::SignedIn))));
        let shown = screen(&state, &words);
        assert!(!shown.html.contains("fd-notice"), "{}", shown.html);
        assert_eq!(shown.focus, "#fd-title");
    }

    #[test]
    fn only_what_has_a_button_for_it_leads_back() {
        let words = messages::catalog(Locale::En);
        let mut state = state();
        state.apply(view(None));
        assert!(!screen(&state, &words).has_way_back);
        state.apply(Reply::View(a_view(Step::Phone, None)));
        assert!(screen(&state, &words).has_way_back);
        state.apply(Reply::Problem(bare_problem(ProblemCode::TooManyTries)));
        assert!(!screen(&state, &words).has_way_back);
        state.apply(Reply::Problem(bare_problem(ProblemCode::FlowExpired)));
        assert!(!screen(&state, &words).has_way_back);
    }

    /// After a reload there is no problem to tell it, only the view.
    #[test]
    fn a_step_without_tries_leads_to_a_new_start() {
        let mut state = state();
        let code = Step::Code {
            channel: Channel::Call,
            to: None,
            resend_in: 0,
        };
        state.apply(Reply::View(View {
            is_out_of_tries: true,
            ..a_view(code, None)
        }));
        let screen = screen(&state, &messages::catalog(Locale::En));
        assert!(screen.html.contains("name=\"action-start-over\""));
        assert!(!screen.html.contains("name=\"action-continue\""));
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
        assert!(screen.html.contains("name=\"action-start-over\""));
        assert!(screen.html.contains(words.text("problem.flow-expired")));
        assert!(!screen.html.contains("/reset-password/"));
    }

    /// The portal's address comes with a view, and outlives it.
    #[test]
    fn whose_invitation_was_used_meanwhile_is_led_to_their_account() {
        let words = messages::catalog(Locale::En);
        let mut state = state();
        state.apply(Reply::View(View {
            sign_in: Some("https://portal.example.org/".into()),
            ..a_view(Step::Credentials, None)
        }));
        let ended = bare_problem(ProblemCode::InvitationEnded);
        state.apply(Reply::Problem(ended));
        let html = screen(&state, &words).html;
        assert!(html.contains("href=\"https://portal.example.org/\""));
        assert!(html.contains("href=\"/reset-password/\""));
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
