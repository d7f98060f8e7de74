//! The elements and attributes that a listed browser lacks.
//!
//! Owns which of them a page is as good without. [`crate::check::html`] looks for the others while
//! it reads a page for everything else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::support::{self, Support};
use crate::check::html::Tag;

/// Elements whose words show all the same, or that only repeat what is elsewhere.
const SHOWN_ANYWAY: [&str; 20] = [
    "bdi", "data", "datalist", "details", "main", "marquee", "meter", "output", "picture", "rb",
    "rp", "rt", "rtc", "ruby", "search", "slot", "summary", "time", "track", "wbr",
];

/// Attributes that make a page faster, safer or handier, and take nothing from who lacks them.
const EXTRAS: [&str; 73] = [
    "accept",
    "allow",
    "allowfullscreen",
    "as",
    "async",
    "autocapitalize",
    "autocomplete",
    "autocorrect",
    "autofocus",
    "blocking",
    "capture",
    "colorspace",
    "containertiming",
    "containertimingignore",
    "content",
    "controlslist",
    "crossorigin",
    "csp",
    "datetime",
    "decoding",
    "default",
    "defer",
    "dir",
    "dirname",
    "disableremoteplayback",
    "download",
    "elementtiming",
    "enterkeyhint",
    "exportparts",
    "fetchpriority",
    "focusgroup",
    "for",
    "headingoffset",
    "height",
    "high",
    "hreflang",
    "id",
    "imagesizes",
    "imagesrcset",
    "inputmode",
    "integrity",
    "kind",
    "label",
    "loading",
    "low",
    "max",
    "maxlength",
    "media",
    "min",
    "minlength",
    "name",
    "nomodule",
    "nonce",
    "novalidate",
    "open",
    "optimum",
    "part",
    "ping",
    "pattern",
    "playsinline",
    "placeholder",
    "referrerpolicy",
    "rel",
    "required",
    "reversed",
    "sizes",
    "spellcheck",
    "srclang",
    "srcset",
    "step",
    "translate",
    "value",
    "writingsuggestions",
];

/// What to look for on pages.
#[derive(Debug, Default)]
pub(in crate::check) struct Watch {
    elements: BTreeSet<String>,
    /// The elements, or `*`, by the attribute that is theirs.
    attributes: BTreeMap<String, BTreeSet<String>>,
    /// Whether style sheets in pages are wanted.
    pub has_styles: bool,
    /// Those that were met, for most are on every page.
    styles: Mutex<BTreeSet<Arc<str>>>,
}

impl Watch {
    /// All that one of the browsers lacks, and that may not be missing.
    pub(super) fn new(support: &Support<'_>, may_lack: &BTreeSet<String>) -> Self {
        let lacks = |about: &str| {
            support
                .lacking(about, None)
                .is_some_and(|lacking| lacking != 0)
        };
        let mut watch = Self::default();
        for about in support::all("element") {
            let name = &about["element ".len()..];
            let may = SHOWN_ANYWAY.contains(&name) || may_lack.contains(&shown(about));
            if lacks(about) && !may {
                watch.elements.insert(name.into());
            }
        }
        for about in support::all("attribute") {
            let Some((element, name)) = about["attribute ".len()..].split_once(' ') else {
                continue;
            };
            let may = EXTRAS.contains(&name) || may_lack.contains(&shown(about));
            if lacks(about) && !may {
                let elements = watch.attributes.entry(name.into()).or_default();
                elements.insert(element.into());
            }
        }
        watch
    }

    /// A style sheet, once for all pages that hold it.
    pub(in crate::check) fn share(&self, css: &str) -> Arc<str> {
        let mut styles = self.styles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = styles.get(css) {
            return Arc::clone(known);
        }
        let new: Arc<str> = css.into();
        styles.insert(Arc::clone(&new));
        new
    }

    /// Adds what a tag has of it, as lines of the table call it.
    pub(in crate::check) fn look(&self, tag: &Tag, found: &mut BTreeSet<String>) {
        let element = tag.name.as_str();
        if self.elements.contains(element) {
            found.insert(format!("element {element}"));
        }
        if self.attributes.is_empty() {
            return;
        }
        for (name, _) in tag.attributes() {
            let Some(elements) = self.attributes.get(name) else {
                continue;
            };
            if elements.contains(element) {
                found.insert(format!("attribute {element} {name}"));
            } else if elements.contains("*") {
                found.insert(format!("attribute * {name}"));
            }
        }
    }
}

/// A line of the table as a person would write it: `<dialog>`, `popover`.
pub(super) fn shown(about: &str) -> String {
    match about.split(' ').collect::<Vec<_>>().as_slice() {
        ["element", name] => format!("<{name}>"),
        [_, .., name] => (*name).to_owned(),
        _ => about.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::support::tests::browsers;
    use super::*;
    use crate::check::html::{Wanted, scan};

    fn found(html: &str, may_lack: &[&str]) -> Vec<String> {
        let browsers = browsers();
        let may_lack = may_lack.iter().map(|name| (*name).to_owned()).collect();
        let watch = Watch::new(&Support::new(&browsers), &may_lack);
        scan(html, &watch, Wanted::default())
            .lacking
            .into_iter()
            .collect()
    }

    #[test]
    fn what_matters_is_found_and_what_only_helps_is_not() {
        assert_eq!(
            found(
                "<DIALOG><button form=a popovertarget=b></button><p inert>",
                &[]
            ),
            [
                "attribute * inert",
                "attribute button form",
                "attribute button popovertarget",
                "element dialog"
            ]
        );
        let plain = "<main><details open><summary>a</summary></details><picture><img src=a \
                     loading=lazy srcset='b 2x'></picture><input autocomplete=tel inputmode=numeric>\
                     <time datetime=2026-01-01></time><script nomodule></script><my-own inert=x>";
        assert_eq!(found(plain, &["inert"]), [""; 0]);
        assert_eq!(found("<dialog>", &["<dialog>"]), [""; 0]);
    }
}
