//! How people have set their screens: its width, the size of text, light or dark.
//!
//! Chromium plays all of it; none changes what the page holds.

use data_encoding::BASE64;
use serde_json::json;

use super::Browser;
use super::engine::PHONE;

/// The colors that a person asks of every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A screen of 1,280 by 1,024 CSS pixels at a zoom of 400 % (WCAG 2.2, 1.4.10).
pub const SMALLEST: (u32, u32) = (320, 256);

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eyes {
    /// What is asked of its colors.
    pub colors: Colors,
    /// Width and height of the screen, in CSS pixels.
    pub screen: (u32, u32),
}

impl Eyes {
    /// A phone.
    pub const fn phone(colors: Colors) -> Self {
        let screen = PHONE;
        Self { colors, screen }
    }

    /// A zoom of 400 %.
    pub const fn zoomed(colors: Colors) -> Self {
        let screen = SMALLEST;
        Self { colors, screen }
    }
}

impl Browser {
    /// Looks at the page that is open with other eyes, until another one is opened.
    pub fn see_with(&self, eyes: Eyes) {
        let (width, height) = eyes.screen;
        self.metrics(width, height);
        let value = match eyes.colors {
            Colors::Light => "light",
            Colors::Dark => "dark",
        };
        // Without motion the colors are there at once.
        self.media(&[
            ("prefers-color-scheme", value),
            ("prefers-reduced-motion", "reduce"),
        ]);
    }

    /// A screen of this size, in CSS pixels.
    pub fn resize(&self, (width, height): (u32, u32)) {
        self.metrics(width, height);
    }

    /// What the person has set, by the names of media features; all others are as they come.
    pub fn media(&self, features: &[(&str, &str)]) {
        let features = features.iter();
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        self.devtools(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features.collect::<Vec<_>>() }),
        );
    }

    /// From now on pages look as they come out of a printer.
    pub fn on_paper(&self) {
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// How many sheets of paper the page takes, as a printer is set when it is bought.
    pub fn sheets(&self) -> usize {
        let printed = self.devtools("Page.printToPDF", &json!({}));
        let pdf = printed["data"].as_str().expect("a document in base64");
        let pdf = BASE64.decode(pdf.as_bytes()).expect("a document in base64");
        // Each page is an object of that type; the tree of all is of the type `Pages`.
        let name = b"/Type /Page";
        let is_page = |at: &[u8]| at.starts_with(name) && at.get(name.len()) != Some(&b's');
        (0..pdf.len()).filter(|at| is_page(&pdf[*at..])).count()
    }

    /// The person's own style sheet on each page that is opened from now on.
    pub fn styles_from_the_start(&self, css: &str) {
        let css = serde_json::Value::from(css);
        let script = format!(
            "{{ const sheet = new CSSStyleSheet();
            sheet.replaceSync({css});
            document.adoptedStyleSheets = [sheet]; }}"
        );
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": script }),
        );
    }

    /// The person's own style sheet, which counts more than any of the page; without one
    /// where it is empty.
    pub fn own_styles(&self, css: &str) {
        let script = "const sheet = new CSSStyleSheet();
            sheet.replaceSync(arguments[0]);
            document.adoptedStyleSheets = [sheet]";
        self.script(script, vec![css.into()]);
    }

    /// The smallest phone that anybody reads with (WCAG 2.2, 1.4.10), and text at
    /// twice its size (1.4.4) on the page that is open.
    pub fn small_with_large_text(&self) {
        self.metrics(320, 640);
        let script = "document.documentElement.style.fontSize = '200%'";
        self.script(script, Vec::new());
    }

    fn metrics(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true }),
        );
    }
}
