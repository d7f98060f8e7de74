//! What a column can be, and by which names it is known.

/// What is read of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The medical record number.
    RecordNumber,
    /// Given names; more than one column can hold them.
    GivenNames,
    /// The family name.
    FamilyName,
    /// The date of birth.
    BirthDate,
    /// The ZIP code of the home address.
    PostalCode,
    /// A phone that takes texts.
    PhoneMobile,
    /// A phone of which no more is known.
    Phone,
    /// A phone at home.
    PhoneHome,
    /// An email address.
    Email,
    /// The language to write and speak in.
    Language,
    /// Whether or when the patient has died.
    Deceased,
    /// Whether the record is in use.
    Active,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::RecordNumber,
        Self::GivenNames,
        Self::FamilyName,
        Self::BirthDate,
        Self::PostalCode,
        Self::PhoneMobile,
        Self::Phone,
        Self::PhoneHome,
        Self::Email,
        Self::Language,
        Self::Deceased,
        Self::Active,
    ];

    /// Those without which there is no record.
    pub const REQUIRED: [Self; 4] = [
        Self::RecordNumber,
        Self::GivenNames,
        Self::FamilyName,
        Self::BirthDate,
    ];

    /// Its name in a mapping file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecordNumber => "record-number",
            Self::GivenNames => "given-names",
            Self::FamilyName => "family-name",
            Self::BirthDate => "birth-date",
            Self::PostalCode => "postal-code",
            Self::PhoneMobile => "phone-mobile",
            Self::Phone => "phone",
            Self::PhoneHome => "phone-home",
            Self::Email => "email",
            Self::Language => "language",
            Self::Deceased => "deceased",
            Self::Active => "active",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// What systems call it, as [`plain`] writes names, the surest first. A bare `id` is
    /// not among them: it may count rows.
    pub(super) const fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::RecordNumber => &[
                "recordnumber",
                "mrn",
                "medicalrecordnumber",
                "medicalrecordno",
                "patientmrn",
                "chartnumber",
                "chartno",
                "patientnumber",
                "patientno",
                "patientid",
                "recordid",
                "recid",
            ],
            Self::GivenNames => &[
                "givennames",
                "givenname",
                "firstname",
                "first",
                "fname",
                "forename",
                "patientfirstname",
            ],
            Self::FamilyName => &[
                "familyname",
                "lastname",
                "last",
                "lname",
                "surname",
                "patientlastname",
            ],
            Self::BirthDate => &["birthdate", "dateofbirth", "dob", "birthday", "patientdob"],
            Self::PostalCode => &["postalcode", "zipcode", "zip", "postcode"],
            Self::PhoneMobile => &[
                "phonemobile",
                "mobilephone",
                "mobile",
                "mobilenumber",
                "cellphone",
                "cell",
                "cellnumber",
            ],
            Self::Phone => &["phone", "phonenumber", "primaryphone", "telephone", "tel"],
            Self::PhoneHome => &["phonehome", "homephone", "hometelephone", "homenumber"],
            Self::Email => &["email", "emailaddress", "mail", "patientemail"],
            Self::Language => &[
                "language",
                "preferredlanguage",
                "languagepreference",
                "lang",
            ],
            Self::Deceased => &[
                "deceased",
                "isdeceased",
                "deceaseddate",
                "deathdate",
                "dateofdeath",
            ],
            Self::Active => &["active", "isactive"],
        }
    }
}

/// A name without what systems spell differently: letters and digits, in lower case.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The one of `names` that is most like `name`, if any is.
pub(super) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |other: &str| strsim::jaro_winkler(&plain(name), &plain(other));
    let alike = names.into_iter().map(|other| (likeness(other), other));
    let alike = alike.filter(|(likeness, _)| *likeness > 0.7);
    let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, name)| name)
}
