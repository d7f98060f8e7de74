//! `[limits]`: how much may be begun and sent.

use super::Mode;
use super::settings::Settings;
use crate::limits::Budget;

/// How much may be begun and sent. See [`Budget`] for what "in an hour" means.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// `starts_per_network_hour`: flows begun by one network; 300 unless set. A
    /// clinic's waiting room is one network, and so is a mobile carrier's gateway.
    pub starts_per_network: Budget,
    /// `starts_per_wide_network_hour`: flows begun by one wide network, an IPv4 /16
    /// or IPv6 /48; 1,500 unless set. Whoever has one IPv6 address can have a /48,
    /// and so 65,536 networks.
    pub starts_per_wide_network: Budget,
    /// `starts_per_hour`: flows begun by everybody together; 30,000 unless set:
    /// what twenty wide networks can begin.
    pub starts: Budget,
    /// `sign_ins_per_network_hour`: passwords tried by one network to sign in; 300 unless
    /// set. Each takes a core for a good part of a second.
    pub sign_ins_per_network: Budget,
    /// `sign_ins_per_wide_network_hour`: passwords tried by one wide network to sign in;
    /// 600 unless set.
    pub sign_ins_per_wide_network: Budget,
    /// `wrong_passwords_per_hour`: wrong passwords that everybody together types to sign in
    /// until a code is asked for at each sign-in; 6,000 unless set: what ten wide networks
    /// can type. Whoever tries one password at each of many usernames is met here.
    pub wrong_passwords: Budget,
    /// `staff_sign_ins_per_hour`: passwords that everybody together tries to sign in as staff, in
    /// browsers that are not known for the email; 6,000 unless set: what ten wide networks can
    /// try. Those that sign in are not counted.
    pub staff_sign_ins: Budget,
    /// `messages_per_person_day`: messages asked for in the name of one person
    /// (one username or invited patient), and emails with the username of one
    /// account, in 24 hours; 20 unless set.
    pub messages_per_person: Budget,
    /// `messages_per_network_hour`: messages asked for by one network; 150 unless set.
    pub messages_per_network: Budget,
    /// `messages_per_wide_network_hour`: messages asked for by one wide network;
    /// 600 unless set.
    pub messages_per_wide_network: Budget,
    /// `messages_asked_per_hour`: messages asked for by everybody together, for
    /// people who are there or not; 20,000 unless set. It bounds what is written
    /// down, so it is far above what is sent.
    pub messages_asked: Budget,
    /// `messages_per_hour`: messages that leave because somebody asked for them;
    /// 3,000 unless set.
    pub messages: Budget,
    /// `messages_per_number_five_minutes`: texts and calls to one number in five
    /// minutes; 3 unless set. Each flow waits a minute between two codes, but a
    /// stranger has many flows, and a phone must not ring twenty times in a row.
    pub messages_per_number_at_once: Budget,
    /// `messages_per_number_day`: texts and calls to one number in 24 hours; 20
    /// unless set. A family may share a phone.
    pub messages_per_number: Budget,
    /// `messages_per_prefix_hour`: texts and calls to numbers that begin alike
    /// (country, area and exchange); 150 unless set. Most patients of a clinic
    /// may have the numbers of one town.
    pub messages_per_prefix: Budget,
}

/// A key, the value unless set, and the highest that production takes: a limit
/// can be moved, not removed.
type Knob = (&'static str, u32, usize);

const STARTS_PER_NETWORK: Knob = ("limits.starts_per_network_hour", 300, 10_000);
const STARTS_PER_WIDE_NETWORK: Knob = ("limits.starts_per_wide_network_hour", 1_500, 50_000);
const STARTS: Knob = ("limits.starts_per_hour", 30_000, 200_000);
const SIGN_INS: Knob = ("limits.sign_ins_per_network_hour", 300, 10_000);
const SIGN_INS_WIDE: Knob = ("limits.sign_ins_per_wide_network_hour", 600, 50_000);
const WRONG_PASSWORDS: Knob = ("limits.wrong_passwords_per_hour", 6_000, 200_000);
const STAFF_SIGN_INS: Knob = ("limits.staff_sign_ins_per_hour", 6_000, 200_000);
const PER_PERSON: Knob = ("limits.messages_per_person_day", 20, 200);
const PER_NETWORK: Knob = ("limits.messages_per_network_hour", 150, 5_000);
const PER_WIDE_NETWORK: Knob = ("limits.messages_per_wide_network_hour", 600, 20_000);
const ASKED: Knob = ("limits.messages_asked_per_hour", 20_000, 200_000);
const MESSAGES: Knob = ("limits.messages_per_hour", 3_000, 100_000);
const PER_NUMBER_AT_ONCE: Knob = ("limits.messages_per_number_five_minutes", 3, 20);
const PER_NUMBER: Knob = ("limits.messages_per_number_day", 20, 200);
const PER_PREFIX: Knob = ("limits.messages_per_prefix_hour", 150, 5_000);

/// The highest in the demo: of what is counted by the hour, one a millisecond.
const MOST: usize = 3_600_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            starts_per_network: Budget::hourly(STARTS_PER_NETWORK.1),
            starts_per_wide_network: Budget::hourly(STARTS_PER_WIDE_NETWORK.1),
            starts: Budget::hourly(STARTS.1),
            sign_ins_per_network: Budget::hourly(SIGN_INS.1),
            sign_ins_per_wide_network: Budget::hourly(SIGN_INS_WIDE.1),
            wrong_passwords: Budget::hourly(WRONG_PASSWORDS.1),
            staff_sign_ins: Budget::hourly(STAFF_SIGN_INS.1),
            messages_per_person: Budget::daily(PER_PERSON.1),
            messages_per_network: Budget::hourly(PER_NETWORK.1),
            messages_per_wide_network: Budget::hourly(PER_WIDE_NETWORK.1),
            messages_asked: Budget::hourly(ASKED.1),
            messages: Budget::hourly(MESSAGES.1),
            messages_per_number_at_once: Budget::five_minutely(PER_NUMBER_AT_ONCE.1),
            messages_per_number: Budget::daily(PER_NUMBER.1),
            messages_per_prefix: Budget::hourly(PER_PREFIX.1),
        }
    }
}

impl Limits {
    pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Self> {
        let mut read = |(key, default, ceiling): Knob| {
            let most = match mode {
                Mode::Production => ceiling,
                Mode::Demo => MOST,
            };
            let number = settings.number(key, 1..=most, default as usize)?;
            u32::try_from(number).ok()
        };
        // All are read before any is missed, so that every problem is told.
        let starts_per_network = read(STARTS_PER_NETWORK);
        let starts_per_wide_network = read(STARTS_PER_WIDE_NETWORK);
        let starts = read(STARTS);
        let sign_ins_per_network = read(SIGN_INS);
        let sign_ins_per_wide_network = read(SIGN_INS_WIDE);
        let wrong_passwords = read(WRONG_PASSWORDS);
        let staff_sign_ins = read(STAFF_SIGN_INS);
        let messages_per_person = read(PER_PERSON);
        let messages_per_network = read(PER_NETWORK);
        let messages_per_wide_network = read(PER_WIDE_NETWORK);
        let messages_asked = read(ASKED);
        let messages = read(MESSAGES);
        let messages_per_number_at_once = read(PER_NUMBER_AT_ONCE);
        let messages_per_number = read(PER_NUMBER);
        let messages_per_prefix = read(PER_PREFIX);
        Some(Self {
            starts_per_network: Budget::hourly(starts_per_network?),
            starts_per_wide_network: Budget::hourly(starts_per_wide_network?),
            starts: Budget::hourly(starts?),
            sign_ins_per_network: Budget::hourly(sign_ins_per_network?),
            sign_ins_per_wide_network: Budget::hourly(sign_ins_per_wide_network?),
            wrong_passwords: Budget::hourly(wrong_passwords?),
            staff_sign_ins: Budget::hourly(staff_sign_ins?),
            messages_per_person: Budget::daily(messages_per_person?),
            messages_per_network: Budget::hourly(messages_per_network?),
            messages_per_wide_network: Budget::hourly(messages_per_wide_network?),
            messages_asked: Budget::hourly(messages_asked?),
            messages: Budget::hourly(messages?),
            messages_per_number_at_once: Budget::five_minutely(messages_per_number_at_once?),
            messages_per_number: Budget::daily(messages_per_number?),
            messages_per_prefix: Budget::hourly(messages_per_prefix?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn load(mode: &str, key: &str, value: &str) -> Result<Limits, String> {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().display();
        let env = [
            ("FRONTDESK_MODE", mode.to_owned()),
            (
                "FRONTDESK_SECRETS__KEY",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf".to_owned(),
            ),
            (
                "FRONTDESK_HTTP__BASE_URL",
                "https://h.example.org".to_owned(),
            ),
            ("FRONTDESK_DATABASE__URL", format!("sqlite://{folder}/x.db")),
            ("FRONTDESK_DELIVERY__TRANSPORT", "smtp".to_owned()),
            ("FRONTDESK_DELIVERY__FROM", "help@example.org".to_owned()),
            ("FRONTDESK_DELIVERY__DIRECTORY", format!("{folder}/phone")),
            ("FRONTDESK_SMTP__HOST", "mail.example.org".to_owned()),
            (key, value.to_owned()),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value));
        let config = Config::load(None, env.into_iter());
        config
            .map(|config| config.limits)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_limit_can_be_moved_and_not_removed() {
        const KEY: &str = "FRONTDESK_LIMITS__MESSAGES_PER_PERSON_DAY";
        for mode in ["production", "demo"] {
            let unset = load(mode, KEY, "").unwrap();
            assert_eq!(unset.messages_per_person, Budget::daily(20));
            let moved = load(mode, KEY, "7").unwrap();
            assert_eq!(moved.messages_per_person, Budget::daily(7));
            for wrong in ["0", "-1", "none", "3600001"] {
                let told = load(mode, KEY, wrong).unwrap_err();
                assert!(told.contains("limits.messages_per_person_day"), "{told}");
            }
        }
        assert!(load("demo", KEY, "201").is_ok());
        let told = load("production", KEY, "201").unwrap_err();
        assert!(told.contains("from 1 to 200"), "{told}");
    }
}
