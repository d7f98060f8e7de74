//! What the HTML standard says of each element, as far as a page can be wrong about it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What is so of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the standard"
)]
pub(super) struct Element {
    /// Its name.
    pub name: &'static str,
    /// It has no content and no end tag.
    pub is_void: bool,
    /// Its end tag may be left out.
    pub ends_by_itself: bool,
    /// It is a block: a paragraph ends where it begins, and no line of text can hold it.
    pub is_block: bool,
    /// It holds text and what stands in a line of text, and no block.
    pub holds_text_only: bool,
    /// It answers a click or a key.
    pub is_interactive: bool,
    /// What to write instead, when it is of an older HTML.
    pub instead: Option<&'static str>,
}

const VOID: &str = "area base br col embed hr img input link meta source track wbr";

const ENDS_BY_ITSELF: &str = "body caption colgroup dd dt head html li optgroup option p rp rt \
                              tbody td tfoot th thead tr";

const BLOCKS: &str = "address article aside blockquote details dialog dir div dl fieldset \
                      figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu \
                      nav ol p pre search section table ul";

const TEXT_ONLY: &str = "abbr b bdi bdo button cite code data dfn em h1 h2 h3 h4 h5 h6 i kbd label \
                         legend mark meter p pre progress q rp rt s samp small span strong sub \
                         summary sup time u var";

const INTERACTIVE: &str = "a button details embed iframe label select textarea";

const OTHERS: &str = "area audio base body canvas caption col colgroup datalist dd del dt head \
                      html iframe img input ins li link map math meta noscript object optgroup option \
                      output picture ruby script select selectedcontent slot source style svg \
                      tbody td template textarea tfoot th thead title tr track video wbr br embed";

const OBSOLETE: [(&str, &str); 20] = [
    ("acronym", "`<abbr>`"),
    ("applet", "a link"),
    ("basefont", "a style"),
    ("big", "a style"),
    ("blink", "nothing"),
    ("center", "a style"),
    ("dir", "`<ul>`"),
    ("font", "a style"),
    ("frame", "a link"),
    ("frameset", "a link"),
    ("marquee", "nothing"),
    ("nobr", "a style"),
    ("noembed", "a link"),
    ("noframes", "a link"),
    ("param", "a link"),
    ("plaintext", "`<pre>`"),
    ("rtc", "`<rt>`"),
    ("strike", "`<s>` or `<del>`"),
    ("tt", "`<code>`"),
    ("xmp", "`<pre>`"),
];

static ELEMENTS: LazyLock<HashMap<&'static str, Element>> = LazyLock::new(|| {
    let has = |list: &str, name: &str| list.split_ascii_whitespace().any(|known| known == name);
    let lists = [BLOCKS, TEXT_ONLY, INTERACTIVE, OTHERS];
    let names = lists.into_iter().flat_map(str::split_ascii_whitespace);
    let obsolete = OBSOLETE.map(|(name, _)| name);
    names
        .chain(obsolete)
        .map(|name| {
            let element = Element {
                name,
                is_void: has(VOID, name) || matches!(name, "basefont" | "frame" | "param"),
                ends_by_itself: has(ENDS_BY_ITSELF, name),
                is_block: has(BLOCKS, name),
                holds_text_only: has(TEXT_ONLY, name),
                is_interactive: has(INTERACTIVE, name),
                instead: OBSOLETE
                    .iter()
                    .find(|(old, _)| *old == name)
                    .map(|(_, instead)| *instead),
            };
            (name, element)
        })
        .collect()
});

/// An element of HTML by its name in small letters.
pub(super) fn element(name: &str) -> Option<&'static Element> {
    ELEMENTS.get(name)
}

#[cfg(test)]
mod tests {
    use super::element;

    #[test]
    fn each_element_is_known_by_what_it_is() {
        let p = element("p").unwrap();
        assert!(p.is_block && p.holds_text_only && p.ends_by_itself && !p.is_void);
        assert!(element("br").unwrap().is_void);
        assert_eq!(element("tt").unwrap().instead, Some("`<code>`"));
        assert!(element("blok").is_none());
    }
}
