//! What the loader's element gives to this module: its settings, its answers
//! of the API, and the few acts that are simpler in JavaScript.
//!
//! It must not know what a flow is.

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// The `<verify-widget>` element, as the scripts in `loader/` define it.
    #[wasm_bindgen(extends = HtmlElement)]
    #[derive(Clone)]
    pub type Host;

    /// The flow's kind, from the attribute `flow`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn kind(this: &Host) -> String;

    /// The language of the words.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn locale(this: &Host) -> String;

    /// The words file of that language.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn words(this: &Host) -> String;

    /// The token of a flow that is being resumed.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn token(this: &Host) -> Option<String>;

    /// The HTTP status of the API's last answer; 0 where nothing came back.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Host) -> u16;

    /// The body of that answer.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn body(this: &Host) -> String;

    /// Shows markup in place of the element's content.
    #[wasm_bindgen(method)]
    pub(crate) fn paint(this: &Host, html: &str);

    /// Keeps the flow's token for a reload of this tab, or forgets it.
    #[wasm_bindgen(method)]
    pub(crate) fn remember(this: &Host, token: Option<&str>);

    /// Goes on to another page of the API's site.
    #[wasm_bindgen(method)]
    pub(crate) fn leave(this: &Host, path: &str);

    /// Asks the API once, and calls the method `then` of the `Widget` later on. It never tries
    /// again by itself: whether an answer that got lost has arrived, only the person's next
    /// press may find out.
    #[wasm_bindgen(method)]
    pub(crate) fn ask(this: &Host, path: &str, token: Option<&str>, body: &str, then: &str);

    /// Begins to count down to the end of the flow.
    #[wasm_bindgen(method)]
    pub(crate) fn expect(this: &Host, seconds: u32);

    /// Calls `Widget::warned` if the end is near, or once it is.
    #[wasm_bindgen(method)]
    pub(crate) fn watch(this: &Host);
}
