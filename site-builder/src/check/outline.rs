//! A page of HTML as a person comes across it: headings, links by their words, pictures, what the
//! browser fetches for it, and the widget's elements with the forms in them.
//!
//! Takes tags from [`super::html`] and judges nothing.

use super::html::Tag;

/// What a person comes across on a page.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Headings, in order.
    pub headings: Vec<Heading>,
    /// Links, in order.
    pub links: Vec<Anchor>,
    /// Pictures: the address, and the text for those who do not see it.
    pub images: Vec<(String, Option<String>)>,
    /// Addresses that the browser fetches with the page. What `srcset` offers instead is left out.
    pub loads: Vec<String>,
    /// Elements that a script defines.
    pub elements: Vec<Element>,
    heading: Option<Heading>,
    anchor: Option<Anchor>,
    open: Vec<usize>,
}

/// A heading.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id; empty when it has none.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A link.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Where it leads.
    pub address: String,
    /// Its words, or what a screen reader says instead.
    pub text: String,
    /// Whether another element names it.
    pub named_elsewhere: bool,
    labelled: bool,
}

/// An element that a script defines.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Such as `verify-widget`.
    pub name: String,
    /// Its attribute `flow`.
    pub flow: Option<String>,
    /// Where the forms in it go.
    pub forms: Vec<String>,
}

impl Outline {
    /// Whether the words between tags matter at this point.
    pub(super) fn listens(&self) -> bool {
        self.heading.is_some() || self.anchor.is_some()
    }

    /// Takes words.
    pub(super) fn words(&mut self, words: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(words);
        }
        if let Some(anchor) = &mut self.anchor
            && !anchor.labelled
        {
            anchor.text.push_str(words);
        }
    }

    /// Takes the start of an element.
    pub(super) fn start(&mut self, tag: &Tag) {
        let value = |key: &str| tag.get(key).map(str::to_owned);
        let name = tag.name.as_str();
        match name {
            "a" => {
                self.close_anchor();
                let label = value("aria-label").filter(|label| !label.trim().is_empty());
                self.anchor = value("href").map(|href| Anchor {
                    address: href.trim().to_owned(),
                    named_elsewhere: value("aria-labelledby").is_some() || value("title").is_some(),
                    labelled: label.is_some(),
                    text: label.unwrap_or_default(),
                });
            }
            "img" => {
                let alt = value("alt");
                self.words(alt.as_deref().unwrap_or_default());
                self.images.push((value("src").unwrap_or_default(), alt));
                self.loads.extend(value("src"));
            }
            "script" | "source" | "iframe" | "embed" => self.loads.extend(value("src")),
            "link" => {
                let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
                let fetched = ["stylesheet", "preload", "modulepreload"];
                if rel.split_whitespace().any(|word| fetched.contains(&word)) {
                    self.loads.extend(value("href"));
                }
            }
            "form" => {
                if let Some(&within) = self.open.last() {
                    let form = value("action").unwrap_or_default();
                    self.elements[within].forms.push(form);
                }
            }
            _ => {
                if let Some(level) = heading_level(name) {
                    self.close_heading();
                    self.heading = Some(Heading {
                        level,
                        id: value("id").unwrap_or_default(),
                        text: String::new(),
                    });
                } else if name.contains('-') {
                    self.open.push(self.elements.len());
                    self.elements.push(Element {
                        name: name.to_owned(),
                        flow: value("flow"),
                        forms: Vec::new(),
                    });
                }
            }
        }
    }

    /// Takes the end of an element.
    pub(super) fn end(&mut self, name: &str) {
        if name == "a" {
            self.close_anchor();
        } else if heading_level(name).is_some() {
            self.close_heading();
        } else if name.contains('-')
            && let Some(at) = self
                .open
                .iter()
                .rposition(|&at| self.elements[at].name == name)
        {
            self.open.truncate(at);
        }
    }

    fn close_anchor(&mut self) {
        self.links.extend(self.anchor.take());
    }

    fn close_heading(&mut self) {
        self.headings.extend(self.heading.take());
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::html::outline;

    #[test]
    fn headings_and_links_have_their_words() {
        let outline = outline(concat!(
            "<h1 id=a>One <em>two</em></h1><a href=/x><img src=i.png alt=Map> of it</a>",
            "<a href=/y aria-label='The label'>no</a><a name=z>none</a>",
            "<a href=/b>unclosed <a href=/c>next</a>",
        ));
        let heading = &outline.headings[0];
        assert_eq!(
            (heading.level, &*heading.id, &*heading.text),
            (1, "a", "One two")
        );
        let links: Vec<_> = outline
            .links
            .iter()
            .map(|link| (link.address.as_str(), link.text.trim()))
            .collect();
        assert_eq!(
            links,
            [
                ("/x", "Map of it"),
                ("/y", "The label"),
                ("/b", "unclosed"),
                ("/c", "next")
            ]
        );
    }

    #[test]
    fn what_is_fetched_with_the_page_is_told_from_what_it_links_to() {
        let outline = outline(concat!(
            "<link rel=stylesheet href=a.css><link rel=canonical href=/x/><script src=b.js></script>",
            "<img src=c.png srcset='d.png 2x' alt=''><a href=e.pdf>e</a>",
        ));
        assert_eq!(outline.loads, ["a.css", "b.js", "c.png"]);
        assert_eq!(outline.images, [("c.png".to_owned(), Some(String::new()))]);
    }

    #[test]
    fn a_form_belongs_to_the_element_around_it() {
        let outline = outline(concat!(
            "<my-widget flow=enroll><form action=/flows/enroll></form></my-widget>",
            "<form action=/search></form><my-widget></my-widget>",
        ));
        let found: Vec<_> = outline
            .elements
            .iter()
            .map(|e| (e.name.as_str(), e.flow.as_deref(), e.forms.join(" ")))
            .collect();
        assert_eq!(
            found,
            [
                ("my-widget", Some("enroll"), "/flows/enroll".to_owned()),
                ("my-widget", None, String::new())
            ]
        );
    }
}
