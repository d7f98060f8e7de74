//! The resized pictures that templates asked for.

use super::faults::Faults;
use super::output::{Origin, Output};
use crate::diagnostic::{Finding, Place};
use crate::page::Site;
use crate::template::reads::Reads;

/// Makes them. One that cannot be made is a finding about the picture.
pub(super) fn make(site: &Site, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let images = site.engine.index.images();
    for made in images.make(&site.image_cache) {
        match made.bytes {
            Ok(bytes) => files.push(Output {
                path: made.path,
                bytes,
                origin: Origin::Copy(made.file),
                reads: Reads::default(),
            }),
            Err(fault) => {
                let sentence = format!("{fault}.");
                let finding = Finding::error("bad-image", Place::file(&made.file), sentence)
                    .help("Open it in a picture editor and save it again.");
                faults.push(finding, &made.path);
            }
        }
    }
    if let Some(file) = images.lossy_webp() {
        let sentence =
            "A WebP picture is written without loss, so `quality` does not make it smaller.";
        let finding = Finding::warning("lossless-webp", Place::file(&file), sentence)
            .help("For photos, `resize_image` with `format=\"jpg\"` makes the smaller file.");
        faults.mention(finding);
    }
}
