//! The widget on pages of another site: what they may ask for, what their scripts get hold of,
//! and what people see there.

mod calls;
mod page;
mod trusted_types;

use std::collections::BTreeMap;

use frontdesk_tests::{Clinic, Settings, Stack, site_words_in};
use protocol::Locale;

/// A help center that a clinic's own pages show, and that clinic.
pub(crate) fn with_clinic(settings: Settings) -> (Stack, Clinic) {
    let clinic = Clinic::start();
    let settings = settings.key("http.embed_origins", &clinic.origin());
    let stack = Stack::with(&settings);
    clinic.shows(&stack);
    (stack, clinic)
}

/// Each custom property of a style sheet, with the value that stands for it.
fn in_style_sheet() -> BTreeMap<String, String> {
    let css = include_str!("../../../../widget/loader/embed.css");
    let found = css.split("var(").skip(1);
    let found = found.filter_map(|rest| rest.split_once(')')?.0.split_once(", "));
    let mut values = BTreeMap::new();
    for (name, value) in found {
        let earlier = values.insert(name.to_owned(), value.to_owned());
        assert!(
            earlier.is_none_or(|it| it == value),
            "{name} has two values"
        );
    }
    values
}

/// The same as the README tells them.
fn in_readme() -> BTreeMap<String, String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    let readme = readme.expect("README.md is read");
    let rows = readme.lines().filter(|line| line.starts_with("| `--fd-"));
    let told = |cell: &str| {
        let texts = cell.split('`').skip(1).step_by(2).map(str::to_owned);
        texts.collect::<Vec<_>>()
    };
    let pairs = rows.flat_map(|row| {
        let cells: Vec<_> = row.split(" | ").collect();
        let names = told(cells[0]);
        let values = told(cells[2]);
        names.into_iter().zip(values)
    });
    pairs.collect()
}

#[test]
fn the_readme_names_every_custom_property_and_its_value() {
    let mut of_sheet = in_style_sheet();
    // The typefaces of systems are a long list; the README says whose they are.
    let fonts = of_sheet.insert("--fd-font".to_owned(), "system".to_owned());
    assert!(fonts.is_some_and(|fonts| fonts.ends_with("sans-serif")));
    assert_eq!(in_readme(), of_sheet);
}

/// The pages to copy are what the tests show; a clinic reads the README first.
#[test]
fn the_readme_shows_the_element_of_each_language() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    let readme = readme.expect("README.md is read");
    for locale in Locale::ALL {
        let element = Clinic::element(locale);
        assert!(readme.contains(element), "{element}");
        let offline = site_words_in(locale, "start_offline");
        let told = format!("<p role=\"alert\" data-offline=\"{offline}\"></p>");
        assert!(element.contains(&told), "{told}");
    }
}
