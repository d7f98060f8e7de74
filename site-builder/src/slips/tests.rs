//! Each slip in front matter, as an editor types it, with what is told of it.

use ::toml::de::DeTable;

use super::*;
use crate::diagnostic::Findings;
use crate::document::{parse_toml, parse_yaml};

/// What is told of front matter: line, column, sentence and help.
fn told(source: &str, is_yaml: bool) -> Vec<(usize, usize, String, String)> {
    let mut findings = Findings::default();
    let text = Text::new("content/a.md", source);
    let parse = if is_yaml { parse_yaml } else { parse_toml };
    parse(&text, 0..source.len(), &mut findings);
    let told = findings.iter().map(|finding| {
        let help = finding.help.clone().unwrap_or_default();
        let place = &finding.place;
        (place.line, place.column, finding.sentence.clone(), help)
    });
    told.collect()
}

/// Holds what is told of a line between two others against the column, a part of the sentence, and the
/// line as it should be.
fn expect(written: &str, is_yaml: bool, column: usize, sentence: &str, right: &str) {
    let (sign, end) = if is_yaml {
        (":", "\n")
    } else {
        (" =", "\n[t]\n")
    };
    let found = told(&format!("a{sign} 1\n{written}\nz{sign} 2{end}"), is_yaml);
    let [(2, found_column, found_sentence, help)] = &found[..] else {
        panic!("{written}: {found:?}");
    };
    assert_eq!(*found_column, column, "{written}: {found:?}");
    assert!(found_sentence.contains(sentence), "{written}: {found:?}");
    let right = format!("Write `{right}`");
    assert!(help.starts_with(&right), "{written}: {help}");
}

const CURLY: &str = "This quote is curly";
const DATE: &str = "A date is written as";
const FLAG: &str = "is not known here";
const OPEN: &str = "The quote at the end of this text is missing";
const INNER: &str = "The text ends at this";
const BARE: &str = "This text has no quotes";

#[test]
fn a_slip_in_toml_is_told_where_it_is_with_the_line_as_it_should_be() {
    for (written, column, sentence, right) in [
        ("d = “Where?”", 5, CURLY, "d = \"Where?\""),
        ("d = ‘Where?’", 5, CURLY, "d = \"Where?\""),
        ("d = “Where?\"", 5, CURLY, "d = \"Where?\""),
        ("d = [“a”, “b”]", 6, CURLY, "d = [\"a\", \"b\"]"),
        ("“d e” = “f”", 1, CURLY, "\"d e\" = \"f\""),
        ("d = \"Where?”", 12, OPEN, "d = \"Where?\""),
        ("d = 05/27/2027", 5, DATE, "d = 2027-05-27"),
        ("d = 27 May 2027 # due", 5, DATE, "d = 2027-05-27 # due"),
        ("d = May 27, 2027", 5, DATE, "d = 2027-05-27"),
        ("d = 2027-5-27", 5, DATE, "d = 2027-05-27"),
        (
            "d = 2027-02-30",
            5,
            "There is no such day",
            "d = 2027-02-28",
        ),
        ("d = True", 5, FLAG, "d = true"),
        ("d = yes # or no", 5, FLAG, "d = true # or no"),
        ("d = no", 5, FLAG, "d = false"),
        ("d : 13", 3, "have `=` between them", "d = 13"),
        ("d: Where?", 2, "have `=` between them", "d = \"Where?\""),
        ("d: [“a” “b”]", 2, "have `=`", "d = [\"a\", \"b\"]"),
        (
            "d = [\"a\" \"b\"]",
            9,
            "A comma is missing",
            "d = [\"a\", \"b\"]",
        ),
        ("d = [\"a\",, \"b\"]", 10, "One `,`", "d = [\"a\", \"b\"]"),
        (
            "d = [\"a\", \"b\"",
            14,
            "The bracket `]`",
            "d = [\"a\", \"b\"]",
        ),
        (
            "d = \"a\", \"b\"]",
            5,
            "A list stands",
            "d = [\"a\", \"b\"]",
        ),
        ("d = \"a\", \"b\"", 5, "A list stands", "d = [\"a\", \"b\"]"),
        ("d = [\"a\", b]", 11, BARE, "d = [\"a\", \"b\"]"),
        ("d = [\"a\", \"b]", 13, OPEN, "d = [\"a\", \"b\"]"),
        ("d = [\"a, \"b\"]", 8, OPEN, "d = [\"a\", \"b\"]"),
        ("d = [\"a\", \"b", 13, OPEN, "d = [\"a\", \"b\"]"),
        ("d = \"Where?", 12, OPEN, "d = \"Where?\""),
        (
            "d = Where?\"",
            5,
            "The quote at the beginning",
            "d = \"Where?\"",
        ),
        ("d = 'It's here'", 8, INNER, "d = \"It's here\""),
        ("d = \"Say \"hi\" now\"", 10, INNER, "d = \"Say “hi” now\""),
        ("d = \"Say \"hi\"\"", 10, INNER, "d = \"Say “hi”\""),
        ("d = \"Say\" it", 9, INNER, "d = \"Say it\""),
        ("d = Where is it?", 5, BARE, "d = \"Where is it?\""),
        ("d = @/a.md", 5, BARE, "d = \"@/a.md\""),
        ("d = \"a\",", 8, "This `,`", "d = \"a\""),
        ("d = 13;", 7, "This `;`", "d = 13"),
        ("d = 1,000", 5, "A number is", "d = 1000"),
        ("d = 007", 5, "A number is", "d = 7"),
        ("d = \"C:\\docs\"", 8, "A `\\`", "d = 'C:\\docs'"),
        ("d == 1", 4, "One `=`", "d = 1"),
        ("d \"Where?\"", 2, "The `=` between", "d = \"Where?\""),
        ("d true", 2, "The `=` between", "d = true"),
        ("d e = 1", 1, "A name with more than", "\"d e\" = 1"),
        ("d = “14”", 5, CURLY, "d = 14"),
        ("title = “14”", 9, CURLY, "title = \"14\""),
        ("d = “true”", 5, CURLY, "d = true"),
        ("d = “2026-11-28”", 5, CURLY, "d = 2026-11-28"),
        ("d = “28 May 2027”", 5, CURLY, "d = 2027-05-28"),
        ("extra", 1, "square brackets", "[extra]"),
        ("extra:", 1, "square brackets", "[extra]"),
        (
            "d = \"We\nanswer\"",
            5,
            "goes on below",
            "d = \"We answer\"",
        ),
        ("- d = \"x\"", 1, "No line begins with `-`", "d = \"x\""),
        ("d = {e = 1 # f", 11, "The bracket `}`", "d = {e = 1} # f"),
        ("// ask Kim", 1, "A remark", "# ask Kim"),
        ("<!-- ask Kim -->", 1, "A remark", "# ask Kim"),
    ] {
        expect(written, false, column, sentence, right);
        let is_read = DeTable::parse(right).is_ok();
        assert!(is_read, "{right}");
    }
}

#[test]
fn where_no_line_can_be_shown_it_is_said_what_to_do() {
    for (written, column, sentence, help) in [
        ("d =", 4, "There is nothing after", "Write what it is"),
        (
            "d = # later",
            4,
            "There is nothing after",
            "Write what it is",
        ),
        ("d", 1, "`d` has no value", "Write it as `d = \"…\"`"),
        ("= 1", 1, "There is no name", "Write what it is about"),
        (
            "d = 2026-13-40",
            5,
            "There is no such day",
            "Write the year",
        ),
        (
            "d = 26-11-20",
            5,
            "neither a number nor a date",
            "A date is written",
        ),
        ("d = 1 e = 2", 5, "no quotes", "Write `d = \"1 e = 2\"`"),
        (
            "d = \"a\" e = 2",
            9,
            "A second name",
            "Put `e = 2` on a line",
        ),
        ("d = \"\"\"a", 5, "does not end", "Write `\"\"\"` after"),
        ("d = '''a", 5, "does not end", "Write `'''` after"),
        ("d:", 2, "`d` has no value", "Write `=` in place"),
        ("Call us now.", 1, "is no name", "Here, each line has"),
        ("d = {e = 1", 11, "The bracket `}`", "Write `d = {e = 1}`"),
        ("d = \"\u{7}\"", 6, "cannot be read", "Compare the line"),
    ] {
        let found = told(&format!("a = 1\n{written}\nz = 2\n"), false);
        let [(2, found_column, found_sentence, found_help)] = &found[..] else {
            panic!("{written}: {found:?}");
        };
        assert_eq!(*found_column, column, "{written}: {found:?}");
        assert!(found_sentence.contains(sentence), "{written}: {found:?}");
        assert!(found_help.starts_with(help), "{written}: {found_help}");
    }
}

#[test]
fn a_date_that_can_be_two_is_told_with_both() {
    let found = told("d = 05/06/2027\n", false);
    let help = "Write `d = 2027-05-06` if it is May 6, or `d = 2027-06-05` if it is June 5.";
    assert_eq!(found[0].3, help);
}

#[test]
fn what_is_there_twice_is_told_with_both_lines() {
    let sentences = |source, is_yaml| -> Vec<_> {
        let told = told(source, is_yaml).into_iter();
        told.map(|(line, column, sentence, _)| (line, column, sentence))
            .collect()
    };
    let twice = |name: &str, first, second| {
        format!("`{name}` is here twice: on line {first} and on line {second}.")
    };
    assert_eq!(
        sentences("a = 1\n[t]\na = 2\nb = 3\n\"a\" = 4\n", false),
        [(5, 1, twice("a", 3, 5))]
    );
    // What follows would be told of the wrong table.
    assert_eq!(
        sentences("[t]\na = 1\n[u]\n[t]\na = 2\nb = yes\n", false),
        [(4, 2, twice("[t]", 1, 4))]
    );
    assert_eq!(
        sentences("a: 1\nb: 2\na: 3\n", true),
        [(3, 1, twice("a", 1, 3))]
    );
}

#[test]
fn a_list_over_several_lines_is_told_at_the_item() {
    let list = |items: &str| told(&format!("a = 1\nd = [\n{items}z = 2\n"), false);
    for (items, line, column, sentence, help) in [
        ("\"b\"\n\"c\",\n]\n", 3, 4, "A comma", "Write `\"b\",`."),
        (
            "\"b\",\n\"c\"\n",
            4,
            4,
            "The bracket `]`",
            "Write `\"c\"]`.",
        ),
        (
            "\"b\",\n\"c\",\n",
            4,
            5,
            "The bracket `]`",
            "Write `\"c\",]`.",
        ),
        ("\"b\",\n\"c,\n\"d\"\n]\n", 4, 3, OPEN, "Write `\"c\",`."),
        ("\"b\",\nc,\n]\n", 4, 1, BARE, "Write `\"c\",`."),
        ("“b”,\n# ask Kim\n“c”,\n]\n", 3, 1, CURLY, "Write `\"b\",`."),
    ] {
        let found = list(items);
        let [(found_line, found_column, found_sentence, found_help)] = &found[..] else {
            panic!("{items}: {found:?}");
        };
        assert_eq!((*found_line, *found_column), (line, column), "{found:?}");
        assert!(found_sentence.contains(sentence), "{items}: {found:?}");
        assert_eq!(found_help, help, "{items}");
    }
}

#[test]
fn a_list_without_its_first_bracket_is_told_once() {
    let found = told("a = 1\nd =\n  \"b\",\n  \"c\",\n]\nz = 2\n", false);
    let sentence = "The bracket `[` at the beginning of this list is missing.".to_owned();
    assert_eq!(found, [(2, 4, sentence, "Write `d = [`.".to_owned())]);
}

#[test]
fn each_slip_of_a_file_is_told_once_and_the_rest_is_read() {
    let source = "a = “b”\nc = yes\nd = [\"e\"\nf = 1\n\n[extra\ng = 1\n[t]\nh = True\ni = 2\n";
    let lines: Vec<_> = told(source, false).iter().map(|told| told.0).collect();
    assert_eq!(lines, [1, 2, 3, 6, 9]);
    let text = Text::new("content/a.md", source);
    let (table, is_whole) = parse_toml(&text, 0..source.len(), &mut Findings::default());
    let value = serde_json::to_string(&table.to_value()).unwrap();
    assert_eq!(
        (value.as_str(), is_whole),
        (r#"{"f":1,"t":{"i":2}}"#, false)
    );
}

#[test]
fn a_slip_in_yaml_is_told_where_it_is_with_the_line_as_it_should_be() {
    for (written, column, sentence, right) in [
        ("d = x", 3, "have `:` between them", "d: x"),
        ("d:x", 2, "There must be a space", "d: x"),
        ("d:\tx", 2, "There must be a space", "d: x"),
        ("d: e: f", 5, "A text with a `:`", "d: \"e: f\""),
        ("d: \"e", 6, OPEN, "d: \"e\""),
        ("d: \"Say \"hi\" now\"", 9, INNER, "d: \"Say “hi” now\""),
        ("d: 'It's here'", 7, INNER, "d: \"It's here\""),
        ("d: [e, f", 9, "The bracket `]`", "d: [e, f]"),
        ("d: @/a.md", 4, "begins with `@`", "d: \"@/a.md\""),
        ("[d]", 1, "Square brackets", "d:"),
    ] {
        expect(written, true, column, sentence, right);
    }
    for (written, column, sentence) in [
        ("d", 2, "This line has no `:`"),
        ("  d: x", 1, "begins with too many spaces"),
        ("\td: x", 1, "A tab is here"),
    ] {
        let found = told(&format!("a: 1\n{written}\nz: 2\n"), true);
        let [(2, found_column, found_sentence, _)] = &found[..] else {
            panic!("{written}: {found:?}");
        };
        assert_eq!(*found_column, column, "{written}: {found:?}");
        assert!(found_sentence.contains(sentence), "{written}: {found:?}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_shown_as_it_is_wanted() {
    let shown = |line: &str, value: &str, wanted| {
        let text = Text::new("content/a.md", line);
        let at = line.find(value).unwrap();
        as_wanted(&text, &(at..at + value.len()), wanted)
    };
    for (line, value, wanted, right) in [
        (
            "d = \"13\" # x",
            "\"13\"",
            "a whole number",
            Some("d = 13 # x"),
        ),
        ("d: yes", "yes", "true or false", Some("d: true")),
        (
            "d = \"true\"",
            "\"true\"",
            "true or false",
            Some("d = true"),
        ),
        (
            "d = \"5/27/2027\"",
            "\"5/27/2027\"",
            "a date",
            Some("d = 2027-05-27"),
        ),
        ("d = 3", "3", "text in quotes", Some("d = \"3\"")),
        ("d = \"a\"", "\"a\"", "a list of texts", Some("d = [\"a\"]")),
        ("d = [1]", "[1]", "text in quotes", None),
        (
            "d = 1.5",
            "1.5",
            "a whole number",
            Some("d = 1`, or `d = 2"),
        ),
        ("d = -3.0", "-3.0", "a whole number", Some("d = -3")),
        ("d = 1e3", "1e3", "a whole number", None),
        ("d = \"soon\"", "\"soon\"", "a date", None),
        ("d = 3", "3", "a table", None),
        (
            "d = \"@/a.md\"",
            "\"@/a.md\"",
            "a list of links",
            Some("d = [\"@/a.md\"]"),
        ),
        ("d = \"soon\"", "\"soon\"", "a list of links", None),
    ] {
        let right = right.map(|right| format!("Write `{right}`."));
        assert_eq!(shown(line, value, wanted), right, "{line}");
    }
}

#[test]
fn nothing_that_is_typed_stops_the_program() {
    let parts = [
        "a", "=", ":", "[", "]", "\"", "'", "“", "”", ",", "\n", " ", "\\", "#", "é", "1", "{",
        "-", "\"\"\"", "\t", ".",
    ];
    // Every way in which three of them can stand together.
    let n = parts.len();
    for number in 0..n.pow(3) {
        let of = |place: u32| parts[number / n.pow(place) % n];
        for before in ["", "a = [\n\"b\""] {
            let source = [before, of(0), of(1), of(2)].concat();
            for is_yaml in [false, true] {
                told(&source, is_yaml);
            }
        }
    }
}

#[test]
fn a_tab_is_told_with_the_blanks_that_the_line_needs() {
    for (above, help) in [
        ("a: 1", "Take it out"),
        ("a:", "Begin the line with 2 spaces"),
        ("a:\n    b: 1", "Begin the line with 4 spaces"),
    ] {
        let found = told(&format!("{above}\n\td: x\n"), true);
        assert!(found[0].3.starts_with(help), "{above}: {found:?}");
    }
}
