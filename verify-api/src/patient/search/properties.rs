//! Whoever is found is found again with one slip in what was typed.

use proptest::prelude::*;

use super::tests::{finds, patient, sought};

/// A slip of the hand at a place in a word.
#[derive(Clone, Copy, Debug)]
enum Slip {
    Changed(char),
    LeftOut,
    Doubled,
    Swapped,
}

fn slip() -> impl Strategy<Value = Slip> {
    prop_oneof![
        any_letter().prop_map(Slip::Changed),
        Just(Slip::LeftOut),
        Just(Slip::Doubled),
        Just(Slip::Swapped),
    ]
}

fn any_letter() -> impl Strategy<Value = char> {
    proptest::char::range('a', 'z')
}

/// As it is typed with a slip at one of its letters.
fn slipped(word: &str, slip: Slip, at: prop::sample::Index) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = at.index(letters.len());
    match slip {
        Slip::Changed(letter) => letters[at] = letter,
        Slip::LeftOut => drop(letters.remove(at)),
        Slip::Doubled => letters.insert(at, letters[at]),
        Slip::Swapped => letters.swap(at, (at + 1).min(word.chars().count() - 1)),
    }
    letters.into_iter().collect()
}

const BORN: &str = "1944-02-07";
/// Names so long that no slip makes a suffix of them, such as Jr. or III, which counts for nothing.
const GIVEN: &str = "[A-Z][a-zé]{4,9}";
const FAMILY: &str = "[A-ZÁ][a-zñ]{4,9}( [A-Z][a-z]{4,9})?";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn one_slip_in_a_name_is_forgiven(
        words in (GIVEN, FAMILY),
        is_in_family in any::<bool>(),
        is_turned_around in any::<bool>(),
        slip in slip(),
        at in any::<prop::sample::Index>(),
    ) {
        let (given, family) = words;
        let patient = patient(&[&given], &family, BORN);
        let (given, family) = if is_in_family {
            (given, slipped(&family, slip, at))
        } else {
            (slipped(&given, slip, at), family)
        };
        let typed = if is_turned_around {
            format!("{family}, {given}")
        } else {
            format!("{given} {family}")
        };
        prop_assert!(finds(&sought(&typed, BORN), &patient), "{typed}");
    }

    #[test]
    fn one_slip_in_the_birth_date_is_forgiven(
        born in (1880_u16..2030, 1_u8..=12, 1_u8..=28),
        place in 0_usize..8,
        digit in 0_u32..10,
        (given, family) in (GIVEN, FAMILY),
    ) {
        let (year, month, day) = born;
        let born = format!("{year}-{month:02}-{day:02}");
        let places = [0, 1, 2, 3, 5, 6, 8, 9];
        let digit = char::from_digit(digit, 10).unwrap().to_string();
        let mut typed = born.clone();
        typed.replace_range(places[place]..=places[place], &digit);
        let patient = patient(&[&given], &family, &born);
        if protocol::values::BirthDate::parse(&typed).is_ok() {
            let name = format!("{given} {family}");
            prop_assert!(finds(&sought(&name, &typed), &patient), "{typed} for {born}");
        }
    }
}
