//! YAML as data, as the core schema has it (YAML 1.2.2 §10.3). Unlike front matter it may be a list,
//! hold nothing for a value, and be long.

use std::collections::BTreeMap;

use saphyr::Scalar;
use saphyr_parser::{Event, Parser, Span, StrInput};
use tera::{Error, Map, TeraResult, Value};

/// How many values a file may come to, aliases filled in: a few lines of aliases of aliases could
/// come to billions.
const VALUES: usize = 1_000_000;
/// How deep values may lie in each other.
const DEPTH: usize = 128;

/// Reads a document.
pub(super) fn parse(name: &str, text: &str) -> TeraResult<Value> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        values: 0,
    };
    reader
        .document()
        .map_err(|fault| Error::message(format!("`{name}` is not valid YAML: {fault}")))
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// What an alias stands for, and how many values that comes to.
    anchors: BTreeMap<usize, (Value, usize)>,
    values: usize,
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
        if depth > DEPTH {
            return Err(at(span, "values lie in each other too deep"));
        }
        let before = self.values;
        self.count(1, span)?;
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let (value, count) = known.ok_or_else(|| at(span, "a value holds itself"))?;
                self.count(count, span)?;
                return Ok(value);
            }
            Event::Scalar(text, style, anchor, tag) => {
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
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => break (anchor, Value::from(map)),
                        (Event::Scalar(key, ..), _) => key.into_owned(),
                        (_, span) => return Err(at(span, "a key is a single word or text")),
                    };
                    let (event, span) = self.next()?;
                    let value = self.value(event, span, depth + 1)?;
                    map.insert(key.into(), value);
                }
            }
            _ => return Err(at(span, "a value is missing")),
        };
        if anchor > 0 {
            let known = (value.clone(), self.values - before);
            self.anchors.insert(anchor, known);
        }
        Ok(value)
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), String> {
        self.values = self.values.saturating_add(more);
        if self.values > VALUES {
            return Err(at(span, &format!("it comes to more than {VALUES} values")));
        }
        Ok(())
    }
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
