//! Style sheets as they are served: their source without what only its readers need.
//!
//! A sheet is taken apart into the tokens of CSS Syntax, and each is put back as it was
//! written, so that nothing can change what it means. It must not know what a sheet is for.

use cssparser::{ParseError, Parser, Token};

use crate::failure::{Failure, Result};

/// A style sheet without comments, and with white space only where it parts two things.
pub(super) fn smaller(source: &str) -> Result<String> {
    let mut written = Written::default();
    match written.all_of(&mut Parser::new(source)) {
        Ok(()) => Ok(written.css),
        Err(_) => Err(Failure::new(
            "a style sheet nests its blocks deeper than anybody reads: make it flatter",
        )),
    }
}

/// What is written so far.
#[derive(Default)]
struct Written {
    css: String,
    /// What stood in the source since the last token.
    gap: Gap,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    /// It parts tokens that would be one without it, and means nothing.
    Comment,
    Space,
}

impl Written {
    fn all_of(&mut self, parser: &mut Parser<'_>) -> std::result::Result<(), ParseError<()>> {
        loop {
            let start = parser.position();
            let Ok(token) = parser.next_including_whitespace_and_comments() else {
                return Ok(());
            };
            let closer = match token {
                Token::WhiteSpace(_) => {
                    self.gap = Gap::Space;
                    continue;
                }
                Token::Comment(_) => {
                    if self.gap == Gap::None {
                        self.gap = Gap::Comment;
                    }
                    continue;
                }
                Token::Function(_) | Token::ParenthesisBlock => ")",
                Token::SquareBracketBlock => "]",
                Token::CurlyBracketBlock => "}",
                _ => "",
            };
            self.put(parser.slice_from(start));
            if !closer.is_empty() {
                parser.parse_nested_block(|block| self.all_of(block))?;
                self.put(closer);
            }
        }
    }

    fn put(&mut self, token: &str) {
        let is_apart = ["{", "}", ";", ","].contains(&token)
            || self.css.is_empty()
            || self.css.ends_with(['{', '}', ';', ',']);
        match self.gap {
            Gap::Space if !is_apart => self.css.push(' '),
            Gap::Comment if !is_apart => self.css.push_str("/**/"),
            _ => {}
        }
        self.gap = Gap::None;
        self.css.push_str(token);
    }
}

#[cfg(test)]
mod tests {
    use super::smaller;

    #[track_caller]
    fn becomes(source: &str, css: &str) {
        assert_eq!(smaller(source).unwrap(), css);
    }

    #[test]
    fn comments_and_white_space_go() {
        becomes(
            "/* What\n * it is. */\na ,\n  b {\n  color : red; /* why */\n}\n",
            "a,b{color : red;}",
        );
    }

    #[test]
    fn a_line_that_begins_with_a_universal_selector_stays() {
        becomes("* { margin: 0 }\n", "*{margin: 0}");
        becomes("a,\n* > b { margin: 0 }", "a,* > b{margin: 0}");
    }

    #[test]
    fn white_space_that_means_something_stays() {
        becomes("a :hover , a:hover { }", "a :hover,a:hover{}");
        becomes(
            "a { width: calc( 1em + 2px ); margin: -1px -1px }",
            "a{width: calc( 1em + 2px );margin: -1px -1px}",
        );
        becomes(
            "@media  screen and (color) { }",
            "@media screen and (color){}",
        );
        becomes("[a='1' i] b { }", "[a='1' i] b{}");
    }

    #[test]
    fn a_comment_that_parts_two_names_stays_apart() {
        becomes("a { b: c/* d */e }", "a{b: c/**/e}");
        becomes("a /* b */ c { }", "a c{}");
    }

    #[test]
    fn what_looks_like_a_comment_in_a_text_stays() {
        becomes("a { content: '/* ; */  }' }", "a{content: '/* ; */  }'}");
        becomes(
            "a { background: url(//b.example.org/*.png) }",
            "a{background: url(//b.example.org/*.png)}",
        );
    }

    #[test]
    fn a_smaller_sheet_has_nothing_more_to_lose() {
        let sheet = include_str!("../../../widget/loader/embed.css");
        let once = smaller(sheet).unwrap();
        assert_eq!(smaller(&once).unwrap(), once);
        assert!(once.len() < sheet.len() && once.contains(".fd-flow *,"));
    }
}
