//! The custom element's body: it shows the steps of a flow on a static page.
//!
//! `loader/verify-widget.js` defines the element; it fetches this module when its button
//! is near the screen, and the first view at the press; `loader/host.js`, which has the words, calls
//! [`mount`]. From there: `element` hears what the person does, `client`
//! reads what the API says, `state` decides what is to be seen, `screen` says how, and
//! `page` does it.
//!
//! It must not know any rule of a flow: which step comes next, and whether an
//! answer is right, is what the API says. How a step looks is what
//! `protocol::form` says.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod client;
mod element;
mod host;
mod page;
mod read;
mod screen;
mod state;
mod write;

use alloc::string::String;

#[cfg(target_arch = "wasm32")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::wasm_bindgen;

pub use element::Widget;
pub use host::Host;

/// Small rather than fast: a step takes a few hundred allocations, and this one
/// weighs two kilobytes less than the default. Its lock is never contended,
/// since a page has one thread for us.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> =
    LockedAllocator::new(FreeListAllocator::new());

/// A fault ends in a trap. The loader hears of it, and gives the plain form back.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Takes over the element with the flow that its loader has begun or found
/// again, whose `token` it is in that case. `status` and `body` are what the API said.
/// Nothing where there is nothing to show: the plain form goes on.
#[wasm_bindgen]
pub fn mount(
    host: Host,
    kind: &str,
    locale: String,
    token: Option<String>,
    words: String,
    status: u16,
    body: &str,
) -> Option<Widget> {
    Widget::mount(
        host,
        kind,
        locale,
        token,
        words,
        client::reply(status, body),
    )
}
