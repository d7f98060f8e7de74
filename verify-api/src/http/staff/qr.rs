//! QR codes, drawn as one path: no picture is fetched, and nothing is scaled unevenly.

use std::fmt::Write as _;

use protocol::form::Qr;
use qrcode::{Color, EcLevel, QrCode};

/// The quiet edge that a scanner needs (ISO/IEC 18004).
const EDGE: usize = 4;

/// The code of a text; nothing where it is too long for one.
pub(super) fn drawn(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            let length = run.len();
            if run.first() == Some(&Color::Dark) {
                let (left, top) = (x + EDGE, y + EDGE);
                // Writing to a text does not fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    let size = width + 2 * EDGE;
    Some(Qr { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dark_square_is_drawn_and_no_other() {
        let text = "otpauth://totp/help.example.org:desk%40example.org?secret=GEZDGNBVGY3TQOJQ";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let drawn = drawn(text).unwrap();
        assert_eq!(drawn.size, code.width() + 8);
        let mut dark = Vec::new();
        for run in drawn.path.split_terminator('z') {
            let (at, run) = run[1..].split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let length: usize = run.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            dark.extend((x..x + length).map(|x| (x - 4, y - 4)));
        }
        for y in 0..code.width() {
            for x in 0..code.width() {
                let is_dark = code[(x, y)] == Color::Dark;
                assert_eq!(dark.contains(&(x, y)), is_dark, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_text_that_no_code_holds_is_not_drawn() {
        assert!(drawn(&"a".repeat(5_000)).is_none());
    }
}
