//! Words of a link: do they say where it leads, also to who hears nothing but the links of a page?

use std::ops::Range;

use super::issue::{Issue, quote};
use crate::markdown::Reading;

/// The rule's name.
pub(super) const RULE: &str = "link-text";

/// Words that say nothing of where a link leads, in English and in Spanish.
const USELESS: [&str; 40] = [
    "click",
    "click here",
    "click here for more",
    "click this",
    "click this link",
    "continue",
    "continue reading",
    "details",
    "find out more",
    "go",
    "go here",
    "here",
    "info",
    "know more",
    "learn more",
    "link",
    "more",
    "more details",
    "more info",
    "more information",
    "page",
    "read",
    "read more",
    "see here",
    "see more",
    "tap here",
    "this",
    "this link",
    "this page",
    "website",
    "aquí",
    "clic aquí",
    "haga clic aquí",
    "haz clic aquí",
    "en este enlace",
    "este enlace",
    "leer más",
    "más",
    "más información",
    "ver más",
];

/// What is wrong with a link's words, and what to do about it.
pub(super) fn fault(text: &str) -> Option<(String, String)> {
    let plain = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
    if text.trim().is_empty() {
        return Some((
            "This link has no words, so nobody can tell what it is.".to_owned(),
            "Write where it leads between the square brackets: [Contact the clinic](…).".to_owned(),
        ));
    }
    if USELESS.contains(&plain) {
        return Some((
            format!("“{}” does not say where this link leads.", quote(text)),
            "Make a link of the words that name the page or the job: [reset your password](…)."
                .to_owned(),
        ));
    }
    let address =
        plain.starts_with("http://") || plain.starts_with("https://") || plain.starts_with("www.");
    (address && !plain.contains(' ')).then(|| {
        (
            "This link shows its address, which is hard to read and to listen to.".to_owned(),
            "Write what is there instead: [name of the site](…).".to_owned(),
        )
    })
}

/// Looks at a title: lists show it as the words of a link.
pub(super) fn in_title(title: &str) -> Vec<(Range<usize>, String, String)> {
    let found = fault(title).filter(|_| !title.trim().is_empty());
    let told = |_| {
        let sentence = format!(
            "“{}” is what links in lists say, and it does not say where they lead.",
            quote(title)
        );
        let help = "Write a title that names what the page is about.";
        (0..title.len(), sentence, help.to_owned())
    };
    found.into_iter().map(told).collect()
}

/// Looks at the links of a text.
pub(super) fn check(reading: &Reading) -> Vec<Issue> {
    reading
        .links
        .iter()
        .filter_map(|link| {
            let (sentence, help) = fault(&link.text)?;
            Some(Issue::new(RULE, link.at.clone(), sentence, help))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_say_nothing_are_told_from_those_that_do() {
        for text in [
            "here",
            "Click  here!",
            "Read more…",
            "AQUÍ",
            "Más información",
            "",
            " ",
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
        for text in [
            "https://example.org/a",
            "www.example.org",
            "http://example.org",
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
        for text in [
            "Reset your password",
            "Here for you",
            "info@example.org",
            "911",
            "What is https?",
            "Página de contacto",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }
}
