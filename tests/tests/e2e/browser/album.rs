//! Pictures of every page and every state of every step, for whoever decides how they look:
//!
//! ```sh
//! cargo xtask test --test e2e an_album_of_every_screen -- --ignored
//! ```
//!
//! puts them into `target/pictures/`, with `index.html` to look through them. No test
//! compares them; `pictures` takes those of the documents.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use frontdesk_tests::{Browser, Colors, Eyes, Scripts, Stack};
use protocol::{Locale, paths};

use crate::accessibility::pages::TYPES;
use crate::accessibility::tour::{Eye, Host, Tour};

const DESK: (u32, u32) = (1280, 800);

/// How each screen is taken.
const VIEWS: [(&str, Eyes); 4] = [
    ("phone-light", Eyes::phone(Colors::Light)),
    ("phone-dark", Eyes::phone(Colors::Dark)),
    (
        "desk-light",
        Eyes {
            colors: Colors::Light,
            screen: DESK,
        },
    ),
    (
        "desk-dark",
        Eyes {
            colors: Colors::Dark,
            screen: DESK,
        },
    ),
];

/// How the sheet begins.
const HEAD: &str =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Every screen</title>
<style>
body { font: 1rem/1.4 sans-serif; background: #777; color: #fff }
div { display: flex; gap: 1rem; align-items: flex-start }
img { display: block; max-height: 60rem }
</style>
<h1>Every screen</h1>
";

/// A browser whose screens are kept.
struct Album {
    browser: Browser,
    folder: PathBuf,
    sheet: String,
    screens: usize,
}

impl Album {
    fn begin(browser: Browser) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures");
        // With fewer screens than last time, old ones would pass for new.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                panic!("the pictures of last time should go: {error}")
            }
            _ => fs::create_dir_all(&folder).expect("a folder for pictures"),
        }
        Self {
            browser,
            folder,
            sheet: HEAD.to_owned(),
            screens: 0,
        }
    }

    /// The same album in another browser.
    fn go_on(self, browser: Browser) -> Self {
        Self { browser, ..self }
    }

    fn finish(self) {
        let file = self.folder.join("index.html");
        fs::write(&file, self.sheet).expect("the sheet is written");
    }
}

impl Eye for Album {
    fn browser(&mut self) -> &mut Browser {
        &mut self.browser
    }

    fn look(&mut self, what: &str) {
        self.screens += 1;
        let address = self.browser.address();
        let caption = format!("{} {what}, {address}", self.screens);
        let caption = caption.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(self.sheet, "<h2>{caption}</h2>\n<div>");
        for (view, eyes) in VIEWS {
            self.browser.see_with(eyes);
            let name = format!("{:03}-{view}.png", self.screens);
            fs::write(self.folder.join(&name), self.browser.whole_page())
                .expect("a picture is written");
            let _ = writeln!(
                self.sheet,
                "<img loading=\"lazy\" src=\"{name}\" alt=\"{view}\">"
            );
        }
        self.sheet.push_str("</div>\n");
    }
}

#[test]
#[ignore = "it takes minutes, and is for people: see above"]
fn an_album_of_every_screen() {
    let stack = Stack::with_site();
    let mut album = Album::begin(Browser::open(&stack, "/", Scripts::On));
    for locale in Locale::ALL {
        for path in TYPES {
            album.browser.goto(&paths::in_language(locale, path));
            album.look("a page");
        }
    }
    for (host, locale) in [
        (Host::Widget, Locale::En),
        (Host::Plain, Locale::Es),
        (Host::Clinic, Locale::En),
    ] {
        let mut tour = Tour::new(host, locale, |browser| album.go_on(browser));
        tour.go();
        album = tour.eye;
    }
    album.finish();
}
