//! Ten times as many clients as the server can serve: is everybody answered, is
//! the process still seen to live, and does its memory hold?

use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::steps::{self, Answers};
use super::wire::Wire;
use crate::failure::{Failure, Result};

/// How often it is asked whether the process lives.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// When a client that was told to come again does so.
const PAUSE: Duration = Duration::from_millis(100);

/// What was seen.
pub(super) struct Seen {
    pub(super) answers: Answers,
    /// How long the slowest of a hundred questions about its life took.
    pub(super) health: Duration,
    /// The most memory that the server ever held, in MB.
    pub(super) memory: f64,
}

/// Lets `clients` loose on the server for `time`.
pub(super) fn run(
    address: SocketAddr,
    server: u32,
    clients: usize,
    time: Duration,
) -> Result<Seen> {
    let is_over = AtomicBool::new(false);
    let (answers, health) = thread::scope(|scope| {
        let health = scope.spawn(|| health(address, &is_over));
        let answers = steps::crowd(address, clients, time, PAUSE);
        is_over.store(true, Ordering::Relaxed);
        let health = health.join();
        (answers, health)
    });
    let health = health.map_err(|_| Failure::new("the health check panicked"))?;
    Ok(Seen {
        answers: answers?,
        health: percentile(health, 99),
        memory: memory(server)?,
    })
}

/// Asks on a new connection each time, as load balancers do. Who is not answered
/// has waited for ever.
fn health(address: SocketAddr, is_over: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let begin = Instant::now();
        let answered = Wire::new(address).ask("GET", "/healthz", "", "");
        times.push(match answered {
            Ok(200) => begin.elapsed(),
            _ => Duration::MAX,
        });
        thread::sleep(ASK_EVERY);
    }
    times
}

/// The time that `percent` of all do not exceed.
pub(super) fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or(Duration::MAX)
}

/// The peak of what the process held in memory, in MB.
pub(super) fn memory(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    let kilobytes = kilobytes.ok_or_else(|| {
        Failure::new("the memory of the server cannot be read from /proc: measure on Linux")
    })?;
    Ok(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times = |count: u64| (1..=count).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(times(100), 99), Duration::from_millis(99));
        assert_eq!(percentile(times(10), 99), Duration::from_millis(10));
        assert_eq!(percentile(times(100), 50), Duration::from_millis(50));
        assert_eq!(percentile(Vec::new(), 99), Duration::MAX);
    }
}
