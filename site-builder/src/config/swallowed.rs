//! The site's own settings below the header of a table, which takes them for its own.
//!
//! Whoever adds a language at the top of `zola.toml` changes what every line below means: one slip,
//! of which a hundred findings would tell.

use crate::diagnostic::Finding;
use crate::text::Text;

/// Settings of the site as a whole that no table has.
const OF_SITE: [&str; 8] = [
    "base_url",
    "compile_sass",
    "default_language",
    "ignored_content",
    "ignored_static",
    "output_dir",
    "skip_content_templating",
    "theme",
];

/// Tables of which every line is known, beside those of languages.
const TABLES: [&str; 4] = ["link_checker", "markdown", "search", "slugify"];

/// Finds a table that begins above the site's own settings.
pub(super) fn find(text: &Text) -> Option<Finding> {
    let mut header = None;
    let mut start = 0;
    for line in text.body.split_inclusive('\n') {
        let written = line.trim();
        let at = start..start + line.trim_end().len();
        start += line.len();
        if written.starts_with('[') {
            // Whatever else a line says that begins so, the header above holds no longer.
            header = known_table(written).map(|written| (at, written));
            continue;
        }
        let key = written.split_once('=').map(|(key, _)| key.trim());
        let own = key.filter(|key| OF_SITE.contains(key));
        if let (Some(key), Some((at, header))) = (own, &header) {
            let sentence = format!(
                "The line `{header}` takes all lines below it, also those of the whole site, such \
                 as `{key}`."
            );
            let finding = Finding::error("table-too-early", text.place(at.clone()), sentence);
            return Some(finding.help(format!(
                "Move `{header}`, with the lines that belong to it, to the end of the file."
            )));
        }
    }
    None
}

/// The header on a line, without what follows it, if every line of its table is known. Below that of
/// a language, tables hold words of the site's own.
fn known_table(line: &str) -> Option<&str> {
    let header = &line[..=line.find(']')?];
    let name = header.trim_matches(['[', ']']).trim();
    let is_language = || {
        let code = name.strip_prefix("languages.");
        code.is_some_and(|code| !code.contains('.'))
    };
    (TABLES.contains(&name) || is_language()).then_some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_above_the_settings_of_the_site_is_told_at_its_header() {
        let found = |source: &str| {
            let finding = find(&Text::new("zola.toml", source))?;
            Some((finding.place.line, finding.sentence))
        };
        let (line, sentence) =
            found("# Ours\n[languages.es]\ntitle = \"A\"\nbase_url = \"/\"\n").unwrap();
        assert_eq!(line, 2);
        assert!(sentence.contains("`[languages.es]`") && sentence.contains("`base_url`"));
        let (line, sentence) = found("[markdown] # Ours\ntheme = \"a\"\n").unwrap();
        assert_eq!(line, 1);
        assert!(sentence.contains("`[markdown]`"), "{sentence}");
        for source in [
            "base_url = \"/\"\n[languages.es]\ntitle = \"A\"\n",
            "[languages.es]\ntitle = \"A\"\n[extra]\ntheme = \"dark\"\n",
            "[markdown]\n[extra] # Ours, [not] theirs\ntheme = \"dark\"\n",
            "[markdown]\n[extra.\"x\"]\ntheme = \"dark\"\n",
            "[languages.es]\n[languages.es.translations]\ntheme = \"Tema\"\n",
            "[markdown.highlighting]\ntheme = \"dark\"\n",
            "list = [\n\"a\",\n]\ntheme = \"a\"\n[markdown]\n# theme = \"b\"\n",
        ] {
            assert_eq!(found(source), None, "{source}");
        }
    }
}
