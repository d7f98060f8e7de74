//! How records are named: 16 random bytes, written as 32 hexadecimal digits.

/// A text that is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an id has 32 hexadecimal digits")
    }
}

impl std::error::Error for NotAnId {}

/// Reads 32 hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Result<[u8; 16], NotAnId> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes());
    bytes
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(NotAnId)
}

/// Declares a type that names a record.
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(pub [u8; 16]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::patient::id::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::patient::id::from_hex(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::patient::id::NotAnId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}
pub(crate) use id;

#[cfg(test)]
mod tests {
    use super::*;

    id! {
        /// For the test.
        Id
    }

    #[test]
    fn an_id_is_written_and_read_in_hexadecimal() {
        let id = Id([0xa5; 16]);
        let text = "a5".repeat(16);
        assert_eq!(id.to_string(), text);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        assert_eq!(
            serde_json::to_value(id).unwrap(),
            serde_json::json!(text.clone())
        );
        assert_eq!(
            serde_json::from_value::<Id>(serde_json::json!(text)).unwrap(),
            id
        );
        for text in ["", "a5", &"zz".repeat(16), &"a5".repeat(17)] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }
}
