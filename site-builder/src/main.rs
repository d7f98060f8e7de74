//! The `site-builder` command; see [`site_builder::cli`].

use mimalloc::MiMalloc;

/// A build makes and drops millions of small values on all cores.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    site_builder::cli::run()
}
