//! Style sheets in Sass.

use crate::support::{CONFIG, Site};

fn site() -> Site {
    Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}compile_sass = true\ntheme = \"t\"\n"),
        )
        .file("themes/t/sass/theme.scss", "$c: red;\na { color: $c }\n")
        .file("themes/t/sass/main.scss", "theirs { a: b }\n")
        .file("sass/main.sass", "@use \"parts/base\"\na\n  b: base.$b\n")
        .file("sass/deep/er.scss", "a { b { c: d } }\n")
        .file("sass/parts/_base.scss", "$b: 1px + 2px;\n")
}

#[test]
fn style_sheets_are_compiled_to_the_address_that_mirrors_theirs() {
    let built = site().build().clean();
    assert_eq!(built.text("main.css"), "a{b:3px}");
    assert_eq!(built.text("theme.css"), "a{color:red}");
    assert_eq!(built.text("deep/er.css"), "a b{c:d}");
    assert!(!built.has("parts") && !built.has("main.sass"));
    let built = Site::new().file("sass/main.scss", "broken").build().clean();
    assert!(!built.has("main.css"), "nobody asked for Sass");
}

#[test]
fn templates_see_the_css_as_a_file() {
    let template = "{{ get_url(path='main.css', cachebust=true) }} {{ get_hash(path='main.css', sha_type=256, base64=false) }}";
    let html = site()
        .file("templates/page.html", template)
        .page("a.md", "A", "")
        .build_and_read("a/index.html");
    let (url, hash) = html.split_once(' ').unwrap();
    assert_eq!(
        url,
        format!("https://help.example.org/main.css?h={}", &hash[..20])
    );
}

#[test]
fn every_fault_is_told_at_its_line_in_one_run() {
    let site = site()
        .file("sass/one.scss", "a {\n  b: $nothing;\n}\n")
        .file("sass/two.scss", "@import \"nowhere\";\n")
        .file("sass/three.sass", "a\n    b: c\n  d: e\n")
        .file("static/deep/er.css", "a{}");
    std::os::unix::fs::symlink(site.beside("x.scss"), site.root().join("sass/x.scss")).unwrap();
    crate::support::put(&site.beside("x.scss"), b"a { b: c }");
    let built = site.build();
    assert_eq!(
        built.places(),
        [
            "sass/deep/er.scss:1:1 same-address",
            "sass/one.scss:2:6 sass",
            "sass/three.sass:3:3 sass",
            "sass/two.scss:1:9 sass",
            "sass/x.scss:1:1 symlink-outside",
        ]
    );
    assert!(
        built.findings().contains("in the folder `sass`"),
        "{}",
        built.findings()
    );
}

#[test]
fn a_style_sheet_that_is_no_text_is_one_finding() {
    let site = site().bytes("sass/parts/_base.scss", b"$b: \"\xe9\";\n");
    assert_eq!(
        site.build().places(),
        ["sass/parts/_base.scss:1:6 not-utf8"]
    );
}

#[test]
fn a_style_sheet_that_goes_on_for_ever_ends_its_helper_and_not_the_command() {
    let chain = format!("a {{ b: 1{} }}", " + 1".repeat(100_000));
    for sheet in [
        "@function f($n) { @return f($n + 1); }\na { b: f(1) }",
        "@mixin m($n) { @include m($n + 1) }\na { @include m(1) }",
        "@function f($n) { @if $n < 0 { @return 0; } @return 1 + f($n + 1); }\na { b: f(1) }",
        &chain,
    ] {
        let site = Site::new()
            .file("zola.toml", &format!("{CONFIG}compile_sass = true\n"))
            .file("sass/a.scss", sheet)
            .file("sass/b.scss", "b { c: d }");
        let output = site.run(&["build"]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(
            words.contains("sass/a.scss") && words.contains("never stops"),
            "{words}"
        );
        assert!(!words.contains("sass/b.scss") && !site.root().join("public").exists());
    }
}

#[test]
fn the_command_makes_the_same_of_style_sheets_as_the_library() {
    let site = Site::new()
        .file("zola.toml", &format!("{CONFIG}compile_sass = true\n"))
        .file("sass/a.scss", "@use 'b';\n.c { d: \"é\\\"\"; }")
        .file("sass/_b.scss", ".b { c: 1px + 2 }");
    let made = site.build().clean().text("a.css");
    let output = site.run(&["build"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let own = std::fs::read_to_string(site.root().join("public/a.css")).unwrap();
    assert_eq!(own, made);
    let faulty = site.file("sass/_b.scss", ".b {\n c: $none }");
    let told = faulty.build().findings();
    let output = faulty.run(&["build"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains(told.trim()), "{words}\n{told}");
}
