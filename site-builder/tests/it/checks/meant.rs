//! What a link or picture that leads nowhere was to lead to: how a person is told.

use super::site;
use crate::support::Built;

fn built(text: &str) -> Built {
    site()
        .page(
            "_index.md",
            "Home",
            "[First](@/a.md) [Spam](@/faq/in-spam.md) [Questions](@/faq/_index.md)",
        )
        .page("faq/_index.md", "Questions", "")
        .page(
            "faq/in-spam.md",
            "Is it in spam?",
            "## Look in your spam folder\n\n## Wait some minutes\n",
        )
        .page("a.md", "First", text)
        .file("static/images/Spam-Folder.png", "p")
        .file("static/pictures/code.png", "p")
        .build()
}

#[test]
fn the_nearest_page_or_heading_is_offered_for_every_form_of_link() {
    for (link, help) in [
        ("@faq/in-spam.md", "Write `@/faq/in-spam.md`."),
        ("help@example.org", "write `mailto:help@example.org`"),
        ("207-555-0100", "write `tel:+12075550100`"),
        ("+12075550100", "write `tel:+12075550100`"),
        ("+442079460958", "write `tel:+442079460958`"),
        ("@/faq.md", "Did you mean `@/faq/_index.md`?"),
        ("@/Faq/In-Spam.md", "Did you mean `@/faq/in-spam.md`?"),
        (
            "@/faq/in-spam/_index.md",
            "Did you mean `@/faq/in-spam.md`?",
        ),
        ("@/faq/mail-in-spam.md", "Did you mean `@/faq/in-spam.md`?"),
        ("@/in-spam-folder.md", "Did you mean `@/faq/in-spam.md`?"),
        ("/faq/mail-in-spam/", "Did you mean `/faq/in-spam/`?"),
        ("/help/in-spam-box/", "Did you mean `/faq/in-spam/`?"),
        ("mail-in-spam.md", "Did you mean `@/faq/in-spam.md`?"),
        (
            "@/faq/in-spam.md#spam-folder",
            "Did you mean `#look-in-your-spam-folder`, “Look in your spam folder”?",
        ),
        (
            "/faq/in-spam/#wait-a-few-minutes",
            "Did you mean `#wait-some-minutes`, “Wait some minutes”?",
        ),
        (
            "/faq/in-spam/#fees",
            "It has `#look-in-your-spam-folder`, `#wait-some-minutes`.",
        ),
        ("#before-calling", "Did you mean `#before-you-call`"),
    ] {
        let built = built(&format!(
            "## Before you call\n\nSee [the answer]({link}).\n"
        ));
        assert_eq!(built.places().len(), 1, "{link}: {}", built.findings());
        assert!(
            built.places()[0].starts_with("content/a.md:6:18 "),
            "{link}"
        );
        let findings = built.findings();
        assert!(findings.contains(help), "{link}: {findings}");
    }
}

#[test]
fn a_number_without_its_area_is_no_number_to_dial() {
    let said = built("See [us](555-0100).\n").findings();
    assert!(!said.contains("tel:"), "{said}");
}

#[test]
fn a_picture_is_called_one_and_looked_for_in_every_folder() {
    for (address, help) in [
        (
            "/spam-folder.png",
            "It is in `images/`: write `/images/Spam-Folder.png`.",
        ),
        (
            "/images/spam-folder.png",
            "Capitals count: write `/images/Spam-Folder.png`.",
        ),
        (
            "code.png",
            "It is in `pictures/`: write `/pictures/code.png`.",
        ),
        (
            "/pictures/the-code.png",
            "Did you mean `/pictures/code.png`?",
        ),
        (
            "/img/phone.png",
            "Put the file into `static/pictures/`, and write `/pictures/phone.png`.",
        ),
    ] {
        let built = built(&format!("![Where the code stands]({address})"));
        assert_eq!(
            built.places(),
            ["content/a.md:4:26 broken-link"],
            "{address}"
        );
        let findings = built.findings();
        assert!(
            findings.contains("This picture is not there: the site has no `/"),
            "{findings}"
        );
        assert!(findings.contains(help), "{address}: {findings}");
    }
}
