//! The loader's element, and the few acts on it that are simpler in JavaScript.
//!
//! The acts are functions of `loader/host.js` and no methods of the element, which the page
//! could call. It must not know what a flow is.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// The `<verify-widget>` element, as the scripts in `loader/` define it.
    #[wasm_bindgen(extends = HtmlElement)]
    #[derive(Clone)]
    pub type Host;

    /// Shows markup in place of the element's content. If a code was texted, the phone is
    /// asked for it.
    pub(crate) fn paint(host: &Host, html: &str, is_texted: bool);

    /// Keeps the flow's token for a reload of this tab, or forgets it.
    pub(crate) fn remember(host: &Host, token: Option<&str>);

    /// Lets the browser's history follow the step that is shown: whether a way leads back from
    /// it, and how far it lies from the one before it: 1 is on, -1 is back.
    pub(crate) fn settle(host: &Host, has_way_back: bool, way: i32);

    /// Goes on to another page of the API's site.
    pub(crate) fn leave(host: &Host, path: &str);

    /// Asks the API once, and calls the method `then` of the `Widget` later on. It never tries
    /// again by itself: whether an answer that got lost has arrived, only the person's next
    /// press may find out.
    pub(crate) fn ask(host: &Host, path: &str, token: Option<&str>, body: &str, then: &str);

    /// Begins to count down to the end of the flow.
    pub(crate) fn expect(host: &Host, seconds: u32);

    /// Calls `Widget::warned` if the end is near, or once it is.
    pub(crate) fn watch(host: &Host);
}
