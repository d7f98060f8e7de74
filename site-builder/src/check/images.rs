//! Pictures: are there words for them, do these tell what the picture tells, and can a browser show it?

use super::issue::{Issue, quote};
use crate::markdown::Reading;

/// The rule about words.
pub(super) const RULE: &str = "image-text";
/// The rule about kinds of files.
pub(super) const FORMAT: &str = "image-format";

/// Endings of the names of pictures that many browsers do not show, and as what they are to be saved.
const UNSHOWN: [(&str, &str); 15] = [
    ("ai", DRAWING),
    ("cr2", PHOTO),
    ("dng", PHOTO),
    ("emf", DRAWING),
    ("eps", DRAWING),
    ("heic", PHOTO),
    ("heif", PHOTO),
    ("jp2", PHOTO),
    ("nef", PHOTO),
    ("psd", EITHER),
    ("svgz", "SVG (`.svg`)"),
    ("tif", EITHER),
    ("tiff", EITHER),
    ("wmf", DRAWING),
    ("xcf", EITHER),
];

const PHOTO: &str = "JPEG (`.jpg`)";
const DRAWING: &str = "SVG (`.svg`) or PNG (`.png`)";
const EITHER: &str = "PNG (`.png`), or, if it is a photo, as JPEG (`.jpg`)";

/// Words that name no picture, in English and in Spanish.
const USELESS: [&str; 22] = [
    "alt",
    "alt text",
    "figure",
    "graphic",
    "icon",
    "image",
    "img",
    "logo",
    "photo",
    "photograph",
    "pic",
    "picture",
    "placeholder",
    "screenshot",
    "untitled",
    "captura de pantalla",
    "foto",
    "fotografía",
    "gráfico",
    "icono",
    "imagen",
    "logotipo",
];

/// How words begin that only say that there is a picture: a screen reader says so itself.
const NEEDLESS: [&str; 12] = [
    "graphic of ",
    "image of ",
    "photo of ",
    "photograph of ",
    "picture of ",
    "screenshot of ",
    "captura de pantalla de ",
    "foto de ",
    "fotografía de ",
    "gráfico de ",
    "icono de ",
    "imagen de ",
];

const ENDINGS: [&str; 8] = [
    ".avif", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".svg", ".webp",
];

/// What is wrong with the words for a picture, and what to do about it. No words at all are right
/// for one that only decorates.
pub(super) fn fault(alt: &str) -> Option<(String, String)> {
    let plain = alt.trim().to_lowercase();
    let bare = plain.trim_matches(|c: char| !c.is_alphanumeric());
    let article = ["a ", "an ", "the ", "una ", "un ", "la ", "el "];
    let start = article
        .iter()
        .find_map(|word| plain.strip_prefix(word))
        .unwrap_or(&plain);
    let help = "Say what a person learns from the picture, as you would on the phone.".to_owned();
    let quoted = quote(alt);
    if ENDINGS.iter().any(|ending| plain.ends_with(ending)) && !plain.contains(' ') {
        let sentence = format!("`{quoted}` is the name of a file, not words for the picture.");
        return Some((sentence, help));
    }
    if USELESS.contains(&bare) {
        let sentence = format!("“{quoted}” does not say what the picture shows.");
        return Some((sentence, help));
    }
    NEEDLESS.iter().find(|words| start.starts_with(**words))?;
    Some((
        format!("“{quoted}” says that this is a picture, which a screen reader says already."),
        "Begin with what it shows.".to_owned(),
    ))
}

/// What is wrong with the kind of file that a picture is, and what to do about it.
pub(super) fn format_fault(address: &str) -> Option<(String, String)> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let (_, ending) = path.rsplit_once('.')?;
    let kind = ending.to_ascii_lowercase();
    if kind == "bmp" {
        let sentence = "A picture as `.bmp` is so large that a phone takes long to load it.";
        return Some((sentence.to_owned(), save_as(EITHER)));
    }
    let (_, instead) = UNSHOWN.iter().find(|(ending, _)| *ending == kind)?;
    let sentence = format!("Many browsers do not show a picture as `.{kind}`.");
    Some((sentence, save_as(instead)))
}

fn save_as(kind: &str) -> String {
    format!("Open it, save it as {kind}, and name the new file here.")
}

/// Looks at the pictures of a text.
pub(super) fn check(reading: &Reading) -> Vec<Issue> {
    let formats = reading.images.iter().filter_map(|image| {
        let (sentence, help) = format_fault(&image.address)?;
        Some(Issue::new(FORMAT, image.at.clone(), sentence, help))
    });
    let words = reading.images.iter().filter_map(|image| {
        let (sentence, help) = if image.alt.trim().is_empty() {
            (
                "This picture has no words for those who cannot see it.".to_owned(),
                "Write them between the square brackets: ![Where the code stands](…). One \
                     that only decorates belongs in the theme."
                    .to_owned(),
            )
        } else {
            fault(&image.alt)?
        };
        Some(Issue::new(RULE, image.at.clone(), sentence, help))
    });
    words.chain(formats).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_browsers_lack_is_to_be_saved_as_one_that_all_show() {
        for (address, instead) in [
            ("IMG_1.HEIC", "save it as JPEG"),
            ("/a/scan.tiff?x=1", "save it as PNG (`.png`), or"),
            ("a.psd#b", "save it as PNG"),
            ("logo.eps", "save it as SVG"),
            ("a.bmp", "save it as PNG"),
        ] {
            let (_, help) = format_fault(address).unwrap();
            assert!(help.contains(instead), "{address}: {help}");
        }
        for address in ["a.png", "a.tif/b.jpg", "/tif", "https://example.org/", ""] {
            assert_eq!(format_fault(address), None, "{address}");
        }
    }

    #[test]
    fn words_that_tell_nothing_are_told_from_those_that_do() {
        for alt in [
            "IMG_2041.jpg",
            "image",
            "Photo.",
            "Picture of a phone",
            "A screenshot of the form",
            "Imagen de un teléfono",
        ] {
            assert!(fault(alt).is_some(), "{alt}");
        }
        for alt in [
            "",
            "The box for the code, with six digits in it",
            "Pictures of the week",
            "How to save a file such as a.png",
            "Wellsprings logo",
        ] {
            assert_eq!(fault(alt), None, "{alt}");
        }
    }
}
