//! YAML as a tree of values that know their places. Scalars mean what they mean in its core schema
//! (YAML 1.2.2 §10.3).
//!
//! Owns the limits that keep a small file from becoming a large one. Knows neither front matter nor
//! data files: [`crate::document`] and [`crate::template`] make of the tree what they need.

use std::collections::BTreeMap;
use std::mem;
use std::ops::Range;

use saphyr::{Scalar, ScalarOwned};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// How many bytes of text count as one value more: aliases of a long text come to a lot, too.
const TEXT: usize = 100;

/// What a text may come to, aliases filled in: a few lines of aliases of aliases could come to
/// billions of values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How many values.
    pub values: usize,
    /// How deep they may lie in each other.
    pub depth: usize,
}

/// A value, and where it stands: a range of characters.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// Where it stands; an alias, where the alias does.
    pub at: Range<usize>,
    /// The value itself.
    pub kind: Kind,
}

/// The kinds of value that YAML has.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A single value; and whether it has neither quotes nor a tag, so that it may be meant as
    /// something that YAML has no type for.
    Scalar(ScalarOwned, bool),
    /// A list.
    List(Vec<Tree>),
    /// Keys and their values.
    Map(Entries),
}

/// Keys, where they stand, and their values, in the order of the text. A key may be there twice.
pub(crate) type Entries = Vec<(String, Range<usize>, Tree)>;

/// Why a text could not be read.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The character at which it shows.
    pub at: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// What is wrong, as the rest of a sentence.
    pub what: String,
}

/// What kind of fault ends the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// It is no YAML.
    Syntax,
    /// It is YAML of a shape that nothing here can use.
    Shape,
    /// It comes to more values than it may.
    TooMany,
    /// Its values lie in each other deeper than they may.
    TooDeep,
}

type Found<T> = Result<T, Fault>;

/// Reads a document; nothing when there is none in the text.
pub(crate) fn parse(text: &str, limits: Limits) -> Found<Option<Tree>> {
    let reader = Reader {
        events: Parser::new_from_str(text),
        limits,
        anchors: BTreeMap::new(),
        values: 0,
        deepest: 0,
    };
    reader.document()
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    limits: Limits,
    anchors: BTreeMap<usize, Known>,
    values: usize,
    /// How deep the value that is being read, or what is in it, has come to lie.
    deepest: usize,
}

/// What an alias stands for.
struct Known {
    tree: Tree,
    /// How many values it comes to.
    count: usize,
    /// How many levels lie in it.
    levels: usize,
}

impl<'a> Reader<'a> {
    fn document(mut self) -> Found<Option<Tree>> {
        let mut found = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(found),
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                _ if found.is_some() => return Err(shape(span, "a second document begins")),
                event => found = Some(self.value(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Found<(Event<'a>, Span)> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let span = Span::empty(*error.marker());
                Err(fault(span, FaultKind::Syntax, error.info()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Found<Tree> {
        self.reach(depth, span)?;
        let around = mem::replace(&mut self.deepest, depth);
        let before = self.values;
        self.count(1, span)?;
        let (anchor, at, kind) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let known = known.ok_or_else(|| shape(span, "a value holds itself"))?;
                let (count, lowest) = (known.count, depth + known.levels);
                self.reach(lowest, span)?;
                self.count(count, span)?;
                self.deepest = around.max(lowest);
                let kind = self.anchors[&anchor].tree.kind.clone();
                return Ok(Tree {
                    at: range(span),
                    kind,
                });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(text.len() / TEXT, span)?;
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let raw = text.clone();
                let scalar = Scalar::parse_from_cow_and_metadata(text, style, tag.as_ref());
                // What its tag does not fit stays the text that it is.
                let scalar = scalar.unwrap_or(Scalar::String(raw)).into_owned();
                (anchor, range(span), Kind::Scalar(scalar, is_plain))
            }
            Event::SequenceStart(anchor, _) => {
                let (items, end) = self.list(depth)?;
                (anchor, range(span).start..end, Kind::List(items))
            }
            Event::MappingStart(anchor, _) => {
                let (entries, end) = self.map(depth)?;
                (anchor, range(span).start..end, Kind::Map(entries))
            }
            _ => return Err(fault(span, FaultKind::Syntax, "a value is missing")),
        };
        let tree = Tree { at, kind };
        if anchor > 0 {
            let known = Known {
                tree: tree.clone(),
                count: self.values - before,
                levels: self.deepest - depth,
            };
            self.anchors.insert(anchor, known);
        }
        self.deepest = self.deepest.max(around);
        Ok(tree)
    }

    /// The items of a list, and where it ends.
    fn list(&mut self, depth: usize) -> Found<(Vec<Tree>, usize)> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, span) => return Ok((items, range(span).end)),
                (event, span) => items.push(self.value(event, span, depth + 1)?),
            }
        }
    }

    /// The entries of a map, and where it ends.
    fn map(&mut self, depth: usize) -> Found<(Entries, usize)> {
        let mut entries = Vec::new();
        loop {
            let (key, at) = match self.next()? {
                (Event::MappingEnd, span) => return Ok((entries, range(span).end)),
                (Event::Scalar(key, ..), span) => (key.into_owned(), span),
                (_, span) => return Err(shape(span, "a name is a single word or text")),
            };
            self.count(key.len() / TEXT, at)?;
            let (event, span) = self.next()?;
            entries.push((key, range(at), self.value(event, span, depth + 1)?));
        }
    }

    fn count(&mut self, more: usize, span: Span) -> Found<()> {
        self.values = self.values.saturating_add(more);
        let most = self.limits.values;
        if self.values <= most {
            return Ok(());
        }
        let what = format!("it comes to more than {most} values (long text counts as several)");
        Err(fault(span, FaultKind::TooMany, &what))
    }

    fn reach(&self, depth: usize, span: Span) -> Found<()> {
        if depth <= self.limits.depth {
            return Ok(());
        }
        let what = "values lie in each other too deep";
        Err(fault(span, FaultKind::TooDeep, what))
    }
}

fn range(span: Span) -> Range<usize> {
    span.start.index()..span.end.index()
}

fn shape(span: Span, what: &str) -> Fault {
    fault(span, FaultKind::Shape, what)
}

fn fault(span: Span, kind: FaultKind, what: &str) -> Fault {
    Fault {
        at: range(span),
        line: span.start.line(),
        kind,
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        values: 10_000,
        depth: 64,
    };

    fn fault(text: &str) -> Option<(FaultKind, usize)> {
        let fault = parse(text, LIMITS).err()?;
        Some((fault.kind, fault.line))
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        bomb.extend((1..12).map(|n| {
            let ten = vec![format!("*a{}", n - 1); 10].join(", ");
            format!("a{n}: &a{n} [{ten}]\n")
        }));
        assert_eq!(fault(&bomb), Some((FaultKind::TooMany, 4)));
        assert_eq!(fault("a: &a [*a]\n"), Some((FaultKind::Shape, 1)));
    }

    #[test]
    fn aliases_of_a_long_text_come_to_what_they_are_long() {
        let long = "x".repeat(100_000);
        let uses = |n| vec!["*x"; n].join(", ");
        for x in [format!("x: &x {long}"), format!("x: &x {{? {long}\n : 1}}")] {
            assert_eq!(fault(&format!("{x}\nall: [{}]\n", uses(5))), None);
            let found = fault(&format!("{x}\nall: [{}]\n", uses(20)));
            assert_eq!(found.unwrap().0, FaultKind::TooMany);
        }
    }

    #[test]
    fn aliases_of_aliases_lie_as_deep_as_what_they_stand_for() {
        let depth = LIMITS.depth;
        let chain = |n: usize| {
            let next = |n| format!("a{n}: &a{n} [*a{}]\n", n - 1);
            let rest: String = (1..n).map(next).collect();
            format!("a0: &a0 [1]\n{rest}")
        };
        // Its key is one level, each list one more.
        assert_eq!(fault(&chain(depth - 1)), None);
        assert_eq!(fault(&chain(depth)), Some((FaultKind::TooDeep, depth)));
        let nested = |n| format!("deep: {}{}\n", "[".repeat(n), "]".repeat(n));
        assert_eq!(fault(&nested(depth)), None);
        assert_eq!(fault(&nested(depth + 1)), Some((FaultKind::TooDeep, 1)));
        // What lies beside an anchor is not in it.
        let beside = format!("a: [{}1{}, &b [1]]\n", "[".repeat(50), "]".repeat(50));
        let below = format!("c: {}*b{}\n", "[".repeat(50), "]".repeat(50));
        assert_eq!(fault(&(beside + &below)), None);
    }
}
