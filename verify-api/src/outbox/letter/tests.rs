//! Every letter, on every channel and in every language, from samples.

mod facts;

use jiff::SignedDuration;
use protocol::values::Code;
use protocol::{Channel, Locale};

use super::{Letter, Links, Words};
use crate::flow::{CodeFor, code};
use crate::outbox::Notice;

const LINK: &str = "https://help.example.org/flows/username-recovery/show?token=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const BASE_URL: &str = "https://help.example.org";
const NAME: &str = "Rosa <b> & \"Bo\"";

/// Every letter with whether it can also travel by phone.
fn samples(code: &Code) -> Vec<(&'static str, Letter<'_>, bool)> {
    let host = "help.wellsprings.example";
    let given_name = Some(NAME);
    let of_code = |purpose| Letter::Code {
        code,
        purpose,
        host,
    };
    let of_notice = |what| Letter::Notice { what, given_name };
    vec![
        ("code-reset", of_code(CodeFor::Reset), true),
        ("code-phone", of_code(CodeFor::Phone), true),
        ("code-new-email", of_code(CodeFor::NewEmail), true),
        ("code-sign-in", of_code(CodeFor::SignIn), true),
        ("code-new-phone", of_code(CodeFor::NewPhone), true),
        ("username", Letter::Username { link: LINK }, false),
        (
            "reset-link",
            Letter::ResetLink {
                is_stopped: false,
                given_name,
                link: LINK,
            },
            false,
        ),
        (
            "sign-in-stopped",
            Letter::ResetLink {
                is_stopped: true,
                given_name,
                link: LINK,
            },
            false,
        ),
        (
            "invitation",
            Letter::Invitation {
                given_name,
                code: "ABCD-EFGH-JKMN-PQRS",
                link: LINK,
            },
            false,
        ),
        (
            "connection",
            Letter::Connection {
                given_name,
                link: LINK,
            },
            false,
        ),
        ("enrolled", of_notice(Notice::Enrolled), true),
        ("password-changed", of_notice(Notice::PasswordChanged), true),
        ("phone-changed", of_notice(Notice::PhoneChanged), true),
        ("email-changed", of_notice(Notice::EmailChanged), true),
        ("deactivated", of_notice(Notice::Deactivated), true),
        (
            "new-sign-in",
            of_notice(Notice::SignedInAfterGuesses),
            false,
        ),
        (
            "providers-changed",
            of_notice(Notice::ProvidersChanged),
            false,
        ),
    ]
}

fn each(mut check: impl FnMut(&str, Channel, &Words)) {
    let code = Code::parse("120456").unwrap();
    for locale in Locale::ALL {
        for (name, letter, by_phone) in samples(&code) {
            for channel in Channel::ALL {
                let words = letter.write(channel, locale, Links::new(BASE_URL));
                let can_travel = by_phone || channel == Channel::Email;
                assert_eq!(words.is_some(), can_travel, "{name} {channel:?}");
                if let Some(words) = words {
                    check(&format!("{name} {locale:?}"), channel, &words);
                }
            }
        }
    }
}

fn code_letter(channel: Channel) -> Words {
    let code = Code::parse("120456").unwrap();
    let letter = Letter::Code {
        code: &code,
        purpose: CodeFor::Reset,
        host: "help.example.org",
    };
    letter
        .write(channel, Locale::En, Links::new(BASE_URL))
        .unwrap()
}

#[test]
fn no_placeholder_is_left_and_no_word_is_missing() {
    each(|name, _, words| {
        for part in [
            Some(&words.text),
            words.subject.as_ref(),
            words.html.as_ref(),
        ]
        .into_iter()
        .flatten()
        {
            assert!(!part.contains(['{', '}']), "{name}: {part}");
            // A key that has no words shows itself.
            assert!(!part.contains("purpose."), "{name}: {part}");
            assert!(!part.contains("reveal."), "{name}: {part}");
            assert!(!part.contains("reset-link."), "{name}: {part}");
        }
    });
}

#[test]
fn an_email_has_all_its_parts_and_the_way_to_support() {
    each(|name, channel, words| {
        let is_email = channel == Channel::Email;
        assert_eq!(words.subject.is_some(), is_email, "{name}");
        assert_eq!(words.html.is_some(), is_email, "{name}");
        let (Some(subject), Some(html)) = (&words.subject, &words.html) else {
            return;
        };
        assert!(
            !subject.contains('\n') && subject.chars().count() <= 78,
            "{name}"
        );
        for part in [&words.text, html] {
            for contact in ["info@patientally.com", "888-PHR-4ALL", "888-747-4255"] {
                assert!(part.contains(contact), "{name} lacks {contact}");
            }
        }
        for line in words.text.lines() {
            assert!(line.chars().count() <= 76 || line == LINK, "{name}: {line}");
        }
    });
}

/// A text names no address: it would not fit, and whoever gets one has just left the page.
#[test]
fn an_email_ends_with_where_the_help_center_is_in_its_own_language() {
    each(|name, _, words| {
        let language = if name.ends_with("Es") { "/es" } else { "" };
        let home = format!("{BASE_URL}{language}/");
        let Some(html) = &words.html else {
            assert!(!words.text.contains("http"), "{name}: {}", words.text);
            return;
        };
        let last = words.text.trim_end().lines().last();
        assert_eq!(last, Some(home.as_str()), "{name}");
        assert!(html.contains(&format!("href=\"{home}\"")), "{name}");
    });
}

#[test]
fn an_email_that_asks_to_act_says_on_which_page() {
    let told = [
        (
            "reset-password",
            &[
                "code-sign-in",
                "email-changed",
                "new-sign-in",
                "password-changed",
                "phone-changed",
                "providers-changed",
                "sign-in-stopped",
            ][..],
        ),
        (
            "sign-in",
            &["email-changed", "phone-changed", "providers-changed"],
        ),
        ("recover-username", &["username"]),
    ];
    each(|name, _, words| {
        let Some(html) = &words.html else { return };
        let language = if name.ends_with("Es") { "/es" } else { "" };
        for (page, letters) in told {
            let address = format!("{BASE_URL}{language}/{page}/");
            let is_meant = letters.iter().any(|letter| name.starts_with(letter));
            let lines = words.text.split_whitespace();
            let in_text = lines.filter(|word| *word == address).count();
            assert_eq!(in_text, usize::from(is_meant), "{name}: {}", words.text);
            assert_eq!(html.contains(&address), is_meant, "{name}: {html}");
        }
    });
}

#[test]
fn both_parts_of_an_email_carry_the_same_code_and_link() {
    each(|name, _, words| {
        let Some(html) = &words.html else { return };
        for carried in ["120456", LINK, "ABCD-EFGH-JKMN-PQRS"] {
            let in_text = words.text.contains(carried);
            assert_eq!(in_text, html.contains(carried), "{name} {carried}");
        }
        let expected = if name.starts_with("code") {
            "120456"
        } else {
            "Wellsprings"
        };
        assert!(words.text.contains(expected), "{name}");
    });
}

/// Such a code leaves only after the right password.
#[test]
fn a_sign_in_code_that_was_not_asked_for_means_that_somebody_knows_the_password() {
    each(|name, _, words| {
        let is_code = name.starts_with("code");
        let text = words.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = [
            "eset your password",
            "establezca su contraseña",
            "Cambie su contraseña",
        ];
        let is_told = told.iter().any(|told| text.contains(told));
        let is_of_reset = name.starts_with("code-reset");
        let is_meant = name.starts_with("code-sign-in");
        assert!(
            !is_code || is_of_reset || is_told == is_meant,
            "{name}: {text}"
        );
    });
}

/// A reset alone leaves the phone of whoever has linked it where it is.
#[test]
fn whoever_has_not_changed_their_phone_is_told_to_link_their_own_again() {
    each(|name, channel, words| {
        let text = words.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = [
            ["eset your password", "link your", "phone again"],
            ["contraseña", "vincule otra vez", "teléfono"],
        ];
        let is_told = told
            .iter()
            .any(|words| words.iter().all(|it| text.contains(it)));
        let is_meant = name.starts_with("phone-changed");
        assert_eq!(is_told, is_meant, "{name} {channel:?}: {text}");
    });
}

#[test]
fn values_are_escaped_in_html_and_only_there() {
    each(|name, channel, words| {
        if let Some(html) = &words.html {
            assert!(!html.contains(NAME) && !html.contains("Rosa <"), "{name}");
        }
        let greeted = [
            "reset-link",
            "sign-in-stopped",
            "invitation",
            "connection",
            "enrolled",
            "password-changed",
            "phone-changed",
            "email-changed",
            "deactivated",
            "new-sign-in",
            "providers-changed",
        ];
        let greets = greeted.iter().any(|greeted| name.starts_with(greeted));
        let shows_name = channel == Channel::Email && greets;
        assert_eq!(words.text.contains(NAME), shows_name, "{name} {channel:?}");
        let escaped = "Rosa &lt;b&gt; &amp; &quot;Bo&quot;";
        let in_html = words
            .html
            .as_ref()
            .is_some_and(|html| html.contains(escaped));
        assert_eq!(in_html, shows_name, "{name} {channel:?}");
    });
}

#[test]
fn an_email_fetches_nothing() {
    each(|name, _, words| {
        let html = words.html.as_deref().unwrap_or_default();
        for remote in ["<img", "<link", "<script", "<style", "url(", " src="] {
            assert!(!html.contains(remote), "{name} has {remote}");
        }
    });
}

/// Whether a sign is in the basic alphabet of text messages (3GPP TS 23.038, 6.2.1),
/// as far as English and Spanish use it. One that is not, such as `ó`, makes of a text
/// two or three, which some phones show in pieces.
fn is_gsm(sign: char) -> bool {
    (sign.is_ascii() && !"`^{}[]~|\\".contains(sign)) || "¡¿ÉÑÜéñü".contains(sign)
}

#[test]
fn a_text_fits_in_one_and_ends_with_the_bound_code() {
    each(|name, channel, words| {
        if channel == Channel::Text {
            // 160 signs of the GSM 7-bit alphabet make one text message.
            assert!(words.text.chars().all(is_gsm), "{name}: {}", words.text);
            assert!(words.text.chars().count() <= 160, "{name}");
            assert!(words.text.starts_with("Wellsprings: "), "{name}");
        }
    });
    let last = code_letter(Channel::Text).text;
    assert_eq!(last.lines().last(), Some("@help.example.org #120456"));
}

#[test]
fn a_call_says_the_digits_twice_and_slowly() {
    let said = code_letter(Channel::Call).text;
    assert_eq!(said.matches("1, 2, 0, 4, 5, 6").count(), 2);
    assert!(!said.contains("120456"));
}

#[test]
fn the_letter_says_how_long_a_code_really_works() {
    assert_eq!(
        code::lifetime(Channel::Email),
        SignedDuration::from_hours(24)
    );
    assert!(code_letter(Channel::Email).text.contains("24 hours"));
    for channel in [Channel::Text, Channel::Call] {
        assert_eq!(code::lifetime(channel), SignedDuration::from_mins(10));
        assert!(code_letter(channel).text.contains("10 minutes"));
    }
}

#[test]
fn a_person_without_a_given_name_is_greeted_too() {
    let letter = Letter::Notice {
        what: Notice::Enrolled,
        given_name: None,
    };
    let links = Links::new(BASE_URL);
    let words = letter.write(Channel::Email, Locale::En, links).unwrap();
    assert!(words.text.starts_with("Hello,\n"));
}

/// The facts that pages show stand in the site's settings; ours must be the same.
#[test]
fn support_is_the_one_that_the_site_names() {
    let site = include_str!("../../../../zola.toml");
    let fact = |key: &str| {
        let line = site
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")));
        line.and_then(|line| line.split('"').nth(1)).expect(key)
    };
    each(|name, channel, words| {
        if channel == Channel::Email {
            for key in ["email", "phone_letters", "phone_digits"] {
                assert!(words.text.contains(fact(key)), "{key} in {name}");
            }
        }
    });
}
