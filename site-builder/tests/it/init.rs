//! `init`: what it makes is a site in which nothing is wrong, and what is there already is left alone.

use std::fs;

use crate::command::stderr;
use crate::support::Site;

#[test]
fn a_new_site_is_checked_and_built_with_nothing_to_find() {
    let site = Site::bare();
    let made = site.run(&["init", "my-help"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let checked = site.run(&["-r", "my-help", "check"]);
    assert_eq!(stderr(&checked), "0 errors, 3 pages\n");
    let built = site.run(&[
        "build",
        "-r",
        "my-help",
        "-o",
        "out",
        "-u",
        "https://x.example.org",
    ]);
    assert!(
        stderr(&built).starts_with("7 files: 7 written"),
        "{}",
        stderr(&built)
    );
    let page = site.root().join("out/questions/another-email/index.html");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("https://x.example.org/"), "{page}");
    // A question more is at home there, too.
    let new = site.run(&[
        "new",
        "-r",
        "my-help",
        "questions/second.md",
        "May I bring a friend?",
    ]);
    assert_eq!(new.status.code(), Some(0), "{}", stderr(&new));
    let checked = stderr(&site.run(&["check", "-r", "my-help", "--drafts"]));
    assert!(checked.ends_with("0 errors, 1 warning\n"), "{checked}");
}

#[test]
fn a_site_is_made_in_no_folder_that_holds_anything() {
    let site = Site::bare().file("notes.txt", "Mine.");
    let refused = site.run(&["init"]);
    assert_eq!(refused.status.code(), Some(1));
    let shown = stderr(&refused);
    assert!(
        shown.contains("is not empty") && shown.contains("init my-help"),
        "{shown}"
    );
    let names = fs::read_dir(site.root()).unwrap();
    assert_eq!(names.count(), 1);
    // What only systems see does not stand in the way.
    let site = Site::bare().file(".git/config", "");
    assert_eq!(site.run(&["init"]).status.code(), Some(0));
    assert!(site.root().join("zola.toml").exists());
}
