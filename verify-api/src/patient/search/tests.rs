//! People as the desk hears and types them.

use super::*;
use crate::patient::Standing;

pub(super) fn patient(given: &[&str], family: &str, born: &str) -> Patient {
    Patient {
        given_names: given.iter().map(|name| (*name).to_owned()).collect(),
        family_name: family.to_owned(),
        birth_date: BirthDate::parse(born).unwrap(),
        postal_code: None,
        phones: Vec::new(),
        email: None,
        locale: protocol::Locale::En,
        standing: Standing::Current,
    }
}

pub(super) fn sought(name: &str, born: &str) -> Sought {
    Sought::new(name, BirthDate::parse(born).unwrap()).unwrap()
}

/// Whether a search comes to a patient: by a way that leads to the record, and then by
/// its likeness.
pub(super) fn finds(sought: &Sought, patient: &Patient) -> bool {
    let listings = sought.listings();
    let is_listed = |form: &String| listings.contains(&(patient.birth_date, form.clone()));
    let leads = patient.birth_date == sought.born() || forms(patient).iter().any(is_listed);
    leads && sought.likeness(patient).is_some()
}

#[track_caller]
fn found(name: &str, born: &str, patient: &Patient) -> Likeness {
    let sought = sought(name, born);
    assert!(finds(&sought, patient), "{name}, {born}");
    sought.likeness(patient).unwrap()
}

#[test]
fn spellings_of_one_name_are_the_same() {
    for (typed, given, family) in [
        ("Jose Nunez", "José", "Núñez"),
        ("José Núñez", "Jose", "Nunez"),
        ("sean obrien", "Seán", "O’Brien"),
        ("Sean O'Brien", "Sean", "OBrien"),
        ("Sean O Dowd", "Seán", "O’Dowd"),
        ("O Dowd, Sean", "Seán", "O'Dowd"),
        ("Sean ODowd", "Seán", "O Dowd"),
        ("Sean O'Dowd", "Seán", "O Dowd"),
        ("Ana De La Cruz", "Ana", "Delacruz"),
        ("Ana Garcia Lopez", "Ana", "Garcia-Lopez"),
        ("Ana Garcia-Lopez", "Ana", "Garcia Lopez"),
        ("Ana Garcialopez", "Ana", "Garcia-Lopez"),
        ("Maryann Smith", "Mary Ann", "Smith"),
        ("Mary Ann Smith", "Maryann", "Smith"),
        ("John Smith", "John", "Smith Jr."),
        ("John Smith Jr", "John", "Smith"),
        ("Okafor, Rosa", "Rosa", "Okafor"),
    ] {
        let patient = patient(&[given], family, "1944-02-07");
        for born in ["1944-02-07", "1944-07-02", "1944-02-17"] {
            let found = found(typed, born, &patient);
            assert!(found.names > 0.99, "{typed}: {}", found.names);
            assert_eq!(found.is_born_then, born == "1944-02-07");
        }
    }
}

#[test]
fn a_part_of_the_name_is_enough_with_the_birth_date() {
    let ana = patient(&["Ana", "Lucía"], "García-López", "1944-02-07");
    for typed in [
        "Ana Garcia",
        "Ana Lopez",
        "Lucia Lopez",
        "Garcia",
        "A. Lopez",
    ] {
        found(typed, "1944-02-07", &ana);
    }
    found("Ana Maria Lopez", "1944-02-07", &ana);
    // The family name alone, with gaps where the record has none, or the other way round.
    for (typed, family) in [
        ("O Dowd", "O'Dowd"),
        ("ODowd", "O Dowd"),
        ("De La Cruz", "Delacruz"),
        ("Delacruz", "De la Cruz"),
    ] {
        let seen = found(
            typed,
            "1944-02-07",
            &patient(&["Rosa"], family, "1944-02-07"),
        );
        assert!(seen.names > 0.99, "{typed}: {}", seen.names);
    }
    found("Ana Smith", "1944-02-07", &ana);
}

#[test]
fn somebody_else_is_not_found() {
    let rosa = patient(&["Rosa"], "Okafor", "1944-02-07");
    for (typed, born) in [
        ("Peter Winslow", "1944-02-07"),
        ("Rosa Okafor", "1951-11-23"),
        ("Rosa Smith", "1944-02-08"),
        ("Winslow", "1944-02-08"),
    ] {
        assert!(!finds(&sought(typed, born), &rosa), "{typed}, {born}");
    }
    let peggy = patient(&["Margaret"], "Quill", "1944-02-07");
    let [peg, margaret] = ["Peggy Quill", "Margaret Quill"].map(|name| sought(name, "1944-02-07"));
    let [peg, margaret] = [peg, margaret].map(|it| it.likeness(&peggy).unwrap().names);
    assert!(
        peg < 0.9 && margaret > 0.99,
        "a nickname is another word: {peg}"
    );
}

#[test]
fn whoever_is_more_alike_comes_first() {
    let order = |typed: &str, patients: &[Patient]| -> Vec<usize> {
        let sought = sought(typed, "1944-02-07");
        let mut order: Vec<_> = (0..patients.len()).collect();
        let alike = |at: &usize| sought.likeness(&patients[*at]).unwrap();
        order.sort_by(|one, other| alike(one).before(&alike(other)));
        order
    };
    let twins = [
        patient(&["Annie"], "Quill", "1944-02-07"),
        patient(&["Anna"], "Quill", "1944-07-02"),
        patient(&["Anna"], "Quill", "1944-02-07"),
    ];
    assert_eq!(order("Anna Quill", &twins), [2, 0, 1]);
    assert_eq!(order("Annie Quill", &twins[..1]), [0]);
}

#[test]
fn without_a_word_of_two_letters_there_is_nobody_to_look_for() {
    let born = BirthDate::parse("1944-02-07").unwrap();
    for name in ["", " ", "'", "- -", "\u{301}", "R", "R. O.", "é"] {
        assert!(Sought::new(name, born).is_none(), "{name:?}");
    }
    assert_eq!(forms(&patient(&["-"], "'", "1944-02-07")).len(), 1);
}

#[test]
fn people_who_have_but_letters_and_the_birth_date_in_common_are_others() {
    for (typed, given, family) in [
        ("Mary Jones", "James", "Moore"),
        ("Karen Brown", "Aaron", "Crown-Baker"),
        ("Rod Marsh", "Robin", "Amherst-Marr"),
        ("R. Winslow", "Rosa", "Okafor"),
        ("R. O. Winslow", "Rosa", "Okafor"),
    ] {
        let patient = patient(&[given], family, "1944-02-07");
        let sought = sought(typed, "1944-02-07");
        assert!(!finds(&sought, &patient), "{typed}, {given} {family}");
    }
    let rosa = patient(&["Rosa"], "Okafor", "1944-02-07");
    for typed in ["R. Okafor", "Rosa O.", "Okafro", "RosaOkafr"] {
        found(typed, "1944-02-07", &rosa);
    }
}

/// A word of that many letters, another one for each number.
fn word(number: u32, letters: usize) -> String {
    let mut word = String::new();
    for place in 0..letters {
        let letter = (number >> (4 * (place % 8))) & 15;
        word.push(char::from_digit(letter + 10, 26).unwrap());
    }
    word
}

#[test]
fn names_of_many_words_cost_no_more_than_others() {
    let words: Vec<_> = (0..500).map(|number| word(number, 8)).collect();
    let long = words.join(" ");
    let listings = sought(&long, "1944-02-07").listings();
    assert!(listings.len() < 2_000, "{}", listings.len());
    let patient = patient(&[&long, &long], &long, "1944-02-07");
    let forms = forms(&patient);
    assert!(forms.len() < 100, "{}", forms.len());
    found(&long, "1944-02-07", &patient);
}

#[test]
fn of_a_long_word_the_beginning_is_looked_at() {
    let [one, other] = [0, 1].map(|end| word(7, 40) + &word(end, 20_000));
    let patient = patient(&[&one], &one, "1944-02-07");
    let typed = format!("{other} {other}");
    let found = found(&typed, "1944-02-07", &patient);
    assert!(found.names > 0.99, "{}", found.names);
    let listings = sought(&typed, "1944-02-07").listings();
    let typed = listings.iter().map(|(_, form)| form);
    let forms = forms(&patient);
    for form in typed.chain(&forms) {
        assert!(form.len() <= 42, "{}", form.len());
    }
}
