//! What a template sees of pages, sections and settings.

use crate::support::{CONFIG, Site};

#[test]
fn files_beside_a_page_are_named_from_the_content_folder_and_those_of_a_section_from_its_address() {
    let show = |name: &str| {
        format!(
            "{{% for file in {name}.assets %}}{{{{ file }}}} {{% endfor %}}\
             {{{{ {name}.colocated_path or \"none\" }}}}"
        )
    };
    let built = Site::new()
        .file("templates/page.html", &show("page"))
        .file("templates/section.html", &show("section"))
        .page("Help/_index.md", "Help", "")
        .page("Help/A Page/index.md", "A page", "")
        .file("content/Help/map.txt", "")
        .file("content/Help/A Page/b.txt", "")
        .file("content/Help/A Page/C.txt", "")
        .file("content/Help/A Page/a/d.txt", "")
        .build()
        .clean();
    assert_eq!(built.text("Help/index.html"), "/Help/map.txt none");
    assert_eq!(
        built.text("Help/a-page/index.html"),
        "/Help/A Page/a/d.txt /Help/A Page/b.txt /Help/A Page/C.txt Help/A Page/"
    );
    assert!(built.has("Help/a-page/a/d.txt"));
}

#[test]
fn a_page_without_a_file_is_on_no_list_but_can_be_asked_for() {
    let built = Site::new()
        .file(
            "templates/section.html",
            "{% for page in section.pages %}{{ page.title }} {% endfor %}\
             {% set page = get_page(path=\"s/hidden.md\") %}{{ page.title }}",
        )
        .page("s/_index.md", "S", "")
        .page("s/a.md", "A", "")
        .file(
            "content/s/hidden.md",
            "+++\ntitle = \"Hidden\"\nrender = false\n+++\n",
        )
        .build()
        .clean();
    assert_eq!(built.text("s/index.html"), "A Hidden");
    assert!(!built.has("s/hidden/index.html"));
}

#[test]
fn markdown_settings_are_there_with_their_defaults() {
    let text = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[markdown]\nrender_emoji = true\n"),
        )
        .file(
            "templates/index.html",
            "{{ config.markdown.render_emoji }} {{ config.markdown.bottom_footnotes }} \
             {{ config.markdown.external_links_external }} {{ config.markdown.insert_anchor_links }}",
        )
        .build_and_read("index.html");
    assert_eq!(text, "true false true none");
}

#[test]
fn a_dated_name_gives_a_date_even_when_it_stays_in_the_address() {
    let show = "{{ page.date }} {{ page.path }}";
    let site =
        Site::new()
            .file("templates/page.html", show)
            .page("2026-11-25-hello.md", "Hello", "");
    let built = site.build().clean();
    assert_eq!(built.text("hello/index.html"), "2026-11-25 /hello/");
    let keep = format!("{CONFIG}[slugify]\npaths_keep_dates = true\n");
    let built = site.file("zola.toml", &keep).build().clean();
    assert_eq!(
        built.text("2026-11-25-hello/index.html"),
        "2026-11-25 /2026-11-25-hello/"
    );
}

#[test]
fn pages_of_one_weight_are_in_the_order_of_their_addresses() {
    let page = |slug: &str| format!("+++\ntitle = \"T\"\nweight = 1\nslug = \"{slug}\"\n+++\n");
    let list = Site::new()
        .file(
            "templates/section.html",
            "{% for page in section.pages %}{{ page.slug }} {% endfor %}",
        )
        .file(
            "content/s/_index.md",
            "+++\ntitle = \"S\"\nsort_by = \"weight\"\n+++\n",
        )
        .file("content/s/a.md", &page("z"))
        .file("content/s/b.md", &page("y"))
        .build_and_read("s/index.html");
    assert_eq!(list, "y z ");
}

#[test]
fn a_file_belongs_to_every_page_whose_folder_it_is_in() {
    let built = Site::new()
        .page("a/_index.md", "Section", "")
        .file(
            "content/a/index.md",
            "+++\ntitle = \"Page\"\npath = \"apart\"\n+++\n",
        )
        .page("a/b/index.md", "Inner", "")
        .file("content/a/one.txt", "")
        .file("content/a/b/two.txt", "")
        .build()
        .clean();
    for file in [
        "a/one.txt",
        "apart/one.txt",
        "apart/b/two.txt",
        "a/b/two.txt",
    ] {
        assert!(built.has(file), "{file}");
    }
    assert!(!built.has("a/two.txt"));
}

#[test]
fn an_ignored_file_may_be_named_from_the_root_of_the_site() {
    let built = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}ignored_content = [\"*/notes.md\", \"s/*.txt\"]\n"),
        )
        .page("notes.md", "Notes", "")
        .page("s/_index.md", "S", "")
        .page("s/notes.md", "Notes", "")
        .file("content/s/a.txt", "")
        .build()
        .clean();
    assert!(built.has("s/index.html"));
    assert!(!built.has("notes/index.html") && !built.has("s/notes/index.html"));
    assert!(!built.has("s/a.txt"));
}

#[test]
fn a_date_may_stand_in_quotes() {
    let text = Site::new()
        .file("templates/page.html", "{{ page.date }} {{ page.year }}")
        .file(
            "content/a.md",
            "+++\ntitle = \"A\"\ndate = \"2026-11-25T10:00:00Z\"\n+++\n",
        )
        .build_and_read("a/index.html");
    assert_eq!(text, "2026-11-25T10:00:00Z 2026");
}

#[test]
fn a_body_can_show_how_long_it_is() {
    let text = Site::new()
        .page(
            "a.md",
            "A",
            "Two words, and {{ page.word_count }}, {{ page.reading_time }}.",
        )
        .build_and_read("a/index.html");
    assert_eq!(text, "<p>Two words, and 5, 1.</p>\n");
}

#[test]
fn a_page_without_a_section_takes_no_template_from_one() {
    let built = Site::new()
        .file("templates/of-section.html", "of section")
        .file("templates/page.html", "plain {{ page.ancestors | length }}")
        .file(
            "content/_index.md",
            "+++\ntitle = \"Home\"\npage_template = \"of-section.html\"\n+++\n",
        )
        .page("a.md", "A", "")
        .file(
            "content/apart/b.md",
            "+++\ntitle = \"B\"\npath = \"b\"\n+++\n",
        )
        .build()
        .clean();
    assert_eq!(built.text("a/index.html"), "of section");
    assert_eq!(built.text("b/index.html"), "plain 0");
}

#[test]
fn the_base_url_is_seen_as_it_is_written_but_for_links_from_the_root() {
    let built_for = |base_url: &str| {
        Site::new()
            .file("zola.toml", &format!("base_url = \"{base_url}\"\n"))
            .file(
                "templates/index.html",
                "{{ config.base_url }} {{ section.permalink }}",
            )
            .build_and_read("index.html")
    };
    assert_eq!(
        built_for("https://example.org/help/"),
        "https://example.org/help/ https://example.org/help/"
    );
    assert_eq!(
        built_for("https://example.org"),
        "https://example.org https://example.org/"
    );
    assert_eq!(built_for("/"), " /");
}
