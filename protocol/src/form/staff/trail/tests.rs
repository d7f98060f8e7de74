//! What the page of the audit trail shows, and where its problems stand.

use alloc::borrow::ToOwned;

use super::*;
use crate::Locale;
use crate::messages::catalog;

fn page(
    problems: &[(&str, &str)],
    chain: TrailChain<'_>,
    found: Option<TrailLines<'_>>,
    locale: Locale,
) -> String {
    let typed = [
        ("staff", "07"),
        ("number", "WS-\"<b>"),
        ("kind", "enrolled"),
    ];
    let typed = typed.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let page = StaffTrail {
        action: "/staff/trail",
        hidden: &[("token", "t")],
        chain,
        staff: &[("07".to_owned(), "=dana<b>@example.org".to_owned())],
        kinds: &["enrolled"],
        typed: &Answers::from_form(typed),
        problems,
        found,
        home: "/staff",
    };
    page.html(&catalog(locale))
}

#[test]
fn what_was_asked_for_comes_back_and_goes_on_to_the_next_page() {
    let lines = [TrailText {
        number: "12".to_owned(),
        time: "2026-11-28 20:00:00 UTC".to_owned(),
        machine_time: "2026-11-28T20:00:00Z".to_owned(),
        what: "Something <new>".to_owned(),
        by: Some("dana@example.org".to_owned()),
        about: None,
    }];
    for locale in Locale::ALL {
        let found = |next| TrailLines {
            lines: &lines,
            next,
        };
        let last = page(&[], TrailChain::default(), Some(found(None)), locale);
        assert!(!last.contains("name=\"after\""), "{last}");
        let html = page(&[], TrailChain::default(), Some(found(Some("p"))), locale);
        assert!(html.contains("name=\"after\" value=\"p\""), "{html}");
        let number = "name=\"number\" value=\"WS-&quot;&lt;b&gt;\"";
        assert_eq!(html.matches(number).count(), 2, "{html}");
        assert!(html.contains("value=\"07\" selected"), "{html}");
        assert!(html.contains("value=\"enrolled\" selected"), "{html}");
        assert!(html.contains("Something &lt;new&gt;"), "{html}");
        assert!(!html.contains(">staff.") && !html.contains("{n}"), "{html}");
    }
}

#[test]
fn each_problem_leads_to_its_box_and_stands_beside_it() {
    for locale in Locale::ALL {
        let problems = [("fd-from", "staff.trail.wrong-day")];
        let html = page(&problems, TrailChain::default(), None, locale);
        assert!(html.contains("<a href=\"#fd-from\">"), "{html}");
        let described = "aria-describedby=\"fd-from-hint fd-from-error\" aria-invalid=\"true\"";
        assert!(html.contains(described), "{html}");
    }
}

#[test]
fn it_is_told_whether_the_trail_is_whole() {
    for locale in Locale::ALL {
        let words = catalog(locale);
        let told = |looked| {
            let last = Some(["then", "9", "dana@example.org"]);
            let chain = TrailChain { last, looked };
            page(&[], chain, None, locale)
        };
        let broken = told(Some(TrailLook::Broken(Some("7"))));
        assert!(broken.contains("role=\"alert\""), "{broken}");
        let so_far = told(Some(TrailLook::SoFar(["5", "9"], "5:ab")));
        assert!(
            so_far.contains("name=\"way-on\" value=\"5:ab\""),
            "{so_far}"
        );
        assert!(so_far.contains(words.text("staff.trail.go-on")), "{so_far}");
        let whole = told(Some(TrailLook::Whole("9")));
        for html in [broken, so_far, whole, told(None)] {
            assert!(html.contains("dana@example.org"), "{html}");
            assert!(
                !html.contains(">staff.") && !html.contains("{line}"),
                "{html}"
            );
        }
    }
}
