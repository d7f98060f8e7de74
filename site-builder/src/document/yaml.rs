//! How YAML front matter becomes a [`Table`]: a plain value that is a date is one, as in TOML, and a
//! key without a value is not there. Knows no key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use saphyr::ScalarOwned;

use super::{Data, Entry, MOST, Node, Table};
use crate::diagnostic::{Finding, Findings};
use crate::slips;
use crate::text::Text;
use crate::yaml::{self, Entries, Fault, FaultKind, Kind, Limits, Tree};

/// More than front matter needs.
const LIMITS: Limits = Limits {
    values: 10_000,
    depth: 64,
};

const LAYOUT: &str = "Each name stands on its own line as `name: value`; indent with spaces, and put text that holds \
     a colon in quotes.";

/// Reads the YAML in `range` of a file. A slip becomes a finding, and its lines are read as if they
/// were empty. After any other fault nothing is returned but an empty table. The flag is false after
/// either.
pub(crate) fn parse_yaml(
    text: &Text,
    range: Range<usize>,
    findings: &mut Findings,
) -> (Table, bool) {
    let mut source = Cow::Borrowed(&text.body[range.clone()]);
    let mut is_whole = true;
    for _ in 0..MOST {
        let offsets = source.char_indices().map(|(at, _)| range.start + at);
        let mut front = Front {
            offsets: offsets.chain([range.end]).collect(),
            is_whole,
            text,
            findings,
        };
        let fault = match yaml::parse(&source, LIMITS) {
            Ok(tree) => {
                return (
                    tree.map(|tree| front.whole(tree)).unwrap_or_default(),
                    front.is_whole,
                );
            }
            Err(fault) => fault,
        };
        is_whole = false;
        let at = front.bytes(&fault.at).start - range.start;
        let slip = (fault.kind == FaultKind::Syntax)
            .then(|| slips::in_yaml(&source, at))
            .flatten();
        let Some(slip) = slip else {
            front.fault(&fault);
            break;
        };
        findings.push(slip.finding("yaml-syntax", text, range.start));
        source = Cow::Owned(slips::without(&source, &slip.lines));
    }
    (Table::default(), is_whole)
}

struct Front<'a> {
    /// The byte of the file at which each character of the YAML starts, and where it ends.
    offsets: Vec<usize>,
    /// Whether nothing was wrong.
    is_whole: bool,
    text: &'a Text,
    findings: &'a mut Findings,
}

impl Front<'_> {
    /// All of front matter.
    fn whole(&mut self, tree: Tree) -> Table {
        let at = self.bytes(&tree.at);
        match self.node(tree).map(|node| node.data) {
            None => Table::default(),
            Some(Data::Table(table)) => table,
            Some(_) => {
                let sentence = "The lines at the top are names with their values.";
                self.report(at, sentence.to_owned(), LAYOUT);
                Table::default()
            }
        }
    }

    /// A value; nothing for null, which stands for a key that is not there.
    fn node(&mut self, tree: Tree) -> Option<Node> {
        let at = self.bytes(&tree.at);
        let data = match tree.kind {
            Kind::Scalar(scalar, is_plain) => data(scalar, is_plain)?,
            Kind::List(items) => Data::List(
                items
                    .into_iter()
                    .filter_map(|item| self.node(item))
                    .collect(),
            ),
            Kind::Map(entries) => Data::Table(self.table(entries)),
        };
        Some(Node { at, data })
    }

    fn table(&mut self, entries: Entries) -> Table {
        let mut table = Table::default();
        let mut keys = BTreeMap::new();
        for (key, at, value) in entries {
            let key_at = self.bytes(&at);
            let line = self.text.place(key_at.clone()).line;
            if let Some(first) = keys.insert(key.clone(), line) {
                let sentence =
                    format!("`{key}` is here twice: on line {first} and on line {line}.");
                self.report(key_at, sentence, slips::TWICE);
                continue;
            }
            let node = self.node(value);
            let entry = node.map(|node| Entry { key, key_at, node });
            table.entries.extend(entry);
        }
        table
    }

    fn fault(&mut self, fault: &Fault) {
        // A fault at the end belongs to the last line, not to the one that closes front matter.
        let last = self.offsets.len().saturating_sub(2);
        let at = self.bytes(&(fault.at.start.min(last)..fault.at.end.min(last)));
        let sentence = match fault.kind {
            FaultKind::Syntax => {
                "This cannot be read: something is missing here, or too much.".to_owned()
            }
            _ => format!("Front matter cannot be this: {}.", fault.what),
        };
        let help = match fault.kind {
            FaultKind::Syntax | FaultKind::Shape => LAYOUT,
            FaultKind::TooMany => {
                "Write what it needs without aliases (`*name`), or put it into a data file."
            }
            FaultKind::TooDeep => "Write it flatter.",
        };
        self.report(at, sentence, help);
    }

    fn report(&mut self, at: Range<usize>, sentence: String, help: &str) {
        self.is_whole = false;
        let finding = Finding::error("yaml-syntax", self.text.place(at), sentence);
        self.findings.push(finding.help(help));
    }

    /// The bytes of the file that a range of characters is.
    fn bytes(&self, characters: &Range<usize>) -> Range<usize> {
        let last = self.offsets.len() - 1;
        let start = self.offsets[characters.start.min(last)];
        start..self.offsets[characters.end.min(last)].max(start)
    }
}

fn data(scalar: ScalarOwned, is_plain: bool) -> Option<Data> {
    Some(match scalar {
        ScalarOwned::Null => return None,
        ScalarOwned::Boolean(flag) => Data::Bool(flag),
        ScalarOwned::Integer(number) => Data::Integer(number),
        ScalarOwned::FloatingPoint(number) => Data::Float(number.into_inner()),
        ScalarOwned::String(text) => match text.parse() {
            Ok(date) if is_plain => Data::Date(date),
            _ => Data::Text(text),
        },
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
        let twice = "`title` is here twice: on line 1 and on line 2.".to_owned();
        assert_eq!(sentences(&findings), [(2, 1, twice)]);
        let (_, findings) = parse("a: 1\nb: [1\nc: 2\n");
        assert_eq!(findings.iter().next().unwrap().code, "yaml-syntax");
        let (_, findings) = parse("- a\n- b\n");
        let list = "The lines at the top are names with their values.".to_owned();
        assert_eq!(sentences(&findings), [(1, 1, list)]);
    }

    #[test]
    fn an_alias_stands_for_what_it_names() {
        let (table, _) = parse("a: &x [1, 2]\nb: *x\n");
        let b = table.get("b").unwrap().to_value();
        assert_eq!(serde_json::to_string(&b).unwrap(), "[1,2]");
    }

    #[test]
    fn more_than_front_matter_needs_is_refused_where_it_shows() {
        let many = format!("a: &x [{}]\nb: [*x, *x]\n", vec!["1"; 4_000].join(", "));
        let (_, findings) = parse(&many);
        let (line, column, sentence) = sentences(&findings).remove(0);
        assert_eq!((line, column), (2, 9));
        assert!(sentence.contains("more than 10000 values"), "{sentence}");
        let (_, findings) = parse(&format!("deep: {}{}\n", "[".repeat(100), "]".repeat(100)));
        let deep = "Front matter cannot be this: values lie in each other too deep.".to_owned();
        assert_eq!(sentences(&findings), [(1, 71, deep)]);
    }
}
