//! A PostgreSQL server for one run of tests or benchmarks: in a folder of its own, on a
//! port of its own, gone with the run. It must not know what is done with it.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::disk::Disk;
use crate::failure::{During, Failure, Result};
use crate::tools;

/// Where Debian puts the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; Debian's package brings this user.
const USER: &str = "postgres";

/// A running server. Dropping it stops it and removes its folder.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    owner: Option<Owner>,
    port: u16,
    fsync: Fsync,
}

/// Whether what was committed outlives a crash of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fsync {
    /// It does, as in earnest.
    On(Disk),
    /// It need not: faster, for tests.
    Off,
}

/// Whom the server runs as, where that is not whoever runs the tests.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Installs PostgreSQL where it is missing, and starts a server.
    pub(crate) fn start(fsync: Fsync) -> Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new()
            .prefix("frontdesk-postgres-")
            .tempdir()
            .during("make a folder for PostgreSQL")?;
        let owner = if tools::is_root() {
            Some(Owner::named(USER)?)
        } else {
            None
        };
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.user), Some(owner.group))
                .during("hand PostgreSQL its folder")?;
        }
        let server = Self {
            programs,
            folder,
            owner,
            port: free_port()?,
            fsync,
        };
        server.initialize()?;
        server.launch()?;
        Ok(server)
    }

    /// Where tests reach it: `postgres://USER@ADDRESS`, without a database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://frontdesk@127.0.0.1:{}", self.port)
    }

    /// Makes an empty database.
    pub(crate) fn create(&self, name: &str) -> Result<()> {
        let mut createdb = self.program("createdb");
        createdb
            .args(["--host=127.0.0.1", "--username=frontdesk"])
            .arg(format!("--port={}", self.port))
            .arg(name);
        tools::must(&mut createdb, "make a database")
    }

    fn initialize(&self) -> Result<()> {
        let mut initdb = self.program("initdb");
        initdb
            .arg("--pgdata")
            .arg(self.data())
            .args(["--username=frontdesk", "--auth=trust"])
            .args(["--encoding=UTF8", "--no-locale", "--no-sync"]);
        tools::must(&mut initdb, "make a PostgreSQL database for the tests")
    }

    fn launch(&self) -> Result<()> {
        let (fsync, disk) = match self.fsync {
            Fsync::On(disk) => ("on", disk),
            Fsync::Off => ("off", Disk::AsItIs),
        };
        disk.prepare()?;
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
             -c fsync={fsync} -c max_connections=400",
            self.port
        );
        let mut start = self.control(disk, "start");
        start.arg("--log").arg(self.log()).args(["-o", &options]);
        tools::must(&mut start, "start PostgreSQL for the tests").map_err(|failure| {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            Failure::new(format!("{failure}\n{}", log.trim_end()))
        })
    }

    fn control(&self, disk: Disk, action: &str) -> Command {
        let mut control = self.program_on(disk, "pg_ctl");
        control
            .args([action, "--wait", "--silent", "--pgdata"])
            .arg(self.data());
        control
    }

    fn program(&self, name: &str) -> Command {
        self.program_on(Disk::AsItIs, name)
    }

    fn program_on(&self, disk: Disk, name: &str) -> Command {
        let mut command = disk.command(self.programs.join(name));
        command.current_dir(self.folder.path());
        if let Some(owner) = self.owner {
            command.uid(owner.user).gid(owner.group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.control(Disk::AsItIs, "stop");
        stop.arg("--mode=immediate");
        if let Err(failure) = tools::must(&mut stop, "stop PostgreSQL") {
            eprintln!("{failure}");
        }
    }
}

impl Owner {
    fn named(user: &str) -> Result<Self> {
        let number = |option: &str| {
            let output = Command::new("id")
                .args([option, user])
                .stderr(Stdio::null())
                .output()
                .during(format_args!("look up the user {user}"))?;
            let number = String::from_utf8_lossy(&output.stdout).trim().parse();
            number.map_err(|_| {
                Failure::new(format!(
                    "there is no user `{user}`, whom PostgreSQL needs because it does not run as root: \
                     add one, or run the tests as somebody else"
                ))
            })
        };
        Ok(Self {
            user: number("-u")?,
            group: number("-g")?,
        })
    }
}

/// The folder of PostgreSQL's programs, the newest version there is.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    tools::installed("PostgreSQL", &["postgresql"])?;
    find().ok_or_else(|| {
        Failure::new("PostgreSQL was installed, but its program `initdb` cannot be found")
    })
}

fn find() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<_> = versions
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|(_, programs)| programs);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<_> = std::env::split_paths(&path).collect();
    let has = |folder: &PathBuf, program: &OsStr| folder.join(program).is_file();
    debian
        .chain(path)
        .find(|folder| has(folder, "initdb".as_ref()) && has(folder, "pg_ctl".as_ref()))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).during("find a free port")?;
    Ok(listener.local_addr().during("find a free port")?.port())
}
