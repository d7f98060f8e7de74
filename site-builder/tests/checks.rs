//! The checks of a help center, through `check` of a whole site: what each finds, where, and how the
//! settings turn it up, down and off. What a rule takes for right and wrong is tested beside it.

mod support;

use jiff::civil::{Date, date};
use site_builder::diagnostic::print::{self, Format};
use site_builder::{BuildOptions, Mode, build};
use support::{Built, CONFIG, Site, put};

const DAY: Date = date(2026, 11, 25);

/// A help center in which nothing is wrong: a home page that links to one answer.
fn site() -> Site {
    let shell = |kind: &str| {
        format!("<html lang=en><h1>{{{{ {kind}.title }}}}</h1>{{{{ {kind}.content | safe }}}}")
    };
    Site::new()
        .file("templates/index.html", &shell("section"))
        .file("templates/section.html", &shell("section"))
        .file("templates/page.html", &shell("page"))
        .page("_index.md", "Home", "[First answer](@/a.md)")
        .page("a.md", "First", "Call us.")
        .with(|options| {
            options.mode = Mode::Check;
            options.today = Some(DAY);
        })
}

/// The site with this as the answer's text, and settings beyond the least.
fn answer(text: &str, settings: &str) -> Built {
    site()
        .page("a.md", "First", text)
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .build()
}

fn places(text: &str) -> Vec<String> {
    answer(text, "").places()
}

#[test]
fn a_good_site_has_nothing_to_find() {
    site().build().clean();
}

#[test]
fn headings_are_found_in_the_editors_own_text() {
    let text = "## Two\n\n#### Four\n\n# One more\n\n## {{ 1 + 1 }}\n\n#### Four again\n";
    assert_eq!(
        places(text),
        [
            "content/a.md:6:1 heading-order",
            "content/a.md:8:1 one-main-heading",
            "content/a.md:12:1 heading-order",
        ]
    );
}

#[test]
fn a_heading_of_a_template_is_told_once_for_all_its_pages() {
    let built = site()
        .file("templates/page.html", "{{ page.content | safe }}")
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .page("b.md", "Second", "Call us.")
        .build();
    assert_eq!(built.places(), ["templates/page.html:1:1 one-main-heading"]);
    let findings = built.findings();
    assert!(
        findings.contains("It shows on /a/ and 1 more."),
        "{findings}"
    );
}

#[test]
fn pictures_need_words_wherever_they_come_from() {
    let built = site()
        .page(
            "a.md",
            "First",
            "![](/p.png) and ![image](/p.png)\n\n<img src=\"/q.png\"> <img src=\"/p.png\" alt=\"\">",
        )
        .file("templates/index.html", "<h1>H</h1>{{ section.content | safe }}<img src=\"/q.png\">")
        .file("static/p.png", "p")
        .file("static/q.png", "q")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:1 image-text",
            "content/a.md:4:17 image-text",
            "content/a.md:6:10 image-text",
            "templates/index.html:1:48 image-text",
        ]
    );
}

#[test]
fn words_of_links_are_told_once_at_the_link() {
    let built = site()
        .page(
            "a.md",
            "First",
            "See [here](@/_index.md) and [home](@/_index.md).",
        )
        .file(
            "templates/page.html",
            "<h1>T</h1>{{ page.content | safe }}<a href=\"/a/\"></a><a href=/a/ aria-label=Top></a>\
             <a href=/a/ title=Top></a>",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:5 link-text",
            "templates/page.html:1:44 link-text"
        ]
    );
}

#[test]
fn an_address_of_no_form_can_stop_a_build_too() {
    let text = "[Our site](http://) [Mail us](mailto:help) [Ours](www.example.org)";
    let built = answer(text, "");
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:12 link-form",
            "content/a.md:4:31 link-form",
            "content/a.md:4:51 broken-link",
        ]
    );
    let findings = built.findings();
    assert!(
        findings.contains("write `https://www.example.org`"),
        "{findings}"
    );
    let strict = "[extra.check.levels]\nlink-form = \"error\"\n";
    let stopped = site()
        .file("zola.toml", &format!("{CONFIG}{strict}"))
        .page("a.md", "First", text)
        .with(|options| options.mode = Mode::Build)
        .build();
    assert_eq!(stopped.places().len(), 3);
    assert!(stopped.report.written.is_none());
}

#[test]
fn review_dates_are_held_against_the_day_that_is_given() {
    let page = "+++\ntitle = \"First\"\n[extra]\nlast_reviewed = 2026-01-02\nreview_by = 2026-11-24\n+++\n";
    let on = |today| {
        let site = site().file("content/a.md", page);
        site.with(|options| options.today = today).build().places()
    };
    assert_eq!(on(Some(DAY)), ["content/a.md:5:1 review-due"]);
    assert_eq!(on(Some(date(2026, 11, 24))), [""; 0]);
    assert_eq!(
        on(Some(date(2026, 1, 1))),
        ["content/a.md:4:1 review-dates"]
    );
    assert_eq!(on(None), [""; 0]);
}

#[test]
fn the_day_changes_no_byte_of_a_build() {
    let page = "+++\ntitle = \"First\"\n[extra]\nreview_by = 2026-11-24\n+++\n";
    let on = |today| {
        let site = site().file("content/a.md", page).with(|options| {
            options.mode = Mode::Build;
            options.today = today;
        });
        site.build().clean().tree()
    };
    assert_eq!(on(Some(DAY)), on(None));
}

#[test]
fn long_sentences_and_hard_pages_are_found_at_the_sentence() {
    let long = "one two three four five six seven";
    let settings = "[extra.check.limits]\nsentence_words = 6\n";
    let built = answer(&format!("A short one. Now {long}.\n"), settings);
    assert_eq!(built.places(), ["content/a.md:4:14 long-sentence"]);

    let easy = "Call us.\n\n";
    let hard = "Administrative identification necessitates authentication.\n\n";
    let built = answer(&format!("{easy}{}", hard.repeat(9)), "");
    assert_eq!(built.places(), ["content/a.md:6:1 reading-grade"]);
}

#[test]
fn the_editors_own_words_are_held_against_text_title_and_description() {
    let built = site()
        .file(
            "content/a.md",
            "+++\ntitle = \"Utilize it\"\ndescription = \"How to submit.\"\n+++\n\
             # {{ 1 }} {#x}\nPlease submit, not `submit`.\n",
        )
        .file("templates/page.html", "{{ page.content | safe }}")
        .file(
            "words.toml",
            "[en]\n\"utilize\" = \"use\"\n\"submit\" = \"send\"\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:2:10 plain-words",
            "content/a.md:3:23 plain-words",
            "content/a.md:6:8 plain-words",
        ]
    );
    let findings = built.findings();
    assert!(findings.contains("Write “use”."), "{findings}");
}

#[test]
fn a_word_list_that_is_missing_or_faulty_is_found() {
    let built = answer("", "[extra.check]\nwords = \"data/words.toml\"\n");
    assert_eq!(built.places(), ["data/words.toml:1:1 unreadable"]);
    let built = site().file("words.toml", "utilize = \"use\"\n").build();
    assert_eq!(built.places(), ["words.toml:1:1 words-file"]);
}

#[test]
fn titles_and_descriptions_are_each_pages_own() {
    let page = "+++\ntitle = \" first\"\ndescription = \"One.\"\n+++\n";
    let built = site()
        .file(
            "content/a.md",
            "+++\ntitle = \"First\"\ndescription = \"One.\"\n+++\n",
        )
        .file("content/b.md", page)
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/b.md:2:10 duplicate-title",
            "content/b.md:3:16 duplicate-description"
        ]
    );
}

#[test]
fn a_page_that_only_leads_to_itself_is_an_orphan_and_one_behind_a_redirect_is_not() {
    let built = site()
        .page("_index.md", "Home", "[First](@/a.md) [Old](/old/)")
        .file(
            "content/b.md",
            "+++\ntitle = \"B\"\naliases = [\"old\"]\n+++\n",
        )
        .page("c.md", "C", "[Here I am](@/c.md)")
        .build();
    assert_eq!(built.places(), ["content/c.md:1:1 orphan-page"]);
}

#[test]
fn a_page_on_a_further_pager_is_no_orphan() {
    let built = site()
        .page("_index.md", "Home", "[Topic](@/s/_index.md) [First](@/a.md)")
        .file(
            "templates/section.html",
            "<h1>{{ section.title }}</h1>{% if paginator %}\
             {% for page in paginator.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>{% endfor %}\
             {% if paginator.next %}<a href=\"{{ paginator.next }}\">Next page</a>{% endif %}{% endif %}\
             {{ section.content | safe }}",
        )
        .file(
            "content/s/_index.md",
            "+++\ntitle = \"S\"\nsort_by = \"slug\"\npaginate_by = 1\n+++\n",
        )
        .page("s/one.md", "One answer", "")
        .page("s/two.md", "Two answers", "")
        .build();
    assert!(
        !built.findings().contains("No other page"),
        "{}",
        built.findings()
    );
}

#[test]
fn a_page_weighs_what_it_makes_a_phone_load() {
    let image = vec![0; 1500];
    let page = |limit: &str| {
        site()
            .page(
                "a.md",
                "First",
                "![A street map](/map.png) ![A street map](/map.png)",
            )
            .bytes("static/map.png", &image)
            .file(
                "zola.toml",
                &format!("{CONFIG}[extra.check.limits]\npage_kb = {limit}\n"),
            )
            .build()
    };
    page("2").clean();
    let built = page("1");
    assert_eq!(built.places(), ["content/a.md:1:1 page-weight"]);
    let findings = built.findings();
    assert!(
        findings.contains("`/map.png` (2 KB), `/a/index.html` (1 KB)"),
        "{findings}"
    );
}

#[test]
fn phone_numbers_and_emails_are_those_of_the_settings() {
    let settings = "[extra.support]\nphone = \"207-555-0100\"\nemail = \"help@example.org\"\n";
    let text = "Call 207-555-0100 or (207) 555-0100, {{ config.extra.support.phone }}.\n\n\
                [Call](tel:+12075550100) or [write](mailto:desk@example.org) or desk@example.org\n";
    let built = answer(text, settings);
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:22 contact",
            "content/a.md:6:29 contact",
            "content/a.md:6:65 contact"
        ]
    );
    let findings = built.findings();
    let fix =
        "Write `207-555-0100`, so that people know it again, or `{{ config.extra.support.phone }}`";
    assert!(findings.contains(fix), "{findings}");

    let template = "<h1>T</h1>{{ page.content | safe }}<a href=\"tel:+12075550199\">Call</a>";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("templates/page.html", template)
        .build();
    assert_eq!(built.places(), ["templates/page.html:1:44 contact"]);
}

#[test]
fn scripts_stay_out_of_texts() {
    let text = "<script>go()</script>\n\nA <b onclick=\"go()\">word</b>.\n";
    assert_eq!(
        places(text),
        ["content/a.md:4:1 script", "content/a.md:6:3 script"]
    );
}

#[test]
fn the_page_of_a_flow_has_its_widget_and_its_form() {
    let settings = "[extra.flows]\nenroll = \"@/a.md\"\nreset = \"@/gone.md\"\n\
                    [extra.check.flow_pages]\npages = \"flows\"\nelement = \"my-widget\"\nform = \"/f/\"\n\
                    [extra.check]\nserved_elsewhere = [\"/f/\"]\n";
    let built = answer("Text.", settings);
    assert_eq!(
        built.places(),
        ["content/a.md:1:1 flow-page", "zola.toml:1:1 flow-page"]
    );
    let fine = "<my-widget flow=\"enroll\"><form action=\"/f/enroll\"></form></my-widget>";
    assert_eq!(answer(fine, settings).places(), ["zola.toml:1:1 flow-page"]);
}

#[test]
fn each_check_can_be_an_error_a_warning_or_off() {
    let text = "See [here](@/_index.md).";
    let level = |level: &str| {
        let settings = format!("[extra.check.levels]\nlink-text = \"{level}\"\n");
        let built = answer(text, &settings);
        (built.places().len(), built.report.findings.has_errors())
    };
    assert_eq!(level("error"), (1, true));
    assert_eq!(level("warn"), (1, false));
    assert_eq!(level("off"), (0, false));

    let built = answer(text, "[extra.check.levels]\nlink-txt = \"off\"\n");
    assert_eq!(
        built.places(),
        ["content/a.md:4:5 link-text", "zola.toml:3:1 unknown-check"]
    );
    assert!(built.findings().contains("Did you mean `link-text`?"));
}

#[test]
fn a_build_runs_what_is_an_error_and_leaves_the_rest_to_check() {
    let level = |settings: &str| {
        let site = site().page("a.md", "First", "See [here](@/_index.md).");
        let site = site.file("zola.toml", &format!("{CONFIG}{settings}"));
        site.with(|options| options.mode = Mode::Build).build()
    };
    level("").clean();
    let built = level("[extra.check.levels]\nlink-text = \"error\"\n");
    assert_eq!(built.places(), ["content/a.md:4:5 link-text"]);
    assert!(built.report.written.is_none());
}

#[test]
fn a_themes_levels_lie_under_those_of_the_site() {
    let theme = "name = \"t\"\n[extra.check.levels]\nlink-text = \"off\"\nscript = \"off\"\nscirpt = \"off\"\n";
    let built = site()
        .page(
            "a.md",
            "First",
            "See [here](@/_index.md). <script></script>",
        )
        .file("themes/t/theme.toml", theme)
        .file(
            "zola.toml",
            "base_url = \"https://help.example.org\"\ntheme = \"t\"\n\
             [extra.check.levels]\nscript = \"warn\"\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/a.md:4:26 script",
            "themes/t/theme.toml:5:1 unknown-check"
        ]
    );
}

#[test]
fn pages_that_are_no_pages_yet_are_left_alone() {
    let settings = "[extra.check]\nskip_pages = [\"frames/*.md\"]\n";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("frames/_index.md", "Frames", "")
        .page(
            "_index.md",
            "Home",
            "[First](@/a.md) [Frames](@/frames/_index.md)",
        )
        .page("frames/f.md", "First", "# [here](@/a.md)")
        .build();
    built.clean();
}

#[test]
fn our_own_pages_have_nothing_to_find() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().unwrap();
    // The widget is built elsewhere; that it is linked to is enough here.
    put(&folder.path().join("widget/verify-widget.js"), b"//");
    let mut options = BuildOptions::new(root);
    options.mode = Mode::Check;
    options.today = Some(DAY);
    options.static_dirs = vec![folder.path().to_owned()];
    let report = build(&options);
    let findings = print::render(&report.findings, Format::Human);
    assert!(findings.is_empty() && report.pages > 50, "{findings}");
}

#[test]
fn odd_characters_blur_a_place_and_stop_nothing() {
    let settings = "[extra.support]\nphone = \"207-555-0100\"\nemail = \"help@example.org\"\n\
                    [extra.check.limits]\nsentence_words = 1\ngrade = 0\n";
    let odd = "# \u{0}é &amp;&nvlt; `ü` “so” \u{1f600}\n\né\u{0}\u{0} ways `ß` 207-555-0101”\u{a0}é@é.é \
               a@example.org… [\u{1f600}](mailto:é) ![é.png](http://é) \\* &notanentity; — “ends”\n\n\
               <a href=\"javascript:é\">\u{1f600}</a> one two &ngE; three&ngE;\n";
    for text in [odd.to_owned(), format!("{{{{ 1 }}}}é{odd}"), odd.repeat(9)] {
        assert!(!answer(&text, settings).places().is_empty());
    }
}

#[test]
fn a_word_list_outside_the_site_is_not_read() {
    let site = site().file(
        "zola.toml",
        &format!("{CONFIG}[extra.check]\nwords = \"../secret.toml\"\n"),
    );
    put(&site.beside("secret.toml"), b"secret = [");
    let findings = site.build().findings();
    assert!(findings.contains("outside the site's folder"), "{findings}");
    assert!(!findings.contains("secret = ["), "{findings}");
}
