//! How fast the site builder is: our own theme with a thousand pages, and ten thousand
//! pages of a plain one, in memory and on disk, beside copying the result (the least
//! that any builder could do) and beside Zola and Hugo where they are installed.

mod edits;
mod ours;
mod plain;
mod run;

use std::path::Path;
use std::process::Command;

use self::plain::{Dialect, SECTIONS};
use self::run::{Cost, Place, cost};
use super::table::Table;
use crate::build;
use crate::failure::Result;
use crate::progress::step;
use crate::tools;

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
    plain_table(&builder, &Place::disk()?, "on disk")?;
    many_table(&builder)
}

fn plain_table(builder: &Path, place: &Place, where_: &str) -> Result<()> {
    let folder = place.folder()?;
    let (root, output) = (folder.path().join("site"), folder.path().join("output"));
    plain::lay_out(&root, Dialect::Zola, PAGES)?;
    let ours = |command: &str| our_command(builder, command, &root, &output);
    let heading = format!("{PAGES} plain pages {where_}, medians");
    let what = |name: &str| format!("{name}, {where_}");
    let mut rows = vec![
        (
            "site-builder build",
            cost(&what("building"), RUNS, Some(&output), || ours("build"))?,
        ),
        (
            "the same, nothing changed",
            cost(&what("building again"), RUNS, None, || ours("build"))?,
        ),
        (
            "site-builder check",
            cost(&what("checking"), RUNS, None, || ours("check"))?,
        ),
    ];
    let copy = folder.path().join("copy");
    let floor = cost(&what("copying"), RUNS, Some(&copy), || {
        let mut command = Command::new("cp");
        command.arg("-r").arg(&output).arg(&copy);
        command
    })?;
    rows.push(("cp -r of the output", floor));
    if let Some(zola) = tools::find("zola") {
        let theirs = folder.path().join("zola");
        rows.push((
            "zola build",
            cost(&what("building with Zola"), FEWER, Some(&theirs), || {
                let mut command = Command::new(&zola);
                command.arg("--root").arg(&root).arg("build");
                command.arg("--output-dir").arg(&theirs);
                command
            })?,
        ));
    }
    if let Some(hugo) = tools::find("hugo") {
        let (root, theirs) = (folder.path().join("hugo-site"), folder.path().join("hugo"));
        plain::lay_out(&root, Dialect::Hugo, PAGES)?;
        rows.push((
            "hugo",
            cost(&what("building with Hugo"), FEWER, Some(&theirs), || {
                let mut command = Command::new(&hugo);
                command
                    .arg("--source")
                    .arg(&root)
                    .arg("--destination")
                    .arg(&theirs);
                command.arg("--quiet");
                command
            })?,
        ));
    }
    print(&heading, &rows, PAGES + SECTIONS + 1, floor);
    let share = rows[1].1.time.as_secs_f64() / rows[0].1.time.as_secs_f64();
    println!("A build with nothing changed takes {share:.2} of a full one.");
    let edit = edits::measure(builder, &root)?;
    println!(
        "An edit of one page is on screen in {} ms.\n",
        edit.as_millis()
    );
    Ok(())
}

/// Ten times as many, for how time and memory grow.
fn many_table(builder: &Path) -> Result<()> {
    let folder = Place::memory()?.folder()?;
    let (root, output) = (folder.path().join("site"), folder.path().join("output"));
    plain::lay_out(&root, Dialect::Zola, MANY_PAGES)?;
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

fn our_command(builder: &Path, command: &str, root: &Path, output: &Path) -> Command {
    let mut ours = Command::new(builder);
    ours.arg(command).arg("--root").arg(root);
    ours.arg("--output").arg(output);
    ours
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
