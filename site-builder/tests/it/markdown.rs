//! Markdown as the dialect has it: what an editor writes, and the HTML that comes of it.

use crate::support::{CONFIG, Site};

/// The HTML of a body under `[markdown]` settings.
fn html(settings: &str, body: &str) -> String {
    Site::new()
        .file("zola.toml", &format!("{CONFIG}[markdown]\n{settings}\n"))
        .page("a.md", "A", body)
        .build_and_read("a/index.html")
}

#[test]
fn footnotes_go_to_the_bottom_in_the_order_of_their_references() {
    let body = "One[^b], two[^a], one again[^b].\n\n[^a]: The *second*.\n\n[^b]: The first.\n\n\
                [^c]: Nobody asks for this one.\n";
    assert_eq!(
        html("bottom_footnotes = true", body),
        "<p>One<sup class=\"footnote-reference\" id=\"fr-b-1\"><a href=\"#fn-b\">[1]</a></sup>, \
         two<sup class=\"footnote-reference\" id=\"fr-a-1\"><a href=\"#fn-a\">[2]</a></sup>, \
         one again<sup class=\"footnote-reference\" id=\"fr-b-2\"><a href=\"#fn-b\">[1]</a></sup>.</p>\n\
         <section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n\
         <li id=\"fn-b\">\n<p>The first. <a href=\"#fr-b-1\">↩</a> <a href=\"#fr-b-2\">↩2</a></p>\n</li>\n\
         <li id=\"fn-a\">\n<p>The <em>second</em>. <a href=\"#fr-a-1\">↩</a></p>\n</li>\n\
         </ol>\n</section>\n"
    );
    let alone = html("bottom_footnotes = true", "No notes.\n\n[^a]: But this.\n");
    assert_eq!(alone, "<p>No notes.</p>\n");
}

#[test]
fn a_footnote_may_end_in_a_list_or_hold_a_heading() {
    let html = html(
        "bottom_footnotes = true",
        "Text[^a][^b].\n\n[^a]:\n    - one\n\n[^b]: ## Heading\n",
    );
    assert!(
        html.contains("<li>one</li>\n</ul>\n <a href=\"#fr-a-1\">↩</a></li>"),
        "{html}"
    );
    assert!(
        html.contains("<li id=\"fn-b\"><h2 id=\"heading\">Heading</h2>"),
        "{html}"
    );
}

#[test]
fn a_summary_has_no_footnotes_wherever_they_are_shown() {
    for settings in ["", "bottom_footnotes = true"] {
        let summary = Site::new()
            .file("templates/page.html", "{{ page.summary | safe }}")
            .file("zola.toml", &format!("{CONFIG}[markdown]\n{settings}\n"))
            .page(
                "a.md",
                "A",
                "Up<sup>2</sup>[^1].\n\n<!-- more -->\n\n[^1]: Note.\n",
            )
            .build_and_read("a/index.html");
        assert_eq!(summary, "<p>Up<sup>2</sup>.</p>");
    }
}

#[test]
fn emoji_have_names_but_not_in_code() {
    let body = "# Hi :wave:\n\n:+1: `:wave:` ![:wave:](/a.png)\n\n```\n:wave:\n```\n";
    let site = Site::new()
        .file("static/a.png", "")
        .page("a.md", "A", body)
        .file(
            "zola.toml",
            &format!("{CONFIG}[markdown]\nrender_emoji = true\n"),
        );
    assert_eq!(
        site.build().clean().text("a/index.html"),
        "<h1 id=\"hi-wave\">Hi 👋</h1>\n<p>👍 <code>:wave:</code> <img src=\"/a.png\" alt=\"👋\" /></p>\n\
         <pre><code>:wave:\n</code></pre>\n"
    );
    let plain = site.file("zola.toml", CONFIG).build().clean();
    assert!(plain.text("a/index.html").contains("<p>:+1:"));
}

#[test]
fn an_image_has_the_plain_text_between_its_brackets() {
    let body = "![*A* map\nof `B` & \"C\"](/a.png \"T\")";
    let site = Site::new().file("static/a.png", "").page("a.md", "A", body);
    assert_eq!(
        site.build().clean().text("a/index.html"),
        "<p><img src=\"/a.png\" alt=\"A map of B &amp; &quot;C&quot;\" title=\"T\" /></p>\n"
    );
    let lazy = site.file(
        "zola.toml",
        &format!("{CONFIG}[markdown]\nlazy_async_image = true\n"),
    );
    assert_eq!(
        lazy.build().clean().text("a/index.html"),
        "<p><img src=\"/a.png\" alt=\"A map of B &amp; &quot;C&quot;\" title=\"T\" \
         loading=\"lazy\" decoding=\"async\" /></p>\n"
    );
}

#[test]
fn an_address_is_escaped_alike_in_every_link() {
    let to = "https://example.com/[a]|é?b=^";
    let escaped = "https://example.com/%5Ba%5D%7C%C3%A9?b=^";
    let marked = html("", &format!("[x](<{to}>)"));
    assert_eq!(
        marked,
        format!("<p><a rel=\"external\" href=\"{escaped}\">x</a></p>\n")
    );
    let plain = html("external_links_external = false", &format!("[x](<{to}>)"));
    assert_eq!(plain, format!("<p><a href=\"{escaped}\">x</a></p>\n"));
}

#[test]
fn a_link_to_a_file_with_a_space_in_its_name_is_escaped() {
    let built = Site::new()
        .page("some page.md", "Some", "")
        .page("a.md", "A", "[x](@/some%20page.md#top)")
        .page("some page.md", "Some", "# Top")
        .build()
        .clean();
    assert!(
        built
            .text("a/index.html")
            .contains("href=\"https://help.example.org/some-page/#top\"")
    );
}

#[test]
fn coloured_code_is_declined_in_words() {
    let built = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[markdown.highlighting]\ntheme = \"x\"\n"),
        )
        .page("a.md", "A", "```rust\nfn main() {}\n```\n")
        .build();
    assert_eq!(built.places(), ["zola.toml:2:1 no-effect"]);
    assert_eq!(
        built.text("a/index.html"),
        "<pre><code class=\"language-rust\">fn main() {}\n</code></pre>\n"
    );
}

#[test]
fn the_language_of_code_is_the_first_word_that_is_none_about_lines() {
    let code = |info: &str| html("", &format!("```{info}\nx\n```\n"));
    let rust = "<pre><code class=\"language-rust\">x\n</code></pre>\n";
    assert_eq!(code("rust"), rust);
    assert_eq!(code("rust,linenos,hl_lines=1-2 4"), rust);
    assert_eq!(code("linenos, rust"), rust);
    assert_eq!(code("linenos"), "<pre><code>x\n</code></pre>\n");
}

#[test]
fn the_place_where_a_summary_ends_can_be_linked_to() {
    assert_eq!(
        html("", "One.\n\n<!-- more -->\n\n## Two\n"),
        "<p>One.</p>\n<span id=\"continue-reading\"></span><h2 id=\"two\">Two</h2>\n"
    );
}

#[test]
fn words_on_the_line_of_the_marker_are_not_lost() {
    let built = Site::new()
        .file(
            "templates/page.html",
            "{{ page.summary | safe }}|{{ page.content | safe }}",
        )
        .page("a.md", "A", "One.\n\n<!-- More --> two\n\nthree\n")
        .build_and_read("a/index.html");
    assert_eq!(
        built,
        "<p>One.</p>|<p>One.</p>\n<span id=\"continue-reading\"></span> two\n<p>three</p>\n"
    );
}

#[test]
fn a_link_with_a_query_only_leads_to_its_own_page() {
    assert_eq!(
        html("", "[x](?a=1)"),
        "<p><a href=\"https://help.example.org/a/?a=1\">x</a></p>\n"
    );
}
