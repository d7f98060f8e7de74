//! The guide for editors, `content/README.md`: what it tells them to type works, what it leads to is
//! there, and patients never see it.

use std::fs;
use std::path::{Path, PathBuf};

use frontdesk_tests::Preview;
use frontdesk_tests::preview::{built, files};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content")
}

fn guide() -> String {
    fs::read_to_string(folder().join("README.md")).expect("the guide is there")
}

/// The words of a command line, some of them in quotes.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

#[test]
fn it_is_not_published() {
    let guide = guide();
    let title = guide
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# "));
    let title = title.expect("the guide has a title");
    let site = built("FRONTDESK_SITE");
    for path in files(&site) {
        let name = path.strip_prefix(&site).unwrap_or(&path).display();
        let is_named = name.to_string().to_lowercase().contains("readme");
        assert!(!is_named, "{name}");
        let bytes = fs::read(&path).expect("a file of the site");
        assert!(!String::from_utf8_lossy(&bytes).contains(title), "{name}");
    }
}

#[test]
fn its_commands_work_on_the_help_center() {
    let preview = Preview::of_help_center();
    let guide = guide();
    let commands = guide.lines().filter_map(|line| {
        let arguments = line.strip_prefix("cargo run -p site-builder -- ")?;
        Some(words(arguments))
    });
    let mut tried = Vec::new();
    for arguments in commands {
        // That one is running.
        if arguments[0] != "serve" {
            let (is_fine, said) = preview.run(&arguments);
            assert!(is_fine, "{arguments:?} says: {said}");
        }
        tried.push(arguments[0]);
    }
    assert_eq!(
        tried,
        ["serve", "new", "review", "review", "check", "build"]
    );
}

#[test]
fn what_it_leads_to_is_there() {
    let guide = guide();
    let headings: Vec<_> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| heading.to_lowercase().replace(' ', "-"))
        .collect();
    let mut is_example = false;
    for line in guide.lines() {
        is_example ^= line.starts_with("```");
        for link in line.split("](").skip(1).filter(|_| !is_example) {
            let link = link.split(')').next().unwrap_or_default();
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.is_empty() {
                let is_there = headings.iter().any(|heading| heading == anchor);
                assert!(is_there, "there is no heading for {link}");
            } else if !file.starts_with("https:") {
                assert!(folder().join(file).is_file(), "there is no {link}");
            }
        }
    }
}

#[test]
fn a_heading_may_be_in_two_answers_or_be_named_like_a_part_of_the_page() {
    let preview = Preview::of_help_center();
    let more =
        "\n## What you need\n\nYour phone.\n\n### Main\n\nIt is on.\n\n## Search\n\nLook for it.\n";
    for page in ["in-spam", "need-an-email"] {
        let path = format!("content/faq/email/{page}.md");
        let text = fs::read_to_string(preview.folder().join(&path)).expect("the page is there");
        preview.save(&path, &(text + more));
    }
    let (is_fine, said) = preview.run(&["build", "--static", "target/frontdesk/static"]);
    assert!(is_fine, "{said}");
    let all = preview.folder().join("public/faq/all/index.html");
    let all = fs::read_to_string(all).expect("the page of all questions is there");
    for heading in [
        "<h4 id=\"in-spam-what-you-need\">",
        "<h5 id=\"need-an-email-main\">",
    ] {
        assert!(all.contains(heading), "{heading}");
    }
}
