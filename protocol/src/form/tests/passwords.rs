//! Boxes for usernames and passwords, as browsers and password managers read them.

use super::*;

/// A password manager must not offer a new password to whoever has one.
#[test]
fn who_signs_in_has_a_password_and_who_enrolls_gets_one() {
    for (kind, step, token, is_advised) in [
        (FlowKind::SignIn, Step::SignIn, "current-password", false),
        (
            FlowKind::PhoneChange,
            Step::Password,
            "current-password",
            false,
        ),
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
        let has_username = html.contains("autocomplete=\"username\"");
        assert_eq!(has_username, step != Step::Password, "{html}");
        assert_eq!(html.contains("fd-password-hint"), is_advised, "{html}");
    }
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
