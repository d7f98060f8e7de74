//! A phone that is slow: Chromium with its processor and its line held back, and nothing
//! in its cache.
//!
//! It must not know what is measured.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browsers;
use crate::failure::{During, Failure, Result};

/// How many times slower its processor is than that of this machine.
pub(super) const SLOWER: u32 = 4;
/// The longest that the browser may take for anything. Reached only by a failure.
const PATIENCE: Duration = Duration::from_mins(1);

/// A line to the Internet.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Milliseconds from a request to the first byte of its answer.
    pub(super) latency: u32,
    /// Kilobits a second, in either direction.
    pub(super) kilobits: u32,
}

/// What starts browsers. They end with it.
pub(super) struct Driver {
    process: Child,
    agent: ureq::Agent,
    url: String,
}

impl Driver {
    /// Starts it, on a free port.
    pub(super) fn start() -> Result<Self> {
        browsers::chromium()?;
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .during("start chromedriver")?;
        let output = process.stdout.take();
        let mut lines = BufReader::new(output.ok_or_else(|| Failure::new("no output"))?).lines();
        let port = lines.by_ref().map_while(io::Result::ok).find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // It must not stop because nobody reads what it goes on to say.
        thread::spawn(move || lines.map_while(io::Result::ok).for_each(drop));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        let driver = Self {
            process,
            agent: agent.into(),
            url: format!("http://127.0.0.1:{}", port.unwrap_or_default()),
        };
        port.map(|_| driver)
            .ok_or_else(|| Failure::new("chromedriver did not say where it listens"))
    }

    /// Asks it, and returns what it answers.
    fn ask(&self, path: &str, body: &Value) -> Result<Value> {
        let sent = self.agent.post(format!("{}{path}", self.url));
        let mut response = sent.send_json(body).during("ask chromedriver")?;
        let answer = response.body_mut().read_json::<Value>();
        let mut answer = answer.during("read what chromedriver answers")?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            None => Ok(value),
            Some(_) => Err(Failure::new(format!(
                "the browser could not do what it was asked: {}",
                value["message"]
            ))),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser that nobody has used before.
pub(super) struct Phone<'a> {
    driver: &'a Driver,
    session: String,
}

impl<'a> Phone<'a> {
    /// Opens one.
    pub(super) fn open(driver: &'a Driver) -> Result<Self> {
        let options = json!({
            "args": [
                "--headless",
                // Benchmarks run as root, too, in containers.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
            "mobileEmulation": {
                "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 1.0, "touch": true },
            },
        });
        let wanted = json!({ "alwaysMatch": { "goog:chromeOptions": options } });
        let opened = driver.ask("/session", &json!({ "capabilities": wanted }))?;
        let id = opened["sessionId"].as_str();
        let id = id.ok_or_else(|| Failure::new("chromedriver opened no browser"))?;
        Ok(Self {
            driver,
            session: format!("/session/{id}"),
        })
    }

    fn ask(&self, what: &str, body: &Value) -> Result<Value> {
        self.driver.ask(&format!("{}/{what}", self.session), body)
    }

    /// Opens a page, and waits until it has loaded.
    pub(super) fn goto(&self, url: &str) -> Result<()> {
        self.ask("url", &json!({ "url": url })).map(drop)
    }

    /// Runs a script, and returns what it or its promise comes to.
    pub(super) fn script(&self, script: &str) -> Result<Value> {
        self.ask("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script on each page that is opened from now on, before those of the page.
    pub(super) fn on_pages(&self, script: &str) -> Result<()> {
        let script = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", &script)
    }

    /// Taps on an element, with a finger that stays so many milliseconds.
    pub(super) fn tap(&self, css: &str, milliseconds: u32) -> Result<()> {
        let wanted = json!({ "using": "css selector", "value": css });
        let element = self.ask("element", &wanted)?;
        let finger = json!({
            "type": "pointer",
            "id": "finger",
            "parameters": { "pointerType": "touch" },
            "actions": [
                { "type": "pointerMove", "origin": element, "x": 0, "y": 0, "duration": 0 },
                { "type": "pointerDown", "button": 0 },
                { "type": "pause", "duration": milliseconds },
                { "type": "pointerUp", "button": 0 },
            ],
        });
        self.ask("actions", &json!({ "actions": [finger] }))
            .map(drop)
    }

    /// From now on it has a slow processor, and this line.
    pub(super) fn slow_down(&self, line: Line) -> Result<()> {
        let bytes_a_second = line.kilobits * 1000 / 8;
        self.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": SLOWER }))?;
        self.devtools("Network.enable", &json!({}))?;
        self.devtools(
            "Network.emulateNetworkConditions",
            &json!({
                "offline": false,
                "latency": line.latency,
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            }),
        )
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Result<()> {
        let body = json!({ "cmd": command, "params": parameters });
        self.ask("goog/cdp/execute", &body).map(drop)
    }
}

impl Drop for Phone<'_> {
    fn drop(&mut self) {
        let url = format!("{}{}", self.driver.url, self.session);
        // Where that fails, it ends with its driver.
        let _ = self.driver.agent.delete(url).call();
    }
}
