//! What `wasm-bindgen` writes around the module, closed off: made for bundlers, it exports
//! all that it has, which any script of a page could import and call.
//!
//! What the module imports becomes members of `imports`, under names that no compression
//! makes smaller; the rest is for `host.js`, which is built into one file with it. It must
//! not know what any of it does.

use crate::failure::{Failure, Result};

/// The name of an import by its number: a letter, or several.
pub(super) fn short(mut number: usize) -> String {
    let mut name = String::new();
    while number >= 26 {
        name.push(letter(number));
        number = number / 26 - 1;
    }
    name.push(letter(number));
    name
}

fn letter(number: usize) -> char {
    ('a'..='z').cycle().nth(number % 26).unwrap_or_default()
}

/// The glue without exports. `imports` are the functions that the module imports, in the
/// order of their numbers.
pub(super) fn enclosed(glue: &str, imports: &[String]) -> Result<String> {
    let mut enclosed = format!("const imports = {{}};\n{glue}");
    for (number, name) in imports.iter().enumerate() {
        let exported = format!("export function {name}(");
        if enclosed.matches(&exported).count() != 1 {
            return Err(Failure::new(format!(
                "wasm-bindgen's glue has no function `{name}`, which the module imports: \
                 teach xtask/src/widget/glue.rs what it has instead"
            )));
        }
        let member = format!("imports.{} = function (", short(number));
        enclosed = enclosed.replacen(&exported, &member, 1);
    }
    for kind in ["function ", "class "] {
        enclosed = enclosed.replace(&format!("export {kind}"), kind);
    }
    match enclosed.lines().find(|line| line.starts_with("export")) {
        None => Ok(enclosed),
        Some(line) => Err(Failure::new(format!(
            "wasm-bindgen's glue exports more than functions and classes: \
             teach xtask/src/widget/glue.rs about `{line}`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_none_comes_twice() {
        let names: Vec<_> = (0..1000).map(short).collect();
        assert_eq!([&*names[0], &*names[25], &*names[26]], ["a", "z", "aa"]);
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len());
    }

    #[test]
    fn nothing_is_exported() {
        let glue = "export class Widget {\n}\nexport function mount(a) {\n}\n\
            export function __wbg_get(a) {\n}\nexport function __wbg_get_2(a) {\n}\n";
        let names = ["__wbg_get_2".to_owned(), "__wbg_get".to_owned()];
        assert_eq!(
            enclosed(glue, &names).unwrap(),
            "const imports = {};\nclass Widget {\n}\nfunction mount(a) {\n}\n\
             imports.b = function (a) {\n}\nimports.a = function (a) {\n}\n"
        );
    }

    #[test]
    fn what_is_not_understood_is_told() {
        let missing = enclosed("", &["__wbg_get".to_owned()]);
        assert!(missing.unwrap_err().to_string().contains("`__wbg_get`"));
        let exported = enclosed("export { x as y };\n", &[]);
        assert!(exported.unwrap_err().to_string().contains("x as y"));
    }
}
