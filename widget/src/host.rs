//! What the loader's element gives to this module: its settings, its first
//! answer from the API, and the few acts that are simpler in JavaScript.
//!
//! It must not know what a flow is.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// The `<verify-widget>` element, as `loader/verify-widget.js` defines it.
    #[wasm_bindgen(extends = HtmlElement)]
    #[derive(Clone)]
    pub type Host;

    /// The flow's kind, from the attribute `flow`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn kind(this: &Host) -> String;

    /// The API's origin, without a slash at the end.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn api(this: &Host) -> String;

    /// The language of the words.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn locale(this: &Host) -> String;

    /// The words file of that language.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn words(this: &Host) -> String;

    /// The token of a flow that is being resumed.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn token(this: &Host) -> Option<String>;

    /// Whether the flow was found again after a reload, so nobody pressed a button just now.
    #[wasm_bindgen(method, getter, js_name = isResumed)]
    pub(crate) fn is_resumed(this: &Host) -> bool;

    /// The HTTP status of the first answer.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Host) -> u16;

    /// The body of the first answer.
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

    /// Hands the person back to the plain form.
    #[wasm_bindgen(method, js_name = stepAside)]
    pub(crate) fn step_aside(this: &Host);
}
