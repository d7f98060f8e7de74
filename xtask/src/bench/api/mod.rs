//! What the API carries, as ratios of figures from one run: flow steps beside the
//! same with a commit for each, sign-ups beside the hashing that they cannot do
//! without, ten times too large a crowd, and how soon a text leaves.
//!
//! Clients, server and database share the machine, so the figures are a floor.

mod letters;
mod overload;
mod steps;
mod texts;
mod wire;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde_json::json;

use self::letters::Letters;
use super::table::Table;
use crate::build;
use crate::failure::{During, Failure, Result};
use crate::flow::{Client, Person, enroll_until};
use crate::postgres::{Disk, Postgres};
use crate::progress::step;
use crate::server::{Desk, Server};

/// Clients that take steps at the same time, each on a connection that it keeps.
const CLIENTS: usize = 64;
/// Clients that sign up at the same time.
const SIGNING_UP: usize = 16;
/// How many times too large the crowd is.
const TOO_MANY: usize = 10;
/// How long steps are counted, and hashes.
const COUNTED: Duration = Duration::from_secs(5);
/// How long the crowd stays.
const CROWDED: Duration = Duration::from_secs(10);
/// People whose sign-up is prepared up to its hash, and as many who do all of it.
/// There are a hundred telephone numbers for fiction (555-0100 to 555-0199).
const SIGN_UPS: usize = 96;
/// All clients are one network, and do in seconds what patients do in a month.
const LIMITS: &str = "limits.starts_per_network_hour = 3600000\n\
    limits.starts_per_wide_network_hour = 3600000\n\
    limits.starts_per_hour = 3600000\n\
    limits.messages_per_network_hour = 3600000\n\
    limits.messages_per_wide_network_hour = 3600000\n\
    limits.messages_asked_per_hour = 3600000\n\
    limits.messages_per_hour = 3600000\n\
    limits.messages_per_person_day = 3600000\n\
    limits.messages_per_number_five_minutes = 300000\n\
    limits.messages_per_number_day = 3600000\n\
    limits.messages_per_prefix_hour = 3600000\n";
const STAFF: &str = "bench@example.org";

/// Measures against a release build on fresh databases.
pub(super) fn run() -> Result<()> {
    let api = step("compiling the API for release", || {
        build::binary("verify-api", "release")
    })?;
    let place = Place { api };
    steps_table(&place)?;
    // The crowd's server is fresh, so that its memory is only what the crowd took.
    crowd_table(&place)?;
    people_tables(&place)
}

/// What every server of the benchmark is made of.
struct Place {
    api: PathBuf,
}

impl Place {
    /// A desk with these lines in its configuration.
    fn desk(&self, lines: &str) -> Result<Desk> {
        let lines = format!("{LIMITS}{lines}");
        Desk::configured(self.api.clone(), free_port()?, None, &lines)
    }

    fn server(&self, lines: &str) -> Result<Server> {
        Server::start(self.desk(lines)?)
    }
}

fn steps_table(place: &Place) -> Result<()> {
    let count = |lines: &str| {
        let server = place.server(lines)?;
        steps::rate(address(&server)?, CLIENTS, COUNTED)
    };
    let alone = step("counting flow steps, a commit for each", || {
        count("database.writes_per_commit = 1\n")
    })?;
    let together = step("counting flow steps", || count(""))?;
    let postgres = step("counting flow steps on PostgreSQL", || {
        let postgres = Postgres::start(Disk::Synced)?;
        postgres.create("bench")?;
        count(&format!("database.url = \"{}/bench\"\n", postgres.url()))
    })?;
    let heading = format!("Durable flow steps, {CLIENTS} clients");
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
    let (mut server, people) = step("setting the API up", || start(place.desk("")?))?;
    let (prepared, whole) = people.split_at(SIGN_UPS);
    // Before and after, since other programs may come and go.
    let before = step("hashing without an API", raw_hashes)?;
    let hashing = step("signing people up, the step that hashes", || {
        sign_ups(&mut server, prepared)
    })?;
    let between = step("hashing without an API, again", raw_hashes)?;
    let walks = step("signing people up, from the first step", || {
        let letters = Letters::new(server.messages());
        whole_sign_ups(server.base_url(), &letters, whole)
    })?;
    let after = step("hashing without an API, once more", raw_hashes)?;
    let mut table = Table::new(&["Sign-ups", "a second", "of raw Argon2id"]);
    let share = |rate: f64, raw: f64| format!("{:.0} %", 100.0 * rate / raw);
    let (raw_first, raw_then) = (
        f64::midpoint(before, between),
        f64::midpoint(between, after),
    );
    for (name, rate, share) in [
        ("raw Argon2id, all cores", raw_first, "100 %".to_owned()),
        ("the step that hashes", hashing, share(hashing, raw_first)),
        (
            "all steps, with a code by text",
            walks,
            share(walks, raw_then),
        ),
    ] {
        table.row(&[name, &format!("{rate:.0}"), &share]);
    }
    println!("{table}");

    let times = step("asking for texts", || {
        let letters = Letters::new(server.messages());
        texts::times(address(&server)?, &letters, &prepared[0].username)
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

/// A running server, and the people who have been invited.
fn start(desk: Desk) -> Result<(Server, Vec<Person>)> {
    desk.run(&["migrate"])?;
    let folder = tempfile::tempdir().during("make a folder for the benchmark")?;
    let file = folder.path().join("patients.ndjson");
    write_patients(&file)?;
    desk.run(&["patients", "import", &file.to_string_lossy()])?;
    desk.run(&["staff", "add", STAFF])?;
    let people = (0..2 * SIGN_UPS).map(|number| {
        let invitation = desk.invite(&format!("B-{number}"), STAFF)?;
        Ok(person(number, invitation.code))
    });
    let people = people.collect::<Result<_>>()?;
    Ok((Server::start(desk)?, people))
}

fn person(number: usize, invitation: String) -> Person {
    Person {
        given_name: "Robin".to_owned(),
        family_name: format!("Example-{number}"),
        birth_date: "1960-06-15".to_owned(),
        postal_code: "04101".to_owned(),
        phone: format!("+120755501{:02}", number % SIGN_UPS),
        email: format!("robin{number}@example.org"),
        username: format!("robin.{number}"),
        password: "seven quiet herons by the pier".to_owned(),
        invitation,
    }
}

fn write_patients(file: &Path) -> Result<()> {
    let mut lines = String::new();
    for number in 0..2 * SIGN_UPS {
        let person = person(number, String::new());
        let patient = json!({
            "resourceType": "Patient",
            "identifier": [{ "system": "urn:example:mrn", "value": format!("B-{number}") }],
            "name": [{ "family": person.family_name, "given": [person.given_name] }],
            "telecom": [
                { "system": "phone", "use": "mobile", "value": person.phone },
                { "system": "email", "value": person.email },
            ],
            "birthDate": person.birth_date,
            "address": [{ "postalCode": person.postal_code }],
        });
        lines += &patient.to_string();
        lines.push('\n');
    }
    fs::write(file, lines).during("write the benchmark's patients")
}

/// Sign-ups a second. Everything up to the last step is done before the clock
/// runs: it is steps as counted above, and waiting for texts.
fn sign_ups(server: &mut Server, people: &[Person]) -> Result<f64> {
    let mut ready = Vec::new();
    for person in people {
        ready.push((enroll_until(server, person, "credentials")?, person));
    }
    let ready = Mutex::new(ready);
    let next = || ready.lock().ok()?.pop();
    let begin = Instant::now();
    let done = at_once(SIGNING_UP, |_| {
        let mut done = 0;
        while let Some((mut client, person)) = next() {
            client.answer(&person.answers("credentials")?)?;
            if client.step != "done" {
                return Err(Failure::new(format!(
                    "a sign-up of the benchmark ended at the step `{}`",
                    client.step
                )));
            }
            done += 1;
        }
        Ok(done)
    })?;
    Ok(f64::from(done) / begin.elapsed().as_secs_f64())
}

/// Sign-ups a second from the first step to the last.
fn whole_sign_ups(base_url: &str, letters: &Letters, people: &[Person]) -> Result<f64> {
    let next = Mutex::new(people.iter());
    let begin = Instant::now();
    let done = at_once(SIGNING_UP, |_| {
        let mut done = 0;
        while let Some(person) = next.lock().ok().and_then(|mut next| next.next()) {
            let mut client = Client::new(base_url);
            client.begin("enrollment")?;
            while client.step != "done" {
                let answers = match client.step.as_str() {
                    "code" => json!({ "code": letters.code(&person.phone)? }),
                    step => person.answers(step)?,
                };
                client.answer(&answers)?;
            }
            done += 1;
        }
        Ok(done)
    })?;
    Ok(f64::from(done) / begin.elapsed().as_secs_f64())
}

/// Hashes a second on every core: Argon2id as the API is configured (19 MiB,
/// two passes, one lane; OWASP Password Storage), in memory that is fetched once.
/// The crate is optimised in this program as in a release, see
/// `profile.dev.package` in `Cargo.toml`.
fn raw_hashes() -> Result<f64> {
    let parameters = Params::new(19 * 1024, 2, 1, None).during("set Argon2id up")?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begin = Instant::now();
    let hashes = at_once(cores, |_| {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters.clone());
        let mut hashes = 0;
        let mut hash = [0; 32];
        let mut memory = vec![Block::new(); argon2.params().block_count()];
        while begin.elapsed() < COUNTED {
            let salt = [7; 16];
            let password = b"seven quiet herons by the pier";
            argon2
                .hash_password_into_with_memory(password, &salt, &mut hash, &mut memory)
                .during("hash a password")?;
            hashes += 1;
        }
        Ok(hashes)
    })?;
    Ok(f64::from(hashes) / begin.elapsed().as_secs_f64())
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

    #[test]
    fn everyone_has_a_phone_of_their_own_that_is_free_for_fiction() {
        let phones = (0..SIGN_UPS).map(|number| person(number, String::new()).phone);
        let phones: std::collections::BTreeSet<_> = phones.collect();
        assert_eq!(phones.len(), SIGN_UPS);
        assert!(
            phones
                .iter()
                .all(|phone| phone.len() == "+12075550100".len())
        );
    }
}
