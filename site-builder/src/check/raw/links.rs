//! Links and pictures that Markdown did not take for one, and addresses that are none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Found;
use crate::check::issue::quote;
use crate::markdown::OPAQUE;

/// A way in which a link goes wrong: what it looks like, the sentence about it, and how the right
/// one is made of the parts. The part `to` must look like an address, unless it is a picture.
struct Slip {
    pattern: LazyLock<Option<Regex>>,
    sentence: &'static str,
}

const SPACE: &str = "There is a space in this address, so it shows as it was typed.";

/// In the order in which they are looked for.
static SLIPS: [Slip; 8] = [
    // [text](my page.md)
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\[(?<text>[^\[\]]*)\]\((?<to>[^()]*?)\)").ok()
        }),
        sentence: SPACE,
    },
    // [text](\to\)
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\[(?<text>[^\[\]]*)\]\((?<to>[^()\s]*\\[^()\s]*)\)").ok()
        }),
        sentence: "There are backslashes in this address, so it is no link.",
    },
    // [text] (to)
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\[(?<text>[^\[\]]+)\]\s+\((?<to>[^()\s]+)\)").ok()
        }),
        sentence: "There is a blank between the words of this link and its address, so it is no link.",
    },
    // (text)[to]
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\((?<text>[^()]+)\)\s?\[(?<to>[^\[\]\s]+)\]").ok()
        }),
        sentence: "The brackets of this link are the wrong way round, so it is no link.",
    },
    // [text][to]
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\[(?<text>[^\[\]]+)\]\s?\[(?<to>[^\[\]\s]+)\]").ok()
        }),
        sentence: "The address of this link is in square brackets, so it is no link.",
    },
    // [text](to
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>!?)\[(?<text>[^\[\]]+)\]\((?<to>[^()\s\[\]]+)(?:\s|$)").ok()
        }),
        sentence: "The address of this link has no `)` behind it, so it is no link.",
    },
    // [text(to)
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(
                r"(?<sign>!?)\[(?<text>[^\[\]()]*[^\[\]()\s])\s?\((?<to>[^()\s]+)\)(?:[^\]]|$)",
            )
            .ok()
        }),
        sentence: "The words of this link have no `]` behind them, so it is no link.",
    },
    // text](to)
    Slip {
        pattern: LazyLock::new(|| {
            Regex::new(r"(?<sign>)(?<text>[^\[\]\s]+)\]\((?<to>[^()\s]+)\)").ok()
        }),
        sentence: "The words of this link have no `[` before them, so it is no link.",
    },
];

static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:https?://|www\.)[^\s<>"“”«»\x{fffc}]+"#).ok());

static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"@/[\w./#-]*\w").ok());

/// Looks for links and pictures that did not take.
pub(super) fn check(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if !text.contains([']', ')']) {
        return found;
    }
    for slip in &SLIPS {
        let Some(pattern) = slip.pattern.as_ref() else {
            continue;
        };
        for parts in pattern.captures_iter(text) {
            let Some(at) = parts.get(0).map(|whole| whole.range()) else {
                continue;
            };
            let is_new = found
                .iter()
                .all(|(other, ..)| other.end <= at.start || at.end <= other.start);
            if is_new && let Some(help) = slip.help(&parts) {
                // What shows where the address ends is no part of it.
                let end = parts.name("to").map_or(at.end, |to| to.end());
                let closing = text[end..].starts_with([')', ']']);
                let end = end + usize::from(closing);
                found.push((at.start..end, slip.sentence.to_owned(), help));
            }
        }
    }
    found
}

impl Slip {
    /// How the link is right; none when it is no link.
    fn help(&self, parts: &Captures<'_>) -> Option<String> {
        let (sign, text, to) = (&parts["sign"], &parts["text"], parts["to"].trim());
        let name = to.split_once(" \"").map_or(to, |(name, _)| name);
        let has_space = name.contains(char::is_whitespace);
        let is_space = self.sentence == SPACE;
        if is_space != has_space
            || to.contains(OPAQUE)
            || !is_address(&name.replace('\\', "/"), is_space && sign.is_empty())
        {
            return None;
        }
        let words = quote(text);
        let is_elsewhere = name.contains("://") || name.starts_with("www.");
        let joint = if is_elsewhere { "%20" } else { "-" };
        let right = name.split_whitespace().collect::<Vec<_>>().join(joint);
        let right = right.replace("-/", "/").replace("/-", "/");
        // A slash of Windows keeps a bracket behind it from closing the link.
        let right = right.replace('\\', "/");
        let write = format!("rite `{sign}[{words}]({right})`.");
        // An address of ours is the name of a file.
        let file = right.split('#').next().unwrap_or_default();
        let file = file.rsplit('/').next().unwrap_or_default();
        Some(if is_space && !is_elsewhere && file.contains('.') {
            format!("Name the file `{file}`, without spaces, and w{write}")
        } else {
            format!("W{write}")
        })
    }
}

/// Whether a text is where a link can lead.
fn is_address(text: &str, is_strict: bool) -> bool {
    let starts = [
        "http://", "https://", "www.", "@/", "/", "./", "../", "#", "mailto:", "tel:",
    ];
    // What is behind it is no heading, but a number in another list.
    if text
        .strip_prefix('#')
        .is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()))
    {
        return false;
    }
    if starts.iter().any(|start| text.starts_with(start)) {
        // A slash in front may be one of words: `[yes] (/no)`.
        return text.len() > 2 && !(is_strict && text.starts_with("/ "));
    }
    let path = text.split(['#', '?']).next().unwrap_or_default();
    path.rsplit_once('.').is_some_and(|(name, ending)| {
        let known = [
            "md", "htm", "html", "pdf", "png", "jpg", "jpeg", "gif", "svg", "webp", "doc", "docx",
        ];
        !name.is_empty() && known.contains(&ending.to_ascii_lowercase().as_str())
    })
}

/// Looks for addresses of other sites that nobody can click on.
pub(super) fn bare(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for address in BARE.iter().flat_map(|bare| bare.find_iter(text)) {
        let before = text[..address.start()].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || "/@.:=`".contains(c)) {
            continue;
        }
        let at = address.start()..address.start() + trimmed(address.as_str()).len();
        let written = &text[at.clone()];
        // An example of how addresses begin leads nowhere.
        let host = written
            .trim_start_matches("https://")
            .trim_start_matches("http://");
        if !host
            .split(['/', '?', '#'])
            .next()
            .unwrap_or_default()
            .contains('.')
            || host.contains("…")
        {
            continue;
        }
        found.push(told(at, written));
    }
    found.extend(references(text));
    found
}

/// `@/page.md` outside of a link.
fn references(text: &str) -> Vec<Found> {
    if !text.contains("@/") {
        return Vec::new();
    }
    let all = REFERENCE.iter().flat_map(|pattern| pattern.find_iter(text));
    let bare = all.filter(|found| {
        let before = text[..found.start()].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "/.`".contains(c))
    });
    let told = |found: regex::Match<'_>| {
        let written = found.as_str();
        (
            found.range(),
            format!(
                "`{}` shows as it was typed, because it is in no link.",
                quote(written)
            ),
            format!("Write the words that people are to click on: `[what is there]({written})`."),
        )
    };
    bare.map(told).collect()
}

fn told(at: Range<usize>, written: &str) -> Found {
    let address = if written.starts_with("www.") {
        format!("https://{written}")
    } else {
        written.to_owned()
    };
    (
        at,
        "This address is no link, so nobody can follow it.".to_owned(),
        format!(
            "Write the words that people are to click on: `[what is there]({address})`. To show the \
             address itself, write `<{address}>`."
        ),
    )
}

/// An address without the signs that belong to the sentence around it.
fn trimmed(address: &str) -> &str {
    let mut rest = address;
    loop {
        let next = rest.trim_end_matches(|c: char| ".,;:!?'’*_~…]".contains(c));
        let opened = next.matches('(').count();
        let closed = next.matches(')').count();
        let next = match next.strip_suffix(')') {
            Some(shorter) if closed > opened => shorter,
            _ => next,
        };
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}
