//! A build with nothing changed does nothing, and one with anything changed is never taken for one.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crate::support::{CONFIG, Site, put};

const SETTINGS: &str = "theme = \"t\"\n[extra.check]\nwords = \"house.toml\"\n";

fn site() -> Site {
    let page = "{{ page.content | safe }}{% set data = load_data(path=\"facts/a.toml\") %}\
                {{ data.word }}{{ load_data(path=\"facts/b.txt\", required=false) or \"none\" }}\
                {% set size = get_image_metadata(path=\"pictures/p.svg\") %}{{ size.width }}\
                {% include \"part.html\" %}";
    Site::new()
        .file("zola.toml", &format!("{CONFIG}{SETTINGS}"))
        .file("house.toml", "")
        .file("themes/t/theme.toml", "name = \"t\"\n")
        .file("themes/t/templates/part.html", "part")
        .file("themes/t/static/t.css", "p {}")
        .file("templates/page.html", page)
        .file("facts/a.toml", "word = \"one\"\n")
        .file(
            "pictures/p.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"5\"/>",
        )
        .file("static/a.css", "a {}")
        .page("_index.md", "Home", "[a](@/a.md)")
        .page("a.md", "A", "One.")
        .file("content/d.md", "+++\ntitle = \"D\"\ndraft = true\n+++\n")
}

/// Whether a build has nothing to do.
fn rests(site: &Site) -> bool {
    let built = site.build().clean();
    let written = built.report.written.expect("the site to be written");
    if written.unchanged {
        assert_eq!((written.changed, written.removed), (0, 0));
    }
    written.unchanged
}

#[test]
fn a_second_build_has_nothing_to_do_and_says_as_much_as_the_first() {
    let site = site();
    let first = site.build().clean();
    let before = fs::metadata(site.output().join(".site-builder-manifest")).unwrap();
    let second = site.build().clean();
    let (one, two) = (
        first.report.written.unwrap(),
        second.report.written.unwrap(),
    );
    assert!(!one.unchanged && two.unchanged);
    assert_eq!(
        (one.files, first.report.pages),
        (two.files, second.report.pages)
    );
    let after = fs::metadata(site.output().join(".site-builder-manifest")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
}

#[test]
fn whatever_a_build_reads_makes_another_one_when_it_changes() {
    for (path, text) in [
        ("zola.toml", format!("title = \"T\"\n{CONFIG}{SETTINGS}")),
        ("house.toml", "[en]\n\"abandon\" = \"stop\"\n".to_owned()),
        ("themes/t/theme.toml", "name = \"tt\"\n".to_owned()),
        ("themes/t/templates/part.html", "trap".to_owned()),
        ("themes/t/static/t.css", "q {}".to_owned()),
        ("templates/index.html", "Other.".to_owned()),
        ("facts/a.toml", "word = \"two\"\n".to_owned()),
        ("facts/b.txt", "b".to_owned()),
        (
            "pictures/p.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"6\" height=\"5\"/>".to_owned(),
        ),
        ("static/a.css", "b {}".to_owned()),
        ("content/a.md", "+++\ntitle = \"A\"\n+++\nTwo.".to_owned()),
        ("content/new.md", "+++\ntitle = \"N\"\n+++\n".to_owned()),
    ] {
        let site = site();
        assert!(!rests(&site) && rests(&site), "{path}");
        put(&site.root().join(path), text.as_bytes());
        let built = site.build();
        let written = built.report.written.expect("the site to be written");
        assert!(!written.unchanged, "{path}: {}", built.findings());
        let fresh = site.with(|options| {
            options.output = options.output.take().map(|it| it.with_file_name("fresh"));
        });
        assert!(built.tree() == fresh.build().tree(), "{path}");
    }
}

#[test]
fn a_file_that_goes_makes_another_build() {
    for path in [
        "facts/a.toml",
        "static/a.css",
        "templates/section.html",
        "content/d.md",
    ] {
        let site = site().file(
            "templates/page.html",
            "{{ load_data(path=\"facts/a.toml\", required=false) or \"\" }}",
        );
        assert!(!rests(&site) && rests(&site), "{path}");
        let site = site.without(path);
        assert!(!rests(&site) && rests(&site), "{path}");
    }
}

#[test]
fn an_edit_that_keeps_size_and_time_is_no_secret() {
    let site = site();
    let file = site.root().join("content/a.md");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let set = || {
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_modified(time)
            .unwrap();
    };
    set();
    assert!(!rests(&site) && rests(&site));
    let text = fs::read_to_string(&file).unwrap().replace("One.", "Two.");
    fs::write(&file, text).unwrap();
    set();
    assert!(!rests(&site));
}

#[test]
fn other_options_make_another_build() {
    let site = site();
    assert!(!rests(&site) && rests(&site));
    let site = site.with(|options| options.base_url = Some("https://other.example.org".into()));
    assert!(!rests(&site) && rests(&site));
    let site = site.with(|options| options.drafts = true);
    assert!(!rests(&site) && rests(&site));
    let site = site.with(|options| options.static_dirs = vec![options.root.join("facts")]);
    assert!(!rests(&site) && rests(&site));
}

#[test]
fn the_time_matters_where_a_template_asks_for_it() {
    let site = site();
    assert!(!rests(&site));
    let site = site.with(|options| options.now += 1);
    assert!(rests(&site));
    let site = site.file("templates/index.html", "{{ now() }}");
    assert!(!rests(&site) && rests(&site));
    let site = site.with(|options| options.now += 1);
    assert!(!rests(&site));
}

#[test]
fn an_output_that_somebody_touched_is_made_whole() {
    let site = site();
    assert!(!rests(&site) && rests(&site));
    let file = site.output().join("a/index.html");
    let made = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    assert!(!rests(&site) && rests(&site));
    fs::write(&file, "x").unwrap();
    assert!(!rests(&site) && rests(&site));
    assert_eq!(fs::read(&file).unwrap(), made);
    File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();
    assert!(!rests(&site) && rests(&site));
}

#[test]
fn what_there_is_to_say_is_said_at_every_build() {
    let site = site().page("a.md", "A", "[nowhere](/none/)");
    for _ in 0..2 {
        let built = site.build();
        assert_eq!(built.places(), ["content/a.md:4:11 broken-link"]);
        assert!(!built.report.written.unwrap().unchanged);
    }
}
