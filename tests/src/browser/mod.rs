//! A real browser without a window that anybody sees, the size of a phone: Chromium
//! unless a test asks for another one.
//!
//! This opens one and acts in it; `looks` tells what it shows, `visitor` makes it a
//! person at a form, `keyboard` one who has no mouse, and `reader` one who hears roles and
//! names. One session a browser, two
//! browsers at once: more would only make each other slow on a small machine.

mod axe;
mod driver;
mod engine;
mod eyes;
mod keyboard;
mod lighthouse;
mod looks;
mod memory;
mod pictures;
mod reader;
mod turns;
mod visitor;

use std::sync::Arc;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Client, Clinic, Preview, Proxy, Request, Stack, runtime, wait_for};
pub use axe::{Audit, Rules};
use driver::Driver;
pub use engine::Engine;
pub use eyes::{Colors, Eyes, SMALLEST};
pub use keyboard::Keyboard;
pub use lighthouse::Report;
pub use memory::Memory;
pub use reader::Reader;
use turns::Turn;

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// They may.
    On,
    /// The browser's own setting forbids it.
    Off,
}

/// The longest that a driver may take for anything. Reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a driver answers; nothing when it never does.
fn answer<T>(work: impl Future<Output = T>) -> Option<T> {
    // The timeout is made on the runtime, whose clock it takes.
    runtime().block_on(async { tokio::time::timeout(PATIENCE, work).await.ok() })
}

/// Waits for a driver to do `what`.
fn within_patience<T>(what: &str, work: impl Future<Output = T>) -> T {
    let done = answer(work);
    done.unwrap_or_else(|| panic!("waited {} s for {what}", PATIENCE.as_secs()))
}

/// A browser with a page in it. It closes when it is dropped.
pub struct Browser {
    engine: Engine,
    scripts: Scripts,
    session: Option<fantoccini::Client>,
    session_url: String,
    base: String,
    driver_client: Client,
    _driver: Arc<Driver>,
    _profile: TempDir,
    _turn: Turn,
}

impl Browser {
    /// Chromium, with a page of the stack's server in it.
    ///
    /// # Panics
    /// When it or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn open(stack: &Stack, path: &str, scripts: Scripts) -> Self {
        Self::of(Engine::Chromium, stack, path, scripts)
    }

    /// A browser of this kind that opens a page of the stack's server.
    ///
    /// # Panics
    /// When it or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn of(engine: Engine, stack: &Stack, path: &str, scripts: Scripts) -> Self {
        Self::at(engine, stack.base(), path, scripts)
    }

    /// A browser of this kind that reaches a page of the server by a way that can be cut.
    ///
    /// # Panics
    /// When it or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn by_way_of(engine: Engine, proxy: &Proxy, path: &str) -> Self {
        Self::at(
            engine,
            &format!("http://{}", proxy.address()),
            path,
            Scripts::On,
        )
    }

    /// A browser that opens a page of the editors' preview.
    ///
    /// # Panics
    /// When Chromium or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn preview(preview: &Preview, path: &str) -> Self {
        Self::at(Engine::Chromium, preview.base(), path, Scripts::On)
    }

    /// A browser that opens a page of a clinic's own site.
    ///
    /// # Panics
    /// When Chromium or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn visiting(clinic: &Clinic, path: &str, scripts: Scripts) -> Self {
        Self::at(Engine::Chromium, &clinic.origin(), path, scripts)
    }

    /// A browser of this kind that opens a page of a clinic's own site.
    ///
    /// # Panics
    /// When it or its driver is missing, with the command that installs them.
    #[track_caller]
    pub fn visiting_by(engine: Engine, clinic: &Clinic, path: &str) -> Self {
        Self::at(engine, &clinic.origin(), path, Scripts::On)
    }

    #[track_caller]
    fn at(engine: Engine, base: &str, path: &str, scripts: Scripts) -> Self {
        let turn = Turn::wait();
        let driver = Driver::of(engine);
        let profile = TempDir::with_prefix("frontdesk-browser-").expect("a folder for a profile");
        let capabilities = engine.capabilities(&profile, scripts);
        let session = within_patience(&format!("{engine} to start"), async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities);
            builder.connect(&driver.url).await
        });
        let session = session.unwrap_or_else(|error| panic!("{engine} should start: {error}"));
        let id = runtime().block_on(session.session_id());
        let id = id.expect("a session").expect("a session has an id");
        let browser = Self {
            engine,
            scripts,
            session: Some(session),
            session_url: format!("/session/{id}"),
            base: base.to_owned(),
            driver_client: Client::new(&driver.url),
            _driver: driver,
            _profile: profile,
            _turn: turn,
        };
        if engine == Engine::Firefox {
            browser.shrink();
        }
        browser.goto(path);
        browser
    }

    /// Makes the window as narrow as a phone, or as narrow as it gets.
    fn shrink(&self) {
        let (width, height) = engine::PHONE;
        self.run("make its window small", |session| {
            session.set_window_size(width, height)
        });
    }

    /// Whether its pages may run scripts.
    pub fn scripts(&self) -> Scripts {
        self.scripts
    }

    /// Its name and version.
    pub fn version(&self) -> String {
        let session = self.session.as_ref().expect("an open browser");
        let told = session
            .capabilities()
            .and_then(|it| it.get("browserVersion"));
        let version = told.and_then(Value::as_str).unwrap_or("of no version");
        format!("{} {version}", self.engine)
    }

    /// Does something in the browser, and waits for it.
    fn run<'a, T, F>(&'a self, what: &str, work: impl FnOnce(&'a fantoccini::Client) -> F) -> T
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let session = self.session.as_ref().expect("an open browser");
        within_patience(&format!("the browser to {what}"), work(session))
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

    /// Presses the browser's own button that leads back.
    #[track_caller]
    pub fn go_back(&self) {
        self.run("go back", fantoccini::Client::back);
        self.wait_until_idle();
    }

    /// Presses the browser's own button that leads forward again.
    #[track_caller]
    pub fn go_forward(&self) {
        self.run("go forward", fantoccini::Client::forward);
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

    /// Runs a script of the test's own, and returns what it returns.
    pub fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.run("run a script", |session| session.execute(script, arguments))
    }

    /// From now on nothing comes of fetching addresses that match (`*` stands
    /// for anything).
    pub fn block(&self, addresses: &[&str]) {
        self.devtools("Network.enable", &json!({}));
        self.devtools("Network.setBlockedURLs", &json!({ "urls": addresses }));
    }

    /// Takes the network away from the page, which knows that it is offline then, or gives it
    /// back.
    pub fn set_offline(&self, is_offline: bool) {
        self.devtools("Network.enable", &json!({}));
        self.devtools(
            "Network.emulateNetworkConditions",
            &json!({
                "offline": is_offline,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            }),
        );
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

    /// Forgets who was here: cookies, and what the site keeps in this tab.
    pub fn forget(&self) {
        self.run("forget cookies", fantoccini::Client::delete_all_cookies);
        self.script("sessionStorage.clear()", Vec::new());
    }

    /// Asks Chromium for what only it can do; its answer.
    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        let path = format!("{}/goog/cdp/execute", self.session_url);
        let body = json!({"cmd": command, "params": parameters});
        let reply = self
            .driver_client
            .send(Request::new("POST", &path).json(&body));
        reply.expect(200).json()["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprint!("{}", self.testimony());
        }
        if let Some(session) = self.session.take() {
            let closed = answer(session.close());
            if !std::thread::panicking() {
                closed
                    .expect("the driver answers")
                    .expect("the browser closes");
            }
        }
    }
}
