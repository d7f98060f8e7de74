//! `get_random` and `shuffle`, as Zola has them, except that they give the same page the same thing
//! at every build: without a `seed`, the page's address is one.

use std::sync::Arc;

use tera::{Kwargs, Map, State, TeraResult, Value};
use tera_contrib::rand;

/// A number from `start` up to, and without, `end`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera asks for"
)]
pub(super) fn get_random(kwargs: Kwargs, state: &State<'_>) -> TeraResult<i64> {
    rand::get_random(seeded(&kwargs, state)?, state)
}

/// A list in another order.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera asks for"
)]
pub(super) fn shuffle(
    list: Vec<Value>,
    kwargs: Kwargs,
    state: &State<'_>,
) -> TeraResult<Vec<Value>> {
    rand::shuffle(list, seeded(&kwargs, state)?, state)
}

fn seeded(kwargs: &Kwargs, state: &State<'_>) -> TeraResult<Kwargs> {
    let mut map: Map = kwargs
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // A number is as good a seed as a text.
    let seed = match kwargs.get::<Value>("seed")? {
        Some(seed) => seed.to_string(),
        None => address(state)?,
    };
    map.insert("seed".into(), Value::from(seed));
    Ok(Kwargs::new(Arc::new(map)))
}

/// The address of what is being rendered, whole or only its body.
fn address(state: &State<'_>) -> TeraResult<String> {
    if let Some(path) = state.get::<String>("current_path")? {
        return Ok(path);
    }
    for name in ["page", "section"] {
        let value = state.get::<Value>(name)?;
        let path = value.as_ref().and_then(|value| value.get_from_path("path"));
        if let Some(path) = path.and_then(Value::as_str) {
            return Ok(path.to_owned());
        }
    }
    Ok(String::new())
}
