//! What readers have said about pages, for those who write them.

use std::fmt::Write as _;

use verify_api::app::App;
use verify_api::store::PageFeedback;

use super::Failure;

/// One line a page, those first that have failed most readers.
pub(super) async fn list(app: &App, days: u16) -> Result<String, Failure> {
    let mut pages = app.feedback(days).await.map_err(|error| {
        Failure(format!(
            "The counts cannot be read ({error}). Check the database, and try again."
        ))
    })?;
    if pages.is_empty() {
        return Ok(format!("No reader has answered in the last {days} days."));
    }
    pages.sort_by(|a, b| b.no.cmp(&a.no).then_with(|| a.page.cmp(&b.page)));
    Ok(table(&pages))
}

fn table(pages: &[PageFeedback]) -> String {
    let mut text = format!("{:>8} {:>8} {:>8}  page", "no", "yes", "helped");
    for PageFeedback { page, yes, no } in pages {
        let helped = yes * 100 / (yes + no).max(1);
        let line = write!(text, "\n{no:>8} {yes:>8} {helped:>7}%  {page}");
        line.expect("a string takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_below_their_headings() {
        let page = PageFeedback {
            page: "/faq/topic/one/".to_owned(),
            yes: 31,
            no: 9,
        };
        let expected =
            "      no      yes   helped  page\n       9       31      77%  /faq/topic/one/";
        assert_eq!(table(&[page]), expected);
    }
}
