//! A plain site of any size: pages of about three hundred words in two hundred
//! sections, and a theme of four small templates, said in Zola's way and in Hugo's.
//! Pages show their neighbours, or the way to them and a menu of their section, too.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::failure::{During, Result};

/// How many sections there are, whatever the number of pages.
pub(super) const SECTIONS: usize = 200;

/// Whose site it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `zola.toml` and Tera: ours, and Zola's.
    Zola,
    /// `hugo.toml` and Go's templates.
    Hugo,
}

/// What a page shows beside its text and its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing.
    Nothing,
    /// Sections above, and all pages of its own.
    Menu,
}

const ZOLA: [(&str, &str); 4] = [
    (
        "zola.toml",
        "base_url = \"https://help.example.org\"\ntitle = \"Help\"\n",
    ),
    ("templates/base.html", include_str!("plain/base.html")),
    ("templates/index.html", include_str!("plain/index.html")),
    ("templates/section.html", include_str!("plain/section.html")),
];

const HUGO_PAGE: &str = "layouts/_default/single.html";
const ZOLA_PAGE: &str = "templates/page.html";

const HUGO: [(&str, &str); 4] = [
    (
        "hugo.toml",
        "baseURL = \"https://help.example.org/\"\ntitle = \"Help\"\n\
         disableKinds = [\"taxonomy\", \"term\", \"RSS\"]\n",
    ),
    (
        "layouts/_default/baseof.html",
        include_str!("plain/hugo/baseof.html"),
    ),
    ("layouts/index.html", include_str!("plain/hugo/index.html")),
    (
        "layouts/_default/list.html",
        include_str!("plain/hugo/list.html"),
    ),
];

/// Writes the site.
pub(super) fn lay_out(root: &Path, dialect: Dialect, beside: Beside, pages: usize) -> Result<()> {
    let files = match dialect {
        Dialect::Zola => ZOLA,
        Dialect::Hugo => HUGO,
    };
    let page = match (dialect, beside) {
        (Dialect::Zola, Beside::Nothing) => (ZOLA_PAGE, include_str!("plain/page.html")),
        (Dialect::Zola, Beside::Menu) => (ZOLA_PAGE, include_str!("plain/page-with-menu.html")),
        (Dialect::Hugo, Beside::Nothing) => (HUGO_PAGE, include_str!("plain/hugo/single.html")),
        (Dialect::Hugo, Beside::Menu) => {
            (HUGO_PAGE, include_str!("plain/hugo/single-with-menu.html"))
        }
    };
    for (path, text) in files.into_iter().chain([page]) {
        put(&root.join(path), text)?;
    }
    let content = root.join("content");
    put(
        &content.join("_index.md"),
        "+++\ntitle = \"Home\"\n+++\nWelcome.\n",
    )?;
    let each = pages / SECTIONS;
    for section in 0..SECTIONS {
        let folder = content.join(format!("topic-{section}"));
        let sorted = match dialect {
            Dialect::Zola => "sort_by = \"weight\"\n",
            // By weight already.
            Dialect::Hugo => "",
        };
        let index = format!("+++\ntitle = \"Topic {section}\"\n{sorted}+++\nAbout it.\n");
        put(&folder.join("_index.md"), &index)?;
        for page in 0..each {
            let text = page_text(section, page, each);
            let file = folder.join(format!("question-{page}.md"));
            fs::write(&file, text).during("write the benchmark's pages")?;
        }
    }
    Ok(())
}

fn put(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).during("make the benchmark's site")?;
    fs::write(file, text).during("write the benchmark's site")
}

/// A page with two headings, two lists, emphasis and a link to a page of the next topic.
fn page_text(section: usize, page: usize, each: usize) -> String {
    let mut words = Words(section * 7919 + page * 104_729 + 1);
    let next = format!(
        "/topic-{}/question-{}/",
        (section + 1) % SECTIONS,
        (page + 1) % each
    );
    let mut text = format!(
        "+++\ntitle = \"Question {section} {page}\"\ndescription = \"About question {page}.\"\n\
         weight = {}\n+++\n\n",
        page + 1
    );
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{} *{}* {}\n\n## What to do\n\n1. {}\n2. {} See [the next]({next}).\n3. {}\n\n\
         ## If that fails\n\n{}\n\n- {}\n- **{}**\n- [a site](https://example.com/)\n\n{}\n",
        words.sentence(60),
        words.sentence(8),
        words.sentence(20),
        words.sentence(15),
        words.sentence(15),
        words.sentence(15),
        words.sentence(60),
        words.sentence(10),
        words.sentence(10),
        words.sentence(70),
    );
    text
}

/// Words that are different on every page, and the same on every run.
struct Words(usize);

impl Words {
    fn sentence(&mut self, count: usize) -> String {
        const WORDS: [&str; 32] = [
            "clinic", "portal", "patient", "code", "phone", "email", "answer", "press", "wait",
            "visit", "number", "letter", "office", "record", "button", "question", "the", "of",
            "to", "and", "a", "in", "that", "is", "for", "on", "with", "your", "you", "can",
            "please", "now",
        ];
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            // The constants of the "minimal standard" generator (Park and Miller 1988).
            self.0 = self.0 * 16807 % 2_147_483_647;
            words.push(WORDS[self.0 % WORDS.len()]);
        }
        words.join(" ") + "."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_about_three_hundred_words_and_is_the_same_every_time() {
        let text = page_text(3, 7, 50);
        assert_eq!(text, page_text(3, 7, 50));
        assert_ne!(text, page_text(3, 8, 50));
        let count = text.split_whitespace().count();
        assert!((290..340).contains(&count), "{count}");
    }
}
