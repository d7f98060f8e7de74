//! Pictures of the screen, for the documents.
//!
//! They are kept only when somebody asks for them; the tests that take them run always, so
//! that what the pictures show stays true.

use std::path::Path;

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
