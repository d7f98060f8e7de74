//! Which features a provider uses, as a list that is typed and stored.

use protocol::Feature;

/// The features that a provider uses, in the order of [`Feature::ALL`], each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features(Vec<Feature>);

/// A name in a list that is of no feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFeature(String);

impl std::fmt::Display for NoFeature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = Feature::ALL.map(Feature::as_str).join(", ");
        write!(f, "`{}` is no feature; they are {names}", self.0)
    }
}

impl std::error::Error for NoFeature {}

impl Features {
    /// Whether this one is used.
    pub fn contains(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    /// Their names, as they are stored.
    pub fn list(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|feature| feature.as_str()).collect();
        names.join(",")
    }

    /// Those whose names were stored. A name that this version does not know is passed over.
    pub(crate) fn of_list(names: &str) -> Self {
        let found: Vec<_> = names.split(',').filter_map(Feature::from_name).collect();
        Self::sorted(&found)
    }

    fn sorted(found: &[Feature]) -> Self {
        let all = Feature::ALL.into_iter();
        Self(all.filter(|feature| found.contains(feature)).collect())
    }
}

impl std::str::FromStr for Features {
    type Err = NoFeature;

    /// Names between commas; of none in an empty text.
    fn from_str(text: &str) -> Result<Self, NoFeature> {
        let typed = text.split(',').map(str::trim);
        let found: Result<Vec<_>, _> = typed
            .filter(|name| !name.is_empty())
            .map(|name| Feature::from_name(name).ok_or_else(|| NoFeature(name.to_owned())))
            .collect();
        Ok(Self::sorted(&found?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_any_order_and_stored_in_one() {
        let features: Features = " test-results, messages,messages".parse().unwrap();
        assert_eq!(features.list(), "messages,test-results");
        assert_eq!(Features::of_list(&features.list()), features);
        assert!(features.contains(Feature::TestResults));
        assert!(!features.contains(Feature::Billing));
        assert_eq!("".parse(), Ok(Features::default()));
        assert_eq!(Features::of_list(""), Features::default());
    }

    #[test]
    fn a_name_that_is_none_is_told_with_those_that_are() {
        let told = "messages,horoscopes".parse::<Features>().unwrap_err();
        let told = told.to_string();
        assert!(
            told.starts_with("`horoscopes`") && told.contains("visit-summaries"),
            "{told}"
        );
    }
}
