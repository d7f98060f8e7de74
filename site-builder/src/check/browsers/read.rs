//! Takes a style sheet apart, as browsers do: one fault hides nothing behind it.
//!
//! Owns rules and their blocks; [`super::pieces`] finds what they are made of.

use std::ops::Range;

use cssparser::{
    AtRuleParser, BasicParseErrorKind, CowRcStr, DeclarationParser, ParseError, ParseErrorKind,
    Parser, ParserState, QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser, SourceLocation,
    StyleSheetParser,
};

use super::pieces::{Prelude, Value, pseudos, questions};
use super::sheet::{AtRule, Declaration, Fault, Guard, Part, Rule, Sheet};

/// Reads a style sheet.
pub(super) fn read(css: &str) -> Sheet {
    let mut reader = Reader::new(css);
    let mut input = Parser::new(css);
    let mut errors = Vec::new();
    for result in StyleSheetParser::new(&mut input, &mut reader) {
        errors.extend(result.err());
    }
    reader.errors(errors);
    reader.sheet
}

/// Reads what an attribute `style` holds.
pub(super) fn read_attribute(css: &str) -> Sheet {
    let mut reader = Reader::new(css);
    reader.in_style = true;
    let mut input = Parser::new(css);
    reader.body(&mut input);
    let rule = Rule {
        declarations: std::mem::take(&mut reader.declarations),
        ..Rule::default()
    };
    reader.sheet.rules.push(rule);
    reader.sheet
}

/// A fault, what it is about, and where its rule begins: as the parser hands it over.
type Error<'i> = (ParseError<()>, &'i str, SourceLocation);

struct Reader<'i> {
    css: &'i str,
    sheet: Sheet,
    /// The declarations of the rule that is being read.
    declarations: Vec<Declaration>,
    within: Vec<Guard>,
    in_style: bool,
    in_frames: bool,
    is_unclosed: bool,
}

impl<'i> Reader<'i> {
    fn new(css: &'i str) -> Self {
        Self {
            css,
            sheet: Sheet::default(),
            declarations: Vec::new(),
            within: Vec::new(),
            in_style: false,
            in_frames: false,
            is_unclosed: false,
        }
    }

    /// Reads what is between braces.
    fn body(&mut self, input: &mut Parser<'i>) {
        let mut errors = Vec::new();
        for result in RuleBodyParser::new(input, self) {
            errors.extend(result.err());
        }
        self.errors(errors);
    }

    /// Notes a block whose end is that of the file. The innermost one is told: the others end there
    /// because it does.
    fn end(&mut self, start: &ParserState, input: &Parser<'i>) {
        if input.position().byte_index() == self.css.len() && !self.is_unclosed {
            self.is_unclosed = true;
            let at = start.position().byte_index();
            self.fault(at..at, "This rule is not closed: its `}` is missing.", "");
        }
    }

    fn fault(&mut self, at: Range<usize>, sentence: impl Into<String>, help: &'static str) {
        // Over its end there is only the line.
        let line = self.css[at.start..].lines().next().unwrap_or_default();
        let end = at.end.clamp(at.start, at.start + line.len());
        self.sheet.faults.push(Fault {
            at: at.start..end.max(at.start + line.chars().next().map_or(0, char::len_utf8)),
            sentence: sentence.into(),
            help,
        });
    }

    fn errors(&mut self, errors: Vec<Error<'i>>) {
        for (error, slice, _) in errors {
            // The slice is a part of the style sheet.
            let start = (slice.as_ptr() as usize).saturating_sub(self.css.as_ptr() as usize);
            let at = start..start + slice.trim_end().len();
            if at.end > self.css.len() {
                continue;
            }
            let ParseErrorKind::Basic(kind) = &error.kind else {
                // Told where it was found.
                continue;
            };
            if matches!(kind, BasicParseErrorKind::TooManyNestedBlocks) {
                let help = "Nest its rules and its values less.";
                self.fault(at, "Brackets go too deep in this style sheet.", help);
                continue;
            }
            let help =
                "Browsers skip it. Look for a missing `:`, `;`, `{` or `}` here or just before.";
            self.fault(at, "This cannot be read as CSS.", help);
        }
    }
}

impl<'i> AtRuleParser<'i> for Reader<'i> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<Prelude, ParseError<()>> {
        let mut prelude = Prelude {
            name: name.to_ascii_lowercase(),
            questions: Vec::new(),
            compares: false,
        };
        questions(input, &mut prelude)?;
        if prelude.name != "media" {
            prelude.questions.clear();
            prelude.compares = false;
        }
        Ok(prelude)
    }

    fn rule_without_block(&mut self, prelude: Prelude, start: &ParserState) -> Result<(), ()> {
        self.at_rule(&prelude, start);
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.at_rule(&prelude, start);
        let depth = self.within.len();
        let frames = prelude.name.ends_with("keyframes");
        let is_supports = prelude.name == "supports";
        let is_grouping = ["media", "layer", "container", "scope", "starting-style"]
            .contains(&prelude.name.as_str());
        if is_supports || !(frames || is_grouping) {
            self.within.push(Guard::Asked);
        } else {
            self.within.push(Guard::Rule(prelude.name));
        }
        self.within
            .extend(prelude.questions.into_iter().map(Guard::Question));
        let outer = (
            self.in_style,
            std::mem::replace(&mut self.in_frames, frames),
            std::mem::take(&mut self.declarations),
        );
        self.in_style |= !(is_supports || frames || is_grouping);
        self.body(input);
        // In a rule with selectors, these are that rule's own under a condition. What describes a
        // font or a page is no property.
        let declarations = std::mem::replace(&mut self.declarations, outer.2);
        if outer.0 && !declarations.is_empty() {
            self.sheet.rules.push(Rule {
                within: self.within.clone(),
                declarations,
                ..Rule::default()
            });
        }
        (self.in_style, self.in_frames) = (outer.0, outer.1);
        self.within.truncate(depth);
        self.end(start, input);
        Ok(())
    }
}

impl Reader<'_> {
    fn at_rule(&mut self, prelude: &Prelude, start: &ParserState) {
        let at = start.position().byte_index();
        self.sheet.at_rules.push(AtRule {
            name: prelude.name.clone(),
            at: at..at + 1 + prelude.name.len(),
            within: self.within.clone(),
            compares: prelude.compares,
        });
    }
}

impl<'i> QualifiedRuleParser<'i> for Reader<'i> {
    type Prelude = Vec<Part>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Part>, ParseError<()>> {
        let mut parts = Vec::new();
        let start = input.position();
        pseudos(input, &mut parts)?;
        if input.slice_from(start).trim().is_empty() {
            return Err(ParseError::unexpected_token());
        }
        Ok(parts)
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Part>,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        let at = start.position().byte_index();
        let outer = std::mem::take(&mut self.declarations);
        let nested = std::mem::replace(&mut self.in_style, true);
        let place = self.sheet.rules.len();
        self.body(input);
        self.in_style = nested;
        let declarations = std::mem::replace(&mut self.declarations, outer);
        let text = self.css[at..].split('{').next().unwrap_or_default();
        let rule = Rule {
            selectors,
            within: self.within.clone(),
            nested: nested && !self.in_frames,
            at: at..at + text.trim_end().len(),
            declarations,
        };
        self.sheet.rules.insert(place, rule);
        self.end(start, input);
        Ok(())
    }
}

impl<'i> DeclarationParser<'i> for Reader<'i> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let is_own = name.starts_with("--");
        let mut value = Value {
            is_own,
            ..Value::default()
        };
        let result = value.read(input, true);
        let at = start.position().byte_index();
        let at = at..at + name.len();
        match (result, value.colon) {
            (Ok(()), Some(colon)) if !name.to_ascii_lowercase().ends_with("filter") => {
                let before = self.css[at.start..colon].trim_end();
                let start = before
                    .rfind(char::is_whitespace)
                    .map_or(at.start, |space| at.start + space + 1);
                let help = "Write a `;` at the end of the line before.";
                self.fault(start..colon, "A `;` is missing before this.", help);
            }
            (Ok(()), _) => {}
            (Err(error), _) => return Err(error),
        }
        let name = if is_own {
            name.to_string()
        } else {
            name.to_ascii_lowercase()
        };
        self.declarations.push(Declaration {
            name,
            at,
            words: value.words,
        });
        Ok(())
    }
}

impl<'i> RuleBodyItemParser<'i, (), ()> for Reader<'i> {
    fn parse_declarations(&self) -> bool {
        self.in_style
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
