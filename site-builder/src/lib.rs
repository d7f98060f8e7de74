//! Site builder.
