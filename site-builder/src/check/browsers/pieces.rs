//! What rules are made of: the words before their braces, and those of values.

use cssparser::{ParseError, Parser, Token};

use super::sheet::{Kind, Part};

/// What stands before the braces of a rule with `@`.
#[derive(Default)]
pub(super) struct Prelude {
    /// The rule's name.
    pub name: String,
    /// What a media query asks.
    pub questions: Vec<String>,
    /// Whether it compares.
    pub compares: bool,
}

/// What a media query asks, and whether it compares.
pub(super) fn questions(
    input: &mut Parser<'_>,
    prelude: &mut Prelude,
) -> Result<(), ParseError<()>> {
    while let Ok(token) = input.next() {
        match token {
            Token::ParenthesisBlock | Token::Function(_) => input.parse_nested_block(|input| {
                if let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
                    let name = name.to_ascii_lowercase();
                    let name = name.trim_start_matches("min-").trim_start_matches("max-");
                    prelude.questions.push(name.to_owned());
                }
                questions(input, prelude)
            })?,
            Token::Delim('<' | '>') => prelude.compares = true,
            _ => {}
        }
    }
    Ok(())
}

/// The pseudo-classes and pseudo-elements of selectors.
pub(super) fn pseudos(input: &mut Parser<'_>, parts: &mut Vec<Part>) -> Result<(), ParseError<()>> {
    let mut colons = None;
    loop {
        let before = input.position().byte_index();
        let Ok(token) = input.next_including_whitespace() else {
            return Ok(());
        };
        let (name, opens) = match token {
            Token::Colon => {
                colons.get_or_insert(before);
                continue;
            }
            Token::Ident(name) => (Some(name.to_ascii_lowercase()), false),
            Token::Function(name) => (Some(name.to_ascii_lowercase()), true),
            Token::ParenthesisBlock | Token::SquareBracketBlock => (None, true),
            token if token.is_parse_error() => return Err(ParseError::unexpected_token()),
            _ => (None, false),
        };
        let end = input.position().byte_index();
        if let (Some(start), Some(name)) = (colons.take(), name) {
            parts.push(Part {
                kind: Kind::Pseudo,
                name,
                at: start..end - usize::from(opens),
            });
        }
        if opens {
            input.parse_nested_block(|input| pseudos(input, parts))?;
        }
    }
}

/// What a value is made of.
#[derive(Default)]
pub(super) struct Value {
    /// Whether it is that of an author's own property, which may hold anything.
    pub is_own: bool,
    /// The pieces.
    pub words: Vec<Part>,
    /// The first `:` in it, which may stand for a missing `;`.
    pub colon: Option<usize>,
}

impl Value {
    /// Reads it to its end.
    pub(super) fn read(
        &mut self,
        input: &mut Parser<'_>,
        is_top: bool,
    ) -> Result<(), ParseError<()>> {
        loop {
            input.skip_whitespace();
            let start = input.position().byte_index();
            let Ok(token) = input.next() else {
                return Ok(());
            };
            let mut opens = false;
            let found = match token {
                Token::Ident(name) if is_top => Some((Kind::Word, name.to_ascii_lowercase())),
                Token::Ident(name) => Some((Kind::InnerWord, name.to_ascii_lowercase())),
                Token::Function(name) => {
                    opens = true;
                    Some((Kind::Function, name.to_ascii_lowercase()))
                }
                Token::Dimension { unit, .. } => Some((Kind::Unit, unit.to_ascii_lowercase())),
                Token::Hash(digits) | Token::IDHash(digits) if matches!(digits.len(), 4 | 8) => {
                    Some((Kind::ClearColor, digits.to_string()))
                }
                // The braces of a rule in a rule, which begins like a declaration.
                Token::CurlyBracketBlock if !self.is_own => {
                    return Err(ParseError::unexpected_token());
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => {
                    opens = true;
                    None
                }
                Token::Colon if is_top && !self.is_own => {
                    self.colon.get_or_insert(start);
                    None
                }
                token if token.is_parse_error() => return Err(ParseError::unexpected_token()),
                _ => None,
            };
            let end = input.position().byte_index();
            self.words.extend(found.map(|(kind, name)| Part {
                kind,
                name,
                at: start..end,
            }));
            if opens {
                input.parse_nested_block(|input| self.read(input, false))?;
            }
        }
    }
}
