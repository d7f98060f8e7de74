//! Flows in a real browser: in the widget, and without scripts.

mod access;
mod failures;
mod page;
mod scripts_off;
mod search;
mod walks;
mod ways;
