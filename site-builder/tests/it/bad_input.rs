//! Input that no editor means: each is a finding at its place, and never a panic, a site without an
//! end, or half of a site.

use std::fs;

use site_builder::Mode;

use crate::support::{Built, CONFIG, Site};

/// Builds what must stop, and nothing of it be written.
fn refused(site: &Site) -> Vec<String> {
    let built = site.build();
    assert!(built.report.findings.has_errors(), "{}", built.findings());
    assert!(built.report.written.is_none() && !site.output().exists());
    places(&built)
}

fn places(built: &Built) -> Vec<String> {
    assert!(
        built
            .report
            .findings
            .iter()
            .all(|found| !found.sentence.is_empty())
    );
    built.places()
}

#[test]
fn text_that_is_not_utf8_is_told_in_every_kind_of_file() {
    let broken = |path: &str, text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend(b" caf\xe9");
        refused(&Site::new().bytes(path, &bytes))
    };
    let page = "+++\ntitle = \"A\"\n+++\n";
    assert_eq!(broken("content/a.md", page), ["content/a.md:4:5 not-utf8"]);
    assert_eq!(
        broken("templates/x.html", "x\n"),
        ["templates/x.html:2:5 not-utf8"]
    );
    assert_eq!(
        broken("words.toml", "[en]\n"),
        ["words.toml:1:1 unreadable"]
    );
    assert_eq!(broken("zola.toml", CONFIG), ["zola.toml:1:1 unreadable"]);
}

#[test]
fn text_in_utf16_is_told_with_and_without_its_mark() {
    let text = "+++\ntitle = \"A\"\n+++\nText.\n";
    let wide = |mark: &[u8]| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        let bytes: Vec<_> = mark.iter().copied().chain(units).collect();
        refused(&Site::new().bytes("content/a.md", &bytes))
    };
    assert_eq!(wide(b"\xff\xfe"), ["content/a.md:1:1 not-utf8"]);
    assert_eq!(wide(b""), ["content/a.md:1:2 not-text"]);
    let cut = b"+++\ntitle = \"\xe9\"\n+++\n";
    assert_eq!(
        refused(&Site::new().bytes("content/a.md", cut)),
        ["content/a.md:2:10 not-utf8"]
    );
}

#[test]
fn a_mark_at_the_start_and_line_ends_of_windows_are_fine() {
    let text = "\u{feff}+++\r\ntitle = \"A\"\r\n+++\r\n\r\nText.\r\n";
    Site::new().file("content/a.md", text).build().clean();
}

#[test]
fn a_character_that_no_text_has_is_told_where_it_stands() {
    let text = "+++\ntitle = \"A\"\n+++\nA\0b.\n";
    assert_eq!(
        refused(&Site::new().file("content/a.md", text)),
        ["content/a.md:4:2 not-text"]
    );
    assert_eq!(
        refused(&Site::new().file("templates/page.html", "<p>\n\0</p>")),
        ["templates/page.html:2:1 not-text"]
    );
    let front = "+++\ntitle = \"A\0\"\n+++\n";
    let found = refused(&Site::new().file("content/a.md", front));
    assert!(
        found
            .iter()
            .all(|place| place.starts_with("content/a.md:2:")),
        "{found:?}"
    );
    // A picture is no text.
    let site = Site::new().bytes("static/p.png", b"\0\xff");
    site.build().clean();
}

#[test]
fn of_a_file_full_of_faults_the_first_are_told() {
    let words = |line: usize| {
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        format!(
            "Xq{}{}{}",
            letter(line / 676),
            letter(line / 26),
            letter(line)
        )
    };
    let lines: Vec<_> = (0..2_000)
        .map(|line| {
            format!(
                "A {} and <b>an <i>end</b>. [here](@/_index.md)\n\n",
                words(line)
            )
        })
        .collect();
    let site = Site::new().page("a.md", "A", &lines.concat());
    let built = site.with(|options| options.mode = Mode::Check).build();
    let count = |code: &str| places(&built).iter().filter(|p| p.ends_with(code)).count();
    assert_eq!(count(" spelling"), 50);
    assert_eq!(count(" link-text"), 50);
    assert_eq!(count(" html-syntax"), 20);
}

#[cfg(unix)]
#[test]
fn links_that_go_in_a_circle_or_out_of_the_site_are_told() {
    use std::os::unix::fs::symlink;

    let site = Site::new();
    let content = site.root().join("content");
    symlink(&content, content.join("loop")).unwrap();
    symlink(content.join("b.md"), content.join("a.md")).unwrap();
    symlink(content.join("a.md"), content.join("b.md")).unwrap();
    fs::write(site.beside("secret.md"), "+++\ntitle = \"S\"\n+++\n").unwrap();
    symlink(site.beside("secret.md"), content.join("out.md")).unwrap();
    let found = refused(&site);
    let told = |file: &str| found.iter().any(|place| place.starts_with(file));
    for file in [
        "content/loop:",
        "content/a.md:",
        "content/b.md:",
        "content/out.md:",
    ] {
        assert!(told(file), "{file} {found:?}");
    }
}

#[test]
fn templates_that_call_themselves_are_told() {
    for (name, text) in [
        ("page.html", "{% include \"page.html\" %}"),
        ("page.html", "{% extends \"page.html\" %}"),
        ("page.html", "{% include \"other.html\" %}"),
    ] {
        let site = Site::new()
            .page("a.md", "A", "Text.")
            .file("templates/other.html", "{% include \"page.html\" %}")
            .file(&format!("templates/{name}"), text);
        let found = refused(&site);
        assert!(
            found.iter().all(|place| place.starts_with("templates/")),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn aliases_of_aliases_in_yaml_end() {
    let mut front = "---\ntitle: A\nextra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let last = format!("*a{}, ", level - 1).repeat(10);
        front = format!("{front}  a{level}: &a{level} [{last}]\n");
    }
    let deep = format!("---\ntitle: A\nextra:\n  a: {}\n", "[".repeat(100_000));
    for front in [front, deep] {
        let found = refused(&Site::new().file("content/a.md", &format!("{front}---\nText.\n")));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("content/a.md:"), "{found:?}");
    }
}

#[test]
fn front_matter_without_an_end_is_told_at_its_start() {
    for (fence, rest) in [("+++", "title = \"A\""), ("---", "title: A"), ("+++", "")] {
        let text = format!("{fence}\n{rest}\n\nText.\n");
        assert_eq!(
            refused(&Site::new().file("content/a.md", &text)),
            ["content/a.md:1:1 front-matter-open"]
        );
    }
}

#[test]
fn brackets_without_end_in_toml_are_told() {
    let text = format!("+++\na = {}\n+++\n", "[".repeat(100_000));
    let found = refused(&Site::new().file("content/a.md", &text));
    assert!(
        found.iter().all(|place| place.starts_with("content/a.md:")),
        "{found:?}"
    );
}

#[test]
fn two_files_for_one_address_are_told() {
    let found = refused(
        &Site::new()
            .page("a.md", "A", "One.")
            .page("a/index.md", "A", "Two.")
            .file("content/b.md", "+++\ntitle = \"B\"\nslug = \"a\"\n+++\n"),
    );
    let same = found.iter().filter(|place| place.ends_with("same-address"));
    assert_eq!(same.count(), 2, "{found:?}");
}

#[test]
#[cfg(unix)]
fn a_name_with_a_line_break_is_no_address() {
    let settings = format!("{CONFIG}[slugify]\npaths = \"off\"\n");
    let site = Site::new()
        .file("zola.toml", &settings)
        .page("a\nb.md", "A", "");
    assert_eq!(refused(&site), ["content/a\nb.md:1:1 bad-address"]);
    refused(&Site::new().file("static/a\nb.txt", ""));
}

#[test]
fn names_that_differ_by_case_only_are_told() {
    // Their pages have one address, however the disk takes their names.
    let site = Site::new()
        .page("a.md", "A", "One.")
        .page("A.md", "A", "Two.");
    if fs::read_dir(site.root().join("content")).unwrap().count() < 3 {
        return;
    }
    assert_eq!(refused(&site), ["content/a.md:1:1 same-address"]);
    // These have two, which are one on many a disk.
    let built = Site::new()
        .file("static/logo.png", "1")
        .file("static/img/a.png", "2")
        .file("static/Logo.png", "3")
        .file("static/IMG/b.png", "4")
        .file("static/img/c.png", "5")
        .build();
    assert_eq!(
        built.places(),
        [
            "static/img/a.png:1:1 case-only",
            "static/logo.png:1:1 case-only"
        ]
    );
    assert!(built.report.written.is_some());
}
