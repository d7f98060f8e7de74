//! Sign-ins to an account whose password was stored when less was asked for.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use protocol::values::Email;
use protocol::{Answers, Channel, Field, FlowKind, Locale, ProblemCode, StepName};
use tempfile::TempDir;

use super::*;
use crate::account::{AccountId, AccountSecrets};
use crate::app::{Answered, Token, Visitor};
use crate::application::{Parts, open};
use crate::config::Config;
use crate::crypto::Purpose;
use crate::limits::Network;
use crate::patient::PatientId;
use crate::patient::phone::Phone;
use crate::store::{AccountRow, Change, ImportBatch, Write};

const PASSWORD: &str = "blue heron pond";

struct House {
    app: Arc<App>,
    username: Username,
    _folder: TempDir,
}

fn visitor() -> Visitor {
    Visitor {
        network: Network::of(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        locale: None,
        session: None,
    }
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = [
            ("FRONTDESK_MODE", "demo".to_owned()),
            ("FRONTDESK_SECRETS__KEY", "4b".repeat(32)),
            (
                "FRONTDESK_DATABASE__URL",
                format!("sqlite://{}", folder.path().join("x.db").display()),
            ),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value));
        let config = Config::load(None, env.into_iter()).unwrap();
        let app = open(&config, Parts::default()).await.unwrap();
        let house = Self {
            app,
            username: Username::parse("Rosa.M").unwrap(),
            _folder: folder,
        };
        house.enroll().await;
        house
    }

    async fn begin(&self, kind: FlowKind) -> Token {
        let view = self.app.begin(kind, Locale::En, visitor()).await;
        Token::parse(&view.unwrap().token.unwrap()).unwrap()
    }

    async fn enroll(&self) {
        let (app, id, patient) = (&self.app, AccountId([1; 16]), PatientId([2; 16]));
        let sealed = app
            .keys
            .seal_json(Purpose::Patient, &patient.0, &"", &*app.entropy);
        let batch = ImportBatch::of_new(patient, Digest([3; 32]), sealed);
        app.store.import(batch, app.now()).await.unwrap();
        let secrets = AccountSecrets {
            patient,
            username: self.username.clone(),
            email: Email::parse("rosa@example.org").unwrap(),
            phone: Phone::parse("207-555-0142").unwrap(),
            phone_channel: Channel::Text,
        };
        let owner = app.username_digest(&self.username);
        let row = AccountRow {
            id,
            patient,
            username: owner,
            email: Digest([4; 32]),
            sealed: app
                .keys
                .seal_json(Purpose::Account, &id.0, &secrets, &*app.entropy),
            hash: app.passwords.lesser(&owner, PASSWORD),
        };
        let token = self.begin(FlowKind::Enrollment).await;
        let loaded = app.load(&token, None).await.unwrap();
        let change = Change {
            flow: loaded.stored.id,
            version: loaded.stored.version,
            state: loaded.stored.state,
            subject: None,
            expires_at: loaded.stored.expires_at,
            at: app.now(),
            writes: vec![Write::Account(row)],
            charges: Vec::new(),
        };
        app.store.commit(change).await.unwrap();
    }

    async fn sign_in(&self, password: &str) -> Outcome<Answered> {
        let token = self.begin(FlowKind::SignIn).await;
        let mut answers = Answers::default();
        answers.set(Field::Username, self.username.as_str());
        answers.set(Field::Password, password);
        let submit = self
            .app
            .submit(&token, StepName::SignIn, &answers, visitor());
        submit.await
    }

    async fn stored(&self) -> String {
        let username = self.username.as_str().to_owned();
        let letter = Job::SignInStopped { username };
        let guess = PasswordGuess {
            flow: FlowId([0; 16]),
            username: self.app.username_digest(&self.username),
            ladder: Digest([9; 32]),
            session: None,
            telling: Vec::new(),
            letter: self.app.job(&letter, self.app.now()),
            at: self.app.now(),
        };
        let tried = self.app.store.try_password(guess).await.unwrap();
        tried.known.unwrap().1.as_str().to_owned()
    }
}

#[tokio::test]
async fn a_right_sign_in_stores_the_password_with_the_parameters_of_today() {
    let house = House::new().await;
    let before = house.stored().await;
    assert!(before.contains("m=32,t=1,p=1"), "{before}");
    let wrong = house.sign_in("blue heron pony").await.unwrap_err();
    assert_eq!(wrong.problem.code, ProblemCode::WrongSignIn);
    assert_eq!(
        house.stored().await,
        before,
        "a wrong password changes nothing"
    );
    assert!(house.sign_in(PASSWORD).await.unwrap().session.is_some());
    let after = house.stored().await;
    assert!(after.contains("m=65536,t=3,p=1"), "{after}");
    assert!(house.sign_in(PASSWORD).await.unwrap().session.is_some());
    assert_eq!(house.stored().await, after, "once is enough");
}

#[tokio::test]
async fn of_two_who_store_it_anew_at_once_both_are_signed_in() {
    let house = House::new().await;
    let (one, two) = tokio::join!(house.sign_in(PASSWORD), house.sign_in(PASSWORD));
    for signed_in in [one, two] {
        let session = signed_in.unwrap().session.unwrap();
        assert!(house.app.signed_in(&session).await.unwrap().is_some());
    }
    assert!(house.stored().await.contains("m=65536,t=3,p=1"));
    assert!(house.sign_in(PASSWORD).await.is_ok());
}

/// Where a code is asked for, a right password must take as long as a wrong one.
#[tokio::test]
async fn what_nobody_may_see_stores_nothing_anew() {
    let house = House::new().await;
    for _ in 0..5 {
        assert!(house.sign_in("blue heron pony").await.is_err());
    }
    let before = house.stored().await;
    let answered = house.sign_in(PASSWORD).await.unwrap();
    assert!(answered.session.is_none());
    assert_eq!(answered.view.step.name(), StepName::Code);
    assert_eq!(house.stored().await, before);
}

/// Whoever is turned away has not guessed.
#[tokio::test]
async fn a_password_that_nobody_has_time_for_is_no_failure() {
    let house = House::new().await;
    let app = &house.app;
    let mut places = Vec::new();
    while let Ok(place) = app.passwords.place() {
        places.push(place);
    }
    let refused = house.sign_in(PASSWORD).await.unwrap_err();
    assert_eq!(refused.problem.code, ProblemCode::Unavailable);
    let row = app.limits.passwords(house.username.as_str());
    assert_eq!(app.store.failures(&row).await.unwrap(), 0);
    drop(places);
    assert!(house.sign_in(PASSWORD).await.is_ok());
}
