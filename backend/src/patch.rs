//! Merge patches (RFC 7396): what is absent stays, what is null goes, what has a value takes it.

use serde::{Deserialize, Deserializer};

/// Reads a field that is there: for a field that may be empty, null is a value; for another, a mistake.
///
/// For `#[serde(default, deserialize_with = "patch::given")]`: an absent field is `None`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a field whose null says that nothing is in it: a text, a list.
///
/// For `#[serde(default, deserialize_with = "patch::or_empty")]`.
pub fn or_empty<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
