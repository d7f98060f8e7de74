//! Titles that ask the same: what is left of them without the words that make no difference.
//!
//! Only what is the same word for word, in the same order, counts; a help center has many questions
//! that are near to each other, and a false alarm teaches people to look away. Words that tell
//! questions apart stay: "why", "when", "not". A question and a title that asks nothing are never the
//! same: the page where people reset a password is not the answer about it.

/// Words that make no difference, by language. Those of other languages all stay.
const EMPTY: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "a", "an", "am", "are", "can", "could", "do", "does", "for", "how", "i", "is", "it",
            "me", "my", "of", "our", "please", "s", "the", "this", "to", "us", "we", "will",
            "would", "you", "your",
        ],
    ),
    (
        "es",
        &[
            "como", "de", "del", "el", "es", "esta", "la", "las", "lo", "los", "me", "mi", "mis",
            "para", "puede", "puedo", "se", "su", "sus", "te", "tu", "tus", "un", "una", "usted",
            "yo",
        ],
    ),
];

/// The fewest words that make a question: one alone is a topic that others may share.
const LEAST: usize = 2;

/// What a title asks, in a form that is the same for all ways to ask it; nothing when too little is
/// left.
pub(super) fn asked(title: &str, language: &str) -> Option<String> {
    let main = language.split('-').next().unwrap_or(language);
    let empty = EMPTY.iter().find(|(language, _)| *language == main);
    let empty = empty.map_or(&[][..], |(_, words)| words);
    let joined = title.replace(['\'', '’'], "");
    let slug = slug::slugify(joined);
    let words: Vec<_> = slug
        .split('-')
        .filter(|word| !empty.contains(word))
        .collect();
    let sign = if title.trim_end().ends_with('?') {
        "?"
    } else {
        ""
    };
    (words.len() >= LEAST).then(|| words.join(" ") + sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_ask_the_same_are_one_and_other_questions_are_not() {
        let same = |a: &str, b: &str, language: &str| {
            asked(a, language).is_some() && asked(a, language) == asked(b, language)
        };
        for (a, b) in [
            ("How do I reset my password?", "Can you reset a password?"),
            ("I can’t sign in!", "Can't sign in"),
            ("Where is my code?", "WHERE IS THE CODE??"),
        ] {
            assert!(same(a, b, "en"), "{a} / {b}");
        }
        for (a, b) in [
            ("Can I change my email?", "Why change my email?"),
            ("I get a code", "I do not get a code"),
            ("Can I pay by phone?", "Must I pay by phone?"),
            ("How do I reset my password?", "Reset your password"),
            ("Email", "My email"),
            ("Who can see my record?", "Who can change my record?"),
            ("Sign in to the portal", "Sign out of the portal"),
            ("How to?", "Can I?"),
        ] {
            assert!(!same(a, b, "en"), "{a} / {b}");
        }
        assert!(same(
            "¿Cómo cambio mi contraseña?",
            "Cambio la contrasena?",
            "es-MX"
        ));
        assert!(!same(
            "¿Cómo cambio mi contraseña?",
            "Cambio la contrasena?",
            "fr"
        ));
    }
}
