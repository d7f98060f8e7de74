//! The command as people and scripts run it: exit codes, and what goes to which stream.

use std::process::{Command, Output};

use crate::support::{CONFIG, Site};

pub(crate) fn small() -> Site {
    Site::new()
        .page("_index.md", "Home", "[a](@/a.md)")
        .page("a.md", "A", "Text.")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_good_build_says_what_it_did_and_exits_with_0() {
    let site = small();
    let output = site.run(&["build", "--output", "../out", "--base-url", "https://x.org"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "5 files: 5 written, 0 removed.\n");
    let html = std::fs::read_to_string(site.output().join("index.html")).unwrap();
    assert!(html.contains("https://x.org/a/"), "{html}");
}

#[test]
fn the_time_can_be_set_so_that_a_site_can_be_built_again() {
    let site = small().file("templates/page.html", "{{ now() }}");
    let built = |epoch: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_site-builder"));
        command.args(["build", "--output", "../out"]);
        command.env("SOURCE_DATE_EPOCH", epoch);
        let output = command.current_dir(site.root()).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        std::fs::read_to_string(site.output().join("a/index.html")).unwrap()
    };
    assert_eq!(built("0"), "1970-01-01T00:00:00Z");
    let unset = built("");
    assert!(
        !unset.starts_with("1970") && unset.ends_with('Z'),
        "{unset}"
    );
}

#[test]
fn a_broken_build_shows_every_finding_and_exits_with_1() {
    let site = small()
        .page("a.md", "A", "[b](@/b.md)")
        .file("content/c.md", "+++\ntitel = \"C\"\n+++\n");
    let output = site.run(&["build"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stderr(&output);
    assert!(shown.contains("content/a.md:4:5"), "{shown}");
    assert!(shown.contains("help: Did you mean `title`?"), "{shown}");
    assert!(shown.ends_with("1 error, 1 warning\n"), "{shown}");
    assert!(!site.root().join("public").exists());
}

#[test]
fn what_zola_would_write_is_written_with_a_warning_unless_a_site_wants_it_otherwise() {
    let faults = |settings: &str| {
        small()
            .file("zola.toml", &format!("{CONFIG}{settings}"))
            .page(
                "a.md",
                "A",
                "<p id=\"x\">x</p><p id=\"x\">x</p>\n\n[b](/b/)",
            )
            .file("content/c.md", "+++\nslug = \"c\"\nlayout = \"x\"\n+++\n")
            .file("content/s/d.md", "+++\n+++\n")
    };
    let site = faults("");
    let output = site.run(&["build"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("0 errors, 5 warnings"),
        "{}",
        stderr(&output)
    );
    assert!(site.root().join("public/s/d/index.html").exists());
    let site = faults(
        "[extra.check.levels]\nbroken-link = \"error\"\nno-section = \"error\"\n\
         no-title = \"error\"\nrepeated-id = \"error\"\nunknown-key = \"error\"\n",
    );
    let output = site.run(&["build"]);
    assert!(
        stderr(&output).contains("5 errors, 0 warnings"),
        "{}",
        stderr(&output)
    );
    assert!(!site.root().join("public").exists());
}

#[test]
fn check_speaks_to_people_scripts_and_github() {
    // The plain templates of these tests have no main heading.
    let settings = format!("{CONFIG}[extra.check.levels]\none-main-heading = \"off\"\n");
    let plain = || small().file("zola.toml", &settings);
    let site = plain().page("a.md", "A", "[b](@/b.md)");
    let json = site.run(&["check", "--format", "json"]);
    assert_eq!(json.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&json.stdout),
        "{\"code\":\"broken-link\",\"column\":5,\"file\":\"content/a.md\",\"help\":null,\"line\":4,\
         \"message\":\"There is no page `@/b.md`. Did you mean `@/a.md`?\",\"severity\":\"error\"}\n"
    );
    let github = site.run(&["check", "--format", "github"]);
    let line = String::from_utf8_lossy(&github.stdout).into_owned();
    assert!(
        line.starts_with("::error file=content/a.md,line=4,col=5,"),
        "{line}"
    );
    let good = plain().run(&["check"]);
    assert_eq!(
        (good.status.code(), stderr(&good)),
        (Some(0), "0 errors, 2 pages\n".to_owned())
    );
}

#[test]
fn the_day_of_a_check_can_be_given() {
    let page = "+++\ntitle = \"A\"\n[extra]\nreview_by = 2026-11-24\n+++\n";
    let site = small().file("content/a.md", page);
    let due = |day: &str| {
        let output = site.run(&["check", "--today", day, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).contains("review-due")
    };
    assert!(!due("2026-11-24") && due("2026-11-25"));
    let output = site.run(&["check", "--today", "tomorrow"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_stands_in_the_way_is_one_sentence_with_a_fix() {
    let bare = Site::bare().run(&["build"]);
    assert_eq!(bare.status.code(), Some(1));
    assert!(
        stderr(&bare).contains("There is no `zola.toml`"),
        "{}",
        stderr(&bare)
    );
    assert!(stderr(&bare).contains("--root"), "{}", stderr(&bare));

    let empty = Site::bare().file("zola.toml", "");
    let shown = stderr(&empty.run(&["check"]));
    assert!(shown.contains("`base_url` is missing"), "{shown}");
    assert!(shown.contains("There is no folder `content`"), "{shown}");

    let theme = small().file("zola.toml", "base_url = \"/\"\ntheme = \"none\"\n");
    let shown = stderr(&theme.run(&["build"]));
    assert!(shown.contains("`themes/none` does not exist"), "{shown}");

    let output = small().run(&["build", "--output", "content/out"]);
    assert!(stderr(&output).contains("--output"), "{}", stderr(&output));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    assert_eq!(small().run(&["biuld"]).status.code(), Some(2));
    assert_eq!(
        small().run(&["build", "--port", "1"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_day_that_is_typed_another_way_is_shown_in_the_right_one() {
    for command in ["check", "review"] {
        let said = stderr(&small().run(&[command, "--today", "28/11/2026"]));
        assert!(said.contains("Write the day as `2026-11-28`"), "{said}");
        let said = stderr(&small().run(&[command, "--today", "05/06/2026"]));
        assert!(said.contains("such as `2026-11-25`"), "{said}");
    }
}

#[test]
fn a_command_to_type_has_the_form_in_which_this_one_was_typed() {
    let site = small().page("faq/a.md", "A", "");
    let said = stderr(&site.run(&["check"]));
    assert!(
        said.contains("Run `site-builder new faq/_index.md"),
        "{said}"
    );
    let by_cargo = [("CARGO_PKG_NAME", "site-builder")];
    let said = stderr(&site.run_with(&["check"], &by_cargo));
    let command = "Run `cargo run -p site-builder -- new faq/_index.md";
    assert!(said.contains(command), "{said}");
}

#[test]
fn drafts_and_static_folders_are_options() {
    let site = small().file("content/d.md", "+++\ntitle = \"D\"\ndraft = true\n+++\n");
    crate::support::put(&site.beside("widget/w/w.js"), b"//");
    let output = site.run(&[
        "build",
        "--output",
        "../out",
        "--drafts",
        "--static",
        "../widget",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(site.output().join("d/index.html").exists());
    assert!(site.output().join("w/w.js").exists());
}

#[test]
fn new_makes_a_page_without_errors_and_never_overwrites() {
    let site = Site::new();
    let made = site.run(&["new", "faq/_index.md", "Questions"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let site = site.file(
        "content/faq/first.md",
        "+++\ntitle = \"First\"\nweight = 30\n+++\n",
    );
    let made = site.run(&["new", "faq/second.md", "Is \"this\" a \\ question?"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let page = std::fs::read_to_string(site.root().join("content/faq/second.md")).unwrap();
    assert_eq!(
        page,
        "+++\ntitle = \"Is \\\"this\\\" a \\\\ question?\"\ndescription = \"(Not written yet.)\"\nweight = 40\ndraft = true\n+++\n\n\
         (Not written yet.)\n"
    );
    let built = site.run(&["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    assert!(!site.root().join("public/faq/second").exists());
    let without = stderr(&site.run(&["check"]));
    assert!(without.contains("Not looked at: 1 draft."), "{without}");
    let checked = stderr(&site.run(&["check", "--drafts"]));
    assert!(checked.contains("content/faq/second.md:3:16"), "{checked}");
    assert_eq!(checked.matches("not written yet").count(), 2, "{checked}");
    assert!(!checked.contains("same description"), "{checked}");
    assert!(checked.contains("\n0 errors, "), "{checked}");

    for (path, reason) in [
        ("faq/second.md", "exists already"),
        ("../second.md", "not the path of a page"),
        ("/tmp/second.md", "not the path of a page"),
        ("faq/second.txt", "not the path of a page"),
    ] {
        let refused = site.run(&["new", path, "Again"]);
        assert_eq!(refused.status.code(), Some(1), "{path}");
        assert!(stderr(&refused).contains(reason), "{}", stderr(&refused));
    }
}

#[test]
fn new_writes_what_is_required_and_makes_the_sections_above() {
    let declared = "[extra.check.fields]\nreviewed = { type = \"date\", required = true }\n\
                    kind = { type = \"text\", required = true, keys_of = \"kinds\" }\n\
                    [extra.kinds]\nquestion = \"\"\n";
    let home = "+++\ntitle = \"Home\"\n[extra]\nreviewed = 2026-11-20\nkind = \"question\"\n+++\n";
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}{declared}"))
        .file("content/_index.md", home);
    let made = stderr(&site.run(&["new", "faq/mail-and-texts/lost.md", "Lost?"]));
    let created: Vec<_> = made.lines().collect();
    assert_eq!(
        created,
        [
            "Created ./content/faq/_index.md.",
            "Created ./content/faq/mail-and-texts/_index.md.",
            "Created ./content/faq/mail-and-texts/lost.md.",
            "This made new sections: faq, faq/mail-and-texts.",
            "The page is a draft. Take out its line `draft = true` to publish it.",
        ]
    );
    let checked = site.run(&["check", "--drafts"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let section = site.root().join("content/faq/mail-and-texts/_index.md");
    let section = std::fs::read_to_string(section).unwrap();
    assert!(section.contains("title = \"Mail and texts\""), "{section}");
    assert!(section.contains("kind = \"question\""), "{section}");
}

#[test]
fn new_says_what_to_write_instead() {
    let site = Site::new().page("faq/_index.md", "Questions", "");
    for (arguments, code, told) in [
        (&["new", "faq/x", "X"][..], 1, "Write `faq/x.md`."),
        (&["new", "/faq/x.md", "X"], 1, "Write `faq/x.md`."),
        (
            &["new", "faq/My Question.md", "X"],
            1,
            "Write `faq/my-question.md`.",
        ),
        (
            &["new", "faq/z.md", "Can", "I", "use", "it"],
            2,
            "Put the title in quotes: \"Can I use it\".",
        ),
        (
            &["new", "fqa/x.md", "X"],
            0,
            "This made a new section, fqa.",
        ),
    ] {
        let output = site.run(arguments);
        let all = stderr(&output);
        assert!(all.contains(told), "{all}");
        assert_eq!(output.status.code(), Some(code), "{all}");
    }
    assert!(!site.root().join("content/faq/z.md").exists());
}

#[test]
fn new_says_why_there_are_no_settings() {
    let site = Site::new().bytes("zola.toml", b"base_url = \"\xff\"\n");
    let told = stderr(&site.run(&["new", "a.md", "A"]));
    assert!(told.contains("`zola.toml` cannot be read"), "{told}");
    let site = site.without("zola.toml");
    let told = stderr(&site.run(&["new", "a.md", "A"]));
    assert!(
        told.contains("There is no site in the folder `.`."),
        "{told}"
    );
}
