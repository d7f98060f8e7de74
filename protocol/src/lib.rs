//! What a flow step is.
