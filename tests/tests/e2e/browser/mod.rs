//! What people do in a real browser: flows, in the widget and without scripts; search; the editors'
//! preview.

mod access;
mod failures;
mod page;
mod pictures;
mod preview;
mod scripts_off;
mod search;
mod walks;
mod ways;
