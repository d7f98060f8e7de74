//! What a resize asks for, and which part of a picture at which size that means. Names are Zola's.

use crate::diagnostic::nearest;

/// The longest side that a copy may have; WebP can hold no longer one.
const LONGEST: u32 = 16_383;

/// The most pixels that a copy may have, as many as a large poster needs.
const MOST: u64 = 50_000_000;

const OPS: [&str; 5] = ["scale", "fit_width", "fit_height", "fit", "fill"];
const FORMATS: [&str; 5] = ["auto", "jpg", "jpeg", "png", "webp"];

/// How a picture is brought to a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// To exactly this size, whatever becomes of its proportions.
    Scale(u32, u32),
    /// To this width, in proportion.
    FitWidth(u32),
    /// To this height, in proportion.
    FitHeight(u32),
    /// Into this frame, in proportion; a smaller picture stays as it is.
    Fit(u32, u32),
    /// To exactly this size, in proportion; what sticks out is cut off at both sides.
    Fill(u32, u32),
}

/// Which part of a picture is taken, and the size that it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// Left, top, width and height of the part; all of it when there is none.
    pub crop: Option<(u32, u32, u32, u32)>,
    /// Width and height of the copy.
    pub size: (u32, u32),
}

impl Op {
    /// The operation of this name; `None` for a size that was not given.
    pub(crate) fn new(name: &str, width: Option<u32>, height: Option<u32>) -> Result<Self, String> {
        let given = |side: &str, value: Option<u32>| match value {
            Some(0) => Err(format!(
                "`{side}` is 0, and a picture has at least one pixel"
            )),
            Some(value) => Ok(value),
            None => Err(format!("`op=\"{name}\"` needs a `{side}`")),
        };
        let width = || given("width", width);
        let height = || given("height", height);
        Ok(match name {
            "scale" => Self::Scale(width()?, height()?),
            "fit_width" => Self::FitWidth(width()?),
            "fit_height" => Self::FitHeight(height()?),
            "fit" => Self::Fit(width()?, height()?),
            "fill" => Self::Fill(width()?, height()?),
            other => return Err(unknown("op", other, &OPS)),
        })
    }

    /// What it means for a picture of this size.
    pub(super) fn plan(self, (width, height): (u32, u32)) -> Result<Plan, String> {
        // A side that rounds to nothing is one pixel; one that is far too long is told below.
        let part = |of: u32, times: u32, by: u32| {
            let value = u64::from(of) * u64::from(times) / u64::from(by.max(1));
            u32::try_from(value.max(1)).unwrap_or(u32::MAX)
        };
        let whole = |size| Plan { crop: None, size };
        let plan = match self {
            Self::Scale(w, h) => whole((w, h)),
            Self::FitWidth(w) => whole((w, part(height, w, width))),
            Self::FitHeight(h) => whole((part(width, h, height), h)),
            Self::Fit(w, h) if width <= w && height <= h => whole((width, height)),
            Self::Fit(w, h) => {
                if u64::from(width) * u64::from(h) > u64::from(height) * u64::from(w) {
                    return Self::FitWidth(w).plan((width, height));
                }
                return Self::FitHeight(h).plan((width, height));
            }
            Self::Fill(w, h) => fill((width, height), (w, h)),
        };
        let (w, h) = plan.size;
        if w > LONGEST || h > LONGEST || u64::from(w) * u64::from(h) > MOST {
            return Err(format!(
                "A picture of {w} × {h} pixels is too large: no side may be longer than {LONGEST}, \
                 and all together may have {MOST} pixels"
            ));
        }
        Ok(plan)
    }
}

/// The largest part in the middle with the proportions of the wanted size. Nearly the same ones are
/// taken as the same: Zola does so where the scales differ by at most a tenth.
fn fill((width, height): (u32, u32), (w, h): (u32, u32)) -> Plan {
    let across = f64::from(width) / f64::from(w);
    let down = f64::from(height) / f64::from(h);
    if (across - down).abs() <= 0.1 {
        return Plan {
            crop: None,
            size: (w, h),
        };
    }
    let crop = if across < down {
        let kept = rounded(across * f64::from(h)).clamp(1, height);
        (0, (height - kept) / 2, width, kept)
    } else {
        let kept = rounded(down * f64::from(w)).clamp(1, width);
        ((width - kept) / 2, 0, kept, height)
    };
    Plan {
        crop: Some(crop),
        size: (w, h),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a side, which is a positive whole number"
)]
fn rounded(side: f64) -> u32 {
    side.round() as u32
}

/// What a copy is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JPEG of a quality from 1 to 100.
    Jpeg(u8),
    /// PNG.
    Png,
    /// WebP without loss.
    WebP,
}

impl Format {
    /// The format of this name. `auto` keeps a picture without loss free of it.
    pub(super) fn new(name: &str, quality: Option<u8>, lossless: bool) -> Result<Self, String> {
        let quality = |least: u8| match quality {
            Some(quality) if !(least..=100).contains(&quality) => Err(format!(
                "`quality` is {quality}, and goes from {least} to 100"
            )),
            quality => Ok(quality),
        };
        match name {
            "auto" if lossless => Ok(Self::Png),
            "auto" | "jpg" | "jpeg" => Ok(Self::Jpeg(quality(1)?.unwrap_or(75))),
            "png" => Ok(Self::Png),
            "webp" => quality(0).map(|_| Self::WebP),
            "avif" => Err("Pictures cannot be written as AVIF; use \
                `format=\"webp\"` for drawings and `format=\"jpg\"` for photos"
                .to_owned()),
            other => Err(unknown("format", other, &FORMATS)),
        }
    }

    /// The ending of a file's name.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Jpeg(_) => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

fn unknown(argument: &str, value: &str, known: &[&str]) -> String {
    match nearest(value, known.iter().copied()) {
        Some(near) => format!("`{argument}` cannot be `{value}`; did you mean `{near}`?"),
        None => format!(
            "`{argument}` cannot be `{value}`; it is one of `{}`",
            known.join("`, `")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(op: Op, of: (u32, u32)) -> (u32, u32) {
        op.plan(of).unwrap().size
    }

    #[test]
    fn sizes_follow_the_operation() {
        assert_eq!(size(Op::Scale(3, 4), (100, 100)), (3, 4));
        assert_eq!(size(Op::FitWidth(50), (300, 380)), (50, 63));
        assert_eq!(size(Op::FitHeight(50), (300, 380)), (39, 50));
        assert_eq!(size(Op::Fit(50, 50), (300, 380)), (39, 50));
        assert_eq!(size(Op::Fit(500, 500), (300, 380)), (300, 380));
        assert_eq!(size(Op::FitWidth(10), (9999, 1)), (10, 1));
        let fill = Op::Fill(40, 20).plan((300, 380)).unwrap();
        assert_eq!(fill.crop, Some((0, 115, 300, 150)));
        assert_eq!(Op::Fill(30, 38).plan((300, 380)).unwrap().crop, None);
        let wide = Op::Fill(1, 10_000).plan((1, 10_001)).unwrap();
        assert_eq!(wide.size, (1, 10_000));
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (name, width, height, why) in [
            ("fit", Some(0), Some(1), "`width` is 0"),
            ("fit_height", Some(1), None, "needs a `height`"),
            ("fitt", Some(1), Some(1), "did you mean `fit`"),
        ] {
            let fault = Op::new(name, width, height).unwrap_err();
            assert!(fault.contains(why), "{fault}");
        }
        for op in [
            Op::Scale(1, 20_000),
            Op::FitWidth(16_000),
            Op::FitWidth(u32::MAX),
        ] {
            assert!(op.plan((10, 9)).unwrap_err().contains("too large"));
        }
        assert!(Format::new("jpg", Some(0), true).is_err());
        assert!(
            Format::new("avif", None, true)
                .unwrap_err()
                .contains("AVIF")
        );
        assert_eq!(Format::new("auto", None, false), Ok(Format::Jpeg(75)));
    }
}
