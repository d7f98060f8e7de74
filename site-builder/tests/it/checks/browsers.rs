//! What the browsers of the site's list lack, and style sheets that are no CSS.

use super::site;
use crate::support::{Built, CONFIG, Site};

const LIST: &str = "[[browsers]]\nname = \"Internet Explorer\"\noldest = \"11\"\n\
                    [[browsers]]\nname = \"Chrome\"\noldest = \"24\"\n";

/// The site, held to a list of browsers.
fn listed(more: &str) -> Site {
    let settings = format!("{CONFIG}[extra.check.browsers]\nfile = \"browsers.toml\"\n{more}");
    site()
        .file("browsers.toml", LIST)
        .file("zola.toml", &settings)
}

fn check(css: &str, more: &str) -> Built {
    listed(more).file("static/a.css", css).build()
}

#[test]
fn a_style_sheet_is_held_to_the_list() {
    let css = "a {\n  display: flex; gap: 1rem;\n}\nb { width: 9em; width: min(9em, 2rem) }\n\
               i { display: flex; gap: 2px }\n";
    let built = check(css, "");
    assert_eq!(
        built.places(),
        [
            "static/a.css:2:12 browser-css",
            "static/a.css:2:18 browser-css"
        ]
    );
    let said = built.findings();
    assert!(
        said.contains(
            "`gap` in flex boxes does not work in Internet Explorer 11 and Chrome 24, and nothing \
             stands in for it."
        ),
        "{said}"
    );
    assert!(said.contains("Also on line 5."), "{said}");
    assert!(!built.report.findings.has_errors());
    check(css, "may_lack = [\"display: flex\", \"gap\"]").clean();
}

#[test]
fn without_a_list_only_what_is_no_css_is_found() {
    let css = "a { gap: 1rem }\nb { colr red }\n";
    let built = site().file("static/a.css", css).build();
    assert_eq!(built.places(), ["static/a.css:2:5 css-syntax"]);
}

#[test]
fn a_hashed_copy_is_the_same_style_sheet_and_nothing_is_rewritten() {
    let css = "a { gap: 1rem }";
    let settings = format!(
        "{CONFIG}[extra.assets]\nhashed_names = true\n[extra.check.browsers]\nfile = \"browsers.toml\"\n"
    );
    let site = listed("")
        .file("zola.toml", &settings)
        .file("static/a.css", css)
        .file(
            "templates/page.html",
            "<h1>T</h1>{{ get_url(path='a.css', cachebust=true) }}",
        );
    let built = site.build();
    assert_eq!(built.places(), ["static/a.css:1:5 browser-css"]);
    let built = site
        .with(|options| options.mode = site_builder::Mode::Build)
        .build();
    assert_eq!(built.clean().text("a.css"), css);
}

#[test]
fn what_sass_made_is_told_of_the_file_it_was_made_from() {
    let settings =
        format!("compile_sass = true\n{CONFIG}[extra.check.browsers]\nfile = \"browsers.toml\"\n");
    let site = listed("").file("zola.toml", &settings);
    let built = site
        .file("sass/a.scss", "a {\n  b { gap: 1rem }\n}\n")
        .build();
    assert_eq!(built.places(), ["sass/a.scss:1:1 browser-css"]);
}

#[test]
fn pages_and_the_styles_in_them_are_held_to_the_list() {
    let page = "<h1>T</h1>{{ page.content | safe }}\n<dialog></dialog>\n\
                <p style=\"gap: 1rem\"></p><style>b { gap: 2rem }</style>";
    let site = listed("").file("templates/page.html", page);
    let built = site.page("a.md", "First", "<p inert>Words.</p>").build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:3 browser-html",
            "templates/page.html:2:1 browser-html",
            "templates/page.html:3:10 browser-css",
            "templates/page.html:3:26 browser-css",
        ]
    );
    let said = built.findings();
    assert!(said.contains("`<dialog>` does not work in"), "{said}");
    assert!(said.contains("It shows on /a/."), "{said}");
}

#[test]
fn a_list_that_cannot_be_read_is_a_finding() {
    let built = listed("").file(
        "browsers.toml",
        "[[browsers]]\nname = \"Crome\"\noldest = \"1\"\n",
    );
    let built = built.build();
    assert_eq!(built.places(), ["browsers.toml:2:8 browsers-file"]);
    assert!(built.findings().contains("Did you mean `Chrome`?"));
}
