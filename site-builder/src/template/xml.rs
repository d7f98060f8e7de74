//! XML as data, in the shape that Zola gives it: elements are keys, attributes are keys with `@`,
//! text beside other things is `#text`, and elements of one name are a list.

use roxmltree::{Document, Node, ParsingOptions};
use tera::{Error, Map, TeraResult, Value};

/// How deep elements may lie in each other.
const DEPTH: usize = 128;

/// Reads a document.
pub(super) fn parse(name: &str, text: &str) -> TeraResult<Value> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| Error::message(format!("`{name}` is not valid XML: {error}")))?;
    let root = document.root_element();
    let deep = || {
        Error::message(format!(
            "The elements of `{name}` lie in each other too deep"
        ))
    };
    let value = element(root, 0).ok_or_else(deep)?;
    Ok(Value::from(Map::from_iter([(
        root.tag_name().name().to_owned().into(),
        value,
    )])))
}

/// What an element holds; nothing when that lies too deep.
fn element(node: Node<'_, '_>, depth: usize) -> Option<Value> {
    if depth > DEPTH {
        return None;
    }
    let mut text = String::new();
    let mut children: Vec<(&str, Vec<Value>)> = Vec::new();
    for child in node.children() {
        if child.is_element() {
            let name = child.tag_name().name();
            let value = element(child, depth + 1)?;
            match children.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => children.push((name, vec![value])),
            }
        } else if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    let text = text.trim();
    if children.is_empty() && node.attributes().len() == 0 {
        return Some(if text.is_empty() {
            Value::none()
        } else {
            scalar(text)
        });
    }
    let mut map = Map::new();
    for attribute in node.attributes() {
        let key = format!("@{}", attribute.name());
        map.insert(key.into(), scalar(attribute.value()));
    }
    if !text.is_empty() {
        map.insert("#text".into(), scalar(text));
    }
    for (name, mut values) in children {
        let value = match values.len() {
            1 => values.remove(0),
            _ => Value::from(values),
        };
        map.insert(name.to_owned().into(), value);
    }
    Some(Value::from(map))
}

/// A number or `true` or `false` is one only when it is written as such a one would be, so that a
/// ZIP code such as `04101` stays as it is.
fn scalar(text: &str) -> Value {
    if let Ok(flag) = text.parse::<bool>() {
        return Value::from(flag);
    }
    if let Some(number) = text.parse::<i64>().ok().filter(|n| n.to_string() == text) {
        return Value::from(number);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.to_string() == text => Value::from(number),
        _ => Value::from(text),
    }
}
