//! A style sheet; one whose first line is `sass` is of the kind that is indented.

use std::sync::LazyLock;

use site_builder::Mode;

use crate::site::Site;

static SITES: LazyLock<[Site; 2]> = LazyLock::new(|| {
    let site = || Site::new("compile_sass = true\n");
    [site(), site()]
});

pub(crate) fn run(input: &[u8]) {
    match input.strip_prefix(b"sass\n") {
        Some(rest) => SITES[0].holds("sass/a.sass", rest, Mode::Build),
        None => SITES[1].holds("sass/a.scss", input, Mode::Build),
    }
}
