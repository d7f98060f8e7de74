//! Flows as plain forms, in a client without scripts.

mod feedback;
mod forgery;
mod lynx;
mod mistakes;
mod more_time;
mod reveal;
mod walks;
mod ways;
