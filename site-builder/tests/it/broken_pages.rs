//! A page or a file of settings that cannot be read: it is told, and nothing that only follows from it.

use std::fs;

use site_builder::Mode;

use crate::support::{CONFIG, Site};

/// A site whose other pages need everything that `content/a.md` holds.
fn site(front: &str) -> Site {
    let list = concat!(
        "<h1>{{ section.title }}</h1>{% for page in section.pages %}",
        "<a href=\"{{ page.permalink }}\">{{ page.title }}</a> {{ page.extra.owner }}",
        "{% endfor %}{{ section.content | safe }}",
    );
    let related = concat!(
        "<h1>{{ page.title }}</h1>{% for link in page.extra.related | default(value=[]) %}",
        "<a href=\"{{ get_url(path=link) }}\">More about this</a>",
        "{% endfor %}{{ page.content | safe }}",
    );
    let links = concat!(
        "[Old words](/old-a/), [a term](/tags/slow-mail/), [a part](@/a.md#part) and ",
        "[all of it](@/a.md).",
    );
    let home = format!("+++\ntitle = \"Home\"\ngenerate_feeds = true\n+++\n{links}\n");
    Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n"),
        )
        .file("templates/index.html", list)
        .file("templates/section.html", list)
        .file("templates/page.html", related)
        .file("templates/tags/list.html", "<h1>Tags</h1>")
        .file("templates/tags/single.html", "<h1>{{ term.name }}</h1>")
        .file("content/_index.md", &home)
        .file("content/a.md", front)
        .file(
            "content/b/_index.md",
            "+++\ntitle = \"B\"\nrender = false\n+++\n",
        )
        .file("content/b/c.md", "+++\ntitle = \"C\"\n+++\nText.\n")
        .file("published.txt", "/old-a/\n/a/#part\n")
        .with(|options| options.mode = Mode::Check)
}

const FRONT: &str = concat!(
    "+++\ntitle = \"A\"\ndate = 2026-11-25\naliases = [\"old-a\"]\n",
    "[taxonomies]\ntags = [\"Slow mail\"]\n[extra]\nowner = \"Kim\"\nrelated = [\"@/b/c.md\"]\n",
    "+++\n## Part\n",
);

fn places(front: &str) -> Vec<String> {
    site(front).build().places()
}

#[test]
fn the_site_is_clean_while_the_page_is_there() {
    site(FRONT).build().clean();
}

#[test]
fn what_follows_from_a_page_that_cannot_be_read_is_not_told() {
    for (right, wrong, place) in [
        ("\"A\"", "“A”", "2:9 toml-syntax"),
        ("2026-11-25", "11/25/2026", "3:8 toml-syntax"),
        ("\"old-a\"]", "\"old-a\"", "4:19 toml-syntax"),
        ("[\"Slow mail\"]", "[Slow mail]", "6:9 toml-syntax"),
        ("[extra]", "[extra", "7:7 toml-syntax"),
        ("\"Kim\"", "Kim", "8:9 toml-syntax"),
        ("[\"@/b/c.md\"]", "\"@/b/c.md\"]", "9:11 toml-syntax"),
        ("title = \"A\"", "title = 1", "2:9 wrong-type"),
        ("+++\ntitle", "title", "1:1 no-front-matter"),
        ("+++\ntitle", "---\ntitle", "1:1 front-matter-open"),
        ("+++\n## Part", "\n## Part", "1:1 front-matter-open"),
    ] {
        assert!(FRONT.contains(right), "{right}");
        let found = places(&FRONT.replacen(right, wrong, 1));
        assert_eq!(found, [format!("content/a.md:{place}")], "{wrong}");
    }
    // A letter of it excuses no dead link.
    let wrong = FRONT.replacen("\"A\"", "“A”", 1);
    let found = site(&wrong)
        .page("b/c.md", "C", "[Lost](/a/b/d/) [Old](/old-a/)")
        .build();
    assert_eq!(
        found.places(),
        [
            "content/a.md:2:9 toml-syntax",
            "content/b/c.md:4:8 broken-link"
        ]
    );
    // The same without the page.
    let site = site(FRONT).without("content/a.md");
    let found = site.build().places();
    for code in ["broken-link", "orphan-page", "address-gone", "empty-feed"] {
        let is_told = found.iter().any(|place| place.ends_with(code));
        assert!(is_told, "{code} {found:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_may_not_be_read_is_not_dead() {
    use std::os::unix::fs::PermissionsExt as _;

    let site = site(FRONT);
    let file = site.root().join("content/a.md");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        // Whoever runs this may read anything.
        return;
    }
    let found = site.build().places();
    assert!(
        found.contains(&"content/a.md:1:1 unreadable".to_owned()),
        "{found:?}"
    );
    let is_dead = |place: &String| place.starts_with("content/_index.md:6:8");
    assert!(!found.iter().any(is_dead), "{found:?}");
}

#[test]
fn after_a_slip_in_the_settings_nothing_else_is_told() {
    let settings =
        format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n[extra]\nphone = 555-0100\n");
    let built = site(FRONT)
        .file("zola.toml", &settings)
        .file(
            "templates/page.html",
            "<h1>{{ config.extra.phone }}</h1>{{ page.content | safe }}",
        )
        .build();
    assert_eq!(built.places(), ["zola.toml:4:9 toml-syntax"]);
    let theme = "[extra]\nphone = “555-0100”\n";
    let built = Site::new()
        .file("zola.toml", &format!("{CONFIG}theme = \"t\"\n"))
        .file("themes/t/theme.toml", theme)
        .file("templates/index.html", "{{ config.extra.phone }}")
        .build();
    assert_eq!(built.places(), ["themes/t/theme.toml:2:9 toml-syntax"]);
}

#[test]
fn after_a_slip_among_the_words_that_are_right_no_word_is_looked_up() {
    let words = |known: &str| {
        site(FRONT)
            .file("words.toml", &format!("[known]\nen = [{known}]\n"))
            .page("b/d.md", "D", "Xqwellz and Xqhealth. [C](@/b/c.md)")
            .page("b/e.md", "E", "[D](@/b/d.md)")
            .file(
                "content/b/f.md",
                "+++\ntitle = \"F\"\n[extra]\nrelated = [\"@/b/e.md\", \"@/b/f.md\"]\n+++\n",
            )
            .build()
            .places()
    };
    let spelling = |found: &[String]| {
        found
            .iter()
            .filter(|place| place.ends_with("spelling"))
            .count()
    };
    assert_eq!(spelling(&words("\"Xqwellz\"")), 1);
    let found = words("\"Xqwellz\" \"Xqhealth\"");
    assert_eq!(spelling(&found), 0, "{found:?}");
    assert!(
        found.contains(&"words.toml:2:16 toml-syntax".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_slip_in_the_list_of_browsers_is_told_there_alone() {
    let settings = format!("{CONFIG}[extra.check.browsers]\nfile = \"browsers.toml\"\n");
    let show =
        "{% set data = load_data(path=\"browsers.toml\") %}<h1>{{ data.browsers | length }}</h1>";
    let built = Site::new()
        .file("zola.toml", &settings)
        .file("templates/index.html", show)
        .file(
            "browsers.toml",
            "[[browsers]]\nname = “Firefox”\noldest = \"17\"\n",
        )
        .build();
    assert_eq!(built.places(), ["browsers.toml:2:8 toml-syntax"]);
}
