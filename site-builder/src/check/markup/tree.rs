//! The elements of a page as they nest, and where they do not.
//!
//! Follows the tree that a browser builds only as far as a page can be wrong: which elements are open,
//! and which end by themselves. Knows no file and no level.

use std::ops::Range;

use super::elements::{Element, element};
use super::{Fault, NESTING, SYNTAX};

/// How deep elements nest at most, as in browsers.
const DEEPEST: usize = 512;

/// Elements that say how words look: one in itself says nothing more. Where one of the two is never
/// ended, the inner tag was to be the end of the outer one.
const STYLES: [&str; 6] = ["b", "em", "i", "s", "strong", "u"];

/// The elements that are open at some point of a page.
#[derive(Debug, Default)]
pub(super) struct Tree {
    open: Vec<Open>,
    /// What was told already, and whose end may come yet.
    told: Vec<String>,
    /// A block that ended a paragraph, whose own end may come yet.
    broken: Option<(&'static str, Range<usize>)>,
    too_deep: bool,
}

#[derive(Debug)]
struct Open {
    name: String,
    /// Nothing for what is not HTML's own.
    element: Option<&'static Element>,
    at: Range<usize>,
    /// Whether it is a drawing or formula, or in one.
    is_foreign: bool,
    /// Whether it is a style directly in the same style.
    is_again: bool,
    /// The tag directly in it that begins the same style again.
    again: Option<Range<usize>>,
}

impl Tree {
    /// Takes the start of an element.
    pub(super) fn start(
        &mut self,
        name: &str,
        at: Range<usize>,
        is_closed: bool,
        faults: &mut Vec<Fault>,
    ) {
        if self.too_deep {
            return;
        }
        let is_foreign = self.in_foreign() || matches!(name, "svg" | "math");
        let element = element(name).filter(|_| !is_foreign);
        if let Some(element) = element {
            self.end_before(element, &at);
            self.place(element, &at, faults);
            if is_closed && !element.is_void {
                faults.push(Fault::new(
                    SYNTAX,
                    at.clone(),
                    format!("`<{name}/>` does not end `<{name}>` at once."),
                    format!("Write `<{name}></{name}>`."),
                ));
            }
        }
        let holds_nothing = element.map_or(is_foreign && is_closed, |element| element.is_void);
        if holds_nothing {
            return;
        }
        let outer = self.open.last_mut();
        let outer = outer.filter(|outer| outer.name == name && STYLES.contains(&name));
        let is_again = outer.is_some();
        if let Some(outer) = outer {
            outer.again.get_or_insert_with(|| at.clone());
        }
        self.open.push(Open {
            name: name.to_owned(),
            element,
            at: at.clone(),
            is_foreign,
            is_again,
            again: None,
        });
        if self.open.len() > DEEPEST {
            self.too_deep = true;
            faults.push(Fault::new(
                NESTING,
                at,
                format!("Elements nest more than {DEEPEST} deep here."),
                "Nest them less: no browser goes further.",
            ));
        }
    }

    /// Takes the end of an element.
    pub(super) fn end(&mut self, name: &str, at: &Range<usize>, faults: &mut Vec<Fault>) {
        if self.too_deep {
            return;
        }
        let found = self.open.iter().rposition(|open| open.name == name);
        let wall = self.wall(name);
        let Some(found) = found.filter(|found| *found >= wall) else {
            self.stray(name, at, faults);
            return;
        };
        for open in self.open.drain(found..).skip(1).rev() {
            if !ends_by_itself(&open) {
                faults.extend(unclosed(&open, Some(name)));
                self.told.push(open.name);
            }
        }
    }

    /// Takes the end of the page.
    pub(super) fn finish(&mut self, faults: &mut Vec<Fault>) {
        if !self.too_deep {
            let unended = self.open.iter().filter(|open| !ends_by_itself(open));
            faults.extend(unended.filter_map(|open| unclosed(open, None)));
        }
    }

    /// Takes the start of what is no element, and was told: it needs no end, and may have one.
    pub(super) fn pass(&mut self, name: &str) {
        self.told.push(name.to_owned());
    }

    /// Whether this point is in a drawing or formula.
    pub(super) fn in_drawing(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_foreign)
    }

    fn in_foreign(&self) -> bool {
        let last = self.open.last();
        last.is_some_and(|open| open.is_foreign && open.name != "foreignobject")
    }

    /// The innermost element that an end tag does not reach out of.
    fn wall(&self, name: &str) -> usize {
        let walls: &[&str] = match name {
            "table" | "body" | "html" | "template" => &["template"],
            "caption" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => {
                &["table", "template"]
            }
            _ => &["caption", "td", "th", "template"],
        };
        let is_wall = |open: &Open| open.name != name && walls.contains(&open.name.as_str());
        self.open.iter().rposition(is_wall).unwrap_or(0)
    }

    /// Ends what ends by itself where this element begins.
    fn end_before(&mut self, element: &'static Element, at: &Range<usize>) {
        let ends: &[&str] = match element.name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "option" => &["option"],
            "optgroup" => &["option", "optgroup"],
            "rt" | "rp" => &["rt", "rp"],
            "td" | "th" => &["td", "th"],
            "tr" => &["tr", "caption", "colgroup"],
            "tbody" | "thead" | "tfoot" => &["tbody", "thead", "tfoot", "caption", "colgroup"],
            "body" => &["head"],
            _ => &[],
        };
        let around = self.open.iter().enumerate().rev();
        let cut = around
            .take_while(|(_, open)| ends_by_itself(open))
            .filter(|(_, open)| ends.contains(&open.name.as_str()))
            .last();
        if let Some((depth, _)) = cut {
            self.open.truncate(depth);
        }
        if element.is_block
            && let Some(last) = self.open.last()
            && last.name == "p"
        {
            self.open.pop();
            self.broken = Some((element.name, at.clone()));
        }
    }

    /// Whether an element may stand where it does.
    fn place(&self, element: &'static Element, at: &Range<usize>, faults: &mut Vec<Fault>) {
        let mut fault = |outer: &str, help: &str| {
            faults.push(Fault::new(
                NESTING,
                at.clone(),
                format!("`<{}>` cannot stand in `<{outer}>`.", element.name),
                help,
            ));
        };
        let name = element.name;
        let parent = self.open.last().map_or("", |open| open.name.as_str());
        let wanted: &[&str] = match name {
            "li" => &["ul", "ol", "menu"],
            "dt" | "dd" => &["dl", "div"],
            "td" | "th" => &["tr"],
            "tr" => &["table", "thead", "tbody", "tfoot"],
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => &["table"],
            _ => &[],
        };
        if !wanted.is_empty() && !wanted.contains(&parent) && parent != "template" {
            let sentence = format!("`<{name}>` stands outside of `<{}>`.", wanted[0]);
            let help = format!("Put it directly into `<{}>`.", wanted.join(">` or `<"));
            faults.push(Fault::new(NESTING, at.clone(), sentence, help));
            return;
        }
        if matches!(parent, "ul" | "ol")
            && !matches!(name, "li" | "script" | "template")
            && !self.in_foreign()
        {
            fault(parent, "Put it into an `<li>`.");
            return;
        }
        let around = self.open.iter().rev();
        let outer = |names: &[&str]| {
            let mut within = around.clone();
            within
                .find(|open| names.contains(&open.name.as_str()))
                .map(|open| open.name.as_str())
        };
        let clash = match name {
            "a" | "button" | "details" | "embed" | "iframe" | "select" | "textarea"
                if element.is_interactive =>
            {
                outer(&["a", "button"])
            }
            "label" => outer(&["a", "button", "label"]),
            "form" => outer(&["form"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                outer(&["h1", "h2", "h3", "h4", "h5", "h6", "caption"])
            }
            _ => None,
        };
        if let Some(outer) = clash {
            fault(outer, "End the outer one first.");
            return;
        }
        if element.is_block
            && let Some(outer) = self.text_around()
        {
            fault(
                outer,
                "Put it outside, or use an element such as `<span>` that a line of text can hold.",
            );
        }
    }

    /// The element around this point that holds text only. A link holds what is allowed around it.
    fn text_around(&self) -> Option<&'static str> {
        let see_through = |name: &str| matches!(name, "a" | "ins" | "del" | "map" | "noscript");
        let outer = self
            .open
            .iter()
            .rev()
            .find(|open| !see_through(&open.name))?;
        let element = outer.element?;
        element.holds_text_only.then_some(element.name)
    }

    fn stray(&mut self, name: &str, at: &Range<usize>, faults: &mut Vec<Fault>) {
        if let Some(told) = self.told.iter().position(|told| told == name) {
            self.told.swap_remove(told);
            return;
        }
        if name == "p"
            && let Some((block, start)) = self.broken.take()
        {
            let mut fault = Fault::new(
                NESTING,
                start,
                format!("`<{block}>` cannot stand in `<p>`, which ends where it begins."),
                "End the paragraph before it, or use `<div>` instead of `<p>`.",
            );
            fault.end = at.clone();
            faults.push(fault);
            return;
        }
        let (sentence, help) = match element(name) {
            Some(element) if element.is_void => (
                format!("`</{name}>` is no tag: `<{name}>` has no end."),
                "Remove it.".to_owned(),
            ),
            _ => (
                format!("`</{name}>` ends nothing: no `<{name}>` is open here."),
                format!("Remove it, or write `<{name}>` where it is to begin."),
            ),
        };
        faults.push(Fault::new(SYNTAX, at.clone(), sentence, help));
    }
}

fn ends_by_itself(open: &Open) -> bool {
    open.element.is_some_and(|element| element.ends_by_itself)
}

/// What is told of an element without an end. Of two of one style the outer one is told: it is not
/// ended before the inner one is.
fn unclosed(open: &Open, before: Option<&str>) -> Option<Fault> {
    if open.is_again {
        return None;
    }
    let name = &open.name;
    if let Some(again) = &open.again {
        let sentence = format!("This `<{name}>` begins what is open already.");
        let help = format!("If the words are to end here, write `</{name}>`.");
        return Some(Fault::new(SYNTAX, again.clone(), sentence, help));
    }
    let sentence = match before {
        Some(outer) => format!("`<{name}>` is still open where `</{outer}>` comes."),
        None => format!("`<{name}>` is never ended."),
    };
    let help = format!("Write `</{name}>` where it is to end.");
    Some(Fault::new(SYNTAX, open.at.clone(), sentence, help))
}
