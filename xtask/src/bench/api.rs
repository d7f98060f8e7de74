//! What the API carries: flow steps a second, and sign-ups a second beside the
//! password hashing that each of them cannot do without.
//!
//! Clients, server and database share the machine, so the figures are a floor.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::json;

use super::table::Table;
use crate::build;
use crate::failure::{During, Failure, Result};
use crate::flow::{Client, Person, enroll_until};
use crate::progress::step;
use crate::server::{Desk, Server};
use crate::site;

/// Clients that ask at the same time, each on a connection that it keeps.
const CLIENTS: usize = 16;
/// How long steps are counted, and hashes.
const COUNTED: Duration = Duration::from_secs(5);
/// People who sign up. There are a hundred telephone numbers for fiction
/// (555-0100 to 555-0199), and each person needs their own.
const SIGN_UPS: usize = 96;
/// All clients are one network, and do in seconds what patients do in a month.
const LIMITS: &str = "\n[limits]\n\
    starts_per_network_hour = 3600000\n\
    starts_per_hour = 3600000\n\
    messages_per_network_hour = 3600000\n\
    messages_per_hour = 3600000\n\
    messages_per_prefix_hour = 3600000\n";
const STAFF: &str = "bench@example.org";

/// Measures against a release build on a fresh database.
pub(super) fn run() -> Result<()> {
    let site = site::build()?;
    let api = step("compiling the API for release", || {
        build::binary("verify-api", "release")
    })?;
    let desk = Desk::open(api, free_port()?, &site, LIMITS)?;
    let (mut server, people) = step("setting the API up", || start(desk))?;
    let steps = step("counting flow steps", || flow_steps(server.base_url()))?;
    // Before and after, since other programs may come and go.
    let before = step("hashing without an API", raw_hashes)?;
    let sign_ups = step("signing people up", || sign_ups(&mut server, &people))?;
    let after = step("hashing without an API, again", raw_hashes)?;
    let hashes = f64::midpoint(before, after);

    let heading = format!("API, {CLIENTS} clients");
    let mut table = Table::new(&[&heading, "a second", "of raw Argon2id"]);
    let share = format!("{:.0} %", 100.0 * sign_ups / hashes);
    for (name, rate, share) in [
        ("flow steps over JSON", steps, ""),
        ("sign-ups (the step that hashes)", sign_ups, &share),
        ("raw Argon2id, all cores", hashes, "100 %"),
    ] {
        table.row(&[name, &format!("{rate:.0}"), share]);
    }
    println!("{table}");
    Ok(())
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
    let people = (0..SIGN_UPS).map(|number| {
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
        phone: format!("+120755501{number:02}"),
        email: format!("robin{number}@example.org"),
        username: format!("robin.{number}"),
        password: "seven quiet herons by the pier".to_owned(),
        invitation,
    }
}

fn write_patients(file: &Path) -> Result<()> {
    let mut lines = String::new();
    for number in 0..SIGN_UPS {
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

/// Steps a second: begin, name a username that nobody has, choose a channel.
/// Each is one transaction; the last one also asks for a message.
fn flow_steps(base_url: &str) -> Result<f64> {
    let begin = Instant::now();
    let work = |client: usize| {
        let mut client = (Client::new(base_url), client, 0_u32);
        while begin.elapsed() < COUNTED {
            let (api, number, steps) = &mut client;
            api.begin("password-reset")?;
            api.answer(&json!({ "username": format!("nobody.{number}.{steps}") }))?;
            api.answer(&json!({ "channel": "email" }))?;
            *steps += 3;
        }
        Ok(client.2)
    };
    let steps = at_once(CLIENTS, work)?;
    Ok(f64::from(steps) / begin.elapsed().as_secs_f64())
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
    let done = at_once(CLIENTS, |_| {
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

/// Hashes a second on every core: Argon2id as the API is configured (19 MiB,
/// two passes, one lane; OWASP Password Storage). The crate is optimised in
/// this program as in a release, see `profile.dev.package` in `Cargo.toml`.
fn raw_hashes() -> Result<f64> {
    let parameters = Params::new(19 * 1024, 2, 1, None).during("set Argon2id up")?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begin = Instant::now();
    let hashes = at_once(cores, |_| {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters.clone());
        let mut hashes = 0;
        let mut hash = [0; 32];
        while begin.elapsed() < COUNTED {
            let salt = [7; 16];
            let password = b"seven quiet herons by the pier";
            argon2
                .hash_password_into(password, &salt, &mut hash)
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
