//! The one `chromedriver` of this process: started for the first browser, gone
//! with the last one.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

const CHROMEDRIVER: &str = "/usr/bin/chromedriver";
const CHROMIUM: &str = "/usr/bin/chromium";

/// Ends chromedriver, and the browsers that it started, when its input ends:
/// also when this process is killed and can tidy nothing up. They are all in the
/// shell's own process group.
const GUARDED: &str = "\"$0\" --port=0 & exec >&-; read _; trap '' TERM; kill 0; wait";

/// A running chromedriver.
pub(super) struct Driver {
    shell: Child,
    /// Where it listens.
    pub(super) url: String,
}

impl Driver {
    /// The driver that is running, or a new one.
    pub(super) fn get() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = running.upgrade() {
            return driver;
        }
        let driver = Arc::new(Self::start());
        *running = Arc::downgrade(&driver);
        driver
    }

    fn start() -> Self {
        for program in [CHROMEDRIVER, CHROMIUM] {
            assert!(
                std::path::Path::new(program).exists(),
                "this test drives a real browser, and {program} is not there: \
                 run `apt-get install chromium chromium-driver`, or `cargo xtask test`, which does"
            );
        }
        let mut shell = Command::new("sh")
            .args(["-c", GUARDED, CHROMEDRIVER])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts chromedriver");
        let output = shell.stdout.take().expect("its output is piped");
        let port = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| port(&line))
            .expect("chromedriver should say on which port it was started");
        Self {
            shell,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

/// The port in `ChromeDriver was started successfully on port 12345.`
fn port(line: &str) -> Option<u16> {
    let rest = line.split_once("started successfully on port ")?.1;
    rest.trim_end_matches('.').parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // Nobody is left to tell, whatever it says.
        let _ = self.shell.wait();
    }
}
