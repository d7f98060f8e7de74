//! Sign-ups and sign-ins: the people, their way to the step that hashes their password, that
//! step, and the hashing alone that it cannot do without.

use std::fs;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde_json::json;

use super::letters::Letters;
use super::{COUNTED, at_once};
use crate::failure::{During, Failure, Result};
use crate::flow::{Client, Person, enroll_until};
use crate::server::{Desk, Server};

/// Clients that sign up at the same time.
const SIGNING_UP: usize = 16;
/// People whose sign-up is prepared up to its hash, and as many who do all of it, in
/// one round. There are a hundred telephone numbers for fiction (555-0100 to 555-0199).
pub(super) const SIGN_UPS: usize = 96;
const ROUNDS: usize = 3;
const STAFF: &str = "bench@example.org";

/// How much was done in how long.
#[derive(Default)]
pub(super) struct Rate {
    done: u32,
    time: Duration,
}

impl Rate {
    fn since(begin: Instant, done: u32) -> Self {
        let time = begin.elapsed();
        Self { done, time }
    }

    pub(super) fn a_second(&self) -> f64 {
        f64::from(self.done) / self.time.as_secs_f64()
    }
}

impl AddAssign for Rate {
    fn add_assign(&mut self, more: Self) {
        self.done += more.done;
        self.time += more.time;
    }
}

/// A running server, and the people who have been invited.
pub(super) fn start(desk: Desk) -> Result<(Server, Vec<Person>)> {
    desk.run(&["migrate"])?;
    let folder = tempfile::tempdir().during("make a folder for the benchmark")?;
    let file = folder.path().join("patients.ndjson");
    write_patients(&file)?;
    desk.run(&["patients", "import", &file.to_string_lossy()])?;
    desk.run(&["staff", "add", STAFF])?;
    let people = (0..2 * SIGN_UPS * ROUNDS).map(|number| {
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
    for number in 0..2 * SIGN_UPS * ROUNDS {
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

/// Clients that have only the last step before them, which hashes. What comes before
/// it is steps as they are counted elsewhere, and waiting for texts.
pub(super) fn ready<'p>(
    base_url: &str,
    letters: &Letters,
    people: &'p [Person],
) -> Result<Vec<(Client, &'p Person)>> {
    let ready = people
        .iter()
        .map(|person| Ok((walk(base_url, letters, person, "credentials")?, person)));
    ready.collect()
}

fn walk(base_url: &str, letters: &Letters, person: &Person, end: &str) -> Result<Client> {
    enroll_until(base_url, person, end, |phone| letters.code(phone))
}

/// Clients that have only to sign in, as these people, who are signed up.
pub(super) fn at_sign_in<'p>(
    base_url: &str,
    people: &'p [Person],
) -> Result<Vec<(Client, &'p Person)>> {
    let ready = people.iter().map(|person| {
        let mut client = Client::new(base_url);
        client.begin("sign-in")?;
        Ok((client, person))
    });
    ready.collect()
}

/// Takes everybody through who has only the step before them that hashes. Counted is from the first who is
/// through to the last: before and after, the server is not at work on all cores.
pub(super) fn last_step(ready: Vec<(Client, &Person)>) -> Result<Rate> {
    let ready = Mutex::new(ready);
    let next = || ready.lock().ok()?.pop();
    let through = Mutex::new(None);
    let done = at_once(SIGNING_UP, |_| {
        let mut done = 0;
        while let Some((mut client, person)) = next() {
            client.answer(&person.answers(&client.step)?)?;
            if client.step != "done" {
                return Err(Failure::new(format!(
                    "a flow of the benchmark ended at the step `{}`",
                    client.step
                )));
            }
            if let Ok(mut through) = through.lock() {
                let now = Instant::now();
                let (first, last) = through.get_or_insert((now, now));
                *last = now;
                done += u32::from(*first != now);
            }
        }
        Ok(done)
    })?;
    let through = through.into_inner().ok().flatten();
    let (first, last) = through.ok_or_else(|| Failure::new("nobody got through"))?;
    Ok(Rate {
        done,
        time: last.duration_since(first),
    })
}

/// Signs everybody up, from the first step to the last.
pub(super) fn all_steps(base_url: &str, letters: &Letters, people: &[Person]) -> Result<Rate> {
    let next = Mutex::new(people.iter());
    let begin = Instant::now();
    let done = at_once(SIGNING_UP, |_| {
        let mut done = 0;
        while let Some(person) = next.lock().ok().and_then(|mut next| next.next()) {
            walk(base_url, letters, person, "done")?;
            done += 1;
        }
        Ok(done)
    })?;
    Ok(Rate::since(begin, done))
}

/// Where Argon2id finds its memory when it is measured alone.
#[derive(Clone, Copy)]
pub(super) enum Memory {
    /// The library fetches it for each hash, as everybody gets who calls it.
    Fetched,
    /// Each core keeps its own from one hash to the next, as the API does, and never wipes it.
    Kept,
}

/// Hashes a second on every core: Argon2id as the API is configured (64 MiB,
/// three passes, one lane).
/// The crate is optimised in this program as in a release, see
/// `profile.dev.package` in `Cargo.toml`.
pub(super) fn raw_hashes(memory: Memory) -> Result<Rate> {
    let parameters = Params::new(64 * 1024, 3, 1, None).during("set Argon2id up")?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begin = Instant::now();
    let hashes = at_once(cores, |_| {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters.clone());
        let mut kept = vec![Block::new(); argon2.params().block_count()];
        let (salt, password) = ([7; 16], b"seven quiet herons by the pier");
        let (mut hashes, mut hash) = (0, [0; 32]);
        while begin.elapsed() < COUNTED {
            match memory {
                Memory::Fetched => argon2.hash_password_into(password, &salt, &mut hash),
                Memory::Kept => {
                    argon2.hash_password_into_with_memory(password, &salt, &mut hash, &mut kept)
                }
            }
            .during("hash a password")?;
            hashes += 1;
        }
        Ok(hashes)
    })?;
    Ok(Rate::since(begin, hashes))
}

#[cfg(test)]
mod tests {
    use super::*;

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
