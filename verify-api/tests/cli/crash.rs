//! A server that is killed at any moment: what it had answered stands, and no
//! message is lost or sent for what was never decided.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::server::{self, Server};

/// Who enrolls, and by how many at once.
const PATIENTS: usize = 24;
const AT_ONCE: usize = 4;
/// How many requests are answered between one kill and the next, in turn: a kill
/// meets other steps each time, and whatever the worker is doing then.
const BETWEEN_KILLS: [usize; 10] = [3, 17, 8, 5, 11, 2, 13, 7, 19, 4];
/// Far longer than anything here takes, and than a claim that a dead server has left.
/// Reached only by a failure.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often a message that has not come is looked for.
const PAUSE: Duration = Duration::from_millis(20);

fn phone(number: usize) -> String {
    format!("+120755501{number:02}")
}

fn patient(number: usize) -> String {
    json!({
        "resourceType": "Patient",
        "identifier": [{"value": format!("WS-{number}")}],
        "name": [{"use": "official", "family": "Quill", "given": ["Ada"]}],
        "birthDate": "1950-05-14",
        "address": [{"postalCode": "04101"}],
        "telecom": [{"system": "phone", "value": phone(number)}],
    })
    .to_string()
}

/// Where the server is; nowhere while it is dead.
#[derive(Default)]
struct Place {
    now: Mutex<Now>,
    changed: Condvar,
}

#[derive(Default)]
struct Now {
    address: Option<String>,
    answered: usize,
    at_their_code: usize,
}

impl Place {
    fn set(&self, address: Option<&str>) {
        self.change(|now| now.address = address.map(str::to_owned));
    }

    fn change(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Waits for a server that is not the one at `dead`.
    fn address(&self, dead: Option<&str>) -> String {
        let is_away = |now: &mut Now| now.address.is_none() || now.address.as_deref() == dead;
        self.wait_while(is_away).address.clone().unwrap()
    }

    /// Waits until so many requests were answered, or there is nobody left to ask.
    fn wait_for(&self, answered: usize) -> usize {
        let goes_on = |now: &mut Now| now.answered < answered && now.at_their_code < PATIENTS;
        self.wait_while(goes_on).answered
    }

    fn wait_while(&self, condition: impl FnMut(&mut Now) -> bool) -> MutexGuard<'_, Now> {
        let now = self.now.lock().unwrap();
        let waited = self.changed.wait_timeout_while(now, PATIENCE, condition);
        let (now, waited) = waited.unwrap();
        assert!(!waited.timed_out(), "nothing happens any more");
        now
    }
}

/// A patient on the way to the code by text.
struct Patient {
    phone: String,
    invitation: String,
    token: Option<String>,
}

impl Patient {
    /// Looks where the flow stands, and answers that step; whether it stands at
    /// the code.
    fn go_on(&mut self, address: &str) -> std::io::Result<bool> {
        let Some(token) = &self.token else {
            let kind = json!({"kind": "enrollment", "locale": "en"});
            let (status, view) = server::ask(address, "POST", "/api/v1/flows", None, &kind)?;
            assert_eq!(status, 201, "{view}");
            self.token = view["token"].as_str().map(str::to_owned);
            return Ok(false);
        };
        let ask = |method, path, body| server::ask(address, method, path, Some(token), body);
        let (status, view) = ask("GET", "/api/v1/flow", &Value::Null)?;
        assert_eq!(status, 200, "a flow that was begun is lost: {view}");
        let step = view["step"]["name"].as_str().unwrap();
        let answers = match step {
            "invitation" => json!({"invitation": self.invitation}),
            "identity" => json!({
                "given_name": "Ada", "family_name": "Quill",
                "birth_date": "1950-05-14", "postal_code": "04101",
            }),
            "phone" => json!({"phone": self.phone, "channel": "text"}),
            _ => return Ok(step == "code"),
        };
        let body = json!({"step": step, "answers": answers});
        let (status, view) = ask("POST", "/api/v1/flow/answers", &body)?;
        assert_eq!(status, 200, "{view}");
        Ok(false)
    }

    fn walk(&mut self, place: &Place) {
        let mut address = place.address(None);
        loop {
            match self.go_on(&address) {
                Ok(true) => return place.change(|now| now.at_their_code += 1),
                Ok(false) => place.change(|now| now.answered += 1),
                Err(_) => address = place.address(Some(&address)),
            }
        }
    }
}

/// The delivered texts: the id of the message, and whom it went to.
fn delivered(folder: &Path) -> BTreeMap<String, Value> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|file| file.extension().is_some_and(|kind| kind == "json"))
        .map(|file| serde_json::from_slice::<Value>(&std::fs::read(file).unwrap()).unwrap())
        .map(|message| (message["id"].as_str().unwrap().to_owned(), message))
        .collect()
}

/// The code in the text to `phone`, once it has come.
fn code_for(desk: &Desk, phone: &str) -> String {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let texts = delivered(&desk.path().join("messages"));
        if let Some(text) = texts.values().find(|text| text["to"] == phone) {
            let (_, code) = text["text"].as_str().unwrap().rsplit_once('#').unwrap();
            return code.trim().to_owned();
        }
        std::thread::sleep(PAUSE);
    }
    panic!("the text to {phone} is lost");
}

/// Everything that was sent is for a code that a flow waits for.
fn nothing_was_sent_for_what_was_rolled_back(desk: &Desk) {
    for id in delivered(&desk.path().join("messages")).keys() {
        let id_in_sql = desk.database().bytes(id);
        let asked = format!("SELECT count(*) FROM challenges WHERE job_id = {id_in_sql}");
        assert_eq!(desk.number(&asked), 1, "nobody has asked for message {id}");
    }
}

fn invited(desk: &Desk) -> Vec<Patient> {
    let lines: Vec<_> = (0..PATIENTS).map(patient).collect();
    std::fs::write(desk.path().join("patients.ndjson"), lines.join("\n")).unwrap();
    desk.good("patients import patients.ndjson");
    desk.good("staff add desk@example.org");
    let invite = |number| {
        let printed = desk.good(&format!("invite WS-{number} --by desk@example.org"));
        let printed: Value = serde_json::from_str(&printed).unwrap();
        Patient {
            phone: phone(number),
            invitation: printed["invitation"].as_str().unwrap().to_owned(),
            token: None,
        }
    };
    (0..PATIENTS).map(invite).collect()
}

const SETTINGS: &str = "delivery.directory = \"messages\"\nlimits.messages_per_prefix_hour = 1000";

#[test]
fn killed_at_any_moment_it_loses_no_message_and_sends_none_that_was_rolled_back() {
    survives_every_kill(&Desk::with(SETTINGS));
}

#[test]
fn killed_at_any_moment_on_postgresql_it_loses_and_invents_no_message_either() {
    survives_every_kill(&Desk::on_postgres(SETTINGS));
}

fn survives_every_kill(desk: &Desk) {
    let mut patients = invited(desk);
    let place = Place::default();
    let server = std::thread::scope(|scope| {
        for group in patients.chunks_mut(PATIENTS / AT_ONCE) {
            let walk = |patient: &mut Patient| patient.walk(&place);
            scope.spawn(move || group.iter_mut().for_each(walk));
        }
        let mut server = Server::start(desk);
        place.set(Some(server.address()));
        let mut answered = 0;
        for more in BETWEEN_KILLS {
            answered = place.wait_for(answered + more);
            place.set(None);
            server.kill();
            desk.database().outlive_the_killed();
            nothing_was_sent_for_what_was_rolled_back(desk);
            // What the dead server had claimed is free again once its lease is over.
            desk.sql("UPDATE outbox SET next_at = 0 WHERE fate IS NULL");
            server = Server::start(desk);
            place.set(Some(server.address()));
        }
        server
    });
    for patient in &patients {
        let code = code_for(desk, &patient.phone);
        let body = json!({"step": "code", "answers": {"code": code}});
        let token = patient.token.as_deref();
        let (status, view) = server.post("/api/v1/flow/answers", token, &body);
        assert_eq!((status, &view["step"]["name"]), (200, &json!("contact")));
    }
    nothing_was_sent_for_what_was_rolled_back(desk);
    let count = delivered(&desk.path().join("messages")).len();
    assert_eq!(
        count, PATIENTS,
        "one text for each, however often it was tried"
    );
    server.stop();
    assert!(desk.good("audit verify").contains("whole"));
}
