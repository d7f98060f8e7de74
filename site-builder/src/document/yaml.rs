//! How YAML front matter becomes a [`Table`].
//!
//! Scalars mean what they mean in YAML's core schema (YAML 1.2.2 §10.3), and a plain one that is a
//! date is one, as in TOML. Owns the limits that keep a small file from becoming a large one. Knows
//! no key.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::ops::Range;

use saphyr::Scalar;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Data, Entry, Node, Table};
use crate::diagnostic::{Finding, Findings};
use crate::text::Text;

/// How many values front matter may come to, aliases filled in: a few lines of aliases of aliases
/// could come to billions.
const VALUES: usize = 10_000;
/// How many bytes of text count as one value more: aliases of a long text come to a lot, too.
const TEXT: usize = 100;
/// How deep values may lie in each other, aliases filled in.
const DEPTH: usize = 64;

/// Reads the YAML in `range` of a file. A fault becomes a finding, and nothing is returned then but
/// an empty table; the flag is false after one.
pub(crate) fn parse_yaml(
    text: &Text,
    range: Range<usize>,
    findings: &mut Findings,
) -> (Table, bool) {
    let source = &text.body[range.clone()];
    let offsets = source.char_indices().map(|(at, _)| range.start + at);
    let mut reader = Reader {
        events: Parser::new_from_str(source),
        offsets: offsets.chain([range.end]).collect(),
        anchors: BTreeMap::new(),
        values: 0,
        deepest: 0,
        is_whole: true,
        text,
        findings,
    };
    match reader.document() {
        Ok(Some(table)) => (table, reader.is_whole),
        Ok(None) => (Table::default(), true),
        Err(fault) => {
            let finding = Finding::error("yaml-syntax", text.place(fault.at), fault.sentence);
            findings.push(finding.help(fault.help));
            (Table::default(), false)
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// The byte of the file at which each character of the YAML starts, and where it ends.
    offsets: Vec<usize>,
    anchors: BTreeMap<usize, Known>,
    values: usize,
    /// How deep the value that is being read, or what is in it, has come to lie.
    deepest: usize,
    /// Whether every key could be kept.
    is_whole: bool,
    text: &'a Text,
    findings: &'a mut Findings,
}

/// What an alias stands for.
#[derive(Clone, Default)]
struct Known {
    /// Nothing where it was null.
    node: Option<Node>,
    /// How many values it comes to.
    count: usize,
    /// How many levels lie in it.
    levels: usize,
}

/// What ends the reading.
struct Fault {
    at: Range<usize>,
    sentence: String,
    help: &'static str,
}

const LAYOUT: &str = "Each key stands on its own line as `key: value`; indent with spaces, and put text that holds \
     a colon in quotes.";

type Found<T> = Result<T, Fault>;

impl Reader<'_> {
    /// The table of the document; none when it is empty.
    fn document(&mut self) -> Found<Option<Table>> {
        let mut table = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(table),
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                event => {
                    let at = self.range(span);
                    let node = self.value(event, span, 0)?;
                    match node.map(|node| node.data) {
                        None => {}
                        Some(Data::Table(found)) if table.is_none() => table = Some(found),
                        Some(_) => {
                            let sentence = "Front matter is a list of keys and their values.";
                            return Err(fault(at, sentence, LAYOUT));
                        }
                    }
                }
            }
        }
    }

    fn next(&mut self) -> Found<(Event<'static>, Span)> {
        match self.events.next() {
            Some(Ok((event, span))) => Ok((owned(event), span)),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn syntax(&self, error: &ScanError) -> Fault {
        // A fault at the end belongs to the last line, not to the one that closes front matter.
        let last = self.offsets.len().saturating_sub(2);
        let at = self.offset(error.marker().index().min(last));
        let sentence = format!("This is not valid YAML: {}.", error.info());
        fault(at..at, sentence, LAYOUT)
    }

    /// The value that begins with `event`; nothing for null, which stands for a key that is not there.
    fn value(&mut self, event: Event<'static>, span: Span, depth: usize) -> Found<Option<Node>> {
        let at = self.range(span);
        let before = self.values;
        self.count(1, &at)?;
        let around = mem::replace(&mut self.deepest, depth);
        reach(depth, &at)?;
        let (anchor, node) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let (count, levels) = known.map_or((0, 0), |known| (known.count, known.levels));
                self.count(count, &at)?;
                reach(depth + levels, &at)?;
                self.deepest = around.max(depth + levels);
                let node = self
                    .anchors
                    .get(&anchor)
                    .and_then(|known| known.node.clone());
                return Ok(node.map(|node| Node { at, ..node }));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(text.len() / TEXT, &at)?;
                let data = scalar(text, style, tag.as_ref());
                (anchor, data.map(|data| Node { at, data }))
            }
            Event::SequenceStart(anchor, _) => (anchor, Some(self.list(at, depth)?)),
            Event::MappingStart(anchor, _) => (anchor, Some(self.table(at, depth)?)),
            _ => return Err(fault(at, "This is not valid YAML.", LAYOUT)),
        };
        if anchor > 0 {
            let known = Known {
                node: node.clone(),
                count: self.values - before,
                levels: self.deepest - depth,
            };
            self.anchors.insert(anchor, known);
        }
        self.deepest = self.deepest.max(around);
        Ok(node)
    }

    fn list(&mut self, at: Range<usize>, depth: usize) -> Found<Node> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let at = at.start..self.range(span).end;
                let data = Data::List(items);
                return Ok(Node { at, data });
            }
            items.extend(self.value(event, span, depth + 1)?);
        }
    }

    fn table(&mut self, at: Range<usize>, depth: usize) -> Found<Node> {
        let mut entries = Vec::new();
        let mut keys = BTreeSet::new();
        loop {
            let (event, span) = self.next()?;
            let key_at = self.range(span);
            let key = match event {
                Event::MappingEnd => {
                    let at = at.start..key_at.end;
                    let data = Data::Table(Table { entries });
                    return Ok(Node { at, data });
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(fault(key_at, "A key is a single word or text.", LAYOUT)),
            };
            self.count(key.len() / TEXT, &key_at)?;
            let (event, span) = self.next()?;
            let value = self.value(event, span, depth + 1)?;
            if !keys.insert(key.clone()) {
                self.is_whole = false;
                let place = self.text.place(key_at);
                let sentence = format!("The key `{key}` is here twice.");
                let finding = Finding::error("yaml-syntax", place, sentence);
                self.findings.push(finding.help("Remove one of them."));
                continue;
            }
            entries.extend(value.map(|node| Entry { key, key_at, node }));
        }
    }

    fn count(&mut self, more: usize, at: &Range<usize>) -> Found<()> {
        self.values = self.values.saturating_add(more);
        if self.values <= VALUES {
            return Ok(());
        }
        let sentence = format!(
            "This front matter comes to more than {VALUES} values; long text counts as several."
        );
        let help = "Write what it needs without aliases (`*name`), or put it into a data file.";
        Err(fault(at.clone(), sentence, help))
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start.index());
        start..self.offset(span.end.index()).max(start)
    }

    fn offset(&self, character: usize) -> usize {
        let last = self.offsets.len() - 1;
        self.offsets[character.min(last)]
    }
}

fn reach(depth: usize, at: &Range<usize>) -> Found<()> {
    if depth <= DEPTH {
        return Ok(());
    }
    let sentence = "Values lie in each other too deep here.";
    Err(fault(at.clone(), sentence, "Write it flatter."))
}

fn fault(at: Range<usize>, sentence: impl Into<String>, help: &'static str) -> Fault {
    let sentence = sentence.into();
    Fault { at, sentence, help }
}

fn owned(event: Event<'_>) -> Event<'static> {
    let tag = |tag: Option<Cow<'_, Tag>>| tag.map(|tag| Cow::Owned(tag.into_owned()));
    match event {
        Event::Scalar(text, style, anchor, with) => {
            Event::Scalar(Cow::Owned(text.into_owned()), style, anchor, tag(with))
        }
        Event::SequenceStart(anchor, with) => Event::SequenceStart(anchor, tag(with)),
        Event::MappingStart(anchor, with) => Event::MappingStart(anchor, tag(with)),
        Event::Alias(anchor) => Event::Alias(anchor),
        Event::Nothing => Event::Nothing,
        Event::StreamStart => Event::StreamStart,
        Event::StreamEnd => Event::StreamEnd,
        Event::DocumentStart(explicit) => Event::DocumentStart(explicit),
        Event::DocumentEnd => Event::DocumentEnd,
        Event::SequenceEnd => Event::SequenceEnd,
        Event::MappingEnd => Event::MappingEnd,
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Cow<'_, Tag>>) -> Option<Data> {
    if style == ScalarStyle::Plain
        && tag.is_none()
        && let Ok(date) = text.parse()
    {
        return Some(Data::Date(date));
    }
    let plain = text.clone();
    // What its tag does not fit stays the text that it is.
    let scalar = Scalar::parse_from_cow_and_metadata(text, style, tag);
    Some(match scalar.unwrap_or(Scalar::String(plain)) {
        Scalar::Null => return None,
        Scalar::Boolean(flag) => Data::Bool(flag),
        Scalar::Integer(number) => Data::Integer(number),
        Scalar::FloatingPoint(number) => Data::Float(number.into_inner()),
        Scalar::String(text) => Data::Text(text.into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> (Table, Findings) {
        let mut findings = Findings::default();
        let text = Text::new("content/a.md", source);
        let (table, _) = parse_yaml(&text, 0..text.body.len(), &mut findings);
        (table, findings)
    }

    fn sentences(findings: &Findings) -> Vec<(usize, usize, String)> {
        let all = findings.iter();
        all.map(|f| (f.place.line, f.place.column, f.sentence.clone()))
            .collect()
    }

    #[test]
    fn values_are_what_the_core_schema_makes_of_them() {
        let (table, findings) = parse(concat!(
            "title: Où est-ce ?\nweight: 3\ndraft: true\ndate: 2026-11-25\nquoted: \"2026-11-25\"\n",
            "part: 1.5\nnothing:\nlist: [a, 2]\nextra:\n  deep: |\n    two\n    lines\n",
        ));
        assert!(findings.is_empty());
        assert_eq!(
            serde_json::to_string(&table.to_value()).unwrap(),
            concat!(
                r#"{"title":"Où est-ce ?","weight":3,"draft":true,"date":"2026-11-25","#,
                r#""quoted":"2026-11-25","part":1.5,"list":["a",2],"extra":{"deep":"two\nlines\n"}}"#,
            )
        );
        let is_date = |key| matches!(table.get(key).unwrap().data, Data::Date(_));
        assert!(is_date("date") && !is_date("quoted"));
    }

    #[test]
    fn a_place_is_the_one_in_the_file_whatever_stands_before_it() {
        let source = "---\ntitle: ü\nwéight: heavy\n---\n";
        let text = Text::new("content/a.md", source);
        let (table, _) = parse_yaml(&text, 4..source.len() - 4, &mut Findings::default());
        let entry = &table.entries[1];
        assert_eq!(&source[entry.key_at.clone()], "wéight");
        assert_eq!(&source[entry.node.at.clone()], "heavy");
    }

    #[test]
    fn a_fault_is_told_where_it_is() {
        let (_, findings) = parse("title: a\ntitle: b\n");
        let twice = "The key `title` is here twice.".to_owned();
        assert_eq!(sentences(&findings), [(2, 1, twice)]);
        let (_, findings) = parse("a: 1\nb: [1\nc: 2\n");
        assert_eq!(findings.iter().next().unwrap().code, "yaml-syntax");
        let (_, findings) = parse("- a\n- b\n");
        let list = "Front matter is a list of keys and their values.".to_owned();
        assert_eq!(sentences(&findings), [(1, 1, list)]);
    }

    #[test]
    fn an_alias_stands_for_what_it_names_and_a_bomb_does_not_go_off() {
        let (table, _) = parse("a: &x [1, 2]\nb: *x\n");
        let b = table.get("b").unwrap().to_value();
        assert_eq!(serde_json::to_string(&b).unwrap(), "[1,2]");
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        bomb.extend((1..12).map(|n| {
            let ten = vec![format!("*a{}", n - 1); 10].join(", ");
            format!("a{n}: &a{n} [{ten}]\n")
        }));
        let (_, findings) = parse(&bomb);
        assert_eq!(findings.iter().next().unwrap().place.line, 4);
        let (_, findings) = parse(&format!("deep: {}{}\n", "[".repeat(999), "]".repeat(999)));
        assert!(findings.has_errors());
    }

    #[test]
    fn aliases_of_a_long_text_come_to_what_they_are_long() {
        let long = "x".repeat(100_000);
        let uses = |n| vec!["*x"; n].join(", ");
        for x in [format!("x: &x {long}"), format!("x: &x {{? {long}\n : 1}}")] {
            let (_, findings) = parse(&format!("{x}\nall: [{}]\n", uses(5)));
            assert!(findings.is_empty(), "{:?}", sentences(&findings));
            let (_, findings) = parse(&format!("{x}\nall: [{}]\n", uses(20)));
            let found = sentences(&findings);
            assert!(found[0].2.contains("more than 10000 values"), "{found:?}");
        }
    }

    #[test]
    fn aliases_of_aliases_lie_as_deep_as_what_they_stand_for() {
        let chain = |n: usize| {
            let next = |n| format!("a{n}: &a{n} [*a{}]\n", n - 1);
            let rest: String = (1..n).map(next).collect();
            format!("a0: &a0 [1]\n{rest}")
        };
        // Its key is one level, each list one more.
        let (_, findings) = parse(&chain(DEPTH - 1));
        assert!(findings.is_empty(), "{:?}", sentences(&findings));
        let (_, findings) = parse(&chain(DEPTH));
        let deep = "Values lie in each other too deep here.".to_owned();
        assert_eq!(sentences(&findings), [(DEPTH, 12, deep)]);
        // What lies beside an anchor is not in it.
        let beside = format!("a: [{}1{}, &b [1]]\n", "[".repeat(50), "]".repeat(50));
        let (_, findings) = parse(&format!(
            "{beside}c: {}*b{}\n",
            "[".repeat(50),
            "]".repeat(50)
        ));
        assert!(findings.is_empty(), "{:?}", sentences(&findings));
    }
}
