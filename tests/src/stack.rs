//! The running product: a real server on a port of its own, with its database
//! and its messages in a folder that goes with it.

mod shell;

use std::io::Cursor;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use protocol::values::{BirthDate, Email, Username};
use protocol::{Answer, Answers, Field, StepName};
use serde_json::json;
use tempfile::TempDir;
use verify_api::app::import::Source;
use verify_api::app::{DeskError, FoundPatients, Invited, Listed};
use verify_api::clock::{Clock as _, ManualClock};
use verify_api::crypto::{PasswordHash, Purpose};
use verify_api::staff::Role;

use crate::database::{Database, Held};
use crate::imports::Heard;
use crate::{
    Client, Flow, Mailbox, Person, Reply, Server, Settings, logs, people, runtime, wait_for,
};

/// The staff user who invites.
const STAFF: &str = "desk@example.org";

/// The moment at which every test begins.
const BEGIN: &str = "2026-11-25T09:30:00Z";

/// A running server with its patients, and all that belongs to it. Stops when
/// it is dropped, and leaves nothing behind.
pub struct Stack {
    /// The server's clock.
    pub clock: ManualClock,
    /// What it delivers.
    pub mail: Mailbox,
    /// Sends requests to it.
    pub client: Client,
    // Dropped in this order: the server, then what it stands on.
    server: Server,
    database: Database,
    folder: TempDir,
}

impl Stack {
    /// A server without a site: enough for flows.
    pub fn start() -> Self {
        Self::with(&Settings::default())
    }

    /// A server that serves the built site too.
    pub fn with_site() -> Self {
        Self::with(&Settings::default().site())
    }

    /// A server as the test wants it, with all [`people`] on file.
    pub fn with(settings: &Settings) -> Self {
        logs::capture();
        let folder = TempDir::with_prefix("frontdesk-test-").expect("a folder for the test");
        let file = folder.path().join("frontdesk.toml");
        let database = settings.database(folder.path());
        std::fs::write(&file, settings.toml(folder.path(), &database.url()))
            .expect("the configuration is written");
        let clock = ManualClock::new(BEGIN.parse::<Timestamp>().expect("a moment"));
        let server = Server::start(&file, &clock);
        let stack = Self {
            clock,
            mail: Mailbox::new(folder.path().join("messages")),
            client: server.client.clone(),
            server,
            database,
            folder,
        };
        stack.fill();
        stack
    }

    /// Brings the patients in, and the staff user.
    fn fill(&self) {
        self.import(&people::ALL);
        let staff = Email::parse(STAFF).expect("an address");
        runtime()
            .block_on(self.server.app.add_staff(&staff, Role::FrontDesk))
            .expect("the staff user is added");
    }

    /// Brings patients in from an export, new or again.
    pub fn import(&self, people: &[Person]) {
        let lines: Vec<_> = people.iter().map(Person::fhir).collect();
        let heard = self.import_lines(lines.join("\n"));
        assert_eq!(
            (heard.report.taken(), heard.report.refused),
            (people.len() as u64, 0),
            "every patient of the tests should be taken: {:?}",
            heard.reasons
        );
    }

    /// Brings in what the lines of a FHIR export say; what it came to.
    pub fn import_lines(&self, lines: String) -> Heard {
        let lines = Cursor::new(lines.into_bytes());
        let source = Source::fhir("patients.ndjson".to_owned(), Box::new(lines));
        self.import_source(source)
    }

    /// Brings in all of a source; what it came to.
    pub fn import_source(&self, source: Source) -> Heard {
        let mut heard = Heard::default();
        let app = &self.server.app;
        let import = app.import_patients(vec![source], false, &mut heard);
        heard.report = runtime().block_on(import).expect("patients are imported");
        heard
    }

    /// Whom the desk finds by a name and a birth date.
    pub fn find(&self, name: &str, born: BirthDate) -> FoundPatients {
        let found = self.server.app.find_patients(name, born, None);
        runtime().block_on(found).expect("patients can be searched")
    }

    /// Another server on the same database, as behind a load balancer, or as
    /// after a restart: it remembers nothing but what stands there.
    pub fn another_server(&self) -> Server {
        Server::start(&self.folder.path().join("frontdesk.toml"), &self.clock)
    }

    /// Where the server listens: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.server.base
    }

    /// Asks on the operations listener.
    ///
    /// # Panics
    /// When the settings open none.
    pub fn operations(&self) -> &Client {
        let client = self.server.operations.as_ref();
        client.expect("the test should set operations.listen")
    }

    /// Holds the database as somebody does who does not let go; nobody else can
    /// write until this is dropped.
    pub fn hold_database(&self) -> Held {
        self.database.hold()
    }

    /// The messages that wait or were given up, as `verify-api outbox list` has them.
    pub fn outbox(&self, dead: bool) -> Vec<Listed> {
        let listed = runtime().block_on(self.server.app.outbox(dead));
        listed.expect("the outbox is listed")
    }

    /// `verify-api outbox retry`; whether there was such a message.
    pub fn retry(&self, id: &str) -> bool {
        let queued = runtime().block_on(self.server.app.retry(id));
        queued.expect("the outbox can be changed")
    }

    /// The folder of the database, its journal and the messages.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that the database holds, byte for byte, by the name of the
    /// file or table.
    pub fn stored(&self) -> Vec<(String, Vec<u8>)> {
        self.database.contents()
    }

    /// Moves the server's clock.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Staff invites a patient after checking who they are.
    ///
    /// # Errors
    /// What the desk is told.
    pub fn try_invite(&self, person: &Person) -> Result<Invited, DeskError> {
        let staff = Email::parse(STAFF).expect("an address");
        runtime().block_on(self.server.app.invite(person.mrn, &staff))
    }

    /// Staff invites a patient; the code, as it is printed.
    pub fn invite(&self, person: &Person) -> String {
        let invited = self.try_invite(person);
        invited
            .expect("the patient can be invited")
            .code
            .to_string()
    }

    /// Begins a flow over JSON.
    #[track_caller]
    pub fn begin(&self, kind: &str) -> Flow {
        Flow::begin(&self.client, kind)
    }

    /// Enrolls a patient over JSON, from the invitation to the last step. The
    /// messages about it have come and are read.
    #[track_caller]
    pub fn enrolled(&self, person: &Person) -> &Self {
        let flow = self.enrolling(person);
        flow.answer("credentials", &person.credentials()).at("done");
        self.settle();
        self.mail.mark_read();
        self
    }

    /// Takes a patient to the last question of an enrollment.
    #[track_caller]
    pub fn enrolling(&self, person: &Person) -> Flow {
        let flow = self.at_contact(person);
        flow.answer("contact", &json!({"email": person.email}))
            .at("credentials");
        flow
    }

    /// Takes a patient past the phone on file.
    #[track_caller]
    pub fn at_contact(&self, person: &Person) -> Flow {
        let flow = self.at_phone(person);
        let answer = json!({"phone": person.phone, "channel": "text"});
        flow.answer("phone", &answer).at("code");
        let code = self.mail.code("text", person.phone);
        flow.answer("code", &json!({"code": code})).at("contact");
        flow
    }

    /// Takes a patient past the identity questions.
    #[track_caller]
    pub fn at_phone(&self, person: &Person) -> Flow {
        let flow = self.begin("enrollment");
        let invitation = self.invite(person);
        flow.answer("invitation", &json!({"invitation": invitation}))
            .at("identity");
        flow.answer("identity", &person.identity()).at("phone");
        flow
    }

    /// Takes the reset of a password to its code; the code is on its way.
    #[track_caller]
    pub fn at_reset_code(&self, username: &str, channel: &str) -> Flow {
        let flow = self.begin("password-reset");
        flow.answer("identify", &json!({"username": username}))
            .at("method");
        flow.answer("method", &json!({"channel": channel}))
            .at("code");
        flow
    }

    /// Signs in over JSON, in a flow of its own; the answer.
    #[track_caller]
    pub fn sign_in(&self, username: &str, password: &str) -> Reply {
        let flow = self.begin("sign-in");
        flow.answer(
            "sign-in",
            &json!({"username": username, "password": password}),
        )
    }

    /// Takes the reset of a password past its code.
    #[track_caller]
    pub fn at_new_password(&self, person: &Person) -> Flow {
        let flow = self.at_reset_code(person.username, "text");
        let code = self.mail.code("text", person.phone);
        flow.answer("code", &json!({"code": code}))
            .at("new-password");
        flow
    }

    /// Waits until every message that was asked for has met its end, so that
    /// what is not there will not come. One that leaves later is not waited for.
    pub fn settle(&self) {
        let now = self.clock.now().as_millisecond();
        let due = format!(
            "SELECT count(*) FROM outbox WHERE fate IS NULL AND (attempts > 0 OR next_at <= {now})"
        );
        wait_for("what is due in the outbox to leave", || {
            (self.number(&due) == 0).then_some(())
        });
    }

    /// The number that a statement finds in the database.
    pub fn number(&self, sql: &str) -> i64 {
        let found = self.database.text(&format!("SELECT cast(({sql}) AS text)"));
        let found = found.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let number = found.parse();
        number.unwrap_or_else(|_| panic!("{sql}: {found} is no number"))
    }

    /// Whether `password` is the one of the only account, which is this person's.
    pub fn opens(&self, person: &Person, password: &str) -> bool {
        let stored = self.database.text("SELECT password FROM accounts");
        let stored = PasswordHash::from_stored(stored.expect("there is one account"));
        let mut typed = Answers::default();
        typed.set(Field::Password, password);
        let typed = Answer::parse(StepName::NewPassword, &typed);
        let Ok(Some(Answer::NewPassword(password))) = typed else {
            panic!("{password} should be a password");
        };
        let app = &self.server.app;
        let username = Username::parse(person.username).expect("a username");
        let owner = (app.keys).digest(Purpose::Username, username.lookup_key().as_bytes());
        let place = app.passwords.place().expect("a place");
        let verified = (app.passwords).verify(place, &owner, Some(&stored), password);
        runtime().block_on(verified).expect("a password is checked")
    }

    /// Does `sql` behind the server's back, as an intruder or a careless
    /// operator would; what the database said.
    ///
    /// # Errors
    /// The database's own words.
    pub fn tamper(&self, sql: &str) -> Result<u64, String> {
        self.database.execute(sql)
    }

    /// Takes away what tells which version the tables are of.
    pub fn forget_version(&self) {
        let forgotten = self.database.forget_version();
        forgotten.expect("the version is forgotten");
    }
}
