//! `review`: which pages it lists, whom it names, and the calendar that it writes.

use crate::support::{CONFIG, Site};

/// Pages with a date each, and owners by every way there is.
fn site() -> Site {
    let page = |by: &str, front: &str, extra: &str| {
        format!("+++\ntitle = \"On {by}\"\n{front}[extra]\nreview_by = {by}\n{extra}+++\n")
    };
    Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.check]\nskip_pages = [\"h.md\"]\n"),
        )
        .file("content/h.md", &page("2026-01-01", "", ""))
        .file(
            "content/a.md",
            &page("2026-11-24", "authors = [\"Ann\", \"Al\"]\n", ""),
        )
        .file(
            "content/b.md",
            &page("2026-11-25", "authors = [\"Ann\"]\n", "owner = \"Bo\"\n"),
        )
        .file("content/c.md", &page("2027-06-01", "", ""))
        .file("content/d.md", &page("2026-01-01", "draft = true\n", ""))
        .file(
            "content/t/_index.md",
            &page("2026-12-01", "", "owner = \"Front desk\"\n"),
        )
        .file("content/t/e.md", &page("2026-12-25", "", ""))
        .file("content/t/f.md", &page("2026-12-26", "", ""))
        .page("g.md", "No date", "")
}

fn review(site: &Site, arguments: &[&str]) -> String {
    let mut all = vec!["review", "--today", "2026-11-25"];
    all.extend(arguments);
    let output = site.run(&all);
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), shown.as_str()), (Some(0), ""));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn what_is_overdue_comes_first_with_whoever_looks_after_it() {
    assert_eq!(
        review(&site(), &[]),
        "Overdue\n\
         \x20 2026-11-24  Ann, Al     a.md\n\n\
         Due by 2026-12-25\n\
         \x20 2026-11-25  Bo          b.md\n\
         \x20 2026-12-01  Front desk  t/_index.md\n\
         \x20 2026-12-25  Front desk  t/e.md\n\n\
         1 page overdue, 3 due by 2026-12-25, 2 later.\n"
    );
    let none = Site::new();
    assert_eq!(
        review(&none, &["--within", "0"]),
        "0 pages overdue, 0 due by 2026-11-25, 0 later.\n"
    );
}

#[test]
fn a_section_speaks_for_its_translations_unless_they_say_otherwise() {
    let languages = "[languages.es]\n[languages.fr]\n";
    let page =
        |owner: &str| format!("+++\ntitle = \"T\"\n[extra]\nreview_by = 2026-12-01\n{owner}+++\n");
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}{languages}"))
        .file("content/t/_index.md", &page("owner = \"Ann\"\n"))
        .file("content/t/_index.es.md", &page("owner = \"Ana\"\n"))
        .file("content/t/_index.fr.md", &page(""))
        .file("content/t/a.es.md", &page(""))
        .file("content/t/a.fr.md", &page(""));
    let list = review(&site, &[]);
    assert!(list.contains("Ana  t/a.es.md\n"), "{list}");
    assert!(list.contains("Ann  t/_index.fr.md\n"), "{list}");
    assert!(list.contains("Ann  t/a.fr.md\n"), "{list}");
}

#[test]
fn a_program_reads_one_object_a_line() {
    let list = review(&site(), &["--within", "0", "--format", "json"]);
    let rows: Vec<serde_json::Value> = list
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2, "{list}");
    assert_eq!(
        rows[0],
        serde_json::json!({
            "review_by": "2026-11-24",
            "overdue": true,
            "owners": ["Ann", "Al"],
            "title": "On 2026-11-24",
            "file": "content/a.md",
            "url": "https://help.example.org/a/",
        })
    );
    assert_eq!(rows[1]["overdue"], false);
}

#[test]
fn the_calendar_holds_every_date_or_those_within_some_days() {
    let site = site();
    let days = |arguments: &[&str]| {
        let file = site.beside("reviews.ics");
        review(
            &site,
            &[arguments, &["--ics", file.to_str().unwrap()]].concat(),
        );
        let calendar = std::fs::read_to_string(file).unwrap();
        let starts = calendar.matches("DTSTART;VALUE=DATE:").count();
        assert!(calendar.ends_with("END:VCALENDAR\r\n"), "{calendar}");
        starts
    };
    assert_eq!(days(&[]), 6);
    assert_eq!(days(&["--within", "30"]), 4);
}

#[test]
fn what_is_overdue_fails_a_run_that_asks_for_that() {
    let exit = |today: &str, arguments: &[&str]| {
        let all = [&["review", "--today", today], arguments].concat();
        site().run(&all).status.code()
    };
    assert_eq!(exit("2026-11-25", &[]), Some(0));
    assert_eq!(exit("2026-11-25", &["--fail-overdue"]), Some(1));
    assert_eq!(exit("2026-11-24", &["--fail-overdue"]), Some(0));
}

#[test]
fn what_cannot_be_read_or_written_is_said() {
    let output = site().run(&["review", "--ics", "no/such/folder.ics"]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(shown.contains("The calendar cannot be written"), "{shown}");

    let site = site().file("content/x.md", "+++\ntitle = \n+++\n");
    let output = site.run(&["review"]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(shown.contains("content/x.md:2"), "{shown}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("overdue"));
}
