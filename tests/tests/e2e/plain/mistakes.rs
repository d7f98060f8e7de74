//! Forms filled in wrongly: told in plain words, with what was typed still
//! there, and no try spent where nothing was guessed.

use frontdesk_tests::people::{ROSA, SEAN};
use frontdesk_tests::{Cookies, Plain, Stack, Visitor, walk, words, words_in};
use protocol::Locale;

/// A browser at the identity questions of Rosa's invitation.
fn at_identity(stack: &Stack) -> Plain {
    let invitation = stack.invite(&ROSA);
    let mut plain = Plain::open(stack, "/flows/enrollment", Cookies::Kept);
    plain.fill("invitation", &invitation);
    plain.press("continue");
    plain.expect_step("identity");
    plain
}

#[test]
fn every_empty_field_is_named_in_words_of_its_own() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    plain.press("continue");
    let page = plain.page();
    let problems = ["given_name", "family_name", "birth_date", "postal_code"]
        .map(|field| words(&format!("problem.required.{field}")));
    assert_eq!(page.problems(), problems, "in the order of the form");
    assert_eq!(page.status, 422);
    assert!(
        page.text("title").starts_with("Error: "),
        "{}",
        page.text("title")
    );

    // Each line leads to a box, and each box says what is wrong with it.
    for (number, box_id) in [
        "fd-given-name",
        "fd-family-name",
        "fd-birth-date-month",
        "fd-postal-code",
    ]
    .into_iter()
    .enumerate()
    {
        let links = format!("#fd-errors li:nth-child({}) a", number + 1);
        assert_eq!(page.attribute(&links, "href"), Some(format!("#{box_id}")));
        let invalid = page.attribute(&format!("input#{box_id}"), "aria-invalid");
        assert_eq!(invalid.as_deref(), Some("true"), "{box_id}");
    }
    assert_eq!(
        page.text("#fd-given-name-error"),
        format!("{} {}", words("error.prefix"), problems[0])
    );
    let described = page.attribute("#fd-given-name", "aria-describedby");
    assert!(described.is_some_and(|ids| ids.contains("fd-given-name-error")));
}

#[test]
fn each_wrong_field_is_told_and_what_was_typed_is_kept() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    let long = "x".repeat(257);
    // More often than there are tries: none of this is a guess.
    for (field, text, problem) in [
        ("given_name", "", "required.given_name"),
        ("given_name", " \u{a0} ", "required.given_name"),
        ("given_name", &long, "too-long"),
        ("family_name", "", "required.family_name"),
        ("postal_code", "", "required.postal_code"),
        ("postal_code", "0410", "invalid-postal-code"),
        ("postal_code", "<b>04101", "invalid-postal-code"),
        ("birth_date-month", "", "invalid-date"),
        ("birth_date-month", "13", "invalid-date"),
        ("birth_date-month", "Mrach", "invalid-date"),
        ("birth_date-day", "32", "invalid-date"),
        ("birth_date-day", "x", "invalid-date"),
        ("birth_date-year", "51", "invalid-date"),
        ("birth_date-year", "1851", "invalid-date"),
        ("birth_date-year", "2951", "future-date"),
    ] {
        let [month, day, year] = ROSA.born_in_boxes();
        let mut boxes = vec![
            ("given_name", ROSA.given),
            ("family_name", ROSA.family),
            ("birth_date-month", month),
            ("birth_date-day", day),
            ("birth_date-year", year),
            ("postal_code", ROSA.zip),
        ];
        for (name, value) in &mut boxes {
            if *name == field {
                *value = text;
            }
            plain.fill(name, value);
        }
        plain.press("continue");
        plain.expect_problem(words(&format!("problem.{problem}")));
        let page = plain.page();
        for (name, value) in boxes {
            assert_eq!(page.value(name), value, "{name} should still be there");
        }
    }
    walk::identity(&mut plain, &ROSA);
    plain.expect_step("phone");
}

/// As much of the world writes a date.
#[test]
fn day_and_month_the_other_way_round_are_told_and_cost_no_try() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    let [month, day, year] = ROSA.born_in_boxes();
    for _ in 0..6 {
        plain.fill("given_name", ROSA.given);
        plain.fill("family_name", ROSA.family);
        walk::birth_date(&mut plain, [day, month, year]);
        plain.fill("postal_code", ROSA.zip);
        plain.press("continue");
        plain.expect_problem(words("problem.swapped-date"));
        assert_eq!(plain.page().value("birth_date-month"), day);
    }
    walk::identity(&mut plain, &ROSA);
    plain.expect_step("phone");

    let mut plain = Plain::open(&stack, "/es/flows/username-recovery", Cookies::Kept);
    plain.fill("given_name", ROSA.given);
    plain.fill("family_name", ROSA.family);
    walk::birth_date(&mut plain, [day, month, year]);
    plain.fill("email", ROSA.email);
    plain.press("continue");
    plain.expect_problem(words_in(Locale::Es, "problem.swapped-date"));
    walk::recover(&mut plain, &ROSA);
}

#[test]
fn markup_in_a_field_stays_text() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    let text = "\"><script>alert(1)</script><b x='";
    plain.fill("given_name", text);
    plain.press("continue");
    let page = plain.page();
    assert_eq!(page.value("given_name"), text);
    assert!(page.texts("script, b").is_empty(), "{}", page.html());
}

#[test]
fn details_of_someone_else_are_told_in_a_sentence() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    plain.fill("given_name", "Rose");
    plain.fill("family_name", ROSA.family);
    walk::birth_date(&mut plain, ["march", "27", "1951"]);
    plain.fill("postal_code", ROSA.zip);
    plain.press("continue");
    plain.expect_problem(words("problem.not-matched"));
    let page = plain.page();
    assert_eq!(page.value("given_name"), "Rose");
    assert_eq!(page.value("birth_date-month"), "march");
    walk::identity(&mut plain, &ROSA);
    plain.expect_step("phone");
}

#[test]
fn phones_and_channels_are_told_and_kept() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    walk::identity(&mut plain, &ROSA);
    plain.press("continue");
    assert_eq!(
        plain.page().problems(),
        [
            words("problem.required.phone"),
            words("problem.required.channel")
        ]
    );
    plain.fill("phone", "555-0131");
    plain.press("continue");
    assert_eq!(
        plain.page().problems(),
        [
            words("problem.invalid-phone"),
            words("problem.required.channel")
        ],
        "both at once"
    );
    assert_eq!(plain.page().value("phone"), "555-0131");
    for (phone, problem) in [
        ("555-0131", "invalid-phone"),
        ("207-555-0131 x4", "phone-extension"),
        ("800-555-0199", "toll-free-phone"),
        ("(207) 555-0199", "phone-not-on-file"),
    ] {
        plain.fill("phone", phone);
        plain.choose("channel", "call");
        plain.press("continue");
        plain.expect_problem(words(&format!("problem.{problem}")));
        assert_eq!(plain.page().value("phone"), phone);
        assert_eq!(plain.page().value("channel"), "call");
    }
    walk::phone(&mut plain, &ROSA, "call");
    plain.expect_step("code");
}

#[test]
fn codes_and_passwords_are_never_shown_again() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    walk::identity(&mut plain, &ROSA);
    walk::phone(&mut plain, &ROSA, "text");
    let code = stack.mail.code("text", ROSA.phone);
    for (text, problem) in [
        ("", "required.code"),
        ("12 34", "invalid-code"),
        ("abcdef", "invalid-code"),
    ] {
        walk::code(&mut plain, text);
        plain.expect_problem(words(&format!("problem.{problem}")));
    }
    let wrong = if code == "424242" { "242424" } else { "424242" };
    walk::code(&mut plain, wrong);
    plain.expect_problem(words("problem.wrong-code"));
    assert!(
        !plain.page().html().contains(wrong),
        "a code is not shown again"
    );
    assert!(
        plain.page().attribute("details.fd-help", "open").is_some(),
        "help with the code is open where the code was wrong"
    );
    walk::code(&mut plain, &code);

    plain.fill("email", "rosa at example.org");
    plain.press("continue");
    plain.expect_problem(words("problem.invalid-email"));
    assert_eq!(plain.page().value("email"), "rosa at example.org");
    plain.fill("email", ROSA.email);
    plain.press("continue");

    let longest = "no secret comes back to the page ".repeat(10);
    for (username, password, problem) in [
        ("", ROSA.password, "required.username"),
        ("rosa@example.org", ROSA.password, "username-is-email"),
        ("ro sa", ROSA.password, "invalid-username"),
        (ROSA.username, "", "required.password"),
        (ROSA.username, "short of it", "password-too-short"),
        (
            ROSA.username,
            "rosa.heron rosa.heron",
            "password-predictable",
        ),
        (ROSA.username, "qwertyuiopqwertyuiop", "password-common"),
        (ROSA.username, &longest, "too-long.password"),
    ] {
        plain.fill("username", username);
        plain.fill("password", password);
        plain.press("continue");
        plain.expect_problem(words(&format!("problem.{problem}")));
        let page = plain.page();
        assert_eq!(page.value("username"), username);
        assert_eq!(page.value("password"), "");
        if !password.is_empty() {
            assert!(
                !page.html().contains(password),
                "a password is not shown again"
            );
        }
    }
    walk::credentials(&mut plain, &ROSA);
    plain.expect_title(words("step.done.title.enrollment"));
}

#[test]
fn whoever_asks_again_too_soon_is_told_which_phone_the_code_went_to() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    walk::identity(&mut plain, &ROSA);
    walk::phone(&mut plain, &ROSA, "text");
    stack.advance(jiff::SignedDuration::from_secs(20));
    plain.press("resend-call");
    let told = words("problem.too-soon.text").replace("{to}", "31");
    plain.expect_problem(&told.replace("{seconds}", "40"));
}

fn tries(left: &str) -> String {
    words("errors.tries").replace("{n}", left)
}

#[test]
fn a_last_try_is_told_before_it_is_made() {
    let stack = Stack::start();
    let mut plain = at_identity(&stack);
    let wrong = |plain: &mut Plain| {
        walk::identity(plain, &SEAN);
        plain.page().problems()
    };
    for left in ["4", "3", "2"] {
        assert_eq!(wrong(&mut plain), [words("problem.not-matched")]);
        assert_eq!(plain.page().tries(), tries(left));
    }
    assert_eq!(wrong(&mut plain), [words("problem.not-matched-one-left")]);
    assert_eq!(plain.page().tries(), "", "the problem itself says so");
    walk::identity(&mut plain, &ROSA);
    walk::phone(&mut plain, &ROSA, "text");
    let code = stack.mail.code("text", ROSA.phone);
    for (told, left) in [
        ("wrong-code", tries("4")),
        ("wrong-code", tries("3")),
        ("wrong-code", tries("2")),
        ("wrong-code-one-left", String::new()),
    ] {
        walk::code(&mut plain, &walk::other_than(&code));
        plain.expect_problem(words(&format!("problem.{told}")));
        assert_eq!(plain.page().tries(), left);
    }
    // What is no code is no try.
    walk::code(&mut plain, "12 34");
    plain.expect_problem(words("problem.invalid-code"));
    assert_eq!(plain.page().tries(), "");
    walk::code(&mut plain, &code);
    plain.expect_step("contact");
}

#[test]
fn a_code_is_asked_for_again_and_by_another_channel() {
    let stack = Stack::start();
    stack.enrolled(&ROSA);
    let mut plain = Plain::open(&stack, "/flows/password-reset", Cookies::Kept);
    walk::reset_to_code(&mut plain, ROSA.username, "text");
    let older = stack.mail.code("text", ROSA.phone);
    plain.press("resend");
    let too_soon = words("problem.too-soon").replace("{seconds}", "60");
    plain.expect_problem(&too_soon);
    plain.expect_step("code");
    stack.advance(jiff::SignedDuration::from_secs(60));
    plain.press("resend-call");
    plain.expect_notice(words("notice.code-sent"));
    assert_eq!(plain.page().title(), words("step.code.title.call"));
    let newer = stack.mail.code("call", ROSA.phone);
    walk::code(&mut plain, &older);
    plain.expect_problem(words("problem.wrong-code"));
    walk::code(&mut plain, &newer);
    plain.expect_step("new-password");
}
