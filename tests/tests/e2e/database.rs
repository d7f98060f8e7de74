//! What the database itself refuses, whoever asks. Statements that only SQLite
//! knows are tried there; the store's own tests ask PostgreSQL the same.

use frontdesk_tests::people::{Person, ROSA, SEAN, WALT};
use frontdesk_tests::walk::{NEW_EMAIL, NEW_PASSWORD};
use frontdesk_tests::{Flow, Request, Settings, Stack, Visitor as _};
use protocol::paths;
use protocol::values::BirthDate;
use serde_json::json;
use verify_api::audit::Event;
use verify_api::staff::Role;

use crate::account::NEW_PHONE;
use crate::sign_in;
use crate::staff::{DANA, Member, desk};

#[test]
fn a_username_cannot_be_changed_even_in_the_database() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA);
    for change in [
        "UPDATE accounts SET username_key = x'00'",
        "UPDATE accounts SET username_key = zeroblob(32)",
        "UPDATE accounts SET patient_id = (SELECT id FROM patients
         WHERE id NOT IN (SELECT patient_id FROM accounts) LIMIT 1)",
        "UPDATE accounts SET id = zeroblob(16)",
    ] {
        let refused = stack.tamper(change);
        assert_eq!(
            refused.map_err(|words| words.contains("a username cannot be changed")),
            Err(true),
            "{change}"
        );
    }
}

#[test]
fn two_accounts_cannot_share_a_username_or_a_patient() {
    let stack = Stack::with(&Settings::default().sqlite());
    stack.enrolled(&ROSA).enrolled(&SEAN);
    let other_patient = "(SELECT id FROM patients
         WHERE id NOT IN (SELECT patient_id FROM accounts) LIMIT 1)";
    let copy = |patient: &str, username: &str| {
        stack.tamper(&format!(
            "INSERT INTO accounts (id, patient_id, username_key, email_key, sealed, password,
                 password_no, created_at)
             SELECT randomblob(16), {patient}, {username}, email_key, sealed,
                 password, password_no, created_at FROM accounts LIMIT 1"
        ))
    };
    for (patient, username, taken) in [
        (other_patient, "username_key", "accounts.username_key"),
        ("patient_id", "randomblob(32)", "accounts.patient_id"),
    ] {
        let refused = copy(patient, username);
        assert!(
            refused.as_ref().is_err_and(|words| words.contains(taken)),
            "{taken} should be what is refused: {refused:?}"
        );
    }
    assert_eq!(stack.number("SELECT count(*) FROM accounts"), 2);
    let neither = copy(other_patient, "randomblob(32)");
    assert_eq!(neither, Ok(1), "nothing else was in the way");
}

#[test]
fn the_audit_trail_can_be_neither_changed_nor_shortened() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let lines = stack.number("SELECT count(*) FROM audit");
    assert!(lines > 8, "an enrollment leaves its lines");
    for change in [
        "UPDATE audit SET event = 'nothing'",
        "UPDATE audit SET at = 0 WHERE seq = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    ] {
        let refused = stack.tamper(change);
        assert!(refused.is_err(), "this should be refused: {change}");
    }
    assert_eq!(stack.number("SELECT count(*) FROM audit"), lines);
}

const EVENTS: [Event; 75] = [
    Event::PatientLookedUp,
    Event::PatientNotFound,
    Event::LookupsOverBudget,
    Event::PatientChecked,
    Event::ProxyNoted,
    Event::ProxyEnded,
    Event::InvitationCancelled,
    Event::StopLifted,
    Event::StaffAdded,
    Event::StaffSetUpBegun,
    Event::StaffSetUp,
    Event::StaffReset,
    Event::StaffDisabled,
    Event::StaffRoleChanged,
    Event::StaffSignedIn,
    Event::StaffSignedOut,
    Event::StaffSignInWaits,
    Event::StaffSignInStopped,
    Event::PatientImported,
    Event::ImportEnded,
    Event::InvitationWithdrawn,
    Event::PatientsSearched,
    Event::PatientInvited,
    Event::InvitationOpened,
    Event::IdentityMatched,
    Event::CodeAsked,
    Event::CodesWait,
    Event::CodesStopped,
    Event::InvitationTriesSpent,
    Event::PhoneProven,
    Event::EmailProven,
    Event::EmailConfirmed,
    Event::Enrolled,
    Event::UsernameRecoveryAsked,
    Event::UsernameRecoveryAmbiguous,
    Event::UsernameShown,
    Event::PasswordResetAsked,
    Event::PasswordResetProven,
    Event::ResetLinkUsed,
    Event::PasswordChanged,
    Event::PhoneChanged,
    Event::EmailChanged,
    Event::AccountDeactivated,
    Event::SignedIn,
    Event::SignInGuessed,
    Event::SignInCodesGuessed,
    Event::SignInStopped,
    Event::ConfirmTriesSpent,
    Event::SignedOut,
    Event::SignedOutEverywhere,
    Event::ProviderAdded,
    Event::ProviderChanged,
    Event::ProviderKeyMade,
    Event::ProviderRetired,
    Event::ConnectionAsked,
    Event::WithdrawalAsked,
    Event::ConnectionDropped,
    Event::ConnectionInvited,
    Event::ConnectionWithdrawn,
    Event::ConnectionAccepted,
    Event::ConnectionDeclined,
    Event::ConnectionEnded,
    Event::ConnectionProvider,
    Event::MessageDead,
    Event::MessageUndelivered,
    Event::MessageOverBudget,
    Event::MessageRetried,
    Event::AuditShortened,
    Event::KeyAdded,
    Event::KeyErased,
    Event::KeysRewrapped,
    Event::DatabaseRestored,
    Event::TrailSearched,
    Event::TrailDownloaded,
    Event::TrailVerified,
];

/// How often [`every_act_leaves_its_line`] does what each event records. Without
/// a wildcard, so that a new event asks for its place here.
const fn times(event: Event) -> i64 {
    match event {
        Event::CodeAsked => 7,
        Event::PatientImported | Event::PatientInvited => 4,
        Event::InvitationOpened
        | Event::IdentityMatched
        | Event::PhoneProven
        | Event::SignedIn
        | Event::Enrolled => 3,
        Event::StaffAdded
        | Event::ImportEnded
        | Event::EmailConfirmed
        | Event::UsernameRecoveryAsked => 2,
        Event::PatientsSearched
        | Event::PatientLookedUp
        | Event::PatientChecked
        | Event::ProxyNoted
        | Event::ProxyEnded
        | Event::InvitationCancelled
        | Event::StaffSetUpBegun
        | Event::StaffSetUp
        | Event::StaffReset
        | Event::StaffDisabled
        | Event::StaffRoleChanged
        | Event::StaffSignedIn
        | Event::StaffSignedOut
        | Event::EmailProven
        | Event::UsernameRecoveryAmbiguous
        | Event::UsernameShown
        | Event::PasswordResetAsked
        | Event::PasswordResetProven
        | Event::PasswordChanged
        | Event::PhoneChanged
        | Event::EmailChanged
        | Event::AccountDeactivated
        | Event::SignedOut
        | Event::SignedOutEverywhere => 1,
        // Of an account or invitation under attack; see the tests of limits. Of providers; see
        // theirs. What goes wrong with a message, what age does, what is done to keys, and whose record
        // was closed (see the tests of imports): no acts of these.
        Event::StaffSignInWaits
        | Event::StaffSignInStopped
        | Event::PatientNotFound
        | Event::LookupsOverBudget
        | Event::StopLifted
        | Event::CodesWait
        | Event::CodesStopped
        | Event::SignInGuessed
        | Event::SignInCodesGuessed
        | Event::SignInStopped
        | Event::ConfirmTriesSpent
        | Event::InvitationTriesSpent
        | Event::InvitationWithdrawn
        | Event::ResetLinkUsed
        | Event::ProviderAdded
        | Event::ProviderChanged
        | Event::ProviderKeyMade
        | Event::ProviderRetired
        | Event::ConnectionAsked
        | Event::WithdrawalAsked
        | Event::ConnectionDropped
        | Event::ConnectionInvited
        | Event::ConnectionWithdrawn
        | Event::ConnectionAccepted
        | Event::ConnectionDeclined
        | Event::ConnectionEnded
        | Event::ConnectionProvider
        | Event::MessageDead
        | Event::MessageUndelivered
        | Event::MessageOverBudget
        | Event::MessageRetried
        | Event::AuditShortened
        | Event::KeyAdded
        | Event::KeyErased
        | Event::KeysRewrapped
        | Event::DatabaseRestored
        // What auditors do, who act on nobody; see the tests of the trail at the desk.
        | Event::TrailSearched
        | Event::TrailDownloaded
        | Event::TrailVerified => 0,
    }
}

#[test]
fn every_act_leaves_its_line() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let born = BirthDate::parse(ROSA.born).expect("a birth date");
    assert_eq!(stack.find(ROSA.family, born).patients.len(), 1);
    let ask_username = || {
        let flow = stack.begin("username-recovery");
        flow.answer("personal-info", &ROSA.personal_info())
            .at("check-email");
    };
    ask_username();
    let link = stack.mail.link(ROSA.email);
    let (_, token) = link.split_once("token=").expect("a token");
    let press = Request::new("POST", paths::REVEAL_USERNAME).form(&[("token", token)]);
    stack.client.send(press).expect(200);

    let reset = stack.at_new_password(&ROSA);
    reset
        .answer("new-password", &json!({"password": NEW_PASSWORD}))
        .at("done");

    for action in ["sign-out", "sign-out-everywhere"] {
        let session = sign_in::session(&stack.sign_in(ROSA.username, NEW_PASSWORD));
        sign_in::press(&stack, &session, action).expect(303);
    }

    let session = sign_in::session(&stack.sign_in(ROSA.username, NEW_PASSWORD));
    let flow = Flow::begin_as(&stack.client, "phone-change", &session);
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("phone");
    flow.answer("phone", &json!({"phone": NEW_PHONE, "channel": "text"}))
        .at("code");
    let code = stack.mail.code("text", NEW_PHONE);
    flow.answer("code", &json!({"code": code})).at("done");

    let moved = "sean.new@example.org";
    let enrollment = stack.at_contact(&SEAN);
    enrollment
        .answer("contact", &json!({"email": moved}))
        .at("code");
    let code = stack.mail.code("email", moved);
    enrollment
        .answer("code", &json!({"code": code}))
        .at("credentials");
    enrollment
        .answer("credentials", &SEAN.credentials())
        .at("done");

    // Twice in the clinic's files, and enrolled twice.
    let again = Person {
        mrn: "WS-2096",
        username: "Rosa.Again",
        ..ROSA
    };
    stack.import(&[again]);
    stack.enrolled(&again);
    ask_username();
    stack.settle();

    let flow = Flow::begin_as(&stack.client, "email-change", &session);
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("contact");
    flow.answer("contact", &json!({"email": NEW_EMAIL}))
        .at("code");
    let code = stack.mail.code("email", NEW_EMAIL);
    flow.answer("code", &json!({"code": code})).at("done");

    let flow = Flow::begin_as(&stack.client, "deactivation", &session);
    flow.answer("password", &json!({"password": NEW_PASSWORD}))
        .at("confirm");
    flow.answer("confirm", &json!({"username": ROSA.username}))
        .at("done");
    let staff = Member::new(&stack, DANA, Role::FrontDesk);
    let mut browser = staff.signed_in(&stack).browser;
    desk::checked(&mut browser, &WALT);
    browser.choose("relationship", "guardian");
    browser.choose("authority-court-order", "yes");
    browser.press("note-proxy");
    browser.press("end-proxy");
    browser.press("invite");
    desk::back(&mut browser);
    browser.press("cancel");
    browser.goto(paths::STAFF);
    browser.press("sign-out");
    stack.reset_staff(DANA);
    stack.change_role(DANA, Role::Auditor);
    stack.disable_staff(DANA);

    let found = |event: Event| {
        let name = event.as_str();
        stack.number(&format!(
            "SELECT count(*) FROM audit WHERE event = '{name}'"
        ))
    };
    let otherwise = EVENTS.map(|event| (event.as_str(), found(event), times(event)));
    let otherwise = otherwise
        .into_iter()
        .filter(|(_, found, times)| found != times);
    assert_eq!(
        otherwise.collect::<Vec<_>>(),
        [],
        "events that were found otherwise than so many times"
    );
    assert_eq!(
        stack.number("SELECT count(*) FROM audit"),
        EVENTS.into_iter().map(times).sum::<i64>(),
        "an event that was written is missing from the list"
    );
}

#[test]
fn a_message_that_was_sent_is_forgotten() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let left = "SELECT count(*) FROM outbox WHERE fate IS NULL OR sealed IS NOT NULL";
    assert_eq!(stack.number(left), 0);
    assert!(stack.number("SELECT count(*) FROM outbox WHERE fate = 'sent'") >= 4);
}
