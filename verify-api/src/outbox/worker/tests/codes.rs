//! Codes: to whom, by which channel, and what is kept of them.

use protocol::Channel;
use protocol::values::Code;

use super::house::{House, Person, ROSA};
use crate::flow::{CodeFor, Recipient};
use crate::outbox::code_digest;
use crate::patient::phone::Phone;
use crate::store::Fate;

fn rosa() -> Recipient {
    // As typed; case does not tell usernames apart.
    Recipient::Username("rosa.m".to_owned())
}

/// The code that a text message is bound to.
fn code_in(text: &str) -> Code {
    let last = text.lines().last().unwrap();
    Code::parse(last.strip_prefix("@help.example.org #").unwrap()).unwrap()
}

#[tokio::test]
async fn a_reset_code_goes_to_what_is_linked_to_the_account() {
    let house = House::new().await;
    house.account(ROSA).await;
    for (channel, to) in [
        (Channel::Email, "rosa@example.org"),
        (Channel::Text, "+12075550142"),
        (Channel::Call, "+12075550142"),
    ] {
        let flow = house.flow().await;
        let job = house.ask_code(flow, 0, rosa(), channel).await;
        house.work().await;
        let message = house.one_sent();
        assert_eq!((message.channel, message.to.as_str()), (channel, to));
        assert_eq!(message.id.len(), 32);
        assert_eq!(message.not_after, house.not_after());
        assert_eq!(house.fate(job), Some(Fate::Sent));
    }
}

#[tokio::test]
async fn the_code_that_was_sent_is_the_one_that_is_kept() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let flow = house.flow().await;
    house.ask_code(flow, 0, rosa(), Channel::Text).await;
    house.work().await;
    let code = code_in(&house.one_sent().text);
    let challenge = house.challenge(flow, CodeFor::Reset).await;
    let digest = code_digest(&house.keys, flow, CodeFor::Reset, &code);
    assert!(challenge.code.unwrap().matches(&digest));
    assert_eq!(challenge.account, Some(account));
}

#[tokio::test]
async fn for_an_unknown_username_nothing_is_sent_and_as_much_is_written() {
    let house = House::new().await;
    house.account(ROSA).await;
    let flow = house.flow().await;
    let nobody = Recipient::Username("nobody".to_owned());
    let job = house.ask_code(flow, 0, nobody, Channel::Text).await;
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::NothingToSend));
    let challenge = house.challenge(flow, CodeFor::Reset).await;
    assert!(challenge.code.is_some());
    assert_eq!(challenge.account, None);
}

#[tokio::test]
async fn a_code_that_was_replaced_before_it_was_sent_is_not_sent() {
    let house = House::new().await;
    house.account(ROSA).await;
    let flow = house.flow().await;
    let first = house.ask_code(flow, 0, rosa(), Channel::Text).await;
    let second = house.ask_code(flow, 1, rosa(), Channel::Email).await;
    house.work().await;
    assert_eq!(house.one_sent().channel, Channel::Email);
    assert_eq!(house.fate(first), Some(Fate::NothingToSend));
    assert_eq!(house.fate(second), Some(Fate::Sent));
}

/// Whoever has the phone of before must not get a code that works.
#[tokio::test]
async fn a_code_that_is_written_while_the_phone_is_changed_does_not_leave() {
    let house = House::new().await;
    let (account, _) = house.account(ROSA).await;
    let other = Person {
        phone: "207-555-0177",
        ..ROSA
    };
    let change = house.linking(account, other).await;
    *house.store.meanwhile.lock().unwrap() = Some(change);
    let flow = house.flow().await;
    let job = house.ask_code(flow, 0, rosa(), Channel::Text).await;
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::NothingToSend));
    house.ask_code(flow, 1, rosa(), Channel::Text).await;
    house.work().await;
    assert_eq!(house.one_sent().to, "+12075550177");
}

#[tokio::test]
async fn enrollment_sends_to_the_phone_on_file_and_to_the_new_email() {
    let house = House::new().await;
    let phone = Recipient::OnFile(Phone::parse("207-555-0199").unwrap());
    let email = Recipient::NewEmail("new@example.org".to_owned());
    for (to, channel, address) in [
        (phone, Channel::Call, "+12075550199"),
        (email, Channel::Email, "new@example.org"),
    ] {
        let flow = house.flow().await;
        let purpose = to.purpose();
        house.ask_code(flow, 0, to, channel).await;
        house.work().await;
        assert_eq!(house.one_sent().to, address);
        let challenge = house.challenge(flow, purpose).await;
        assert!(challenge.code.is_some() && challenge.account.is_none());
    }
}

#[tokio::test]
async fn a_number_on_file_is_no_email_address() {
    let house = House::new().await;
    let phone = Recipient::OnFile(Phone::parse("207-555-0199").unwrap());
    let flow = house.flow().await;
    let job = house.ask_code(flow, 0, phone, Channel::Email).await;
    house.work().await;
    assert!(house.sent().is_empty());
    assert_eq!(house.fate(job), Some(Fate::Dead));
}
