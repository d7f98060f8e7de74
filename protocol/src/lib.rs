//! The shared language of the two hosts of a flow.
//!
//! A flow is a server-driven sequence of typed steps. This crate says what a
//! step is, which answers it takes, which problems an answer can have, and how
//! the step looks as an accessible HTML form. The widget and the API both link
//! it, so a step has one definition.
//!
//! It must not know: how anything is fetched, stored or sent, what time it is,
//! or whether a person exists. There is no I/O here, and no `std` to do any with:
//! so it also runs on WebAssembly 1.0, which has none (see `widget/`).

// The macros that make schemas, and tests, expect `std`.
#![cfg_attr(not(any(test, feature = "openapi")), no_std)]

extern crate alloc;

pub mod answers;
mod feature;
mod field;
pub mod form;
mod html;
mod kind;
pub mod messages;
#[cfg(feature = "openapi")]
mod openapi;
pub mod paths;
mod problem;
mod relationship;
mod step;
pub mod values;
mod view;

pub use answers::{Answer, Answers};
pub use feature::Feature;
pub use field::{Field, Input};
pub use kind::{Channel, FlowKind, Locale};
pub use problem::{FieldProblem, FieldProblems, Problem, ProblemCode};
pub use relationship::Relationship;
pub use step::{Step, StepName};
pub use view::{Notice, Progress, View};
