//! The loader as it is served: its source without what only its readers need.
//!
//! Taking out whole-line comments and indentation is all that is done, since it
//! can be done by eye and cannot change what the script means. It must not
//! know what the files hold.

use super::files::Named;

/// The place in the source that names the other files.
const PLACE: &str = "FRONTDESK_FILES";

/// The loader that fetches these files.
pub(super) fn script(
    source: &str,
    glue: &Named,
    wasm: &Named,
    words: &[(String, Named)],
) -> String {
    let entry = |file: &Named| serde_json::json!([file.name, file.integrity]);
    let words: serde_json::Map<_, _> = words
        .iter()
        .map(|(locale, file)| (locale.clone(), entry(file)))
        .collect();
    let files = serde_json::json!({ "glue": entry(glue), "wasm": entry(wasm), "words": words });
    smaller(source).replacen(PLACE, &files.to_string(), 1)
}

/// The script without comment lines, empty lines and indentation.
pub(super) fn smaller(source: &str) -> String {
    let lines = source.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_readers_need_is_taken_out() {
        let source = "// What it is.\n\nconst a = 'x // y';\n  run(a); // why\n";
        assert_eq!(smaller(source), "const a = 'x // y';\nrun(a); // why\n");
    }

    #[test]
    fn the_loader_names_every_file_with_its_digest() {
        let named = |name: &str| Named {
            name: name.to_owned(),
            integrity: format!("sha256-{name}"),
        };
        let source = "const files = FRONTDESK_FILES;";
        let words = [("en".to_owned(), named("en.1.txt"))];
        let script = script(source, &named("glue.2.js"), &named("w.3.wasm"), &words);
        assert_eq!(
            script,
            concat!(
                r#"const files = {"glue":["glue.2.js","sha256-glue.2.js"],"#,
                r#""wasm":["w.3.wasm","sha256-w.3.wasm"],"#,
                r#""words":{"en":["en.1.txt","sha256-en.1.txt"]}};"#,
                "\n"
            )
        );
    }
}
