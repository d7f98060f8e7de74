//! A page's body as HTML.
//!
//! Owns where it is held: by itself while templates may ask for it, and from then on as a part of the
//! file that shows it, so that a large site is not in memory twice. Knows no template.

use std::ops::Range;
use std::sync::Arc;

use tera::Value;

/// A body as HTML: by itself, or as a part of a file that shows it.
#[derive(Debug)]
pub(crate) struct Html(Held);

#[derive(Debug)]
enum Held {
    /// In the form that templates share.
    Value(Value),
    Within(Arc<[u8]>, Range<usize>),
}

impl Html {
    /// Takes HTML.
    pub(crate) fn new(html: String) -> Self {
        Self(Held::Value(Value::from(html)))
    }

    /// As templates have it.
    pub(crate) fn value(&self) -> Value {
        match &self.0 {
            Held::Value(value) => value.clone(),
            Held::Within(..) => Value::from(self.as_str()),
        }
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Held::Value(value) => value.as_str().unwrap_or_default(),
            Held::Within(file, at) => str::from_utf8(&file[at.clone()]).unwrap_or_default(),
        }
    }

    /// Lets go of it where this file holds the same bytes.
    pub(crate) fn share(&mut self, file: &Arc<[u8]>) {
        let html = self.as_str().as_bytes();
        let Some(first) = html.first() else {
            return;
        };
        let mut parts = file.windows(html.len());
        if let Some(at) = parts.position(|part| part[0] == *first && part == html) {
            self.0 = Held::Within(Arc::clone(file), at..at + html.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_held_as_a_part_of_the_file_that_shows_it() {
        let file: Arc<[u8]> = "<h1>é</h1><p>é</p>".as_bytes().into();
        let mut html = Html::new("<p>é</p>".to_owned());
        html.share(&file);
        assert_eq!(html.as_str(), "<p>é</p>");
        assert!(file.as_ptr_range().contains(&html.as_str().as_ptr()));
        assert_eq!(html.value(), Value::from("<p>é</p>"));
    }

    #[test]
    fn a_body_that_a_template_changes_or_that_is_empty_stays_by_itself() {
        let file: Arc<[u8]> = b"<p class=x>a</p>"[..].into();
        for text in ["<p>a</p>", "<p class=x>a</p><p>b</p>", ""] {
            let mut html = Html::new(text.to_owned());
            html.share(&file);
            assert_eq!(html.as_str(), text);
            assert!(!file.as_ptr_range().contains(&html.as_str().as_ptr()));
        }
    }
}
