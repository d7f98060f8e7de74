//! What people have set: colors of their own, wider text, less motion, a phone held sideways.
//! Nothing of a screen may be lost by it.

use std::collections::BTreeSet;

use frontdesk_tests::{Browser, Scripts, Stack, Visitor as _, evidence};
use protocol::{Locale, paths};
use serde_json::Value;

use super::pages;
use super::tour::{Eye, Host, Tour};

const PORTRAIT: (u32, u32) = (390, 844);
const LANDSCAPE: (u32, u32) = (844, 390);
/// The narrowest screen that text must fit (WCAG 2.2, 1.4.10).
const NARROW: (u32, u32) = (320, 640);

/// WCAG 2.2, 1.4.12. A person's own rules win over those of any page; so do these.
const SPACED: &str = "
    *:not(#_):not(#_):not(#_):not(#_) {
        line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
    }
    p:not(#_):not(#_):not(#_):not(#_) { margin-bottom: 2em !important }";

/// What is cut off by its own box, and which texts lie on others. Boxes to type in scroll by
/// themselves; what is for ears or decoration shows no text.
const LOST: &str = "
    const aside = '.fd-hidden, .skip, [aria-hidden=true]';
    const told = (element) => element.outerHTML.slice(0, 120);
    const decorations = [...document.querySelectorAll('[aria-hidden=true]')];
    decorations.forEach((it) => it.style.setProperty('display', 'none', 'important'));
    const cut = [...document.querySelectorAll('body *')]
        .filter((it) => it.checkVisibility() && !it.closest(aside))
        .filter((it) => it.matches('input[type=submit], button')
            || getComputedStyle(it).overflow !== 'visible' && !it.matches('input'))
        .filter((it) => it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1)
        .map((it) => 'is cut off: ' + told(it));
    const boxes = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        const parent = text.parentElement;
        if (!text.data.trim() || !parent.checkVisibility() || parent.closest(aside)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const box of range.getClientRects()) boxes.push({ box, of: text, what: text.data.trim() });
    }
    for (const it of document.querySelectorAll('input:not([type=hidden]), button')) {
        if (it.checkVisibility()) boxes.push({ box: it.getBoundingClientRect(), of: it, what: told(it) });
    }
    decorations.forEach((it) => it.style.removeProperty('display'));
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    const on = boxes.flatMap((one, at) => boxes.slice(at + 1)
        .filter((other) => !one.of.contains(other.of) && !other.of.contains(one.of))
        .filter((other) => meet(one.box, other.box))
        .map((other) => `lies on another: ${one.what} / ${other.what}`));
    return cut.concat(on)";

/// What cannot be told from what is around it where a person chooses all colors: edges of
/// buttons, boxes and errors, and the focus on each stop.
const UNMARKED: &str = "
    if (!matchMedia('(forced-colors: active)').matches) return ['the colors are not forced'];
    const page = getComputedStyle(document.body).backgroundColor;
    const told = (element) => element.outerHTML.slice(0, 120);
    const isSeen = (kind, width, color) =>
        kind !== 'none' && parseFloat(width) >= 1 && color !== page;
    const hasEdge = (element, sides) => sides.every((side) => {
        const style = getComputedStyle(element);
        return isSeen(style[`border${side}Style`], style[`border${side}Width`], style[`border${side}Color`]);
    });
    const all = ['Top', 'Right', 'Bottom', 'Left'];
    const without = (css, sides) => [...document.querySelectorAll(css)]
        .filter((element) => element.checkVisibility() && !hasEdge(element, sides))
        .map((element) => 'has no edge: ' + told(element));
    const edges = without('.fd-button, .fd-input, .fd-errors', all)
        .concat(without('.fd-field--error', ['Left']));
    const before = document.activeElement;
    const stops = [...document.querySelectorAll('*')]
        .filter((element) => element.tabIndex >= 0 && element.checkVisibility());
    const lost = stops.filter((stop) => {
        stop.focus({ preventScroll: true });
        const marks = [getComputedStyle(stop), getComputedStyle(stop, ':after')];
        return !marks.some((style) => parseFloat(style.outlineWidth) >= 2
            && isSeen(style.outlineStyle, style.outlineWidth, style.outlineColor));
    });
    before === document.body ? document.activeElement.blur() : before.focus({ preventScroll: true });
    return edges.concat(lost.map((stop) => 'has a focus that is not seen: ' + told(stop)))";

/// What moves, or would.
const MOVING: &str = "
    const moves = (style) => style.scrollBehavior === 'smooth' || style.animationName !== 'none'
        || style.transitionDuration.split(', ').some((it) => parseFloat(it) > 0);
    return [...document.querySelectorAll('*')]
        .filter((it) => [null, ':before', ':after'].some((part) => moves(getComputedStyle(it, part))))
        .map((it) => 'moves: ' + it.outerHTML.slice(0, 120))";

/// What can be read on the screen.
const WORDS: &str = "return document.body.innerText.split(/\\s+/).join(' ')";

/// A browser in which each screen is looked at as people have set theirs.
pub(super) struct Preferences {
    pub(super) browser: Browser,
    screens: usize,
    found: BTreeSet<String>,
}

impl Preferences {
    pub(super) fn of(browser: Browser) -> Self {
        Self {
            browser,
            screens: 0,
            found: BTreeSet::new(),
        }
    }

    fn note(&mut self, script: &str, place: &str) {
        let found = self.browser.script(script, Vec::new());
        let found = found.as_array().into_iter().flatten();
        let told = found.filter_map(Value::as_str);
        self.found.extend(told.map(|it| format!("{it} [{place}]")));
    }

    fn fits(&mut self, place: &str) {
        let out = self.browser.sticking_out();
        let told = out.iter().map(|it| format!("sticks out: {it} [{place}]"));
        self.found.extend(told);
    }

    /// Asserts that nothing was found on any of the screens, and that they were as many.
    #[track_caller]
    pub(super) fn finish(self, at_least: usize) {
        let Self { screens, found, .. } = &self;
        let list: Vec<_> = found.iter().map(String::as_str).collect();
        assert!(found.is_empty(), "{}", list.join("\n"));
        assert!(*screens >= at_least, "{screens} screens were looked at");
        evidence::found_nothing(&self.browser, "Preferences", *screens);
    }
}

impl Eye for Preferences {
    fn browser(&mut self) -> &mut Browser {
        &mut self.browser
    }

    fn look(&mut self, what: &str) {
        self.screens += 1;
        let place = format!("{what} at {}", self.browser.address());

        self.browser.resize(PORTRAIT);
        let upright = self.browser.script(WORDS, Vec::new());
        self.browser.media(&[("forced-colors", "active")]);
        self.note(UNMARKED, &format!("{place}, forced colors"));
        self.browser.media(&[("prefers-reduced-motion", "reduce")]);
        self.note(MOVING, &format!("{place}, less motion"));

        let sideways = format!("{place}, sideways");
        self.browser.resize(LANDSCAPE);
        self.fits(&sideways);
        self.note(LOST, &sideways);
        let words = self.browser.script(WORDS, Vec::new());
        if words != upright {
            self.found.insert(format!("has other words [{sideways}]"));
        }

        let spaced = format!("{place}, wider text");
        self.browser.resize(NARROW);
        self.browser.own_styles(SPACED);
        self.fits(&spaced);
        self.note(LOST, &spaced);
        self.browser.own_styles("");
        self.browser.resize(PORTRAIT);
    }
}

#[test]
fn what_people_have_set_takes_nothing_from_any_page() {
    let stack = Stack::with_site();
    let mut eye = Preferences::of(Browser::open(&stack, "/", Scripts::On));
    for locale in Locale::ALL {
        for path in pages::TYPES {
            eye.browser.goto(&paths::in_language(locale, path));
            eye.look("a page");
        }
    }
    eye.finish(28);
}

fn tour(host: Host, locale: Locale) {
    let mut tour = Tour::new(host, locale, Preferences::of);
    tour.go();
    tour.eye.finish(host.screens());
}

#[test]
fn what_people_have_set_takes_nothing_from_a_step_of_the_widget() {
    tour(Host::Widget, Locale::En);
}

#[test]
fn what_people_have_set_takes_nothing_from_a_step_of_the_plain_forms() {
    tour(Host::Plain, Locale::Es);
}

#[test]
fn what_people_have_set_takes_nothing_from_a_step_on_another_site() {
    tour(Host::Clinic, Locale::Es);
}

/// A fault, and what is told of it.
const FAULTS: [(&str, &str); 8] = [
    (
        "document.querySelector('.fd-button').style.border = '0'",
        "has no edge: <input type=\"submit\" class=\"fd-button\"",
    ),
    (
        "document.querySelector('.fd-field--error').style.border = '0'",
        "has no edge: <div class=\"fd-field",
    ),
    (
        "document.querySelector('.fd-input').style.outline = '0'",
        "has a focus that is not seen: <input",
    ),
    (
        "document.querySelector('.fd-button').style.transition = 'all 1s'",
        "moves: <input type=\"submit\" class=\"fd-button\"",
    ),
    (
        "document.querySelector('h1').style.cssText = 'height: 1.2em; overflow: hidden; font-size: 18px'",
        "is cut off: <h1",
    ),
    (
        "document.querySelector('.fd-hint').style.cssText = 'margin: 0 0 -1.5em'",
        "lies on another: ",
    ),
    (
        "document.querySelector('h1').style.cssText = 'min-width: 900px'",
        "sticks out: <h1",
    ),
    (
        "for (const it of document.styleSheets) it.insertRule(
            '@media (orientation: landscape) { .fd-flow p { display: none } }')",
        "has other words [",
    ),
];

#[test]
fn what_would_be_lost_by_what_people_have_set_is_told() {
    let stack = Stack::with_site();
    for (fault, told) in FAULTS {
        let mut eye = Preferences::of(Browser::open(&stack, "/flows/enrollment", Scripts::On));
        eye.browser.press("continue");
        eye.browser.script(fault, Vec::new());
        eye.look("a step with a fault");
        let is_told = eye.found.iter().any(|it| it.starts_with(told));
        assert!(
            is_told,
            "{told:?} should be told of {fault}, not {:?}",
            eye.found
        );
    }
}
