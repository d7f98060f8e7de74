//! What is said of a code: where it went, and how long another one takes.

use super::*;

#[test]
fn a_code_to_a_new_email_is_not_offered_by_phone() {
    let step = |channel| Step::Code {
        channel,
        to: Some("x".into()),
        resend_in: 0,
    };
    let typed = Answers::default();
    let (email, _) = render(FlowKind::Enrollment, &step(Channel::Email), None, &typed);
    assert!(!email.contains("resend-"), "{email}");
    let (text, _) = render(FlowKind::Enrollment, &step(Channel::Text), None, &typed);
    assert!(text.contains("resend-call") && !text.contains("resend-email"));
}

#[test]
fn a_code_typed_wrong_is_not_written_into_the_page() {
    let typed = Answers::from_form([("code".to_owned(), "135790".to_owned())]);
    let step = Step::Code {
        channel: Channel::Text,
        to: None,
        resend_in: 0,
    };
    let problem = Problem::field(Field::Code, FieldProblem::WrongCode);
    let (html, _) = render(FlowKind::PasswordReset, &step, Some(&problem), &typed);
    assert!(!html.contains("135790"));
}

#[test]
fn the_wait_for_another_code_is_told_before_it_is_asked_for() {
    for (resend_in, told) in [
        (38, "code 38 seconds"),
        (1, "code 2 seconds"),
        (0, "code now"),
    ] {
        let step = Step::Code {
            channel: Channel::Text,
            to: None,
            resend_in,
        };
        let (html, _) = render(FlowKind::PasswordReset, &step, None, &Answers::default());
        assert!(html.contains(told), "{told} in {html}");
    }
}

#[test]
fn every_wrong_try_says_how_many_are_left_until_the_last_which_the_problem_tells() {
    let step = Step::Code {
        channel: Channel::Text,
        to: None,
        resend_in: 0,
    };
    for locale in Locale::ALL {
        let words = catalog(locale);
        let typed = Answers::default();
        let told = |tries_left, is_out_of_tries| {
            let problem = Problem {
                tries_left,
                ..Problem::field(Field::Code, FieldProblem::WrongCode)
            };
            let form = Form {
                is_out_of_tries,
                ..form(FlowKind::PasswordReset, &step, Some(&problem), &typed)
            };
            html(&form, &words)
        };
        for left in ["2", "3", "4"] {
            let html = told(left.parse().ok(), false);
            let words = escape(&words.fill("errors.tries", &[("n", left)]));
            let summary = html.split("</div>").find(|it| it.contains("fd-errors"));
            assert!(summary.unwrap().contains(&words), "{html}");
        }
        for (left, is_out_of_tries) in [(None, false), (Some(1), false), (Some(3), true)] {
            let html = told(left, is_out_of_tries);
            assert!(!html.contains("fd-tries"), "{html}");
        }
    }
}

/// Where the step says to whom the code went, the refusal of another one does; and where it
/// does not, since there may be nobody, neither does the refusal.
#[test]
fn whoever_asks_too_soon_is_told_where_the_last_code_went_if_the_page_says_so_anyway() {
    let problem = Problem {
        retry_after: Some(40),
        ..Problem::new(ProblemCode::TooSoon)
    };
    for (kind, step) in steps() {
        let (html, _) = render(kind, &step, Some(&problem), &Answers::default());
        assert_no_bare_key(&html);
        let summary = html.split("</div>").find(|it| it.contains("fd-errors"));
        let summary = summary.unwrap();
        assert!(summary.contains("Wait 40 seconds, then"), "{summary}");
        let told = match &step {
            Step::Code { to: Some(to), .. } => to,
            _ => "You asked for a code just now.",
        };
        assert!(summary.contains(told), "{told} in {summary}");
        let is_said = matches!(step, Step::Code { to: Some(_), .. });
        assert_eq!(summary.contains("We just "), is_said, "{summary}");
    }
}

#[test]
fn a_wait_is_told_in_the_largest_unit_of_which_it_is_more_than_one() {
    let words = catalog(Locale::En);
    for (seconds, told) in [
        (1, "2 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (3601, "2 hours"),
        (86_400, "24 hours"),
    ] {
        assert_eq!(wait(seconds, &words), told);
    }
}
