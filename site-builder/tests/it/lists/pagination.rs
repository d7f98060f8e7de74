//! Pagers of sections and terms: their addresses, their pages, and what they know of each other.

use super::{front, site};
use crate::support::Site;

const PAGER: &str = "{{ current_path }} {{ current_url }} {{ paginator.current_index }}/{{ paginator.number_pagers }} \
    by {{ paginator.paginate_by }} of {{ paginator.total_pages }}:{% for page in paginator.pages %} {{ page.slug }}{% endfor %} \
    {{ paginator.first }} {{ paginator.previous or '-' }} {{ paginator.next or '-' }} {{ paginator.last }} {{ paginator.base_url }}";

/// A section with pages `a` to `e`, one that is not rendered, and these lines of front matter.
fn section(lines: &str) -> Site {
    let site = site("").file("templates/section.html", PAGER).file(
        "content/s/_index.md",
        &front(&format!("sort_by = \"slug\"\n{lines}")),
    );
    let site = site.file("content/s/aa.md", &front("render = false"));
    ["a", "b", "c", "d", "e"].iter().fold(site, |site, name| {
        site.file(&format!("content/s/{name}.md"), &front(""))
    })
}

#[test]
fn a_section_is_cut_into_pagers() {
    let built = section("paginate_by = 2").build().clean();
    let url = "https://help.example.org/s/";
    assert_eq!(
        built.text("s/index.html"),
        format!("/s/ {url} 1/3 by 2 of 5: a b {url} - {url}page/2/ {url}page/3/ {url}page/")
    );
    assert_eq!(
        built.text("s/page/2/index.html"),
        format!(
            "/s/page/2/ {url}page/2/ 2/3 by 2 of 5: c d {url} {url} {url}page/3/ {url}page/3/ {url}page/"
        )
    );
    assert_eq!(
        built.text("s/page/3/index.html"),
        format!(
            "/s/page/3/ {url}page/3/ 3/3 by 2 of 5: e {url} {url}page/2/ - {url}page/3/ {url}page/"
        )
    );
    assert!(!built.has("s/page/4"));
    let redirect = built.text("s/page/1/index.html");
    assert!(redirect.contains(&format!("url={url}\"")), "{redirect}");
    assert_eq!(built.report.pages, 7, "two sections and five pages");
}

#[test]
fn the_order_and_the_path_are_the_sections_own() {
    let built = section("paginate_by = 4\npaginate_reversed = true\npaginate_path = \"/part/\"")
        .build()
        .clean();
    assert!(built.text("s/index.html").contains(" e d c b "));
    assert!(built.text("s/part/2/index.html").contains(" a "));
    let built = section("paginate_by = 4\npaginate_path = \"\"")
        .build()
        .clean();
    assert!(built.text("s/2/index.html").starts_with("/s/2/ "));
    assert!(built.has("s/1/index.html"));
}

#[test]
fn nought_cuts_nothing_and_a_section_that_is_not_shown_has_no_pager() {
    let plain = "{{ paginator is defined }} {{ section.pages | length }} {{ section.paginate_by or 'none' }}";
    let site = section("paginate_by = 0").file("templates/section.html", plain);
    assert_eq!(site.build_and_read("s/index.html"), "false 5 none");
    let built = section("paginate_by = 2\nrender = false").build().clean();
    assert!(!built.has("s/page") && !built.has("s/index.html"));
}

#[test]
fn the_home_page_can_be_cut_and_an_empty_list_has_one_pager() {
    let built = site("")
        .file("templates/index.html", PAGER)
        .file("templates/section.html", PAGER)
        .file("content/_index.md", &front("paginate_by = 1"))
        .file("content/a.md", &front(""))
        .file("content/b.md", &front(""))
        .file("content/s/_index.md", &front("paginate_by = 3"))
        .build()
        .clean();
    let url = "https://help.example.org/";
    assert_eq!(
        built.text("page/2/index.html"),
        format!("/page/2/ {url}page/2/ 2/2 by 1 of 2: b {url} {url} - {url}page/2/ {url}page/")
    );
    assert!(built.text("s/index.html").contains(" 1/1 by 3 of 0: "));
    assert!(built.has("s/page/1/index.html") && !built.has("s/page/2"));
}

#[test]
fn pages_of_a_transparent_section_are_cut_with_its_parents() {
    let built = section("paginate_by = 4")
        .file(
            "content/s/t/_index.md",
            &front("transparent = true\ntemplate = \"plain.html\""),
        )
        .file("content/s/t/bb.md", &front(""))
        .file("templates/plain.html", "")
        .build()
        .clean();
    assert!(built.text("s/index.html").contains(" a b bb c "));
    assert!(built.text("s/page/2/index.html").contains(" d e "));
}

#[test]
fn terms_are_cut_as_the_taxonomy_says() {
    let tag = |date: &str| front(&format!("date = {date}\ntaxonomies.tags = [\"x y\"]"));
    let settings =
        "taxonomies = [{ name = \"tags\", paginate_by = 2, paginate_path = \"part\" }]\n";
    let built = site(settings)
        .file("templates/tags/list.html", "{{ paginator is defined }}")
        .file(
            "templates/tags/single.html",
            &format!("{{{{ term.name }}}} {PAGER}"),
        )
        .file("content/a.md", &tag("2026-01-01"))
        .file("content/b.md", &tag("2026-01-02"))
        .file("content/c.md", &tag("2026-01-02"))
        .build()
        .clean();
    let url = "https://help.example.org/tags/x-y/";
    assert_eq!(
        built.text("tags/x-y/index.html"),
        format!(
            "x y /tags/x-y/ {url} 1/2 by 2 of 3: b c {url} - {url}part/2/ {url}part/2/ {url}part/"
        )
    );
    assert_eq!(
        built.text("tags/x-y/part/2/index.html"),
        format!(
            "x y /tags/x-y/part/2/ {url}part/2/ 2/2 by 2 of 3: a {url} {url} - {url}part/2/ {url}part/"
        )
    );
    assert!(built.text("tags/x-y/part/1/index.html").contains(url));
    assert_eq!(built.text("tags/index.html"), "false");
}

#[test]
fn a_page_at_a_pagers_address_is_a_finding() {
    let built = section("paginate_by = 2")
        .file("content/mine.md", &front("path = \"s/page/2\""))
        .build();
    assert_eq!(built.places(), ["content/mine.md:1:1 same-address"]);
}

#[test]
fn a_broken_link_in_the_section_is_told_once_for_all_its_pagers() {
    let built = section("paginate_by = 2")
        .file("templates/section.html", "{{ section.content | safe }}")
        .file(
            "content/s/_index.md",
            &format!("{}[x](/none/)\n", front("paginate_by = 2")),
        )
        .build();
    assert_eq!(built.places(), ["content/s/_index.md:5:5 broken-link"]);
}
