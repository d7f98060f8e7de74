//! Where a flow ends, well or not: why, and where to go on.

use super::*;
use crate::form::ends::stuck_text;
use crate::paths;

/// The steps whose tries end, and those that are gone back to from them.
const CAN_BE_STUCK: [StepName; 7] = [
    StepName::Identity,
    StepName::Phone,
    StepName::Code,
    StepName::Contact,
    StepName::Method,
    StepName::SignIn,
    StepName::Password,
];

#[test]
fn a_dead_end_says_why_and_where_to_go_on() {
    let words = catalog(Locale::En);
    let problem = Problem::new(ProblemCode::Unavailable);
    let html = dead_end(&problem, "Reset your password", "/reset-password/", &words);
    assert_no_bare_key(&html);
    assert!(html.contains("href=\"/reset-password/\""), "{html}");
}

#[test]
fn whoever_is_stuck_can_start_again() {
    let step = Step::Code {
        channel: Channel::Text,
        to: None,
        resend_in: 0,
    };
    let render = |problem| {
        let problem = Problem::field(Field::Code, problem);
        render(
            FlowKind::PasswordReset,
            &step,
            Some(&problem),
            &Answers::default(),
        )
        .0
    };
    assert_stuck(&render(FieldProblem::SpentCode));
    assert!(!render(FieldProblem::WrongCode).contains("action-start-over"));
}

/// One way on, and nothing that could not help: no box, no other code.
fn assert_stuck(html: &str) {
    assert_no_bare_key(html);
    assert_eq!(html.matches("<input type=\"submit\"").count(), 1, "{html}");
    let main = "class=\"fd-button\" name=\"action-start-over\"";
    assert!(html.contains(main), "{html}");
    assert!(!html.contains("<input class=\"fd-input"), "{html}");
    assert!(!html.contains("href=\"#"), "{html}");
}

#[test]
fn a_step_without_tries_says_so_also_when_it_is_only_looked_at() {
    let words = catalog(Locale::En);
    let typed = Answers::default();
    let wrong = Problem::field(Field::Code, FieldProblem::WrongCode);
    let not_matched = Problem::new(ProblemCode::NotMatched);
    for (kind, step) in steps() {
        if !CAN_BE_STUCK.contains(&step.name()) || step.name() == StepName::Password {
            continue;
        }
        for problem in [None, Some(&wrong), Some(&not_matched)] {
            let stuck = Form {
                is_out_of_tries: true,
                ..form(kind, &step, problem, &typed)
            };
            let html = html(&stuck, &words);
            assert_stuck(&html);
            // Nobody is told to check an answer that cannot be given again.
            assert!(!html.contains(&*escape(words.text("problem.not-matched"))));
            let told = html.contains(&*escape(words.text("problem.too-many-tries")));
            assert_eq!(told, problem.is_some());
            assert_ne!(
                title(&stuck, &words),
                title(&form(kind, &step, None, &typed), &words)
            );
        }
    }
}

#[test]
fn what_is_done_leads_to_the_portal_and_never_to_a_big_new_start() {
    let words = catalog(Locale::En);
    let typed = Answers::default();
    let big = "class=\"fd-button\" name=\"action-start-over\"";
    for (kind, step) in steps() {
        if step.name() != StepName::Done || kind.needs_cookies() {
            continue;
        }
        let bare = html(&form(kind, &step, None, &typed), &words);
        assert!(!bare.contains("<a class=\"fd-button\"") && !bare.contains(big));
        let done = Form {
            sign_in: Some("https://portal.example.org/"),
            ..form(kind, &step, None, &typed)
        };
        let html = html(&done, &words);
        let link = "<a class=\"fd-button\" href=\"https://portal.example.org/\">";
        assert!(html.contains(link) && !html.contains(big), "{html}");
        let has_username = html.contains("<strong>ana.b</strong>");
        assert_eq!(has_username, kind == FlowKind::Enrollment, "{html}");
    }
}

#[test]
fn whoever_used_their_invitation_is_led_to_their_account() {
    let typed = Answers::default();
    let used = Problem::field(Field::Invitation, FieldProblem::UsedInvitation);
    let unknown = Problem::field(Field::Invitation, FieldProblem::UnknownInvitation);
    for (problem, is_led) in [(&used, true), (&unknown, false)] {
        let form = Form {
            sign_in: Some("https://portal.example.org/"),
            ..form(
                FlowKind::Enrollment,
                &Step::Invitation,
                Some(problem),
                &typed,
            )
        };
        let html = html(&form, &catalog(Locale::En));
        for way in [
            "https://portal.example.org/",
            "/recover-username/",
            "/reset-password/",
        ] {
            assert_eq!(html.contains(&format!("href=\"{way}\"")), is_led, "{way}");
        }
    }
}

/// Not to the portal: that is another sign-in.
#[test]
fn whoever_signed_in_is_led_to_the_account() {
    let typed = Answers::default();
    let done = Step::Done { username: None };
    let done = Form {
        sign_in: Some("https://portal.example.org/"),
        ..form(FlowKind::SignIn, &done, None, &typed)
    };
    let html = html(&done, &catalog(Locale::Es));
    assert!(html.contains("href=\"/es/account\""), "{html}");
    assert!(!html.contains("portal.example.org") && !html.contains("start-over"));
}

/// A new start would ask for the same password.
#[test]
fn whoever_has_no_password_left_is_led_to_the_account_to_sign_out() {
    let password = password();
    let words = catalog(Locale::En);
    let typed = Answers::default();
    let spent = Problem::new(ProblemCode::TooManyTries);
    for problem in [None, Some(&spent)] {
        let stuck = Form {
            is_out_of_tries: true,
            ..form(FlowKind::PhoneChange, &password, problem, &typed)
        };
        let html = html(&stuck, &words);
        assert_no_bare_key(&html);
        assert!(
            html.contains("<a class=\"fd-button\" href=\"/account\""),
            "{html}"
        );
        assert!(!html.contains("type=\"submit\"") && !html.contains("type=\"password\""));
        let has_reset = html.contains("href=\"/reset-password/\"");
        assert_eq!(has_reset, problem.is_some(), "{html}");
    }
}

#[test]
fn whoever_is_done_with_their_account_is_led_there_and_may_begin_again() {
    let typed = Answers::default();
    let done = Step::Done { username: None };
    let (html, _) = render(FlowKind::PhoneChange, &done, None, &typed);
    assert!(html.contains("href=\"/account\""), "{html}");
    assert!(
        html.contains("class=\"fd-link\" name=\"action-start-over\""),
        "{html}"
    );
}

#[test]
fn whoever_is_not_signed_in_is_led_to_where_one_signs_in() {
    let words = catalog(Locale::Es);
    let late = Problem::new(ProblemCode::SignInFirst);
    let kind = FlowKind::PhoneChange;
    for html in [
        sign_in_first(None, &words),
        sign_in_first(Some(&late), &words),
        gone(kind, &late, None, &words),
    ] {
        assert_no_bare_key(&html);
        assert!(html.contains("href=\"/es/flows/sign-in\""), "{html}");
        assert!(!html.contains("start-over"), "{html}");
    }
    assert!(sign_in_first(Some(&late), &words).contains(words.text("problem.sign-in-first")));
}

/// From the new number to the password, which was right, there is none.
#[test]
fn the_way_back_is_shown_where_there_is_one() {
    let typed = Answers::default();
    for (kind, has_back) in [(FlowKind::Enrollment, true), (FlowKind::PhoneChange, false)] {
        let (html, _) = render(kind, &Step::Phone, None, &typed);
        assert_eq!(html.contains("action-back"), has_back, "{kind:?}");
    }
}

#[test]
fn whoever_cannot_sign_in_is_led_to_a_new_password_and_to_their_username() {
    for (code, is_stuck) in [
        (ProblemCode::WrongSignIn, false),
        (ProblemCode::TooManyTries, true),
    ] {
        let problem = Problem::new(code);
        let step = Step::SignIn;
        let (html, _) = render(FlowKind::SignIn, &step, Some(&problem), &Answers::default());
        for way in ["/recover-username/", "/reset-password/"] {
            assert!(html.contains(&format!("href=\"{way}\"")), "{way} in {html}");
        }
        assert_eq!(html.contains("type=\"password\""), !is_stuck, "{html}");
    }
}

/// Before anything went wrong, and in the widget as on a page; beside a problem that leads
/// there, not a second time.
#[test]
fn whoever_comes_to_sign_in_is_shown_what_helps_who_has_forgotten() {
    let typed = Answers::default();
    let wrong = Problem::new(ProblemCode::WrongSignIn);
    let empty = Problem::field(Field::Password, FieldProblem::Required);
    for locale in Locale::ALL {
        let words = catalog(locale);
        for (problem, is_page) in [
            (None, true),
            (None, false),
            (Some(&empty), true),
            (Some(&wrong), true),
        ] {
            let form = Form {
                is_page,
                ..form(FlowKind::SignIn, &Step::SignIn, problem, &typed)
            };
            let html = html(&form, &words);
            assert_no_bare_key(&html);
            for kind in [FlowKind::UsernameRecovery, FlowKind::PasswordReset] {
                let way = format!("href=\"{}\"", paths::page(kind, locale));
                assert_eq!(html.matches(&way).count(), 1, "{way} in {html}");
            }
            let sign_in = words.text("action.continue.sign-in");
            assert_ne!(sign_in, words.text("action.continue"));
            assert!(html.contains(&format!("value=\"{sign_in}\"")), "{html}");
        }
    }
}

/// At every step that asks, and nowhere that something is done already.
#[test]
fn whoever_would_rather_change_nothing_is_led_back_to_the_account() {
    let typed = Answers::default();
    for locale in Locale::ALL {
        let words = catalog(locale);
        let text = escape(words.text("action.unchanged"));
        let account = paths::in_language(locale, paths::ACCOUNT);
        let link = format!("<a class=\"fd-link\" href=\"{account}\">{text}</a>");
        for (kind, step) in steps() {
            let asks = !matches!(step.name(), StepName::Done | StepName::Confirm);
            for is_page in [true, false] {
                let form = Form {
                    is_page,
                    ..form(kind, &step, None, &typed)
                };
                let is_led = html(&form, &words).contains(&link);
                assert_eq!(is_led, kind.needs_session() && asks, "{kind:?} {step:?}");
            }
        }
    }
}

#[test]
fn support_is_named_wherever_no_page_of_ours_is_around_and_on_every_failure() {
    let problem = Problem::new(ProblemCode::Unavailable);
    for (is_page, problem, is_named) in [
        (false, None, true),
        (true, Some(&problem), true),
        (true, None, false),
    ] {
        let form = Form {
            kind: FlowKind::PasswordReset,
            step: &Step::Identify,
            progress: Progress { step: 1, of: 4 },
            notice: None,
            problem,
            is_out_of_tries: false,
            expires_in: Some(3600),
            sign_in: None,
            typed: &Answers::default(),
            action: "/flows/x",
            hidden: &[],
            is_page,
        };
        let html = html(&form, &catalog(Locale::En));
        assert_eq!(html.contains("info@patientally.com"), is_named);
        assert_eq!(html.contains("888-747-4255"), is_named);
    }
}

/// What has to be typed again, and that nothing was changed where there is something: who
/// enrolls has no account yet, and only they have an invitation.
#[test]
fn a_new_start_is_told_as_it_is_for_each_kind_of_flow() {
    let typed = Answers::default();
    for (locale, invitation, account) in [
        (Locale::En, "invitation", "account"),
        (Locale::Es, "invitación", "cuenta"),
    ] {
        let words = catalog(locale);
        for (kind, step) in steps() {
            if !CAN_BE_STUCK.contains(&step.name()) {
                continue;
            }
            let stuck = Form {
                is_out_of_tries: true,
                ..form(kind, &step, None, &typed)
            };
            let told = stuck_text(&stuck, "stuck.lead", &words);
            assert_ne!(told, "stuck.lead", "{kind:?} {step:?} has words");
            let is_enrollment = kind == FlowKind::Enrollment;
            assert_eq!(told.contains(invitation), is_enrollment, "{told}");
            let is_of_account = kind.needs_session() && step.name() == StepName::Password;
            assert_eq!(told.contains(account), is_of_account, "{told}");
        }
    }
}

/// Whoever is signed in needs none, and cannot use one.
#[test]
fn nobody_who_changes_their_phone_is_told_of_an_invitation() {
    let typed = Answers::default();
    let spent = Problem::new(ProblemCode::TooManyTries);
    let of_phone = |(kind, step)| (kind == FlowKind::PhoneChange).then_some(step);
    for (locale, word) in [(Locale::En, "invitation"), (Locale::Es, "invitación")] {
        let words = catalog(locale);
        for step in steps().into_iter().filter_map(of_phone) {
            for (problem, is_out_of_tries) in [(None, false), (None, true), (Some(&spent), true)] {
                let form = Form {
                    is_out_of_tries,
                    ..form(FlowKind::PhoneChange, &step, problem, &typed)
                };
                let page = title(&form, &words) + &html(&form, &words);
                // Who helps with what is the same on every page.
                let page = page.split("fd-support").next().unwrap_or_default();
                assert!(!page.to_lowercase().contains(word), "{page}");
            }
        }
    }
}
