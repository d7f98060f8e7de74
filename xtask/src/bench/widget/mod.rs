//! What a patient's phone has to fetch: for a flow, for an answer, and to search.

mod driver;
mod front;
mod others;
mod pages;
mod phone;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::table::{Table, thousands};
use crate::failure::{During, Failure, Result};
use crate::{site, widget};

/// Bytes of loader, module, the styles that a page of another site needs, and the glue with
/// the words of the larger language, brotli 11.
const FLOW_BUDGET: usize = 40_000;
/// Bytes of the loader, brotli 11: who only reads a page fetches it, too.
const LOADER_BUDGET: usize = 1_000;
/// Bytes of the search box's script and of its index, gzip.
const SEARCH_BUDGET: usize = 30_000;

/// What is fetched, told and held to its budgets.
pub(super) fn bytes() -> Result<()> {
    measured(&site::build()?).map(|_| ())
}

/// The same, beside what others weigh, and how long a slow phone takes; fails over a budget.
pub(super) fn run() -> Result<()> {
    let site = site::build()?;
    let Weights { flow, answer } = measured(&site)?;
    others::run(flow);
    phone::run(&site, &answer)
}

struct Weights {
    /// Bytes of a flow.
    flow: usize,
    /// The path of the heaviest answer.
    answer: String,
}

fn measured(site: &Path) -> Result<Weights> {
    let (flow, loader) = flow()?;
    println!();
    let answer = pages::run(site)?;
    println!();
    let search = search(site)?;
    println!();
    for (what, bytes, budget) in [
        ("a flow", flow, FLOW_BUDGET),
        ("the widget's loader", loader, LOADER_BUDGET),
        ("search", search, SEARCH_BUDGET),
    ] {
        if bytes > budget {
            let (bytes, budget) = (thousands(bytes), thousands(budget));
            return Err(Failure::new(format!(
                "{what} weighs {bytes} bytes, and its budget is {budget}"
            )));
        }
    }
    Ok(Weights { flow, answer })
}

/// What all files of a flow weigh, and what the loader does.
fn flow() -> Result<(usize, usize)> {
    let folder = widget::build()?;
    let (mut parts, mut loader) = (Vec::new(), 0);
    // Every language is there, and one of them is fetched: the largest counts.
    let mut glue = None;
    for path in files(&folder)? {
        let content = read(&path)?;
        let sizes = [brotli(&content, 11)?.len(), gzip(&content)?, content.len()];
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("glue-") {
            glue = glue.max(Some((sizes, name)));
            continue;
        }
        if name == widget::LOADER_NAME {
            loader = sizes[0];
        }
        parts.push((sizes, name));
    }
    parts.extend(glue);
    parts.sort();
    let mut table = Table::new(&["widget, a flow in one language", "brotli 11", "gzip", "raw"]);
    let mut total = [0; 3];
    for (sizes, name) in parts {
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
        table.row(&row(name, sizes));
    }
    table.row(&row("together".to_owned(), total));
    print!("{table}");
    Ok((total[0], loader))
}

fn row(name: String, sizes: [usize; 3]) -> Vec<String> {
    let sizes = sizes.into_iter().map(thousands);
    std::iter::once(name).chain(sizes).collect()
}

fn search(site: &Path) -> Result<usize> {
    let script = gzip(&read(&site.join("js/search.js"))?)?;
    let index = gzip(&read(&site.join("search_index.en.json"))?)?;
    let mut table = Table::new(&["search", "script", "index", "gzip, together"]);
    let name = "the search box".to_owned();
    table.row(&row(name, [script, index, script + index]));
    print!("{table}");
    Ok(script + index)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).during(format_args!("look into {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).during(format_args!("read {}", path.display()))
}

fn gzip(content: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).during("compress with gzip")?;
    Ok(encoder.finish().during("compress with gzip")?.len())
}

fn brotli(content: &[u8], quality: u32) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: quality.try_into().during("choose a quality")?,
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .during("compress with brotli")?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_real() {
        let content = "the same words again ".repeat(500);
        let sizes = [
            gzip(content.as_bytes()),
            brotli(content.as_bytes(), 11).map(|it| it.len()),
        ];
        for size in sizes {
            assert!((10..200).contains(&size.unwrap()));
        }
    }
}
