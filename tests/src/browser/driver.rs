//! The programs that drive browsers, and the screen that one of them needs.
//!
//! One chromedriver serves all of this process: started for the first browser, gone with
//! the last one. The other drivers serve one browser each.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use super::Engine;
use super::engine::PHONE;
use crate::preview::built;
use crate::wait_for;

const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";
pub(super) const FIREFOX: &str = "/usr/bin/firefox-esr";
const WEBKIT_DRIVER: &str = "/usr/bin/WebKitWebDriver";
/// Ports that it is tried at.
const PORTS: usize = 5;
const XVFB: &str = "/usr/bin/Xvfb";
const WINDOW_MANAGER: &str = "/usr/bin/matchbox-window-manager";

/// Ends a program, and all that it started, when its input ends: also when this process
/// is killed and can tidy nothing up. They are all in the shell's own process group.
const GUARDED: &str = "\"$@\" & exec >&- 2>&-; read _; trap '' TERM; kill 0; wait";

/// A program that runs until this is dropped.
struct Program(Child);

impl Program {
    /// Starts `command`, and hands on what it prints.
    fn start(command: &[&str], env: &[(&str, &str)]) -> (Self, BufReader<ChildStdout>) {
        must_be_there(command[0]);
        let mut shell = Command::new("sh")
            .args(["-c", GUARDED, "sh"])
            .args(command)
            .envs(env.iter().copied())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let output = shell.stdout.take().expect("its output is piped");
        (Self(shell), BufReader::new(output))
    }

    /// Starts `command`, and waits for the line in which `find` finds something.
    fn telling<T>(command: &[&str], find: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let (program, mut output) = Self::start(command, &[]);
        let mut lines = output.by_ref().lines().map_while(Result::ok);
        let found = lines.find_map(|line| find(&line));
        let found = found.unwrap_or_else(|| panic!("{command:?} should say where it listens"));
        drain(output);
        (program, found)
    }

    /// Starts `command`, of which nobody wants to hear.
    fn silent(command: &[&str], env: &[(&str, &str)]) -> Self {
        let (program, output) = Self::start(command, env);
        drain(output);
        program
    }
}

/// Reads what a program goes on to say: it must not end, or stop, because nobody does.
/// It has nothing more to say once it has ended.
fn drain(mut output: BufReader<ChildStdout>) -> JoinHandle<io::Result<u64>> {
    std::thread::spawn(move || io::copy(&mut output, &mut io::sink()))
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Nobody is left to tell, whatever it says.
        let _ = self.0.wait();
    }
}

/// A screen that nobody sees, for a browser that cannot do without one: its only window
/// fills it, and has the focus.
struct Screen {
    _window_manager: Program,
    _server: Program,
    /// `:NUMBER`, as programs find it.
    name: String,
}

impl Screen {
    fn start() -> Self {
        let (width, height) = PHONE;
        let size = format!("{width}x{height}x24");
        let server = [XVFB, "-displayfd", "1", "-screen", "0", &size];
        let server = [&server[..], &["-nolisten", "tcp"]].concat();
        let (server, name) = Program::telling(&server, |line| {
            let number: u32 = line.trim().parse().ok()?;
            Some(format!(":{number}"))
        });
        let manager = [WINDOW_MANAGER, "-use_titlebar", "no"];
        let window_manager = Program::silent(&manager, &[("DISPLAY", &name)]);
        Self {
            _window_manager: window_manager,
            _server: server,
            name,
        }
    }
}

/// A driver that is running.
pub(super) struct Driver {
    _program: Program,
    _screen: Option<Screen>,
    /// Where it listens.
    pub(super) url: String,
}

impl Driver {
    /// A driver for a browser.
    pub(super) fn of(engine: Engine) -> Arc<Self> {
        match engine {
            Engine::Chromium => Self::of_all(),
            Engine::Firefox => Arc::new(Self::firefox()),
            Engine::WebKit => Arc::new(Self::webkit()),
        }
    }

    /// The chromedriver that is running, or a new one.
    fn of_all() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return driver;
        }
        let driver = Arc::new(Self::chromium());
        *running = Arc::downgrade(&driver);
        driver
    }

    fn chromium() -> Self {
        must_be_there(CHROMIUM);
        let (program, port) = Program::telling(&[CHROMEDRIVER, "--port=0"], |line| {
            port(line, "started successfully on port ")
        });
        Self::at(program, None, port)
    }

    fn firefox() -> Self {
        must_be_there(FIREFOX);
        let driver = built("FRONTDESK_GECKODRIVER");
        let driver = driver.to_str().expect("a path in UTF-8");
        let ports = ["--port", "0", "--websocket-port", "0"];
        let command = [&[driver], &ports[..]].concat();
        let (program, port) =
            Program::telling(&command, |line| port(line, "Listening on 127.0.0.1:"));
        Self::at(program, None, port)
    }

    fn webkit() -> Self {
        // Two that start at once could be given one port, and then be told that it is ready by
        // the other.
        static STARTING: Mutex<()> = Mutex::new(());
        let _one_by_one = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let screen = Screen::start();
        // It chooses no port by itself, and one that is free may be gone until it listens.
        let started = (0..PORTS).find_map(|_| {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
            let port = free.expect("a free port").port();
            Some((webkit_at(port, &screen.name)?, port))
        });
        let (program, port) =
            started.unwrap_or_else(|| panic!("{WEBKIT_DRIVER} listens at none of {PORTS} ports"));
        Self::at(program, Some(screen), port)
    }

    fn at(program: Program, screen: Option<Screen>, port: u16) -> Self {
        Self {
            _program: program,
            _screen: screen,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

/// The driver of `WebKit` at this port, once it is ready; nothing where it cannot listen.
fn webkit_at(port: u16, display: &str) -> Option<Program> {
    let env = [
        ("DISPLAY", display),
        // The tests run as root, too, in containers, where there is no sandbox.
        ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ];
    let command = [WEBKIT_DRIVER, &format!("--port={port}")];
    let (program, output) = Program::start(&command, &env);
    let output = drain(output);
    let is_ready = wait_for("WebKitWebDriver to be ready, or to end", || {
        let is_ready = is_ready(port);
        // Where it has ended, whatever is ready is another program.
        (is_ready || output.is_finished()).then(|| is_ready && !output.is_finished())
    });
    is_ready.then_some(program)
}

/// Whether a driver is ready for a session (W3C WebDriver, 8.3). It does not say so by itself.
fn is_ready(port: u16) -> bool {
    let request = ureq::get(format!("http://127.0.0.1:{port}/status"));
    let within = Some(Duration::from_secs(2));
    let told = request.config().timeout_global(within).build().call();
    let told = told.and_then(|mut told| told.body_mut().read_to_string());
    let told: Option<Value> = told.ok().and_then(|told| serde_json::from_str(&told).ok());
    told.is_some_and(|told| told["value"]["ready"] == true)
}

fn must_be_there(program: &str) {
    assert!(
        Path::new(program).exists(),
        "this test drives a real browser, and {program} is not there: \
         run `cargo xtask test`, which installs it or says how"
    );
}

/// The port in such a line as `ChromeDriver was started successfully on port 12345.`
fn port(line: &str, before: &str) -> Option<u16> {
    let rest = line.split_once(before)?.1;
    rest.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_that_finds_its_port_taken_is_told_from_one_that_is_ready() {
        let screen = Screen::start();
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(webkit_at(port, &screen.name).is_none());
        drop(taken);
        let _ready = webkit_at(port, &screen.name).expect("its port is free");
        assert!(is_ready(port));
    }
}
