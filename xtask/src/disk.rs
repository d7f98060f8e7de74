//! A disk that takes its time: programs run as on one that needs a while to make sure
//! of what was written, which is what a commit costs. This machine's own may be far
//! quicker than a hospital's, or only say that it is done.
//!
//! It must not know what the programs write.

use std::ffi::OsStr;
use std::process::Command;
use std::time::Duration;

use crate::failure::Result;
use crate::tools;

/// What making sure takes longer on a slow disk: as on one that turns, or a busy one
/// in a cloud.
const SLOWNESS: Duration = Duration::from_millis(5);

/// What programs write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    /// The one that is there.
    AsItIs,
    /// One that takes 5 ms longer until it is sure of what was written.
    Slow,
}

impl Disk {
    /// Sees to what holds programs up.
    pub(crate) fn prepare(self) -> Result<()> {
        match self {
            Self::AsItIs => Ok(()),
            Self::Slow => tools::debian("strace", &["strace"], &["strace"]),
        }
    }

    /// Runs `program` on this disk, and all that it starts. Its process id is the
    /// program's own, and only what waits for the disk is held up.
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::AsItIs => Command::new(program),
            Self::Slow => held_up(program, SLOWNESS),
        }
    }
}

/// Runs a program so that making sure of what was written takes it `longer`.
fn held_up(program: impl AsRef<OsStr>, longer: Duration) -> Command {
    let delay = longer.as_micros();
    let mut strace = Command::new("strace");
    strace
        .args(["--daemonize", "--follow-forks", "--seccomp-bpf"])
        .args(["--quiet=all", "--output=/dev/null"])
        .arg("--trace=fsync,fdatasync")
        .arg(format!("--inject=fsync,fdatasync:delay_exit={delay}"))
        .arg("--")
        .arg(program);
    strace
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn only_whoever_waits_for_the_disk_is_held_up() {
        // Longer than a program takes to start.
        const LONGER: Duration = Duration::from_secs(3);
        Disk::Slow.prepare().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = format!("of={}/file", folder.path().display());
        let time = |conversion: &str| {
            let begin = Instant::now();
            let mut dd = held_up("dd", LONGER);
            let dd = dd.args(["if=/dev/zero", &file, "count=1", conversion]);
            assert!(dd.output().unwrap().status.success());
            begin.elapsed()
        };
        assert!(time("conv=fsync") >= LONGER);
        assert!(time("conv=notrunc") < LONGER);
    }
}
