//! What the sitemap says of lists, and when there are several.

use std::fmt::Write as _;

use site_builder::Mode;

use super::{front, site};
use crate::support::Site;

const PLAIN: &str = "{% for entry in entries %}{{ entry.permalink }} {{ entry.updated or '-' }} {{ entry.extra.n | default(value='-') }}\n{% endfor %}";

fn lists(settings: &str) -> Site {
    let page = |date: &str| {
        front(&format!(
            "{date}\ntaxonomies.tags = [\"x\"]\ntaxonomies.hidden = [\"x\"]"
        ))
    };
    site(&format!(
        "{settings}taxonomies = [{{ name = \"tags\", paginate_by = 1 }}, {{ name = \"none\" }}, {{ name = \"hidden\", render = false }}]\n"
    ))
    .file("templates/sitemap.xml", PLAIN)
    .file("templates/taxonomy_list.html", "")
    .file("templates/taxonomy_single.html", "")
    .file(
        "content/s/_index.md",
        &front("paginate_by = 1\n[extra]\nn = 7"),
    )
    .file("content/s/hidden.md", &front("render = false"))
    .file("content/s/a.md", &page("date = 2026-01-01"))
    .file(
        "content/s/b.md",
        &page("date = 2026-01-01\nupdated = 2026-02-01"),
    )
}

#[test]
fn lists_and_their_pagers_are_in_the_sitemap() {
    let entries = "\
        / - -\n\
        /s/ - 7\n\
        /s/a/ 2026-01-01 -\n\
        /s/b/ 2026-02-01 -\n\
        /s/page/1/ - -\n\
        /s/page/2/ - -\n\
        /tags/ - -\n\
        /tags/x/ - -\n\
        /tags/x/page/1/ - -\n\
        /tags/x/page/2/ - -\n";
    let short = |text: String| text.replace("https://help.example.org", "");
    assert_eq!(short(lists("").build_and_read("sitemap.xml")), entries);
    let without: String = entries
        .split_inclusive('\n')
        .filter(|line| !line.contains("page"))
        .collect();
    let built =
        lists("exclude_paginated_pages_in_sitemap = \"all\"\n").build_and_read("sitemap.xml");
    assert_eq!(short(built), without);
}

/// Only checked, since writing so many files takes long: the templates hand over what they are given
/// as a finding.
#[test]
fn a_long_sitemap_is_split() {
    let thrown = |terms: usize| {
        let mut list = String::new();
        for term in 0..terms {
            let _ = write!(list, "\"{term:05}\",");
        }
        site("taxonomies = [{ name = \"t\" }]\n")
            .file("templates/taxonomy_list.html", "")
            .file("templates/taxonomy_single.html", "")
            .file(
                "templates/sitemap.xml",
                "{% if entries | length < 30000 %}{{ throw(message=entries[0].permalink) }}{% endif %}",
            )
            .file(
                "templates/split_sitemap_index.xml",
                "{% set index %}{% include \"builtin/split_sitemap_index.xml\" %}{% endset %}\
                 {{ throw(message=index | replace(from='\\n', to='')) }}",
            )
            .file(
                "content/a.md",
                &front(&format!("taxonomies.t = [{list}]")),
            )
            .with(|options| options.mode = Mode::Check)
            .build()
            .findings()
    };
    // The home page, the page and the taxonomy are entries too.
    let findings = thrown(29_998);
    let base = "https://help.example.org";
    for words in [
        format!(
            "<sitemap><loc>{base}/sitemap1.xml</loc></sitemap>\
             <sitemap><loc>{base}/sitemap2.xml</loc></sitemap></sitemapindex>"
        ),
        format!("error: {base}/t/29997/."),
        "It shows when sitemap2.xml is rendered.".to_owned(),
    ] {
        assert!(findings.contains(&words), "{words}: {findings}");
    }
    let findings = thrown(29_997);
    assert!(findings.contains("sitemap1.xml") && !findings.contains("sitemap2.xml"));
}
