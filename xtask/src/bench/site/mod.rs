//! How fast the site builder is: our own theme with a thousand pages, and ten thousand
//! pages of a plain one, in memory and on disk, beside copying the result (the least
//! that any builder could do) and beside Zola and Hugo where they are installed.

mod edits;
mod field;
mod ours;
mod plain;
mod run;

use std::path::Path;
use std::process::Command;

use self::field::{Field, our_command};
use self::plain::{Beside, Dialect, SECTIONS};
use self::run::{Cost, Place, cost};
use super::table::Table;
use crate::build;
use crate::failure::Result;
use crate::progress::step;

/// Runs of each command; the one in the middle counts.
const RUNS: usize = 5;
/// Runs of what takes longer.
const FEWER: usize = 3;
const PAGES: usize = 10_000;
const MANY_PAGES: usize = 100_000;

/// Measures whole processes, from start to exit.
pub(super) fn run() -> Result<()> {
    let builder = step("compiling the site builder for release", || {
        build::binary("site-builder", "release")
    })?;
    let _until_the_end = ours::run(&builder)?;
    plain_table(&builder, &Place::memory()?, "in memory")?;
    menu_table(&builder)?;
    plain_table(&builder, &Place::disk()?, "on disk")?;
    many_table(&builder)
}

fn plain_table(builder: &Path, place: &Place, where_: &'static str) -> Result<()> {
    let field = Field::new(builder, place, where_, Beside::Nothing)?;
    let build = field.build()?;
    let again = field.ours("build", "building again", None)?;
    let check = field.ours("check", "checking", None)?;
    let floor = field.copy()?;
    let mut rows = vec![
        ("site-builder build", build),
        ("the same, nothing changed", again),
        ("site-builder check", check),
        ("cp -r of the output", floor),
    ];
    rows.append(&mut field.others()?);
    let heading = format!("{PAGES} plain pages {where_}, medians");
    print(&heading, &rows, PAGES + SECTIONS + 1, floor);
    let share = again.time.as_secs_f64() / build.time.as_secs_f64();
    println!("A build with nothing changed takes {share:.2} of a full one.");
    let edit = edits::measure(builder, &field.path("site"))?;
    println!(
        "An edit of one page is on screen in {} ms.\n",
        edit.as_millis()
    );
    Ok(())
}

/// What most themes of documentation ask for on each page.
fn menu_table(builder: &Path) -> Result<()> {
    let field = Field::new(builder, &Place::memory()?, "with a menu", Beside::Menu)?;
    let build = field.build()?;
    let floor = field.copy()?;
    let mut rows = vec![
        ("site-builder build", build),
        ("cp -r of the output", floor),
    ];
    rows.append(&mut field.others()?);
    let heading = format!("{PAGES} pages with a menu of their section, in memory, medians");
    print(&heading, &rows, PAGES + SECTIONS + 1, floor);
    Ok(())
}

/// Ten times as many, for how time and memory grow.
fn many_table(builder: &Path) -> Result<()> {
    let folder = Place::memory()?.folder()?;
    let (root, output) = (folder.path().join("site"), folder.path().join("output"));
    plain::lay_out(&root, Dialect::Zola, Beside::Nothing, MANY_PAGES)?;
    let build = cost(
        "building a hundred thousand pages",
        1,
        Some(&output),
        || our_command(builder, "build", &root, &output),
    )?;
    let copy = folder.path().join("copy");
    let floor = cost("copying them", 1, Some(&copy), || {
        let mut command = Command::new("cp");
        command.arg("-r").arg(&output).arg(&copy);
        command
    })?;
    let heading = format!("{MANY_PAGES} plain pages in memory, one run");
    let rows = [
        ("site-builder build", build),
        ("cp -r of the output", floor),
    ];
    print(&heading, &rows, MANY_PAGES + SECTIONS + 1, floor);
    Ok(())
}

fn print(heading: &str, rows: &[(&str, Cost)], pages: usize, floor: Cost) {
    let mut table = Table::new(&[heading, "ms", "pages/s", "times cp -r", "peak MB"]);
    for (name, cost) in rows {
        let pages = u32::try_from(pages).unwrap_or(u32::MAX);
        let rate = f64::from(pages) / cost.time.as_secs_f64();
        let times = cost.time.as_secs_f64() / floor.time.as_secs_f64();
        table.row(&[
            (*name).to_owned(),
            cost.time.as_millis().to_string(),
            format!("{rate:.0}"),
            format!("{times:.1}"),
            format!("{:.0}", cost.memory),
        ]);
    }
    println!("{table}");
}
