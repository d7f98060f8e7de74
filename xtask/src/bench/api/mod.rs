//! What the API carries, as ratios of figures from one run: flow steps beside the
//! same with a commit for each, on this disk and on a slow one, sign-ups and sign-ins beside the
//! hashing that they cannot do without, ten times too large a crowd, how soon a text leaves, and
//! how fast patients are imported and found.
//!
//! Clients, server and database share the machine, so the figures are a floor.

mod imports;
mod letters;
mod overload;
mod patients;
mod searches;
mod signups;
mod steps;
mod texts;
mod wire;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use self::letters::Letters;
use self::signups::{Memory, Rate, SIGN_UPS};
use super::table::Table;
use crate::build;
use crate::disk::Disk;
use crate::failure::{During, Failure, Result};
use crate::postgres::{Fsync, Postgres};
use crate::progress::step;
use crate::server::{Desk, Server};

/// Clients that take steps at the same time, each on a connection that it keeps.
const CLIENTS: usize = 64;
/// How many times too large the crowd is.
const TOO_MANY: usize = 10;
/// How long steps are counted, and hashes.
const COUNTED: Duration = Duration::from_secs(5);
/// How long the crowd stays.
const CROWDED: Duration = Duration::from_secs(10);
/// All clients are one network, and do in seconds what patients do in a month.
const LIMITS: &str = "limits.starts_per_network_hour = 3600000\n\
    limits.starts_per_wide_network_hour = 3600000\n\
    limits.starts_per_hour = 3600000\n\
    limits.sign_ins_per_network_hour = 3600000\n\
    limits.sign_ins_per_wide_network_hour = 3600000\n\
    limits.wrong_passwords_per_hour = 3600000\n\
    limits.messages_per_network_hour = 3600000\n\
    limits.messages_per_wide_network_hour = 3600000\n\
    limits.messages_asked_per_hour = 3600000\n\
    limits.messages_per_hour = 3600000\n\
    limits.messages_per_person_day = 3600000\n\
    limits.messages_per_number_five_minutes = 300000\n\
    limits.messages_per_number_day = 3600000\n\
    limits.messages_per_prefix_hour = 3600000\n";

/// Padding is a wait, which would bound what clients get done that wait for each answer.
const UNPADDED: &str = "http.padding_ms = 0\n";

/// Measures against a release build on fresh databases.
pub(super) fn run() -> Result<()> {
    let place = Place::compiled()?;
    steps_table(&place, Disk::AsItIs)?;
    steps_table(&place, Disk::Slow)?;
    requests_table(&place)?;
    // The crowd's server is fresh, so that its memory is only what the crowd took.
    crowd_table(&place)?;
    people_tables(&place)?;
    patients::tables(&place)
}

/// Measures what is done with many patients, and nothing else.
pub(super) fn many_patients() -> Result<()> {
    patients::tables(&Place::compiled()?)
}

/// What every server of the benchmark is made of.
struct Place {
    api: PathBuf,
}

impl Place {
    fn compiled() -> Result<Self> {
        let api = step("compiling the API for release", || {
            build::binary("verify-api", "release")
        })?;
        Ok(Self { api })
    }

    /// A desk with these lines in its configuration.
    fn desk(&self, lines: &str) -> Result<Desk> {
        let lines = format!("{LIMITS}{lines}");
        Desk::configured(self.api.clone(), free_port()?, None, &lines)
    }

    fn server(&self, lines: &str) -> Result<Server> {
        Server::start(self.desk(lines)?)
    }
}

/// What a shared commit saves is the wait for the disk, so it is seen on two of them.
fn steps_table(place: &Place, disk: Disk) -> Result<()> {
    disk.prepare()?;
    let count = |lines: &str| {
        let fresh = place.desk(&format!("{UNPADDED}{lines}"))?;
        let server = Server::start(fresh.on(disk))?;
        steps::rate(address(&server)?, CLIENTS, COUNTED)
    };
    let (heading, suffix) = match disk {
        Disk::AsItIs => ("Durable flow steps", ""),
        Disk::Slow => ("The same, a disk slower by 5 ms", ", slow disk"),
    };
    let alone = step(
        &format!("counting flow steps, a commit for each{suffix}"),
        || count("database.writes_per_commit = 1\n"),
    )?;
    let together = step(&format!("counting flow steps{suffix}"), || count(""))?;
    let postgres = step(
        &format!("counting flow steps on PostgreSQL{suffix}"),
        || {
            let postgres = Postgres::start(Fsync::On(disk))?;
            postgres.create("bench")?;
            count(&format!("database.url = \"{}/bench\"\n", postgres.url()))
        },
    )?;
    let heading = format!("{heading}, {CLIENTS} clients");
    let mut table = Table::new(&[&heading, "a second", "times the first"]);
    for (name, rate) in [
        ("SQLite, a commit for each", alone),
        ("SQLite, commits shared", together),
        ("PostgreSQL", postgres),
    ] {
        let times = format!("{:.1}", rate / alone);
        table.row(&[name, &format!("{rate:.0}"), &times]);
    }
    println!("{table}");
    Ok(())
}

fn requests_table(place: &Place) -> Result<()> {
    let rate = step("counting requests that need no database", || {
        let server = place.server(UNPADDED)?;
        steps::requests(address(&server)?, CLIENTS, COUNTED)
    })?;
    let heading = format!("Requests that need no database, {CLIENTS} clients");
    let mut table = Table::new(&[&heading, "a second"]);
    table.row(&["/healthz", &format!("{rate:.0}")]);
    println!("{table}");
    Ok(())
}

fn crowd_table(place: &Place) -> Result<()> {
    let server = place.server("")?;
    let idle = overload::memory(server.process_id())?;
    let clients = CLIENTS * TOO_MANY;
    let seen = step("letting a crowd in", || {
        overload::run(address(&server)?, server.process_id(), clients, CROWDED)
    })?;
    let count = |count: &std::sync::atomic::AtomicU32| count.load(Ordering::Relaxed).to_string();
    let heading = format!("{clients} clients at once for {} s", CROWDED.as_secs());
    let mut table = Table::new(&[&heading, ""]);
    for (name, figure) in [
        ("steps done", count(&seen.answers.done)),
        ("told to come again (503)", count(&seen.answers.refused)),
        ("not answered", count(&seen.answers.unanswered)),
        ("/healthz, 99 of 100 within, ms", millis(seen.health)),
        ("memory before, MB", format!("{idle:.0}")),
        ("memory at its peak, MB", format!("{:.0}", seen.memory)),
    ] {
        table.row(&[name.to_owned(), figure]);
    }
    println!("{table}");
    Ok(())
}

fn people_tables(place: &Place) -> Result<()> {
    let (server, people) = step("setting the API up", || signups::start(place.desk("")?))?;
    let letters = || Letters::new(server.messages());
    // In turn, since other programs may come and go.
    let [mut raw, mut kept, mut hashing, mut checks, mut walks] = [(); 5].map(|()| Rate::default());
    for round in people.chunks(2 * SIGN_UPS) {
        let (prepared, whole) = round.split_at(SIGN_UPS);
        let ready = step("taking people up to the step that hashes", || {
            signups::ready(server.base_url(), &letters(), prepared)
        })?;
        raw += step("hashing without an API", || {
            signups::raw_hashes(Memory::Fetched)
        })?;
        hashing += step("signing people up, the step that hashes", || {
            signups::last_step(ready)
        })?;
        let at_sign_in = signups::at_sign_in(server.base_url(), prepared)?;
        checks += step("signing the same people in", || {
            signups::last_step(at_sign_in)
        })?;
        kept += step("hashing without an API, in memory that is kept", || {
            signups::raw_hashes(Memory::Kept)
        })?;
        walks += step("signing people up, from the first step", || {
            signups::all_steps(server.base_url(), &letters(), whole)
        })?;
    }
    let mut table = Table::new(&["Sign-ups and sign-ins", "a second", "of raw Argon2id"]);
    for (name, rate) in [
        ("raw Argon2id, all cores", raw.a_second()),
        ("the same, in memory that is kept", kept.a_second()),
        ("the step that hashes", hashing.a_second()),
        ("a sign-in, which checks", checks.a_second()),
        ("all steps, with a code by text", walks.a_second()),
    ] {
        let share = 100.0 * rate / raw.a_second();
        table.row(&[name, &format!("{rate:.1}"), &format!("{share:.0} %")]);
    }
    println!("{table}");

    let times = step("asking for texts", || {
        texts::times(address(&server)?, &letters(), &people[0].username)
    })?;
    let mut table = Table::new(&["From request to transport, idle", "ms"]);
    for (name, percent) in [("half of the texts within", 50), ("99 of 100 within", 99)] {
        table.row(&[name, &millis(overload::percentile(times.clone(), percent))]);
    }
    println!("{table}");
    Ok(())
}

fn millis(time: Duration) -> String {
    match time {
        Duration::MAX => "never".to_owned(),
        time => format!("{:.1}", time.as_secs_f64() * 1000.0),
    }
}

fn address(server: &Server) -> Result<SocketAddr> {
    let address = server.base_url().trim_start_matches("http://");
    let address = address.parse::<SocketAddr>();
    address.during("read the API's address")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).during("find a free port")?;
    let address = listener.local_addr().during("find a free port")?;
    Ok(address.port())
}

/// Does `work` on several threads at once, and adds up what they count.
fn at_once(threads: usize, work: impl Fn(usize) -> Result<u32> + Sync) -> Result<u32> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        let mut sum = 0;
        for thread in threads {
            let counted = thread.join();
            sum += counted.map_err(|_| Failure::new("a thread of the benchmark panicked"))??;
        }
        Ok(sum)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_added_up_and_a_failure_is_not_lost() {
        assert_eq!(at_once(4, |_| Ok(3)).unwrap(), 12);
        let one_fails = at_once(4, |number| match number {
            2 => Err(Failure::new("no luck")),
            _ => Ok(1),
        });
        assert_eq!(one_fails.unwrap_err().to_string(), "no luck");
    }
}
