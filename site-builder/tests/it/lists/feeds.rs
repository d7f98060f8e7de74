//! Feeds, read as a feed reader reads them.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{front, site};
use crate::support::Site;

/// The text of every element, as `feed/entry/id=…`, and each attribute as `feed/link@href=…`.
fn parse(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut found = Vec::new();
    let start = |open: &[String], start: &quick_xml::events::BytesStart<'_>| {
        let path = open.join("/");
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("a well-formed attribute");
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = String::from_utf8_lossy(&attribute.value).into_owned();
            let value = quick_xml::escape::unescape(&value).expect("known entities");
            format!("{path}@{name}={value}")
        });
        attributes.collect::<Vec<_>>()
    };
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) => {
                open.push(name(element.name().as_ref()));
                found.extend(start(&open, &element));
                text.clear();
            }
            Event::Empty(element) => {
                open.push(name(element.name().as_ref()));
                found.extend(start(&open, &element));
                open.pop();
            }
            Event::Text(part) => text.push_str(&part.decode().expect("UTF-8")),
            Event::GeneralRef(reference) => {
                let entity = format!("&{};", reference.decode().expect("UTF-8"));
                let entity = quick_xml::escape::unescape(&entity).expect("a known entity");
                text.push_str(&entity);
            }
            Event::End(_) => {
                if !text.trim().is_empty() {
                    found.push(format!("{}={}", open.join("/"), text.trim()));
                }
                text.clear();
                open.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} is not closed");
    found
}

fn values<'a>(parsed: &'a [String], name: &str) -> Vec<&'a str> {
    let lines = parsed.iter();
    lines
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .collect()
}

const SETTINGS: &str =
    "title = \"Help & more\"\ndescription = \"What's new\"\nauthor = \"Example Clinic\"\n";

fn dated(settings: &str) -> Site {
    site(&format!("{SETTINGS}{settings}"))
        .file(
            "content/news/_index.md",
            "+++\ntitle = \"News\"\nsort_by = \"date\"\ngenerate_feeds = true\n+++\n",
        )
        .file(
            "content/news/2026-01-31-snow.md",
            "+++\ntitle = \"Snow <today>\"\nauthors = [\"Ada\", \"Ben\"]\n+++\nWe close & go home.\n",
        )
        .file(
            "content/news/rain.md",
            "+++\ntitle = \"Rain\"\ndate = 2026-02-01T08:30:00-05:00\n+++\nShort.\n\n<!-- more -->\n\nLong.\n",
        )
        .file(
            "content/other.md",
            "+++\ntitle = \"Other\"\ndate = 2024-12-01\nupdated = 2026-03-01T00:00:00Z\n+++\n",
        )
        .page("undated.md", "Undated", "")
}

#[test]
fn the_sites_atom_feed() {
    let built = dated("generate_feeds = true\n").build().clean();
    let feed = parse(&built.text("atom.xml"));
    let one = |name: &str| values(&feed, name);
    let base = "https://help.example.org";
    assert_eq!(one("feed@xmlns"), ["http://www.w3.org/2005/Atom"]);
    assert_eq!(one("feed@xml:lang"), ["en"]);
    assert_eq!(one("feed/id"), [format!("{base}/atom.xml")]);
    assert_eq!(one("feed/title"), ["Help & more"]);
    assert_eq!(one("feed/subtitle"), ["What's new"]);
    assert_eq!(one("feed/updated"), ["2026-03-01T00:00:00+00:00"]);
    assert_eq!(
        one("feed/link@href"),
        [format!("{base}/atom.xml"), format!("{base}/")]
    );
    assert_eq!(
        one("feed/entry/id"),
        [
            format!("{base}/news/rain/"),
            format!("{base}/news/snow/"),
            format!("{base}/other/")
        ]
    );
    assert_eq!(one("feed/entry/title"), ["Rain", "Snow <today>", "Other"]);
    assert_eq!(
        one("feed/entry/published"),
        [
            "2026-02-01T08:30:00-05:00",
            "2026-01-31T00:00:00+00:00",
            "2024-12-01T00:00:00+00:00"
        ]
    );
    assert_eq!(
        one("feed/entry/updated"),
        [
            "2026-02-01T08:30:00-05:00",
            "2026-01-31T00:00:00+00:00",
            "2026-03-01T00:00:00+00:00"
        ]
    );
    assert_eq!(one("feed/author/name"), ["Example Clinic"]);
    assert_eq!(one("feed/entry/author/name"), ["Ada", "Ben"]);
    assert!(one("feed/entry/summary")[0].contains("Short."));
    assert_eq!(
        one("feed/entry/content"),
        ["<p>We close &amp; go home.</p>"]
    );
}

#[test]
fn a_sections_rss_feed() {
    let built = dated("feed_filenames = [\"rss.xml\", \"atom.xml\"]\n")
        .build()
        .clean();
    assert!(!built.has("rss.xml"), "nobody asked for a feed of the site");
    let feed = parse(&built.text("news/rss.xml"));
    let one = |name: &str| values(&feed, name);
    let base = "https://help.example.org/news";
    assert_eq!(one("rss@version"), ["2.0"]);
    assert_eq!(one("rss/channel/title"), ["Help & more: News"]);
    assert_eq!(one("rss/channel/link"), [format!("{base}/")]);
    assert_eq!(one("rss/channel/description"), ["What's new"]);
    assert_eq!(one("rss/channel/language"), ["en"]);
    assert_eq!(
        one("rss/channel/atom:link@href"),
        [format!("{base}/rss.xml")]
    );
    assert_eq!(
        one("rss/channel/lastBuildDate"),
        ["Sun, 01 Feb 2026 08:30:00 -0500"]
    );
    assert_eq!(
        one("rss/channel/item/guid"),
        [format!("{base}/rain/"), format!("{base}/snow/")]
    );
    assert_eq!(
        one("rss/channel/item/pubDate"),
        [
            "Sun, 01 Feb 2026 08:30:00 -0500",
            "Sat, 31 Jan 2026 00:00:00 +0000"
        ]
    );
    assert_eq!(
        one("rss/channel/item/dc:creator"),
        ["Example Clinic", "Ada", "Ben"]
    );
    let atom = parse(&built.text("news/atom.xml"));
    assert_eq!(values(&atom, "feed/id"), [format!("{base}/atom.xml")]);
    assert_eq!(values(&atom, "feed/title"), ["Help & more: News"]);
}

#[test]
fn terms_have_feeds_and_a_limit_counts_the_latest() {
    let template = "{{ feed_url }} {{ lang }} {{ taxonomy.name }} {{ term.name }} {{ term.pages is defined }} {{ last_updated }}:\
        {% for page in pages %} {{ page.slug }}{% endfor %}";
    let settings = "feed_limit = 1\nfeed_filenames = [\"own.txt\"]\ntaxonomies = [\
        { name = \"tags\", feed = true }, { name = \"kinds\" }, { name = \"hidden\", feed = true, render = false }]\n";
    let page = |date: &str| {
        front(&format!(
            "date = {date}\n[taxonomies]\ntags = [\"x y\"]\nkinds = [\"k\"]\nhidden = [\"h\"]"
        ))
    };
    let built = site(settings)
        .file("templates/own.txt", template)
        .file("templates/taxonomy_list.html", "")
        .file("templates/taxonomy_single.html", "")
        .file("content/a.md", &page("2026-01-01"))
        .file("content/b.md", &page("2026-01-02"))
        .build()
        .clean();
    assert_eq!(
        built.text("tags/x-y/own.txt"),
        "https://help.example.org/tags/x-y/own.txt en tags x y false 2026-01-02: b"
    );
    assert!(!built.has("kinds/k/own.txt") && !built.has("hidden") && !built.has("own.txt"));
}

#[test]
fn pages_of_one_day_come_by_address_and_drafts_do_not_come() {
    let built = site("generate_feeds = true\n")
        .file(
            "templates/atom.xml",
            "{% for page in pages %}{{ page.slug }} {% endfor %}",
        )
        .file("content/b.md", &front("date = 2026-01-01"))
        .file("content/2026-01-01-a.md", &front(""))
        .file("content/d.md", &front("date = 2026-01-01\ndraft = true"))
        .file("content/n.md", &front("date = 2026-01-01\nrender = false"))
        .build()
        .clean();
    assert_eq!(built.text("atom.xml"), "a b ");
}

#[test]
fn an_empty_feed_is_told_and_still_well_formed() {
    let built = site("feed_filenames = [\"atom.xml\", \"rss.xml\"]\ngenerate_feeds = true\n")
        .page("undated.md", "Undated", "")
        .build();
    assert_eq!(built.places(), ["zola.toml:3:18 empty-feed"]);
    let feed = parse(&built.text("atom.xml"));
    assert_eq!(values(&feed, "feed/updated"), ["1970-01-01T00:00:00Z"]);
    assert!(values(&feed, "feed/entry/id").is_empty());
    parse(&built.text("rss.xml"));
}

#[test]
fn a_feed_without_a_template_is_told_where_its_name_stands() {
    let built =
        dated("generate_feeds = true\nfeed_filenames = [\"atom.xml\", \"feed.xml\"]\n").build();
    assert_eq!(built.places(), ["zola.toml:6:31 no-template"]);
    assert!(built.findings().contains("Create `templates/feed.xml`."));
}
