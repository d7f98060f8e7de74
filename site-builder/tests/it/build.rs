//! Promises of a build as a whole: nothing of a broken site is written, nothing unchanged is written
//! again, nothing of others is touched, and the same input gives the same bytes.

use std::fs;

use crate::support::{CONFIG, Site, put, read_tree};
use site_builder::{Mode, Written};

fn small() -> Site {
    Site::new()
        .page("_index.md", "Home", "[a](@/a.md)")
        .page("a.md", "A", "[home](@/_index.md)")
        .file("static/css/main.css", "p {}")
}

#[test]
fn the_same_site_gives_the_same_bytes_and_findings_on_any_number_of_threads() {
    let page = |fragment: &str| {
        format!(
            "## A\n\n## A\n\n[b](@/a.md{fragment})\n\n{}",
            "word ".repeat(99)
        )
    };
    let site = (0..200).fold(small(), |site, n| {
        site.page(&format!("p{n}.md"), "P", &page(""))
    });
    let on = |threads| {
        let ran = site.run_with(
            &["build", "--output", threads],
            &[("RAYON_NUM_THREADS", threads)],
        );
        (ran.stderr, read_tree(&site.root().join(threads)))
    };
    let built = on("1");
    assert_eq!(built.1.len(), 207, "{}", String::from_utf8_lossy(&built.0));
    assert!(built == on("2") && built == on("8"));

    let site = (0..200).fold(site, |site, n| {
        site.page(&format!("p{n}.md"), "P", &page(&format!("#{n}")))
    });
    let on = |threads| {
        site.run_with(&["check"], &[("RAYON_NUM_THREADS", threads)])
            .stderr
    };
    let words = on("1");
    assert!(String::from_utf8_lossy(&words).contains("has no `#7`"));
    assert!(words == on("2") && words == on("8"));
}

#[test]
fn the_same_site_gives_the_same_bytes_however_its_files_came_to_be() {
    let files = [
        (
            "content/_index.md",
            "+++\ntitle = \"Home\"\n+++\n[b](@/s/b.md)\n",
        ),
        ("content/s/_index.md", "+++\ntitle = \"S\"\n+++\n"),
        (
            "content/s/b.md",
            "+++\ntitle = \"B\"\nextra = { z = 1, a = 2 }\n+++\n",
        ),
        (
            "content/s/a.md",
            "+++\ntitle = \"A\"\naliases = [\"x\", \"w\"]\n+++\n",
        ),
        (
            "content/s/c/index.md",
            "+++\ntitle = \"C\"\n+++\n![](p.png)\n",
        ),
        ("content/s/c/p.png", "png"),
        (
            "templates/section.html",
            "{% for page in section.pages %}{{ page.title }}{{ page.extra | json_encode }}{% endfor %}",
        ),
    ];
    let mut trees = Vec::new();
    for backwards in [false, true, false] {
        let mut order: Vec<_> = files.iter().collect();
        if backwards {
            order.reverse();
        }
        let site = order
            .into_iter()
            .fold(Site::new(), |site, (path, text)| site.file(path, text));
        trees.push(site.build().clean().tree());
    }
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
    let list = String::from_utf8_lossy(&trees[0]["s/index.html"]);
    assert!(list.contains("{&quot;z&quot;:1,&quot;a&quot;:2}"), "{list}");
}

#[test]
fn a_broken_site_leaves_the_good_output_alone() {
    let site = small();
    let good = site.build().clean().tree();
    let site = site
        .page("a.md", "A", "[nowhere](@/nowhere.md)")
        .page("new.md", "New", "")
        .without("static/css/main.css");
    let built = site.build();
    assert_eq!(built.places(), ["content/a.md:4:11 broken-link"]);
    assert_eq!(built.tree(), good);
    assert_eq!(built.report.written, None);
}

#[test]
fn an_unchanged_site_is_not_written_again() {
    let site = small();
    site.build().clean();
    let page = site.output().join("a/index.html");
    let manifest = site.output().join(".site-builder-manifest");
    let stamp = |path| fs::metadata(path).and_then(|data| data.modified()).unwrap();
    // A file that is replaced gets a new inode; one that is left alone keeps it.
    let before = (inode(&page), stamp(&page), inode(&manifest));
    let built = site.build().clean();
    assert_eq!(
        built.report.written,
        Some(Written {
            files: 6,
            changed: 0,
            removed: 0,
            unchanged: true,
        })
    );
    assert_eq!(before, (inode(&page), stamp(&page), inode(&manifest)));
}

fn inode(path: &std::path::Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).expect("the file").ino()
}

#[test]
fn only_what_changed_is_written() {
    let site = small();
    site.build().clean();
    let built = site.page("a.md", "A", "Changed.").build().clean();
    assert_eq!(built.report.written.map(|w| w.changed), Some(1));
    assert!(built.text("a/index.html").contains("Changed."));
}

#[test]
fn stale_files_go_and_files_of_others_stay() {
    let site = small();
    site.build().clean();
    put(&site.output().join("a/notes.txt"), b"somebody's");
    put(&site.output().join("robots-of-others.txt"), b"somebody's");
    let site = site
        .page("_index.md", "Home", "")
        .page("b/_index.md", "B", "")
        .page("b/c.md", "C", "")
        .without("content/a.md");
    let built = site.build().clean();
    assert!(!built.has("a/index.html") && built.has("b/c/index.html"));
    assert!(built.has("a/notes.txt") && built.has("robots-of-others.txt"));
    // Once the stranger is gone, so is the empty folder of the next stale page.
    let site = site.without("content/b/c.md");
    let built = site.without("content/b/_index.md").build().clean();
    assert!(!built.has("b"), "an empty folder was left");
}

#[test]
fn a_manifest_cannot_name_files_outside_the_output() {
    let site = small();
    site.build().clean();
    let outside = site.beside("precious.txt");
    put(&outside, b"precious");
    let manifest = site.output().join(".site-builder-manifest");
    let mut text = fs::read_to_string(&manifest).unwrap();
    text.push_str("../precious.txt\n");
    text.push_str(outside.to_str().unwrap());
    fs::write(&manifest, text).unwrap();
    site.build().clean();
    assert!(outside.exists());
}

#[test]
fn a_folder_can_take_the_place_of_a_file_and_back() {
    let site = small().file("static/thing", "a file");
    site.build().clean();
    let site = site.without("static/thing").page("thing.md", "Thing", "");
    assert!(site.build().clean().has("thing/index.html"));
    let site = site
        .without("content/thing.md")
        .file("static/thing", "a file");
    assert_eq!(site.build().clean().text("thing"), "a file");
}

#[test]
fn checking_writes_nothing() {
    let site = small().with(|options| options.mode = Mode::Check);
    let built = site.build();
    assert!(!built.report.findings.has_errors());
    assert!(!site.output().exists() && built.report.written.is_none());
}

#[test]
fn an_output_that_cannot_be_written_is_one_finding() {
    let site = small();
    put(&site.output(), b"a file is in the way");
    let built = site.build();
    let findings = built.findings();
    assert_eq!(built.report.findings.len(), 1, "{findings}");
    assert!(
        findings.contains("The output cannot be written"),
        "{findings}"
    );
    assert!(findings.contains("--output"), "{findings}");
}

#[test]
fn the_site_is_never_its_own_output() {
    for folder in ["", "content", "static/x", ".."] {
        let site = small().with(|options| options.output = Some(options.root.join(folder)));
        assert!(site.build().findings().contains("made from"), "{folder}");
    }
    // Inside the site, but beside its folders, is where it belongs.
    let site = small().with(|options| options.output = None);
    let built = site.build().clean();
    assert_eq!(built.report.written.map(|w| w.files), Some(6));
    assert!(site.root().join("public/a/index.html").exists());
    assert_eq!(site.build().report.written.map(|w| w.changed), Some(0));
}

#[test]
fn files_saved_on_windows_build_to_the_same_bytes() {
    let text = "+++\ntitle = \"A\"\n+++\n## One\n\nText {{ 1 + 1 }}\n";
    let unix = Site::new().file("content/a.md", text);
    let windows = Site::new()
        .file(
            "zola.toml",
            &format!("\u{feff}{}", CONFIG.replace('\n', "\r\n")),
        )
        .file(
            "content/a.md",
            &format!("\u{feff}{}", text.replace('\n', "\r\n")),
        );
    assert_eq!(unix.build().clean().tree(), windows.build().clean().tree());
}

#[test]
fn text_that_is_not_utf8_is_found_where_it_starts() {
    let site = Site::new()
        .bytes("content/a.md", b"+++\ntitle = \"A\"\n+++\nCaf\xe9\n")
        .bytes("templates/other.html", b"\xff");
    assert_eq!(
        site.build().places(),
        [
            "content/a.md:4:4 not-utf8",
            "templates/other.html:1:1 not-utf8"
        ]
    );
}

#[test]
fn a_symlink_is_followed_inside_the_site_and_nowhere_else() {
    use std::os::unix::fs::symlink;
    let site = small();
    put(&site.beside("secret/key.txt"), b"secret");
    symlink(site.beside("secret"), site.root().join("static/out")).unwrap();
    symlink(
        site.root().join("static/css"),
        site.root().join("static/style"),
    )
    .unwrap();
    let built = site.build();
    assert_eq!(built.places(), ["static/out:1:1 symlink-outside"]);
    fs::remove_file(site.root().join("static/out")).unwrap();
    assert_eq!(site.build().clean().text("style/main.css"), "p {}");
    // A link back to its own folder ends in a finding and not in a walk without end.
    symlink(site.root().join("static"), site.root().join("static/loop")).unwrap();
    assert_eq!(site.build().places(), ["static/loop:1:1 unreadable"]);
}

#[test]
fn the_sites_static_files_lie_over_further_folders_and_those_over_the_themes() {
    let site = small()
        .file("zola.toml", &format!("{CONFIG}theme = \"t\"\n"))
        .file("themes/t/static/one.txt", "theme")
        .file("themes/t/static/two.txt", "theme")
        .file("themes/t/static/three.txt", "theme")
        .file("static/three.txt", "site");
    let extra = site.beside("extra");
    put(&extra.join("two.txt"), b"extra");
    put(&extra.join("three.txt"), b"extra");
    put(&extra.join("widget/w.js"), b"extra");
    let site = site.with(|options| options.static_dirs.push(extra.clone()));
    let built = site.build().clean();
    let texts = ["one.txt", "two.txt", "three.txt", "widget/w.js"].map(|path| built.text(path));
    assert_eq!(texts, ["theme", "extra", "site", "extra"]);
    let site = site.with(|options| options.static_dirs = vec![extra.join("none")]);
    assert!(site.build().findings().contains("which is not a folder"));
}

#[test]
fn a_page_below_a_file_is_found_before_anything_is_written() {
    let site = small().file("static/a", "a file where a page has its folder");
    let built = site.build();
    assert_eq!(built.places(), ["content/a.md:1:1 same-address"]);
    assert!(!site.output().exists());
}

#[test]
fn an_alias_that_stands_twice_is_told_where_it_does() {
    let front = "+++\ntitle = \"A\"\naliases = [\"old\", \"/old/\"]\n+++\n";
    let built = Site::new().file("content/a.md", front).build();
    assert_eq!(built.places(), ["content/a.md:3:19 same-address"]);
    let said = built.findings();
    assert!(
        said.contains("`/old/` stands in `aliases` twice."),
        "{said}"
    );
    let own = front.replace("\"old\", \"/old/\"", "\"a\"");
    let said = Site::new().file("content/a.md", &own).build().findings();
    assert!(said.contains("the address of this page itself"), "{said}");
}
