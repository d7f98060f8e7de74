//! Boxes for usernames and passwords, as browsers and password managers read them.

use super::*;

/// A password manager must not offer a new password to whoever has one.
#[test]
fn who_signs_in_has_a_password_and_who_enrolls_gets_one() {
    for (kind, step, token, is_advised) in [
        (FlowKind::SignIn, Step::SignIn, "current-password", false),
        (FlowKind::PhoneChange, password(), "current-password", false),
        (
            FlowKind::Enrollment,
            Step::Credentials,
            "new-password",
            true,
        ),
    ] {
        let (html, _) = render(kind, &step, None, &Answers::default());
        assert!(
            html.contains(&format!("autocomplete=\"{token}\"")),
            "{html}"
        );
        assert!(html.contains("autocomplete=\"username\""), "{html}");
        assert_eq!(html.contains("fd-password-hint"), is_advised, "{html}");
    }
}

/// Password managers look for a username above the password, and people do not: it is seen,
/// read out and reached by nobody.
#[test]
fn whose_password_it_is_stands_beside_it_for_password_managers_alone() {
    let reset = Step::NewPassword {
        username: "ana.b".into(),
    };
    for (kind, step) in [
        (FlowKind::PasswordReset, reset),
        (FlowKind::PhoneChange, password()),
        (FlowKind::EmailChange, password()),
        (FlowKind::Deactivation, password()),
    ] {
        let (html, _) = render(kind, &step, None, &Answers::default());
        let at = |text: &str| {
            html.find(text)
                .unwrap_or_else(|| panic!("{text} in {html}"))
        };
        let box_of_name = at("<input class=\"fd-hidden\" id=\"fd-account\"");
        assert!(box_of_name < at("type=\"password\""), "{html}");
        let tag = html[box_of_name..].split('>').next().unwrap_or_default();
        for part in [
            "autocomplete=\"username\"",
            "tabindex=\"-1\"",
            "aria-hidden=\"true\"",
            "readonly",
            "value=\"ana.b\"",
        ] {
            assert!(tag.contains(part), "{part} in {tag}");
        }
    }
}

#[test]
fn an_unknown_username_is_no_empty_box() {
    let username = String::new();
    let step = Step::Password { username };
    let (html, _) = render(FlowKind::PhoneChange, &step, None, &Answers::default());
    assert!(!html.contains("fd-account"), "{html}");
}

#[test]
fn whoever_has_a_username_is_not_asked_to_choose_one() {
    let problem = Problem::field(Field::Username, FieldProblem::Required);
    let told = |kind, step| render(kind, &step, Some(&problem), &Answers::default()).0;
    let reset = told(FlowKind::PasswordReset, Step::Identify);
    assert!(reset.contains(">Enter your username<"), "{reset}");
    let enrollment = told(FlowKind::Enrollment, Step::Credentials);
    assert!(enrollment.contains(">Enter a username<"), "{enrollment}");
}
