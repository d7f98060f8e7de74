//! What makes the audit trail tell of every change: each line carries a keyed
//! hash over itself and the hash of the line before it.
//!
//! Whoever changes, removes, adds or moves a line without the key breaks the
//! chain there. What a chain cannot tell by itself is that its newest lines were
//! cut off; for that, note the head now and then where the database's operator
//! cannot reach it, and give it to `audit verify`.
//!
//! It must not know where lines are kept.

use std::sync::Arc;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;

use super::Entry;
use crate::crypto::{Digest, Keyring, Purpose};

/// A line as it stands in the trail, without its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counts from 1 without a gap.
    pub seq: i64,
    /// When it happened, to the millisecond.
    pub at: Timestamp,
    /// What happened; see [`Event::as_str`](super::Event::as_str).
    pub event: String,
    /// The record it happened to.
    pub subject: [u8; 16],
    /// Who did it, where it was somebody with an account of their own.
    pub actor: Option<[u8; 16]>,
}

/// The newest line's place and link; before the first line, nought and a mark
/// of the key.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The newest line.
    pub seq: i64,
    /// Its link.
    pub link: Digest,
}

/// As an operator notes it down, `SEQ:LINK`: a number, and 64 hexadecimal digits.
///
/// ```
/// # use verify_api::audit::Head;
/// let noted = format!("40:{}", "4b".repeat(32));
/// let head: Head = noted.parse().unwrap();
/// assert_eq!((head.seq, head.to_string()), (40, noted));
/// assert!("40".parse::<Head>().is_err());
/// ```
impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seq, link } = self;
        write!(f, "{seq}:{link}")
    }
}

/// A text that is no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHead;

impl std::fmt::Display for NoHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a head is a number, a colon and 64 hexadecimal digits, as it was printed")
    }
}

impl std::error::Error for NoHead {}

impl std::str::FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let (seq, link) = text.trim().split_once(':').ok_or(NoHead)?;
        let link = HEXLOWER_PERMISSIVE.decode(link.as_bytes());
        let link = link.ok().and_then(|link| link.try_into().ok());
        Ok(Self {
            seq: seq.parse().map_err(|_| NoHead)?,
            link: link.map(Digest).ok_or(NoHead)?,
        })
    }
}

/// Links lines. Clones are the same chain.
#[derive(Clone, Debug)]
pub struct Chain {
    keys: Arc<Keyring>,
}

impl Chain {
    /// The chain of a keyring.
    pub fn new(keys: Arc<Keyring>) -> Self {
        Self { keys }
    }

    /// Where a trail without lines stands.
    pub fn start(&self) -> Head {
        Head {
            seq: 0,
            link: self.keys.digest(Purpose::AuditLine, b""),
        }
    }

    /// The line that comes after `head`, and the head that it makes.
    pub fn append(&self, head: &Head, entry: Entry, at: Timestamp) -> (Line, Head) {
        let line = Line {
            seq: head.seq + 1,
            at,
            event: entry.event.as_str().to_owned(),
            subject: entry.subject,
            actor: entry.actor,
        };
        let head = self.follow(head, &line);
        (line, head)
    }

    /// The head that `line` makes after `head`; whether it is the right one is
    /// told by the link that was stored with it.
    pub fn follow(&self, head: &Head, line: &Line) -> Head {
        Head {
            seq: line.seq,
            link: self
                .keys
                .digest(Purpose::AuditLine, &bytes(&head.link, line)),
        }
    }

    /// Vouches for where a shortened trail begins: after `head`.
    pub fn mark(&self, head: &Head) -> Digest {
        let mut message = head.seq.to_be_bytes().to_vec();
        message.extend_from_slice(&head.link.0);
        self.keys.digest(Purpose::AuditStart, &message)
    }
}

/// Everything that a link vouches for. Only the event is of no fixed length, so
/// it stands last, and no two lines have the same bytes.
fn bytes(previous: &Digest, line: &Line) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    bytes.extend_from_slice(&previous.0);
    bytes.extend_from_slice(&line.seq.to_be_bytes());
    bytes.extend_from_slice(&line.at.as_millisecond().to_be_bytes());
    bytes.extend_from_slice(&line.subject);
    bytes.push(u8::from(line.actor.is_some()));
    bytes.extend_from_slice(&line.actor.unwrap_or_default());
    bytes.extend_from_slice(line.event.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Event;

    fn chain(byte: u8) -> Chain {
        Chain::new(Arc::new(Keyring::of_byte(byte)))
    }

    fn line() -> Line {
        Line {
            seq: 1,
            at: "2026-11-25T09:30:00Z".parse().unwrap(),
            event: Event::Enrolled.as_str().to_owned(),
            subject: [7; 16],
            actor: None,
        }
    }

    #[test]
    fn a_link_vouches_for_every_part_of_a_line_and_for_the_one_before() {
        let (chain, other_key) = (chain(0x4b), chain(0x4c));
        let start = chain.start();
        let right = chain.follow(&start, &line()).link;
        let other = |change: fn(&mut Line)| {
            let mut line = line();
            change(&mut line);
            chain.follow(&start, &line).link
        };
        let mut links = vec![
            right,
            other(|line| line.seq = 2),
            other(|line| line.at += jiff::SignedDuration::from_millis(1)),
            other(|line| line.event = Event::CodeAsked.as_str().to_owned()),
            other(|line| line.subject[15] ^= 1),
            other(|line| line.actor = Some([0; 16])),
            other(|line| line.actor = Some([1; 16])),
            chain
                .follow(
                    &Head {
                        seq: 0,
                        link: right,
                    },
                    &line(),
                )
                .link,
            other_key.follow(&start, &line()).link,
        ];
        let total = links.len();
        links.sort_unstable_by_key(|link| link.0);
        links.dedup_by_key(|link| link.0);
        assert_eq!(links.len(), total);
    }

    #[test]
    fn an_appended_line_follows() {
        let chain = chain(0x4b);
        let entry = Entry {
            event: Event::Enrolled,
            subject: [7; 16],
            actor: None,
        };
        let (appended, head) = chain.append(&chain.start(), entry, line().at);
        assert_eq!(appended, line());
        assert_eq!(head.seq, 1);
        assert!(
            head.link
                .matches(&chain.follow(&chain.start(), &line()).link)
        );
    }
}
