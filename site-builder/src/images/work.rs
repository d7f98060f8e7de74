//! Reading, resizing and writing pixels, each picture once, several at a time.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, ImageResult,
    Rgba, RgbaImage,
};
use rayon::prelude::*;

use super::cache::Cache;
use super::op::Format;
use super::{Job, Made, Picture};

/// The most pixels that a picture may have to be read at all, more than any camera gives. A file
/// of a few bytes can claim any number.
const MOST: u64 = 120_000_000;

/// What the first bytes of a picture tell.
#[derive(Debug)]
pub(super) struct Header {
    /// Its format.
    pub format: ImageFormat,
    /// Width and height as it is shown.
    pub size: (u32, u32),
}

/// Reads the beginning of a picture.
pub(super) fn header(name: &str, bytes: &[u8]) -> Result<Header, String> {
    let (format, mut decoder) = decoder(bytes).map_err(|error| reason(name, &error))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(format!("The picture `{name}` has no pixels"));
    }
    if u64::from(width) * u64::from(height) > MOST {
        return Err(format!(
            "The picture `{name}` has {width} × {height} pixels, and more than {MOST} are not read; \
             save it in a smaller size"
        ));
    }
    let size = if is_turned(decoder.orientation().unwrap_or(Orientation::NoTransforms)) {
        (height, width)
    } else {
        (width, height)
    };
    Ok(Header { format, size })
}

fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn decoder(bytes: &[u8]) -> ImageResult<(ImageFormat, impl ImageDecoder + '_)> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let format = reader.format();
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST * 8);
    reader.limits(limits);
    let decoder = reader.into_decoder()?;
    // Without a format there is no decoder.
    Ok((format.unwrap_or(ImageFormat::Png), decoder))
}

fn reason(name: &str, error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(_) => {
            format!("`{name}` is not a picture in the format JPEG, PNG, GIF or WebP")
        }
        error => format!("The picture `{name}` cannot be read: {error}"),
    }
}

/// Makes the copies, in parallel over pictures.
pub(super) fn make(jobs: &BTreeMap<String, Job>, cache: &Cache) -> Vec<Made> {
    let mut pictures: BTreeMap<&[u8], Vec<(&String, &Job)>> = BTreeMap::new();
    for (path, job) in jobs {
        pictures
            .entry(&job.picture.hash)
            .or_default()
            .push((path, job));
    }
    let pictures: Vec<_> = pictures.into_values().collect();
    let mut made: Vec<Made> = pictures
        .into_par_iter()
        .flat_map_iter(|copies| copies_of(&copies, cache))
        .collect();
    made.sort_by(|a, b| a.path.cmp(&b.path));
    made
}

/// The copies of one picture, which is read when one of them is not in the cache.
fn copies_of(copies: &[(&String, &Job)], cache: &Cache) -> Vec<Made> {
    let mut pixels = None;
    copies
        .iter()
        .map(|(path, job)| {
            let bytes = cache.load(path).map_or_else(
                || {
                    let pixels = pixels.get_or_insert_with(|| Pixels::read(&job.picture));
                    let bytes = pixels.as_ref().map_err(Clone::clone)?.copy(job)?;
                    cache.store(path, &bytes);
                    Ok(bytes.into())
                },
                Ok,
            );
            Made {
                path: (*path).clone(),
                file: job.picture.file.clone(),
                bytes,
            }
        })
        .collect()
}

/// A picture in memory, turned the way it is shown.
struct Pixels {
    image: DynamicImage,
    profile: Option<Vec<u8>>,
    file: String,
}

impl Pixels {
    fn read(picture: &Picture) -> Result<Self, String> {
        let file = &picture.file;
        let read = || {
            let (_, mut decoder) = decoder(&picture.bytes)?;
            let profile = decoder.icc_profile().unwrap_or_default();
            let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
            let mut image = DynamicImage::from_decoder(decoder)?;
            image.apply_orientation(orientation);
            Ok((image, profile))
        };
        let (image, profile) = read().map_err(|error| reason(file, &error))?;
        Ok(Self {
            image,
            profile,
            file: file.clone(),
        })
    }

    fn copy(&self, job: &Job) -> Result<Vec<u8>, String> {
        let (width, height) = job.plan.size;
        let part = job
            .plan
            .crop
            .map(|(x, y, width, height)| self.image.crop_imm(x, y, width, height));
        let part = part.as_ref().unwrap_or(&self.image);
        let copy = if (part.width(), part.height()) == (width, height) {
            part.clone()
        } else {
            part.resize_exact(width, height, FilterType::Lanczos3)
        };
        self.write(&copy, job.format)
            .map_err(|error| format!("No copy of `{}` can be written: {error}", self.file))
    }

    fn write(&self, copy: &DynamicImage, format: Format) -> ImageResult<Vec<u8>> {
        let mut bytes = Vec::new();
        match format {
            Format::Jpeg(quality) => {
                let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
                opaque(copy).write_with_encoder(self.profiled(encoder))?;
            }
            Format::Png => copy.write_with_encoder(self.profiled(PngEncoder::new(&mut bytes)))?,
            Format::WebP => {
                let encoder = WebPEncoder::new_lossless(&mut bytes);
                eight_bits(copy).write_with_encoder(self.profiled(encoder))?;
            }
        }
        Ok(bytes)
    }

    /// The encoder with the picture's colours. One that has no place for them writes without.
    fn profiled<E: ImageEncoder>(&self, mut encoder: E) -> E {
        if let Some(profile) = &self.profile {
            let _ = encoder.set_icc_profile(profile.clone());
        }
        encoder
    }
}

/// JPEG knows nothing transparent: what is becomes white, like the page behind it.
fn opaque(image: &DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return eight_bits(image);
    }
    let mut white = RgbaImage::from_pixel(image.width(), image.height(), Rgba([255; 4]));
    imageops::overlay(&mut white, &image.to_rgba8(), 0, 0);
    DynamicImage::ImageRgba8(white).to_rgb8().into()
}

fn eight_bits(image: &DynamicImage) -> DynamicImage {
    match (image.color().has_alpha(), image.color().has_color()) {
        (true, _) => image.to_rgba8().into(),
        (false, true) => image.to_rgb8().into(),
        (false, false) => image.to_luma8().into(),
    }
}
