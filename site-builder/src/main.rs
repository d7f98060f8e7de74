//! The `site-builder` command; see [`site_builder::cli`].

fn main() -> std::process::ExitCode {
    site_builder::cli::run()
}
