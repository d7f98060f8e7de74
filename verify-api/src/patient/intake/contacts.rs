//! The phones and the email of a record, gathered one by one.

use protocol::values::Email;

use super::Note;
use crate::patient::PhoneOnFile;
use crate::patient::phone::{Phone, PhoneProblem};

/// What was found so far, and what is to be said of it.
#[derive(Default)]
pub(in crate::patient) struct Contacts {
    phones: Vec<PhoneOnFile>,
    email: Option<Email>,
    notes: Vec<Note>,
}

impl Contacts {
    /// Takes a phone; the one to prefer comes first. The same number twice is one.
    pub(in crate::patient) fn phone(
        &mut self,
        text: &str,
        rank: Option<u32>,
        is_mobile: Option<bool>,
    ) {
        let number = match Phone::judge(text) {
            Ok(number) => number,
            Err(problem) => return self.note(Note::of_phone(problem)),
        };
        match self.phones.iter_mut().find(|known| known.number == number) {
            Some(known) => known.is_mobile = known.is_mobile.or(is_mobile),
            None => self.phones.push(PhoneOnFile {
                number,
                rank,
                is_mobile,
            }),
        }
    }

    /// Takes an email, if there is none yet.
    pub(in crate::patient) fn email(&mut self, text: &str) {
        if self.email.is_some() {
            return;
        }
        self.email = Email::parse(text).ok();
        if self.email.is_none() {
            self.note(Note::OddEmail);
        }
    }

    /// That something was left out because it is of before.
    pub(in crate::patient) fn left_out_old(&mut self) {
        self.note(Note::OldContact);
    }

    /// Each once: two bad numbers are one thing to look at.
    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// All of it; what is to be said goes to `notes`.
    pub(in crate::patient) fn end(
        mut self,
        notes: &mut Vec<Note>,
    ) -> (Vec<PhoneOnFile>, Option<Email>) {
        if self.phones.is_empty() {
            self.note(Note::NoPhone);
        }
        notes.append(&mut self.notes);
        (self.phones, self.email)
    }
}

impl Note {
    const fn of_phone(problem: PhoneProblem) -> Self {
        match problem {
            PhoneProblem::Missing | PhoneProblem::NoNumber => Self::NoNumber,
            PhoneProblem::Foreign => Self::ForeignPhone,
            PhoneProblem::ReachesNobody => Self::PhoneReachesNobody,
            PhoneProblem::TollFree => Self::TollFreePhone,
            PhoneProblem::Extension => Self::PhoneExtension,
        }
    }
}
