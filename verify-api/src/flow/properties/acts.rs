//! What people do with a form, and what they type.
//!
//! Whether a thing that is typed is *right* is known here and in the
//! [ledger](super::ledger); the engine is never asked.

use proptest::prelude::*;
use protocol::{Answers, Channel, Field, FlowKind, StepName};

/// How a flow begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    /// By its first step.
    Flow(FlowKind),
    /// As an enrollment with an invitation on paper, which proves no address.
    PaperInvitation,
    /// As a reset whose link in an email was pressed.
    ResetLink,
    /// As a sign-in with a username whose password somebody has guessed at.
    GuessedSignIn,
}

/// One thing that happens to a flow.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The form that is shown is sent.
    Answer(Way),
    /// A form of another step is sent: an old tab, a hand-made request.
    Stale(StepName, Way),
    /// The form is sent twice, and both are judged before either is written.
    Twice(Way),
    Resend(Option<Channel>),
    Back,
    /// More time is asked for.
    MoreTime,
    /// Time passes; less than nothing if the clock is set back.
    Wait(i64),
    /// Something happens elsewhere.
    Elsewhere(Event),
}

/// How well an answer is given; what that means at each step is in [`typed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As by the person whose flow it is.
    Right,
    /// As by somebody who guesses.
    Wrong,
    /// Well formed, and not what is wanted.
    Odd,
    /// Not well formed.
    Malformed,
}

/// What happens outside of the flow.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    InvitationUsed,
    InvitationReplaced,
    InvitationExpired,
    UsernameTaken,
}

pub(super) const INVITATION: &str = "7GQK-2M4D-X9TB-HW3R";
pub(super) const PHONE: &str = "+12075550142";
/// Of nobody's record; whoever is signed in may link it.
pub(super) const NEW_PHONE: &str = "+12075550199";
pub(super) const MAILED_TO: &str = "rosa@example.org";
pub(super) const OTHER_EMAIL: &str = "rosa.new@example.org";
pub(super) const MISTYPED_EMAIL: &str = "roza@example.org";
/// Has an account; [`FREE_USERNAMES`] are for a new one.
pub(super) const USERNAME: &str = "rosa.n";
/// Has an account too, of somebody else.
pub(super) const OTHER_USERNAME: &str = "sam.w";
pub(super) const FREE_USERNAMES: [&str; 2] = ["rosa.okafor", "rosa.okafor.2"];
pub(super) const COMMON_PASSWORD: &str = "passwordpassword";
const PASSWORD: &str = "a garden with three gates";
pub(super) const WRONG_CODE: &str = "000000";

/// What somebody knows who fills in a form.
pub(super) struct Knowledge<'a> {
    /// The newest code that they could read.
    pub(super) newest_code: Option<&'a str>,
    /// The one before it, of whatever step.
    pub(super) earlier_code: Option<&'a str>,
    /// The username that they would like to have.
    pub(super) username: &'a str,
}

/// What is typed into the form of `step`.
pub(super) fn typed(step: StepName, way: Way, knows: &Knowledge<'_>) -> Answers {
    use Way::{Malformed, Odd, Right, Wrong};
    let pick = |texts: [&'static str; 4]| match way {
        Right => texts[0],
        Wrong => texts[1],
        Odd => texts[2],
        Malformed => texts[3],
    };
    let mut answers = Answers::default();
    let mut set = |field, text: &str| answers.set(field, text);
    let name = |set: &mut dyn FnMut(Field, &str)| {
        set(Field::GivenName, pick(["Rosa", "Rose", "Rosa", ""]));
        set(Field::FamilyName, "Okafor");
        let born = pick(["1951-03-27", "1951-03-27", "2999-01-01", "1951-02-30"]);
        set(Field::BirthDate, born);
    };
    match step {
        StepName::Invitation => {
            let unknown = "0000-0000-0000-0000";
            let code = pick([INVITATION, unknown, "7GQK-2M4D-X9TB-HW30", "7GQK"]);
            set(Field::Invitation, code);
        }
        StepName::Identity => {
            name(&mut set);
            set(Field::PostalCode, "04101");
        }
        StepName::PersonalInfo => {
            name(&mut set);
            set(Field::Email, MAILED_TO);
        }
        StepName::Phone => {
            let number = pick(["207-555-0142", "207-555-0199", "call me", ""]);
            set(Field::Phone, number);
            set(Field::Channel, "text");
        }
        StepName::Code => {
            let digits = match way {
                Right => knows.newest_code,
                Odd => knows.earlier_code,
                Wrong => None,
                Malformed => Some("12345"),
            };
            set(Field::Code, digits.unwrap_or(WRONG_CODE));
        }
        StepName::Contact => {
            let email = pick([MAILED_TO, OTHER_EMAIL, MISTYPED_EMAIL, "nowhere"]);
            set(Field::Email, email);
        }
        StepName::Credentials => {
            let name = match way {
                Right | Odd => knows.username,
                Wrong => USERNAME,
                Malformed => MAILED_TO,
            };
            set(Field::Username, name);
            set(Field::Password, password(way));
        }
        StepName::Identify | StepName::Confirm => {
            let name = pick([USERNAME, "nobody.here", OTHER_USERNAME, MAILED_TO]);
            set(Field::Username, name);
        }
        StepName::Method => set(Field::Channel, pick(["text", "call", "email", "pigeon"])),
        StepName::NewPassword => set(Field::Password, password(way)),
        StepName::SignIn => {
            let name = pick([USERNAME, USERNAME, "nobody.here", MAILED_TO]);
            set(Field::Username, name);
            let other = "a garden with four gates";
            set(Field::Password, pick([PASSWORD, other, PASSWORD, ""]));
        }
        StepName::Password => {
            let other = "a garden with four gates";
            set(
                Field::Password,
                pick([PASSWORD, other, COMMON_PASSWORD, ""]),
            );
        }
        StepName::CheckEmail | StepName::Done => {}
    }
    answers
}

/// Whether this is the password of [`USERNAME`].
pub(super) fn is_right(username: &str, password: &str) -> bool {
    username == USERNAME && password == PASSWORD
}

const fn password(way: Way) -> &'static str {
    match way {
        Way::Right | Way::Wrong => PASSWORD,
        Way::Odd => COMMON_PASSWORD,
        Way::Malformed => "",
    }
}

/// Any start.
pub(super) fn start() -> impl Strategy<Value = Start> {
    prop_oneof![
        4 => Just(Start::Flow(FlowKind::Enrollment)),
        2 => Just(Start::PaperInvitation),
        4 => Just(Start::Flow(FlowKind::PasswordReset)),
        1 => Just(Start::ResetLink),
        1 => Just(Start::Flow(FlowKind::UsernameRecovery)),
        2 => Just(Start::Flow(FlowKind::SignIn)),
        3 => Just(Start::Flow(FlowKind::PhoneChange)),
        3 => Just(Start::Flow(FlowKind::EmailChange)),
        2 => Just(Start::Flow(FlowKind::Deactivation)),
        3 => Just(Start::GuessedSignIn),
    ]
}

/// What happens to one flow: about forty acts. Some of them come together, so that
/// late steps are reached and what has to wait a minute often has waited.
pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let again = |way| move |steps| vec![Act::Answer(way); steps];
    let resent = |(steps, channel)| {
        let mut acts = vec![Act::Answer(Way::Right); steps];
        acts.extend([Act::Wait(60), Act::Resend(channel)]);
        acts
    };
    let given_up = |(steps, way)| {
        let mut acts = vec![Act::Answer(Way::Wrong); steps];
        acts.extend([Act::Back, Act::Wait(60), Act::Answer(way)]);
        acts
    };
    let some = prop_oneof![
        12 => act().prop_map(|act| vec![act]),
        3 => (2..6_usize).prop_map(again(Way::Right)),
        2 => (2..6_usize).prop_map(again(Way::Wrong)),
        2 => (0..4_usize, channel()).prop_map(resent),
        3 => (0..6_usize, way()).prop_map(given_up),
    ];
    prop::collection::vec(some, 1..24).prop_map(|acts| acts.concat())
}

fn channel() -> impl Strategy<Value = Option<Channel>> {
    prop::option::of(prop::sample::select(Channel::ALL.to_vec()))
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        14 => way().prop_map(Act::Answer),
        2 => (prop::sample::select(StepName::ALL.to_vec()), way())
            .prop_map(|(step, way)| Act::Stale(step, way)),
        2 => way().prop_map(Act::Twice),
        3 => channel().prop_map(Act::Resend),
        3 => Just(Act::Back),
        2 => Just(Act::MoreTime),
        8 => seconds().prop_map(Act::Wait),
        1 => event().prop_map(Act::Elsewhere),
    ]
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        6 => Just(Way::Right),
        2 => Just(Way::Wrong),
        2 => Just(Way::Odd),
        1 => Just(Way::Malformed),
    ]
}

fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 0..70_i64,
        4 => Just(60_i64),
        // Around the ends of codes (10 min, a day), proofs (15 min) and flows.
        2 => prop::sample::select(vec![599, 600, 601, 899, 900, 901, 3_599, 3_600, 86_399, 86_400]),
        1 => -600..0_i64,
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop::sample::select(vec![
        Event::InvitationUsed,
        Event::InvitationReplaced,
        Event::InvitationExpired,
        Event::UsernameTaken,
    ])
}
