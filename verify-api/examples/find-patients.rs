//! Searches for patients, one after the other, and prints how long each search took and
//! whom it has found: what `cargo xtask bench patients` measures searches with.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use protocol::values::BirthDate;
use verify_api::Parts;
use verify_api::config::Config;

fn main() -> ExitCode {
    let names: Vec<_> = std::env::args().skip(1).collect();
    let [config, searches] = &names[..] else {
        eprintln!("Name a configuration, and a file with a name, a tab and a birth date a line.");
        return ExitCode::FAILURE;
    };
    match search(Path::new(config), Path::new(searches)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn search(config: &Path, searches: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::load(Some(config), std::iter::empty())?;
    let searches = std::fs::read_to_string(searches)?;
    let mut out = std::io::stdout().lock();
    tokio::runtime::Runtime::new()?.block_on(async {
        let app = verify_api::open(&config, Parts::default()).await?;
        for line in searches.lines() {
            let (name, born) = line.split_once('\t').ok_or("a line lacks its tab")?;
            let born = BirthDate::parse(born).map_err(|_| "a line has no birth date")?;
            let began = Instant::now();
            let found = app.find_patients(name, born, None).await?;
            let took = began.elapsed().as_micros();
            let numbers = found.patients.iter();
            let numbers = numbers.filter_map(|it| it.on_file.number.as_deref());
            let numbers: Vec<_> = numbers.collect();
            writeln!(out, "{took}\t{}", numbers.join(" "))?;
        }
        Ok(())
    })
}
