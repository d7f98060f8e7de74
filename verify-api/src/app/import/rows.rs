//! Rows of a table (CSV, RFC 4180), each kept whole or, if it is too long, not at all: a
//! quotation mark that is never closed must not bring the rest of a file into memory.

use std::io::{self, Read};

use super::{LONGEST, Raw};
use crate::patient::table::Row;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// How much is read at once.
const BUFFER: usize = 64 * 1024;
/// How many columns a table has at most.
const COLUMNS: usize = 4096;

pub(super) struct Rows<R> {
    from: R,
    reader: Box<Reader>,
    buffer: Vec<u8>,
    /// What of the buffer was not looked at yet.
    begin: usize,
    end: usize,
    /// How many line breaks were passed.
    breaks: u64,
}

impl Raw {
    pub(super) fn row(&self) -> Row<'_> {
        Row {
            bytes: &self.bytes,
            ends: &self.ends,
        }
    }
}

impl<R: Read> Rows<R> {
    pub(super) fn new(from: R, delimiter: u8) -> Self {
        Self {
            from,
            reader: Box::new(ReaderBuilder::new().delimiter(delimiter).build()),
            buffer: vec![0; BUFFER],
            begin: 0,
            end: 0,
            breaks: 0,
        }
    }

    /// The next row that holds something.
    pub(super) fn next(&mut self) -> io::Result<Option<Raw>> {
        loop {
            self.skip_breaks()?;
            let Some(raw) = self.row()? else {
                return Ok(None);
            };
            if raw.is_too_long || !raw.row().is_blank() {
                return Ok(Some(raw));
            }
        }
    }

    fn row(&mut self) -> io::Result<Option<Raw>> {
        let line = self.breaks + 1;
        let (mut bytes, mut ends) = (vec![0; 512], vec![0; 32]);
        let (mut len, mut count) = (0, 0);
        let mut is_too_long = false;
        loop {
            if self.begin == self.end {
                self.fill()?;
            }
            // Nothing more to read is told by an empty input.
            let input = &self.buffer[self.begin..self.end];
            let (result, read, written, found) =
                (self.reader).read_record(input, &mut bytes[len..], &mut ends[count..]);
            self.pass(read);
            (len, count) = (len + written, count + found);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if len >= LONGEST => (is_too_long, len) = (true, 0),
                ReadRecordResult::OutputFull => bytes.resize(2 * bytes.len(), 0),
                ReadRecordResult::OutputEndsFull if count >= COLUMNS => {
                    (is_too_long, count) = (true, 0);
                }
                ReadRecordResult::OutputEndsFull => ends.resize(2 * ends.len(), 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => break,
            }
        }
        if is_too_long {
            // Hundreds of such rows wait together.
            (bytes, ends) = (Vec::new(), Vec::new());
        } else {
            bytes.truncate(len);
            ends.truncate(count);
        }
        Ok(Some(Raw {
            line,
            bytes,
            ends,
            is_too_long,
        }))
    }

    /// Passes over line breaks before a row, so that it is told by the line it is on.
    fn skip_breaks(&mut self) -> io::Result<()> {
        loop {
            if self.begin == self.end {
                self.fill()?;
            }
            match self.buffer.get(self.begin..self.end) {
                Some([b'\r' | b'\n', ..]) => self.pass(1),
                _ => return Ok(()),
            }
        }
    }

    fn pass(&mut self, bytes: usize) {
        let passed = &self.buffer[self.begin..self.begin + bytes];
        self.breaks += passed
            .iter()
            .map(|byte| u64::from(*byte == b'\n'))
            .sum::<u64>();
        self.begin += bytes;
    }

    fn fill(&mut self) -> io::Result<()> {
        loop {
            match self.from.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    (self.begin, self.end) = (0, read?);
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(text.as_bytes(), b',');
        std::iter::from_fn(|| rows.next().unwrap())
            .map(|raw| {
                let values = raw.row().values();
                let values = values.map(|value| String::from_utf8_lossy(value).into_owned());
                (raw.line, values.collect())
            })
            .collect()
    }

    #[test]
    fn rows_are_told_by_the_line_that_they_begin_on() {
        for end in ["\n", "\r\n"] {
            let text = [
                "a,b",
                "",
                "1,\"two",
                "lines\"",
                "5,six",
                ",",
                "7,\"\"\"\"",
                "8",
            ]
            .join(end);
            let told = all(&text);
            let lines: Vec<_> = told.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 5, 7, 8], "{end:?}");
            assert_eq!(told[1].1, ["1", &format!("two{end}lines")]);
            assert_eq!(told[3].1, ["7", "\""]);
            assert_eq!(told[4].1, ["8"]);
        }
        assert!(all("").is_empty());
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_one_row_and_not_kept() {
        let rest = "2,x\n".repeat(LONGEST);
        let text = format!("a,b\n1,\"open\n{rest}");
        let mut rows = Rows::new(text.as_bytes(), b',');
        assert_eq!(rows.next().unwrap().unwrap().line, 1);
        let raw = rows.next().unwrap().unwrap();
        assert!(raw.is_too_long);
        assert_eq!((raw.line, raw.held()), (2, 0));
        assert!(rows.next().unwrap().is_none());
    }

    #[test]
    fn after_a_row_that_is_too_long_the_next_is_read() {
        let long = "x".repeat(3 * LONGEST);
        let many = ",".repeat(2 * COLUMNS);
        let text = format!("1,{long}\n2{many}\n3,y\n");
        let mut rows = Rows::new(text.as_bytes(), b',');
        let told: Vec<_> = std::iter::from_fn(|| rows.next().unwrap())
            .map(|raw| (raw.line, raw.is_too_long, raw.ends.len()))
            .collect();
        assert_eq!(told, [(1, true, 0), (2, true, 0), (3, false, 2)]);
    }
}
