//! What messages say of a person, whatever they are about and however they travel: a first
//! name at most, since others may read the same mailbox and pick up the same phone.

use protocol::{Channel, Locale};

use super::connections::invited;
use super::house::{House, Person, ROSA};
use crate::account::AccountId;
use crate::flow::{Passed, Recipient};
use crate::outbox::{Job, Message, Notice};
use crate::patient::PatientId;
use crate::patient::phone::Phone;
use crate::provider::ConnectionId;
use crate::store::Lane;

/// Whose facts would be seen wherever they stood.
const PERSON: Person = Person {
    username: "quiet.heron",
    given_name: "Philippa",
    email: "one.inbox@example.org",
    ..ROSA
};

/// What the house has on file of them, but for the first name.
const NEVER: [&str; 9] = [
    "Martinez",
    "1944",
    "02-29",
    "02/29",
    "29/02",
    "quiet.heron",
    "one.inbox",
    "555-0142",
    "5550142",
];

const SPOKEN: [Notice; 5] = [
    Notice::Enrolled,
    Notice::PasswordChanged,
    Notice::PhoneChanged,
    Notice::EmailChanged,
    Notice::Deactivated,
];

/// The place of a job among those that leave by themselves; nothing where codes and what
/// practices ask for are told, which the test asks for apart. Whatever is added takes the next
/// place, and [`jobs`] has to make it.
const fn place(job: &Job) -> Option<usize> {
    match job {
        // Asked for with a flow; a practice's wish makes the letter, and says nothing itself.
        Job::Code { .. } | Job::Connection { .. } => None,
        Job::Username { .. } => Some(0),
        Job::ResetLink { .. } => Some(1),
        Job::SignInStopped { .. } => Some(2),
        Job::Invitation { .. } => Some(3),
        Job::Notice { .. } => Some(4),
        Job::FormerAddress { .. } => Some(5),
        Job::ConnectionLetter { .. } => Some(6),
        Job::PhoneUnlinked { .. } => Some(7),
    }
}

/// Every job about somebody with an account and an open invitation.
fn jobs(
    account: AccountId,
    patient: PatientId,
    connection: ConnectionId,
    locale: Locale,
) -> Vec<Job> {
    let mut jobs = vec![
        Job::Username {
            given_name: PERSON.given_name.to_owned(),
            family_name: "Martinez".to_owned(),
            birth_date: "1944-02-29".to_owned(),
            email: PERSON.email.to_owned(),
            locale,
        },
        Job::ResetLink { account },
        Job::SignInStopped {
            username: PERSON.username.to_owned(),
        },
        Job::ConnectionLetter {
            account,
            connection,
            key: None,
        },
        Job::PhoneUnlinked {
            account,
            phone: Phone::parse("+12075550188").unwrap(),
            channel: Channel::Text,
        },
        Job::Invitation {
            patient,
            email: PERSON.email.to_owned(),
            code: "ABCD-EFGH-JKMN-PQRS".to_owned(),
        },
        Job::Notice {
            account,
            what: Notice::SignedInAfterGuesses,
            lane: Lane::Email,
        },
        Job::Notice {
            account,
            what: Notice::ProvidersChanged,
            lane: Lane::Email,
        },
    ];
    for what in SPOKEN {
        jobs.extend(Lane::OUT.map(|lane| Job::Notice {
            account,
            what,
            lane,
        }));
        jobs.extend(Channel::ALL.map(|channel| Job::FormerAddress {
            account,
            patient,
            what,
            to: match channel {
                Channel::Email => "before@example.org".to_owned(),
                Channel::Text | Channel::Call => "+12075550188".to_owned(),
            },
            channel,
        }));
    }
    jobs
}

/// Whom codes go to, by which channels.
fn codes(account: AccountId) -> [(Recipient, &'static [Channel]); 6] {
    const PHONE: &[Channel] = &[Channel::Text, Channel::Call];
    const EMAIL: &[Channel] = &[Channel::Email];
    let passed = Passed {
        account,
        password_no: 0,
    };
    let phone = || Phone::parse(PERSON.phone).unwrap();
    let email = || PERSON.email.to_owned();
    let username = || PERSON.username.to_owned();
    let sign_in = Recipient::SignIn {
        username: username(),
        passed: Some(passed),
    };
    let new_phone = Recipient::NewPhone {
        passed,
        phone: phone(),
    };
    let changed_email = Recipient::ChangedEmail {
        passed,
        email: email(),
    };
    [
        (Recipient::Username(username()), &Channel::ALL),
        (Recipient::OnFile(phone()), PHONE),
        (Recipient::NewEmail(email()), EMAIL),
        (sign_in, PHONE),
        (new_phone, PHONE),
        (changed_email, EMAIL),
    ]
}

#[track_caller]
fn says_no_more_than_a_first_name(message: &Message) {
    let subject = message.subject.as_deref().unwrap_or_default();
    let html = message.html.as_deref().unwrap_or_default();
    for part in [subject, &message.text, html] {
        for fact in NEVER {
            assert!(!part.contains(fact), "{fact} has no place in {part}");
        }
    }
    let in_the_open = match message.channel {
        Channel::Email => subject,
        Channel::Text | Channel::Call => &message.text,
    };
    assert!(!in_the_open.contains(PERSON.given_name), "{in_the_open}");
}

#[tokio::test]
async fn no_message_says_more_of_a_person_than_a_first_name() {
    for speaks in Locale::ALL {
        for phone_channel in [Channel::Text, Channel::Call] {
            let person = Person {
                phone_channel,
                speaks,
                ..PERSON
            };
            let house = House::new().await;
            let (account, patient) = house.account(person).await;
            let connection = invited(&house, account).await;
            let mut greeted = 0;
            let mut made = [false; 8];
            for job in jobs(account, patient, connection, speaks) {
                made[place(&job).unwrap()] = true;
                house.queue(&job).await;
                house.work().await;
                let message = house.one_sent();
                says_no_more_than_a_first_name(&message);
                greeted += usize::from(message.text.contains(person.given_name));
            }
            // Whoever is not told whom it is about cannot tell two who share a mailbox apart.
            assert_eq!(greeted, 16, "each email but the one with the username");
            assert_eq!(made, [true; 8], "each kind of message has been looked at");
            for (to, channels) in codes(account) {
                for channel in channels {
                    let flow = house.flow().await;
                    house
                        .ask_code_in(speaks, flow, 0, to.clone(), *channel)
                        .await;
                    house.work().await;
                    says_no_more_than_a_first_name(&house.one_sent());
                    house.advance(600);
                }
            }
        }
    }
}
