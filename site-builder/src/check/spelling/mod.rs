//! Words that no dictionary has, and neither the editors' own list.
//!
//! Texts are looked at in parallel and give slips; a word is looked up once, however many pages have
//! it. What to write instead takes a thousand times as long to find, so it is looked for at the end,
//! once for each word that is wrong.

mod foreign;
mod lexicon;
mod prose;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use self::lexicon::Lexicon;
use super::{front, texts, words};
use crate::config::Config;
use crate::diagnostic::{Finding, Findings, Place};
use crate::markdown::Reading;
use crate::page::UNWRITTEN;
use crate::page::model::Doc;

/// The rule's name.
pub(super) const RULE: &str = "spelling";

/// For so many words, what to write instead is looked for. With more of them, the texts are in
/// another language than the settings say, and there is no use in guessing.
const SUGGESTED: usize = 1_000;

/// A word of one text that is not in the dictionary.
#[derive(Debug)]
pub(super) struct Slip {
    language: String,
    word: String,
    /// Where it stands first.
    place: Place,
    /// How often it stands in the text.
    count: usize,
}

/// The dictionaries of all languages.
pub(super) struct Speller<'a> {
    lexicons: BTreeMap<&'a str, Lexicon<'a>>,
}

impl<'a> Speller<'a> {
    /// Opens the dictionaries that the settings found; what is wrong with one is a finding.
    pub(super) fn new(config: &'a Config, findings: &mut Findings) -> Self {
        let mut lexicons = BTreeMap::new();
        let level = config.checks.levels.of(RULE);
        for (language, dictionary) in &config.checks.dictionaries {
            match Lexicon::new(dictionary, config.checks.words.known(language)) {
                Ok(lexicon) => {
                    lexicons.insert(language.as_str(), lexicon);
                }
                Err(sentence) => findings
                    .extend(level.map(|level| {
                        Finding::new(level, RULE, Place::file("zola.toml"), sentence)
                    })),
            }
        }
        Self { lexicons }
    }

    /// Looks at the text of one page, its title and its description.
    pub(super) fn look(&self, doc: &Doc, reading: &Reading, source: &str) -> Vec<Slip> {
        let language = doc.lang.as_str();
        let Some(lexicon) = self.lexicons.get(language) else {
            return Vec::new();
        };
        let mut page = Page {
            lexicon,
            seen: BTreeMap::new(),
        };
        for text in [&doc.title, &doc.description].into_iter().flatten() {
            if is_unwritten(text) {
                continue;
            }
            let start = front::find(doc, text);
            page.text(text, |at| match &start {
                Some(whole) => doc.text.place(whole.start + at.start..whole.start + at.end),
                None => doc.text.whole(),
            });
        }
        let foreign = foreign::ranges(reading, source, language);
        let is_foreign = |at: usize| foreign.iter().any(|range| range.contains(&at));
        for block in &reading.blocks {
            if is_unwritten(&block.text) {
                continue;
            }
            for (at, word) in prose::words(&block.text) {
                let source = || block.source(at.clone());
                if foreign.is_empty() || !is_foreign(source().start) {
                    page.word(word, || texts::place(doc, source()));
                }
            }
        }
        for image in &reading.images {
            page.text(&image.alt, |_| texts::place(doc, image.at.clone()));
        }
        let slip = |(word, (place, count)): (&str, (Place, usize))| Slip {
            language: language.to_owned(),
            word: word.to_owned(),
            place,
            count,
        };
        page.seen.into_iter().map(slip).collect()
    }

    /// Tells the slips of all texts.
    pub(super) fn report(&self, slips: &[Slip], config: &Config, findings: &mut Findings) {
        let Some(level) = config.checks.levels.of(RULE) else {
            return;
        };
        // What to write instead is told already.
        let is_told = |slip: &&Slip| {
            let list = config.checks.words.of(&slip.language);
            let list = list.filter(|_| config.checks.levels.of(words::RULE).is_some());
            list.is_some_and(|list| words::has(&slip.word, list))
        };
        let slips: Vec<_> = slips.iter().filter(|slip| !is_told(slip)).collect();
        let wrong: BTreeSet<(&str, &str)> = slips
            .iter()
            .map(|slip| (slip.language.as_str(), slip.word.as_str()))
            .collect();
        let wrong: Vec<_> = wrong.into_iter().take(SUGGESTED).collect();
        let suggested: BTreeMap<_, Vec<String>> = wrong
            .into_par_iter()
            .filter_map(|(language, word)| {
                let lexicon = self.lexicons.get(language)?;
                Some(((language, word), lexicon.suggest(word)))
            })
            .collect();
        for slip in slips {
            let mut sentence = format!("“{}” is not in the dictionary.", slip.word);
            if slip.count > 1 {
                sentence = format!("{sentence} It stands here {} times.", slip.count);
            }
            let key = (slip.language.as_str(), slip.word.as_str());
            let help = help(key, suggested.get(&key).map_or(&[], Vec::as_slice));
            findings.push(Finding::new(level, RULE, slip.place.clone(), sentence).help(help));
        }
    }
}

/// Whether words are still to be written here, which is told already. Those of ours are English, and
/// so is what stands beside them in a translation: a heading of its original.
fn is_unwritten(text: &str) -> bool {
    text.contains(UNWRITTEN)
}

fn help((language, word): (&str, &str), suggested: &[String]) -> String {
    let quoted: Vec<_> = suggested.iter().map(|word| format!("“{word}”")).collect();
    let meant = match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => format!("Did you mean {only}? "),
        Some((last, others)) => format!("Did you mean {} or {last}? ", others.join(", ")),
    };
    format!(
        "{meant}If it is right, add `\"{word}\"` to the list `{language} = […]` below `[known]` in `words.toml`."
    )
}

/// One page's words that are wrong.
struct Page<'a, 'w> {
    lexicon: &'a Lexicon<'a>,
    seen: BTreeMap<&'w str, (Place, usize)>,
}

impl<'w> Page<'_, 'w> {
    fn text(&mut self, text: &'w str, place: impl Fn(Range<usize>) -> Place) {
        for (at, word) in prose::words(text) {
            self.word(word, || place(at.clone()));
        }
    }

    fn word(&mut self, word: &'w str, place: impl Fn() -> Place) {
        if let Some((_, count)) = self.seen.get_mut(word) {
            *count += 1;
        } else if self.seen.len() < texts::MOST && !self.lexicon.has(word) {
            self.seen.insert(word, (place(), 1));
        }
    }
}
