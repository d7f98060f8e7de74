//! What managers see of how things go: counts, of which small ones are hidden.
//!
//! It must not know where counts come from, nor how a page looks.

mod hiding;
mod weeks;

pub use hiding::{Count, Grid, LEAST};
pub use weeks::{SPANS, Span, Weeks};
