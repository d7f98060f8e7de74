//! A browser in which each screen is held against axe-core, and what was found.

use std::collections::BTreeSet;

use frontdesk_tests::{Browser, Colors, Eyes, Rules, Scripts, Stack, Visitor, evidence};

use super::tour::Eye;

/// How each screen is looked at. Its colors are all that changes between light and dark,
/// and they do not change with its width.
const EYES: [(Eyes, Rules); 3] = [
    (Eyes::phone(Colors::Light), Rules::All),
    (Eyes::phone(Colors::Dark), Rules::OfColors),
    (Eyes::zoomed(Colors::Dark), Rules::All),
];

/// The rules that find something to be about on the barest of our screens.
const FEWEST_PASSES: u64 = 15;

/// The rings behind the text of the home page, of which axe-core cannot tell what is in
/// front. Without them it can: on the color behind them, and on theirs.
const WITHOUT_RINGS: &str = "document.querySelector('.ripples').style.display = 'none'";
const ON_RINGS: &str = "const ripples = document.querySelector('.ripples');
    const hero = document.querySelector('.hero');
    hero.style.removeProperty('background');
    const parts = (color) => color.match(/[\\d.]+/g).map(Number);
    const above = getComputedStyle(ripples);
    const below = parts(getComputedStyle(hero).backgroundColor);
    const mixed = parts(above.color).map((part, at) =>
        Math.round(part * above.opacity + below[at] * (1 - above.opacity)));
    hero.style.background = `rgb(${mixed})`";

/// The text in charts, of which axe-core cannot tell what is behind it, since a picture has no
/// color of its own. It is the ink of the page, as in the table beside it: how many are not. Then
/// it is hidden.
const INK_OF_CHARTS: &str = "const texts = [...document.querySelectorAll('.fd-chart text')];
    const ink = (text) => {
        const table = document.querySelector('.fd-counts td');
        text.style.visibility = 'hidden';
        return getComputedStyle(text).fill === getComputedStyle(table).color;
    };
    return texts.filter((text) => !ink(text)).length";

/// A browser whose screens are looked over.
pub(super) struct Auditor {
    pub(super) browser: Browser,
    eyes: &'static [(Eyes, Rules)],
    screens: usize,
    axe: String,
    found: BTreeSet<String>,
}

impl Auditor {
    pub(super) fn open(stack: &Stack, path: &str) -> Self {
        Self::of(Browser::open(stack, path, Scripts::On))
    }

    /// With every eye.
    pub(super) fn of(browser: Browser) -> Self {
        Self::looking(browser, &EYES)
    }

    pub(super) fn looking(browser: Browser, eyes: &'static [(Eyes, Rules)]) -> Self {
        Self {
            browser,
            eyes,
            screens: 0,
            axe: String::new(),
            found: BTreeSet::new(),
        }
    }

    /// What is wrong, and what cannot be told, counts alike.
    fn hold(&mut self, rules: Rules, place: &str) {
        let audit = self.browser.audit(rules);
        self.axe = format!("axe-core {}", audit.version);
        let enough = rules == Rules::OfColors || audit.passes >= FEWEST_PASSES;
        assert!(enough, "{place}: axe-core looked at little: {audit:?}");
        let out = self.browser.sticking_out();
        let out = out.iter().map(|it| format!("sticks out: {it}"));
        let wrong = audit
            .violations
            .into_iter()
            .chain(audit.undecided)
            .chain(out);
        self.found.extend(wrong.map(|it| format!("{it} [{place}]")));
    }

    /// Asserts that nothing was found on any of the screens, and that they were as many.
    #[track_caller]
    pub(super) fn finish(self, at_least: usize) {
        let Self { screens, found, .. } = &self;
        let list: Vec<_> = found.iter().map(String::as_str).collect();
        assert!(found.is_empty(), "{}", list.join("\n"));
        assert!(*screens >= at_least, "{screens} screens were looked over");
        evidence::found_nothing(&self.browser, &self.axe, *screens);
    }
}

impl Eye for Auditor {
    fn browser(&mut self) -> &mut Browser {
        &mut self.browser
    }

    fn look(&mut self, what: &str) {
        self.screens += 1;
        for &(eyes, rules) in self.eyes {
            self.browser.see_with(eyes);
            let place = format!("{what} at {}, {eyes:?}", self.browser.address());
            if !self.browser.page().texts(".ripples").is_empty() {
                self.browser.script(WITHOUT_RINGS, Vec::new());
                self.hold(Rules::OfColors, &place);
                self.browser.script(ON_RINGS, Vec::new());
            }
            let of_another_color = self.browser.script(INK_OF_CHARTS, Vec::new());
            assert_eq!(of_another_color, 0, "{place}");
            self.hold(rules, &place);
        }
    }
}
