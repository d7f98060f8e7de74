//! Programs as whole processes: how long they take, and how much memory they hold.
//! It must not know what they do.

use std::fs;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;

/// How often a process is asked how much memory it holds. Its peak only grows, so the
/// last answer misses no more than what came after it.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) time: Duration,
    /// The most memory that it held, in MB.
    pub(super) memory: f64,
}

/// Where sites are laid out.
pub(super) struct Place(PathBuf);

impl Place {
    /// A file system in memory, where Linux has one, so that no disk is measured.
    pub(super) fn memory() -> Result<Self> {
        let shared = Path::new("/dev/shm");
        if shared.is_dir() {
            return Ok(Self(shared.to_owned()));
        }
        Err(Failure::new(
            "there is no /dev/shm to measure in: measure on Linux",
        ))
    }

    /// The disk that the project is on.
    pub(super) fn disk() -> Result<Self> {
        let folder = build::output().join("bench");
        fs::create_dir_all(&folder).during("make a folder for the benchmark")?;
        Ok(Self(folder))
    }

    /// A folder of its own there, gone when it is dropped.
    pub(super) fn folder(&self) -> Result<TempDir> {
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("frontdesk-bench-").tempdir_in(&self.0);
        folder.during("make a folder for the benchmark")
    }
}

/// The middle of several runs. With an `output`, each begins without it: the last one is
/// put aside and not removed, since ext4 takes the number of a file that has just gone only
/// after minutes, and seeks long for another one.
pub(super) fn cost(
    what: &str,
    runs: usize,
    output: Option<&Path>,
    command: impl Fn() -> Command,
) -> Result<Cost> {
    step(what, || {
        let mut costs = Vec::new();
        for run in 0..runs {
            if let Some(output) = output.filter(|output| output.exists()) {
                let aside = output.with_extension(run.to_string());
                fs::rename(output, aside).during("put the last run's output aside")?;
            }
            costs.push(once(&mut command())?);
        }
        costs.sort_by_key(|cost| cost.time);
        Ok(costs[runs / 2])
    })
}

fn once(command: &mut Command) -> Result<Cost> {
    let mut errors = tempfile::tempfile().during("make a file for a program's words")?;
    let kept = errors.try_clone().during("share a program's words")?;
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let begin = Instant::now();
    let mut process = command.stderr(kept).spawn().during("start a program")?;
    let mut memory = 0.0;
    let status = loop {
        memory = peak(process.id()).unwrap_or(memory);
        if let Some(status) = process.try_wait().during("look after a program")? {
            break status;
        }
        sleep(LOOK_EVERY);
    };
    let time = begin.elapsed();
    if status.success() {
        return Ok(Cost { time, memory });
    }
    let words = words(&mut errors);
    Err(Failure::new(format!(
        "a program of the benchmark failed: {words}"
    )))
}

fn words(errors: &mut fs::File) -> String {
    let mut words = String::new();
    // What it said only helps; without it the failure is told all the same.
    let _ = errors
        .rewind()
        .and_then(|()| errors.read_to_string(&mut words));
    words.trim().chars().take(2000).collect()
}

/// The peak of what a process holds, in MB; nothing when it is gone.
fn peak(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_run_has_a_time_and_a_peak() {
        let cost = once(&mut shell("sleep 0.02")).unwrap();
        assert!(
            cost.time >= Duration::from_millis(20) && cost.memory > 0.1,
            "{cost:?}"
        );
    }

    #[test]
    fn a_program_that_fails_tells_why() {
        let failure = once(&mut shell("echo no luck >&2; exit 3")).unwrap_err();
        assert!(failure.to_string().ends_with("no luck"), "{failure}");
    }
}
