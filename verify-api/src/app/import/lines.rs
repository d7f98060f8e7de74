//! Lines of a file, each kept whole or, if it is too long, not at all.

use std::io::{self, BufRead as _, BufReader, Read};

use super::{LONGEST, Raw};

/// How much is read at once.
const BUFFER: usize = 64 * 1024;

pub(super) struct Lines<R> {
    from: BufReader<R>,
    line: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        let from = BufReader::with_capacity(BUFFER, from);
        Self { from, line: 0 }
    }

    /// The next line that holds something.
    pub(super) fn next(&mut self) -> io::Result<Option<Raw>> {
        loop {
            let mut bytes = Vec::new();
            let most = LONGEST as u64 + 1;
            let read = self
                .from
                .by_ref()
                .take(most)
                .read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            let is_too_long = bytes.len() > LONGEST && bytes.last() != Some(&b'\n');
            if is_too_long {
                bytes = Vec::new();
                self.from.skip_until(b'\n')?;
            } else if bytes.trim_ascii().is_empty() {
                continue;
            }
            return Ok(Some(Raw {
                line: self.line,
                bytes,
                ends: Vec::new(),
                is_too_long,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, usize, bool)> {
        let mut lines = Lines::new(text);
        std::iter::from_fn(|| lines.next().unwrap())
            .map(|raw| (raw.line, raw.bytes.trim_ascii().len(), raw.is_too_long))
            .collect()
    }

    #[test]
    fn lines_are_counted_and_empty_ones_passed_over() {
        assert_eq!(
            all(b"one\r\n\n  \nfour\n\nsix"),
            [(1, 3, false), (4, 4, false), (6, 3, false)]
        );
        assert_eq!(all(b""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_not_kept() {
        let just = "x".repeat(LONGEST);
        let more = "x".repeat(3 * LONGEST);
        let text = format!("{just}\n{more}\nthree\n{more}");
        assert_eq!(
            all(text.as_bytes()),
            [
                (1, LONGEST, false),
                (2, 0, true),
                (3, 5, false),
                (4, 0, true)
            ]
        );
    }
}
