//! Splitting a content file into front matter and body.

use super::ContentFile;
use crate::diagnostic::{Finding, Findings};
use crate::document::{Table, parse_toml, parse_yaml};
use crate::text::Text;

/// Splits a content file and reads its front matter. Each fault is a finding; the file stays part
/// of the site, so that links to it are not reported as broken on top. `findings` has those about
/// this file only: where it is no text, that is said, and not what it lacks for that reason.
pub(crate) fn split(relative: String, text: Text, findings: &mut Findings) -> ContentFile {
    let is_whole = findings.is_empty();
    let body = text.body.clone();
    let start = body.len() - body.trim_start().len();
    let fence_end = line_end(&body, start);
    let fence = body[start..fence_end].trim_end();
    let mut file = ContentFile {
        relative,
        text,
        front: Table::default(),
        intact: false,
        body: 0..body.len(),
    };
    if fence != "+++" && fence != "---" {
        let place = file.text.place(start..start);
        let finding = if let Some((fence, end)) = only_closed(&body, start) {
            file.body = end..body.len();
            let sentence = format!("The line `{fence}` at the very top is missing.");
            Finding::error("no-front-matter", place, sentence).help(format!(
                "Write `{fence}` on a line of its own, above all others."
            ))
        } else {
            let sentence = "A page begins with lines about it (front matter) between two lines of `+++`, and this one does not.";
            Finding::error("no-front-matter", place, sentence)
                .help("Start the file with `+++`, then `title = \"…\"`, then `+++`.")
        };
        findings.extend(is_whole.then_some(finding));
        return file;
    }
    let front_start = (fence_end + 1).min(body.len());
    let mut at = front_start;
    let closing = loop {
        if at >= body.len() {
            break None;
        }
        let end = line_end(&body, at);
        if body[at..end].trim_end() == fence {
            break Some((at, end));
        }
        at = end + 1;
    };
    let Some((front_end, closing_end)) = closing else {
        let other = if fence == "---" { "+++" } else { "---" };
        let mut lines = body[front_start..].lines();
        let place = file.text.place(start..fence_end);
        let finding = if let Some(below) = lines.position(|line| line.trim_end() == other) {
            let sentence = format!(
                "The lines at the top begin with `{fence}` here, but end with `{other}` on line {}.",
                place.line + 1 + below
            );
            Finding::error("front-matter-open", place, sentence).help(
                "Write the same line in both places: `+++` where the lines between have `=`, `---` \
                 where they have `:`.",
            )
        } else {
            let sentence =
                format!("The lines at the top begin here, and no second `{fence}` ends them.");
            Finding::error("front-matter-open", place, sentence).help(format!(
                "Write `{fence}` on a line of its own below the last of them."
            ))
        };
        findings.extend(is_whole.then_some(finding));
        file.body = body.len()..body.len();
        return file;
    };
    file.body = (closing_end + 1).min(body.len())..body.len();
    let parse = if fence == "+++" {
        parse_toml
    } else if is_toml(&body[front_start..front_end]) {
        let closing = file.text.place(front_end..front_end).line;
        let place = file.text.place(start..fence_end);
        let sentence = "The lines below have `=`, which goes between two lines of `+++`.";
        findings.push(Finding::error("yaml-syntax", place, sentence).help(format!(
            "Write `+++` instead of `---`, here and on line {closing}."
        )));
        (file.front, _) = parse_toml(&file.text, front_start..front_end, findings);
        return file;
    } else {
        parse_yaml
    };
    (file.front, file.intact) = parse(&file.text, front_start..front_end, findings);
    file
}

/// The line that closes front matter without one that opens it, and where it ends. A line of dashes
/// below a text is none: what stands above must look like front matter, and hold a title.
fn only_closed(body: &str, start: usize) -> Option<(&'static str, usize)> {
    [("+++", '='), ("---", ':')]
        .into_iter()
        .find_map(|(fence, sign)| {
            let at = body[start..].find(&format!("\n{fence}\n"))? + start + 1;
            let end = line_end(body, at) + 1;
            let above = &body[start..at];
            let is_front = !above.starts_with(['#', '[', ']'])
                && above.lines().all(|line| may_be_front(line, sign))
                // No text has a line of `+++`.
                && (sign == '=' || above.lines().any(|line| line.starts_with("title:")));
            is_front.then_some((fence, end))
        })
}

/// Whether a line can stand in front matter.
fn may_be_front(line: &str, sign: char) -> bool {
    line.trim().is_empty()
        || line.starts_with([' ', '\t', '#', '[', ']'])
        || line
            .split_once(sign)
            .is_some_and(|(key, _)| is_word(key.trim()))
}

fn is_word(key: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !key.is_empty() && key.chars().all(is_letter)
}

/// Whether what stands between two lines of `---` is written as between two of `+++`.
fn is_toml(front: &str) -> bool {
    let written = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let mut lines = front.lines().filter(written).peekable();
    let has_keys = |line: &str| {
        line.split_once('=')
            .is_some_and(|(key, _)| is_word(key.trim()))
    };
    let has_colon = |line: &str| {
        line.split_once(':')
            .is_some_and(|(key, _)| is_word(key.trim()))
    };
    lines.peek().is_some_and(|line| has_keys(line)) && !lines.any(has_colon)
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> (ContentFile, Vec<&'static str>) {
        let mut findings = Findings::default();
        let file = split("a.md".into(), Text::new("content/a.md", raw), &mut findings);
        let codes = findings.iter().map(|f| f.code).collect();
        (file, codes)
    }

    #[test]
    fn front_matter_and_body_part_at_the_closing_line() {
        let (file, codes) = parts("+++\ntitle = 'a +++ b'\n+++\nBody\n");
        assert_eq!(&file.text.body[file.body.clone()], "Body\n");
        assert!(file.front.get("title").is_some());
        assert!(codes.is_empty());
    }

    #[test]
    fn front_matter_between_dashes_is_yaml() {
        let (file, codes) = parts("---\ntitle: a\n---\nBody\n");
        assert!(file.front.get("title").is_some() && file.intact && codes.is_empty());
    }

    #[test]
    fn empty_front_matter_at_the_end_of_the_file_is_fine() {
        let (file, codes) = parts("+++\n+++");
        assert!(file.body.is_empty() && codes.is_empty());
    }

    #[test]
    fn keys_without_the_line_above_them_are_no_text_of_the_page() {
        let (file, codes) = parts("title = 'a'\n+++\nBody\n");
        assert_eq!(&file.text.body[file.body], "Body\n");
        assert_eq!(codes, ["no-front-matter"]);
        let (file, _) = parts("title: a\nextra:\n  b: c\n\n---\nBody\n");
        assert_eq!(&file.text.body[file.body], "Body\n");
    }

    #[test]
    fn a_line_of_dashes_below_a_text_closes_no_front_matter() {
        for raw in [
            "Note: call us first.\n\n---\nBody\n",
            "# Note\n\n---\nBody\n",
            "title: a\nCall us first.\n\n---\nBody\n",
        ] {
            assert_eq!(parts(raw).0.body.start, 0, "{raw}");
        }
    }

    #[test]
    fn lines_of_dashes_around_toml_are_told_once() {
        let raw = "---\ntitle = 'a: b'\n\n[extra]\nb = 1\n---\nBody\n";
        let mut findings = Findings::default();
        let file = split("a.md".into(), Text::new("content/a.md", raw), &mut findings);
        let help: Vec<_> = findings.iter().map(|f| f.help.as_deref()).collect();
        let right = "Write `+++` instead of `---`, here and on line 6.";
        assert_eq!(help, [Some(right)]);
        assert!(file.front.get("extra").is_some() && !file.intact);
    }

    #[test]
    fn each_way_to_have_no_front_matter_is_named() {
        assert_eq!(parts("# Hello").1, ["no-front-matter"]);
        assert_eq!(parts("").1, ["no-front-matter"]);
        assert_eq!(parts("+++\ntitle = 'a'\n").1, ["front-matter-open"]);
        assert_eq!(parts("---\ntitle = 'a'\n+++\n").1, ["front-matter-open"]);
    }
}
