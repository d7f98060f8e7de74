//! The word list that editors own, and a page that is held against it.

use std::sync::LazyLock;

use site_builder::Mode;

use crate::site::Site;

const PAGE: &[u8] =
    b"+++\ntitle = \"Utilize it\"\n+++\nPrior to a co-pay, a b c and Wellsprings.\n";

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let site = Site::new("");
    site.put("content/page.md", PAGE);
    site
});

pub(crate) fn run(input: &[u8]) {
    SITE.holds("words.toml", input, Mode::Check);
}
