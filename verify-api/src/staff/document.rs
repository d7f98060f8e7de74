//! Which documents the desk looks at, and which of them show who somebody is.
//!
//! It must not know how they are shown.

/// A kind of document that shows who somebody is. Only its kind is ever noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A driver's licence, or an identity card of a state.
    StateId,
    /// A passport, or a card of one.
    Passport,
    /// An identity card of the armed forces, or of a tribe.
    OtherPhotoId,
    /// An insurance card.
    InsuranceCard,
}

impl Document {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::StateId,
        Self::Passport,
        Self::OtherPhotoId,
        Self::InsuranceCard,
    ];

    /// The name under which it is stored, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StateId => "state-id",
            Self::Passport => "passport",
            Self::OtherPhotoId => "other-photo-id",
            Self::InsuranceCard => "insurance-card",
        }
    }

    /// Whether it shows the face of whoever it is of.
    const fn has_photo(self) -> bool {
        match self {
            Self::StateId | Self::Passport | Self::OtherPhotoId => true,
            Self::InsuranceCard => false,
        }
    }

    /// Those whose names were stored.
    pub(crate) fn of_list(names: &str) -> Vec<Self> {
        let is_among = |it: &Self| names.split(' ').any(|name| name == it.as_str());
        Self::ALL.into_iter().filter(is_among).collect()
    }
}

/// Documents that show together who somebody is: the patient, or whoever acts for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents(Vec<Document>);

/// Why documents do not show who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// There are none.
    Document,
    /// None of them has a photo, so that a face cannot be compared.
    Photo,
}

impl Documents {
    /// Those that were seen.
    ///
    /// # Errors
    /// What they lack.
    pub fn seen(documents: Vec<Document>) -> Result<Self, Lacking> {
        if documents.is_empty() {
            Err(Lacking::Document)
        } else if documents.iter().any(|it| it.has_photo()) {
            Ok(Self(documents))
        } else {
            Err(Lacking::Photo)
        }
    }

    /// Their names, as they are stored.
    pub(crate) fn list(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|it| it.as_str()).collect();
        names.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_comes_back_as_it_was_stored() {
        let seen = vec![Document::Passport, Document::InsuranceCard];
        let stored = Documents::seen(seen.clone()).unwrap().list();
        assert_eq!(stored, "passport insurance-card");
        assert_eq!(Document::of_list(&stored), seen);
        assert_eq!(Document::of_list(""), []);
    }

    #[test]
    fn documents_without_a_photo_show_nobody() {
        assert_eq!(Documents::seen(Vec::new()), Err(Lacking::Document));
        let card = Document::InsuranceCard;
        assert_eq!(Documents::seen(vec![card]), Err(Lacking::Photo));
        for photo in Document::ALL.into_iter().filter(|it| *it != card) {
            assert!(Documents::seen(vec![photo]).is_ok(), "{photo:?}");
            assert!(Documents::seen(vec![card, photo]).is_ok(), "{photo:?}");
        }
    }
}
