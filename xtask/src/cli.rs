//! The command line.
//!
//! It must not know how a command does its work.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::bench::Part;
use crate::failure::Result;
use crate::{bench, compat, demo, fuzz, passwords, test, widget};

/// Developer commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build and serve the whole help center with invented patients
    Demo {
        /// The port to serve at [default: 8080, and any free one with --check]
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        port: Option<u16>,
        /// Open every link that would be printed, then end
        #[arg(long)]
        check: bool,
        /// Another site whose pages may show the flows, by its scheme, name and port
        ///
        /// May be named several times.
        #[arg(long, value_name = "ORIGIN", value_parser = demo::origin)]
        embed: Vec<String>,
    },
    /// Run every test, after installing what they need
    Test {
        /// Arguments for `cargo test` [default: --workspace, then fuzzing for a minute]
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Try random inputs on every parser of what comes from outside
    Fuzz {
        /// Only this target, a folder of fuzz/corpus
        target: Option<String>,
        /// How long each target is tried
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
        /// Only the input in this file, once
        #[arg(long, requires = "target")]
        input: Option<PathBuf>,
    },
    /// Measure speeds and sizes
    Bench {
        /// Only this part
        part: Option<Part>,
    },
    /// Build the widget into target/frontdesk/static/widget
    Widget,
    /// Make the list of common passwords from published ones
    ///
    /// verify-api/passwords/README.md says which files, and where they come from.
    Passwords {
        /// A file of common passwords, one a line: each is listed
        #[arg(long, required = true)]
        common: Vec<PathBuf>,
        /// A file of leaked passwords, one a line: what several are made of is listed
        #[arg(long)]
        leaked: Option<PathBuf>,
    },
    /// Make the table of what browsers can do from MDN's data
    ///
    /// The head of site-builder/src/check/browsers/compat.tsv says which, and where it comes from.
    Browsers {
        /// `data.json` of the npm package @mdn/browser-compat-data
        data: PathBuf,
        /// That of an edition from when Internet Explorer was looked after, such as 5.0.1
        older: PathBuf,
    },
}

/// Does what the command line says.
pub(crate) fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Demo { port, check, embed } => demo::run(&demo::Options {
            port,
            is_check: check,
            embed_origins: embed,
        }),
        Command::Test { arguments } => test::run(&arguments),
        Command::Fuzz {
            target,
            seconds,
            input,
        } => fuzz::run(&fuzz::Options {
            target,
            seconds,
            input,
        }),
        Command::Bench { part } => bench::run(part),
        Command::Widget => widget::build().map(|folder| println!("{}", folder.display())),
        Command::Passwords { common, leaked } => passwords::run(&common, leaked.as_deref()),
        Command::Browsers { data, older } => compat::run(&data, &older),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_takes_the_sites_that_may_show_its_flows() {
        let embed = |named: &[&str]| {
            let named = named.iter().flat_map(|origin| ["--embed", origin]);
            let line = ["cargo xtask", "demo"].into_iter().chain(named);
            match Cli::try_parse_from(line).map(|cli| cli.command) {
                Ok(Command::Demo { embed, .. }) => Ok(embed),
                Ok(_) => panic!("another command"),
                Err(error) => Err(error.to_string()),
            }
        };
        assert_eq!(embed(&[]), Ok(Vec::new()));
        let sites = ["http://127.0.0.1:9000", "https://www.example.org"];
        assert_eq!(embed(&sites), Ok(sites.map(str::to_owned).to_vec()));
        for wrong in [
            "127.0.0.1:9000",
            "http://",
            "https://www.example.org/page",
            "https://a\"]",
            "*",
        ] {
            let told = embed(&[wrong]).unwrap_err();
            assert!(told.contains("such as http://127.0.0.1:9000"), "{told}");
        }
    }
}
