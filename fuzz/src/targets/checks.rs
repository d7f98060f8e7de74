//! A page as `check` reads it: every check of a help center, all on.

use std::sync::LazyLock;

use site_builder::Mode;

use crate::site::Site;

/// With limits that most texts are over.
const SETTINGS: &str = "skip_content_templating = [\"**\"]\n\
                        [extra.support]\nphone = \"207-555-0100\"\nemail = \"help@example.org\"\n\
                        [extra.check.limits]\nsentence_words = 3\ngrade = 1\npage_kb = 1\n";

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let site = Site::new(SETTINGS);
    site.put("words.toml", b"[en]\n\"prior to\" = \"before\"\n");
    site
});

pub(crate) fn run(input: &[u8]) {
    SITE.holds("content/page.md", input, Mode::Check);
}
