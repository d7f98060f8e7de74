//! What a patient's phone has to fetch: for a flow, for an answer, and to search.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::table::{Table, thousands};
use crate::failure::{During, Failure, Result};
use crate::{site, widget};

/// Bytes of loader, glue, module, the styles that a page of another site needs, and the
/// words of the larger language, brotli 11.
const FLOW_BUDGET: usize = 40_000;
/// Bytes of the loader, brotli 11: who only reads a page fetches it, too.
const LOADER_BUDGET: usize = 1_000;
/// Bytes of an answer page and its style sheets, gzip: what one round trip of
/// a new connection carries.
const PAGE_BUDGET: usize = 14_000;
/// Bytes of the search box's script and of its index, gzip.
const SEARCH_BUDGET: usize = 30_000;

/// Measures, and fails over a budget.
pub(super) fn run() -> Result<()> {
    let (flow, loader) = flow()?;
    println!();
    let site = site::build()?;
    let page = page(&site)?;
    println!();
    let search = search(&site)?;
    println!();
    for (what, bytes, budget) in [
        ("a flow", flow, FLOW_BUDGET),
        ("the widget's loader", loader, LOADER_BUDGET),
        (
            "the heaviest answer page with its style sheets",
            page,
            PAGE_BUDGET,
        ),
        ("search", search, SEARCH_BUDGET),
    ] {
        if bytes > budget {
            let (bytes, budget) = (thousands(bytes), thousands(budget));
            return Err(Failure::new(format!(
                "{what} weighs {bytes} bytes, and its budget is {budget}"
            )));
        }
    }
    Ok(())
}

/// What all files of a flow weigh, and what the loader does.
fn flow() -> Result<(usize, usize)> {
    let folder = widget::build()?;
    let (mut parts, mut loader) = (Vec::new(), 0);
    // Every language is there, and one of them is fetched: the largest counts.
    let mut words = None;
    for path in files(&folder)? {
        let content = read(&path)?;
        let sizes = [brotli(&content)?, gzip(&content)?, content.len()];
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        if path.extension().is_some_and(|kind| kind == "txt") {
            words = words.max(Some((sizes, name)));
            continue;
        }
        if name == widget::LOADER_NAME {
            loader = sizes[0];
        }
        parts.push((sizes, name));
    }
    parts.extend(words);
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

fn page(site: &Path) -> Result<usize> {
    let mut heaviest = (0, 0, 0, PathBuf::new());
    for folder in files(&site.join("faq"))?
        .iter()
        .filter(|path| path.is_dir())
    {
        for page in files(folder)? {
            let Ok(html) = fs::read_to_string(page.join("index.html")) else {
                continue;
            };
            let mut styles = 0;
            for path in style_sheets(&html) {
                styles += gzip(&read(&site.join(path.trim_start_matches('/')))?)?;
            }
            let html = gzip(html.as_bytes())?;
            heaviest = heaviest.max((html + styles, html, styles, page));
        }
    }
    let (total, html, styles, page) = heaviest;
    let name = page.strip_prefix(site).unwrap_or(&page).display();
    if total == 0 {
        return Err(Failure::new(
            "the help center has no answer pages below /faq/",
        ));
    }
    let mut table = Table::new(&[
        "the heaviest answer page",
        "page",
        "styles",
        "gzip, together",
    ]);
    table.row(&row(format!("/{name}/"), [html, styles, total]));
    print!("{table}");
    Ok(total)
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

/// The addresses of a page's style sheets, without what follows a `?`.
fn style_sheets(html: &str) -> Vec<&str> {
    let links = html.split("<link ").skip(1);
    let links = links.filter_map(|link| link.split('>').next());
    let sheets = links.filter(|link| link.contains("stylesheet"));
    sheets
        .filter_map(|link| link.split("href=\"").nth(1)?.split(['"', '?']).next())
        .collect()
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

fn brotli(content: &[u8]) -> Result<usize> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .during("compress with brotli")?;
    Ok(compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_found() {
        let html =
            "<link rel=\"stylesheet\" href=\"/css/a.css?h=1\"><link rel=\"icon\" href=\"/b.svg\">";
        assert_eq!(style_sheets(html), ["/css/a.css"]);
    }

    #[test]
    fn compression_is_real() {
        let content = "the same words again ".repeat(500);
        let sizes = [gzip(content.as_bytes()), brotli(content.as_bytes())];
        for size in sizes {
            assert!((10..200).contains(&size.unwrap()));
        }
    }
}
