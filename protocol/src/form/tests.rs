//! Every step in every state, held to what forms must have.

mod codes;
mod ends;
mod passwords;
mod time;
mod widget;

use super::*;
use crate::messages::catalog;
use crate::{Channel, Field, FieldProblem, FieldProblems, Locale};

fn steps() -> Vec<(FlowKind, Step)> {
    let code = |channel, to: Option<&str>| Step::Code {
        channel,
        to: to.map(str::to_owned),
        resend_in: 60,
    };
    let mut steps = vec![
        (FlowKind::Enrollment, Step::Invitation),
        (FlowKind::Enrollment, Step::Identity),
        (FlowKind::Enrollment, Step::Phone),
        (
            FlowKind::Enrollment,
            Step::Contact {
                email: "ana@example.org".into(),
            },
        ),
        (FlowKind::Enrollment, Step::Credentials),
        (
            FlowKind::Enrollment,
            Step::Done {
                username: Some("ana.b".into()),
            },
        ),
        (FlowKind::UsernameRecovery, Step::PersonalInfo),
        (FlowKind::UsernameRecovery, Step::CheckEmail),
        (FlowKind::PasswordReset, Step::Identify),
        (FlowKind::PasswordReset, Step::Method),
        (
            FlowKind::PasswordReset,
            Step::NewPassword {
                username: "ana.b".into(),
            },
        ),
        (FlowKind::PasswordReset, Step::Done { username: None }),
        (FlowKind::SignIn, Step::SignIn),
        (FlowKind::SignIn, Step::Done { username: None }),
        (FlowKind::PhoneChange, password()),
        (FlowKind::PhoneChange, Step::Phone),
        (FlowKind::PhoneChange, Step::Done { username: None }),
        (FlowKind::EmailChange, password()),
        (
            FlowKind::EmailChange,
            Step::Contact {
                email: String::new(),
            },
        ),
        (
            FlowKind::EmailChange,
            code(Channel::Email, Some("ana@example.org")),
        ),
        (FlowKind::EmailChange, Step::Done { username: None }),
        (FlowKind::Deactivation, password()),
        (FlowKind::Deactivation, Step::Confirm),
        (FlowKind::Deactivation, Step::Done { username: None }),
    ];
    for channel in Channel::ALL {
        steps.push((FlowKind::Enrollment, code(channel, Some("42"))));
        steps.push((FlowKind::PasswordReset, code(channel, None)));
        steps.push((FlowKind::SignIn, code(channel, None)));
        steps.push((FlowKind::PhoneChange, code(channel, Some("42"))));
    }
    steps
}

fn render(
    kind: FlowKind,
    step: &Step,
    problem: Option<&Problem>,
    typed: &Answers,
) -> (String, String) {
    let form = form(kind, step, problem, typed);
    let words = catalog(Locale::En);
    (html(&form, &words), page_title(&form, &words))
}

fn password() -> Step {
    let username = "ana.b".into();
    Step::Password { username }
}

fn form<'a>(
    kind: FlowKind,
    step: &'a Step,
    problem: Option<&'a Problem>,
    typed: &'a Answers,
) -> Form<'a> {
    Form {
        kind,
        step,
        progress: Progress { step: 1, of: 4 },
        notice: None,
        problem,
        is_out_of_tries: false,
        expires_in: Some(899),
        sign_in: None,
        typed,
        action: "/flows/x",
        hidden: &[("token", "t")],
        is_page: true,
    }
}

/// A key that has no words shows itself; none looks like words.
fn assert_no_bare_key(html: &str) {
    for prefix in [
        "step.",
        "field.",
        "action.",
        "problem.",
        "support.",
        "flow.",
        "title.",
        "errors.",
        "notice.",
        "stuck.",
        "time.",
        "ways.",
        "username.",
    ] {
        for before in [">", "value=\""] {
            let key = format!("{before}{prefix}");
            assert!(!html.contains(&key), "{key} in {html}");
        }
    }
    assert!(!html.contains('{'), "unfilled placeholder in {html}");
}

#[test]
fn every_step_has_words_and_every_input_a_label() {
    for (kind, step) in steps() {
        let (html, title) = render(kind, &step, None, &Answers::default());
        assert_no_bare_key(&html);
        assert_no_bare_key(&format!(">{title}"));
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        for input in html.split("<input").skip(1) {
            let tag = input.split('>').next().unwrap();
            if tag.contains("type=\"hidden\"") || tag.contains("aria-hidden") {
                continue;
            }
            if tag.contains("type=\"submit\"") {
                // What it says is its value.
                assert!(!tag.contains("value=\"\""), "{tag}");
                continue;
            }
            let id = tag
                .split(" id=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap();
            assert!(html.contains(&format!("for=\"{id}\"")), "no label for {id}");
            assert!(!tag.contains("maxlength"), "{tag} would cut what is pasted");
        }
    }
}

/// A text terminal draws a box of 20 letters where no size is told, shows what is
/// hidden, and cannot switch a password.
#[test]
fn a_page_without_scripts_has_only_what_a_text_terminal_can_use() {
    let typed = Answers::default();
    for (kind, step) in steps() {
        let (page, _) = render(kind, &step, None, &typed);
        assert!(!page.contains("fd-show-password"), "{page}");
        for input in page.split("<input").skip(1) {
            let tag = input.split('>').next().unwrap();
            let is_box = !["hidden", "radio", "submit"]
                .iter()
                .any(|kind| tag.contains(&format!("type=\"{kind}\"")));
            assert!(!is_box || tag.contains(" size="), "{tag}");
        }
        // Lynx writes the value of a button before its text, and draws no frame
        // that would keep two of them apart.
        assert!(!page.contains("<button"), "{page}");
        for (before, _) in page.match_indices("<input type=\"submit\"") {
            assert!(
                page[..before].ends_with("<div class=\"fd-action\">"),
                "{page}"
            );
        }
    }
    let username = "ana.b".to_owned();
    let step = Step::NewPassword { username };
    let (page, _) = render(FlowKind::PasswordReset, &step, None, &typed);
    assert!(page.contains("for=\"fd-account\"") && page.contains("id=\"fd-account\""));
    let in_widget = Form {
        is_page: false,
        ..form(FlowKind::PasswordReset, &step, None, &typed)
    };
    let widget = html(&in_widget, &catalog(Locale::En));
    assert!(widget.contains("fd-show-password"), "{widget}");
}

#[test]
fn every_error_is_told_twice_and_linked_to_an_input_that_exists() {
    for (kind, step) in steps() {
        let fields = step.name().fields();
        if fields.is_empty() {
            continue;
        }
        let problem = Problem::fields(
            fields
                .iter()
                .map(|f| (*f, FieldProblem::Required))
                .collect::<FieldProblems>(),
        );
        let (html, title) = render(kind, &step, Some(&problem), &Answers::default());
        assert!(title.starts_with("Error: "));
        let words = catalog(Locale::En);
        for field in fields {
            let text = words.field_problem(kind, step.name(), *field, FieldProblem::Required);
            assert_eq!(html.matches(&text).count(), 2, "{text} in {html}");
        }
        for link in html.split("<a href=\"#").skip(1) {
            let id = link.split('"').next().unwrap();
            assert!(html.contains(&format!(" id=\"{id}\"")), "{id} is nowhere");
        }
        for described in html.split("aria-describedby=\"").skip(1) {
            for id in described.split('"').next().unwrap().split(' ') {
                assert!(html.contains(&format!(" id=\"{id}\"")), "{id} is nowhere");
            }
        }
    }
}

#[test]
fn what_was_typed_comes_back_except_secrets() {
    let typed = Answers::from_form([
        ("username".to_owned(), "ros\"a<b>".to_owned()),
        ("password".to_owned(), "hunter2hunter2hunter2".to_owned()),
    ]);
    let problem = Problem::field(Field::Username, FieldProblem::InvalidUsername);
    let (html, _) = render(
        FlowKind::Enrollment,
        &Step::Credentials,
        Some(&problem),
        &typed,
    );
    assert!(html.contains("value=\"ros&quot;a&lt;b&gt;\""), "{html}");
    assert!(!html.contains("hunter2"), "{html}");
}

#[test]
fn a_date_comes_back_in_its_three_boxes() {
    let typed = Answers::from_form([
        ("birth_date-month".to_owned(), "Feb".to_owned()),
        ("birth_date-day".to_owned(), "30".to_owned()),
        ("birth_date-year".to_owned(), "1950".to_owned()),
    ]);
    let problem = Problem::field(Field::BirthDate, FieldProblem::InvalidDate);
    let (html, _) = render(
        FlowKind::Enrollment,
        &Step::Identity,
        Some(&problem),
        &typed,
    );
    for value in ["Feb", "30", "1950"] {
        assert!(html.contains(&format!("value=\"{value}\"")), "{html}");
    }
    assert!(html.contains("href=\"#fd-birth-date-month\""));
}

#[test]
fn the_way_to_a_username_has_words_at_every_turn() {
    let words = catalog(Locale::En);
    for reveal in [
        Reveal::Ask {
            action: "/x",
            token: "t",
        },
        Reveal::Shown {
            username: "ana<b>",
            sign_in: Some("https://portal.example.org/"),
        },
        Reveal::Gone,
    ] {
        let html = reveal.html(&words);
        assert_no_bare_key(&html);
        assert!(!html.contains(">reveal."), "{html}");
        assert!(!html.contains("ana<b>"), "{html}");
    }
}

/// Who tries the demo must not find an answer in a hint.
#[test]
fn examples_are_no_data_of_the_demo() {
    let patients = include_str!("../../../demo/patients.ndjson");
    let words = crate::messages::source(Locale::En);
    for postal_code in patients.split("\"postalCode\":\"").skip(1) {
        assert!(!words.contains(&postal_code[..5]), "{}", &postal_code[..5]);
    }
    for date in patients.split("\"birthDate\":\"").skip(1) {
        let part = |range: core::ops::Range<usize>| date[range].trim_start_matches('0');
        let written = format!("{} {} {}", part(5..7), part(8..10), part(0..4));
        assert!(!words.contains(&written), "{written}");
    }
    assert!(
        !words.contains("207-555"),
        "the area code of all its phones"
    );
}

/// The facts that pages show stand in the site's settings; ours must be the same.
#[test]
fn support_is_the_one_that_the_site_names() {
    let site = include_str!("../../../zola.toml");
    let fact = |key: &str| {
        let line = site
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")));
        line.and_then(|line| line.split('"').nth(1)).expect(key)
    };
    let problem = Problem::new(ProblemCode::Unavailable);
    let html = dead_end(&problem, "x", "/", &catalog(Locale::En));
    for key in ["email", "phone_letters", "phone_digits", "phone_link"] {
        assert!(html.contains(fact(key)), "{key} in {html}");
    }
}
