//! Lynx, a browser for text terminals, and a person at it: reads the screen,
//! goes from control to control with the Tab key, types, and presses Enter.
//!
//! It knows what is on the screen and nothing of the HTML behind it.
//!
//! Keys are never typed ahead: Lynx throws away what comes while it loads or
//! draws. It takes them from a pipe (`-cmd_script`), which it reads only when it
//! wants the next one. So whatever is gone from the pipe was wanted, and Lynx was
//! done with all that came before; see [`Lynx::settle`].

use std::io::{ErrorKind, PipeReader, PipeWriter, Read as _, Write as _};
use std::num::NonZeroU16;
use std::ops::Range;
use std::os::fd::AsRawFd as _;
use std::process::Child;

use pty_process::Size;
use pty_process::blocking::{Command, Pty};
use rustix::io::{ioctl_fionbio, ioctl_fionread};
use tempfile::TempDir;

use crate::{Cookies, Stack, wait_for};

/// The terminal, tall enough for any step: what Lynx has scrolled away, the
/// person here does not look for.
const ROWS: NonZeroU16 = NonZeroU16::new(80).expect("more than nothing");
const COLUMNS: NonZeroU16 = ROWS;

/// The lines that show the page. Above and below, Lynx talks about itself.
const fn page() -> Range<u16> {
    1..ROWS.get() - 3
}

/// More controls than any page has.
const MOST_CONTROLS: usize = 60;

const TAB: &str = "\t";
const ENTER: &str = "\r";
/// Empties the box that the cursor is in.
const CTRL_U: &str = "\u{15}";

/// Lynx in a terminal of its own. Ends when it is dropped.
pub struct Lynx {
    program: Child,
    terminal: Pty,
    screen: vt100::Parser,
    keys: PipeWriter,
    /// Lynx opens this end by its name; here it tells how much waits in it.
    wanted: PipeReader,
    _home: TempDir,
}

impl Lynx {
    /// Starts Lynx with a page of the stack's server.
    #[track_caller]
    pub fn open(stack: &Stack, path: &str, cookies: Cookies) -> Self {
        let home = TempDir::with_prefix("frontdesk-lynx-").expect("a folder for Lynx");
        let (wanted, keys) = std::io::pipe().expect("a pipe for keys");
        let script = format!("/proc/{}/fd/{}", std::process::id(), wanted.as_raw_fd());
        let (terminal, inside) = pty_process::blocking::open().expect("a pseudo-terminal");
        terminal
            .resize(Size::new(ROWS.get(), COLUMNS.get()))
            .expect("the terminal takes a size");
        ioctl_fionbio(&terminal, true).expect("the terminal can be read without waiting");
        let program = Command::new("lynx")
            .arg(format!("-cmd_script={script}"))
            .arg("-nopause")
            .arg(match cookies {
                Cookies::Kept => "-accept_all_cookies",
                // A switch: they are on unless it is there.
                Cookies::Refused => "-cookies",
            })
            .arg(format!("{}{path}", stack.base()))
            // Neither the settings of whoever runs the tests nor their proxy.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("TERM", "vt100")
            .env("LC_ALL", "C.UTF-8")
            .spawn(inside)
            .unwrap_or_else(|error| {
                panic!("Lynx should start ({error}): run `cargo xtask test`, which installs it")
            });
        let mut lynx = Self {
            program,
            terminal,
            screen: vt100::Parser::new(ROWS, COLUMNS, 0),
            keys,
            wanted,
            _home: home,
        };
        lynx.settle();
        lynx
    }

    /// Opens another page of the server by its whole address. To be done from a
    /// page that has just come: in a box, the `g` would be a letter.
    #[track_caller]
    pub fn goto(&mut self, stack: &Stack, path: &str) {
        self.press_keys(&format!("g{CTRL_U}{}{path}{ENTER}", stack.base()));
    }

    /// The screen as it looks, without the empty lines below.
    pub fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    /// What can be read, the lines joined.
    pub fn text(&self) -> String {
        let screen = self.screen();
        let words: Vec<_> = screen.split_whitespace().collect();
        words.join(" ")
    }

    /// Asserts that a text is on the screen.
    #[track_caller]
    pub fn expect(&self, text: &str) {
        let screen = self.screen();
        assert!(
            self.text().contains(text),
            "Lynx should show {text:?}, and shows:\n{screen}"
        );
    }

    /// What stands in the box of that label.
    #[track_caller]
    pub fn value(&mut self, label: &str) -> String {
        self.reach_box(label);
        let current = self.current().expect("the box is reached");
        current.text.trim_end_matches('_').to_owned()
    }

    /// What stands between a label and its box.
    #[track_caller]
    pub fn beside(&mut self, label: &str) -> String {
        let begin = self.reach_box(label);
        let current = self.current().expect("the box is reached");
        let lines: Vec<_> = (begin + 1..current.row).map(|row| self.line(row)).collect();
        lines.join(" ").trim().to_owned()
    }

    /// Types into the box of that label, in place of what stood there.
    #[track_caller]
    pub fn fill(&mut self, label: &str, text: &str) {
        self.reach_box(label);
        self.press_keys(&format!("{CTRL_U}{text}"));
    }

    /// Chooses the radio button of that label.
    #[track_caller]
    pub fn choose(&mut self, label: &str) {
        let (free, chosen) = (format!("( ) {label}"), format!("(*) {label}"));
        self.reach(&format!("the choice {label:?}"), |lynx, current| {
            [&free, &chosen].contains(&&lynx.line(current.row))
        });
        self.press_keys(ENTER);
        self.expect(&chosen);
    }

    /// Presses the button or link with that text, and reads what comes of it.
    #[track_caller]
    pub fn press(&mut self, text: &str) {
        let what = format!("the button {text:?}");
        self.reach(&what, |_, current| current.text == text);
        self.press_keys(ENTER);
    }

    /// Goes to the first control after a label, which is the label's own, and
    /// returns the label's row.
    #[track_caller]
    fn reach_box(&mut self, label: &str) -> u16 {
        let row = page().find(|row| is_label(&self.line(*row), label));
        let Some(row) = row else {
            let screen = self.screen();
            panic!("Lynx should show the label {label:?}, and shows:\n{screen}");
        };
        let after = |current: &Current| (current.row, current.column) > (row, 0);
        let what = format!("what is before the box of {label:?}");
        self.reach(&what, |_, current| !after(current));
        self.reach(&format!("the box of {label:?}"), |_, current| {
            after(current)
        });
        row
    }

    /// Presses Tab until the current control is the one that is looked for. After
    /// the last control of a page comes the first one again.
    #[track_caller]
    fn reach(&mut self, what: &str, is_it: impl Fn(&Self, &Current) -> bool) {
        for _ in 0..MOST_CONTROLS {
            if self.current().is_some_and(|current| is_it(self, &current)) {
                return;
            }
            self.press_keys(TAB);
        }
        let screen = self.screen();
        panic!("the Tab key should lead to {what} in Lynx, which shows:\n{screen}");
    }

    /// The control that the next key is for: Lynx shows it inverted.
    fn current(&self) -> Option<Current> {
        let screen = self.screen.screen();
        let is_inverted = |row, column| {
            let cell = screen.cell(row, column);
            cell.is_some_and(vt100::Cell::inverse)
        };
        let columns = 0..COLUMNS.get();
        let mut cells = page().flat_map(|row| columns.clone().map(move |at| (row, at)));
        let (row, column) = cells.find(|(row, column)| is_inverted(*row, *column))?;
        let end = (column..COLUMNS.get()).find(|column| !is_inverted(row, *column));
        let end = end.unwrap_or(COLUMNS.get());
        Some(Current {
            row,
            column,
            text: screen.contents_between(row, column, row, end),
        })
    }

    fn line(&self, row: u16) -> String {
        let screen = self.screen.screen();
        let line = screen.contents_between(row, 0, row, COLUMNS.get());
        line.trim().to_owned()
    }

    /// Presses keys one after the other, and waits for what comes of them.
    #[track_caller]
    fn press_keys(&mut self, keys: &str) {
        let script: Vec<_> = keys
            .bytes()
            .map(|key| format!("key {key:#04x}\n"))
            .collect();
        self.hand_over(&script.concat());
        self.settle();
    }

    /// Waits until Lynx has done all that it was asked to, and the screen shows it.
    ///
    /// It may take many lines at once, but none while it has one left. So it is
    /// done with those before when it takes the first line here. That line names the key that does nothing; but having taken a key
    /// Lynx draws whatever it has not drawn yet. It takes the second line, a
    /// remark, once that is done too.
    #[track_caller]
    fn settle(&mut self) {
        self.hand_over("key DO_NOTHING\n");
        self.hand_over("# settled\n");
        self.read();
    }

    /// Puts lines of a script into the pipe and waits until Lynx has taken them.
    #[track_caller]
    fn hand_over(&mut self, lines: &str) {
        let written = self.keys.write_all(lines.as_bytes());
        written.expect("the pipe of keys takes them");
        wait_for("Lynx to want the next key", || {
            self.read();
            let ended = self.program.try_wait().expect("Lynx can be asked for");
            assert!(ended.is_none(), "Lynx ended:\n{}", self.screen());
            let left = ioctl_fionread(&self.wanted).expect("the pipe tells what is in it");
            (left == 0).then_some(())
        });
    }

    /// Reads what Lynx has drawn so far. Linux hands over all that was written
    /// before it says that there is no more.
    fn read(&mut self) {
        let mut bytes = [0; 4096];
        loop {
            match self.terminal.read(&mut bytes) {
                Ok(0) => return,
                Ok(count) => self.screen.process(&bytes[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The other end is closed: Lynx has ended.
                Err(_) => return,
            }
        }
    }
}

/// Where the person is on the page.
struct Current {
    row: u16,
    column: u16,
    text: String,
}

impl Drop for Lynx {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Whether a line is this label, alone or with its box.
fn is_label(line: &str, label: &str) -> bool {
    let rest = line.strip_prefix(label);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
