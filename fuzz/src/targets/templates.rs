//! A template of a theme. It is read and made ready, and no page is made with it: a loop in a
//! template may well be endless.

use std::sync::LazyLock;

use site_builder::Mode;

use crate::site::Site;

static SITE: LazyLock<Site> = LazyLock::new(|| Site::new(""));

pub(crate) fn run(input: &[u8]) {
    SITE.holds("templates/other.html", input, Mode::Build);
}
