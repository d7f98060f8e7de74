//! Pictures: what size they have, and smaller copies of them.
//!
//! Owns which formats are read and written, the arithmetic of a resize, and the copies that
//! templates asked for. A copy is asked for while pages are rendered, when its name and size are
//! all that is needed, and made once afterwards ([`Images::make`]). Its name holds a hash of the
//! picture and of what is done to it, so a copy from an earlier build is never a stale one. Knows
//! no page and no template.
//!
//! JPEG, PNG, GIF and WebP are read; JPEG, PNG and WebP are written. WebP is written without loss
//! only, and AVIF not at all: the encoders for the rest are a C library (libwebp) or bring a video
//! encoder with forty crates (rav1e), for files that a help center does not need.

mod cache;
mod meta;
mod op;
mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

pub(crate) use cache::{Cache, SEAL};
pub(crate) use meta::read as metadata;
use op::Plan;
pub(crate) use op::{Format, Op};

/// The folder of the output that copies go to.
pub(crate) const FOLDER: &str = "processed_images";

/// Part of every name. Raise it when the same input comes to give other bytes, such as after an
/// update of the crate `image`; a test notices that.
const RECIPE: u8 = 1;

/// A picture that copies were asked of.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The path that findings name.
    pub file: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The hash of its bytes.
    hash: Vec<u8>,
    /// Width and height as it is shown.
    pub size: (u32, u32),
    /// Whether `format="auto"` makes a PNG of it.
    lossless: bool,
}

/// A copy to be made.
#[derive(Debug, Clone)]
struct Job {
    picture: Arc<Picture>,
    plan: Plan,
    format: Format,
}

/// A copy as templates see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    /// Its path in the output.
    pub path: String,
    /// Its width and height.
    pub size: (u32, u32),
}

/// A copy that was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// Its path in the output.
    pub path: String,
    /// The path of the picture, for findings.
    pub file: String,
    /// Its bytes, or why there are none.
    pub bytes: Result<Arc<[u8]>, String>,
}

/// Pictures that were looked at, and copies that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Images {
    pictures: Mutex<BTreeMap<String, Arc<Picture>>>,
    jobs: Mutex<BTreeMap<String, Job>>,
    /// A picture for which WebP with loss was asked.
    lossy_webp: Mutex<Option<String>>,
}

impl Images {
    /// The picture at a path, when it was looked at before.
    pub(crate) fn known(&self, path: &str) -> Option<Arc<Picture>> {
        self.pictures.lock().ok()?.get(path).cloned()
    }

    /// Looks at a picture for the first time. `path` is what templates call it.
    pub(crate) fn look_at(
        &self,
        path: &str,
        file: String,
        bytes: Arc<[u8]>,
    ) -> Result<Arc<Picture>, String> {
        let header = work::header(path, &bytes)?;
        let picture = Arc::new(Picture {
            file,
            hash: Sha256::digest(&bytes).to_vec(),
            bytes,
            size: header.size,
            lossless: header.format == image::ImageFormat::Png,
        });
        if let Ok(mut pictures) = self.pictures.lock() {
            pictures.insert(path.to_owned(), Arc::clone(&picture));
        }
        Ok(picture)
    }

    /// Asks for a copy.
    pub(crate) fn ask(
        &self,
        picture: &Arc<Picture>,
        op: Op,
        format: &str,
        quality: Option<u8>,
    ) -> Result<Copy, String> {
        let format = Format::new(format, quality, picture.lossless)?;
        if format == Format::WebP && quality.is_some() {
            // The first by name: which page comes first is nobody's to know.
            if let Ok(mut first) = self.lossy_webp.lock()
                && first.as_ref().is_none_or(|first| picture.file < *first)
            {
                *first = Some(picture.file.clone());
            }
        }
        let plan = op.plan(picture.size)?;
        let path = format!("{FOLDER}/{}", name(picture, &plan, format));
        let copy = Copy {
            path: path.clone(),
            size: plan.size,
        };
        let job = Job {
            picture: Arc::clone(picture),
            plan,
            format,
        };
        if let Ok(mut jobs) = self.jobs.lock() {
            // Two pictures of the same name and bytes are one copy. What is said of it names the same
            // one whichever page asks first.
            let known = jobs.get(&path);
            if known.is_none_or(|known| job.picture.file < known.picture.file) {
                jobs.insert(path, job);
            }
        }
        Ok(copy)
    }

    /// Makes every copy that was asked for, as far as it is not in the cache, sorted by path.
    pub(crate) fn make(&self, cache: &Cache) -> Vec<Made> {
        let jobs = self.jobs.lock().map(|jobs| jobs.clone());
        work::make(&jobs.unwrap_or_default(), cache)
    }

    /// A picture for which WebP of some quality was asked, which is written without loss.
    pub(crate) fn lossy_webp(&self) -> Option<String> {
        self.lossy_webp.lock().ok()?.clone()
    }
}

/// The stem of the picture's name, a hash of all that goes into the copy, and the ending.
fn name(picture: &Picture, plan: &Plan, format: Format) -> String {
    let input = format!("{RECIPE} {plan:?} {format:?}");
    let hash = Sha256::new()
        .chain_update(&picture.hash)
        .chain_update(input)
        .finalize();
    let file = picture.file.rsplit('/').next().unwrap_or_default();
    let stem = slug::slugify(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let stem = if stem.is_empty() { "image" } else { &stem };
    let hash = HEXLOWER.encode(&hash[..8]);
    format!("{stem}.{hash}.{}", format.ending())
}
