//! Which acts draw on the same budgets.

use super::*;
use crate::patient::PatientId;
use crate::staff::StaffId;

fn limits() -> Limits {
    Limits::new(Arc::new(Keyring::of_byte(0x4b)), config::Limits::default())
}

fn network(text: &str) -> Network {
    Network::of(text.parse().unwrap())
}

fn keys(charges: &[Charge]) -> Vec<[u8; 32]> {
    charges.iter().map(|charge| charge.key.0).collect()
}

#[test]
fn a_person_is_the_same_however_they_are_written() {
    let limits = limits();
    let here = network("203.0.113.9");
    let key = |subject: &Subject| keys(&limits.asking(Some(subject), here))[0];
    let username = |text: &str| Subject::Username(text.to_owned());
    assert_eq!(key(&username("Rosa.M")), key(&username("rosa.m")));
    assert_ne!(key(&username("rosa.m")), key(&username("rosa.n")));
    let patients = [1, 2].map(|n| key(&Subject::Patient(PatientId([n; 16]))));
    assert_ne!(patients[0], patients[1]);
}

#[test]
fn starts_and_messages_are_counted_apart() {
    let limits = limits();
    let here = network("203.0.113.9");
    let subject = Subject::Username("rosa.m".to_owned());
    let mut all = keys(&limits.starting(here));
    all.extend(keys(&limits.asking(Some(&subject), here)));
    let mut leaving = keys(&limits.delivering_username(AccountId([1; 16])));
    let everybody = leaving.pop();
    all.extend(leaving);
    all.extend(keys(&limits.delivering_code(Channel::Text, "+12075550142")));
    assert_eq!(everybody.as_ref(), all.last(), "one for all that leaves");
    let total = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), total);
}

#[test]
fn what_one_has_used_up_is_nobody_elses() {
    let limits = limits();
    let of = |n: u8| {
        let (provider, account, staff) =
            (ProviderId([n; 16]), AccountId([n; 16]), StaffId([n; 16]));
        let mut letter = keys(&limits.telling_connection(account));
        let everybody = letter.pop();
        let leaving = keys(&limits.delivering_username(account)).pop();
        assert_eq!(everybody, leaving, "one for all that leaves");
        let mut by_key = keys(&limits.telling_connection_by_key(account, provider));
        letter.push(by_key.remove(0));
        assert_eq!(by_key, keys(&limits.telling_connection(account)));
        let by_another = ProviderId([n + 10; 16]);
        letter.push(keys(&limits.telling_connection_by_key(account, by_another))[0]);
        let others = [
            limits.telling_set_up(&Digest([n; 32])),
            limits.asking_as_provider(provider),
            limits.looking_up(staff),
            limits.telling_lookups(staff),
            limits.reading_trail(staff),
        ];
        [letter, keys(&others)].concat()
    };
    let mut all = [of(1), of(2)].concat();
    assert_eq!(all.len(), 16);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 16);
}

#[test]
fn numbers_of_one_exchange_share_a_prefix() {
    let limits = limits();
    let of = |number| keys(&limits.delivering_to("number", number));
    let (one, neighbour, far) = (of("+12075550142"), of("+12075550143"), of("+12075560142"));
    assert_ne!(one[0], neighbour[0]);
    assert_ne!(one[1], neighbour[1]);
    assert_eq!(one[2], neighbour[2]);
    assert_ne!(one[2], far[2]);
    assert_eq!(of("+1207").len(), 3, "a short number has a prefix too");
}

/// What strangers have sent to a number keeps no code from whoever links or uses it.
#[test]
fn codes_of_whoever_is_known_have_a_budget_of_the_number_of_their_own() {
    let limits = limits();
    let (to, text) = ("+12075550142", Channel::Text);
    let of_strangers = keys(&limits.delivering_code(text, to));
    let account = AccountId([1; 16]);
    let [at_once, number, prefix, everybody] = of_strangers[..] else {
        panic!("{}", of_strangers.len());
    };
    for own in [
        keys(&limits.delivering_new_phone(text, to)),
        keys(&limits.delivering_sign_in(account, text, to)),
    ] {
        assert!(!own.contains(&at_once) && !own.contains(&number));
        assert!(own.contains(&prefix) && own.contains(&everybody));
    }
}
