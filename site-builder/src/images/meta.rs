//! What `get_image_metadata` tells of a picture.

use image::ImageFormat;
use roxmltree::{Document, ParsingOptions};

use super::work;
use crate::text::has_ending;

/// Size and kind of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Width and height as it is shown.
    pub size: (u32, u32),
    /// Its format, such as `png`.
    pub format: &'static str,
    /// Its type on the web, such as `image/png`.
    pub mime: &'static str,
}

/// Reads what a picture says of itself. SVG and AVIF go by the name's ending, others by content.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Meta, String> {
    let lower = name.to_lowercase();
    if has_ending(&lower, "svg") {
        return svg(name, bytes);
    }
    if has_ending(&lower, "avif") {
        return avif(name, bytes);
    }
    let header = work::header(name, bytes)?;
    let format = match header.format {
        ImageFormat::Jpeg => "jpg",
        other => other.extensions_str().first().copied().unwrap_or_default(),
    };
    Ok(Meta {
        size: header.size,
        format,
        mime: header.format.to_mime_type(),
    })
}

fn avif(name: &str, bytes: &[u8]) -> Result<Meta, String> {
    let fault = || format!("`{name}` is not a picture in the format AVIF");
    let found = imagesize::blob_size(bytes).map_err(|_| fault())?;
    let side = |side: usize| u32::try_from(side).map_err(|_| fault());
    Ok(Meta {
        size: (side(found.width)?, side(found.height)?),
        format: "avif",
        mime: "image/avif",
    })
}

/// The size is that of `width` and `height`, and else that of `viewBox`.
fn svg(name: &str, bytes: &[u8]) -> Result<Meta, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("`{name}` is not UTF-8 text"))?;
    // Many drawing programs begin a file with a document type.
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| format!("`{name}` is not a valid SVG: {error}"))?;
    let root = document.root_element();
    let stated = |name| root.attribute(name).and_then(length);
    let size = match (stated("width"), stated("height")) {
        (Some(width), Some(height)) => Some((width, height)),
        _ => root.attribute("viewBox").and_then(|view| {
            let mut parts = view
                .split([' ', ',', '\n', '\t'])
                .filter(|part| !part.is_empty())
                .skip(2)
                .map(length);
            Some((parts.next()??, parts.next()??))
        }),
    };
    let size =
        size.ok_or_else(|| format!("The picture `{name}` has neither a size nor a `viewBox`"))?;
    Ok(Meta {
        size,
        format: "svg",
        mime: "image/svg+xml",
    })
}

/// A length in pixels, of which CSS has 96 to an inch. A part of the page has none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be in range; a fraction of a pixel is left out"
)]
fn length(text: &str) -> Option<u32> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || ".+-".contains(c));
    let number: f64 = text[..text.len() - unit.len()].parse().ok()?;
    let pixels = match unit {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    let length = number * pixels;
    (0.0..=f64::from(u32::MAX))
        .contains(&length)
        .then_some(length as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(svg: &str) -> Result<(u32, u32), String> {
        read("a.svg", svg.as_bytes()).map(|meta| meta.size)
    }

    #[test]
    fn a_drawing_has_the_size_that_it_states() {
        let head = "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'>";
        assert_eq!(size("<svg width='10' height='20.5px'/>"), Ok((10, 20)));
        assert_eq!(
            size(&format!("{head}<svg width='1in' height='72pt'/>")),
            Ok((96, 96))
        );
        assert_eq!(
            size("<svg width='100%' height='5' viewBox='0,0 30\n40'/>"),
            Ok((30, 40))
        );
        let nest = format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000));
        assert_eq!(
            size(&format!("<svg width='1' height='2'>{nest}</svg>")),
            Ok((1, 2))
        );
        for bad in [
            "<svg/>",
            "<svg width='-1' height='1'/>",
            "<svg",
            "<svg viewBox='0 0 1'/>",
        ] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_bomb_of_entities_is_refused() {
        let entities = (1..20)
            .map(|level| {
                let last = format!("&a{};", level - 1).repeat(10);
                format!("<!ENTITY a{level} '{last}'>")
            })
            .collect::<Vec<_>>()
            .concat();
        let head = format!("<!DOCTYPE svg [<!ENTITY a0 'aaaaaaaaaa'>{entities}]>");
        assert!(size(&format!("{head}<svg width='1' height='1'>&a19;</svg>")).is_err());
    }
}
