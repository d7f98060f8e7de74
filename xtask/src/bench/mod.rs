//! `bench`: speeds and sizes, each beside what it is to be compared with.
//!
//! Absolute figures say little on another machine, so the machine is named and
//! what counts is the ratio or the budget.

mod api;
mod machine;
mod site;
mod table;
mod widget;

use clap::ValueEnum;

use crate::failure::Result;

/// A part of the benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Pages a second of the site builder
    Site,
    /// Bytes that a page and a flow cost, held to their budgets; they are the same everywhere
    Bytes,
    /// The same, beside what others weigh, and times on a slow phone
    Widget,
    /// Flow steps and sign-ups a second, and patients
    Api,
    /// Patients that are imported and searched for, which are a part of `api`
    Patients,
}

/// Runs one part, or all.
pub(crate) fn run(part: Option<Part>) -> Result<()> {
    println!("{}\n", machine::name());
    let is_wanted = |candidate| part.is_none_or(|part| part == candidate);
    if part == Some(Part::Bytes) {
        widget::bytes()?;
    }
    if is_wanted(Part::Widget) {
        widget::run()?;
    }
    if is_wanted(Part::Site) {
        site::run()?;
    }
    if is_wanted(Part::Api) {
        api::run()?;
    }
    if part == Some(Part::Patients) {
        api::many_patients()?;
    }
    Ok(())
}
