//! The list of what was published: what is missed, where, and how the list grows.

use super::site;
use crate::support::{Built, CONFIG, Site};

const BOTH_GONE: [&str; 2] = ["address-gone", "anchor-gone"];

/// A help center that published these lines.
fn listed(lines: &str) -> Site {
    site()
        .page(
            "_index.md",
            "Home",
            "[First](@/a.md) [Mail](@/mail/_index.md)",
        )
        .page("mail/_index.md", "Mail", "[Lost](@/mail/lost.md)")
        .page(
            "mail/lost.md",
            "I lost my email",
            "## What now\n\n## Call us\n\nText.",
        )
        .file("published.txt", lines)
}

fn found(built: &Built) -> Vec<(String, String)> {
    let findings = built.report.findings.iter();
    findings
        .filter(|found| BOTH_GONE.contains(&found.code))
        .map(|found| {
            let place = &found.place;
            let help = found.help.clone().unwrap_or_default();
            let end = help.find(" If it is meant").unwrap_or(help.len());
            (
                format!("{}:{}:{}", place.file, place.line, place.column),
                help[..end].to_owned(),
            )
        })
        .collect()
}

fn pair(place: &str, help: &str) -> (String, String) {
    (place.to_owned(), help.to_owned())
}

#[test]
fn for_a_page_that_is_gone_no_other_one_is_suggested_that_was_there_beside_it() {
    let list = "/\n/a/\n/change-name/\n/choose-name/\n";
    let with = |links: &str| {
        site()
            .file("published.txt", list)
            .page("_index.md", "Home", links)
            .page("a.md", "First", "Call us.")
            .page("choose-name.md", "Which name can I use?", "Any.")
    };
    let links = "[First](@/a.md) [Change](@/change-name.md) [Choose](@/choose-name.md)";
    let said = with(links).build().findings();
    assert!(
        said.contains("There is no page `@/change-name.md` any more."),
        "{said}"
    );
    assert!(!said.contains("choose-name.md`?"), "{said}");
    assert!(said.contains("--> published.txt:3:1"), "{said}");
    // One that is new may have taken its place.
    let built = with(&format!("{links} [New](@/change-names.md)"))
        .page("change-names.md", "How do I change it?", "Call us.")
        .build();
    let said = built.findings();
    assert!(said.contains("Did you mean `@/change-names.md`?"), "{said}");
}

#[test]
fn what_is_still_there_by_whatever_way_is_not_missed() {
    listed("# All\n/\n/mail/\n/mail/lost/\n/mail/lost/#call-us\n/old/#what-now\n/leaflet.pdf\n/api/x\n")
        .file(
            "content/mail/lost.md",
            "+++\ntitle = \"Lost\"\naliases = [\"old\"]\n+++\n## What now\n\n<b id=\"call-us\">Call</b>\n",
        )
        .file("static/leaflet.pdf", "")
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.check]\nserved_elsewhere = [\"/api/\"]\n"),
        )
        .build()
        .clean();
}

#[test]
fn a_renamed_page_is_told_its_aliases_line() {
    let built = listed("/mail/i-lost-email/\n/mail/i-lost-email/#what-now\n/post/lost/\n").build();
    let line = "If this page took its place, add `aliases = [\"mail/i-lost-email\", \"post/lost\"]` to \
                the lines at its top.";
    assert_eq!(
        found(&built),
        [
            pair("content/mail/lost.md:1:1", line),
            pair("content/mail/lost.md:1:1", line)
        ]
    );
    let shown = built.findings();
    assert!(
        shown.contains(
            "warning: `/post/lost/` was published, but the site does not have it any more."
        ),
        "{shown}"
    );
    // As it stands in the file, beside what is there.
    let yaml = "---\ntitle: Lost\naliases: [\"gone\"]\n---\n## What now\n";
    let built = listed("/post/lost/\n")
        .file("content/mail/lost.md", yaml)
        .build();
    assert_eq!(
        found(&built),
        [pair(
            "content/mail/lost.md:3:11",
            "If this page took its place, add `aliases: [\"gone\", \"post/lost\"]` to the lines at \
             its top."
        )]
    );
}

#[test]
fn a_new_page_in_the_folder_is_likelier_than_one_that_was_there_all_along() {
    let place = |lines: &str| found(&listed(lines).build())[0].0.clone();
    assert_eq!(
        place("/mail/all-is-lost/\n/mail/lost/\n"),
        "published.txt:1:1"
    );
    assert_eq!(place("/mail/all-is-lost/\n"), "content/mail/lost.md:1:1");
}

#[test]
fn a_page_that_a_fault_keeps_away_is_not_told_twice() {
    let built = listed("/a/\n/mail/lost/\n/mail/lost/#what-now\n")
        .file(
            "content/mail/lost.md",
            "+++\ntitle = \"Lost\"\ntemplate = \"no.html\"\n+++\n",
        )
        .build();
    assert_eq!(built.places().len(), 1, "{}", built.findings());
    assert!(found(&built).is_empty());
}

#[test]
fn the_list_is_the_same_below_whatever_base_the_site_lives() {
    let built = listed("/\n/a/\n/b-for-good/\n")
        .with(|options| options.base_url = Some("https://example.org/help".to_owned()))
        .build();
    assert_eq!(built.places(), ["published.txt:3:1 address-gone"]);
}

#[test]
fn a_page_without_a_successor_is_told_at_its_line_with_the_section_above() {
    let built = listed("/\n/mail/quite-another/\n").build();
    assert_eq!(
        found(&built),
        [pair(
            "published.txt:2:1",
            "Add `aliases = [\"mail/quite-another\"]` to the page that answers this now, such as \
             `content/mail/_index.md`."
        )]
    );
}

#[test]
fn a_page_that_became_a_draft_is_told_as_such() {
    let built = listed("/b/\n")
        .file("content/b.md", "+++\ntitle = \"B\"\ndraft = true\n+++\n")
        .build();
    let found = found(&built);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "content/b.md:1:1");
    assert!(
        found[0].1.starts_with("Take `draft = true` out"),
        "{found:?}"
    );
}

#[test]
fn a_heading_that_lost_its_id_is_told_how_to_keep_it() {
    let lost = |lines: &str| found(&listed(lines).build());
    // The only new heading, with no word in common.
    assert_eq!(
        lost("/mail/lost/#first-steps\n/mail/lost/#call-us\n"),
        [pair(
            "content/mail/lost.md:4:1",
            "Keep the old id: `## What now {#first-steps}`."
        )]
    );
    // The nearest of several.
    assert_eq!(
        lost("/mail/lost/#call-us-now\n/mail/lost/#weather\n/mail/lost/#zebras\n"),
        [
            pair(
                "content/mail/lost.md:1:1",
                "Write `{#weather}` behind the heading that says it now."
            ),
            pair(
                "content/mail/lost.md:1:1",
                "Write `{#zebras}` behind the heading that says it now."
            ),
            pair(
                "content/mail/lost.md:6:1",
                "Keep the old id: `## Call us {#call-us-now}`."
            ),
        ]
    );
    // One whose own id was published keeps that.
    assert_eq!(
        lost("/mail/lost/#call-us-now\n/mail/lost/#call-us\n/mail/lost/#what-now\n"),
        [pair(
            "content/mail/lost.md:1:1",
            "Write `{#call-us-now}` behind the heading that says it now."
        )]
    );
}

#[test]
fn levels_make_errors_of_it_or_ask_for_what_is_not_in_the_list() {
    let settings = "[extra.check.levels]\naddress-gone = \"error\"\nanchor-gone = \"off\"\n\
                    address-unrecorded = \"warn\"\n";
    let built = listed("/\n/a/#gone\n/gone-for-good/\n")
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .build();
    assert_eq!(
        built.places(),
        [
            "published.txt:1:1 address-unrecorded",
            "published.txt:3:1 address-gone"
        ]
    );
    let shown = built.findings();
    assert!(
        shown.contains("The site has 5 addresses that are not in"),
        "{shown}"
    );
    assert!(shown.contains("such as `/a/`"), "{shown}");
    assert!(built.report.findings.has_errors());
}

#[test]
fn a_build_adds_to_the_list_only_when_asked_and_only_what_it_wrote() {
    let read = |site: &Site| std::fs::read_to_string(site.root().join("published.txt")).ok();
    let site = Site::new()
        .page("_index.md", "Home", "")
        .page("b.md", "B", "# Old {#o}\n\n## New")
        .file("templates/bare.html", "<h1>{{ section.title }}</h1>")
        .file(
            "content/r/_index.md",
            "+++\ntitle = \"R\"\nredirect_to = \"b\"\n+++\n## Not shown\n",
        )
        .file(
            "content/v/_index.md",
            "+++\ntitle = \"V\"\ntemplate = \"bare.html\"\n+++\n## Not shown\n",
        )
        .file("content/c.md", "+++\ntitle = \"C\"\ndraft = true\n+++\n")
        .file(
            "content/s/_index.md",
            "+++\ntitle = \"S\"\naliases = [\"t\", \"u.html\"]\npaginate_by = 1\n+++\n",
        )
        .page("s/one.md", "One", "")
        .page("s/two.md", "Two", "")
        .page("frames/_index.md", "Frames", "")
        .file(
            "zola.toml",
            &format!("{CONFIG}[extra.check]\nskip_pages = [\"frames/*\"]\n"),
        );
    assert!(site.run(&["build"]).status.success());
    assert_eq!(read(&site), None);
    assert_eq!(
        site.run(&["build", "--record", "--drafts"]).status.code(),
        Some(2)
    );
    let output = site.run(&["build", "--record"]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(
        shown.ends_with("11 lines added to published.txt.\n"),
        "{shown}"
    );
    let list = read(&site).unwrap();
    let lines: Vec<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "/", "/b/", "/b/#new", "/b/#o", "/r/", "/s/", "/s/one/", "/s/two/", "/t/", "/u.html",
            "/v/"
        ]
    );
    let broken = site.page("d.md", "D", "[no](@/no.md)");
    assert!(!broken.run(&["build", "--record"]).status.success());
    assert_eq!(read(&broken).unwrap(), list);
}

#[test]
fn what_a_build_adds_to_the_list_is_found_again_whatever_its_name() {
    let strict = "[slugify]\npaths = \"off\"\nanchors = \"off\"\n[extra.check.levels]\n\
                  address-unrecorded = \"warn\"\norphan-page = \"off\"\n";
    let mut site = site()
        .file("zola.toml", &format!("{CONFIG}{strict}"))
        .file(
            "content/plain.md",
            "+++\ntitle = \"P\"\naliases = [\"q?a=1\", \"x#y\", \"50%25\"]\n+++\n## 100%25 or #1?\n",
        )
        .page("what?.md", "What", "## Why?\n\n## Días");
    // Names that not every system can hold.
    if cfg!(unix) {
        site = site.page("a#b.md", "A", "");
    }
    let output = site.run(&["build", "--record"]);
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}");
    let list = std::fs::read_to_string(site.root().join("published.txt")).unwrap();
    assert!(list.contains("/q%3Fa=1/\n/what%3F/\n"), "{list}");
    let built = site.build();
    let rules = BOTH_GONE.into_iter().chain(["address-unrecorded"]);
    for rule in rules {
        let findings = built.report.findings.iter();
        let told = findings.filter(|found| found.code == rule).count();
        assert_eq!(told, 0, "{rule}: {}", built.findings());
    }
    let again = site.run(&["build", "--record"]);
    assert!(again.status.success());
    let after = std::fs::read_to_string(site.root().join("published.txt")).unwrap();
    assert_eq!(after, list);
    // What is gone is told with the alias as front matter has it.
    let built = site.without("content/what?.md").build();
    let shown = built.findings();
    assert!(shown.contains("`/what%3F/` was published"), "{shown}");
    assert!(shown.contains("\"what?\"]`"), "{shown}");
}
