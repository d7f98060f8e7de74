//! The filters and tests that templates can use beside Tera's own. Names and arguments are Zola's.

use std::ops::Range;
use std::sync::Arc;

use num_format::{Locale, ToFormattedString as _};
use tera::{Error, Filter, Kwargs, State, Tera, TeraResult, Value};
use tera_contrib::{base64, dates, filesize_format, format, json, regex, slug, urlencode};

use super::chance;
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
    tera.register_filter("filesizeformat", filesize_format::filesize_format);
    tera.register_filter("format", format::format);
    tera.register_filter("shuffle", chance::shuffle);
    tera.register_test("matching", regex::Matching::default());
    tera.register_test("before", dates::is_before);
    tera.register_test("after", dates::is_after);
    tera.register_filter("date", dates::date);
    let language = config.default_language.clone();
    tera.register_filter(
        "num_format",
        move |number: i128, kwargs: Kwargs, _: &State<'_>| num_format(number, &kwargs, &language),
    );
    tera.register_filter(
        "markdown",
        MarkdownFilter {
            config: config.clone(),
            index: Arc::clone(index),
        },
    );
}

/// A whole number with its digits in groups, as the locale writes them; without one, as the site's
/// language does.
fn num_format(number: i128, kwargs: &Kwargs, language: &str) -> TeraResult<String> {
    let wanted = kwargs.get::<&str>("locale")?;
    let name = wanted.unwrap_or(language);
    // `es-US` is in no list; Spanish is.
    let locale = Locale::from_name(name).or_else(|_| {
        let primary = name.split(['-', '_']).next().unwrap_or(name);
        Locale::from_name(primary)
    });
    match (locale, wanted) {
        (Ok(locale), _) => Ok(number.to_formatted_string(&locale)),
        (Err(_), None) => Ok(number.to_formatted_string(&Locale::en)),
        (Err(_), Some(locale)) => Err(Error::message(format!(
            "`num_format` knows no locale `{locale}`"
        ))),
    }
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
        let rendered = markdown::render(value, &self.config, AnchorLinks::None, &mut host);
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

    #[test]
    fn numbers_are_grouped() {
        let format = |number, language| num_format(number, &Kwargs::default(), language).unwrap();
        assert_eq!(format(1_000_000, "en"), "1,000,000");
        assert_eq!(format(1_000_000, "en-IN"), "10,00,000");
        assert_eq!(format(1_000_000, "de-XY"), "1.000.000");
        assert_eq!(format(-100, "tlh"), "-100");
    }
}
