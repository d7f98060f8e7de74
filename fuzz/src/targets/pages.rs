//! A page of the site as an editor writes it: front matter and Markdown, through the whole builder.

use std::sync::LazyLock;

use site_builder::Mode;

use crate::site::Site;

/// Template syntax in a page is Tera's to read, and a loop in it may well be endless.
static SITE: LazyLock<Site> = LazyLock::new(|| Site::new("skip_content_templating = [\"**\"]\n"));

pub(crate) fn run(input: &[u8]) {
    SITE.holds("content/page.md", input, Mode::Build);
}
