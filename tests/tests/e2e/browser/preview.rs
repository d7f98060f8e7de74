//! The editors' preview: it follows every change by itself, and says what it finds.

use frontdesk_tests::preview::{built, files};
use frontdesk_tests::{Browser, Preview, Visitor as _, wait_for};
use serde_json::Value;

const HOST: &str = "#site-builder-preview";
const ENTER: &str = "\u{e007}";

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>T</title></head><body><main>\
     <h1>T</h1>{% block text %}{{ page.content | safe }}{% endblock %}</main></body></html>";
const SECTION: &str = "{% extends \"page.html\" %}\
     {% block text %}{{ section.content | safe }}{% endblock %}";

/// A page that is longer than the screen.
fn long(text: &str) -> String {
    let lines = "This is a line.\n\n".repeat(99);
    format!("+++\ntitle = \"A\"\n+++\n<button id=\"b\">B</button>\n\n{lines}\n{text}\n")
}

fn site(text: &str) -> Preview {
    Preview::of(&[
        ("zola.toml", "base_url = \"https://help.example.org\"\n"),
        ("words.toml", "[en]\n\"utilize\" = \"use\"\n"),
        ("templates/index.html", SECTION),
        ("templates/page.html", PAGE),
        (
            "content/_index.md",
            "+++\ntitle = \"Home\"\n+++\n[Go to A](@/a.md)\n",
        ),
        ("content/a.md", &long(text)),
        // Browsers ask for it whatever a page says.
        ("static/favicon.ico", ""),
    ])
}

/// What a script of the test's own finds below the shadow root.
fn within(browser: &Browser, script: &str) -> Value {
    let find = format!("const root = document.querySelector('{HOST}')?.shadowRoot;");
    let script = format!("{find} if (!root) {{ return 'not there yet'; }} {script}");
    browser.script(&script, Vec::new())
}

/// What can be read in the section at the foot; nothing where there is none.
fn errors(browser: &Browser) -> String {
    let read = "return root.querySelector('section:not([hidden])')?.innerText ?? ''";
    within(browser, read)
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// What can be read in the panel; nothing where there is none.
fn panel(browser: &Browser) -> String {
    let read = "return root.querySelector('details')?.innerText ?? ''";
    within(browser, read)
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn is_open(browser: &Browser) -> bool {
    within(browser, "return root.querySelector('details').open") == true
}

fn scrolled(browser: &Browser) -> Value {
    browser.script("return Math.round(scrollY)", Vec::new())
}

#[track_caller]
fn expect_text(browser: &mut Browser, text: &str) {
    wait_for(&format!("{text:?} on the page"), || {
        browser.page().text("main").contains(text).then_some(())
    });
}

#[track_caller]
fn expect_errors(browser: &Browser, is_there: impl Fn(&str) -> bool) {
    wait_for("what the section at the foot should say", || {
        is_there(&errors(browser)).then_some(())
    });
}

#[test]
fn an_edit_shows_by_itself_and_keeps_the_place() {
    let preview = site("The old end.");
    let mut browser = Browser::preview(&preview, "/a/");
    assert!(browser.page().text("main").contains("The old end."));
    let act = "document.getElementById('b').focus(); scrollTo(0, 900)";
    browser.script(act, Vec::new());
    for end in ["The new end.", "Another end."] {
        preview.save("content/a.md", &long(end));
        expect_text(&mut browser, end);
        wait_for("the place to be kept", || {
            (scrolled(&browser) == 900 && browser.is_focused("#b")).then_some(())
        });
    }
    browser.expect_silent_console();
}

#[test]
fn a_comment_without_an_end_does_not_swallow_the_preview() {
    let preview = site("Whole. <!-- oops");
    let mut browser = Browser::preview(&preview, "/a/");
    wait_for("what the preview adds", || {
        within(&browser, "return root.querySelector('link') !== null")
            .as_bool()?
            .then_some(())
    });
    preview.save("content/a.md", &long("Mended."));
    expect_text(&mut browser, "Mended.");
}

#[test]
fn an_error_is_told_at_the_foot_until_it_is_closed_or_mended() {
    let preview = site("[Nowhere](@/nowhere.md)");
    let mut browser = Browser::preview(&preview, "/");
    let is_broken = |told: &str| {
        told.contains("The site has 1 error") && told.contains("There is no page `@/nowhere.md`")
    };
    assert!(is_broken(&errors(&browser)), "{}", errors(&browser));
    preview.save("content/a.md", &long("Mended."));
    expect_errors(&browser, str::is_empty);
    preview.save("content/a.md", &long("[Nowhere](@/nowhere.md)"));
    expect_errors(&browser, is_broken);

    browser.tab_to(HOST);
    browser.keys(ENTER);
    assert_eq!(errors(&browser), "", "it should be closed");
    browser.reload();
    assert_eq!(errors(&browser), "", "it should stay closed");
    browser.goto("/a/");
    assert_eq!(errors(&browser), "", "it should stay closed elsewhere");
    // It is the same error on another line.
    let read = "return root.querySelector('section').textContent";
    let before = within(&browser, read);
    preview.save(
        "content/a.md",
        &long("One more.\n\n[Nowhere](@/nowhere.md)"),
    );
    wait_for("the error to move", || {
        (within(&browser, read) != before).then_some(())
    });
    assert_eq!(errors(&browser), "", "it should stay closed when it moves");
    // What is new is told again.
    preview.save(
        "content/a.md",
        &long("[Nowhere](@/nowhere.md), [never](@/never.md)"),
    );
    expect_errors(&browser, |told| told.contains("The site has 2 errors"));
    within(&browser, "root.querySelector('button').click()");
    preview.save("content/a.md", &long("Mended again."));
    expect_text(&mut browser, "Mended again.");
    expect_errors(&browser, str::is_empty);
    // So is what was closed and mended, and comes back.
    wait_for("no errors to be there", || {
        (within(&browser, "return root.querySelector('section')") == Value::Null).then_some(())
    });
    preview.save(
        "content/a.md",
        &long("[Nowhere](@/nowhere.md), [never](@/never.md)"),
    );
    expect_errors(&browser, |told| told.contains("The site has 2 errors"));
}

#[test]
fn the_panel_opens_by_keyboard_and_stays_open() {
    let preview = site("You utilize it.");
    let mut browser = Browser::preview(&preview, "/a/");
    assert!(panel(&browser).contains("1 thing to look at on this page"));
    assert!(!is_open(&browser), "nobody has opened it");
    browser.tab_to(HOST);
    browser.keys(ENTER);
    wait_for("the panel to open", || is_open(&browser).then_some(()));
    let told = panel(&browser);
    assert!(told.contains("utilize"), "{told}");
    assert!(told.contains("content/a.md, line"), "{told}");

    // The page loads anew, and findings come without that; whoever reads the panel stays in it.
    for (text, things) in [
        ("So you utilize it.", "1 thing"),
        ("You utilize it, or utilize that.", "2 things"),
    ] {
        preview.save("content/a.md", &long(text));
        expect_text(&mut browser, text);
        wait_for("what is found to follow", || {
            panel(&browser).contains(things).then_some(())
        });
        assert!(is_open(&browser), "it should stay open");
        let on = "return root.activeElement?.localName ?? ''";
        wait_for("the focus to be kept", || {
            (within(&browser, on) == "summary").then_some(())
        });
    }
    browser.keys(ENTER);
    wait_for("the panel to close", || (!is_open(&browser)).then_some(()));
    browser.goto("/");
    assert_eq!(panel(&browser), "", "that is about another page");
}

#[test]
fn a_preview_that_is_started_again_is_followed() {
    let mut preview = site("Before.");
    let mut browser = Browser::preview(&preview, "/a/");
    preview.restart(|preview| preview.save("content/a.md", &long("After.")));
    expect_text(&mut browser, "After.");
}

/// A browser opens six connections to one address, and each tab that waits for a change takes one:
/// those that nobody looks at must not.
#[test]
fn many_tabs_can_be_open() {
    let preview = site("The old end.");
    let mut browser = Browser::preview(&preview, "/a/");
    for _ in 0..8 {
        browser.new_tab("/a/");
    }
    preview.save("content/a.md", &long("The new end."));
    expect_text(&mut browser, "The new end.");
    let now = browser.script("return Date.now()", Vec::new()).as_f64();
    browser.show_tab(0);
    expect_text(&mut browser, "The new end.");
    let loaded = browser.script("return performance.timeOrigin", Vec::new());
    assert!(loaded.as_f64() >= now, "it should follow when it is shown");
}

#[test]
fn what_is_published_has_nothing_of_a_preview() {
    let preview = site("Text.");
    let browser = Browser::preview(&preview, "/a/");
    assert!(within(&browser, "return !!root") == true);
    let has_marks = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains("site-builder-preview") || text.contains("__site-builder")
    };
    let (is_built, said) = preview.run(&["build", "--output", "out"]);
    assert!(is_built, "{said}");
    for folder in [preview.folder().join("out"), built("FRONTDESK_SITE")] {
        let written = files(&folder);
        assert!(written.len() > 3, "{written:?}");
        for path in written {
            let bytes = std::fs::read(&path).expect("a file of the site");
            let path = path.display();
            assert!(!has_marks(&bytes), "{path} has something of the preview");
        }
    }
}
