//! Which copy of a thing a change is to, so that nobody overwrites what they have not seen (RFC 9110, section 13).

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::error::Error;
use crate::fault::none;

/// The copy that a change is to: `If-Match`, which has to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// Whichever there is: `*`.
    Any,
    /// One of those with these tags.
    Tagged(Vec<String>),
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        // Several lines of a header are one list.
        let lines: Vec<&[u8]> = parts.headers.get_all(header::IF_MATCH).iter().map(HeaderValue::as_bytes).collect();
        if lines.is_empty() {
            return Err(Error::NoIfMatch);
        }
        let list = lines.join(&b", "[..]);
        Self::read(&String::from_utf8_lossy(&list)).ok_or_else(|| Error::invalid("If-Match", "not_an_etag", none()))
    }
}

impl IfMatch {
    /// Reads the header (RFC 9110, sections 8.8.3 and 13.1.1); none if it says nothing of the kind.
    fn read(list: &str) -> Option<Self> {
        if list.trim() == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        // A list may have holes.
        let mut rest = list.trim_start_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (tag, after) = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
            let after = after.trim_start_matches([' ', '\t']);
            let ends = after.is_empty() || after.starts_with(',');
            if !ends || tag.chars().any(|letter| letter == ' ' || letter.is_control()) {
                return None;
            }
            tags.push(tag.to_owned());
            rest = after.trim_start_matches([' ', '\t', ',']);
        }
        (!tags.is_empty()).then_some(Self::Tagged(tags))
    }

    /// Whether it is the current copy; if not, the current one comes with the answer.
    pub fn check(&self, revision: i64, current: &impl Serialize) -> Result<(), Error> {
        let revision = revision.to_string();
        // Proxies that compress an answer mark its tag as weak, and guests' tags go on behind a hyphen; the number in front
        // still says which copy it was.
        let shows = |tag: &String| tag.split('-').next() == Some(&revision);
        match self {
            Self::Any => Ok(()),
            Self::Tagged(tags) if tags.iter().any(shows) => Ok(()),
            Self::Tagged(_) => Err(Error::Stale(Box::new(json!(current)))),
        }
    }
}

/// An answer with a copy of a thing and its tag. It is nobody else's, so it is kept nowhere.
pub fn answer(status: StatusCode, revision: i64, body: &impl Serialize) -> Response {
    let mut response = private(status, body);
    if let Ok(value) = HeaderValue::from_str(&tag(revision)) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// An answer that is nobody else's, so it is kept nowhere.
pub fn private(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, Json(json!(body))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn tag(revision: i64) -> String {
    format!("\"{revision}\"")
}

#[cfg(test)]
mod tests {
    use super::IfMatch;

    #[test]
    fn a_list_of_tags_is_read_as_the_standard_has_it() {
        let tags = |list| match IfMatch::read(list)? {
            IfMatch::Any => Some(vec!["*".to_owned()]),
            IfMatch::Tagged(tags) => Some(tags),
        };
        for (list, read) in [
            ("*", Some(&["*"][..])),
            (" * ", Some(&["*"])),
            ("\"1\"", Some(&["1"])),
            ("W/\"1\"", Some(&["1"])),
            ("\"1\", \"2-gzip\",W/\"3\"", Some(&["1", "2-gzip", "3"])),
            (", \"1\" ,, \"2\",", Some(&["1", "2"])),
            ("\"a,b\", \"\"", Some(&["a,b", ""])),
            ("\"ü\"", Some(&["ü"])),
            ("", None),
            (",", None),
            ("1", None),
            ("\"1", None),
            ("1\"", None),
            ("\"1\" \"2\"", None),
            ("\"1\"2", None),
            ("\"1 2\"", None),
            ("w/\"1\"", None),
            ("*, \"1\"", None),
            ("\"1\", *", None),
        ] {
            let read = read.map(|tags| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>());
            assert_eq!(tags(list), read, "{list}");
        }
    }
}
