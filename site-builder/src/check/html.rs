//! What a page of HTML links to, which ids it has, and its outline.
//!
//! Reads HTML with a tokenizer that follows the standard, so comments, scripts and odd quoting are
//! read as a browser reads them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Emitter, ForwardingEmitter, HtmlString, SpanBound, StartTag, Token, Tokenizer};

use super::browsers::Watch;
use super::markup::{Fault, Markup};
use super::outline::Outline;

/// What was found in a page.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Addresses, in order, with repeats.
    pub links: Vec<String>,
    /// Ids, and the names of `<a name>`.
    pub ids: BTreeSet<String>,
    /// Ids that are there more than once.
    pub repeated: BTreeSet<String>,
    /// `<base href>`, which relative addresses start from.
    pub base: Option<String>,
    /// What a person comes across.
    pub outline: Outline,
    /// What a listed browser lacks.
    pub lacking: BTreeSet<String>,
    /// What `style="…"`, then `true`, and `<style>` hold.
    pub styles: BTreeSet<(bool, Arc<str>)>,
    /// Where it is not valid, if that was asked.
    pub faults: Vec<Fault>,
}

/// Scans a page.
pub(super) fn scan(html: &str, watch: &Watch, is_judged: bool) -> Scan {
    let mut scan = Scan::default();
    let mut markup = is_judged.then(Markup::default);
    let mut in_style = false;
    for token in Tokenizer::new_with_emitter(html, Tokens::new(is_judged)) {
        let Ok(token) = token;
        if let Some(markup) = &mut markup {
            markup.token(&token);
        }
        match token {
            Token::StartTag(tag) => {
                scan.tag(&tag);
                watch.look(&tag, &mut scan.lacking);
                if watch.has_styles {
                    let style = attribute(&tag, "style");
                    scan.styles
                        .extend(style.map(|css| (true, watch.share(&css))));
                    in_style = &**tag.name == b"style";
                }
                scan.outline.start(&lossy(&tag.name), &tag);
            }
            Token::EndTag(tag) => {
                in_style = false;
                scan.outline.end(&lossy(&tag.name));
            }
            Token::String(css) if in_style => {
                scan.styles.insert((false, watch.share(&lossy(&css))));
            }
            Token::String(words) if scan.outline.listens() => {
                scan.outline.words(&lossy(&words));
            }
            _ => {}
        }
    }
    scan.faults = markup.map_or_else(Vec::new, |markup| markup.finish(html, &scan.ids));
    scan
}

/// What the tokenizer makes of a page. To find what is not valid, it looks at each character by itself,
/// which takes as long as all else that it does.
struct Tokens {
    made: DefaultEmitter<usize>,
    is_judged: bool,
}

impl Tokens {
    fn new(is_judged: bool) -> Self {
        let mut made = DefaultEmitter::new_with_span();
        // Text inside `<script>` and `<style>` is not markup.
        made.naively_switch_states(true);
        Self { made, is_judged }
    }
}

impl ForwardingEmitter for Tokens {
    type Token = Token<usize>;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.made
    }

    fn should_emit_errors(&mut self) -> bool {
        self.is_judged
    }
}

/// Scans a page without looking for what browsers lack or what is not valid.
#[cfg(test)]
pub(super) fn scan_plain(html: &str) -> Scan {
    scan(html, &Watch::default(), false)
}

/// The attributes that hold one address.
fn holds_address(tag: &str, attribute: &str) -> bool {
    match attribute {
        "href" => tag != "base",
        "src" | "action" | "formaction" | "poster" | "xlink:href" => true,
        "data" => tag == "object",
        _ => false,
    }
}

impl Scan {
    fn tag<S: SpanBound>(&mut self, tag: &StartTag<S>) {
        let name = lossy(&tag.name);
        for (attribute, value) in &tag.attributes {
            let attribute = lossy(attribute);
            let value = lossy(value);
            match &*attribute {
                "id" => self.id(value.into_owned()),
                "name" if name == "a" => {
                    self.ids.insert(value.into_owned());
                }
                "href" if name == "base" => self.base = Some(value.into_owned()),
                "srcset" | "imagesrcset" => self.links.extend(candidates(&value)),
                "content" if name == "meta" => self.links.extend(refresh(tag, &value)),
                _ if holds_address(&name, &attribute) => self.links.push(value.trim().to_owned()),
                _ => {}
            }
        }
    }

    fn id(&mut self, id: String) {
        if !self.ids.insert(id.clone()) {
            self.repeated.insert(id);
        }
    }
}

fn text(bytes: &HtmlString) -> String {
    lossy(bytes).into_owned()
}

/// What is UTF-8, as nearly all is, is told sooner than it is mended.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The value of an attribute.
pub(super) fn attribute<S: SpanBound>(tag: &StartTag<S>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(text(value))
}

/// The addresses of `srcset="a.png 1x, b.png 2x"`. One that holds data in itself may hold commas, and
/// has nothing to follow.
fn candidates(srcset: &str) -> Vec<String> {
    if srcset.contains("data:") {
        return Vec::new();
    }
    srcset
        .split(',')
        .filter_map(|candidate| candidate.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// The address of `<meta http-equiv="refresh" content="0; url=…">`.
fn refresh<S: SpanBound>(tag: &StartTag<S>, content: &str) -> Option<String> {
    let kind = attribute(tag, "http-equiv")?;
    if !kind.eq_ignore_ascii_case("refresh") {
        return None;
    }
    let (_, target) = content.split_once(';')?;
    let (name, address) = target.split_once('=')?;
    name.trim()
        .eq_ignore_ascii_case("url")
        .then(|| address.trim().trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::scan_plain as scan;

    #[test]
    fn addresses_are_found_wherever_html_can_hold_one() {
        let scan = scan(concat!(
            "<a href='/a?x=1&amp;y=2'>a</a><IMG SRC=b.png srcset='c.png 1x, d.png 2x'>",
            "<img srcset='data:image/png;base64,AAAA 1x'>",
            "<form action=/e></form><meta http-equiv=Refresh content='0; URL=/f/'>",
            "<!-- <a href=/no> --><script>'<a href=/no>'</script>"
        ));
        assert_eq!(
            scan.links,
            ["/a?x=1&y=2", "b.png", "c.png", "d.png", "/e", "/f/"]
        );
    }

    #[test]
    fn a_repeated_id_is_noticed() {
        let scan = scan("<p id=a><p id=b><a name=c></a><p id=a>");
        assert_eq!(scan.ids.len(), 3);
        assert_eq!(scan.repeated.into_iter().collect::<Vec<_>>(), ["a"]);
    }
}
