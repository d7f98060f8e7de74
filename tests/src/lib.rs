//! The harness of the end-to-end tests: the real server, real messages, real
//! clients.
//!
//! A test stands where people stand. [`Stack`] is the running product with a
//! clock that the test moves; [`Mailbox`] is what patients receive; [`Flow`] is
//! a program that speaks JSON; a [`Visitor`] is a person at a form, in the
//! [`Plain`] client or in a real [`Browser`], there also by its [`Keyboard`] alone, or as a [`Reader`]
//! who is told roles and names. [`walk`] holds what such a person
//! does from the first step to the last. [`Lynx`] is a text terminal, and a
//! person who has nothing but its screen and its keys. [`Clinic`] is another site, which
//! shows our flows on its pages. [`Preview`] is what editors
//! look at.
//!
//! Everything here blocks, so that a test reads from top to bottom. It must not
//! know how the product works inside: only its addresses, its files and its
//! messages.

#![expect(
    clippy::missing_panics_doc,
    reason = "a harness tells everything that goes wrong by a panic, which is how a test fails"
)]

mod api;
mod authenticator;
mod browser;
mod clinic;
mod database;
mod document;
pub mod evidence;
mod http;
pub mod imports;
mod logs;
mod lynx;
mod mailbox;
mod page;
pub mod people;
mod plain;
pub mod preview;
mod proxy;
pub mod schemathesis;
mod server;
mod settings;
mod smtp;
mod stack;
mod twilio;
mod visitor;
mod wait;
pub mod walk;

pub use api::Flow;
pub use authenticator::Authenticator;
pub use browser::{
    Audit, Browser, Colors, Engine, Eyes, Keyboard, Memory, Reader, Report, Rules, SMALLEST,
    Scripts,
};
pub use clinic::Clinic;
pub use database::{Held, postgres_address};
pub use document::Document;
pub use http::{Client, Reply, Request};
pub use logs::logs;
pub use lynx::Lynx;
pub use mailbox::{Mailbox, Message};
pub use page::Page;
pub use people::Person;
pub use plain::{Cookies, Plain};
pub use preview::Preview;
pub use proxy::Proxy;
pub use server::Server;
pub use settings::{PORTAL, PUBLIC, Settings};
pub use smtp::{MailServer, Protection, Received};
pub use stack::Stack;
pub use twilio::{Posted, Twilio};
pub use visitor::Visitor;
pub use wait::wait_for;

/// What patients read under a key of the English catalog, so that a test names
/// a text without repeating it.
#[track_caller]
pub fn words(key: &str) -> &'static str {
    words_in(protocol::Locale::En, key)
}

/// What patients read under a key in their language.
#[track_caller]
pub fn words_in(locale: protocol::Locale, key: &str) -> &'static str {
    protocol::messages::source(locale)
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .find(|(found, _)| *found == key)
        .unwrap_or_else(|| panic!("the catalog has no text under the key {key}"))
        .1
}

/// What the site's own pages say under a key of `zola.toml`.
#[track_caller]
pub fn site_words_in(locale: protocol::Locale, key: &str) -> &'static str {
    let section = match locale {
        protocol::Locale::En => "[translations]",
        protocol::Locale::Es => "[languages.es.translations]",
    };
    let lines = include_str!("../../zola.toml").lines();
    let lines = lines.skip_while(|line| *line != section).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .find(|(found, _)| *found == key)
        .unwrap_or_else(|| panic!("zola.toml has no text under the key {key}"))
        .1
        .trim_matches('"')
}

/// The runtime on which servers and browser sessions live, whatever test
/// started them.
fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .expect("a Tokio runtime starts")
    })
}
