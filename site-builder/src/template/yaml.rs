//! YAML as data, as the core schema has it (YAML 1.2.2 §10.3). Unlike front matter it may be a list,
//! hold nothing for a value, and be long.

use std::collections::BTreeMap;
use std::mem;

use saphyr::Scalar;
use saphyr_parser::{Event, Parser, Span, StrInput};
use tera::{Error, Map, TeraResult, Value};

/// How many values a file may come to, aliases filled in: a few lines of aliases of aliases could
/// come to billions.
const VALUES: usize = 1_000_000;
/// How many bytes of text count as one value more: aliases of a long text come to a lot, too.
const TEXT: usize = 100;
/// How deep values may lie in each other, aliases filled in.
const DEPTH: usize = 128;

/// Reads a document.
pub(super) fn parse(name: &str, text: &str) -> TeraResult<Value> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        values: 0,
        deepest: 0,
    };
    reader
        .document()
        .map_err(|fault| Error::message(format!("`{name}` is not valid YAML: {fault}")))
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    anchors: BTreeMap<usize, Known>,
    values: usize,
    /// How deep the value that is being read, or what is in it, has come to lie.
    deepest: usize,
}

/// What an alias stands for.
struct Known {
    value: Value,
    /// How many values it comes to.
    count: usize,
    /// How many levels lie in it.
    levels: usize,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Value, String> {
        let mut found = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(found.unwrap_or_else(Value::none)),
                (
                    Event::Nothing
                    | Event::StreamStart
                    | Event::DocumentStart(_)
                    | Event::DocumentEnd,
                    _,
                ) => {}
                (_, span) if found.is_some() => {
                    return Err(at(span, "a second document begins"));
                }
                (event, span) => found = Some(self.value(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), String> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Value, String> {
        reach(depth, span)?;
        let around = mem::replace(&mut self.deepest, depth);
        let before = self.values;
        self.count(1, span)?;
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let known = known.ok_or_else(|| at(span, "a value holds itself"))?;
                let (count, lowest) = (known.count, depth + known.levels);
                reach(lowest, span)?;
                self.count(count, span)?;
                self.deepest = around.max(lowest);
                return Ok(self.anchors[&anchor].value.clone());
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.count(text.len() / TEXT, span)?;
                let plain = text.to_string();
                let scalar = Scalar::parse_from_cow_and_metadata(text, style, tag.as_ref());
                // What its tag does not fit stays the text that it is.
                let value = scalar.map_or_else(|| Value::from(plain), value_of);
                (anchor, value)
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break (anchor, Value::from(items)),
                        (event, span) => items.push(self.value(event, span, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(anchor, _) => {
                let mut map = Map::new();
                loop {
                    let (key, span) = match self.next()? {
                        (Event::MappingEnd, _) => break (anchor, Value::from(map)),
                        (Event::Scalar(key, ..), span) => (key.into_owned(), span),
                        (_, span) => return Err(at(span, "a key is a single word or text")),
                    };
                    self.count(key.len() / TEXT, span)?;
                    let (event, span) = self.next()?;
                    let value = self.value(event, span, depth + 1)?;
                    map.insert(key.into(), value);
                }
            }
            _ => return Err(at(span, "a value is missing")),
        };
        if anchor > 0 {
            let known = Known {
                value: value.clone(),
                count: self.values - before,
                levels: self.deepest - depth,
            };
            self.anchors.insert(anchor, known);
        }
        self.deepest = self.deepest.max(around);
        Ok(value)
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), String> {
        self.values = self.values.saturating_add(more);
        if self.values > VALUES {
            let what =
                format!("it comes to more than {VALUES} values (long text counts as several)");
            return Err(at(span, &what));
        }
        Ok(())
    }
}

fn reach(depth: usize, span: Span) -> Result<(), String> {
    if depth > DEPTH {
        return Err(at(span, "values lie in each other too deep"));
    }
    Ok(())
}

fn value_of(scalar: Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::none(),
        Scalar::Boolean(flag) => Value::from(flag),
        Scalar::Integer(number) => Value::from(number),
        Scalar::FloatingPoint(number) => Value::from(number.into_inner()),
        Scalar::String(text) => Value::from(text.as_ref()),
    }
}

fn at(span: Span, what: &str) -> String {
    format!("{what}, at line {}", span.start.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<String> {
        parse("a.yaml", text).err().map(|error| error.to_string())
    }

    #[test]
    fn aliases_of_a_long_text_come_to_what_they_are_long() {
        let long = "x".repeat(1_000_000);
        let uses = |n| vec!["*x"; n].join(", ");
        for x in [format!("x: &x {long}"), format!("x: &x {{? {long}\n : 1}}")] {
            assert_eq!(fault(&format!("{x}\nall: [{}]\n", uses(5))), None);
            let found = fault(&format!("{x}\nall: [{}]\n", uses(200))).unwrap();
            assert!(found.contains("more than 1000000 values"), "{found}");
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
        assert_eq!(fault(&chain(DEPTH - 1)), None);
        let found = fault(&chain(DEPTH)).unwrap();
        assert!(found.contains("too deep, at line 128"), "{found}");
        // What lies beside an anchor is not in it.
        let beside = format!("a: [{}1{}, &b [1]]\n", "[".repeat(99), "]".repeat(99));
        let below = format!("c: {}*b{}\n", "[".repeat(99), "]".repeat(99));
        assert_eq!(fault(&(beside + &below)), None);
    }
}
