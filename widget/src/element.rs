//! The element on the page: it hears what the person does, and shows what comes of it.
//!
//! One form is worked on at a time. While the API is being asked, further
//! presses are ignored, so that nothing is sent twice.
//! It must not know what a step holds; see `protocol::form`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::cell::{Cell, RefCell};

use protocol::answers::DATE_PARTS;
use protocol::messages::Catalog;
use protocol::{Answers, FlowKind, Input, Locale, Notice, StepName, form, paths};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement};

use crate::host::{self, Host};
use crate::page::set_attribute;
use crate::state::{Action, Controls, Reply, State, is_secret};
use crate::{client, screen, write};

/// One flow on the page. `loader/host.js` calls what is public here, and steps aside for
/// the plain form if that fails, be it by a panic.
#[wasm_bindgen]
pub struct Widget {
    host: Host,
    locale: String,
    words: String,
    state: RefCell<State>,
    /// The button that was pressed last: the `submitter` of old browsers, too.
    pressed: RefCell<Option<Element>>,
    /// What the API is being asked with; nothing while it is not being asked.
    sent: RefCell<Option<Controls>>,
    /// Whether more time is being asked for, and nothing else since.
    extends: Cell<bool>,
}

#[wasm_bindgen]
impl Widget {
    /// Hears a press on anything inside the element.
    pub fn clicked(&self, event: &Event) {
        let target = event.target().map(JsCast::unchecked_into::<Element>);
        let found = target.and_then(|target| {
            target
                .closest("button, input[type=submit], .fd-time input, .fd-errors a")
                .ok()?
        });
        let Some(pressed) = found else { return };
        if pressed.has_attribute("aria-pressed") {
            let is_shown = pressed.get_attribute("aria-pressed").as_deref() == Some("true");
            self.host.set_password_shown(&pressed, !is_shown);
        } else if let Some(input) = pressed.get_attribute("href") {
            // A fragment in the address would be the host page's business, and
            // not every browser moves the focus along with it.
            event.prevent_default();
            self.host.focus(&input);
        } else if pressed.get_attribute("type").as_deref() == Some("button") {
            self.extend();
        } else {
            self.pressed.replace(Some(pressed));
        }
    }

    /// Asks the API with what a form holds.
    pub fn submitted(&self, event: &Event) {
        let Some(target) = event.target() else { return };
        if self.sent.borrow().is_some() {
            return;
        }
        // A password is not left readable on the screen, nor offered to the
        // browser as an ordinary text to remember.
        if let Some(switch) = self.host.find("[aria-pressed=true]") {
            self.host.set_password_shown(&switch, false);
        }
        // What comes of it tells the time as well.
        self.extends.set(false);
        let pressed = self.pressed.take();
        let name = pressed.as_ref().and_then(|b| b.get_attribute("name"));
        let action = Action::of_button(&name.unwrap_or_default());
        if let Some(button) = &pressed {
            // Not `disabled`: that would throw the focus away.
            set_attribute(button, "aria-disabled", "true");
        }
        let controls = self.controls(&target.unchecked_into());
        self.ask(action, &controls);
        self.sent.replace(Some(controls));
    }

    /// Takes in what the API said; a status of 0 where nothing came back.
    pub fn answered(&self, status: u16, body: &str) {
        self.state.borrow_mut().apply(client::reply(status, body));
        let sent = self.sent.take();
        self.show(true);
        if self.state.borrow().spares_secrets() {
            self.type_secrets_again(&sent.unwrap_or_default());
        }
    }

    /// Tells that the flow is about to stop waiting.
    pub fn warned(&self) {
        self.tell_time("time.soon");
    }

    /// Takes in what the API said of more time.
    pub fn extended(&self, status: u16, body: &str) {
        if !self.extends.take() {
            return;
        }
        let reply = client::reply(status, body);
        let told = self.state.borrow_mut().extend(reply);
        match told {
            Some(key) => {
                self.count_down();
                self.tell_time(key);
            }
            None => self.show(true),
        }
    }
}

impl Widget {
    /// Shows the flow that the loader has fetched.
    ///
    /// Nothing where the first answer is none that can be shown: then nothing has
    /// changed on the page, and the plain form is the way on.
    pub(crate) fn mount(
        host: Host,
        kind: &str,
        locale: String,
        token: Option<String>,
        words: String,
        first: Reply,
    ) -> Option<Self> {
        let kind = FlowKind::from_name(kind)?;
        let is_resumed = token.is_some();
        let mut state = State::new(kind, token, host.get_attribute("invitation"));
        state.apply(first);
        let is_gone = is_resumed && state.token.is_none();
        if state.view.is_none() && !is_gone {
            return None;
        }
        let widget = Self {
            host,
            locale,
            words,
            state: RefCell::new(state),
            pressed: RefCell::default(),
            sent: RefCell::default(),
            extends: Cell::default(),
        };
        widget.show(!is_resumed);
        Some(widget)
    }

    /// Names and texts of what the current step asks for.
    fn controls(&self, form: &HtmlFormElement) -> Controls {
        let state = self.state.borrow();
        let Ok(data) = FormData::new_with_form(form) else {
            return Controls::new();
        };
        let mut controls = Controls::new();
        let mut read = |name: &str| {
            let text = data.get(name).as_string().unwrap_or_default();
            controls.push((name.to_owned(), text));
        };
        let fields = state.view.iter().flat_map(|v| v.step.name().fields());
        for field in fields {
            let name = field.as_str();
            match field.input() {
                Input::Date => {
                    for part in DATE_PARTS {
                        read(&[name, "-", part].concat());
                    }
                }
                _ => read(name),
            }
        }
        controls
    }

    fn ask(&self, action: Action, controls: &Controls) {
        let locale = &self.locale;
        let mut state = self.state.borrow_mut();
        state.keep(controls);
        state.goes_back = action == Action::Back;
        let (path, body) = match (action, &state.view) {
            (Action::Continue, Some(view)) => {
                let answers = Answers::from_form(controls.iter().cloned());
                let body = write::answers(view.step.name(), &answers, locale);
                (paths::ANSWERS, body)
            }
            (Action::Back, _) => (paths::BACK, String::new()),
            (Action::Resend(channel), _) => (paths::RESEND, write::resend(channel, locale)),
            (Action::StartOver | Action::Continue, _) => {
                state.token = None;
                (paths::FLOWS, write::begin(state.kind, locale))
            }
        };
        let token = state.token.as_deref();
        host::ask(&self.host, path, token, &body, "answered");
    }

    /// Asks for more time. The form stays as it is, and can be sent meanwhile.
    fn extend(&self) {
        if self.sent.borrow().is_none() {
            self.extends.set(true);
            let state = self.state.borrow();
            let token = state.token.as_deref();
            host::ask(&self.host, paths::EXTEND, token, "", "extended");
        }
    }

    /// Counts from what was told last; before that, from where it was.
    fn count_down(&self) {
        let told = self.state.borrow_mut().expires_in.take();
        if let Some(seconds) = told {
            host::expect(&self.host, seconds);
        }
        host::watch(&self.host);
    }

    /// Says something in the place for it, which announces it and takes no focus.
    fn tell_time(&self, key: &str) {
        let Some(text) = self.host.find(".fd-time p") else {
            return;
        };
        let locale = Locale::for_tag(&self.locale);
        text.set_text_content(Some(Catalog::parse(locale, &self.words).text(key)));
        if let Some(button) = self.host.find(".fd-time input") {
            let _ = button.remove_attribute("hidden");
        }
        if let Some(place) = self.host.find(".fd-time") {
            set_attribute(&place, "class", "fd-time fd-notice");
        }
    }

    /// Neither a lost signal nor a taken username is a reason to type a long
    /// password twice. It goes back into its box as a value, never into markup.
    fn type_secrets_again(&self, controls: &Controls) {
        for (name, text) in controls.iter().filter(|(name, _)| is_secret(name)) {
            if let Some(input) = self.host.find(&["[name=", name, "]"].concat()) {
                input.unchecked_into::<HtmlInputElement>().set_value(text);
            }
        }
    }

    /// Shows the state, and tells the page.
    fn show(&self, takes_focus: bool) {
        let locale = Locale::for_tag(&self.locale);
        let words = Catalog::parse(locale, &self.words);
        let state = self.state.borrow();
        let screen = screen::screen(&state, &words);
        host::remember(&self.host, state.token.as_deref());
        host::paint(&self.host, &screen.html, screen.is_texted);
        for (selector, text) in &screen.texts {
            if let Some(element) = self.host.find(selector) {
                element.set_text_content(Some(text));
            }
        }
        if let Some(switch) = self.host.find("[aria-pressed]") {
            // It does nothing without a script, so the form has it hidden.
            let _ = switch.remove_attribute("hidden");
        }
        if let Some(document) = self.host.owner_document() {
            let title = screen::page_title(&document.title(), state.problem.is_some(), &words);
            document.set_title(&title);
        }
        if takes_focus {
            // The browser would show the focused heading alone, at the lower
            // edge of the screen; the fields below it are what is wanted.
            self.host.scroll_into_view();
            self.host.focus(screen.focus);
        }
        let problem = state.problem.as_ref().map(|problem| {
            if state.is_offline {
                "offline"
            } else {
                problem.code.as_str()
            }
        });
        let step = state.view.as_ref().map(|view| view.step.name());
        let notice = state.view.as_ref().and_then(|view| view.notice);
        let (kind, name, way) = (state.kind, state.kind.as_str(), state.way);
        // The page may act on the events at once, also on this element.
        drop(state);
        self.count_down();
        let is_led_on = step == Some(StepName::Done) && kind == FlowKind::SignIn;
        if !is_led_on {
            host::settle(&self.host, screen.has_way_back, way);
        }
        match (problem, step) {
            (Some(code), _) => self.host.tell("verify:problem", &[("code", code)]),
            (None, Some(step)) => {
                self.host
                    .tell("verify:step", &[("kind", name), ("step", step.as_str())]);
                if form::is_last(step) {
                    self.host.tell("verify:done", &[("kind", name)]);
                }
                // What is on the screen has a link there, too.
                if is_led_on {
                    let account = paths::in_language(locale, paths::ACCOUNT);
                    // Nobody has typed a password here: it may be somebody else's account.
                    let told = match notice {
                        Some(notice @ Notice::SignedIn) => ["?notice=", notice.as_str()].concat(),
                        _ => String::new(),
                    };
                    host::leave(&self.host, &[account, told].concat());
                }
            }
            (None, None) => {}
        }
    }
}
