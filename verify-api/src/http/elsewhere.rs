//! Whether a request says that it comes from another site.

use axum::http::{HeaderMap, header};

/// Whether the browser says that another site sent the form. It could bring a
/// token of its own, and watch what the person types into that flow.
///
/// A browser that says neither is let in, since `null` is what our own forms say
/// too: their pages send no referrer. Its cookies then decide what may change.
pub(super) fn is_from_elsewhere(headers: &HeaderMap, base_url: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin != "null" && origin != base_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_told_by_its_headers() {
        let ours = "https://help.example.org";
        for (name, value, expected) in [
            ("sec-fetch-site", "same-origin", false),
            ("sec-fetch-site", "none", false),
            ("sec-fetch-site", "same-site", true),
            ("sec-fetch-site", "cross-site", true),
            ("origin", ours, false),
            ("origin", "null", false),
            ("origin", "https://evil.example.org", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(
                is_from_elsewhere(&headers, ours),
                expected,
                "{name} {value}"
            );
        }
        assert!(!is_from_elsewhere(&HeaderMap::new(), ours));
    }
}
