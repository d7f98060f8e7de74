//! What a voice says in a call, in Twilio's own markup (TwiML).
//!
//! It must not know what the text is about.

use protocol::Locale;
use protocol::form::escape;

/// The longest TwiML that Twilio takes with a call, in characters.
#[cfg(test)]
const MAX_LENGTH: usize = 4000;

/// How often a call says everything: whoever picks up late, or goes to find a
/// pen, hears it again.
const TIMES: usize = 2;

/// Turns the text of a call into TwiML.
///
/// Digits that stand one by one (`1, 2, 0`) are said alone, with a second of
/// silence after each. They are verbs of their own rather than SSML, which not
/// every voice of Twilio's understands, and which voice speaks is up to the
/// account.
pub(super) fn twiml(text: &str, locale: Locale) -> String {
    let language = language(locale);
    let mut once = String::new();
    for passage in passages(text) {
        match passage {
            Passage::Words(words) => say(&mut once, language, words),
            Passage::Digits(digits) => {
                for digit in digits.split(", ") {
                    say(&mut once, language, digit);
                    once.push_str("<Pause/>");
                }
            }
        }
    }
    let all = vec![once; TIMES].join("<Pause length=\"2\"/>");
    // Answered is not yet at the ear.
    format!("<Response><Pause/>{all}</Response>")
}

fn say(twiml: &mut String, language: &str, words: &str) {
    twiml.push_str("<Say language=\"");
    twiml.push_str(language);
    twiml.push_str("\">");
    twiml.push_str(&escape(words));
    twiml.push_str("</Say>");
}

/// The language of the voice, as Twilio names it.
const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en-US",
        // The Spanish of the Americas, which patients in the United States speak.
        Locale::Es => "es-US",
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Passage<'a> {
    Words(&'a str),
    /// `1, 2, 0`
    Digits(&'a str),
}

/// Cuts a text where digits begin and end that stand one by one.
fn passages(text: &str) -> Vec<Passage<'_>> {
    let mut passages = Vec::new();
    let mut rest = text;
    while let Some((from, length)) = digits(rest) {
        push_words(&mut passages, &rest[..from]);
        passages.push(Passage::Digits(&rest[from..from + length]));
        rest = &rest[from + length..];
    }
    push_words(&mut passages, rest);
    passages
}

fn push_words<'a>(passages: &mut Vec<Passage<'a>>, words: &'a str) {
    // What ended the digits is said by the pause.
    let words = words.trim_start_matches(['.', ',', ';']).trim();
    if !words.is_empty() {
        passages.push(Passage::Words(words));
    }
}

/// Where the first digits that stand one by one begin, and how long they are.
fn digits(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_alone = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let beside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        bytes.get(at).is_some_and(u8::is_ascii_digit)
            && !beside(before)
            && !beside(bytes.get(at + 1))
    };
    (0..bytes.len())
        .filter(|at| is_alone(*at))
        .find_map(|from| {
            let mut last = from;
            while bytes[last + 1..].starts_with(b", ") && is_alone(last + 3) {
                last += 3;
            }
            (last > from).then_some((from, last + 1 - from))
        })
}

#[cfg(test)]
mod tests {
    use protocol::Channel;
    use protocol::values::Code;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::flow::CodeFor;
    use crate::outbox::letter::Letter;
    use crate::outbox::{Links, Notice};

    /// What is said, and the silence between, as a parser of XML sees it.
    fn heard(twiml: &str, locale: Locale) -> Vec<String> {
        let mut reader = Reader::from_str(twiml);
        let mut heard = vec![String::new()];
        loop {
            match reader.read_event().expect("TwiML is XML") {
                Event::Start(tag) if tag.name().as_ref() == b"Say" => {
                    let language = tag.try_get_attribute("language").unwrap().unwrap();
                    assert_eq!(&*language.value, super::language(locale).as_bytes());
                    heard.push(String::new());
                }
                Event::Start(tag) => assert_eq!(tag.name().as_ref(), b"Response"),
                Event::Empty(tag) => {
                    assert_eq!(tag.name().as_ref(), b"Pause");
                    heard.push("…".to_owned());
                }
                Event::Text(text) => {
                    let last = heard.last_mut().unwrap();
                    last.push_str(&text.decode().unwrap());
                }
                Event::GeneralRef(name) => {
                    let sign = match &*name.decode().unwrap() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "#39" => "'",
                        other => panic!("{other}"),
                    };
                    heard.last_mut().unwrap().push_str(sign);
                }
                Event::Eof => return heard.into_iter().skip(1).collect(),
                _ => {}
            }
        }
    }

    #[test]
    fn digits_are_said_alone_with_silence_between_and_everything_twice() {
        let once = ["Your code is:", "1", "…", "2", "…", "0", "…", "Once more."];
        let mut expected = vec!["…"];
        expected.extend(once);
        expected.push("…");
        expected.extend(once);
        let twiml = twiml("Your code is: 1, 2, 0. Once more.", Locale::En);
        assert_eq!(heard(&twiml, Locale::En), expected);
    }

    #[test]
    fn only_digits_that_stand_alone_are_cut_out() {
        for text in [
            "It works for 10 minutes, 5 at most.",
            "A1, 2",
            "1",
            "10, 20",
        ] {
            assert_eq!(passages(text), [Passage::Words(text)], "{text}");
        }
        assert_eq!(
            passages("at 8, 8, 8, and 1, 2, 10"),
            [
                Passage::Words("at"),
                Passage::Digits("8, 8, 8"),
                Passage::Words("and"),
                Passage::Digits("1, 2"),
                Passage::Words("10"),
            ]
        );
        assert_eq!(passages("1, "), [Passage::Words("1,")]);
        assert!(passages("").is_empty());
    }

    #[test]
    fn no_text_can_add_a_verb() {
        let twiml = twiml("Tom & Ana's <Dial>1</Dial>", Locale::En);
        assert_eq!(heard(&twiml, Locale::En)[1], "Tom & Ana's <Dial>1</Dial>");
    }

    #[test]
    fn every_call_fits_and_says_each_digit_of_its_code_four_times() {
        let code = Code::parse("120456").unwrap();
        let given_name = Some("Rosa");
        let of_notice = |what| Letter::Notice { what, given_name };
        let letters = [
            Letter::Code {
                code: &code,
                purpose: CodeFor::Phone,
                host: "help.example.org",
            },
            of_notice(Notice::Enrolled),
            of_notice(Notice::PasswordChanged),
        ];
        let links = Links::new("https://help.example.org");
        for locale in Locale::ALL {
            for (letter, digits) in letters.iter().zip(["120456", "8887474255", "8887474255"]) {
                let text = letter.write(Channel::Call, locale, links).unwrap().text;
                let twiml = twiml(&text, locale);
                assert!(twiml.chars().count() <= MAX_LENGTH, "{text}");
                let heard = heard(&twiml, locale);
                let alone = heard.iter().filter(|said| said.len() == 1);
                let said: String = alone.map(String::as_str).collect();
                assert_eq!(said, digits.repeat(4), "{text}");
            }
        }
    }
}
