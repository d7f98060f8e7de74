//! What is said of template syntax that does not work, and of what earlier versions of the dialect had:
//! a plain sentence at its place, and what to write instead.

use site_builder::Mode;

use crate::support::{CONFIG, Site};

/// What is found in a page with this text: places, sentences and help.
fn found(site: &Site) -> Vec<(String, String, String)> {
    let built = site.build();
    let findings = built.report.findings.iter();
    let findings = findings.map(|found| {
        let place = format!(
            "{}:{}:{}",
            found.place.file, found.place.line, found.place.column
        );
        (
            place,
            found.sentence.clone(),
            found.help.clone().unwrap_or_default(),
        )
    });
    findings.collect()
}

/// Holds what is found in a file to one finding: where, what, and a piece of its help.
fn one(site: &Site, place: &str, sentence: &str, help: &str) {
    let all = found(site);
    let [(at, said, advice)] = &all[..] else {
        panic!("{place}: {all:?}");
    };
    assert_eq!((at.as_str(), said.as_str()), (place, sentence));
    assert!(advice.contains(help), "{place}: {advice}");
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_one_that_is_meant() {
    let components = "{% component note(kind: string) %}{{ kind }}{% endcomponent note %}";
    for (body, at, sentence, help) in [
        (
            "{{ pgae.title }}",
            "4:4",
            "Variable `pgae` is not defined.",
            "Did you mean `page`?",
        ),
        (
            "{{ page.titel }}",
            "4:9",
            "Field `titel` is not defined.",
            "Did you mean `title`?",
        ),
        (
            "{{ page.title | uper }}",
            "4:17",
            "Unknown filter `uper`.",
            "Did you mean `upper`?",
        ),
        (
            "{{ get_ulr() }}",
            "4:4",
            "Unknown function `get_ulr`.",
            "Did you mean `get_url`?",
        ),
        (
            "{{ <noet kind=\"x\" /> }}",
            "4:4",
            "Unknown component `noet`.",
            "Did you mean `note`?",
        ),
        (
            "{{ <x /> }}",
            "4:4",
            "Unknown component `x`.",
            "The site has `note`.",
        ),
        (
            "{% include \"pag.html\" %}",
            "4:12",
            "Unknown template `pag.html`.",
            "Did you mean `page.html`?",
        ),
        (
            "{% iff x %}",
            "4:4",
            "There is no tag `iff`.",
            "Did you mean `if`?",
        ),
    ] {
        let site = Site::new()
            .file("templates/components.html", components)
            .page("a.md", "A", body);
        one(&site, &format!("content/a.md:{at}"), sentence, help);
    }
}

#[test]
fn signs_and_ends_in_a_text_are_told_with_what_to_write() {
    for (body, at, sentence, help) in [
        (
            "Type {{name}} here.",
            "4:8",
            "Variable `name` is not defined.",
            "write `{% raw %}` before them and `{% endraw %}` behind",
        ),
        (
            "Type {{}} here.",
            "4:8",
            "Here a name or a value is missing.",
            "`{% raw %}`",
        ),
        (
            "{{ page.title }",
            "4:15",
            "Here `}}` is missing, which ends what `{{` begins.",
            "`{% raw %}`",
        ),
        (
            "Use {% here",
            "4:8",
            "There is no tag `here`.",
            "`{% raw %}`",
        ),
        (
            "One\n\n{% if page.title %}Two",
            "6:1",
            "What is begun here is never ended.",
            "ended by `{% endif %}`",
        ),
        (
            "{% if page.title %}\n{% endfor %}",
            "5:4",
            "There is no tag `endfor`.",
            "in line 4 begins is ended by `{% endif %}`",
        ),
        (
            "{% endif %}",
            "4:4",
            "There is no tag `endif`.",
            "no `{% if … %}` above",
        ),
        (
            "{% raw %}{{",
            "4:1",
            "`{% raw %}` has no `{% endraw %}`.",
            "Add `{% endraw %}`",
        ),
    ] {
        let site = Site::new().page("a.md", "A", body);
        one(&site, &format!("content/a.md:{at}"), sentence, help);
    }
}

#[test]
fn template_syntax_that_does_not_work_is_not_taken_for_words_or_html() {
    let off = "[extra.check.levels]\norphan-page = \"off\"\none-main-heading = \"off\"\n";
    let page = "{% iff page.title %}\n{{ <nothere kind=\"[x](@/y.md)\" /> }}\n{% endiff %}\n\n\
                Here is a slpi and a [plain way](@/z.md).";
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}{off}"))
        .page("a.md", "A", page)
        .with(|options| options.mode = Mode::Check);
    let places = site.build().places();
    assert_eq!(
        places,
        [
            "content/a.md:4:4 template",
            "content/a.md:8:11 spelling",
            "content/a.md:8:34 broken-link",
        ]
    );
}

#[test]
fn what_it_advises_for_signs_in_a_text_shows_them() {
    let body = "{% raw %}{{name}} and {%{% endraw %}";
    let shown = Site::new()
        .page("a.md", "A", body)
        .build_and_read("a/index.html");
    assert!(shown.contains("{{name}} and {%"), "{shown}");
}

#[test]
fn what_earlier_versions_had_is_told_with_what_took_its_place() {
    let component = "{% component name(word: string) %}";
    for (body, at, sentence, help) in [
        (
            "{{ video(id=\"x\") }}",
            "4:4",
            "Unknown function `video`.",
            component,
        ),
        (
            "{% note(kind=\"x\") %}\nText\n{% end %}",
            "4:4",
            "There is no tag `note`.",
            "{% </note> %}",
        ),
        (
            "{% end %}",
            "4:4",
            "There is no tag `end`.",
            "{% </name> %}",
        ),
    ] {
        let site = Site::new().page("a.md", "A", body);
        one(&site, &format!("content/a.md:{at}"), sentence, help);
    }
    let missing = "Here `}}` is missing, which ends what `{{` begins.";
    for (template, at, sentence, help) in [
        (
            "{% macro x(a) %}{% endmacro x %}",
            "1:4",
            "There is no tag `macro`.",
            component,
        ),
        (
            "{% import \"m.html\" as m %}",
            "1:4",
            "There is no tag `import`.",
            "need no import",
        ),
        ("{{ m::x(a=1) }}", "1:5", missing, component),
        (
            "{{ page.title | slice(end=2) }}",
            "1:17",
            "Unknown filter `slice`.",
            "`x[0:2]`",
        ),
    ] {
        let site = Site::new().file("templates/page.html", template);
        one(&site, &format!("templates/page.html:{at}"), sentence, help);
    }
    let shortcode = || {
        Site::new().file(
            "templates/shortcodes/video.html",
            "{{ id | default(value=1) }}",
        )
    };
    let nothing = "Nothing uses this template: shortcodes are components now.";
    one(
        &shortcode(),
        "templates/shortcodes/video.html:1:1",
        nothing,
        component,
    );
    let includes = "{{ page.content | safe }}{% include \"shortcodes/video.html\" %}";
    shortcode()
        .file("templates/page.html", includes)
        .build()
        .clean();
}

#[test]
fn keys_of_earlier_versions_are_told_with_those_of_this_one() {
    for (key, help) in [
        ("generate_feed = true", "generate_feeds = true"),
        ("highlight_code = true", "[markdown.highlighting]"),
        ("slugify_paths = true", "[slugify]"),
        ("check_external_links = true", "check --external"),
        ("languages = [{ code = \"fr\" }]", "[languages.fr]"),
        (
            "[markdown]\nhighlight_theme = \"css\"",
            "[markdown.highlighting]",
        ),
    ] {
        let all = found(&Site::new().file("zola.toml", &format!("{CONFIG}{key}\n")));
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].2.contains(help), "{all:?}");
    }
    for (file, key, help) in [
        ("a.md", "tags = [\"x\"]", "[taxonomies]"),
        ("a.md", "categories = [\"x\"]", "[[taxonomies]]"),
        ("a.md", "order = 1", "weight = 10"),
        (
            "_index.md",
            "insert_anchor = \"left\"",
            "insert_anchor_links",
        ),
    ] {
        let page = format!("+++\ntitle = \"T\"\n{key}\n+++\n");
        let all = found(&Site::new().file(&format!("content/{file}"), &page));
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].2.contains(help), "{all:?}");
    }
}

#[test]
fn an_empty_title_is_told_at_its_line() {
    let site = Site::new()
        .file("zola.toml", CONFIG)
        .file("content/a.md", "+++\nweight = 1\ntitle = \"\"\n+++\n");
    let help = "Write the title there: `title = \"…\"`.";
    one(&site, "content/a.md:3:1", "This page has no title.", help);
}

/// The help about a page with this front matter, where two keys below `[extra]` are declared.
fn advice(front: &str) -> Vec<String> {
    let fields =
        "[extra.check.fields]\nreviewed = { type = \"date\" }\nrelated = { type = \"pages\" }";
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}\n{fields}\n"))
        .page("b.md", "B", "")
        .file(
            "content/a.md",
            &format!("+++\ntitle = \"A\"\n{front}\n+++\n"),
        );
    found(&site).into_iter().map(|(_, _, help)| help).collect()
}

#[test]
fn a_key_that_belongs_below_extra_is_told_with_the_line_that_is_missing() {
    for (front, help) in [
        (
            "reviewed = 2026-11-25",
            vec!["Add a line `[extra]` above this one."],
        ),
        (
            "reviewed = 2026-11-25\nrelated = []",
            vec![
                "Add a line `[extra]` above this one.",
                "It needs the line `[extra]` above `reviewed`, too.",
            ],
        ),
        (
            "reviewed = 2026-11-25\n[extra]\nrelated = []",
            vec!["Move its line down, below the line `[extra]`."],
        ),
        ("extra\nreviewed = 2026-11-25", vec!["Write `[extra]`."]),
    ] {
        assert_eq!(advice(front), help, "{front}");
    }
}

#[test]
fn a_list_of_pages_is_shown_as_it_should_be() {
    for written in ["\"@/b.md\"", "\"b.md\"", "[\"b.md\"]"] {
        let found = advice(&format!("[extra]\nrelated = {written}"));
        assert_eq!(found, ["Write `related = [\"@/b.md\"]`."], "{written}");
    }
}
