//! One program for all fuzz targets: libFuzzer's, with the target named by
//! `FRONTDESK_FUZZ_TARGET`. `cargo xtask fuzz` builds and runs it.
//!
//! A target is a function of bytes that panics when a promise is broken. It must
//! not need anything from outside, so that an input alone shows a fault again.
//! One program, since each has all of the server in it and is slow to link.

#![no_main]
mod html;
mod site;
mod targets;
mod text;

use std::sync::LazyLock;

use targets::Target;

/// Whose name the environment gives.
static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FRONTDESK_FUZZ_TARGET").unwrap_or_default();
    targets::named(&name).unwrap_or_else(|| {
        eprintln!(
            "FRONTDESK_FUZZ_TARGET is `{name}`, which is none of: {}",
            targets::names().collect::<Vec<_>>().join(" ")
        );
        std::process::exit(2)
    })
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| (*TARGET)(input));
