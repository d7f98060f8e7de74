//! The filters and tests that templates can use beside Tera's own. Names and arguments are Zola's.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use tera::{Error, Filter, Kwargs, State, Tera, TeraResult, Value};
use tera_contrib::{base64, json, regex, slug, urlencode};

use super::index::Index;
use crate::config::{AnchorLinks, Config};
use crate::markdown;

/// Makes the filters and tests known.
pub(super) fn register(tera: &mut Tera, config: &Config, index: &Arc<Index>) {
    tera.register_filter("base64_encode", base64::b64_encode);
    tera.register_filter("base64_decode", base64::b64_decode);
    tera.register_filter("json_encode", json::json_encode);
    tera.register_filter("regex_replace", regex::RegexReplace::default());
    tera.register_filter("striptags", regex::striptags);
    tera.register_filter("spaceless", regex::spaceless);
    tera.register_filter("slugify", slug::slug);
    tera.register_filter("urlencode", urlencode::urlencode);
    tera.register_filter("urlencode_strict", urlencode::urlencode_strict);
    tera.register_test("matching", regex::Matching::default());
    tera.register_filter("date", date);
    tera.register_filter("num_format", num_format);
    tera.register_filter(
        "markdown",
        MarkdownFilter {
            config: config.clone(),
            index: Arc::clone(index),
        },
    );
}

/// Formats a date. It comes as text, as front matter has it, or as seconds since 1970.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera asks for"
)]
fn date(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    if kwargs.get::<&str>("locale")?.is_some() {
        return Err(Error::message("`date` does not support `locale` yet"));
    }
    if kwargs
        .get::<&str>("timezone")?
        .is_some_and(|zone| zone != "UTC")
    {
        return Err(Error::message("`date` supports no `timezone` but UTC yet"));
    }
    let format = kwargs.get::<&str>("format")?.unwrap_or("%Y-%m-%d");
    let (moment, offset) = match (value.as_str(), value.as_i64()) {
        (Some(text), _) => parse_date(text)
            .ok_or_else(|| Error::message(format!("`{text}` is not a date like 2026-11-25")))?,
        (None, Some(seconds)) => jiff::Timestamp::from_second(seconds)
            .map(|instant| (Offset::UTC.to_datetime(instant), Offset::UTC))
            .map_err(|error| Error::message(format!("{seconds} is not a date: {error}")))?,
        _ => return Err(Error::message("`date` takes a text or a number")),
    };
    let mut moment = BrokenDownTime::from(moment);
    moment.set_offset(Some(offset));
    moment
        .to_string(format)
        .map_err(|error| Error::message(format!("The date format `{format}` is wrong: {error}")))
}

/// The date and time as written: an offset is part of the text, not a reason to change the day.
/// Without an offset it is UTC.
fn parse_date(text: &str) -> Option<(DateTime, Offset)> {
    let pieces = Pieces::parse(text).ok()?;
    let moment = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    Some((moment, pieces.to_numeric_offset().unwrap_or(Offset::UTC)))
}

/// A whole number with its digits in groups of three, as English writes them.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tera asks for"
)]
fn num_format(number: i64, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    if let Some(locale) = kwargs.get::<&str>("locale")?
        && locale != "en"
    {
        return Err(Error::message(format!(
            "`num_format` does not support the locale `{locale}` yet"
        )));
    }
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    Ok(if number < 0 { format!("-{out}") } else { out })
}

/// Markdown in a template; `inline=true` leaves out the paragraph around it.
struct MarkdownFilter {
    config: Config,
    index: Arc<Index>,
}

impl Filter<&str, TeraResult<String>> for MarkdownFilter {
    fn call(&self, value: &str, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
        let inline = kwargs.get::<bool>("inline")?.unwrap_or(false);
        let around = match state.get::<Value>("page")? {
            Some(page) => Some(page),
            None => state.get::<Value>("section")?,
        };
        let permalink = around
            .as_ref()
            .and_then(|value| value.get_from_path("permalink"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut host = FilterHost {
            index: &self.index,
            permalink,
            fault: None,
        };
        let rendered =
            markdown::render(value, &self.config, AnchorLinks::None, permalink, &mut host);
        if let Some(fault) = host.fault {
            return Err(Error::message(fault));
        }
        if !inline {
            return Ok(rendered.html);
        }
        let html = rendered.html.trim_end();
        let inner = html
            .strip_prefix("<p>")
            .and_then(|html| html.strip_suffix("</p>"));
        Ok(inner.unwrap_or(html).to_owned())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

struct FilterHost<'a> {
    index: &'a Index,
    permalink: &'a str,
    fault: Option<String>,
}

impl markdown::Host for FilterHost<'_> {
    fn resolve(&mut self, destination: &str, _: Range<usize>) -> String {
        if destination.starts_with("@/") {
            return self.index.resolve(destination).unwrap_or_else(|fault| {
                self.fault.get_or_insert(fault);
                destination.to_owned()
            });
        }
        if destination.starts_with('#') {
            return format!("{}{destination}", self.permalink);
        }
        destination.to_owned()
    }

    fn anchor_link(&mut self, _: &str, _: u8) -> Option<String> {
        None
    }

    fn cutoff(&mut self, _: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::{Context, Map};

    #[test]
    fn dates_are_formatted_as_written() {
        let context = Context::new();
        let state = State::new(&context);
        let format = |text: &str| {
            let kwargs = Map::from_iter([("format".into(), Value::from("%-d %B %Y %H:%M%:z"))]);
            date(&Value::from(text), Kwargs::new(Arc::new(kwargs)), &state).unwrap()
        };
        assert_eq!(format("2026-11-05"), "5 November 2026 00:00+00:00");
        assert_eq!(
            format("2026-11-05T23:30:00-08:00"),
            "5 November 2026 23:30-08:00"
        );
        assert_eq!(
            format("2026-11-05 23:30:00Z"),
            "5 November 2026 23:30+00:00"
        );
        assert!(date(&Value::from("soon"), Kwargs::default(), &state).is_err());
    }

    #[test]
    fn numbers_are_grouped() {
        let context = Context::new();
        let state = State::new(&context);
        let format = |number| num_format(number, Kwargs::default(), &state).unwrap();
        assert_eq!(format(1_000_000), "1,000,000");
        assert_eq!(format(-100), "-100");
    }
}
