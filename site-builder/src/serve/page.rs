//! What a preview adds to a page: reloading after a change, and the errors on top.

use tera::escape_html;

/// Shown when there is no page, not even one that says so.
pub(super) const NOTHING: &str =
    "<!doctype html><html lang=\"en\"><title>No such page</title><h1>No such page</h1></html>";

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

/// Adds to a page the script that reloads it and, when there are errors, their list. Both come
/// after everything else, where browsers take them even when the page's own tags are broken.
pub(super) fn dress(page: &[u8], ask: &str, version: u64, errors: &str) -> Vec<u8> {
    let mut dressed = page.to_owned();
    if !errors.is_empty() {
        dressed.extend_from_slice(overlay(errors).as_bytes());
    }
    dressed.extend_from_slice(reloader(ask, version).as_bytes());
    dressed
}

fn overlay(errors: &str) -> String {
    let text = escape(errors);
    format!(
        "\n<div role=\"alert\" style=\"position:fixed;left:0;right:0;bottom:0;max-height:70%;\
         overflow:auto;z-index:2147483647;margin:0;padding:16px 24px;background:#1b1b1b;\
         color:#fff;border-top:6px solid #d4351c\">\
         <p style=\"margin:0 0 8px;font:bold 18px sans-serif\">The site has errors, so it would not \
         be published.</p>\
         <pre style=\"margin:0;white-space:pre-wrap;background:none;color:inherit;\
         font:14px/1.4 monospace\">{text}</pre></div>\n"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = Vec::new();
    // Writing to memory cannot fail.
    let _ = escape_html(text, &mut escaped);
    String::from_utf8_lossy(&escaped).into_owned()
}

/// Asks for a version other than this one; the answer comes when there is one. After a failure,
/// such as a restart of the preview, it asks again.
fn reloader(ask: &str, version: u64) -> String {
    format!(
        "\n<script>(function () {{ function ask() {{ var r = new XMLHttpRequest(); \
         r.open('GET', '{ask}?{version}'); \
         r.onload = function () {{ if (r.responseText !== '{version}') {{ location.reload(); }} \
         else {{ ask(); }} }}; \
         r.onerror = function () {{ setTimeout(ask, 1000); }}; r.send(); }} ask(); }})();</script>\n"
    )
}
