//! Where an address on a page leads, within the site.

use percent_encoding::percent_decode_str;

use crate::config::Config;

/// What an address means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Another site, another scheme, or another program on this one.
    Elsewhere,
    /// A path in the output, without its leading slash, and a fragment.
    Inside {
        /// The decoded path.
        path: String,
        /// The decoded fragment; empty when there is none.
        fragment: String,
    },
}

/// Resolves an address found on the page with the given path (`faq/x/index.html`).
pub(super) fn resolve(address: &str, page: &str, base: Option<&str>, config: &Config) -> Target {
    if config.is_own(address) {
        return inside(&address[config.base_url.len()..], config);
    }
    if address.starts_with("//") || has_scheme(address) {
        return Target::Elsewhere;
    }
    if address.starts_with('/') {
        let base_path = config.base_path();
        // Below a base path, an address from the root may belong to whatever else lives there.
        return match address.strip_prefix(base_path) {
            Some(rest) if rest.starts_with('/') => inside(rest, config),
            _ => Target::Elsewhere,
        };
    }
    if base.is_some() {
        // `<base>` moves every relative address; a site that uses it is on its own.
        return Target::Elsewhere;
    }
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = match address.chars().next() {
        None | Some('#' | '?') => format!("/{page}{address}"),
        _ => format!("/{folder}/{address}"),
    };
    inside(&joined, config)
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn inside(rest: &str, config: &Config) -> Target {
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let path = rest.split('?').next().unwrap_or(rest);
    let elsewhere = config
        .served_elsewhere
        .iter()
        .any(|prefix| path.starts_with(prefix.as_str()));
    if elsewhere {
        return Target::Elsewhere;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Target::Inside {
        path: decode(joined.trim_start_matches('/')),
        fragment: decode(fragment),
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
