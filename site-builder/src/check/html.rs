//! What a page of HTML links to, which ids it has, and its outline.
//!
//! Takes a page from [`parts`], once for all who look at it.

mod parts;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::browsers::Watch;
use super::markup::{Fault, Markup};
use super::outline::Outline;
pub(super) use parts::{Part, Tag, lossy};

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
    /// What a person comes across, if that was asked.
    pub outline: Option<Box<Outline>>,
    /// What a listed browser lacks.
    pub lacking: BTreeSet<String>,
    /// What `style="…"`, then `true`, and `<style>` hold.
    pub styles: BTreeSet<(bool, Arc<str>)>,
    /// Where it is not valid, if that was asked.
    pub faults: Vec<Fault>,
}

/// What is looked for on a page beside addresses and ids.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// What a person comes across.
    pub outline: bool,
    /// Where it is not valid.
    pub faults: bool,
}

/// Scans a page.
pub(super) fn scan(html: &str, watch: &Watch, wanted: Wanted) -> Scan {
    let mut scan = Scan::default();
    let mut outline = wanted.outline.then(Box::<Outline>::default);
    let mut markup = wanted.faults.then(Markup::default);
    let mut in_style = false;
    parts::read(html, wanted.faults, |part| {
        if let Some(markup) = &mut markup {
            markup.part(&part);
        }
        match part {
            Part::Start(tag) => {
                scan.tag(tag);
                watch.look(tag, &mut scan.lacking);
                if watch.has_styles {
                    let style = tag.get("style");
                    scan.styles
                        .extend(style.map(|css| (true, watch.share(css))));
                    in_style = tag.name == "style";
                }
                if let Some(outline) = &mut outline {
                    outline.start(tag);
                }
            }
            Part::End(name, _) => {
                in_style = false;
                if let Some(outline) = &mut outline {
                    outline.end(name);
                }
            }
            Part::Words(css) if in_style => {
                scan.styles.insert((false, watch.share(css)));
            }
            Part::Words(words) => {
                if let Some(outline) = outline.as_mut().filter(|outline| outline.listens()) {
                    outline.words(words);
                }
            }
            _ => {}
        }
    });
    scan.outline = outline;
    scan.faults = markup.map_or_else(Vec::new, |markup| markup.finish(html, &scan.ids));
    scan
}

/// What a person comes across on one page, for who needs no more of it.
pub(super) fn outline(html: &str) -> Outline {
    let wanted = Wanted {
        outline: true,
        ..Wanted::default()
    };
    let scan = scan(html, &Watch::default(), wanted);
    *scan.outline.unwrap_or_default()
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
    fn tag(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        for (attribute, value) in tag.attributes() {
            match attribute {
                "id" => self.id(value.to_owned()),
                "name" if name == "a" => {
                    self.ids.insert(value.to_owned());
                }
                "href" if name == "base" => self.base = Some(value.to_owned()),
                "srcset" | "imagesrcset" => self.links.extend(candidates(value)),
                "content" if name == "meta" => self.links.extend(refresh(tag, value)),
                _ if holds_address(name, attribute) => self.links.push(value.trim().to_owned()),
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
fn refresh(tag: &Tag, content: &str) -> Option<String> {
    let kind = tag.get("http-equiv")?;
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
    use super::{Scan, Wanted, Watch};

    fn scan(html: &str) -> Scan {
        super::scan(html, &Watch::default(), Wanted::default())
    }

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
