//! A real browser: Chromium without a window, the size of a phone.
//!
//! One session a browser, two browsers at once: more would only make each
//! other slow on a small machine.

mod driver;
mod turns;

use std::sync::Arc;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Client, Page, Request, Stack, Visitor, runtime, wait_for};
use driver::Driver;
use turns::Turn;

/// The width and height of a common phone, in CSS pixels.
const PHONE: (u32, u32) = (390, 844);

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// They may.
    On,
    /// The browser's own setting forbids it.
    Off,
}

/// A browser with a page in it. It closes when it is dropped.
pub struct Browser {
    session: Option<fantoccini::Client>,
    session_url: String,
    base: String,
    driver_client: Client,
    _driver: Arc<Driver>,
    _profile: TempDir,
    _turn: Turn,
}

impl Browser {
    /// A browser that opens a page of the stack's server.
    ///
    /// # Panics
    /// When Chromium or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn open(stack: &Stack, path: &str, scripts: Scripts) -> Self {
        let turn = Turn::wait();
        let driver = Driver::get();
        let profile = TempDir::with_prefix("frontdesk-chromium-").expect("a folder for a profile");
        let capabilities = capabilities(&profile, scripts);
        let session = runtime().block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities);
            builder.connect(&driver.url).await
        });
        let session = session.unwrap_or_else(|error| panic!("Chromium should start: {error}"));
        let id = runtime().block_on(session.session_id());
        let id = id.expect("a session").expect("a session has an id");
        let browser = Self {
            session: Some(session),
            session_url: format!("/session/{id}"),
            base: stack.base().to_owned(),
            driver_client: Client::new(&driver.url),
            _driver: driver,
            _profile: profile,
            _turn: turn,
        };
        browser.goto(path);
        browser
    }

    /// Does something in the browser, and waits for it.
    fn run<'a, T, F>(&'a self, what: &str, work: impl FnOnce(&'a fantoccini::Client) -> F) -> T
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let session = self.session.as_ref().expect("an open browser");
        runtime()
            .block_on(work(session))
            .unwrap_or_else(|error| panic!("the browser could not {what}: {error}"))
    }

    /// Opens a page of the server by its path. A flow that is resumed there is
    /// on the screen then.
    pub fn goto(&self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.run(&format!("open {path}"), |session| async move {
            session.goto(&url).await
        });
        self.wait_until_idle();
    }

    /// Waits until no widget is on its way.
    #[track_caller]
    fn wait_until_idle(&self) {
        let session = self.session.as_ref().expect("an open browser");
        let busy = Locator::Css("verify-widget[aria-busy=true]");
        wait_for("the widget to be there", || {
            let found = runtime().block_on(session.find_all(busy));
            found.is_ok_and(|found| found.is_empty()).then_some(())
        });
    }

    /// Follows a link of a message: its path, on the server of this test.
    pub fn follow_link(&self, link: &str) {
        let path = link.strip_prefix(crate::PUBLIC);
        self.goto(path.expect("links in messages begin with the configured address"));
    }

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

    /// Waits for an element.
    #[track_caller]
    fn element(&self, css: &str) -> Element {
        let session = self.session.as_ref().expect("an open browser");
        wait_for(&format!("{css} to be on the page"), || {
            let found = runtime().block_on(session.find(Locator::Css(css)));
            found.ok()
        })
    }

    /// Clicks an element.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.element(css);
        self.run(
            &format!("click {css}"),
            |_| async move { element.click().await },
        );
    }

    /// Presses keys where the focus is.
    pub fn keys(&self, keys: &str) {
        let element = self.run("tell the focus", fantoccini::Client::active_element);
        self.run(
            "press keys",
            |_| async move { element.send_keys(keys).await },
        );
    }

    /// Presses Tab until the focus is on an element that matches.
    ///
    /// # Panics
    /// When it does not come there within sixty presses.
    #[track_caller]
    pub fn tab_to(&self, css: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            self.keys(&String::from(char::from(Key::Tab)));
            if self.is_focused(css) {
                return;
            }
            passed.push(self.focused());
        }
        panic!("the Tab key should lead to {css}, and led past {passed:?}");
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

    /// Runs a script of the test's own, and returns what it returns.
    pub fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.run("run a script", |session| session.execute(script, arguments))
    }

    /// What sticks out of the screen to the right, where a person would have to
    /// scroll sideways (WCAG 2.2, 1.4.10).
    pub fn sticking_out(&self) -> Vec<String> {
        let script = "const width = document.documentElement.clientWidth;\
             return [...document.querySelectorAll('body *')]\
             .filter(e => e.getBoundingClientRect().right > width + 1)\
             .map(e => e.outerHTML.slice(0, 120))";
        texts(&self.script(script, Vec::new()))
    }

    /// Paths of everything that the page has fetched besides itself.
    pub fn fetched(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource')\
             .map(entry => new URL(entry.name).pathname)";
        texts(&self.script(script, Vec::new()))
    }

    /// From now on nothing comes of fetching addresses that match (`*` stands
    /// for anything).
    pub fn block(&self, addresses: &[&str]) {
        self.devtools("Network.enable", &json!({}));
        self.devtools("Network.setBlockedURLs", &json!({ "urls": addresses }));
    }

    /// Opens another tab and shows it.
    pub fn new_tab(&self, path: &str) {
        let tab = self.run("open a tab", |session| session.new_window(true));
        self.run("go to the new tab", |session| {
            session.switch_to_window(tab.handle)
        });
        self.goto(path);
    }

    /// Shows a tab by its number, in the order in which they were opened.
    pub fn show_tab(&self, number: usize) {
        let mut tabs = self.run("list its tabs", fantoccini::Client::windows);
        let tab = tabs.swap_remove(number);
        self.run("go to a tab", |session| session.switch_to_window(tab));
    }

    /// What the console has said that is no mere information: blocked scripts,
    /// refused styles, failed loads.
    pub fn complaints(&self) -> Vec<String> {
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

    fn devtools(&self, command: &str, parameters: &Value) {
        let path = format!("{}/goog/cdp/execute", self.session_url);
        let body = json!({"cmd": command, "params": parameters});
        let reply = self
            .driver_client
            .send(Request::new("POST", &path).json(&body));
        reply.expect(200);
    }

    /// Waits until what was on the screen has gone and a step is there.
    #[track_caller]
    fn wait_for_step(&self, before: Option<Element>) {
        if let Some(before) = before {
            let is_gone = || {
                let asked = runtime().block_on(before.tag_name());
                asked.is_err().then_some(())
            };
            wait_for("the form to be answered", is_gone);
        }
        self.element(".fd-flow");
    }

    fn step_on_screen(&self) -> Option<Element> {
        let session = self.session.as_ref().expect("an open browser");
        let found = runtime().block_on(session.find(Locator::Css(".fd-flow")));
        found.ok()
    }
}

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
            self.click("verify-widget form button");
        } else {
            if action.starts_with("resend") && self.page().attribute("details", "open").is_none() {
                self.click(".fd-help summary");
            }
            self.click(&format!("button[name=action][value={action:?}]"));
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
    /// What is on the screen, for whoever looks for why a test failed.
    fn testimony(&self) -> String {
        let Some(session) = &self.session else {
            return String::new();
        };
        let html = runtime().block_on(session.source()).unwrap_or_default();
        let page = Page::new(0, "", html);
        let address = runtime().block_on(session.current_url());
        format!(
            "the browser shows {:?} at {:?}\nconsole: {:#?}\n",
            page.texts("#main"),
            address.map(|url| url.to_string()),
            self.complaints(),
        )
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprint!("{}", self.testimony());
        }
        if let Some(session) = self.session.take() {
            let closed = runtime().block_on(session.close());
            if !std::thread::panicking() {
                closed.expect("the browser closes");
            }
        }
    }
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| item.as_str().unwrap_or_default().to_owned())
        .collect()
}

fn capabilities(profile: &TempDir, scripts: Scripts) -> serde_json::Map<String, Value> {
    let (width, height) = PHONE;
    let preference = match scripts {
        Scripts::On => 1,
        Scripts::Off => 2,
    };
    let capabilities = json!({
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "args": [
                "--headless",
                // The tests run as root, too, in containers.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                // A test's browser has nobody to talk to but the test's server.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                format!("--user-data-dir={}", profile.path().display()),
            ],
            "mobileEmulation": {
                "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false },
            },
            "prefs": { "profile.managed_default_content_settings.javascript": preference },
        },
    });
    capabilities.as_object().cloned().unwrap_or_default()
}
