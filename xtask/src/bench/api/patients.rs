//! What is done with many patients: imported, beside somebody who takes a step meanwhile,
//! and searched for.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{Place, UNPADDED, address, imports, millis, overload, searches, steps};
use crate::bench::table::{Table, thousands};
use crate::build;
use crate::failure::{During as _, Failure, Result};
use crate::progress::step;

/// How many patients are imported.
const PATIENTS: [u32; 2] = [10_000, 100_000];
/// How many patients are searched.
const SEARCHED: u32 = 1_000_000;

/// Measures on fresh databases.
pub(super) fn tables(place: &Place) -> Result<()> {
    imports_table(place)?;
    waits_table(place)?;
    searches_table(place)
}

/// A second time, nothing of them has changed.
fn imports_table(place: &Place) -> Result<()> {
    let parser = step("compiling what parses JSON and does nothing else", || {
        example("parse-lines")
    })?;
    let folder = tempfile::tempdir().during("make a folder for patients")?;
    let heading = "Patients imported from FHIR, SQLite";
    let mut table = Table::new(&[heading, "a second", "times parsing them", "memory, MB"]);
    for patients in PATIENTS {
        let file = folder.path().join(format!("{patients}.ndjson"));
        imports::write(&file, patients)?;
        let desk = place.desk("")?;
        let count = thousands(patients as usize);
        let parsed = imports::parse(&parser, &file)?;
        let new = step(&format!("importing {count} patients"), || {
            imports::import(&desk, &file, &format!("{patients} created"))
        })?;
        let again = step("importing them again", || {
            imports::import(&desk, &file, &format!("{patients} unchanged"))
        })?;
        for (name, taken) in [
            ("parsed as JSON alone, one thread", &parsed),
            ("new", &new),
            ("again", &again),
        ] {
            let rate = f64::from(patients) / taken.time.as_secs_f64();
            let times = taken.time.as_secs_f64() / parsed.time.as_secs_f64();
            table.row(&[
                format!("{count}, {name}"),
                format!("{rate:.0}"),
                format!("{times:.1}"),
                format!("{:.0}", taken.memory),
            ]);
        }
    }
    println!("{table}");
    Ok(())
}

/// What an import is to somebody who takes a step meanwhile.
fn waits_table(place: &Place) -> Result<()> {
    let folder = tempfile::tempdir().during("make a folder for patients")?;
    let file = folder.path().join("patients.ndjson");
    let [patients, _] = PATIENTS;
    imports::write(&file, patients)?;
    let server = place.server(UNPADDED)?;
    let address = address(&server)?;
    let is_over = AtomicBool::new(false);
    let times = step("beginning flows beside an import", || {
        thread::scope(|scope| {
            let begun = scope.spawn(|| steps::begun(address, &is_over));
            let wanted = format!("{patients} created");
            let imported = imports::import(server.desk(), &file, &wanted);
            is_over.store(true, Ordering::Relaxed);
            let begun = begun.join();
            imported?;
            begun.map_err(|_| Failure::new("a thread of the benchmark panicked"))?
        })
    })?;
    let mut table = Table::new(&["A flow's first commit beside an import, SQLite", "ms"]);
    for (name, percent) in [
        ("half within", 50),
        ("99 of 100 within", 99),
        ("all within", 100),
    ] {
        table.row(&[name, &millis(overload::percentile(times.clone(), percent))]);
    }
    println!("{table}");
    Ok(())
}

/// Among patients whom an import of a table has brought in.
fn searches_table(place: &Place) -> Result<()> {
    let program = step("compiling what searches for patients", || {
        example("find-patients")
    })?;
    let folder = tempfile::tempdir().during("make a folder for patients")?;
    let file = folder.path().join("patients.csv");
    searches::write_table(&file, SEARCHED)?;
    let count = thousands(SEARCHED as usize);
    let desk = place.desk("")?;
    let taken = step(&format!("importing a table of {count} patients"), || {
        imports::import(&desk, &file, &format!("{SEARCHED} created"))
    })?;
    let times = step("searching for patients", || {
        searches::run(&program, &desk.configuration(), SEARCHED)
    })?;
    let mut table = Table::new(&[&format!("Among {count} patients from a table, SQLite"), ""]);
    for (name, figure) in [
        (
            "importing them, s",
            format!("{:.0}", taken.time.as_secs_f64()),
        ),
        ("memory at its peak, MB", format!("{:.0}", taken.memory)),
        (
            "half of the searches with a slip within, ms",
            millis(overload::percentile(times.clone(), 50)),
        ),
        (
            "99 of 100 within, ms",
            millis(overload::percentile(times, 99)),
        ),
    ] {
        table.row(&[name.to_owned(), figure]);
    }
    println!("{table}");
    Ok(())
}

fn example(name: &str) -> Result<PathBuf> {
    let arguments = ["--release", "--package", "verify-api", "--example", name];
    build::build(&arguments).and_then(|files| build::named(files, name))
}
