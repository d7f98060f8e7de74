//! A person who is told each control by its role and its name, and nothing else of it, as a
//! screen reader tells them (WCAG 2.2, 4.1.2).
//!
//! Roles and names are those that the browser itself computes for such programs. It must not
//! know ids, classes or names of controls: what is looked for is what people read.

use std::collections::{BTreeMap, BTreeSet};

use fantoccini::elements::Element;
use protocol::{FlowKind, Locale, paths};

use super::Browser;
use crate::{Page, Request, Visitor, site_words_in, wait_for, words_in};

/// Whatever can be operated where the page begins to be about something: where Tab stops,
/// and each choice.
const CONTROLS: &str = "return [...document.querySelectorAll('main *')]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility())";

/// Where a step of the widget has the focus once it is there; elsewhere nothing.
const FOCUS: &str = "return document.querySelector('verify-widget .fd-flow')
    && document.activeElement";

/// By what a driver marks an element in JSON (W3C WebDriver, 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser that is used by roles and names alone.
pub struct Reader {
    /// The browser, to go to other pages in.
    pub browser: Browser,
    /// The names of what is on the screen, as they were told: asking takes browsers long.
    names: BTreeMap<String, String>,
}

impl Reader {
    /// A person who has this browser.
    pub fn of(browser: Browser) -> Self {
        let names = BTreeMap::new();
        Self { browser, names }
    }

    /// The control of that name. Where two had one name, or one had none, a person would have to
    /// guess.
    #[track_caller]
    fn find(&mut self, roles: &[&str], name: &str) -> Element {
        let controls = self.browser.script(CONTROLS, Vec::new());
        let controls = controls.as_array().into_iter().flatten();
        let ids = controls.filter_map(|it| it[ELEMENT].as_str());
        let told: Vec<_> = ids.map(|id| (self.name(id), id)).collect();
        let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
        assert_are_told_apart(&names);
        let found = told.iter().find(|(told, _)| told == name);
        let (_, id) =
            found.unwrap_or_else(|| panic!("a control should be called {name:?}, among {names:?}"));
        let role = self.told(id, "computedrole");
        assert!(
            roles.contains(&role.as_str()),
            "{name:?} is a {role:?}, none of {roles:?}"
        );
        let session = self.browser.session.clone().expect("an open browser");
        Element::from_element_id(session, (*id).to_owned().into())
    }

    fn name(&mut self, id: &str) -> String {
        if let Some(name) = self.names.get(id) {
            return name.clone();
        }
        let name = self.told(id, "computedlabel");
        self.names.insert(id.to_owned(), name.clone());
        name
    }

    /// How an element is told: its role, or its name.
    #[track_caller]
    fn told(&self, id: &str, what: &str) -> String {
        let told = self.told_unless_gone(id, what);
        told.unwrap_or_else(|| panic!("the element whose {what} is asked for has gone"))
    }

    /// The same; nothing of an element that has gone.
    #[track_caller]
    fn told_unless_gone(&self, id: &str, what: &str) -> Option<String> {
        let path = format!("{}/element/{id}/{what}", self.browser.session_url);
        let told = self.browser.driver_client.send(Request::new("GET", &path));
        if told.json()["value"]["error"] == "stale element reference" {
            return None;
        }
        let told = told.expect(200).json()["value"].clone();
        Some(told.as_str().unwrap_or_default().trim().to_owned())
    }

    fn language(&mut self) -> Locale {
        self.page().language()
    }

    /// What is told first of a new step: its heading, or that there is a problem.
    #[track_caller]
    fn expect_to_be_told(&self) {
        let (role, name) = wait_for("what has the focus to stay", || {
            let at = self.browser.script(FOCUS, Vec::new());
            let Some(id) = at[ELEMENT].as_str() else {
                return Some((None, String::new()));
            };
            // Whoever has signed in is led on to the account, from what is looked at here.
            let role = self.told_unless_gone(id, "computedrole")?;
            Some((Some(role), self.told_unless_gone(id, "computedlabel")?))
        });
        if let Some(role) = role {
            let is_told = ["heading", "alert", "status"].contains(&role.as_str());
            assert!(
                is_told && !name.is_empty(),
                "the focus is at the {role} {name:?}"
            );
        }
    }
}

impl Visitor for Reader {
    fn page(&mut self) -> Page {
        self.browser.page()
    }

    #[track_caller]
    fn fill(&mut self, control: &str, text: &str) {
        let key = format!("field.{}", control.replace('-', "."));
        let name = words_in(self.language(), &key);
        let element = self.find(box_roles(control), name);
        self.browser.run("type", |_| async move {
            element.clear().await?;
            element.send_keys(text).await
        });
    }

    #[track_caller]
    fn choose(&mut self, control: &str, value: &str) {
        let key = format!("field.{control}.{value}");
        let name = words_in(self.language(), &key);
        let element = self.find(&["radio"], name);
        let chosen = self.browser.run("choose", |_| async move {
            element.click().await?;
            element.is_selected().await
        });
        assert!(chosen, "{value} should be chosen");
    }

    #[track_caller]
    fn press(&mut self, action: &str) {
        let locale = self.language();
        let step = self.page().step();
        let name = match action {
            "start" => start_button(&self.browser.address(), locale),
            "show" => words_in(locale, "reveal.action"),
            "sign-out" => words_in(locale, "account.sign-out"),
            "continue" if ["confirm", "sign-in"].contains(&step.as_str()) => {
                words_in(locale, &format!("action.continue.{step}"))
            }
            _ => words_in(locale, &format!("action.{action}")),
        };
        let before = self.browser.step_on_screen();
        let element = self.find(&["button"], name);
        self.browser
            .run("press", |_| async move { element.click().await });
        self.browser.wait_for_step(before);
        self.names.clear();
        self.expect_to_be_told();
    }

    fn reload(&mut self) {
        self.browser.reload();
    }
}

#[track_caller]
fn assert_are_told_apart(names: &[&str]) {
    let different: BTreeSet<_> = names.iter().collect();
    let are_named = names.iter().all(|name| !name.is_empty());
    assert!(
        are_named && different.len() == names.len(),
        "each control should have a name of its own: {names:?}"
    );
}

/// What a box to type in may be called. One for a password has no role of its own (HTML-AAM),
/// and some browsers give it that of another box.
fn box_roles(control: &str) -> &'static [&'static str] {
    match control {
        "password" => &["", "textbox"],
        _ => &["textbox"],
    }
}

/// What the button of a flow's own page says.
#[track_caller]
fn start_button(address: &str, locale: Locale) -> &'static str {
    let mut kinds = FlowKind::ALL.into_iter();
    let kind = kinds.find(|kind| paths::page(*kind, locale) == address);
    let kind = kind.unwrap_or_else(|| panic!("{address} should be the page of a flow"));
    site_words_in(locale, &format!("start_{}", kind.as_str()))
}

#[cfg(test)]
mod tests {
    use super::assert_are_told_apart;

    #[test]
    fn names_that_differ_are_told_apart() {
        assert_are_told_apart(&["Username", "Password", "Continue"]);
    }

    #[test]
    #[should_panic(expected = "a name of its own")]
    fn two_controls_of_one_name_are_not() {
        assert_are_told_apart(&["Show", "Continue", "Show"]);
    }

    #[test]
    #[should_panic(expected = "a name of its own")]
    fn a_control_without_a_name_is_not() {
        assert_are_told_apart(&["Continue", ""]);
    }
}
