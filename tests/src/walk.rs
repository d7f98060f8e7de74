//! What a person does, from the first step to the last: the same in every
//! browser, on both hosts, and in each language.

use protocol::Locale;

use crate::{Person, Stack, Visitor, wait_for, words_in};

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
    expect_words(visitor, "step.done.title.enrollment");
    let told = match person.speaks {
        Locale::En => "You are now enrolled",
        Locale::Es => "Su inscripción en el portal",
    };
    stack.mail.saying("email", person.email, told);
}

/// Asserts the step's title, in the language of the page.
#[track_caller]
pub fn expect_words(visitor: &mut dyn Visitor, key: &str) {
    let language = visitor.page().language();
    visitor.expect_title(words_in(language, key));
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

/// From the code back to the step before, and on with the same number, or the same way.
#[track_caller]
pub fn back_to_the_code(visitor: &mut dyn Visitor, phone: Option<&Person>, channel: &str) {
    visitor.press("back");
    if let Some(person) = phone {
        self::phone(visitor, person, channel);
    } else {
        visitor.expect_step("method");
        visitor.choose("channel", channel);
        visitor.press("continue");
    }
    visitor.expect_step("code");
}

/// Types a code.
#[track_caller]
pub fn code(visitor: &mut dyn Visitor, code: &str) {
    visitor.fill("code", code);
    visitor.press("continue");
}

/// Six other digits.
pub fn other_than(code: &str) -> String {
    let number: u32 = code.parse().expect("six digits");
    format!("{:06}", (number + 1) % 1_000_000)
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
    expect_words(visitor, "step.check-email.title");
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
    expect_words(visitor, "step.done.title.password-reset");
    let (by_email, by_text) = match person.speaks {
        Locale::En => ("was changed", "was changed"),
        Locale::Es => ("Se cambió la contraseña", "ha cambiado"),
    };
    for (channel, told) in [("email", by_email), ("text", by_text)] {
        stack.mail.saying(channel, person.address(channel), told);
    }
}

/// Signs in with a password, sees the account, and signs out. The person is at the first
/// step.
#[track_caller]
pub fn sign_in(visitor: &mut dyn Visitor, username: &str, password: &str) {
    to_account(visitor, username, password);
    let language = visitor.page().language();
    visitor.press("sign-out");
    visitor.expect_notice(words_in(language, "notice.signed-out"));
}

/// The number that people change to.
pub const NEW_PHONE: &str = "+12075550171";

/// Changes the linked phone, signed in. The person is at the first step.
#[track_caller]
pub fn change_phone(visitor: &mut dyn Visitor, stack: &Stack, password: &str) {
    visitor.expect_step("password");
    visitor.fill("password", password);
    visitor.press("continue");
    visitor.expect_step("phone");
    visitor.fill("phone", NEW_PHONE);
    visitor.choose("channel", "text");
    visitor.press("continue");
    visitor.expect_step("code");
    code(visitor, &stack.mail.code("text", NEW_PHONE));
    expect_words(visitor, "step.done.title.phone-change");
}

/// The email that people change to.
pub const NEW_EMAIL: &str = "new.address@example.org";

/// Changes the email, signed in. The person is at the first step.
#[track_caller]
pub fn change_email(visitor: &mut dyn Visitor, stack: &Stack, password: &str) {
    visitor.expect_step("password");
    visitor.fill("password", password);
    visitor.press("continue");
    visitor.expect_step("contact");
    visitor.fill("email", NEW_EMAIL);
    visitor.press("continue");
    visitor.expect_step("code");
    code(visitor, &stack.mail.code("email", NEW_EMAIL));
    expect_words(visitor, "step.done.title.email-change");
}

/// Ends the account, signed in. The person is at the first step.
#[track_caller]
pub fn close_account(visitor: &mut dyn Visitor, person: &Person, password: &str) {
    visitor.expect_step("password");
    visitor.fill("password", password);
    visitor.press("continue");
    visitor.expect_step("confirm");
    visitor.fill("username", person.username);
    visitor.press("continue");
    expect_words(visitor, "step.done.title.deactivation");
}

/// Signs in with a password, and sees the account. The person is at the first step.
#[track_caller]
pub fn to_account(visitor: &mut dyn Visitor, username: &str, password: &str) {
    visitor.expect_step("sign-in");
    visitor.fill("username", username);
    visitor.fill("password", password);
    visitor.press("continue");
    let language = visitor.page().language();
    let title = words_in(language, "account.title");
    wait_for("the account to be shown", || {
        (visitor.page().title() == title).then_some(())
    });
}

/// A good password that nobody in the tests has.
pub const NEW_PASSWORD: &str = "a lamp lit in every window";
