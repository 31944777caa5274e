//! Access tokens: JSON Web Tokens (RFC 7519) that are good for a quarter of an hour, signed with a key that can be changed.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chance;
use crate::digest;
use crate::error::Error;
use crate::secret::Secret;

/// How long an access token is good.
pub const ACCESS: TimeDelta = TimeDelta::minutes(15);
/// Who makes them.
const ISSUER: &str = "casavazquez";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    iss: String,
    /// Whose it is.
    pub sub: Uuid,
    /// In which session.
    pub sid: Uuid,
    /// The person's `token_version` when it was made.
    pub ver: i64,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

impl Claims {
    /// What a token says that is made at `now`.
    pub fn new(sub: Uuid, sid: Uuid, ver: i64, now: DateTime<Utc>) -> Self {
        Self { iss: ISSUER.to_owned(), sub, sid, ver, iat: now.timestamp(), exp: (now + ACCESS).timestamp() }
    }
}

/// The keys: the first signs, all are good for reading.
pub struct Keys(Vec<Key>);

struct Key {
    id: String,
    signing: EncodingKey,
    reading: DecodingKey,
}

impl Keys {
    /// The keys that the settings name; without any, one that nobody knows and that ends with this process.
    pub fn new(secrets: &[Secret]) -> Result<Self, Error> {
        if secrets.is_empty() {
            return Ok(Self(vec![Key::new(&chance::bytes::<32>()?)]));
        }
        Ok(Self(secrets.iter().map(|secret| Key::new(secret.text().as_bytes())).collect()))
    }

    /// Makes a token.
    pub fn sign(&self, claims: &Claims) -> Result<String, Error> {
        let key = self.0.first().ok_or_else(|| Error::Signing("there is no key".to_owned()))?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, claims, &key.signing).map_err(|error| Error::Signing(error.to_string()))
    }

    /// What a token says, if one of the keys signed it and it has not ended. Nothing else in it is believed.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, Error> {
        let header = decode_header(token).map_err(|_| Error::NotSignedIn)?;
        let key = self.0.iter().find(|key| Some(&key.id) == header.kid.as_ref()).ok_or(Error::NotSignedIn)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        // The library would ask the system's clock, and be a minute generous.
        rules.validate_exp = false;
        let claims = decode::<Claims>(token, &key.reading, &rules).map_err(|_| Error::NotSignedIn)?.claims;
        if claims.exp > now.timestamp() { Ok(claims) } else { Err(Error::NotSignedIn) }
    }
}

impl Key {
    fn new(secret: &[u8]) -> Self {
        Self {
            // A name that tells nothing of the key, for a token to say which one signed it.
            id: digest::short(&[b"casavazquez key id ", secret].concat()),
            signing: EncodingKey::from_secret(secret),
            reading: DecodingKey::from_secret(secret),
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    use jsonwebtoken::{Algorithm, Header, encode};

    use super::{Claims, Keys};
    use crate::secret::Secret;

    fn keys(names: &[&str]) -> Keys {
        let secrets: Vec<Secret> = names.iter().map(|name| Secret::from(name.repeat(8))).collect();
        Keys::new(&secrets).unwrap()
    }

    fn noon() -> DateTime<Utc> {
        "2026-07-17T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_is_good_for_a_quarter_of_an_hour() {
        let keys = Keys::new(&[]).unwrap();
        let claims = Claims::new(Uuid::now_v7(), Uuid::now_v7(), 3, noon());
        let token = keys.sign(&claims).unwrap();
        assert_eq!(keys.read(&token, noon()).unwrap(), claims);
        assert!(keys.read(&token, noon() + TimeDelta::seconds(899)).is_ok());
        assert!(keys.read(&token, noon() + TimeDelta::seconds(900)).is_err());
    }

    #[test]
    fn the_key_before_is_good_until_it_is_taken_away() {
        let claims = Claims::new(Uuid::now_v7(), Uuid::now_v7(), 0, noon());
        let token = keys(&["key1"]).sign(&claims).unwrap();
        assert!(keys(&["key2", "key1"]).read(&token, noon()).is_ok());
        assert!(keys(&["key2"]).read(&token, noon()).is_err());
        let newer = keys(&["key2", "key1"]).sign(&claims).unwrap();
        assert!(keys(&["key2"]).read(&newer, noon()).is_ok(), "the new key signs");
        assert!(Keys::new(&[]).unwrap().read(&newer, noon()).is_err());
    }

    #[test]
    fn a_token_without_an_end_or_from_another_maker_is_none() {
        let keys = Keys::new(&[]).unwrap();
        let good = serde_json::to_value(Claims::new(Uuid::now_v7(), Uuid::now_v7(), 0, noon())).unwrap();
        let read = |claims: &serde_json::Value| {
            let header = Header { kid: Some(keys.0[0].id.clone()), ..Header::new(Algorithm::HS256) };
            keys.read(&encode(&header, claims, &keys.0[0].signing).unwrap(), noon()).is_ok()
        };
        assert!(read(&good));
        for (field, value) in [("exp", None), ("iss", None), ("iss", Some("another")), ("sub", Some("admin"))] {
            let mut claims = good.clone();
            match value {
                Some(value) => claims[field] = value.into(),
                None => drop(claims.as_object_mut().unwrap().remove(field)),
            }
            assert!(!read(&claims), "{field}: {value:?}");
        }
        assert!(keys.read("", noon()).is_err() && keys.read("a.b.c", noon()).is_err());
    }
}
