//! Reading typed keys out of a [`Table`], with a finding for each wrong type and each unknown key.
//!
//! A reader asks for the keys it knows; [`Fields::finish`] reports the others. So the list of known
//! keys is the code that reads them and cannot drift from it.

use toml::value::Datetime;

use crate::config::ExtraField;
use crate::dates;
use crate::diagnostic::{Finding, Findings, Severity, nearest};
use crate::document::{Data, Entry, Node, Table, is_yaml};
use crate::formerly;
use crate::slips;
use crate::text::Text;

/// A reader over one table.
pub(crate) struct Fields<'a, 'f> {
    text: &'a Text,
    table: &'a Table,
    findings: &'f mut Findings,
    known: Vec<&'static str>,
    /// Keys that belong below `[extra]`.
    below_extra: Vec<&'a str>,
}

impl<'a, 'f> Fields<'a, 'f> {
    /// Starts reading a table of the given file.
    pub(crate) fn new(text: &'a Text, table: &'a Table, findings: &'f mut Findings) -> Self {
        Self {
            text,
            table,
            findings,
            known: Vec::new(),
            below_extra: Vec::new(),
        }
    }

    /// A reader over a table of the same file.
    pub(crate) fn within<'b>(&'b mut self, table: &'b Table) -> Fields<'b, 'b> {
        Fields::new(self.text, table, self.findings)
    }

    /// The raw value of a key.
    pub(crate) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.push(key);
        self.table.get(key)
    }

    /// Text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        self.typed(key, "text in quotes", |data| match data {
            Data::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false, without quotes", |data| match data {
            Data::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &'static str) -> Option<i64> {
        self.typed(key, "a whole number, without quotes", |data| match data {
            Data::Integer(number) => Some(*number),
            _ => None,
        })
    }

    /// A whole number that counts something.
    pub(crate) fn count(&mut self, key: &'static str) -> Option<usize> {
        let number = self.integer(key)?;
        let count = usize::try_from(number).ok();
        if count.is_none()
            && let Some(node) = self.table.get(key)
        {
            let sentence = format!("`{key}` cannot be {number}; it is 0 or more.");
            self.report(node, "unknown-value", sentence);
        }
        count
    }

    /// A date, with or without a time, in quotes or not; a time alone is refused.
    pub(crate) fn date(&mut self, key: &'static str) -> Option<Datetime> {
        self.typed(
            key,
            "a date like 2026-11-25, without quotes",
            |data| match data {
                Data::Date(date) if date.date.is_some() => Some(*date),
                Data::Text(text) => dates::from_text(text),
                _ => None,
            },
        )
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let node = self.node(key)?;
        let Data::List(items) = &node.data else {
            self.wrong_type(&format!("`{key}`"), node, "a list of texts");
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            if let Data::Text(text) = &item.data {
                texts.push(text.clone());
            } else {
                self.wrong_type(&format!("Each item of `{key}`"), item, "text in quotes");
            }
        }
        Some(texts)
    }

    /// A table.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        let node = self.node(key)?;
        if let Data::Table(table) = &node.data {
            return Some(table);
        }
        self.wrong_type(&format!("`{key}`"), node, "a table");
        None
    }

    /// Text that must be one of a few words, each with its meaning.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let node = self.node(key)?;
        let names = || words.iter().map(|(word, _)| *word);
        let Data::Text(text) = &node.data else {
            let list = names().collect::<Vec<_>>().join("\", \"");
            self.wrong_type(&format!("`{key}`"), node, &format!("one of \"{list}\""));
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text);
        if found.is_none() {
            let list = names().collect::<Vec<_>>().join("`, `");
            self.findings.push(
                Finding::error(
                    "unknown-value",
                    self.text.place(node.at.clone()),
                    format!("`{key}` cannot be `{text}`; it is one of `{list}`."),
                )
                .nearest(text, names()),
            );
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// Reports a key that is part of the dialect but not built yet, when `needs` says that its
    /// value asks for it.
    pub(crate) fn unsupported(
        &mut self,
        key: &'static str,
        needs: impl Fn(&Data) -> bool,
        what: &str,
    ) {
        let Some(node) = self.node(key) else { return };
        if needs(&node.data) {
            let place = self.text.place(node.at.clone());
            self.findings.push(
                Finding::error(
                    "not-supported-yet",
                    place,
                    format!("`{key}` asks for {what}, which site-builder does not support yet."),
                )
                .help(format!("Remove `{key}` for now.")),
            );
        }
    }

    /// A finding at the value of a key.
    pub(crate) fn report(&mut self, node: &Node, code: &'static str, sentence: String) {
        let place = self.text.place(node.at.clone());
        self.findings.push(Finding::error(code, place, sentence));
    }

    /// Says which keys belong below `[extra]`, for who writes them above it.
    pub(crate) fn below_extra(&mut self, fields: &'a [ExtraField]) {
        self.below_extra = fields.iter().map(|field| field.name.as_str()).collect();
    }

    /// What to do about a key that belongs below `[extra]`.
    fn misplaced(&self, entry: &Entry) -> Option<String> {
        if !self.below_extra.contains(&entry.key.as_str()) {
            return None;
        }
        Some(match (is_yaml(self.text), self.table.get("extra")) {
            (true, _) => "Put it below a line `extra:`, after two spaces.".to_owned(),
            (false, Some(_)) => "Move its line down, below the line `[extra]`.".to_owned(),
            (false, None) => {
                let entries = self.table.entries.iter();
                let misplaced = entries.filter(|entry| {
                    self.below_extra.contains(&entry.key.as_str())
                        && !self.known.contains(&entry.key.as_str())
                });
                let first = misplaced.min_by_key(|entry| entry.key_at.start)?;
                if first.key == entry.key {
                    "Add a line `[extra]` above this one.".to_owned()
                } else {
                    format!("It needs the line `[extra]` above `{}`, too.", first.key)
                }
            }
        })
    }

    /// Reports every key that was not asked for. `what` names the kind of file or table.
    pub(crate) fn finish(self, what: &str) {
        self.finish_at(Some(Severity::Error), what);
    }

    /// The same, as grave as `level` says.
    pub(crate) fn finish_at(self, level: Option<Severity>, what: &str) {
        let Some(level) = level else {
            return;
        };
        for entry in &self.table.entries {
            if self.known.contains(&entry.key.as_str()) {
                continue;
            }
            let place = self.text.place(entry.key_at.clone());
            let finding = Finding::new(
                level,
                "unknown-key",
                place,
                format!("{what} has no line `{}`.", entry.key),
            )
            .nearest(&entry.key, self.known.iter().copied());
            let table = self.as_table(entry);
            let instead = formerly::instead(what, &entry.key, is_yaml(self.text))
                .map(str::to_owned)
                .or_else(|| self.misplaced(entry))
                .or_else(|| self.as_list(entry))
                .or(table);
            let finding = match (instead, &finding.help) {
                (Some(instead), _) => finding.help(instead),
                (None, None) if self.known.contains(&"extra") => {
                    finding.help(if is_yaml(self.text) {
                        "Lines of your own go below `extra:`, each after two spaces."
                    } else {
                        "Lines of your own go below `[extra]`."
                    })
                }
                _ => finding,
            };
            self.findings.push(finding);
        }
    }

    /// The line as it should be for a table with a slip in its name.
    fn as_table(&self, entry: &Entry) -> Option<String> {
        let is_table = matches!(entry.node.data, Data::Table(_));
        let known = ["extra", "taxonomies"].into_iter();
        let mut meant = known.filter(|known| self.known.contains(known));
        let name = meant.find(|known| is_table && is_slip_of(&entry.key, known))?;
        Some(if is_yaml(self.text) {
            format!("Write `{name}:`.")
        } else {
            format!("Write `[{name}]`.")
        })
    }

    /// The line as it should be for one text under the singular of a key that is a list.
    fn as_list(&self, entry: &Entry) -> Option<String> {
        let plural = ["aliases", "authors"]
            .into_iter()
            .find(|plural| self.known.contains(plural) && is_singular(&entry.key, plural))?;
        let sign = if is_yaml(self.text) { ":" } else { " =" };
        let value = self.text.body.get(entry.node.at.clone())?;
        match entry.node.data {
            Data::Text(_) => Some(format!("Write `{plural}{sign} [{value}]`.")),
            _ => Some(format!("Did you mean `{plural}`?")),
        }
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl Fn(&Data) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let value = read(&node.data);
        if value.is_none() {
            self.wrong_type(&format!("`{key}`"), node, wanted);
        }
        value
    }

    /// Reports a value of another kind than is wanted.
    pub(crate) fn wrong_type(&mut self, what: &str, node: &Node, wanted: &str) {
        let sentence = format!("{what} must be {wanted}, but this is {}.", node.kind());
        let finding = Finding::error("wrong-type", self.text.place(node.at.clone()), sentence);
        let help = formerly::instead(wanted, what, is_yaml(self.text))
            .map(str::to_owned)
            .or_else(|| slips::as_wanted(self.text, &node.at, wanted));
        self.findings.push(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }
}

/// Whether a name is another one with a slip of a finger or two, or with capitals.
pub(crate) fn is_slip_of(name: &str, meant: &str) -> bool {
    name != meant && nearest(&name.to_lowercase(), [meant]).is_some()
}

fn is_singular(word: &str, plural: &str) -> bool {
    plural
        .strip_prefix(word)
        .is_some_and(|ending| matches!(ending, "s" | "es"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_toml;

    #[test]
    fn a_typo_and_a_wrong_type_are_found_where_they_stand() {
        let mut findings = Findings::default();
        let text = Text::new("content/a.md", "titel = \"x\"\nweight = \"3\"\n");
        let (table, _) = parse_toml(&text, 0..text.body.len(), &mut findings);
        let mut fields = Fields::new(&text, &table, &mut findings);
        assert_eq!(fields.text("title"), None);
        assert_eq!(fields.integer("weight"), None);
        fields.finish("A page");
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.place.line, f.place.column, f.code, f.help.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (1, 1, "unknown-key", Some("Did you mean `title`?")),
                (2, 10, "wrong-type", Some("Write `weight = 3`."))
            ]
        );
    }

    #[test]
    fn one_text_where_a_list_is_wanted_is_shown_as_a_list() {
        for (source, help) in [
            ("alias = \"faq/x\"\n", "Write `aliases = [\"faq/x\"]`."),
            ("alias = [\"faq/x\"]\n", "Did you mean `aliases`?"),
        ] {
            let mut findings = Findings::default();
            let text = Text::new("content/a.md", source);
            let (table, _) = parse_toml(&text, 0..text.body.len(), &mut findings);
            let mut fields = Fields::new(&text, &table, &mut findings);
            fields.texts("aliases");
            fields.finish("A page");
            let found: Vec<_> = findings.iter().map(|f| f.help.as_deref()).collect();
            assert_eq!(found, [Some(help)]);
        }
    }
}
