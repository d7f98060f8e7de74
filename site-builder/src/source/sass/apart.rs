//! Compiling a style sheet in a process of its own.
//!
//! A style sheet that calls itself for ever uses up the stack, and one that chains operators without
//! end does so, too: either ends the process that it is compiled in, whatever that process has in
//! hand. So the command compiles with itself as a helper. A program that merely uses the library has
//! no such helper, and compiles in a thread.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Files, about, css};
use crate::diagnostic::{Finding, Place};
use crate::text::Text;

/// The hidden command that makes the program a helper.
pub(crate) const COMMAND: &str = "compile-style-sheet";

static HELPER: OnceLock<PathBuf> = OnceLock::new();

/// Says that this very program knows [`COMMAND`].
pub(crate) fn use_this_program() {
    if let Ok(program) = std::env::current_exe() {
        // It is one program, however often it says so.
        let _ = HELPER.set(program);
    }
}

/// The program that compiles apart, if there is one.
pub(super) fn helper() -> Option<&'static PathBuf> {
    HELPER.get()
}

/// What a helper is asked.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    sheet: String,
    files: BTreeMap<String, String>,
    seconds: u64,
}

/// What a helper answers: the CSS, or what is wrong.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Css(String),
    Fault {
        file: String,
        line: usize,
        column: usize,
        width: usize,
        excerpt: String,
        sentence: String,
        help: Option<String>,
    },
}

/// What comes of asking a helper.
enum Asked {
    Answered(Answer),
    /// It was ended before it had an answer.
    Ended,
    /// There is no such helper.
    Missing,
}

/// Has a helper compile a style sheet. Nothing is returned when there is none any more: the program may
/// have been moved, or a newer one put in its place, while a preview ran.
pub(super) fn compile(
    helper: &PathBuf,
    text: &Text,
    files: &Files,
    patience: Duration,
) -> Option<Result<String, Box<Finding>>> {
    let known = files.0.values();
    let question = Question {
        sheet: text.file.to_string(),
        files: known
            .map(|text| (text.file.to_string(), text.body.to_string()))
            .collect(),
        seconds: patience.as_secs(),
    };
    Some(match ask(helper, &question, patience * 2) {
        Asked::Answered(Answer::Css(css)) => Ok(css),
        Asked::Answered(Answer::Fault {
            file,
            line,
            column,
            width,
            excerpt,
            sentence,
            help,
        }) => {
            let place = Place {
                file,
                line,
                column,
                width,
                excerpt,
            };
            let mut finding = Finding::error("sass", place, sentence);
            finding.help = help;
            Err(Box::new(finding))
        }
        Asked::Missing => return None,
        Asked::Ended => Err(Box::new(
            about(text, "The Sass compiler gave up on this style sheet.").help(
                "Look for a function or mixin that calls itself and never stops, or for a very long \
                 value.",
            ),
        )),
    })
}

fn ask(helper: &PathBuf, question: &Question, patience: Duration) -> Asked {
    let child = Command::new(helper)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let (Ok(mut child), Ok(question)) = (child, serde_json::to_vec(question)) else {
        return Asked::Missing;
    };
    let (sender, answer) = mpsc::channel();
    if let (Some(mut asked), Some(mut answered)) = (child.stdin.take(), child.stdout.take()) {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = asked.write_all(&question).and_then(|()| {
                drop(asked);
                answered.read_to_end(&mut bytes)
            });
            // Nobody listens any more when it took too long.
            let _ = sender.send(read.ok().map(|_| bytes));
        });
    }
    let Ok(bytes) = answer.recv_timeout(patience) else {
        // It may have ended by itself just now.
        let _ = child.kill();
        let _ = child.wait();
        return Asked::Ended;
    };
    // It has closed what it speaks through.
    let code = child.wait().ok().and_then(|status| status.code());
    match bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        Some(answer) => Asked::Answered(answer),
        // What ends in good order and says something else is another program by now.
        None if matches!(code, Some(0..=2)) => Asked::Missing,
        None => Asked::Ended,
    }
}

/// Is the helper: answers the question on the standard input.
pub(crate) fn answer() -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let question: Question = serde_json::from_slice(&bytes)?;
    let texts = question
        .files
        .iter()
        .map(|(file, body)| (PathBuf::from(file), Text::new(file, body)));
    let files = Arc::new(Files(texts.collect()));
    let Some(text) = files.0.get(&PathBuf::from(&question.sheet)) else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let answer = match css(text, &files, Duration::from_secs(question.seconds)) {
        Ok(css) => Answer::Css(css),
        Err(finding) => Answer::Fault {
            file: finding.place.file,
            line: finding.place.line,
            column: finding.place.column,
            width: finding.place.width,
            excerpt: finding.place.excerpt,
            sentence: finding.sentence,
            help: finding.help,
        },
    };
    io::stdout().write_all(&serde_json::to_vec(&answer)?)
}
