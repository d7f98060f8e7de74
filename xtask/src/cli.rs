//! The command line.
//!
//! It must not know how a command does its work.

use clap::{Parser, Subcommand};

use crate::failure::Result;
use crate::widget;

/// Developer commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the widget into target/frontdesk/static/widget
    Widget,
}

/// Does what the command line says.
pub(crate) fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Widget => widget::build().map(|folder| println!("{}", folder.display())),
    }
}
