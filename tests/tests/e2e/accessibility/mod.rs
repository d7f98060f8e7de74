//! Every page and every state of every step, held against axe-core as people have set
//! their screens.
//!
//! What a database holds changes nothing that is seen here, so `cargo xtask test` runs
//! this module on one of the two.

mod auditor;
mod desk;
mod lighthouse;
pub(crate) mod pages;
mod planted;
mod preferences;
mod providers;
mod steps;
pub(crate) mod tour;
