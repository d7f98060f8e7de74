//! A browser as a person at a form.
//!
//! It must not know which steps there are.

use fantoccini::Locator;
use fantoccini::elements::Element;

use super::Browser;
use crate::{Page, Visitor, runtime, wait_for};

impl Visitor for Browser {
    fn page(&mut self) -> Page {
        let html = self.run("show its page", fantoccini::Client::source);
        Page::new(0, &self.address(), html)
    }

    #[track_caller]
    fn fill(&mut self, control: &str, text: &str) {
        let css = format!("input[name={control:?}]:not([type=hidden])");
        let element = self.element(&css);
        self.run(&format!("fill {control}"), |_| async move {
            element.clear().await?;
            element.send_keys(text).await
        });
    }

    #[track_caller]
    fn choose(&mut self, control: &str, value: &str) {
        self.click(&format!("input[name={control:?}][value={value:?}]"));
    }

    #[track_caller]
    fn press(&mut self, action: &str) {
        let before = self.step_on_screen();
        if action == "start" {
            self.click("verify-widget form input[type=submit]");
        } else {
            if action.starts_with("resend") && self.page().attribute("details", "open").is_none() {
                self.click(".fd-help summary");
            }
            self.click(&format!("input[name=\"action-{action}\"]"));
        }
        self.wait_for_step(before);
    }

    fn reload(&mut self) {
        let before = self.step_on_screen();
        self.run("load the page again", fantoccini::Client::refresh);
        self.wait_until_idle();
        if before.is_some() {
            self.wait_for_step(before);
        }
    }
}

impl Browser {
    /// Waits until what was on the screen has gone and a step is there.
    #[track_caller]
    pub(super) fn wait_for_step(&self, before: Option<Element>) {
        if let Some(before) = before {
            let is_gone = || {
                let asked = runtime().block_on(before.tag_name());
                asked.is_err().then_some(())
            };
            wait_for("the form to be answered", is_gone);
        }
        self.element(".fd-flow");
    }

    pub(super) fn step_on_screen(&self) -> Option<Element> {
        let session = self.session.as_ref().expect("an open browser");
        let found = runtime().block_on(session.find(Locator::Css(".fd-flow")));
        found.ok()
    }
}
