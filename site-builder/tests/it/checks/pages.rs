//! What is found about a page among all others.

use super::{answer, site};
use crate::support::CONFIG;

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
fn a_link_to_a_draft_is_told_as_one_in_whatever_form() {
    let built = site()
        .page(
            "_index.md",
            "Home",
            "[First](@/a.md) [by file](@/b.md) [by address](/later/)",
        )
        .file(
            "content/b.md",
            "+++\ntitle = \"B\"\nslug = \"later\"\ndraft = true\n+++\n",
        )
        .build();
    assert_eq!(
        built.places(),
        [
            "content/_index.md:4:27 broken-link",
            "content/_index.md:4:48 broken-link"
        ]
    );
    assert_eq!(built.findings().matches("is a draft, so nobody").count(), 2);
}

#[test]
fn two_ways_to_ask_the_same_are_found() {
    let built = site()
        .page("_index.md", "Home", "[First](@/a.md) [Second](@/b.md)")
        .page("a.md", "How do I reset my password?", "")
        .page("b.md", "Can I reset a password?", "")
        .build();
    assert_eq!(built.places(), ["content/b.md:2:10 duplicate-title"]);
    let findings = built.findings();
    assert!(
        findings.contains("Another page asks the same: content/a.md."),
        "{findings}"
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
fn a_page_that_only_lost_pages_lead_to_is_lost_too() {
    let built = site()
        .page("_index.md", "Home", "[First](@/a.md)")
        .page("b.md", "B", "[On to C](@/c.md)")
        .page(
            "c.md",
            "C",
            "[Back to B](@/b.md) [First](@/a.md) [D](@/d.md)",
        )
        .page("d.md", "D", "")
        .build();
    let lost = ["b", "c", "d"].map(|page| format!("content/{page}.md:1:1 orphan-page"));
    assert_eq!(built.places(), lost);
    let findings = built.findings();
    assert!(
        findings.contains("No links lead from the home page"),
        "{findings}"
    );
    let through = "content/c.md has a link to it, but nobody gets there either.";
    assert_eq!(findings.matches(through).count(), 2, "{findings}");
}

#[test]
fn each_language_is_walked_from_its_own_home_page() {
    let settings = "[languages.es]\n[extra.check.levels]\nspelling = \"off\"\n";
    let built = site()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .page("_index.md", "Home", "[First](@/a.md)")
        .page("_index.es.md", "Inicio", "[Uno](@/a.es.md)")
        .page("a.es.md", "Uno", "[Inicio](@/_index.es.md)")
        .page("b.md", "B", "")
        .page("b.es.md", "Be", "")
        .build();
    assert_eq!(
        built.places(),
        [
            "content/b.es.md:1:1 orphan-page",
            "content/b.md:1:1 orphan-page"
        ]
    );
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
        !built.findings().contains("No links lead"),
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
fn a_description_is_missing_where_other_pages_of_the_language_have_one() {
    let page = |keys: &str| format!("+++\n{keys}\n+++\n");
    let all = "[First](@/a.md) [Second](@/b.md) [Third](@/c.md) [Part](@/part/_index.md)";
    let built = |first: &str| {
        site()
            .page("_index.md", "Home", all)
            .file("content/a.md", &page(first))
            .file(
                "content/b.md",
                &page("title = \"Second\"\ndescription = \" \""),
            )
            .file("content/c.md", &page("title = \"Third\""))
            .file(
                "content/part/_index.md",
                &page("title = \"Part\"\nredirect_to = \"/a/\""),
            )
            .build()
    };
    assert_eq!(built("title = \"First\"").places(), [""; 0]);
    assert_eq!(
        built("title = \"First\"\ndescription = \"Call us.\"").places(),
        [
            "content/b.md:3:1 description-missing",
            "content/c.md:2:1 description-missing",
        ]
    );
}

#[test]
fn pages_of_one_weight_are_found_where_weight_gives_the_order() {
    let page = |keys: &str| format!("+++\ntitle = \"A\"\n{keys}\n+++\n");
    let built = |sort_by: &str| {
        let links = "[a](@/s/a.md) [b](@/s/b.md) [c](@/s/c.md) [d](@/s/d.md) [t](@/s/t/_index.md)";
        site()
            .page("_index.md", "Home", links)
            .file(
                "content/s/_index.md",
                &format!("+++\ntitle = \"S\"\nsort_by = \"{sort_by}\"\n+++\n[Home](@/_index.md)"),
            )
            .file("content/s/a.md", &page("weight = 10"))
            .file("content/s/b.md", &page("weight = 20"))
            .file("content/s/c.md", &page("weight = 10"))
            .file("content/s/d.md", &page("weight = 30"))
            .file("content/s/t/_index.md", &page("weight = 10"))
            .file("content/s/u/_index.md", &page("weight = 10"))
            .file(
                "content/s/v/_index.md",
                &page("transparent = true\nweight = 40"),
            )
            .file("content/s/v/e.md", &page("weight = 20"))
            .build()
    };
    let found = |sort_by: &str| -> Vec<String> {
        let places = built(sort_by).places().into_iter();
        places
            .filter(|place| place.contains("weight-twice"))
            .collect()
    };
    assert_eq!(found("title"), [""; 0]);
    assert_eq!(
        found("weight"),
        [
            "content/s/c.md:3:1 weight-twice",
            "content/s/u/_index.md:3:1 weight-twice",
        ]
    );
    let findings = built("weight").findings();
    assert!(
        findings.contains("The weight 10 is that of content/s/a.md too"),
        "{findings}"
    );
}
