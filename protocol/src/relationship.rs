//! What somebody is to a patient for whom they act.
//!
//! It must not know who that is, nor what shows it.

use serde::{Deserialize, Serialize};

/// What somebody is to a patient for whom they act.
///
/// The first three are what HIPAA calls a personal representative (45 CFR 164.502(g)), and
/// behind each stands its code in HL7's v3 `RoleCode`, which FHIR uses in
/// `RelatedPerson.relationship`. For the last there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// A parent (`PRN`), until the patient is of age.
    Parent,
    /// A legal guardian (`GUARD`), of a patient of any age.
    Guardian,
    /// Whoever has a health care power of attorney (`HPOWATT`) of a patient who is of age.
    HealthCarePower,
    /// Another person, whom a patient who is of age has named in writing (45 CFR 164.508).
    Named,
}

impl Relationship {
    /// All of them, in the order in which forms offer them.
    pub const ALL: [Self; 4] = [
        Self::Parent,
        Self::Guardian,
        Self::HealthCarePower,
        Self::Named,
    ];

    /// The name in forms, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Guardian => "guardian",
            Self::HealthCarePower => "health-care-power",
            Self::Named => "named",
        }
    }

    /// The relationship of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// Whether somebody can be that to a patient who is under age, or to one who is not. Nobody
    /// under age gives a power of attorney or names somebody; and that somebody is the parent
    /// of a patient who is of age gives them no say (45 CFR 164.502(g)(2) and (3)).
    pub const fn fits(self, is_under_age: bool) -> bool {
        match self {
            Self::Parent => is_under_age,
            Self::Guardian => true,
            Self::HealthCarePower | Self::Named => !is_under_age,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;
    use crate::messages::catalog;

    #[test]
    fn each_is_read_by_its_name_and_has_words() {
        for relationship in Relationship::ALL {
            let name = relationship.as_str();
            assert_eq!(Relationship::from_name(name), Some(relationship));
            let stored = serde_json::to_value(relationship).unwrap();
            assert_eq!(stored, name);
            for locale in Locale::ALL {
                let key = format!("staff.proxy.{name}");
                assert!(catalog(locale).optional(&key).is_some(), "{key}");
            }
        }
        assert_eq!(Relationship::from_name("neighbor"), None);
    }

    #[test]
    fn whoever_is_under_age_has_a_parent_or_a_guardian_and_nobody_else() {
        let fit = |is_under_age| {
            let all = Relationship::ALL.into_iter();
            all.filter(|it| it.fits(is_under_age)).collect::<Vec<_>>()
        };
        assert_eq!(fit(true), [Relationship::Parent, Relationship::Guardian]);
        assert_eq!(
            fit(false),
            [
                Relationship::Guardian,
                Relationship::HealthCarePower,
                Relationship::Named
            ]
        );
    }
}
