//! Scripts as they are served: their source without what only its readers need.
//!
//! Taking out whole-line comments, indentation, ends of lines and spaces beside signs is all
//! that is done, since it can be done by eye and cannot change what the script means. It must
//! not know what the files hold.

use super::files::Named;

/// The place in the loader that names the other files.
const FILES: &str = "FRONTDESK_FILES";
/// The places in the module's host that name the module and the style sheet.
const WASM: &str = "FRONTDESK_WASM";
const STYLES: &str = "FRONTDESK_STYLES";
/// The place in it for the words of a language.
const WORDS: &str = "FRONTDESK_WORDS";

/// What a line ends with that the next one may follow at once. (A text of several lines
/// would have to keep its ends of lines; no script here has one.)
const GOES_ON: [char; 5] = [';', '{', ',', '(', '['];

/// What needs no space on either side. (`+` and `-` may: `a - -b`.)
const SIGNS: &str = "=(){}[],:?;&|>!";

/// The loader that fetches the module, and the glue of a language.
pub(super) fn script(source: &str, wasm: &Named, glue: &[(&str, Named)]) -> String {
    let glue = glue.iter().map(|(locale, file)| (*locale, entry(file)));
    // It preloads the module without a digest: the host checks that when it fetches it.
    let wasm = ("wasm", serde_json::json!([wasm.name, ""]));
    // Names of files and languages need no quotation marks as members.
    let members: Vec<_> = (glue.chain([wasm]))
        .map(|(name, file)| format!("{name}:{file}"))
        .collect();
    let files = format!("{{{}}}", members.join(","));
    smaller(source).replacen(FILES, &files, 1)
}

/// The module's host that starts this module, links this style sheet and has these words.
pub(super) fn host(source: &str, wasm: &Named, styles: &Named, words: &str) -> String {
    let [wasm, styles] = [wasm, styles].map(|file| entry(file).to_string());
    let host = smaller(source).replacen(WASM, &wasm, 1);
    let host = host.replacen(STYLES, &styles, 1);
    host.replacen(WORDS, &serde_json::json!(words).to_string(), 1)
}

fn entry(file: &Named) -> serde_json::Value {
    serde_json::json!([file.name, file.integrity])
}

/// A script without comment lines, empty lines, indentation, and needless spaces and ends of lines. A
/// comment of several lines is one if it begins its line.
pub(super) fn smaller(source: &str) -> String {
    let mut kept = String::new();
    let mut lines = source.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let mut rest = line;
        while let Some(comment) = rest.strip_prefix("/*") {
            let mut comment = Some(comment);
            let after = std::iter::from_fn(|| comment.take().or_else(|| lines.next()))
                .find_map(|line| Some(line.split_once("*/")?.1));
            rest = after.unwrap_or_default().trim_start();
        }
        if !rest.is_empty() && !rest.starts_with("//") {
            kept.push_str(&tight(rest));
            // What follows a comment must not become a part of it.
            if !rest.ends_with(GOES_ON) || rest.contains("//") {
                kept.push('\n');
            }
        }
    }
    kept
}

/// A line without the spaces beside its signs. One with a template, an expression or a comment in it
/// stays as it is.
fn tight(line: &str) -> String {
    let is_sign = |sign: Option<char>| sign.is_some_and(|sign| SIGNS.contains(sign));
    let (mut kept, mut text) = (String::new(), None);
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        let is_between = is_sign(kept.chars().next_back()) || is_sign(rest.peek().copied());
        match (text, character) {
            (None, ' ') if is_between => continue,
            (None, '`' | '/') => return line.to_owned(),
            (None, '\'' | '"') => text = Some(character),
            (Some(_), '\\') => {
                kept.push(character);
                kept.extend(rest.next());
                continue;
            }
            (Some(quote), _) if quote == character => text = None,
            _ => {}
        }
        kept.push(character);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_readers_need_is_taken_out() {
        let source = "// What it is.\n\n/**\n * Why.\n */\nconst a = [\n  'x // y',\n  1,\n];\n  run(a); // why\n";
        assert_eq!(smaller(source), "const a=['x // y',\n1,];run(a); // why\n");
        assert_eq!(smaller("a(); // b;\nc();"), "a(); // b;\nc();");
        assert_eq!(smaller("/* a\n // b */ c();\n/* d */ /* e\n*/\n"), "c();");
    }

    #[test]
    fn spaces_beside_signs_go_but_for_those_in_texts() {
        assert_eq!(
            tight("const { a } = b || f(c, 'd = e, \\' f', \"/g ? h\") ? x - -y : async () => z;"),
            "const{a}=b||f(c,'d = e, \\' f',\"/g ? h\")?x - -y:async()=>z;"
        );
        for line in ["a = `b = ${ c }`;", "a = /b = c/;", "a = b / c;"] {
            assert_eq!(tight(line), line);
        }
    }

    #[test]
    fn a_line_that_begins_with_an_asterisk_stays() {
        let source = "const area = width\n  * height;\n";
        assert_eq!(smaller(source), "const area=width\n* height;");
    }

    #[test]
    fn scripts_name_every_file_with_its_digest() {
        let named = |name: &str| Named {
            name: name.to_owned(),
            integrity: format!("sha256-{name}"),
        };
        let source = "// FRONTDESK_STYLES is a file.\ndress(FRONTDESK_STYLES);\nload(FRONTDESK_WASM);\nFRONTDESK_WORDS;";
        let [wasm, styles] = ["w.3.wasm", "embed.4.css"].map(named);
        assert_eq!(
            host(source, &wasm, &styles, "a = \"b\"\nc = d\n"),
            concat!(
                r#"dress(["embed.4.css","sha256-embed.4.css"]);"#,
                r#"load(["w.3.wasm","sha256-w.3.wasm"]);"#,
                r#""a = \"b\"\nc = d\n";"#
            )
        );
        let source = "const files = FRONTDESK_FILES;";
        let glue = [("en", named("glue-en.1.js"))];
        assert_eq!(
            script(source, &wasm, &glue),
            concat!(
                r#"const files={en:["glue-en.1.js","sha256-glue-en.1.js"],"#,
                r#"wasm:["w.3.wasm",""]};"#
            )
        );
    }
}
