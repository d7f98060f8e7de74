//! Lists beyond sections, each rule on the smallest site that shows it: taxonomies, pagination,
//! feeds, and what the sitemap says of them.

mod feeds;
mod pagination;
mod sitemap;
mod taxonomies;

use crate::support::Site;

/// A site whose settings go on with these lines.
fn site(settings: &str) -> Site {
    Site::new().file(
        "zola.toml",
        &format!("{}{settings}", crate::support::CONFIG),
    )
}

/// Front matter of these lines, with a title.
fn front(lines: &str) -> String {
    format!("+++\ntitle = \"T\"\n{lines}\n+++\n")
}
