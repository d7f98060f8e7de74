//! How much anybody may ask for, from wherever and however they ask.

mod budgets;
mod forwarded;
mod ladder;
mod lockout;
