//! Functions and filters of templates, each asked once, and what they answer.

use crate::support::{CONFIG, Site};

/// The SHA-256 of `abc`, from FIPS 180-4's examples.
const SHA: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// What a template makes of an expression. `call » rest` looks into what a call gives, for which
/// Tera wants a variable.
fn ask(expression: &str) -> String {
    let template = match expression.split_once(" » ") {
        Some((call, rest)) => format!("{{% set it = {call} %}}{{{{ it{rest} }}}}"),
        None => format!("{{{{ {expression} }}}}"),
    };
    Site::new()
        .file(
            "content/_index.md",
            "+++\ntitle = \"Home\"\n[extra]\nn = 1\n+++\n",
        )
        .file("static/a.txt", "abc")
        .file("data/d.toml", "[b]\nx = 2026-11-25\n[a]\ny = [1, 2]\n")
        .file("data/d.csv", "Name, Age\n\"O, P\",3\n")
        .file("data/d.yaml", "z: [1, two]\na: {b: ~, c: true}\n7: x\n")
        .file(
            "data/d.xml",
            "<?xml version='1.0'?>\n<r a='1'><i>04101</i><i>2</i><e/><n x='y'> t </n></r>",
        )
        .file("data/d.json", "{\"z\": 1, \"a\": null}")
        .file("templates/page.html", &template)
        .page("a.md", "A", "")
        .file(
            "zola.toml",
            &format!("{CONFIG}[translations]\nhi = \"Hello\"\n"),
        )
        .build_and_read("a/index.html")
}

fn check(answers: &[(&str, &str)]) {
    for (expression, answer) in answers {
        assert_eq!(ask(expression), *answer, "{expression}");
    }
}

#[test]
fn addresses_and_hashes() {
    check(&[
        ("get_url(path='/')", "https://help.example.org/"),
        ("get_url(path='a/b')", "https://help.example.org/a/b"),
        (
            "get_url(path='a', trailing_slash=true)",
            "https://help.example.org/a/",
        ),
        ("get_url(path='@/a.md#x')", "https://help.example.org/a/#x"),
        (
            "get_url(path='a.txt', cachebust=true)",
            "https://help.example.org/a.txt?h=ba7816bf8f01cfea4141",
        ),
        ("get_hash(path='a.txt', sha_type=256, base64=false)", SHA),
        (
            "get_hash(literal='abc', sha_type=256)",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ),
    ]);
}

#[test]
fn pages_sections_and_words() {
    check(&[
        ("get_page(path='a.md') » .title", "A"),
        (
            "get_page(path='@/a.md') » .permalink",
            "https://help.example.org/a/",
        ),
        (
            "get_page(path='none.md', allow_missing=true) is none",
            "true",
        ),
        ("get_section(path='_index.md') » .extra.n", "1"),
        ("get_section(path='_index.md') » .pages | length", "1"),
        (
            "get_section(path='_index.md', metadata_only=true) » .pages | length",
            "0",
        ),
        ("trans(key='hi')", "Hello"),
        ("text_direction(lang='ar-EG')", "rtl"),
    ]);
}

#[test]
fn data_files() {
    check(&[
        (
            "load_data(path='data/d.toml') | keys | join(sep=' ')",
            "b a",
        ),
        ("load_data(path='data/d.toml') » .b.x", "2026-11-25"),
        ("load_data(path='data/d.csv') » .records[0][0]", "O, P"),
        ("load_data(path='data/d.csv') » .headers[1]", "Age"),
        (
            "load_data(path='data/d.json') | keys | join(sep=' ')",
            "z a",
        ),
        (
            "load_data(path='data/d.json', format='plain') | length",
            "19",
        ),
        ("load_data(literal='[1, 2]', format='json') | last", "2"),
        ("load_data(path='none', required=false) is none", "true"),
        ("load_data(path='data/d.yaml') » .z[1]", "two"),
        ("load_data(path='data/d.yaml') » .a.b is none", "true"),
        (
            "load_data(path='data/d.yaml') | keys | join(sep=' ')",
            "z a 7",
        ),
        ("load_data(path='data/d.xml') » .r['@a'] + 1", "2"),
        ("load_data(path='data/d.xml') » .r.i[0]", "04101"),
        ("load_data(path='data/d.xml') » .r.i[1] + 1", "3"),
        ("load_data(path='data/d.xml') » .r.e is none", "true"),
        ("load_data(path='data/d.xml') » .r.n['#text']", "t"),
        ("load_data(literal='a: 1', format='YAML') » .a", "1"),
        (
            "load_data(literal='- &x [1]\\n- *x', format='yaml') » [1][0]",
            "1",
        ),
    ]);
}

#[test]
fn data_that_cannot_be_read_is_a_finding() {
    let bomb = (1..30)
        .map(|n| format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1))
        .collect::<Vec<_>>()
        .concat();
    let bomb = format!("a0: &a0 [x]\n{bomb}");
    let deep = "[".repeat(100_000);
    let deep_toml = format!("a = {deep}");
    let nest = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let stairs = format!("{}x", "- ".repeat(2_000));
    for (name, text, arguments, why) in [
        ("d.yaml", "a: [1\n", "", "`data/d.yaml` is not valid YAML"),
        (
            "d.yaml",
            bomb.as_str(),
            "",
            "`data/d.yaml` is not valid YAML",
        ),
        (
            "d.yaml",
            deep.as_str(),
            "",
            "`data/d.yaml` is not valid YAML",
        ),
        (
            "d.yaml",
            stairs.as_str(),
            "",
            "values lie in each other too deep, at line 1",
        ),
        (
            "d.json",
            deep.as_str(),
            "",
            "`data/d.json` is not valid JSON",
        ),
        ("d.xml", "<a><b></a>", "", "`data/d.xml` is not valid XML"),
        (
            "d.xml",
            nest.as_str(),
            "",
            "The elements of `data/d.xml` lie in each other too deep",
        ),
        ("d.toml", "a = \n", "", "`data/d.toml`, line 1"),
        ("d.toml", deep_toml.as_str(), "", "`data/d.toml`, line 1"),
        ("d.bib", "", ", format='bibtex'", "cannot be read"),
        ("d.txt", "", ", format='jsn'", "did you mean `json`?"),
        (
            "d.txt",
            "",
            ", literal='x'",
            "either a `path` or a `literal`",
        ),
        (
            "d.txt",
            "",
            ", url='https://example.org/d.json'",
            "does not fetch from the web",
        ),
    ] {
        let call = format!("{{{{ load_data(path='data/{name}'{arguments}) | length }}}}");
        let built = Site::new()
            .file(&format!("data/{name}"), text)
            .file("templates/page.html", &call)
            .page("a.md", "A", "")
            .build();
        let findings = built.findings();
        assert!(findings.contains(why), "{why}: {findings}");
        assert_eq!(built.places(), ["templates/page.html:1:4 template"]);
    }
}

#[test]
fn chance_and_time_are_the_same_at_every_build() {
    let template = "{% set list = range(end=40) %}{{ get_random(start=0, end=1000000) }} {{ list | shuffle | join(sep=',') }} \
        {{ get_random(start=0, end=9, seed=42) }} {{ now() }} {{ now(timestamp=true) }} {{ now() | date(format='%Y') }}";
    let site = Site::new()
        .file("templates/page.html", template)
        .page("a.md", "A", "")
        .page("b.md", "B", "{{ get_random(start=0, end=1000000) }}")
        .with(|options| options.now = 1_795_000_000);
    let built = site.build().clean();
    let texts = [built.text("a/index.html"), built.text("b/index.html")];
    let built = site.build().clean();
    assert_eq!(
        texts,
        [built.text("a/index.html"), built.text("b/index.html")]
    );
    assert_ne!(texts[0], texts[1], "every page has its own");
    assert!(
        texts[0].ends_with(" 2026-11-18T11:06:40Z 1795000000 2026"),
        "{}",
        texts[0]
    );
}

#[test]
fn filters_and_context() {
    check(&[
        (
            "'**b** [x](@/a.md)' | markdown(inline=true)",
            "<strong>b</strong> <a href=\"https://help.example.org/a/\">x</a>",
        ),
        ("'A  b!' | slugify", "a-b"),
        ("'<b>x</b>' | striptags", "x"),
        ("'a b/c' | urlencode", "a%20b/c"),
        ("'a1b2' | regex_replace(pattern='[0-9]', rep='-')", "a-b-"),
        ("page.word_count", "0"),
        ("1234567 | num_format", "1,234,567"),
        ("1234567 | num_format(locale='de')", "1.234.567"),
        ("'2026-11-05' | date(format='%-d %B %Y')", "5 November 2026"),
        (
            "'2026-11-05T23:30:00-08:00' | date(format='%-d %B %Y')",
            "5 November 2026",
        ),
        (
            "'2026-03-01' | date(locale='es', format=\"d 'de' MMMM 'de' y\")",
            "1 de marzo de 2026",
        ),
        ("0 | date", "1970-01-01"),
        ("2048 | filesizeformat", "2 KiB"),
        ("2000 | filesizeformat(binary=false)", "2 kB"),
        ("3.14159 | format(spec='.2')", "3.14"),
        ("'a b/c' | urlencode_strict", "a%20b%2Fc"),
        ("'eA==' | base64_decode", "x"),
        ("'<p> <b>x</b> </p>' | spaceless | length", "15"),
        ("'x' | base64_encode", "eA=="),
        ("'ab' is matching(pat='^a')", "true"),
        ("'2026-01-01' is before(other='2026-01-02')", "true"),
        ("'2026-01-01' is after(other='2026-01-01')", "false"),
        (
            "'2026-01-01' is after(other='2026-01-01', inclusive=true)",
            "true",
        ),
        (
            "'2026-01-01T23:00:00-05:00' is after(other='2026-01-02T01:00:00Z')",
            "true",
        ),
        ("current_path", "/a/"),
        ("config.mode", "build"),
    ]);
}

#[test]
fn a_body_can_ask_for_other_pages() {
    let site = Site::new()
        .page("a.md", "A", "{% set b = get_page(path=\"b.md\") %}{{ b.title }} {% set s = get_section(path=\"_index.md\") %}{{ s.pages | length }}\n")
        .page("b.md", "The other", "");
    assert_eq!(site.build_and_read("a/index.html"), "<p>The other 2</p>\n");
}

#[test]
fn hashed_names_are_written_beside_the_plain_ones() {
    let site = Site::new()
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.assets]\nhashed_names = true\n"),
        )
        .file("static/css/main.css", "abc")
        .file(
            "templates/page.html",
            "{{ get_url(path='/css/main.css', cachebust=true) }}",
        )
        .page("a.md", "A", "");
    let built = site.build().clean();
    let name = "css/main.ba7816bf8f01cfea.css";
    assert_eq!(
        built.text("a/index.html"),
        format!("https://help.example.org/{name}")
    );
    assert_eq!(
        (built.text(name), built.text("css/main.css")),
        ("abc".into(), "abc".into())
    );
    let built = site.file("static/css/main.css", "abd").build().clean();
    assert!(!built.has(name), "the old name stayed");
}

#[test]
fn no_function_reads_outside_the_site() {
    let site = Site::new()
        .file(
            "templates/page.html",
            "{{ get_hash(path=page.extra.file) }}",
        )
        .file(
            "content/up.md",
            "+++\ntitle = \"U\"\nextra.file = \"../none\"\n+++\n",
        )
        .file(
            "content/link.md",
            "+++\ntitle = \"L\"\nextra.file = \"data/link\"\n+++\n",
        );
    crate::support::put(&site.beside("secret.txt"), b"secret");
    std::fs::create_dir(site.root().join("data")).unwrap();
    std::os::unix::fs::symlink(site.beside("secret.txt"), site.root().join("data/link")).unwrap();
    let findings = site.build().findings();
    for path in ["../none", "data/link"] {
        let sentence = format!("The file `{path}` is outside the site's folder.");
        assert!(findings.contains(&sentence), "{findings}");
    }
}
