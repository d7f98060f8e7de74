//! What is told and what is not, text by text.

use std::fs;

use super::*;
use crate::BuildOptions;
use crate::diagnostic::Findings;
use crate::markdown;

fn config(settings: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("base_url = \"/\"\n{settings}");
    fs::write(folder.path().join("zola.toml"), text).unwrap();
    let options = BuildOptions::new(folder.path());
    crate::config::load(&options, &mut Findings::default()).unwrap()
}

/// What is told of a text: what it points to, and the help.
fn found(source: &str) -> Vec<(String, String)> {
    let config = config("");
    let reading = markdown::read(source, &config);
    check(&reading, source, source, &config)
        .into_iter()
        .map(|issue| (source[issue.at].to_owned(), issue.help))
        .collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_slip_is_told_where_it_stands_with_the_right_text() {
    for (source, at, right) in [
        // Links and pictures.
        (
            "See ![The box](my picture.png).",
            "![The box](my picture.png)",
            "Name the file `my-picture.png`, without spaces, and write `![The box](my-picture.png)`",
        ),
        (
            "See [codes](@/my codes.md).",
            "[codes](@/my codes.md)",
            "and write `[codes](@/my-codes.md)`",
        ),
        (
            "See [codes](https://example.org/my codes.pdf).",
            "[codes](https://example.org/my codes.pdf)",
            "Write `[codes](https://example.org/my%20codes.pdf)`",
        ),
        (
            "See [codes(@/codes.md).",
            "[codes(@/codes.md)",
            "`[codes](@/codes.md)`",
        ),
        (
            "See @/faq/codes.md#late.",
            "@/faq/codes.md#late",
            "`[what is there](@/faq/codes.md#late)`",
        ),
        (
            "See [codes] (@/codes.md).",
            "[codes] (@/codes.md)",
            "`[codes](@/codes.md)`",
        ),
        (
            "See [codes]\n(https://example.org/a).",
            "[codes]\n(https://example.org/a)",
            "`[codes](https://example.org/a)`",
        ),
        (
            "Ver (códigos)[@/codigos.es.md].",
            "(códigos)[@/codigos.es.md]",
            "`[códigos](@/codigos.es.md)`",
        ),
        (
            "See [codes][@/codes.md].",
            "[codes][@/codes.md]",
            "`[codes](@/codes.md)`",
        ),
        (
            "See [codes](@/codes.md for more.",
            "[codes](@/codes.md",
            "`[codes](@/codes.md)`",
        ),
        (
            "See codes](@/codes.md) for more.",
            "codes](@/codes.md)",
            "`[codes](@/codes.md)`",
        ),
        (
            "Go to https://example.org/a_b(c), then.",
            "https://example.org/a_b(c)",
            "`[what is there](https://example.org/a_b(c))`",
        ),
        (
            "(Visite www.example.org.)",
            "www.example.org",
            "`[what is there](https://www.example.org)`",
        ),
        // Headings.
        (
            "##Before you call",
            "##Before you call",
            "`## Before you call`",
        ),
        (
            "##¿Qué necesita?##",
            "##¿Qué necesita?##",
            "`## ¿Qué necesita?`",
        ),
        ("Words.\n###Next step", "###Next step", "`### Next step`"),
        (
            "#Before you call",
            "#Before you call",
            "`## Before you call`",
        ),
        ("##\u{a0}Before", "##\u{a0}Before", "`## Before`"),
        ("#What", "#What", "`## What`"),
        (
            "Call us. ### When we are open\nWords.",
            "### When we are open",
            "Enter twice before `### When",
        ),
        (
            "## Before {#before you}",
            "{#before you}",
            "`{#before-you}`",
        ),
        ("## Before {before}", "{before}", "`{#before}`"),
        (
            "## Before {#before you",
            "{#before you",
            "`Before {#before}`",
        ),
        ("Words {#mark} here.", "{#mark}", "`## Heading {#mark}`"),
        // Lists.
        (
            "Bring:\n• Your card\n• A pen",
            "• Your card",
            "`- Your card`",
        ),
        ("•\tYour card", "•\tYour card", "`- Your card`"),
        ("·\tSu tarjeta", "·\tSu tarjeta", "`- Su tarjeta`"),
        ("o\tSu tarjeta", "o\tSu tarjeta", "`- Su tarjeta`"),
        (
            "\u{f0b7}\tYour card",
            "\u{f0b7}\tYour card",
            "`- Your card`",
        ),
        ("-\u{a0}Your card", "-\u{a0}Your card", "`- Your card`"),
        ("1.\u{a0}Your card", "1.\u{a0}Your card", "`1. Your card`"),
        ("– Your card\n– A pen", "– Your card", "`- Your card`"),
        ("-Your card\n-A pen", "-Your card", "`- Your card`"),
        ("1.Llame\n2.Espere", "1.Llame", "`1. Llame`"),
        ("- Your card\n-A pen\n- Paper", "-A pen", "`- A pen`"),
        ("1. Your card\n2.A pen", "2.A pen", "`2. A pen`"),
        ("*Your card\n*A pen", "*Your card", "`- Your card`"),
        ("o Your card\no A pen", "o Your card", "`- Your card`"),
        ("§ Your card", "§ Your card", "`- Your card`"),
        (
            "(1) Your card\n(2) A pen",
            "(1) Your card",
            "`1. Your card`",
        ),
        ("a) Your card\nb) A pen", "a) Your card", "`1. Your card`"),
        ("ii. A pen\niii. Paper", "ii. A pen", "`1. A pen`"),
        // Tables.
        (
            "Day | Hours\nMonday | 9 to 5",
            "Day | Hours",
            "`| Day | Hours |`, below it `| --- | --- |`",
        ),
        (
            "Hours:\nMonday\t9 to 5\nTuesday\t9 to 6",
            "Monday\t9 to 5",
            "`| Monday | 9 to 5 |`",
        ),
        (
            "| Day | Hours |\n| --- | --- |\n| Monday | 9 | or 10 |",
            "or 10",
            "one more column",
        ),
        (
            "| Day | Hours |\n| Monday | 9 to 5 |",
            "| Day | Hours |",
            "`| --- | --- |`",
        ),
        (
            "| Day | Hours |\n| --- |\n| Monday | 9 to 5 |",
            "| Day | Hours |",
            "`| --- | --- |`",
        ),
        ("| Day | Hours |\n\n", "| Day | Hours |", "`| --- | --- |`"),
        // Bold words.
        (
            "Take ** your card ** along.",
            "** your card **",
            "`**your card**`",
        ),
        ("Take it**(both)**.", "**(both)**", "before the bold words"),
        ("**Note:**call us.", "**Note:**", "`**Note:** c…`"),
        ("Take **your card along.", "**", "`**your**`"),
        ("Tome __su tarjeta.", "__", "`__su__`"),
        ("Your card.** Then", "**", "before the bold words"),
        ("Take **your card* along.", "*", "`**your card**`"),
        ("Take *your card** along.", "*", "`**your card**`"),
        // Markdown in HTML.
        (
            "<div>\n**Call** us.\n</div>",
            "**Call**",
            "an empty line above",
        ),
        (
            "<p class=\"a\">See [codes](@/codes.md).</p>",
            "[codes](@/codes.md)",
            "“codes”",
        ),
        ("Words <!-- a note\n\nMore.", "<!--", "`-->`"),
        (
            "See [what](\\faq\\email\\) now.",
            "[what](\\faq\\email\\)",
            "`[what](/faq/email)`",
        ),
        (
            "See [it](@ /codes.md).",
            "[it](@ /codes.md)",
            "`[it](@/codes.md)`",
        ),
        // Names and entities.
        ("Done :smile:!", ":smile:", "😄"),
        ("Salt &amp;amp; pepper", "&amp;amp;", "`&`"),
        ("Call&amp;nbsp;us", "&amp;nbsp;", "a blank"),
        (
            "Call { config.extra.phone } now",
            "{ config.extra.phone }",
            "`{{ config.extra.phone }}`",
        ),
        // Characters.
        ("The pass\u{ad}word is", "\u{ad}", "`password`"),
        ("The pass\u{200b}word is", "\u{200b}", "`password`"),
        ("The cl\u{fffd}nica", "\u{fffd}", "UTF-8"),
        ("La clÃ³nica", "Ã³", "`clónica`"),
        ("Look: \u{fffc}", "\u{fffc}", "![What it shows]"),
        // Code by accident.
        ("```\nCall us.\n", "```", "Write ````` on"),
        (
            "Text.\n\n```text\na\n```\n\n~~~~\nb\n~~~\n",
            "~~~~",
            "Write `~~~~` on",
        ),
        ("Text.\n\n```\n", "```", "Write"),
        ("- a\n\n  ```\n  b\n\nAfter.\n", "```", "Write"),
        ("> ```\n> b\n\nAfter.\n", "```", "Write"),
        (
            "Steps:\n\n\tOpen the settings.\n",
            "Open the settings.",
            "`Open the settings.`",
        ),
        ("    ¿Qué necesita?\n", "¿Qué necesita?", "`¿Qué necesita?`"),
    ] {
        let found = found(source);
        assert_eq!(found.len(), 1, "{source:?}: {found:?}");
        assert_eq!(found[0].0, at, "{source:?}");
        assert!(found[0].1.contains(right), "{source:?}: {}", found[0].1);
    }
}

#[test]
fn what_is_meant_is_not_told() {
    for source in [
        "![The box](my-picture.png) ![The box](<my picture.png>) [a](@/a.md \"Codes\")",
        "See [1] (below) and (codes)[1], [a] [b], [x](see below), f(x)[i].",
        "A fix (codes) [#712] and [1ea4] [#105]",
        "- [#codes > a question](https://example.org)",
        "<https://example.org> [https://example.org](https://example.org) `https://example.org`",
        "<a href=\"https://example.org\">https://example.org</a> begins with https:// or http://",
        "Write to help@www.example.org.",
        "We are #1. #health #care",
        "#1 of the list",
        "\\## no heading, \\*\\*no stars\\*\\*, \\{#x}, \\&nbsp;, \\:smile:",
        "`##no` `**no` <code>**no</code> `:smile:` `&nbsp;`",
        "```\n##no\n**no\n• no\n```",
        "~~~ text\na\n```\n~~~~  \n\n> ```\n> a\n> ```\n\n- a\n  ```\n  b\n  ```\n",
        "```one line``` and ``` two ```",
        "<pre>\n##no **no :smile: &amp;nbsp;\n</pre>",
        "Name: ____ and ______",
        "Take *one*, ***both***, **a *b***, \\**one*, or 5*x*.",
        "Write to help@/ or a@/b.md, see [@/a](@/a.md) and `@/a.md`",
        "See [the page (/a/)], [a] (b) and f[a(b)].",
        "## Before {#before} \n## After {#after .big}\n## Use `{x y}`",
        "*Prices may change.",
        "We are\n#1 and #What else",
        "See 45 CFR\n§ 164.316",
        "Llame\no María viene",
        "(1) one\nand (2) two",
        "One | two |\nthree | four",
        "| a | b |\n| --- | --- |\n| c \\| d | e |\n| f | g | |\n| h |",
        "Begin it with ## and words",
        "***-**-1234 and **** and 2**3 and a__b and __init__ and 5 ** 3",
        "Price** and more\n\n** with tax",
        "From 10:30:15 to on:track:now :no-such-sign:",
        "A & B, AT&T, R&D; x &lt; y",
        "**Jump to:** one · two ·\nthree · four",
        "- one\n- two\n  - three",
        "Llame\no escriba. O sea, o no.",
        "–5 degrees\n\n– one line only",
        "-5\n-6",
        "3.5 and 1.2\n2.5 more",
        "| a | b |\n| --- | --- |\n| c | d |",
        "|x| is the size of x",
        "| a | • b<br>• c |\n| --- | --- |\n| c | d |",
        "    npm install site\n",
        "    if (x) { return; }\n",
        "    $ Run this\n",
        "Ünïcode “quotes” – dashes… 👩‍⚕️ and no\u{a0}break",
        "São Paulo, NÃO, Â mesma",
        "## Heading {#mark}",
        "## Heading {#mark .wide lang=es}",
        "{ a: 1 } and {x} and {1, 2}",
        "<div>\n\n**Call** us.\n\n</div>",
        "A <b>**x**</b> word",
        "<!-- **Call** us.\n[a](b)\n**x** -->\n",
        "<script>\nf(a[1](2), '**x**')\n</script>",
        "<p title=\"**x**\"\nlang=\"[a](b)\">y</p>",
    ] {
        assert_eq!(found(source), [], "{source:?}");
    }
}

#[test]
fn names_of_emoji_are_fine_where_they_become_emoji() {
    let config = config("[markdown]\nrender_emoji = true\n");
    let reading = markdown::read("Hi :wave:", &config);
    assert_eq!(check(&reading, "Hi :wave:", "Hi :wave:", &config), []);
}

#[test]
fn titles_are_plain_words() {
    for (title, right) in [
        ("**Codes**", Some("`Codes`")),
        ("[Codes](@/codes.md)", Some("`Codes`")),
        ("Salt &amp; pepper", Some("`&`")),
        (
            "Call {{ config.extra.phone }}",
            Some("the words themselves"),
        ),
        ("The pass\u{ad}word", Some("`password`")),
        ("Two * stars, `code` and [1]", None),
    ] {
        let found = in_plain(title);
        assert_eq!(
            found.len(),
            usize::from(right.is_some()),
            "{title}: {found:?}"
        );
        if let (Some(right), Some((_, _, help))) = (right, found.first()) {
            assert!(help.contains(right), "{title}: {help}");
        }
    }
}

#[test]
fn a_text_full_of_open_signs_takes_no_time() {
    for sign in ["** ", "[a](b c", "{{ ", ":a", "| ", "((", "[[", "• \n"] {
        let text = sign.repeat(20_000);
        let began = std::time::Instant::now();
        found(&text);
        assert!(began.elapsed().as_secs() < 20, "{sign:?}");
    }
}
