//! Pictures of the screen, for the documents.
//!
//! They are kept only when somebody asks for them; the tests that take them run always, so
//! that what the pictures show stays true.

use std::path::Path;

use data_encoding::BASE64;
use serde_json::json;

use super::Browser;

/// The folder that pictures are kept in, from the repository's root.
const FOLDER: &str = "FRONTDESK_PICTURES";

impl Browser {
    /// A screen of this width and height, in CSS pixels, each so many times as fine; until the
    /// browser goes to another page.
    pub fn screen(&self, width: u32, height: u32, finer: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({
                "width": width, "height": height, "deviceScaleFactor": finer, "mobile": false,
            }),
        );
        self.devtools("Emulation.setScrollbarsHidden", &json!({ "hidden": true }));
    }

    /// A picture of all that can be scrolled to, as a PNG.
    ///
    /// # Panics
    /// When the browser gives none.
    pub fn whole_page(&self) -> Vec<u8> {
        let measures = self.devtools("Page.getLayoutMetrics", &json!({}));
        let size = &measures["cssContentSize"];
        let clip = json!({
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
        });
        let taken = self.devtools(
            "Page.captureScreenshot",
            &json!({ "captureBeyondViewport": true, "clip": clip }),
        );
        let png = taken["data"].as_str().expect("a picture in base64");
        let png = BASE64.decode(png.as_bytes());
        png.expect("a picture in base64")
    }

    /// Takes a picture of the screen, and keeps it as `NAME.png` if it is asked for.
    ///
    /// # Panics
    /// When it cannot be kept.
    pub fn picture(&self, name: &str) {
        let png = self.run("take a picture", fantoccini::Client::screenshot);
        assert!(png.starts_with(b"\x89PNG"), "a picture should be a PNG");
        if let Some(folder) = std::env::var_os(FOLDER) {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            let file = root.join(folder).join(format!("{name}.png"));
            std::fs::write(&file, png)
                .unwrap_or_else(|error| panic!("{} is not written: {error}", file.display()));
        }
    }
}
