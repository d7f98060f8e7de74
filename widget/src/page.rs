//! Small acts on the page, inside and around the element.
//!
//! It must not know the flow.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Element, HtmlElement};

use crate::host::Host;

impl Host {
    /// Shows or hides what is typed into the box of a switch.
    pub(crate) fn set_password_shown(&self, switch: &Element, is_shown: bool) {
        let id = switch.get_attribute("aria-controls").unwrap_or_default();
        if let Some(input) = self.find(&["#", &id].concat()) {
            let kind = if is_shown { "text" } else { "password" };
            set_attribute(&input, "type", kind);
        }
        let pressed = if is_shown { "true" } else { "false" };
        set_attribute(switch, "aria-pressed", pressed);
    }

    /// Tells the page, in words that hold nothing about the person.
    pub(crate) fn tell(&self, name: &str, detail: &[(&str, &str)]) {
        let object = Object::new();
        for (key, value) in detail {
            let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
        }
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_detail(&object);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            let _ = self.dispatch_event(&event);
        }
    }

    /// The first element inside that matches.
    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.query_selector(selector).ok().flatten()
    }

    /// Gives the focus to the first element inside that matches.
    pub(crate) fn focus(&self, selector: &str) {
        if let Some(element) = self.find(selector) {
            if !element.has_attribute("tabindex") && selector.starts_with('.') {
                set_attribute(&element, "tabindex", "-1");
            }
            let _ = element.unchecked_into::<HtmlElement>().focus();
        }
    }
}

/// Setting an attribute fails only where its name is none.
pub(crate) fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
