//! A person who has only a keyboard, and looks where the focus is after each key.
//!
//! Tab, Enter and Space do everything, and an arrow chooses within a group, as browsers
//! have it. On the way the focus must be seen, and must go on in the order of the page
//! (WCAG 2.2, 2.1.1, 2.4.3, 2.4.7 and 2.4.11).

use fantoccini::key::Key;
use serde_json::Value;

use super::Browser;
use crate::{Page, Visitor, wait_for};

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

/// Presses of Tab after which something is wrong.
const MOST: usize = 60;

/// Where the focus is: whether there, how it shows, and its place in the page.
const LOOK: &str = "const at = document.activeElement;
    const stops = [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), summary, [tabindex]')];
    const box = at.getBoundingClientRect();
    const marks = [getComputedStyle(at), getComputedStyle(at, ':after')];
    return {
        isThere: at.matches(arguments[0]),
        what: at.outerHTML.slice(0, 120),
        place: stops.indexOf(at),
        isMarked: marks.some((style) =>
            style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        isInSight: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
    };";

/// Whether a step of the widget has the focus where people are to read on. Without a
/// widget there is nothing to wait for: a page begins at its top.
const HAS_FOCUS: &str = "return !document.querySelector('verify-widget .fd-flow')
    || document.activeElement.matches('#fd-title, #fd-errors, .fd-notice')";

/// A browser that is used by its keyboard alone.
pub struct Keyboard {
    /// The browser, to go to other pages in.
    pub browser: Browser,
}

impl Keyboard {
    /// Presses Tab until the focus is on an element that matches.
    #[track_caller]
    fn tab_to(&self, css: &str) {
        let mut place = self.look(css)["place"].as_i64();
        for _ in 0..MOST {
            self.browser.keys(&String::from(char::from(Key::Tab)));
            // Some browsers scroll a moment after the key.
            let stop = wait_for("the focus to be in sight", || {
                let stop = self.look(css);
                (stop["isInSight"] == true).then_some(stop)
            });
            assert_eq!(stop["isMarked"], true, "the focus is not seen: {stop}");
            let next = stop["place"].as_i64();
            assert!(next > place, "Tab goes back on the way to {css}: {stop}");
            place = next;
            if stop["isThere"] == true {
                return;
            }
        }
        panic!("the Tab key should lead to {css}");
    }

    fn look(&self, css: &str) -> Value {
        self.browser.script(LOOK, vec![css.into()])
    }
}

impl Visitor for Keyboard {
    fn page(&mut self) -> Page {
        self.browser.page()
    }

    #[track_caller]
    fn fill(&mut self, control: &str, text: &str) {
        self.tab_to(&format!("input[name={control:?}]"));
        self.browser.keys(text);
    }

    #[track_caller]
    fn choose(&mut self, control: &str, value: &str) {
        self.tab_to(&format!("input[type=radio][name={control:?}]"));
        let wanted = format!("input[value={value:?}]");
        self.browser.keys(SPACE);
        for _ in 0..MOST {
            if self.browser.is_focused(&wanted) {
                return;
            }
            self.browser.keys(&String::from(char::from(Key::Down)));
        }
        panic!("the arrows should lead to {wanted}");
    }

    #[track_caller]
    fn press(&mut self, action: &str) {
        let before = self.browser.step_on_screen();
        self.tab_to(&match action {
            "start" => "verify-widget form input[type=submit]".to_owned(),
            _ => format!("input[name=\"action-{action}\"]"),
        });
        self.browser.keys(ENTER);
        self.browser.wait_for_step(before);
        wait_for("the focus to be where the step begins", || {
            (self.browser.script(HAS_FOCUS, Vec::new()) == true).then_some(())
        });
        if !self.page().problems().is_empty() {
            self.browser.expect_focus("#fd-errors");
        }
    }

    fn reload(&mut self) {
        self.browser.reload();
    }
}
