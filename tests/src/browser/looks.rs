//! What a browser shows, and what it has done to show it.
//!
//! It must not change the page.

use serde_json::{Value, json};

use super::{Browser, Engine, answer};
use crate::{Page, Request, wait_for};

impl Browser {
    /// Path and query of the page's address.
    pub fn address(&self) -> String {
        let url = self.run("tell its address", fantoccini::Client::current_url);
        let url = url.as_str();
        url.strip_prefix(&self.base).unwrap_or(url).to_owned()
    }

    /// The title of the document.
    pub fn document_title(&self) -> String {
        self.run("tell the title", fantoccini::Client::title)
    }

    /// Whether the focus is on an element that matches.
    pub fn is_focused(&self, css: &str) -> bool {
        let script = "return document.activeElement.matches(arguments[0])";
        self.script(script, vec![css.into()]) == true
    }

    /// The id of the element that has the focus, or else its name.
    pub fn focused(&self) -> String {
        let script = "const e = document.activeElement; return e.id || e.className || e.tagName";
        self.script(script, Vec::new())
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the focus is on an element that matches.
    #[track_caller]
    pub fn expect_focus(&self, css: &str) {
        wait_for(&format!("the focus to be on {css}"), || {
            self.is_focused(css).then_some(())
        });
    }

    /// What a control of the form holds now, typed or not.
    pub fn live_value(&self, css: &str) -> String {
        let element = self.element(css);
        let value = self.run(
            "tell a value",
            |_| async move { element.prop("value").await },
        );
        value.unwrap_or_default()
    }

    /// What sticks out of the screen to the right, where a person would have to
    /// scroll sideways (WCAG 2.2, 1.4.10). Drawings that tell nothing may be cut off.
    pub fn sticking_out(&self) -> Vec<String> {
        // A page that does not say that it is made for phones is drawn as wide as on a
        // desk, and nothing sticks out of it: the screen decides. And a text that is
        // longer than its own box is in no element's rectangle.
        let script = "const page = document.documentElement;\
             const width = Math.min(page.clientWidth, screen.width) + 1;\
             const out = [...document.querySelectorAll('body *')]\
             .filter(e => e.getBoundingClientRect().right > width)\
             .filter(e => !e.closest('svg[aria-hidden=true]'))\
             .map(e => e.outerHTML.slice(0, 120));\
             const isText = out.length === 0 && page.scrollWidth > width;\
             return isText ? ['a text that is longer than its own box'] : out";
        texts(&self.script(script, Vec::new()))
    }

    /// Paths of everything that the page has fetched besides itself.
    pub fn fetched(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource')\
             .map(entry => new URL(entry.name).pathname)";
        texts(&self.script(script, Vec::new()))
    }

    /// Asserts that the console has said nothing but information. Chromium alone shows it
    /// to a driver; in another browser nothing is asserted.
    #[track_caller]
    pub fn expect_silent_console(&self) {
        if self.engine == Engine::Chromium {
            assert_eq!(self.complaints(), [""; 0], "the console should be silent");
        }
    }

    /// What the console of Chromium has said that is no mere information: blocked
    /// scripts, refused styles, failed loads.
    fn complaints(&self) -> Vec<String> {
        let path = format!("{}/se/log", self.session_url);
        let request = Request::new("POST", &path).json(&json!({"type": "browser"}));
        let log = self.driver_client.send(request).json();
        let entries = log["value"].as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// What is on the screen, for whoever looks for why a test failed.
    pub(super) fn testimony(&self) -> String {
        let Some(session) = &self.session else {
            return String::new();
        };
        let html = answer(session.source()).and_then(Result::ok);
        let page = Page::new(0, "", html.unwrap_or_default());
        let address = answer(session.current_url()).and_then(Result::ok);
        let told = match self.engine {
            Engine::Chromium => self.complaints(),
            Engine::Firefox | Engine::WebKit => Vec::new(),
        };
        format!(
            "{} shows {:?} at {:?}\nconsole: {told:#?}\n",
            self.version(),
            page.texts("#main, #fd-main"),
            address.map(|url| url.to_string()),
        )
    }
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| item.as_str().unwrap_or_default().to_owned())
        .collect()
}
