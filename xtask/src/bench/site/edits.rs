//! How long an edit takes to be on screen in the preview: from the moment that a file is written
//! until its page, asked for over HTTP, shows the edit.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{During, Failure, Result};
use crate::progress::step;

const EDITS: usize = 7;
const PAGE: &str = "topic-7/question-3";

/// The middle of several edits of one page's text.
pub(super) fn measure(builder: &Path, root: &Path) -> Result<Duration> {
    step("editing a page in the preview", || {
        let mut preview = Preview::start(builder, root)?;
        let file = root.join(format!("content/{PAGE}.md"));
        let text = fs::read_to_string(&file).during("read a page of the benchmark")?;
        let mut times = Vec::new();
        for edit in 0..EDITS {
            let mark = format!("Edited for the time number {edit}.");
            let begin = Instant::now();
            fs::write(&file, format!("{text}\n{mark}\n")).during("edit a page")?;
            loop {
                preview.wait()?;
                if preview.get(&format!("/{PAGE}/"))?.contains(&mark) {
                    break;
                }
            }
            times.push(begin.elapsed());
            // What is found follows; an editor does not write again before that.
            preview.wait()?;
        }
        times.sort();
        Ok(times[EDITS / 2])
    })
}

/// A running preview; ended when dropped.
struct Preview {
    child: Child,
    address: String,
    /// What it said that it shows.
    state: String,
}

impl Preview {
    fn start(builder: &Path, root: &Path) -> Result<Self> {
        let mut child = Command::new(builder)
            .args(["serve", "--port", "0", "--root"])
            .arg(root)
            .stderr(Stdio::piped())
            .spawn()
            .during("start the preview")?;
        let lines = child.stderr.take().map(|pipe| BufReader::new(pipe).lines());
        let mut preview = Self {
            child,
            address: String::new(),
            state: String::new(),
        };
        let mut lines = lines.into_iter().flatten().map_while(std::io::Result::ok);
        let address = lines.find_map(|line| {
            let (_, rest) = line.split_once("Preview at ")?;
            Some(rest.split("/ ").next()?.to_owned())
        });
        // It must not end because nobody reads what it says.
        thread::spawn(move || lines.count());
        preview.address =
            address.ok_or_else(|| Failure::new("the preview did not say its address"))?;
        preview.state = preview.get("/__site-builder/version?")?;
        Ok(preview)
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut answer = ureq::get(format!("{}{path}", self.address))
            .call()
            .during("ask the preview")?;
        answer
            .body_mut()
            .read_to_string()
            .during("read what the preview answers")
    }

    /// Waits until it shows something else.
    fn wait(&mut self) -> Result<()> {
        self.state = self.get(&format!("/__site-builder/version?{}", self.state))?;
        Ok(())
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
