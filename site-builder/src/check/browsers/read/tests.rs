//! How style sheets are read, on the smallest that shows it.

use super::*;

fn faults(css: &str) -> Vec<(&str, String)> {
    let found = read(css).faults.into_iter();
    found.map(|f| (&css[f.at], f.sentence)).collect()
}

#[test]
fn rules_are_taken_apart_wherever_they_stand() {
    let css = "a:hover::before, b { color: RED; width: min(1rem, 5VW) }\n\
               @media (min-width: 40em) { i:not(.x) { border: 1px solid #1234 } }\n\
               @supports (display: grid) { u { --Own: { x: y } } }\n\
               s { em:focus & { top: 0 } @media print { left: 0 } }\n";
    let sheet = read(css);
    assert!(sheet.faults.is_empty(), "{:?}", sheet.faults);
    let shown: Vec<String> = sheet
        .rules
        .iter()
        .map(|rule| {
            let parts = |parts: &[Part]| {
                let parts = parts.iter().map(|part| css[part.at.clone()].to_owned());
                parts.collect::<Vec<_>>().join(" ")
            };
            let all = rule.declarations.iter();
            let all = all.map(|d| format!("{}={}", d.name, parts(&d.words)));
            let all = all.collect::<Vec<_>>().join(",");
            let (at, nested) = (&css[rule.at.clone()], rule.nested);
            format!(
                "{at}|{}|{:?}|{nested}|{all}",
                parts(&rule.selectors),
                rule.within
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a:hover::before, b|:hover ::before|[]|false|color=RED,width=min( 1rem 5VW",
            "i:not(.x)|:not|[Rule(\"media\"), Question(\"width\")]|false|border=1px solid #1234",
            "u||[Asked]|false|--Own=x y",
            "s||[]|false|",
            "em:focus &|:focus|[]|true|top=",
            "||[Rule(\"media\")]|false|left=",
        ]
    );
}

#[test]
fn what_is_no_css_is_found_where_it_stands_and_hides_nothing() {
    let unread = "This cannot be read as CSS.".to_owned();
    let css = "a { color red; top: 0 }\n} b { left: 0 }\nc { right: 0 }";
    assert_eq!(
        faults(css),
        [("color red;", unread.clone()), ("} b {", unread)]
    );
    assert_eq!(read(css).rules.len(), 2);
    let css = "a { color: red\n  top: 0;\n}";
    assert_eq!(
        faults(css),
        [("top", "A `;` is missing before this.".to_owned())]
    );
    let css = "a { top: 0 }\n@media print {\n  b { left: 0\n}\n";
    let unclosed = "This rule is not closed: its `}` is missing.".to_owned();
    assert_eq!(faults(css), [("@", unclosed.clone())]);
    assert_eq!(faults("@media print { b { left: 0"), [("b", unclosed)]);
    assert_eq!(faults("a { content: 'x\n }").len(), 1);
    assert_eq!(faults("a { filter: progid:X.Y(z=1) }"), []);
    assert_eq!(faults(""), []);
}

#[test]
fn brackets_go_only_so_deep() {
    for (open, close) in [("a{", "}"), ("@media x{", "}"), (":is(", ")")] {
        let css = format!("{}{}", open.repeat(9_000), close.repeat(9_000));
        assert!(!faults(&css).is_empty(), "{open}");
    }
    let css = format!("a{{b:{}}}", "(".repeat(9_000));
    assert!(!faults(&css).is_empty());
}

#[test]
fn a_style_sheet_may_break_off_or_go_wrong_anywhere() {
    let css = "@media (min-width:1px) and (hover){a:not(:is(é,b)),i::x{c\\6flor:r\"ü\"(1dvh) #1234;\
               --é:{x:y}/*ö*/;&:hover{width:calc(1px + min(2,3))!important}}}@x y;@supports(a:b){}";
    let look = |css: &str| {
        let sheet = read(css);
        let faults = sheet.faults.iter().map(|fault| &fault.at);
        let rules = sheet.rules.iter().map(|rule| &rule.at);
        let inner = sheet.rules.iter().flat_map(|rule| &rule.declarations);
        let words = inner.flat_map(|inner| &inner.words).map(|word| &word.at);
        for at in faults.chain(rules).chain(words) {
            assert!(css.is_char_boundary(at.start), "{at:?} of {css}");
        }
    };
    let others = [
        "", "{", "}", "(", ")", "[", "'", "\n", ";", ":", "@", "\\", "/*", "é", "\0",
    ];
    for (at, letter) in css.char_indices() {
        let (before, after) = (&css[..at], &css[at + letter.len_utf8()..]);
        look(before);
        for other in others {
            look(&format!("{before}{other}{after}"));
        }
    }
}
