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
