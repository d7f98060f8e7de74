//! What a provider can use of the patient portal.
//!
//! It must not know who uses what.

/// A part of the portal that each provider chooses to use or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Secure messages between patient and practice.
    Messages,
    /// Asking for appointments, and seeing them.
    Appointments,
    /// Asking for medication, or for more of it.
    MedicationRequests,
    /// Bills, and paying them.
    Billing,
    /// What was noted at a visit.
    VisitSummaries,
    /// Results of laboratory and other tests.
    TestResults,
}

impl Feature {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::Messages,
        Self::Appointments,
        Self::MedicationRequests,
        Self::Billing,
        Self::VisitSummaries,
        Self::TestResults,
    ];

    /// The name under which it is stored and typed, and in keys of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Appointments => "appointments",
            Self::MedicationRequests => "medication-requests",
            Self::Billing => "billing",
            Self::VisitSummaries => "visit-summaries",
            Self::TestResults => "test-results",
        }
    }

    /// The feature of that name, if there is one.
    ///
    /// ```
    /// # use protocol::Feature;
    /// assert_eq!(Feature::from_name("test-results"), Some(Feature::TestResults));
    /// assert_eq!(Feature::from_name("horoscopes"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|feature| feature.as_str() == name)
    }
}
