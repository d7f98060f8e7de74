//! What a person does, from the first step to the last: the same in every
//! browser and on both hosts.

use crate::{Person, Stack, Visitor, words};

/// Answers every step of an enrollment. The person is at the first one.
#[track_caller]
pub fn enroll(visitor: &mut dyn Visitor, stack: &Stack, person: &Person, invitation: &str) {
    visitor.expect_step("invitation");
    visitor.fill("invitation", invitation);
    visitor.press("continue");
    identity(visitor, person);
    phone(visitor, person, "text");
    visitor.expect_step("code");
    code(visitor, &stack.mail.code("text", person.phone));
    visitor.expect_step("contact");
    assert_eq!(
        visitor.page().value("email"),
        person.email,
        "the email on file should be there to confirm"
    );
    visitor.press("continue");
    credentials(visitor, person);
    visitor.expect_title(words("step.done.title.enrollment"));
    stack
        .mail
        .saying("email", person.email, "You are now enrolled");
}

/// Says who the person is, as the clinic has it.
#[track_caller]
pub fn identity(visitor: &mut dyn Visitor, person: &Person) {
    visitor.expect_step("identity");
    visitor.fill("given_name", person.given);
    visitor.fill("family_name", person.family);
    birth_date(visitor, person.born_in_boxes());
    visitor.fill("postal_code", person.zip);
    visitor.press("continue");
}

/// Fills the three boxes of a date: month, day, year.
#[track_caller]
pub fn birth_date(visitor: &mut dyn Visitor, [month, day, year]: [&str; 3]) {
    visitor.fill("birth_date-month", month);
    visitor.fill("birth_date-day", day);
    visitor.fill("birth_date-year", year);
}

/// Gives the phone on file.
#[track_caller]
pub fn phone(visitor: &mut dyn Visitor, person: &Person, channel: &str) {
    visitor.expect_step("phone");
    visitor.fill("phone", person.phone);
    visitor.choose("channel", channel);
    visitor.press("continue");
}

/// Types a code.
#[track_caller]
pub fn code(visitor: &mut dyn Visitor, code: &str) {
    visitor.fill("code", code);
    visitor.press("continue");
}

/// Chooses username and password.
#[track_caller]
pub fn credentials(visitor: &mut dyn Visitor, person: &Person) {
    visitor.expect_step("credentials");
    visitor.fill("username", person.username);
    visitor.fill("password", person.password);
    visitor.press("continue");
}

/// Asks for the username. The person is at the first step.
#[track_caller]
pub fn recover(visitor: &mut dyn Visitor, person: &Person) {
    visitor.expect_step("personal-info");
    visitor.fill("given_name", person.given);
    visitor.fill("family_name", person.family);
    birth_date(visitor, person.born_in_boxes());
    visitor.fill("email", person.email);
    visitor.press("continue");
    visitor.expect_title(words("step.check-email.title"));
}

/// Takes the reset of a password to its code. The person is at the first step.
#[track_caller]
pub fn reset_to_code(visitor: &mut dyn Visitor, username: &str, channel: &str) {
    visitor.expect_step("identify");
    visitor.fill("username", username);
    visitor.press("continue");
    visitor.expect_step("method");
    visitor.choose("channel", channel);
    visitor.press("continue");
    visitor.expect_step("code");
}

/// Resets a password. The person is at the first step.
#[track_caller]
pub fn reset(visitor: &mut dyn Visitor, stack: &Stack, person: &Person, channel: &str) {
    reset_to_code(visitor, person.username, channel);
    code(visitor, &stack.mail.code(channel, person.address(channel)));
    visitor.expect_step("new-password");
    visitor.fill("password", NEW_PASSWORD);
    visitor.press("continue");
    visitor.expect_title(words("step.done.title.password-reset"));
    for channel in ["email", "text"] {
        let address = person.address(channel);
        stack.mail.saying(channel, address, "was changed");
    }
}

/// A good password that nobody in the tests has.
pub const NEW_PASSWORD: &str = "a lamp lit in every window";
