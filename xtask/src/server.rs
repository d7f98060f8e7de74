//! The API's binary with a throw-away configuration: its commands, and itself as a server.
//!
//! Dropping a [`Server`] ends its process; dropping what holds the folder
//! removes every trace. It must not know any flow.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use serde_json::Value;
use tempfile::TempDir;

use crate::build;
use crate::disk::Disk;
use crate::failure::{During, Failure, Result};

/// The longest that the server may take until it is ready.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How often to look whether something has come about.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The commands of the API on a data base of their own.
pub(crate) struct Desk {
    binary: PathBuf,
    folder: TempDir,
    base_url: String,
    disk: Disk,
}

/// An invitation as the staff desk prints it.
pub(crate) struct Invitation {
    pub(crate) code: String,
    pub(crate) link: String,
}

impl Desk {
    /// Lays out a fresh folder with a configuration for `port`, in which pages of
    /// `embed_origins` may show the flows.
    pub(crate) fn open(
        binary: PathBuf,
        port: u16,
        site: &Path,
        embed_origins: &[String],
    ) -> Result<Self> {
        // Whoever tries things out gets more codes at once than a patient does. A list of
        // origins is written alike in Rust and in TOML.
        let lines = format!(
            "limits.messages_per_number_five_minutes = 20\n\
             http.embed_origins = {embed_origins:?}\n"
        );
        Self::configured(binary, port, Some(site), &lines)
    }

    /// The same, with or without a site, and with `lines` of configuration; a
    /// `database.url` among them wins over that of a demo.
    pub(crate) fn configured(
        binary: PathBuf,
        port: u16,
        site: Option<&Path>,
        lines: &str,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("frontdesk-")
            .tempdir()
            .during("make a folder for the API")?;
        let base_url = format!("http://127.0.0.1:{port}");
        let config = config(folder.path(), &base_url, site, lines)?;
        let file = folder.path().join("config.toml");
        fs::write(&file, config).during(format_args!("write {}", file.display()))?;
        Ok(Self {
            binary,
            folder,
            base_url,
            disk: Disk::AsItIs,
        })
    }

    /// The same, its commands and its server on another disk.
    pub(crate) fn on(self, disk: Disk) -> Self {
        Self { disk, ..self }
    }

    /// A command of the API.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.disk.command(&self.binary);
        command
            .current_dir(build::root())
            .args(arguments)
            .arg("--config")
            .arg(self.configuration())
            .stdin(Stdio::null());
        command
    }

    /// Runs one command to its end and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output();
        let output = output.during("start the API's binary")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Failure::new(format!(
            "`verify-api {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        )))
    }

    /// Invites a patient.
    pub(crate) fn invite(&self, patient: &str, staff: &str) -> Result<Invitation> {
        let printed = self.run(&["invite", patient, "--by", staff])?;
        let json: Value = serde_json::from_str(printed.trim()).unwrap_or_default();
        match (json["invitation"].as_str(), json["link"].as_str()) {
            (Some(code), Some(link)) => Ok(Invitation {
                code: code.to_owned(),
                link: link.to_owned(),
            }),
            _ => Err(Failure::new(format!(
                "`verify-api invite` printed no invitation, but: {printed}"
            ))),
        }
    }

    /// The file with its configuration.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// The folder in which messages arrive.
    pub(crate) fn messages(&self) -> PathBuf {
        self.folder.path().join("messages")
    }
}

/// The configuration of a demo: everything in its own folder, and a new key.
fn config(folder: &Path, base_url: &str, site: Option<&Path>, lines: &str) -> Result<String> {
    let key = HEXLOWER.encode(&key()?);
    let listen = base_url.trim_start_matches("http://");
    let portal = portal_url(&build::root().join("zola.toml"))?;
    let folder = folder.display();
    let site = site.map_or_else(String::new, |site| {
        format!("http.site = \"{}\"\n", site.display())
    });
    let database = if lines.contains("database.url") {
        String::new()
    } else {
        format!("database.url = \"sqlite://{folder}/frontdesk.db\"\n")
    };
    Ok(format!(
        "mode = \"demo\"\n{database}{lines}\n\
         http.listen = \"{listen}\"\nhttp.base_url = \"{base_url}\"\n\
         http.portal_url = \"{portal}\"\n{site}\n\
         [secrets]\nkey = \"{key}\"\n\n\
         [delivery]\ntransport = \"directory\"\ndirectory = \"{folder}/messages\"\n\
         from = \"Wellsprings <help@example.org>\"\n\n\
         [demo]\ninbox = true\n"
    ))
}

/// Where patients sign in: a fact of the clinic, which stands with the others.
fn portal_url(facts: &Path) -> Result<String> {
    let text = fs::read_to_string(facts).during(format_args!("read {}", facts.display()))?;
    let lines = text.lines();
    let found = lines.filter_map(|line| line.strip_prefix("portal_url = \"")?.strip_suffix('"'));
    found.map(str::to_owned).next().ok_or_else(|| {
        Failure::new(format!(
            "{} has no line `portal_url = \"https://…\"`",
            facts.display()
        ))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the ban keeps the product's entropy in one place; this is a developer's tool"
)]
fn key() -> Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).during("get random bytes")?;
    Ok(key)
}

/// The running API.
pub(crate) struct Server {
    process: Child,
    desk: Desk,
}

impl Server {
    /// Starts the API and waits until it says that it is ready.
    pub(crate) fn start(desk: Desk) -> Result<Self> {
        let log = File::create(log_path(&desk)).during("make the API's log")?;
        let errors = log.try_clone().during("share the API's log")?;
        let process = desk
            .command(&["serve"])
            // Ctrl-C is for us, who then end the server: so it is never seen
            // to end by itself.
            .process_group(0)
            .stdout(log)
            .stderr(errors)
            .spawn()
            .during("start the API")?;
        let mut server = Self { process, desk };
        let url = format!("{}/readyz", server.base_url());
        server.wait_until("the API was not ready", || {
            ureq::get(&url).call().ok().map(drop)
        })?;
        Ok(server)
    }

    /// Where it is served, without a slash at the end.
    pub(crate) fn base_url(&self) -> &str {
        &self.desk.base_url
    }

    /// The commands that use the same database.
    pub(crate) const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The id of its process.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The folder in which messages arrive.
    pub(crate) fn messages(&self) -> PathBuf {
        self.desk.messages()
    }

    /// Looks again and again until `look` finds something, or the time is over.
    pub(crate) fn wait_until<T>(
        &mut self,
        failure: &str,
        look: impl Fn() -> Option<T>,
    ) -> Result<T> {
        let begin = Instant::now();
        while begin.elapsed() < READY_WITHIN {
            if let Some(found) = look() {
                return Ok(found);
            }
            self.must_run()?;
            sleep(LOOK_EVERY);
        }
        let seconds = READY_WITHIN.as_secs();
        Err(self.failure(&format!("{failure} within {seconds} s")))
    }

    /// Fails once the process has ended by itself.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        match self.process.try_wait().during("look after the API")? {
            None => Ok(()),
            Some(status) => Err(self.failure(&format!("the API has ended by itself ({status})"))),
        }
    }

    /// A failure that comes with the server's own last words.
    fn failure(&self, what: &str) -> Failure {
        let log = fs::read_to_string(log_path(&self.desk)).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(5)..].join("\n  ");
        Failure::new(format!("{what}; its last words:\n  {last}"))
    }
}

fn log_path(desk: &Desk) -> PathBuf {
    desk.folder.path().join("server.log")
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_demo_has_its_own_key_and_folder() {
        let config = |folder: &str| {
            let folder = Path::new(folder);
            config(
                folder,
                "http://127.0.0.1:8080",
                Some(Path::new("/site")),
                "",
            )
            .unwrap()
        };
        let (one, two) = (config("/tmp/a"), config("/tmp/a"));
        assert!(one.contains("listen = \"127.0.0.1:8080\""), "{one}");
        assert!(
            one.contains("url = \"sqlite:///tmp/a/frontdesk.db\""),
            "{one}"
        );
        assert!(one.contains("portal_url = \"https://"), "{one}");
        assert_ne!(one, two, "the key is the same");
    }

    #[test]
    fn a_demo_lists_the_sites_that_may_show_its_flows() {
        let listed = |origins: &[&str]| {
            let origins: Vec<_> = origins.iter().map(|it| (*it).to_owned()).collect();
            let (binary, site) = (PathBuf::from("verify-api"), Path::new("/site"));
            let desk = Desk::open(binary, 8080, site, &origins).unwrap();
            fs::read_to_string(desk.configuration()).unwrap()
        };
        let none = listed(&[]);
        assert!(none.contains("\nhttp.embed_origins = []\n"), "{none}");
        let two = listed(&["http://127.0.0.1:9000", "https://www.example.org"]);
        let line = r#"http.embed_origins = ["http://127.0.0.1:9000", "https://www.example.org"]"#;
        assert!(two.lines().any(|it| it == line), "{two}");
    }
}
