//! How the settings turn checks up, down and off, and which a build runs.

use site_builder::{BuildOptions, Mode};

use super::{DAY, answer, site};
use crate::support::CONFIG;

#[test]
fn the_day_changes_no_byte_of_a_build() {
    let page = "+++\ntitle = \"First\"\n[extra]\nreview_by = 2026-11-24\n+++\n";
    let on = |today| {
        let site = site().file("content/a.md", page).with(|options| {
            options.mode = Mode::Build;
            options.today = today;
        });
        site.build().clean().tree()
    };
    assert_eq!(on(Some(DAY)), on(None));
}

#[test]
fn each_check_can_be_an_error_a_warning_or_off() {
    let text = "See [here](@/_index.md).";
    let level = |level: &str| {
        let settings = format!("[extra.check.levels]\nlink-text = \"{level}\"\n");
        let built = answer(text, &settings);
        (built.places().len(), built.report.findings.has_errors())
    };
    assert_eq!(level("error"), (1, true));
    assert_eq!(level("warn"), (1, false));
    assert_eq!(level("off"), (0, false));

    let built = answer(text, "[extra.check.levels]\nlink-txt = \"off\"\n");
    assert_eq!(
        built.places(),
        ["content/a.md:4:5 link-text", "zola.toml:3:1 unknown-check"]
    );
    assert!(built.findings().contains("Did you mean `link-text`?"));
}

#[test]
fn a_build_finds_what_pages_show_whichever_check_alone_asks_for_it() {
    let text = format!("See [here](@/a.md). {}", "Call us. ".repeat(200));
    for rule in ["link-text", "orphan-page", "page-weight"] {
        let settings = format!(
            "{CONFIG}[extra.check.levels]\n{rule} = \"error\"\n[extra.check.limits]\npage_kb = 1\n"
        );
        let built = site()
            .file("zola.toml", &settings)
            .page("b.md", "Second", &text)
            .with(|options| options.mode = Mode::Build)
            .build();
        let codes: Vec<_> = built.report.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [rule]);
    }
}

#[test]
fn a_site_says_what_to_do_where_a_file_is_missing() {
    let settings = "[extra.check.missing]\n\"/app/\" = \"Run `make app` first.\"\n\"/x/\" = 1\n";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file(
            "templates/page.html",
            "<!doctype html><html lang=en><title>Help</title><h1>{{ page.title }}</h1>\
             <script src=\"{{ get_url(path=\"app/a.js\") }}\"></script>\
             <a href=\"/apple/\">Apples</a>",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "templates/page.html:1:103 broken-link",
            "templates/page.html:1:136 broken-link",
            "zola.toml:4:9 wrong-type",
        ]
    );
    let findings = built.findings();
    let advice = "help: Run `make app` first. It shows on /a/.";
    assert_eq!(findings.matches(advice).count(), 1, "{findings}");
}

#[test]
fn a_build_runs_what_is_an_error_and_leaves_the_rest_to_check() {
    let level = |settings: &str| {
        let site = site().page("a.md", "First", "See [here](@/_index.md).");
        let site = site.file("zola.toml", &format!("{CONFIG}{settings}"));
        site.with(|options| options.mode = Mode::Build).build()
    };
    level("").clean();
    let built = level("[extra.check.levels]\nlink-text = \"error\"\n");
    assert_eq!(built.places(), ["content/a.md:4:5 link-text"]);
    assert!(built.report.written.is_none());
}

#[test]
fn a_themes_levels_lie_under_those_of_the_site() {
    let theme = "name = \"t\"\n[extra.check.levels]\nlink-text = \"off\"\nscript = \"off\"\nscirpt = \"off\"\n";
    let built = site()
        .page(
            "a.md",
            "First",
            "See [here](@/_index.md). <script></script>",
        )
        .file("themes/t/theme.toml", theme)
        .file(
            "zola.toml",
            "base_url = \"https://help.example.org\"\ntheme = \"t\"\n\
             [extra.check.levels]\nscript = \"warn\"\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:26 script",
            "themes/t/theme.toml:5:1 unknown-check"
        ]
    );
}

#[test]
fn a_table_above_the_settings_of_the_site_is_one_finding() {
    for (table, line) in [
        ("[languages.es]\ntitle = \"Ayuda\"\n", 1),
        ("title = \"Help\"\n\n[markdown]\n", 3),
    ] {
        let built = site()
            .file(
                "zola.toml",
                &format!("{table}title = \"Help\"\n{CONFIG}theme = \"t\"\n"),
            )
            .build();
        assert_eq!(
            built.places(),
            [format!("zola.toml:{line}:1 table-too-early")]
        );
    }
}

#[test]
fn the_forms_of_a_number_in_the_settings_are_held_to_each_other() {
    let settings = "[extra.support]\nphone_letters = \"888-555-HELP\"\nphone_link = \"+18885554358\"\n\
                    phone = \"888-555-4357\"\nphone_night = \"207-555-0100\"\n\
                    email = \"help@example.org\"\nemail_link = \"mailto:desk@example.org\"\n";
    let built = answer("Call us.", settings);
    assert_eq!(
        built.places(),
        ["zola.toml:4:14 contact", "zola.toml:8:14 contact"]
    );
    let findings = built.findings();
    let sentence = "`support.phone_link` is another number than `support.phone_letters`, which is \
                    `888-555-HELP`.";
    assert!(findings.contains(sentence), "{findings}");
    let right = settings.replace("54358", "54357").replace("desk@", "help@");
    assert_eq!(answer("Call us.", &right).places(), [""; 0]);
}

#[test]
fn an_address_of_the_settings_that_cannot_be_right_is_told_there_alone() {
    let settings = "[extra.support]\nemail = \"help@example,org\"\n";
    let built = answer("Call us.", settings);
    built.clean();
    let link = "<a href=\"mailto:{{ config.extra.support.email }}\">Write to us</a>";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file(
            "templates/page.html",
            &format!("<!doctype html><html lang=en><title>Help</title><h1>T</h1>{link}"),
        )
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .page("b.md", "Second", "Call us.")
        .build();
    assert_eq!(built.places(), ["zola.toml:3:9 link-form"]);
}

#[test]
fn without_its_theme_nothing_else_is_told_of_a_site() {
    let built = site()
        .file("zola.toml", &format!("theme = \"no\"\n{CONFIG}"))
        .without("templates/page.html")
        .build();
    assert_eq!(built.places(), ["zola.toml:1:9 no-theme"]);
}

#[test]
fn a_form_that_no_phone_can_dial_is_told_with_the_number_that_is_meant() {
    for (letters, help) in [
        (
            "888-555-HELPS",
            "Write the number of `support.phone`, which is `888-555-4357`",
        ),
        ("888-555-help", "Write the number of `support.phone`"),
        (
            "888\u{2014}555\u{2014}4357",
            "Write the number of `support.phone`",
        ),
        ("888\u{2013}555\u{2013}4357", "Write `888-555-4357`."),
    ] {
        let settings = format!(
            "[extra.support]\nphone_letters = \"{letters}\"\nphone = \"888-555-4357\"\n\
             phone_label = \"Call us, 24 hours\"\n"
        );
        let built = answer("Call us.", &settings);
        assert_eq!(built.places(), ["zola.toml:3:17 contact"], "{letters}");
        let said = built.findings();
        assert!(said.contains(help), "{said}");
    }
}

#[test]
fn for_a_day_that_is_missing_one_is_suggested_that_is_right_today() {
    let settings = "[extra.check.fields]\nlast_reviewed = { type = \"date\", required = true }\n\
                    review_by = { type = \"date\", required = true, months_ahead = 6 }\n";
    let suggested = |change: fn(&mut BuildOptions)| {
        let site = site().file("zola.toml", &format!("{CONFIG}{settings}"));
        let findings = site.with(change).build().findings();
        let of = |key: &str| {
            let (_, rest) = findings.split_once(&format!("Add `{key} = ")).unwrap();
            rest[..10].to_owned()
        };
        [of("last_reviewed"), of("review_by")]
    };
    assert_eq!(suggested(|_| {}), ["2026-11-25", "2027-05-25"]);
    // A build is given a moment only.
    let of_build = suggested(|options| {
        options.mode = Mode::Build;
        options.today = None;
        options.now = 1_800_000_000;
    });
    assert_eq!(of_build, ["2027-01-15", "2027-07-15"]);
}
