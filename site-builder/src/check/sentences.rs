//! How hard a text is to read: words a sentence, and a reading grade.
//!
//! English by the grade level of Flesch and Kincaid, Spanish by Szigriszt's ease on the INFLESZ
//! scale, where 65 to 80 is "fairly easy". Sentences end where Unicode's rules say so; an item of a
//! list is one of its own.

use std::ops::Range;

use super::issue::{Issue, quote};
use super::syllables;
use super::tokens::Tokens;
use crate::config::Limits;
use crate::markdown::BlockKind;
use crate::segment;

/// The rule about the length of a sentence.
pub(super) const LONG: &str = "long-sentence";
/// The rule about the reading grade of a page.
pub(super) const GRADE: &str = "reading-grade";

/// A page of fewer words has no grade worth its name.
const WORDS_FOR_A_GRADE: usize = 30;
/// A sentence of fewer words is not among the hardest, unless all are as short.
const WORDS_OF_A_HARD_ONE: usize = 6;
/// How many of the hardest are named.
const HARDEST: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Language {
    English,
    Spanish,
    Other,
}

struct Sentence<'a> {
    at: Range<usize>,
    text: &'a str,
    words: usize,
    syllables: usize,
}

impl Language {
    fn of(tag: &str) -> Self {
        match tag.split('-').next() {
            Some("en") => Self::English,
            Some("es") => Self::Spanish,
            _ => Self::Other,
        }
    }

    fn syllables(self, word: &str) -> usize {
        match self {
            Self::English => syllables::english(word),
            Self::Spanish => syllables::spanish(word),
            Self::Other => 0,
        }
    }

    /// How far beyond its limit a text is; above 0 it is too hard. With what a person is told.
    fn excess(self, sum: Sum, limits: Limits) -> f64 {
        match self {
            Self::English => sum.grade() - limits.grade,
            Self::Spanish => limits.ease - sum.ease(),
            Self::Other => 0.0,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    sentences: f64,
    words: f64,
    syllables: f64,
}

impl Sum {
    fn add(&mut self, sentence: &Sentence<'_>) {
        self.sentences += 1.0;
        self.words += count(sentence.words);
        self.syllables += count(sentence.syllables);
    }

    fn grade(self) -> f64 {
        0.39 * (self.words / self.sentences) + 11.8 * (self.syllables / self.words) - 15.59
    }

    fn ease(self) -> f64 {
        206.835 - 62.3 * (self.syllables / self.words) - self.words / self.sentences
    }
}

/// Looks at the sentences of a text in this language.
pub(super) fn check(tokens: &[Tokens<'_>], language: &str, limits: Limits) -> Vec<Issue> {
    let language = Language::of(language);
    let sentences = sentences(tokens, language);
    let mut issues: Vec<_> = sentences
        .iter()
        .filter(|sentence| sentence.words > limits.sentence_words)
        .map(|sentence| {
            Issue::new(
                LONG,
                sentence.at.clone(),
                format!("This sentence has {} words.", sentence.words),
                format!(
                    "Make two of it: {} words or fewer are easy to follow.",
                    limits.sentence_words
                ),
            )
        })
        .collect();
    issues.extend(grade(&sentences, language, limits));
    issues
}

fn sentences<'a>(tokens: &[Tokens<'a>], language: Language) -> Vec<Sentence<'a>> {
    let mut sentences = Vec::new();
    for tokens in tokens {
        if tokens.block.kind != BlockKind::Prose {
            continue;
        }
        let mut words = tokens.words.iter().peekable();
        for (start, text) in segment::sentences(&tokens.block.text) {
            let end = start + text.trim_end().len();
            let mut sentence = Sentence {
                at: 0..0,
                text: text.trim(),
                words: 0,
                syllables: 0,
            };
            while let Some((_, word)) = words.next_if(|(at, _)| *at < end) {
                sentence.words += 1;
                sentence.syllables += language.syllables(word);
            }
            if sentence.words > 0 {
                let start = start + (text.len() - text.trim_start().len());
                sentence.at = tokens.block.source(start..end);
                sentences.push(sentence);
            }
        }
    }
    sentences
}

fn grade(sentences: &[Sentence<'_>], language: Language, limits: Limits) -> Option<Issue> {
    let mut sum = Sum::default();
    for sentence in sentences {
        sum.add(sentence);
    }
    if sum.words < count(WORDS_FOR_A_GRADE) || language.excess(sum, limits) <= 0.0 {
        return None;
    }
    let counts = |sentence: &&Sentence<'_>| sentence.words >= WORDS_OF_A_HARD_ONE;
    let all = !sentences.iter().any(|sentence| counts(&sentence));
    let mut hardest: Vec<_> = sentences
        .iter()
        .filter(|sentence| all || counts(sentence))
        .map(|sentence| {
            let mut alone = Sum::default();
            alone.add(sentence);
            (language.excess(alone, limits), sentence)
        })
        .collect();
    hardest.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut hardest = hardest
        .into_iter()
        .map(|(_, sentence)| sentence)
        .take(HARDEST);
    let worst = hardest.next()?;
    let told = match language {
        Language::Spanish => format!(
            "This page is harder to read than most people like: {:.0} on the INFLESZ scale, where \
             {:.0} and above is fairly easy.",
            sum.ease(),
            limits.ease
        ),
        _ => format!(
            "This page takes the reading of school grade {:.1}; grade {:.0} or lower is plain.",
            sum.grade(),
            limits.grade
        ),
    };
    let help = format!(
        "Use shorter sentences and everyday words. The hardest sentence is “{}”.",
        quote(worst.text)
    );
    let mut issue = Issue::new(GRADE, worst.at.clone(), told, help);
    issue.also = hardest.map(|sentence| sentence.at.clone()).collect();
    Some(issue)
}

/// Counts of words are far below what a float holds exactly.
#[expect(
    clippy::cast_precision_loss,
    reason = "a text has fewer than 2^52 words"
)]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Block;

    fn found(text: &str, language: &str, limits: Limits) -> Vec<Issue> {
        let blocks: Vec<Block> = text.split("\n\n").map(Block::prose).collect();
        let tokens: Vec<_> = blocks.iter().map(Tokens::new).collect();
        check(&tokens, language, limits)
    }

    #[test]
    fn a_long_sentence_is_found_and_one_at_the_limit_is_not() {
        let limits = Limits {
            sentence_words: 5,
            ..Limits::default()
        };
        let issues = found(
            "One two three four five. Now there are six words here. End.",
            "fr",
            limits,
        );
        let found: Vec<_> = issues.iter().map(|i| (i.rule, i.at.clone())).collect();
        assert_eq!(found, [(LONG, 25..54)]);
    }

    #[test]
    fn a_page_of_hard_sentences_names_the_hardest() {
        let hard = "Authentication of administrative credentials necessitates verification. ";
        let easy = "Call us now and we will help you. ";
        let text = format!("{easy}{hard}{easy}{}", hard.repeat(3));
        let issues = found(&text, "en-US", Limits::default());
        assert_eq!(issues.len(), 1, "{issues:?}");
        assert_eq!((issues[0].rule, issues[0].at.start), (GRADE, easy.len()));
        assert!(
            issues[0].help.contains("Authentication"),
            "{}",
            issues[0].help
        );
        assert_eq!(issues[0].also.len(), 2);
        assert_eq!(found(&easy.repeat(9), "en", Limits::default()), []);
    }

    #[test]
    fn spanish_is_measured_by_its_own_scale() {
        let hard = "La autenticación de credenciales administrativas requiere verificación. ";
        let issues = found(&hard.repeat(5), "es-MX", Limits::default());
        assert_eq!(issues.len(), 1, "{issues:?}");
        assert!(
            issues[0].sentence.contains("INFLESZ"),
            "{}",
            issues[0].sentence
        );
        let easy = "Llame a la clínica y pida un código. ";
        assert_eq!(found(&easy.repeat(5), "es", Limits::default()), []);
    }

    #[test]
    fn a_short_page_has_no_grade() {
        let hard = "Authentication of administrative credentials necessitates verification.";
        assert_eq!(found(hard, "en", Limits::default()), []);
    }
}
