//! What only a few may see: keys, passwords, tokens, addresses with a password in them.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

/// What is never printed, not even in the complaint that it is wrong.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself, to write it down where it belongs.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The text itself, for the one who has to look at it.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Whether somebody could guess it: it is short, has few letters, or stood in an example or a tutorial.
    pub fn is_weak(&self) -> bool {
        let known = ["change", "secret", "example", "your-", "your_", "default", "password", "insecure", "placeholder"];
        let plain = self.0.to_lowercase();
        let letters: BTreeSet<char> = plain.chars().collect();
        plain.chars().count() < 32 || letters.len() < 10 || known.iter().any(|word| plain.contains(word))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}
