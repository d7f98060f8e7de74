//! Sites in several languages: where pages go, what templates see and ask for, and what is found
//! wanting.

mod checks;
mod functions;
mod lacking;
mod lists;
mod names;
mod new;
mod new_layouts;
mod pages;
mod settings;

use crate::support::{CONFIG, Site};

/// English, with Spanish beside it.
const SPANISH: &str = "title = \"Help\"\n[languages.es]\ntitle = \"Ayuda\"\n";

/// A site in English and Spanish with a home page in each.
fn site() -> Site {
    with(SPANISH)
}

/// The same with other settings.
fn with(settings: &str) -> Site {
    Site::new()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("_index.es.md", "Inicio", "")
}
