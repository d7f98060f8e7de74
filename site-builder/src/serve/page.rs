//! What a preview adds to a page: reloading after a change, and at its foot the errors of the site
//! and what there is to say about this page. All of it is in the answer only, never in a file.

use std::fmt::Write as _;

use tera::escape_html;

use crate::diagnostic::Finding;
use crate::diagnostic::print::count;

/// The script, by its address.
pub(super) const SCRIPT: (&str, &str) = ("/__site-builder/preview.js", include_str!("preview.js"));
/// The style sheet, likewise.
pub(super) const STYLE: (&str, &str) = ("/__site-builder/preview.css", include_str!("preview.css"));

/// Shown when there is no page, not even one that says so.
pub(super) const NOTHING: &str =
    "<!doctype html><html lang=\"en\"><title>No such page</title><h1>No such page</h1></html>";

/// Shown in the place of a page that a fault keeps from being made.
pub(super) fn broken(file: &str) -> String {
    let file = escape(file);
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not ready yet</title>\
         <h1>This page cannot be shown yet</h1><p>It is made from <code>{file}</code>. Mend what \
         is listed here, and the page comes back by itself.</p></html>"
    )
}

/// Stands in for what another program answers on the published site.
pub(super) fn elsewhere(prefix: &str) -> String {
    let prefix = escape(prefix);
    format!(
        "<!doctype html><html lang=\"en\"><title>Not in the preview</title>\
         <h1>Not in the preview</h1><p>On the published site, another program answers addresses \
         that start with <code>{prefix}</code>. The preview has only the pages.</p>\
         <p><a href=\"/\">Back to the home page</a></p></html>"
    )
}

/// Adds to a page the script, and what was found. The script comes right behind the doctype: a comment
/// or an element that the page never ends would swallow it at the foot, and with it what says so.
pub(super) fn dress(page: &[u8], state: &str, findings: &str) -> Vec<u8> {
    let script = format!(
        "<script src=\"{}\" data-state=\"{state}\" defer></script>",
        SCRIPT.0
    );
    let found = format!(
        "\n<div id=\"site-builder-preview\"><template shadowrootmode=\"open\">{findings}</template>\
         </div>\n"
    );
    let (doctype, rest) = page.split_at(after_doctype(page));
    [doctype, script.as_bytes(), rest, found.as_bytes()].concat()
}

/// Where a page goes on behind its doctype.
fn after_doctype(page: &[u8]) -> usize {
    const DOCTYPE: &[u8] = b"<!doctype";
    let begin = page.iter().take_while(|byte| byte.is_ascii_whitespace());
    let begin = begin.count();
    let named = page[begin..].get(..DOCTYPE.len());
    if !named.is_some_and(|named| named.eq_ignore_ascii_case(DOCTYPE)) {
        return 0;
    }
    let end = page[begin..].iter().position(|byte| *byte == b'>');
    end.map_or(0, |end| begin + end + 1)
}

/// How many errors are shown at once: mending the first few often mends the rest.
const SHOWN: usize = 20;

/// The errors of the site, and what was found about one page.
pub(super) fn findings(errors: &[&Finding], of_page: &[&Finding]) -> String {
    let mut html = format!("<link rel=\"stylesheet\" href=\"{}\">", STYLE.0);
    // Writing to a String cannot fail.
    if !of_page.is_empty() {
        let things = count(of_page.len(), "thing");
        let _ = write!(
            html,
            "<details><summary>{things} to look at on this page</summary>{}</details>",
            list(of_page, "What to look at on this page")
        );
    }
    if !errors.is_empty() {
        let _ = write!(
            html,
            "<section aria-label=\"Errors\"><button type=\"button\">Close</button>\
             <p role=\"alert\">The site has {}, so it cannot be published.</p>{}",
            count(errors.len(), "error"),
            list(&errors[..errors.len().min(SHOWN)], "Errors")
        );
        if errors.len() > SHOWN {
            let _ = write!(html, "<p>And {} more.</p>", errors.len() - SHOWN);
        }
        html.push_str("</section>");
    }
    html
}

/// Findings one below the other; a list that scrolls can be reached by the keyboard.
fn list(findings: &[&Finding], label: &str) -> String {
    let items: String = findings.iter().copied().map(item).collect();
    format!("<ul tabindex=\"0\" aria-label=\"{label}\">{items}</ul>")
}

fn item(finding: &Finding) -> String {
    let place = &finding.place;
    let mut html = format!("<li><b>{}</b>", escape(&finding.sentence));
    // Writing to a String cannot fail.
    if let Some(help) = &finding.help {
        let _ = write!(html, "<span>{}</span>", escape(help));
    }
    if !place.excerpt.is_empty() {
        let part = |from: usize, length: usize| -> String {
            place.excerpt.chars().skip(from).take(length).collect()
        };
        let (from, to) = (place.column - 1, place.column - 1 + place.width);
        let _ = write!(
            html,
            "<code>{}<mark>{}</mark>{}</code>",
            escape(&part(0, from)),
            escape(&part(from, place.width)),
            escape(&part(to, usize::MAX))
        );
    }
    let _ = write!(
        html,
        "<small>{}, line {} [{}]</small></li>",
        escape(&place.file),
        place.line,
        finding.code
    );
    html
}

fn escape(text: &str) -> String {
    let mut escaped = Vec::new();
    // Writing to memory cannot fail.
    let _ = escape_html(text, &mut escaped);
    String::from_utf8_lossy(&escaped).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_where_nothing_in_the_page_can_swallow_it() {
        let dressed = |page: &str| {
            let bytes = dress(page.as_bytes(), "1-2.3", "");
            String::from_utf8(bytes).unwrap()
        };
        for (page, before) in [
            ("\n<!DOCTYPE html>\n<html><!-- oops", "\n<!DOCTYPE html>"),
            ("<p>no doctype", ""),
            ("<!doctype html", ""),
            ("", ""),
        ] {
            let begin = format!("{before}<script src=");
            assert!(dressed(page).starts_with(&begin), "{}", dressed(page));
        }
    }
}
