//! The command line: what people and scripts type, and what they get back.
//!
//! Owns arguments, exit codes and what goes to which stream. All work is done elsewhere.

mod review;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::clock;
use crate::config::Mode;
use crate::create::{Made, create};
use crate::diagnostic::Finding;
use crate::diagnostic::print::{self, Format};
use crate::init::init;
use crate::progress::Line;
use crate::published::FILE;
use crate::serve::serve;
use crate::slips;
use crate::source::sass::apart;
use crate::typed;
use crate::{BuildOptions, External, Report, build};

#[derive(Debug, Parser)]
#[command(
    name = "site-builder",
    version,
    about = "Renders Markdown to a static help center"
)]
struct Cli {
    /// The site's folder, which holds zola.toml
    #[arg(short, long, value_name = "DIR", default_value = ".", global = true)]
    root: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a small site to begin with
    Init {
        /// Its folder, which must be empty or not there yet [default: this one]
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Render the site; nothing is written when there are errors
    Build {
        #[command(flatten)]
        common: Common,
        /// Add the addresses of all that is written to published.txt
        #[arg(long, conflicts_with = "drafts")]
        record: bool,
    },
    /// Report every finding; the site is not written
    Check {
        #[command(flatten)]
        common: Common,
        /// How findings are printed
        #[arg(long, value_enum, default_value = "human")]
        format: FormatArg,
        /// The day that review dates are held against, such as 2026-11-25 [default: today]
        #[arg(long, value_name = "DATE", value_parser = day)]
        today: Option<Date>,
        /// Ask other sites whether the pages that are linked to are there
        #[arg(long)]
        external: bool,
    },
    /// Preview the site in a browser; it follows every change
    Serve {
        /// The port on this machine; 0 takes a free one
        #[arg(short, long, default_value_t = 1111)]
        port: u16,
        /// Include drafts
        #[arg(long)]
        drafts: bool,
        /// A further folder of static files, under the site's own (repeatable)
        #[arg(long = "static", value_name = "DIR")]
        statics: Vec<PathBuf>,
    },
    /// List what is due for review, and who looks after it
    Review(review::Review),
    /// Create a page with the right lines at its top
    New {
        /// Where in the content folder, such as faq/new-question.md; what has a language in its name,
        /// such as faq/new-question.es.md, begins as a copy of the page that it translates
        path: String,
        /// The page's title; a translation can do without one for now
        title: Option<String>,
        /// The other words of a title without quotes.
        #[arg(hide = true)]
        rest: Vec<String>,
    },
    /// Compile a style sheet for another run of this program
    #[command(hide = true, name = apart::COMMAND)]
    CompileStyleSheet,
}

#[derive(Debug, Args)]
struct Common {
    /// The folder to write to [default: `output_dir` of zola.toml, or public]
    #[arg(short, long, value_name = "DIR", alias = "output-dir")]
    output: Option<PathBuf>,
    /// Instead of `base_url` in zola.toml; "/" makes links from the root
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
    /// Include drafts
    #[arg(long)]
    drafts: bool,
    /// A further folder of static files, under the site's own (repeatable)
    #[arg(long = "static", value_name = "DIR")]
    statics: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    Human,
    Json,
    Github,
}

impl Common {
    fn options(self, root: PathBuf, mode: Mode) -> BuildOptions {
        BuildOptions {
            root,
            output: self.output,
            base_url: self.base_url,
            drafts: self.drafts,
            static_dirs: self.statics,
            record: false,
            external: None,
            mode,
            today: None,
            now: clock::now(),
        }
    }
}

/// Runs the command that the process was started with. Exit code 0 means no errors, 1 errors in
/// the site, 2 a wrong command line.
pub fn run() -> ExitCode {
    let Cli { root, command } = Cli::parse();
    apart::use_this_program();
    if std::env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == env!("CARGO_PKG_NAME")) {
        typed::by_cargo();
    }
    match command {
        Command::CompileStyleSheet => match apart::answer() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Command::Init { folder } => {
            let made = init(&folder.map_or(root.clone(), |folder| root.join(folder)));
            let next = "Made a site. `site-builder serve` in its folder shows it.";
            tell(made.map(|()| vec![next.to_owned()]))
        }
        Command::Build { common, record } => {
            let report = build_showing(&BuildOptions {
                record,
                ..common.options(root, Mode::Build)
            });
            show(&report, Format::Human);
            if let Some(written) = report.written.filter(|written| written.unchanged) {
                let files = print::count(written.files, "file");
                say(&format!("Nothing changed since the last build: {files}."));
            } else if let Some(written) = &report.written {
                say(&format!(
                    "{} files: {} written, {} removed.",
                    written.files, written.changed, written.removed
                ));
            }
            if let Some(new) = report.recorded {
                say(&format!("{} added to {FILE}.", print::count(new, "line")));
            }
            exit_code(&report)
        }
        Command::Check {
            common,
            format,
            today,
            external,
        } => {
            let report = build_showing(&BuildOptions {
                external: external.then(|| External {
                    tell: asking,
                    ..External::new(clock::seconds())
                }),
                today: Some(today.unwrap_or_else(clock::today)),
                ..common.options(root, Mode::Check)
            });
            let format = match format {
                FormatArg::Human => Format::Human,
                FormatArg::Json => Format::Json,
                FormatArg::Github => Format::Github,
            };
            show(&report, format);
            if format == Format::Human && report.findings.is_empty() {
                say(&format!("0 errors, {}", print::count(report.pages, "page")));
            }
            if format == Format::Human && report.drafts > 0 {
                let drafts = print::count(report.drafts, "draft");
                say(&format!(
                    "Not looked at: {drafts}. `--drafts` looks at drafts, too."
                ));
            }
            exit_code(&report)
        }
        Command::Serve {
            port,
            drafts,
            statics,
        } => {
            let options = BuildOptions {
                drafts,
                static_dirs: statics,
                today: Some(clock::today()),
                now: clock::now(),
                ..BuildOptions::new(root)
            };
            fail(serve(options, port))
        }
        Command::Review(review) => {
            let looked = review.run(root);
            let report = Report {
                findings: looked.findings,
                ..Report::default()
            };
            show(&report, Format::Human);
            let _ = std::io::stdout().write_all(looked.list.as_bytes());
            if looked.fails {
                ExitCode::FAILURE
            } else {
                exit_code(&report)
            }
        }
        Command::New { path, title, rest } => new(&root, &path, title.as_deref(), &rest),
    }
}

/// Makes a page. Words without quotes are a title in parts.
fn new(root: &Path, path: &str, title: Option<&str>, rest: &[String]) -> ExitCode {
    if !rest.is_empty() {
        let words = title.into_iter().chain(rest.iter().map(String::as_str));
        let title = words.collect::<Vec<_>>().join(" ");
        let sentence = format!("Put the title in quotes: \"{title}\".");
        let usage = Cli::command();
        let new = usage.find_subcommand("new").cloned().unwrap_or(usage);
        new.bin_name("site-builder new")
            .error(ErrorKind::UnknownArgument, sentence)
            .exit();
    }
    let made = create(root, path, title, clock::today());
    tell(made.map(|made| told(&made)))
}

/// A day that somebody typed, or how it is typed right.
fn day(typed: &str) -> Result<Date, String> {
    let right = typed.parse();
    right.map_err(|_| match slips::days(typed)[..] {
        [day] => format!("Write the day as `{day}`: year, month and day, with `-` between them."),
        _ => "Write the year, the month and the day, such as `2026-11-25`.".to_owned(),
    })
}

fn told(made: &Made) -> Vec<String> {
    let files = made.files.iter();
    let mut lines: Vec<String> = files
        .map(|file| format!("Created {}.", file.display()))
        .collect();
    match made.sections.as_slice() {
        [] => {}
        [one] => lines.push(format!("This made a new section, {one}.")),
        several => lines.push(format!("This made new sections: {}.", several.join(", "))),
    }
    lines.extend(
        made.draft
            .as_ref()
            .map(|line| format!("The page is a draft. Take out its line `{line}` to publish it.")),
    );
    lines
}

/// Says what was made, or why nothing was.
fn tell(made: Result<Vec<String>, Box<Finding>>) -> ExitCode {
    match made {
        Ok(lines) => {
            for line in lines {
                say(&line);
            }
            ExitCode::SUCCESS
        }
        Err(finding) => fail(*finding),
    }
}

/// Builds, and shows how far that is. Nothing else is said before the line is gone.
fn build_showing(options: &BuildOptions) -> Report {
    let _line = Line::show();
    build(options)
}

fn asking(pages: usize, hosts: usize) {
    let pages = print::count(pages, "page");
    let hosts = print::count(hosts, "other site");
    say(&format!(
        "Asking {hosts} for {pages}; this can take some minutes."
    ));
}

/// Shows why a command could not do its work.
fn fail(finding: Finding) -> ExitCode {
    let mut report = Report::default();
    report.findings.push(finding);
    show(&report, Format::Human);
    ExitCode::FAILURE
}

fn exit_code(report: &Report) -> ExitCode {
    if report.findings.has_errors() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Findings for a person go to the error stream; for a program they are the output.
fn show(report: &Report, format: Format) {
    let findings = &report.findings;
    // A reader that has gone away is no reason to fail.
    let _ = match format {
        Format::Human => print::write(findings, format, std::io::stderr().lock()),
        _ => print::write(findings, format, std::io::stdout().lock()),
    };
    if format == Format::Human && !findings.is_empty() {
        say(&print::summary(&report.findings));
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
