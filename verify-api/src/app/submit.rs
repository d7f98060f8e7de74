//! Answers a step, sends another code, goes back.

use protocol::{
    Answer, Answers, Channel, Field, FieldProblems, Notice, Problem, ProblemCode, StepName, View,
};

use super::commit::Committed;
use super::{Answered, App, Failure, Loaded, Outcome, Token, Visitor};
use crate::flow::{Effect, State, Verdict};
use crate::patient::phone::Phone;

impl App {
    /// Answers the current step.
    ///
    /// # Errors
    /// `unknown-flow`, `flow-expired`; `wrong-step` with the current view when
    /// `step` is not the current one; `invalid-answers` with the fields;
    /// `not-matched`, `wrong-sign-in`, `sign-in-first`, `too-many-tries`, `too-soon`,
    /// `code-wait`, `over-limit`, `unavailable`.
    pub async fn submit(
        &self,
        token: &Token,
        step: StepName,
        answers: &Answers,
        from: Visitor,
    ) -> Outcome<Answered> {
        let loaded = self.load(token, from.session).await?;
        let state = &loaded.kept.state;
        let now = self.now();
        if state.step(now).name() != step {
            return Err(self.wrong_step(&loaded).await?);
        }
        let answer = match Answer::parse(step, answers) {
            Ok(Some(answer)) => answer,
            Ok(None) => return Err(self.wrong_step(&loaded).await?),
            Err(problems) => return Err(with_phone(step, answers, problems).into()),
        };
        let mut verdict = state.answer(&answer, None, now);
        if let Verdict::Ask(question) = verdict {
            let found = self.find_out(&loaded, question, from.network);
            let fact = match found.await {
                Err(failure) if is_overtaken(&failure) => {
                    let current = self.load(token, from.session).await?;
                    return Err(self.wrong_step(&current).await?);
                }
                found => found?,
            };
            verdict = state.answer(&answer, Some(fact), self.now());
        }
        match verdict {
            Verdict::Advance { state, effects } => {
                let act = (state, effects, None);
                self.advance(token, loaded, act, from).await
            }
            Verdict::Refuse(refusal) => Err(refusal.into()),
            Verdict::Ask(question) => Err(Failure::unavailable(&format!(
                "the engine asked twice: {question:?}"
            ))),
        }
    }

    /// Sends another code, by `channel` or as before.
    ///
    /// # Errors
    /// As [`App::submit`], and `nothing-to-resend`.
    pub async fn resend(
        &self,
        token: &Token,
        channel: Option<Channel>,
        from: Visitor,
    ) -> Outcome<View> {
        let loaded = self.load(token, from.session).await?;
        let (state, effects) = loaded.kept.state.resend(channel, self.now())?;
        let act = (state, effects, Some(Notice::CodeSent));
        let answered = self.advance(token, loaded, act, from).await?;
        Ok(answered.view)
    }

    /// Goes to the previous answerable step.
    ///
    /// # Errors
    /// As [`App::submit`], and `no-way-back`.
    pub async fn back(&self, token: &Token, from: Visitor) -> Outcome<View> {
        let loaded = self.load(token, from.session).await?;
        let state = loaded
            .kept
            .state
            .back(self.now())
            .ok_or(ProblemCode::NoWayBack)?;
        let act = (state, Vec::new(), None);
        let answered = self.advance(token, loaded, act, from).await?;
        Ok(answered.view)
    }

    /// Makes the step real; when another request was faster, says where the flow is now.
    async fn advance(
        &self,
        token: &Token,
        loaded: Loaded,
        (state, effects, notice): (State, Vec<Effect>, Option<Notice>),
        from: Visitor,
    ) -> Outcome<Answered> {
        match self.commit(loaded, state, effects, from).await {
            Ok(made) => {
                let Committed {
                    flow,
                    kept,
                    ends_at,
                    session,
                } = made;
                let view = self.view_of(flow, &kept, ends_at, notice).await?;
                Ok(Answered { view, session })
            }
            Err(failure) if is_overtaken(&failure) => {
                let current = self.load(token, from.session).await?;
                Err(self.wrong_step(&current).await?)
            }
            Err(failure) => Err(failure),
        }
    }

    pub(super) async fn wrong_step(&self, loaded: &Loaded) -> Outcome<Failure> {
        let view = self.current(loaded, Some(Notice::AlreadyAnswered)).await?;
        let problem = Problem {
            view: Some(Box::new(view)),
            ..Problem::new(ProblemCode::WrongStep)
        };
        Ok(problem.into())
    }
}

/// The same problems, and that of a number which no code can reach. It is judged here and
/// not where answers are read; but whoever mends one field must not hear of the other only then.
fn with_phone(step: StepName, answers: &Answers, mut problems: FieldProblems) -> FieldProblems {
    let is_asked = step.fields().contains(&Field::Phone);
    if is_asked
        && !problems.contains_key(&Field::Phone)
        && let Err(problem) = Phone::parse(answers.get(Field::Phone))
    {
        problems.insert(Field::Phone, problem);
    }
    problems
}

/// Whether another request may have taken the step meanwhile. One that ended the session
/// looks as if nobody had been signed in.
fn is_overtaken(failure: &Failure) -> bool {
    matches!(
        failure.problem.code,
        ProblemCode::WrongStep | ProblemCode::SignInFirst
    )
}
