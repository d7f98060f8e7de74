//! A page as a person without scripts has it: what is written on it, and what
//! its forms would send.
//!
//! It must not know how the page got here.

use protocol::Locale;
use scraper::{ElementRef, Html, Selector};

/// A page, and the status that it came with.
#[derive(Clone, Debug)]
pub struct Page {
    /// The HTTP status; zero where a browser does not tell.
    pub status: u16,
    /// Path and query of its address.
    pub address: String,
    html: String,
}

/// What a press on a button sends.
pub(crate) struct Submission {
    pub(crate) action: String,
    pub(crate) is_post: bool,
    pub(crate) controls: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn new(status: u16, address: &str, html: String) -> Self {
        Self {
            status,
            address: address.to_owned(),
            html,
        }
    }

    /// The source.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The language that the page says it is in.
    ///
    /// # Panics
    /// When it says none that we have.
    #[track_caller]
    pub fn language(&self) -> Locale {
        let told = self.attribute("html", "lang").unwrap_or_default();
        let mut known = Locale::ALL.into_iter();
        let found = known.find(|locale| locale.as_str() == told);
        found.unwrap_or_else(|| panic!("{} is in the language {told:?}", self.address))
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        html.select(&selector(css)).map(text).collect()
    }

    /// The text of the first element that a selector finds; empty without one.
    pub fn text(&self, css: &str) -> String {
        self.texts(css).into_iter().next().unwrap_or_default()
    }

    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        let found = html.select(&selector(css)).next()?;
        found.attr(name).map(str::to_owned)
    }

    /// The title of the step.
    pub fn title(&self) -> String {
        self.text("#fd-title")
    }

    /// The name of the step whose form this is; empty where nothing is asked.
    pub fn step(&self) -> String {
        let step = self.attribute(".fd-flow input[name=step]", "value");
        step.unwrap_or_default()
    }

    /// What the error summary says: its lines, or its sentence.
    pub fn problems(&self) -> Vec<String> {
        self.texts("#fd-errors li, #fd-errors > p:not(.fd-tries)")
    }

    /// How many more tries there are, in words; empty where nothing is said of it.
    pub fn tries(&self) -> String {
        self.text(".fd-tries")
    }

    /// What is told beside the step.
    pub fn notice(&self) -> String {
        self.text(".fd-notice")
    }

    /// What the buttons of the flow say.
    pub fn buttons(&self) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        let buttons = selector(".fd-flow input[type=submit]");
        html.select(&buttons)
            .map(|button| named(button).1)
            .collect()
    }

    /// What a control of the form shows: its text, or the chosen radio button.
    pub fn value(&self, control: &str) -> String {
        let found = format!(
            "input[name={control:?}]:not([type=radio]), input[type=radio][name={control:?}][checked]"
        );
        self.attribute(&found, "value").unwrap_or_default()
    }

    /// What a press on the button with this action sends, when nothing was typed.
    #[track_caller]
    pub(crate) fn submission(&self, button: &str) -> Submission {
        let html = Html::parse_document(&self.html);
        // The start button of a static page says nothing but that it was pressed.
        let css = match button {
            "start" => "verify-widget form input[type=submit]".to_owned(),
            value => format!("form input[name=\"action-{value}\"]"),
        };
        let button = html.select(&selector(&css)).next();
        let button = button.unwrap_or_else(|| {
            panic!(
                "no button for this on the page {}: {}",
                self.address, self.html
            )
        });
        let form = button
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|ancestor| ancestor.value().name() == "form")
            .expect("a button of a form is in a form");
        let inputs = selector("input[name]");
        let controls = form
            .select(&inputs)
            .filter(|input| match input.attr("type") {
                Some("submit") => *input == button,
                Some("radio" | "checkbox") => input.attr("checked").is_some(),
                _ => true,
            })
            .map(named);
        let lists = selector("select[name]");
        let chosen = form.select(&lists).map(chosen);
        let controls = controls.chain(chosen).collect();
        Submission {
            action: form.attr("action").unwrap_or(&self.address).to_owned(),
            is_post: form.attr("method") == Some("post"),
            controls,
        }
    }

    /// Whether the page has such a radio button, box to tick, or line of a list.
    pub(crate) fn offers(&self, control: &str, value: &str) -> bool {
        let css = format!(
            "input[type=radio][name={control:?}][value={value:?}], input[type=checkbox][name={control:?}][value={value:?}], select[name={control:?}] option[value={value:?}]"
        );
        !self.texts(&css).is_empty()
    }

    /// Whether the page has such a box to type into.
    pub fn asks_for(&self, control: &str) -> bool {
        let css = format!("input[name={control:?}]:not([type=hidden]):not([readonly])");
        !self.texts(&css).is_empty()
    }
}

fn named(element: ElementRef<'_>) -> (String, String) {
    let attribute = |name| element.attr(name).unwrap_or_default().to_owned();
    (attribute("name"), attribute("value"))
}

/// The name of a list, and the line of it that is chosen: the first where none is.
fn chosen(list: ElementRef<'_>) -> (String, String) {
    let lines = selector("option");
    let marked = list
        .select(&lines)
        .find(|line| line.attr("selected").is_some());
    let line = marked.or_else(|| list.select(&lines).next());
    let value = line.map(named).map(|(_, value)| value);
    (named(list).0, value.unwrap_or_default())
}

fn text(element: ElementRef<'_>) -> String {
    let words: Vec<_> = element.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css} is no selector: {error}"))
}
