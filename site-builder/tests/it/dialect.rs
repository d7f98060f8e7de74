//! Single rules of the dialect, each on the smallest site that shows it. Whole pages are in
//! `fixtures/`.

use crate::support::{CONFIG, Site};

#[test]
fn drafts_are_left_out_with_all_that_lies_below_them() {
    let site = Site::new()
        .file(
            "content/s/_index.md",
            "+++\ntitle = \"S\"\ndraft = true\n+++\n",
        )
        .page("s/a.md", "A", "")
        .page("sa.md", "Not below", "")
        .file("content/d.md", "+++\ntitle = \"D\"\ndraft = true\n+++\n");
    let built = site.build().clean();
    assert!(built.has("sa/index.html"));
    assert!(!built.has("s") && !built.has("d"));
    let built = site.with(|options| options.drafts = true).build().clean();
    assert!(built.has("s/a/index.html") && built.has("d/index.html"));
}

#[test]
fn pages_sort_by_each_key_and_ties_by_address() {
    let list = "{% for page in section.pages %}{{ page.slug }} {% endfor %}";
    let order = |sort_by: &str| {
        let page = |title: &str, date: &str, weight: u8| {
            format!("+++\ntitle = \"{title}\"\ndate = {date}\nweight = {weight}\n+++\n")
        };
        let updated =
            "+++\ntitle = \"b\"\ndate = 2026-01-01\nupdated = 2026-03-01\nweight = 1\n+++\n";
        Site::new()
            .file("templates/section.html", list)
            .file(
                "content/s/_index.md",
                &format!("+++\ntitle = \"S\"\nsort_by = \"{sort_by}\"\n+++\n"),
            )
            .file("content/s/one.md", &page("Step 10", "2026-02-01", 2))
            .file(
                "content/s/two.md",
                &page("step 9", "2026-02-01T10:00:00Z", 1),
            )
            .file("content/s/abc.md", updated)
            .build_and_read("s/index.html")
    };
    assert_eq!(order("weight"), "abc two one ");
    assert_eq!(order("title"), "abc two one ");
    assert_eq!(order("title_bytes"), "one abc two ");
    assert_eq!(order("date"), "two one abc ");
    assert_eq!(order("update_date"), "abc two one ");
    assert_eq!(order("slug"), "abc one two ");
    assert_eq!(order("permalink"), "abc one two ");
    assert_eq!(order("none"), "abc one two ");
}

#[test]
fn neighbours_follow_the_order_of_the_section() {
    let site = Site::new()
        .file(
            "templates/page.html",
            "{{ page.lower.slug | default(value=\"-\") }} {{ page.higher.slug | default(value=\"-\") }}",
        )
        .file(
            "templates/section.html",
            "{% for page in section.pages %}{{ page.slug }}>{{ page.higher.slug | default(value=\"-\") }} {% endfor %}",
        )
        .file("content/s/_index.md", "+++\ntitle = \"S\"\nsort_by = \"weight\"\n+++\n");
    let site = [("a", 3), ("b", 1), ("c", 2)]
        .iter()
        .fold(site, |site, (name, weight)| {
            let text = format!("+++\ntitle = \"{name}\"\nweight = {weight}\n+++\n");
            site.file(&format!("content/s/{name}.md"), &text)
        });
    let built = site.build().clean();
    assert_eq!(built.text("s/b/index.html"), "- c");
    assert_eq!(built.text("s/c/index.html"), "b a");
    assert_eq!(built.text("s/a/index.html"), "c -");
    assert_eq!(built.text("s/index.html"), "b>c c>a a>- ");
}

#[test]
fn a_page_that_is_not_rendered_is_on_no_list() {
    let page = |lines: &str| format!("+++\ntitle = \"T\"\n{lines}\n+++\n");
    let built = Site::new()
        .file(
            "templates/section.html",
            "{% for page in section.pages %}{{ page.slug }} {% endfor %}",
        )
        .file(
            "templates/page.html",
            "{{ page.higher.slug | default(value=\"-\") }}",
        )
        .file("content/s/_index.md", &page("sort_by = \"slug\""))
        .file("content/s/a.md", &page(""))
        .file("content/s/b.md", &page("render = false"))
        .file("content/s/c.md", &page(""))
        .build()
        .clean();
    assert_eq!(built.text("s/index.html"), "a c ");
    assert_eq!(built.text("s/a/index.html"), "c");
}

#[test]
fn pages_of_a_transparent_section_are_its_parents_as_well() {
    let front = |lines: &str| format!("+++\ntitle = \"T\"\n{lines}\n+++\n");
    let transparent = front("transparent = true\nsort_by = \"slug\"");
    let built = Site::new()
        .file(
            "templates/section.html",
            "{% for page in section.pages %}{{ page.slug }} {% endfor %}",
        )
        .file(
            "templates/own.html",
            "{{ page.ancestors | join(sep=\" \") }}: {{ page.lower.slug | default(value=\"-\") }} {{ page.higher.slug | default(value=\"-\") }}",
        )
        .file("content/s/_index.md", &front("sort_by = \"slug\""))
        .file("content/s/a.md", &front("template = \"own.html\""))
        .file("content/s/t/_index.md", &transparent)
        .file(
            "content/s/t/u/_index.md",
            &transparent.replace("sort_by", "page_template = \"own.html\"\nsort_by"),
        )
        .file("content/s/t/u/b.md", &front(""))
        .file("content/s/t/c.md", &front(""))
        .build()
        .clean();
    assert_eq!(built.text("s/index.html"), "a b c ");
    assert_eq!(built.text("s/t/index.html"), "b c ");
    assert_eq!(built.text("s/t/u/index.html"), "b ");
    assert_eq!(built.text("index.html"), "");
    assert_eq!(
        built.text("s/t/u/b/index.html"),
        "_index.md s/_index.md: a c"
    );
    assert_eq!(built.text("s/a/index.html"), "_index.md s/_index.md: - b");
}

#[test]
fn the_nearest_page_template_applies() {
    let section = |extra: &str| format!("+++\ntitle = \"S\"\n{extra}+++\n");
    let site = Site::new()
        .file("templates/one.html", "one")
        .file("templates/two.html", "two")
        .file("templates/own.html", "own")
        .file(
            "content/s/_index.md",
            &section("page_template = \"one.html\"\n"),
        )
        .file("content/s/t/_index.md", &section(""))
        .file(
            "content/s/t/u/_index.md",
            &section("page_template = \"two.html\"\n"),
        )
        .page("s/t/a.md", "A", "")
        .page("s/t/u/b.md", "B", "")
        .file(
            "content/s/t/u/c.md",
            "+++\ntitle = \"C\"\ntemplate = \"own.html\"\n+++\n",
        );
    let built = site.build().clean();
    assert_eq!(built.text("s/t/a/index.html"), "one");
    assert_eq!(built.text("s/t/u/b/index.html"), "two");
    assert_eq!(built.text("s/t/u/c/index.html"), "own");
}

#[test]
fn templates_come_from_the_site_then_the_theme_then_the_builder() {
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}theme = \"t\"\n"))
        .file(
            "themes/t/templates/base.html",
            "theme:{% block b %}{% endblock b %}",
        )
        .file(
            "themes/t/templates/page.html",
            "{% extends \"base.html\" %}{% block b %}page{% endblock b %}",
        )
        .page("a.md", "A", "")
        .without("templates/page.html");
    assert_eq!(site.build().clean().text("a/index.html"), "theme:page");
    let site = site.file("templates/base.html", "site:{% block b %}{% endblock b %}");
    assert_eq!(site.build().clean().text("a/index.html"), "site:page");
    let site = site.file(
        "templates/page.html",
        "{% extends \"t/templates/page.html\" %}{% block b %}more than {{ super() }}{% endblock b %}",
    );
    assert_eq!(
        site.build().clean().text("a/index.html"),
        "site:more than page"
    );
}

#[test]
fn external_links_are_marked_as_set_and_own_ones_are_not() {
    let body = "[a](https://example.com/?a=1&b=2 \"T\") [b](https://help.example.org/)";
    let site = Site::new().page("a.md", "A", body).file(
        "zola.toml",
        &format!(
            "{CONFIG}[markdown]\nexternal_links_class = \"out\"\nexternal_links_target_blank = true\n\
             external_links_no_follow = true\nexternal_links_no_referrer = true\n"
        ),
    );
    assert_eq!(
        site.build().clean().text("a/index.html"),
        "<p><a class=\"out\" rel=\"noopener nofollow noreferrer external\" target=\"_blank\" \
         title=\"T\" href=\"https://example.com/?a=1&amp;b=2\">a</a> \
         <a href=\"https://help.example.org/\">b</a></p>\n"
    );
    let plain = format!("{CONFIG}[markdown]\nexternal_links_external = false\n");
    let built = site.file("zola.toml", &plain).build().clean();
    assert!(
        built
            .text("a/index.html")
            .starts_with("<p><a href=\"https://example.com")
    );
}

#[test]
fn an_address_that_only_starts_like_the_sites_own_is_external() {
    let html = Site::new()
        .page("a.md", "A", "[a](https://help.example.org.example.com/x)")
        .build_and_read("a/index.html");
    assert!(html.contains("rel=\"external\""), "{html}");
}

#[test]
fn heading_ids_are_unique_and_written_ones_come_first() {
    let body = "# A\n\n# A\n\n# B {#a-1}\n\n# ???\n\n# `Code` & *more*\n";
    let html = Site::new()
        .page("a.md", "A", body)
        .build_and_read("a/index.html");
    let ids: Vec<_> = html
        .split("id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(ids, ["a", "a-2", "a-1", "section", "code-more"]);
}

#[test]
fn anchor_links_go_where_the_section_says() {
    let page = |place: &str| {
        Site::new()
            .file(
                "templates/anchor-link.html",
                "<a href=\"#{{ id }}\">{{ level }}</a>",
            )
            .file(
                "content/_index.md",
                &format!("+++\ntitle = \"H\"\ninsert_anchor_links = \"{place}\"\n+++\n"),
            )
            .page("a.md", "A", "## T\n")
            .build_and_read("a/index.html")
    };
    assert_eq!(page("none"), "<h2 id=\"t\">T</h2>\n");
    assert_eq!(page("left"), "<h2 id=\"t\"><a href=\"#t\">2</a>T</h2>\n");
    assert_eq!(page("right"), "<h2 id=\"t\">T<a href=\"#t\">2</a></h2>\n");
    assert_eq!(page("heading"), "<h2 id=\"t\"><a href=\"#t\">T</a></h2>\n");
}

#[test]
fn content_is_a_template_unless_told_otherwise() {
    let site = Site::new()
        .file(
            "templates/components.html",
            "{% component who(name: string) %}<b>{{ name }}</b>{% endcomponent who %}",
        )
        .page(
            "a.md",
            "A",
            "{{ <who name={page.title} /> }} {# unseen #}\n",
        )
        .page("only-a-comment.md", "C", "Seen. {# unseen #}\n")
        .page("plain/_index.md", "P", "")
        .page("plain/b.md", "B", "{{ not touched }}\n");
    let site = site.file(
        "zola.toml",
        &format!("{CONFIG}skip_content_templating = [\"plain/*\"]\n"),
    );
    let built = site.build().clean();
    assert_eq!(built.text("a/index.html"), "<p><b>A</b></p>\n");
    assert_eq!(built.text("only-a-comment/index.html"), "<p>Seen.</p>\n");
    assert_eq!(
        built.text("plain/b/index.html"),
        "<p>{{ not touched }}</p>\n"
    );
}

#[test]
fn links_in_html_and_srcset_are_followed_too() {
    let site = Site::new().page(
        "a.md",
        "A",
        "<a href=\"/gone/\">x</a>\n\n<img src=\"/no.png\" srcset=\"/no-2.png 2x\" alt=\"\">\n",
    );
    assert_eq!(
        site.build().places(),
        [
            "content/a.md:1:1 broken-link",
            "content/a.md:4:9 broken-link",
            "content/a.md:6:10 broken-link",
        ]
    );
}

#[test]
fn internal_level_makes_broken_links_warnings() {
    let site = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[link_checker]\ninternal_level = \"warn\"\n"),
        )
        .page("a.md", "A", "[x](@/none.md) [y](/none/)\n");
    let built = site.build();
    assert_eq!(built.places().len(), 2);
    assert!(built.report.written.is_some(), "{}", built.findings());
}

#[test]
fn an_ignored_file_is_neither_page_nor_asset() {
    let site = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}ignored_content = [\"**/*.psd\", \"README.md\"]\n"),
        )
        .file("content/README.md", "No front matter.")
        .file("content/_index.md", "+++\ntitle = \"H\"\n+++\n")
        .file("content/a.psd", "x")
        .file("content/a.txt", "x");
    let built = site.build().clean();
    assert!(built.has("a.txt") && !built.has("a.psd") && !built.has("readme"));
}

#[test]
fn settings_about_copied_files_hold() {
    let settings = "output_dir = \"dist\"\nignored_static = [\"**/*.psd\"]\n\
        hard_link_static = true\npreserve_dotfiles_in_output = true\n";
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("static/a.psd", "x")
        .file("static/deep/b.psd", "x")
        .file("static/.well-known/c.txt", "x")
        .file("dist/.git/HEAD", "somebody's")
        .with(|options| options.output = None);
    site.build().clean();
    let has = |path| site.root().join("dist").join(path).exists();
    assert!(has(".well-known/c.txt") && has("index.html"));
    assert!(has(".git/HEAD"), "a file of others is gone");
    assert!(!has("a.psd") && !has("deep/b.psd"));
    let site = site.file("zola.toml", &format!("{CONFIG}hard_link_static = 1\n"));
    assert_eq!(site.build().places(), ["zola.toml:2:20 wrong-type"]);
}

#[test]
fn a_base_of_one_slash_makes_links_from_the_root() {
    let site = Site::new()
        .page("a.md", "A", "[home](@/_index.md) [here](#h)\n\n# H\n")
        .with(|options| options.base_url = Some("/".into()));
    let html = site.build_and_read("a/index.html");
    assert!(
        html.contains("href=\"/\"") && html.contains("href=\"/a/#h\""),
        "{html}"
    );
}

#[test]
fn long_numbers_in_titles_are_sorted_and_no_fault() {
    let list = "{% for page in section.pages %}{{ page.title }} {% endfor %}";
    let site = Site::new()
        .file("templates/section.html", list)
        .file(
            "content/s/_index.md",
            "+++\ntitle = \"S\"\nsort_by = \"title\"\n+++\n",
        )
        .page("s/a.md", "Ref-99999999999999999999", "")
        .page("s/b.md", "Ref-7", "");
    assert_eq!(
        site.build_and_read("s/index.html"),
        "Ref-7 Ref-99999999999999999999 "
    );
}

#[test]
fn a_link_to_a_file_with_a_space_is_a_backlink() {
    let links = "{% for link in page.backlinks %}{{ link.title }}{% endfor %}";
    let site = Site::new()
        .file("templates/page.html", links)
        .page("a page.md", "A", "")
        .page("b.md", "B", "[a](@/a%20page.md)");
    assert_eq!(site.build_and_read("a-page/index.html"), "B");
}
