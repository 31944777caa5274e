//! What requests meet: the settings that answers depend on.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::media::Place;
use crate::secret::Secret;

/// Whose web pages may call the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Everybody's.
    Any,
    /// Those of one scheme, host and port, as browsers write it: `https://bar.example`.
    One(String),
}

/// What requests meet: the settings that answers depend on.
#[derive(Clone)]
pub struct Settings {
    /// The public address of the site.
    pub public_url: Option<Url>,
    /// The keys for access tokens: the one that signs, and those that are still good.
    pub keys: Vec<Secret>,
    /// Whether cookies go over encrypted connections only.
    pub secure_cookies: bool,
    /// Whose web pages may call the API.
    pub allowed_origins: Vec<Origin>,
    /// How many proxies in front write X-Forwarded-For.
    pub trusted_hops: usize,
    /// Whether an address may ask only so often.
    pub rate_limit: bool,
    /// Where several instances count together.
    pub redis_url: Option<Url>,
    /// Where the files of pictures are; without, only in memory.
    pub media: Option<Place>,
}

/// The address of Redis may have a password in it.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            keys: Vec::new(),
            secure_cookies: true,
            allowed_origins: Vec::new(),
            trusted_hops: 0,
            rate_limit: true,
            redis_url: None,
            media: None,
        }
    }
}

impl Settings {
    /// Whether guests come by encrypted connections.
    pub fn https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let complaint = || format!("'{text}' is no origin (write it as https://bar.example)");
        let origin = Url::parse(text).map_err(|_| complaint())?.origin().ascii_serialization();
        if origin != text.trim_end_matches('/') || origin == "null" {
            return Err(complaint());
        }
        Ok(Self::One(origin))
    }
}
