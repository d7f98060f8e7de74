//! What the widget knows, and what an answer of the API makes of it.
//!
//! It must not know the browser; it is plain data, tested on any machine.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use protocol::form::{ACTION, is_mendable};
use protocol::{
    Answers, Channel, Field, FieldProblems, FlowKind, Notice, Problem, ProblemCode, View,
};

use crate::read::bare_problem;

/// What came of asking the API.
pub(crate) enum Reply {
    /// The flow goes on, or stands where it stood.
    View(View),
    /// The API said no, and why.
    Problem(Problem),
    /// Nothing came back.
    Offline,
}

/// What a person asked for by pressing a button of the form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Continue,
    Back,
    Resend(Option<Channel>),
    StartOver,
}

impl Action {
    /// The action of a button's name; Enter in a field presses the first one.
    pub(crate) fn of_button(name: &str) -> Self {
        match name.strip_prefix(ACTION).unwrap_or_default() {
            "back" => Self::Back,
            "start-over" => Self::StartOver,
            "resend" => Self::Resend(None),
            other => match other.strip_prefix("resend-").and_then(Channel::from_name) {
                Some(channel) => Self::Resend(Some(channel)),
                None => Self::Continue,
            },
        }
    }
}

/// Names and texts of a form's controls.
pub(crate) type Controls = Vec<(String, String)>;

/// Everything that decides what is to be seen.
pub(crate) struct State {
    pub(crate) kind: FlowKind,
    /// The flow's bearer token, as long as there is an unfinished flow.
    pub(crate) token: Option<String>,
    /// The flow as it was last told; nothing once it is gone.
    pub(crate) view: Option<View>,
    /// Where people sign in to the portal, as it was last told.
    pub(crate) sign_in: Option<String>,
    pub(crate) problem: Option<Problem>,
    /// Whether the problem is that nothing came back.
    pub(crate) is_offline: bool,
    /// Whether the API is being asked for the step before.
    pub(crate) goes_back: bool,
    /// How far the step that is shown lies from the one that was shown before: 1 is on, -1 is
    /// back.
    pub(crate) way: i32,
    /// Seconds until the flow stops waiting, as long as nobody counts them down.
    pub(crate) expires_in: Option<u32>,
    /// What was typed, by control; never a secret.
    typed: Controls,
}

impl State {
    pub(crate) fn new(kind: FlowKind, token: Option<String>, invitation: Option<String>) -> Self {
        let invitation = invitation.map(|code| (Field::Invitation.as_str().to_owned(), code));
        Self {
            kind,
            token,
            view: None,
            sign_in: None,
            problem: None,
            is_offline: false,
            goes_back: false,
            way: 0,
            expires_in: None,
            typed: invitation.into_iter().collect(),
        }
    }

    /// Remembers what was typed, so that no problem and no way back costs it
    /// (WCAG 2.2, 3.3.7). Codes and passwords are not remembered.
    pub(crate) fn keep(&mut self, controls: &Controls) {
        for (name, text) in controls {
            if is_secret(name) {
                continue;
            }
            self.typed.retain(|(kept, _)| kept != name);
            self.typed.push((name.clone(), text.clone()));
        }
    }

    /// What was typed, for the form to show again.
    pub(crate) fn typed(&self) -> Answers {
        Answers::from_form(self.typed.iter().cloned())
    }

    /// Whether nothing is wrong with the secret that was typed, so that it may
    /// stand in its box again: the signal was lost, or another field is to blame.
    pub(crate) fn spares_secrets(&self) -> bool {
        let fields = self.problem.as_ref().map(|problem| &problem.fields);
        let blames_others = |fields: &FieldProblems| {
            !fields.is_empty() && fields.keys().all(|field| field.is_kept())
        };
        self.is_offline || fields.is_some_and(blames_others)
    }

    /// Takes in what the API said.
    pub(crate) fn apply(&mut self, reply: Reply) {
        self.is_offline = matches!(reply, Reply::Offline);
        self.way = 0;
        match reply {
            Reply::View(view) => self.show(view),
            Reply::Offline => self.problem = Some(bare_problem(ProblemCode::Unavailable)),
            Reply::Problem(problem) => self.refuse(problem),
        }
        self.goes_back = false;
    }

    /// Takes in what came of asking for more time. The step stays on the screen, with all
    /// that is typed there: the key of what to tell beside it. Nothing where the flow is gone
    /// or stands elsewhere, so that there is another screen to show.
    pub(crate) fn extend(&mut self, reply: Reply) -> Option<&'static str> {
        let told = match reply {
            Reply::View(view) if self.is_at(&view) => {
                self.expires_in = Some(view.expires_in);
                (view.notice == Some(Notice::MoreTime)).then_some("notice.more-time")
            }
            Reply::View(view) => {
                self.show(overtaken(view));
                return None;
            }
            Reply::Problem(problem) if problem.view.is_some() || !is_mendable(problem.code) => {
                self.refuse(problem);
                return None;
            }
            Reply::Problem(_) | Reply::Offline => None,
        };
        told.or(Some("notice.no-more-time"))
    }

    fn is_at(&self, other: &View) -> bool {
        let view = self.view.as_ref();
        view.is_some_and(|it| it.step.name() == other.step.name() && it.progress == other.progress)
    }

    fn refuse(&mut self, mut problem: Problem) {
        if let Some(view) = problem.view.take() {
            // Another tab, or an answer that arrived though its reply did not:
            // the person goes on from where the flow really is.
            return self.show(overtaken(*view));
        }
        if !is_mendable(problem.code) {
            self.token = None;
            self.view = None;
        }
        self.problem = Some(problem);
    }

    fn show(&mut self, mut view: View) {
        self.problem = None;
        self.way = match &self.view {
            Some(before) if before.step.name() == view.step.name() => 0,
            Some(_) if self.goes_back => -1,
            Some(_) => 1,
            None => 0,
        };
        if let Some(token) = view.token.take() {
            self.token = Some(token);
        }
        if protocol::form::is_last(view.step.name()) {
            self.token = None;
            self.typed.clear();
        }
        self.sign_in.clone_from(&view.sign_in);
        self.expires_in = Some(view.expires_in);
        self.view = Some(view);
    }
}

/// Where the flow really is, for somebody who is shown another step.
fn overtaken(view: View) -> View {
    let notice = Some(Notice::AlreadyAnswered);
    View { notice, ..view }
}

/// Whether a control holds what must never be shown again.
pub(crate) fn is_secret(control: &str) -> bool {
    let mut fields = Field::ALL.into_iter();
    fields.any(|field| field.as_str() == control && !field.is_kept())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{FieldProblem, Progress, Step};

    fn view(step: Step) -> View {
        View {
            kind: FlowKind::PasswordReset,
            token: None,
            expires_at: String::new(),
            expires_in: 3600,
            progress: Progress { step: 1, of: 4 },
            step,
            notice: None,
            is_out_of_tries: false,
            sign_in: None,
        }
    }

    fn state() -> State {
        let mut state = State::new(FlowKind::PasswordReset, None, None);
        state.apply(Reply::View(View {
            token: Some("t".into()),
            ..view(Step::Identify)
        }));
        state
    }

    fn controls(pairs: &[(&str, &str)]) -> Controls {
        let owned = pairs.iter().map(|(n, t)| ((*n).into(), (*t).into()));
        owned.collect()
    }

    #[test]
    fn buttons_mean_what_their_names_say() {
        assert_eq!(Action::of_button("action-continue"), Action::Continue);
        assert_eq!(Action::of_button("action-back"), Action::Back);
        assert_eq!(Action::of_button("action-resend"), Action::Resend(None));
        assert_eq!(
            Action::of_button("action-resend-call"),
            Action::Resend(Some(Channel::Call))
        );
        assert_eq!(Action::of_button("action-start-over"), Action::StartOver);
    }

    #[test]
    fn what_was_typed_outlives_a_problem_but_secrets_do_not() {
        let mut state = state();
        state.keep(&controls(&[
            ("username", "ana"),
            ("password", "hunter"),
            ("code", "123456"),
        ]));
        state.keep(&controls(&[("username", "ana.b")]));
        state.apply(Reply::Offline);
        assert!(state.is_offline && state.problem.is_some() && state.view.is_some());
        assert_eq!(state.typed().get(Field::Username), "ana.b");
        assert_eq!(state.typed().get(Field::Password), "");
        assert_eq!(state.typed().get(Field::Code), "");
    }

    #[test]
    fn a_password_is_typed_again_only_if_it_was_to_blame() {
        let told = |fields: &[(Field, FieldProblem)]| {
            let mut state = state();
            let mut problem = bare_problem(ProblemCode::InvalidAnswers);
            problem.fields = fields.iter().copied().collect();
            state.apply(Reply::Problem(problem));
            state.spares_secrets()
        };
        let taken = (Field::Username, FieldProblem::UsernameTaken);
        let short = (Field::Password, FieldProblem::PasswordTooShort);
        assert!(told(&[taken]));
        assert!(!told(&[taken, short]) && !told(&[short]) && !told(&[]));
        let mut state = state();
        state.apply(Reply::Offline);
        assert!(state.spares_secrets());
    }

    #[test]
    fn a_step_lies_further_on_or_back_or_is_the_same() {
        let mut state = State::new(FlowKind::PasswordReset, None, None);
        let mut way = |reply, goes_back| {
            state.goes_back = goes_back;
            state.apply(reply);
            state.way
        };
        assert_eq!(way(Reply::View(view(Step::Method)), false), 0, "the first");
        let code = |resend_in| {
            Reply::View(view(Step::Code {
                channel: Channel::Text,
                to: None,
                resend_in,
            }))
        };
        assert_eq!(way(code(60), false), 1);
        assert_eq!(way(code(30), false), 0, "another code");
        assert_eq!(way(Reply::Offline, true), 0);
        assert_eq!(way(Reply::View(view(Step::Method)), true), -1);
        assert_eq!(way(code(60), false), 1);
    }

    #[test]
    fn an_answer_to_another_step_leads_to_the_current_one() {
        let mut state = state();
        let mut problem = bare_problem(ProblemCode::WrongStep);
        problem.view = Some(Box::new(view(Step::Method)));
        state.apply(Reply::Problem(problem));
        let shown = state.view.expect("a view");
        assert_eq!(shown.step, Step::Method);
        assert_eq!(shown.notice, Some(Notice::AlreadyAnswered));
        assert!(state.problem.is_none());
        assert_eq!(state.token.as_deref(), Some("t"));
    }

    #[test]
    fn more_time_leaves_the_step_as_it_is() {
        let mut state = state();
        let given = |notice| {
            Reply::View(View {
                expires_in: 900,
                notice,
                ..view(Step::Identify)
            })
        };
        state.expires_in = None;
        let told = state.extend(given(Some(Notice::MoreTime)));
        assert_eq!(
            (told, state.expires_in),
            (Some("notice.more-time"), Some(900))
        );
        // No notice: the flow has come to its lifetime.
        assert_eq!(state.extend(given(None)), Some("notice.no-more-time"));
        for failed in [
            Reply::Offline,
            Reply::Problem(bare_problem(ProblemCode::Unavailable)),
        ] {
            assert_eq!(state.extend(failed), Some("notice.no-more-time"));
        }
        assert!(state.problem.is_none() && !state.is_offline);
        assert!(state.view.is_some_and(|view| view.notice.is_none()));
    }

    #[test]
    fn more_time_for_a_flow_that_is_elsewhere_or_gone_leads_there() {
        let mut problem = bare_problem(ProblemCode::WrongStep);
        problem.view = Some(Box::new(view(Step::Method)));
        for reply in [Reply::View(view(Step::Method)), Reply::Problem(problem)] {
            let mut state = state();
            assert_eq!(state.extend(reply), None);
            let shown = state.view.expect("a view");
            assert_eq!(shown.step, Step::Method);
            assert_eq!(shown.notice, Some(Notice::AlreadyAnswered));
        }
        let mut state = state();
        let gone = Reply::Problem(bare_problem(ProblemCode::FlowExpired));
        assert_eq!(state.extend(gone), None);
        assert!(state.view.is_none() && state.problem.is_some());
    }

    #[test]
    fn a_flow_that_is_gone_takes_its_token_along() {
        for code in [ProblemCode::UnknownFlow, ProblemCode::FlowExpired] {
            let mut state = state();
            state.apply(Reply::Problem(bare_problem(code)));
            assert!(state.token.is_none() && state.view.is_none() && state.problem.is_some());
        }
        let mut state = state();
        state.apply(Reply::Problem(bare_problem(ProblemCode::TooSoon)));
        assert!(state.token.is_some() && state.view.is_some());
    }

    #[test]
    fn the_last_step_leaves_nothing_behind() {
        let mut state = state();
        state.keep(&controls(&[("username", "ana")]));
        state.apply(Reply::View(view(Step::Done { username: None })));
        assert!(state.token.is_none());
        assert_eq!(state.typed().get(Field::Username), "");
    }
}
