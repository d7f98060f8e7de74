//! How long a step waits: told where nobody can be warned, and with a place where they can.

use super::*;

/// The step on a page and in the widget.
fn both(kind: FlowKind, step: &Step, expires_in: Option<u32>) -> [String; 2] {
    let typed = Answers::default();
    [true, false].map(|is_page| {
        let form = Form {
            expires_in,
            is_page,
            ..form(kind, step, None, &typed)
        };
        html(&form, &catalog(Locale::En))
    })
}

#[test]
fn a_page_says_how_long_it_waits_and_has_a_button_for_more() {
    for (kind, step) in steps() {
        let [page, _] = both(kind, &step, Some(899));
        let asks = !step.name().fields().is_empty();
        assert_eq!(page.contains("This page waits 15 minutes"), asks, "{page}");
        let place = |action: &str| page.find(&[" name=\"", ACTION, action, "\""].concat());
        assert_eq!(place(MORE_TIME).is_some(), asks, "{page}");
        // Enter presses the first button of a form.
        assert!(!asks || place("continue") < place(MORE_TIME), "{page}");
    }
}

/// What is secret is never shown again, so whoever asks for time is told before.
#[test]
fn a_secret_is_said_to_be_typed_again() {
    let told = catalog(Locale::En).text("time.secret").to_owned();
    for (kind, step) in steps() {
        let [page, widget] = both(kind, &step, Some(899));
        let has_secret = ["name=\"code\"", "name=\"password\""];
        let has_secret = has_secret.iter().any(|it| page.contains(it));
        assert_eq!(page.contains(&told), has_secret, "{page}");
        assert!(!widget.contains(&told), "{widget}");
    }
}

/// It must be there before it says something: only then is that announced.
#[test]
fn the_widget_has_a_silent_place_for_the_warning() {
    for (kind, step) in steps() {
        let [page, widget] = both(kind, &step, Some(899));
        let asks = !step.name().fields().is_empty();
        let place = "<p role=\"status\"></p><input type=\"button\"";
        assert_eq!(widget.contains(place), asks, "{widget}");
        assert!(!page.contains("type=\"button\""), "{page}");
        assert!(!widget.contains("This page waits"), "{widget}");
        let before_buttons = widget.find(place) < widget.find("fd-actions");
        assert!(!asks || before_buttons, "{widget}");
    }
}

#[test]
fn where_nothing_runs_out_nothing_is_said() {
    for (kind, step) in steps() {
        for html in both(kind, &step, None) {
            assert!(!html.contains("fd-time"), "{html}");
        }
    }
    let typed = Answers::default();
    let step = Step::Identity;
    let stuck = Form {
        is_out_of_tries: true,
        ..form(FlowKind::Enrollment, &step, None, &typed)
    };
    assert!(!html(&stuck, &catalog(Locale::En)).contains("fd-time"));
}
