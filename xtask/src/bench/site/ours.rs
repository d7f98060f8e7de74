//! A thousand pages of our own theme: what the help center would be if it had that many.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::run::cost;
use super::{RUNS, print};
use crate::build;
use crate::failure::{During, Failure, Result};
use crate::widget;

const TOPICS: usize = 20;
const PAGES_A_TOPIC: usize = 50;
const WORDS_A_PAGE: usize = 300;

/// Measures them, and gives their folder back, which is removed when nothing is measured
/// any more.
pub(super) fn run(builder: &Path) -> Result<TempDir> {
    let widget = widget::build()?;
    let folder = tempfile::tempdir().during("make a folder for the benchmark")?;
    let root = folder.path().join("site");
    let output = folder.path().join("output");
    let copy = folder.path().join("copy");
    lay_out(&root)?;
    let statics = widget.parent().unwrap_or(&widget);
    let build = cost(
        "building a thousand pages of our theme",
        RUNS,
        Some(&output),
        || {
            let mut command = Command::new(builder);
            command.arg("build").arg("--root").arg(&root);
            command.arg("--static").arg(statics);
            command.arg("--output").arg(&output);
            command
        },
    )?;
    let floor = cost("copying them", RUNS, Some(&copy), || {
        let mut command = Command::new("cp");
        command.arg("-r").arg(&output).arg(&copy);
        command
    })?;
    let pages = count(&output, "html")?;
    let heading = format!("{pages} pages of our theme, median of {RUNS}");
    let rows = [
        ("site-builder build", build),
        ("cp -r of the output", floor),
    ];
    print(&heading, &rows, pages, floor);
    Ok(folder)
}

/// The repository's own site, with a thousand more answers.
fn lay_out(root: &Path) -> Result<()> {
    fs::create_dir_all(root).during("make the benchmark's site")?;
    for part in ["zola.toml", "browsers.toml", "content", "themes", "static"] {
        let from = build::root().join(part);
        if from.exists() {
            run_quietly(Command::new("cp").arg("-r").arg(from).arg(root))?;
        }
    }
    for topic in 0..TOPICS {
        let folder = root.join(format!("content/bench-{topic}"));
        fs::create_dir_all(&folder).during("make the benchmark's site")?;
        let put = |name: String, text: String| {
            fs::write(folder.join(name), text).during("write the benchmark's pages")
        };
        let title = format!("Topic {topic}");
        let front = front_matter(
            &title,
            &format!("weight = {}\nsort_by = \"weight\"\n", 100 + topic),
        );
        put("_index.md".to_owned(), front)?;
        for page in 0..PAGES_A_TOPIC {
            let number = topic * PAGES_A_TOPIC + page;
            let front = front_matter(&format!("Question {number}"), &format!("weight = {page}\n"));
            put(format!("page-{page}.md"), front + &words(number))?;
        }
    }
    Ok(())
}

fn front_matter(title: &str, more: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\ndescription = \"About {title}.\"\n{more}\n\
         [extra]\nlast_reviewed = 2026-11-20\nreview_by = 2027-05-20\n+++\n\n"
    )
}

/// Markdown of about three hundred words, with a heading, a list and a link in it.
fn words(seed: usize) -> String {
    const WORDS: [&str; 16] = [
        "clinic", "portal", "patient", "code", "phone", "email", "answer", "press", "wait",
        "visit", "number", "letter", "office", "record", "button", "question",
    ];
    let mut text = String::new();
    for place in 0..WORDS_A_PAGE {
        match place {
            100 => text.push_str("\n\n## What to do\n\n"),
            200 => {
                text.push_str("\n\n- See [the contact page](@/contact.md)\n- Call the clinic\n\n");
            }
            _ => {}
        }
        // Different on every page, and the same on every run.
        let word = WORDS[(place * place + place * seed + seed) % WORDS.len()];
        let end = if place % 12 == 11 { ". " } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{word}{end}");
    }
    text + "\n"
}

fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .during("start a program")?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "a program of the benchmark failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    )))
}

fn count(folder: &Path, kind: &str) -> Result<usize> {
    let mut number = 0;
    for entry in fs::read_dir(folder).during("count the pages")?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            number += count(&path, kind)?;
        } else if path.extension().is_some_and(|found| found == kind) {
            number += 1;
        }
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_words_and_is_the_same_every_time() {
        let text = words(7);
        assert_eq!(text, words(7));
        assert_ne!(text, words(8));
        let count = text.split_whitespace().count();
        assert!(
            (WORDS_A_PAGE..WORDS_A_PAGE + 20).contains(&count),
            "{count}"
        );
    }
}
