//! The element on the page: it hears what the person does, and shows what comes of it.
//!
//! One form is worked on at a time. While the API is being asked, further
//! presses are ignored, so that nothing is sent twice.
//! It must not know what a step holds; see `protocol::form`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::answers::DATE_PARTS;
use protocol::messages::Catalog;
use protocol::{Answers, FlowKind, Input, Locale, StepName, form, paths};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement};

use crate::host::Host;
use crate::page::set_attribute;
use crate::state::{Action, Controls, State, is_secret};
use crate::{client, screen, write};

struct Widget {
    host: Host,
    words: String,
    state: RefCell<State>,
    /// The button that was pressed last: the `submitter` of old browsers, too.
    pressed: RefCell<Option<Element>>,
    is_busy: Cell<bool>,
}

/// Shows the flow that the loader has fetched, and hears the person from now on.
///
/// `false` where the first answer is none that can be shown: then nothing has
/// changed on the page, and the plain form is the way on.
pub(crate) fn mount(host: Host) -> bool {
    let Some(kind) = FlowKind::from_name(&host.kind()) else {
        return false;
    };
    let mut state = State::new(kind, host.token(), host.get_attribute("invitation"));
    state.apply(client::reply(host.status(), &host.body()));
    let is_gone = state.token.is_none() && state.problem.is_some();
    if state.view.is_none() && !is_gone {
        host.remember(None);
        return false;
    }
    let is_resumed = host.is_resumed();
    let widget = Rc::new(Widget {
        words: host.words(),
        host,
        state: RefCell::new(state),
        pressed: RefCell::default(),
        is_busy: Cell::new(false),
    });
    step_aside_on_panic(&widget.host);
    listen(&widget, "click", Widget::clicked);
    listen(&widget, "submit", Widget::submitted);
    widget.show(!is_resumed);
    true
}

thread_local! {
    static MOUNTED: RefCell<Vec<Host>> = const { RefCell::new(Vec::new()) };
}

/// A fault of ours must not leave a person with a form that no longer answers:
/// the plain form does.
fn step_aside_on_panic(host: &Host) {
    MOUNTED.with_borrow_mut(|mounted| mounted.push(host.clone()));
    std::panic::set_hook(Box::new(|_| {
        for host in MOUNTED.take() {
            host.step_aside();
        }
    }));
}

/// Listens on the element itself, which outlives every form in it.
fn listen(widget: &Rc<Widget>, event: &str, heard: fn(&Rc<Widget>, &Event)) {
    let listener = Rc::clone(widget);
    let closure = Closure::<dyn Fn(Event)>::new(move |event| heard(&listener, &event));
    let function = closure.into_js_value();
    // Only a listener that is no function can fail to be added.
    let _ = widget
        .host
        .add_event_listener_with_callback(event, function.unchecked_ref());
}

impl Widget {
    fn clicked(self: &Rc<Self>, event: &Event) {
        let target = event.target().map(JsCast::unchecked_into::<Element>);
        let found = target.and_then(|target| {
            target
                .closest("button, input[type=submit], .fd-errors a")
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
        } else {
            self.pressed.replace(Some(pressed));
        }
    }

    fn submitted(self: &Rc<Self>, event: &Event) {
        event.prevent_default();
        let Some(target) = event.target() else { return };
        if self.is_busy.replace(true) {
            return;
        }
        // A password is not left readable on the screen, nor offered to the
        // browser as an ordinary text to remember.
        if let Some(switch) = self.host.find("[aria-pressed=true]") {
            self.host.set_password_shown(&switch, false);
        }
        let pressed = self.pressed.take();
        let name = pressed.as_ref().and_then(|b| b.get_attribute("name"));
        let action = Action::of_button(&name.unwrap_or_default());
        if let Some(button) = &pressed {
            // Not `disabled`: that would throw the focus away.
            set_attribute(button, "aria-disabled", "true");
        }
        let controls = self.controls(&target.unchecked_into());
        spawn_local(Rc::clone(self).act(action, controls));
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

    async fn act(self: Rc<Self>, action: Action, controls: Controls) {
        let (path, token, body) = {
            let locale = self.host.locale();
            let mut state = self.state.borrow_mut();
            state.keep(&controls);
            let (path, body) = match (action, &state.view) {
                (Action::Continue, Some(view)) => {
                    let answers = Answers::from_form(controls.iter().cloned());
                    let body = write::answers(view.step.name(), &answers, &locale);
                    (paths::ANSWERS, body)
                }
                (Action::Back, _) => (paths::BACK, String::new()),
                (Action::Resend(channel), _) => (paths::RESEND, write::resend(channel, &locale)),
                (Action::StartOver | Action::Continue, _) => {
                    state.token = None;
                    (paths::FLOWS, write::begin(state.kind, &locale))
                }
            };
            (path, state.token.clone(), body)
        };
        let reply = client::post(&self.host.api(), path, token.as_deref(), body).await;
        self.is_busy.set(false);
        self.state.borrow_mut().apply(reply);
        self.show(true);
        if self.state.borrow().spares_secrets() {
            self.type_secrets_again(&controls);
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
        let locale = Locale::for_tag(&self.host.locale());
        let words = Catalog::parse(locale, &self.words);
        let state = self.state.borrow();
        let screen = screen::screen(&state, &words);
        self.host.remember(state.token.as_deref());
        self.host.paint(&screen.html);
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
        let (kind, name) = (state.kind, state.kind.as_str());
        // The page may act on the events at once, also on this element.
        drop(state);
        match (problem, step) {
            (Some(code), _) => self.host.tell("verify:problem", &[("code", code)]),
            (None, Some(step)) => {
                self.host
                    .tell("verify:step", &[("kind", name), ("step", step.as_str())]);
                if form::is_last(step) {
                    self.host.tell("verify:done", &[("kind", name)]);
                }
                // What is on the screen has a link there, too.
                if step == StepName::Done && kind == FlowKind::SignIn {
                    self.host.leave(&paths::in_language(locale, paths::ACCOUNT));
                }
            }
            (None, None) => {}
        }
    }
}
