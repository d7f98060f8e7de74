//! Flow steps a second: begin, name a username that nobody has, choose a channel.
//! Each is one transaction that has reached the disk before it is answered; the
//! last one also asks for a message.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::at_once;
use super::wire::Wire;
use crate::failure::{During as _, Failure, Result};

/// How often somebody begins a flow beside an import.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// What a crowd was answered.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) done: AtomicU32,
    pub(super) refused: AtomicU32,
    pub(super) unanswered: AtomicU32,
}

/// Somebody who takes one step after the other, in one flow after the other.
struct Walker {
    wire: Wire,
    token: String,
    number: usize,
    steps: u32,
}

impl Walker {
    fn new(address: SocketAddr, number: usize) -> Self {
        Self {
            wire: Wire::new(address),
            token: String::new(),
            number,
            steps: 0,
        }
    }

    /// Takes a step, the first of the three, the second or the third; its status.
    fn step(&mut self, step: u32) -> std::io::Result<u16> {
        self.steps += 1;
        let answers = match step {
            0 => return self.begin(),
            1 => format!(
                r#"{{"step":"identify","answers":{{"username":"nobody.{}.{}"}}}}"#,
                self.number, self.steps
            ),
            _ => r#"{"step":"method","answers":{"channel":"email"}}"#.to_owned(),
        };
        let path = "/api/v1/flow/answers";
        self.wire.ask("POST", path, &self.token, &answers)
    }

    fn begin(&mut self) -> std::io::Result<u16> {
        let kind = r#"{"kind":"password-reset","locale":"en"}"#;
        let status = self.wire.ask("POST", "/api/v1/flows", "", kind)?;
        self.token = self.wire.text("token").unwrap_or_default();
        Ok(status)
    }
}

/// Steps a second that `clients` get done at once; all must be answered well.
pub(super) fn rate(address: SocketAddr, clients: usize, time: Duration) -> Result<f64> {
    let begin = Instant::now();
    let steps = at_once(clients, |number| {
        let mut walker = Walker::new(address, number);
        while begin.elapsed() < time {
            for step in 0..3 {
                let status = walker.step(step).during("call the API")?;
                if !(200..300).contains(&status) {
                    let said = String::from_utf8_lossy(&walker.wire.body).into_owned();
                    return Err(Failure::new(format!("the API answered {status}: {said}")));
                }
            }
        }
        Ok(walker.steps)
    })?;
    Ok(f64::from(steps) / begin.elapsed().as_secs_f64())
}

/// How long each of one client's flows took to begin, a commit each, until it is over.
pub(super) fn begun(address: SocketAddr, is_over: &AtomicBool) -> Result<Vec<Duration>> {
    let mut walker = Walker::new(address, 0);
    let mut times = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let begin = Instant::now();
        match walker.begin().during("begin a flow")? {
            200..300 => times.push(begin.elapsed()),
            status => return Err(Failure::new(format!("a flow was answered {status}"))),
        }
        sleep(ASK_EVERY);
    }
    Ok(times)
}

/// Requests a second that as many clients get done where nothing is asked of the
/// database.
pub(super) fn requests(address: SocketAddr, clients: usize, time: Duration) -> Result<f64> {
    let begin = Instant::now();
    let requests = at_once(clients, |_| {
        let mut wire = Wire::new(address);
        let mut requests = 0;
        while begin.elapsed() < time {
            match wire.ask("GET", "/healthz", "", "").during("call the API")? {
                200 => requests += 1,
                status => return Err(Failure::new(format!("/healthz answered {status}"))),
            }
        }
        Ok(requests)
    })?;
    Ok(f64::from(requests) / begin.elapsed().as_secs_f64())
}

/// The same from a crowd that is far too large: whoever is told to come again
/// does so after `pause`, which is sooner than they were told.
pub(super) fn crowd(
    address: SocketAddr,
    clients: usize,
    time: Duration,
    pause: Duration,
) -> Result<Answers> {
    let answers = Answers::default();
    let begin = Instant::now();
    at_once(clients, |number| {
        let mut walker = Walker::new(address, number);
        let mut step = 0;
        while begin.elapsed() < time {
            let count = match walker.step(step) {
                Ok(200..300) => {
                    step = (step + 1) % 3;
                    &answers.done
                }
                Ok(503) => {
                    sleep(pause);
                    &answers.refused
                }
                Ok(status) => {
                    return Err(Failure::new(format!(
                        "the API answered a crowd with {status}"
                    )));
                }
                Err(_) => {
                    step = 0;
                    &answers.unanswered
                }
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(walker.steps)
    })?;
    Ok(answers)
}
