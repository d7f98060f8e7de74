//! YAML as data. Unlike front matter it may be a list, hold nothing for a value, and be long.

use saphyr::ScalarOwned;
use tera::{Error, Map, TeraResult, Value};

use crate::yaml::{self, Kind, Limits, Tree};

/// More than templates can show.
const LIMITS: Limits = Limits {
    values: 1_000_000,
    depth: 128,
};

/// Reads a document.
pub(super) fn parse(name: &str, text: &str) -> TeraResult<Value> {
    match yaml::parse(text, LIMITS) {
        Ok(tree) => Ok(tree.map_or_else(Value::none, value)),
        Err(fault) => Err(Error::message(format!(
            "`{name}` is not valid YAML: {}, at line {}",
            fault.what, fault.line
        ))),
    }
}

/// Of a key that is there twice, the last one counts.
fn value(tree: Tree) -> Value {
    match tree.kind {
        Kind::Scalar(scalar, _) => scalar_value(scalar),
        Kind::List(items) => Value::from(items.into_iter().map(value).collect::<Vec<_>>()),
        Kind::Map(entries) => {
            let entries = entries.into_iter();
            let entries = entries.map(|(key, _, tree)| (key.into(), value(tree)));
            Value::from(entries.collect::<Map>())
        }
    }
}

fn scalar_value(scalar: ScalarOwned) -> Value {
    match scalar {
        ScalarOwned::Null => Value::none(),
        ScalarOwned::Boolean(flag) => Value::from(flag),
        ScalarOwned::Integer(number) => Value::from(number),
        ScalarOwned::FloatingPoint(number) => Value::from(number.into_inner()),
        ScalarOwned::String(text) => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_file_and_the_line() {
        let deep = format!("a: 1\nb: {}{}\n", "[".repeat(200), "]".repeat(200));
        for (text, told) in [
            (
                &*deep,
                "`a.yaml` is not valid YAML: values lie in each other too deep, at line 2",
            ),
            (
                "a: 1\n? [b]\n: 2\n",
                "`a.yaml` is not valid YAML: a name is a single word or text, at line 2",
            ),
        ] {
            assert_eq!(parse("a.yaml", text).unwrap_err().to_string(), told);
        }
        let many = format!("[{}]", vec!["1"; 10_000].join(", "));
        assert!(parse("a.yaml", &many).is_ok());
    }
}
