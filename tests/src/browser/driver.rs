//! The programs that drive browsers.
//!
//! One chromedriver serves all of this process: started for the first browser, gone with
//! the last one. A geckodriver serves one browser only.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Engine;
use crate::preview::built;

const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";
pub(super) const FIREFOX: &str = "/usr/bin/firefox-esr";

/// Ends a program, and all that it started, when its input ends: also when this process
/// is killed and can tidy nothing up. They are all in the shell's own process group.
const GUARDED: &str = "\"$@\" & exec >&- 2>&-; read _; trap '' TERM; kill 0; wait";

/// A program that runs until this is dropped.
struct Program(Child);

impl Program {
    /// Starts `command`, and waits for the line in which `find` finds something.
    fn start<T>(command: &[&str], find: impl Fn(&str) -> Option<T>) -> (Self, T) {
        must_be_there(command[0]);
        let mut shell = Command::new("sh")
            .args(["-c", GUARDED, "sh"])
            .args(command)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let output = shell.stdout.take().expect("its output is piped");
        let mut output = BufReader::new(output);
        let mut lines = output.by_ref().lines().map_while(Result::ok);
        let found = lines.find_map(|line| find(&line));
        let found = found.unwrap_or_else(|| panic!("{command:?} should say where it listens"));
        // It must not end, or stop, because nobody reads what it goes on to say.
        std::thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        (Self(shell), found)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Nobody is left to tell, whatever it says.
        let _ = self.0.wait();
    }
}

/// A driver that is running.
pub(super) struct Driver {
    _program: Program,
    /// Where it listens.
    pub(super) url: String,
}

impl Driver {
    /// A driver for a browser.
    pub(super) fn of(engine: Engine) -> Arc<Self> {
        match engine {
            Engine::Chromium => Self::of_all(),
            Engine::Firefox => Arc::new(Self::firefox()),
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
        let (program, port) = Program::start(&[CHROMEDRIVER, "--port=0"], |line| {
            port(line, "started successfully on port ")
        });
        Self::at(program, port)
    }

    fn firefox() -> Self {
        must_be_there(FIREFOX);
        let driver = built("FRONTDESK_GECKODRIVER");
        let driver = driver.to_str().expect("a path in UTF-8");
        let ports = ["--port", "0", "--websocket-port", "0"];
        let command = [&[driver], &ports[..]].concat();
        let (program, port) =
            Program::start(&command, |line| port(line, "Listening on 127.0.0.1:"));
        Self::at(program, port)
    }

    fn at(program: Program, port: u16) -> Self {
        Self {
            _program: program,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
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
