//! A file that is sent as a form sends it (multipart/form-data), with texts beside it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use serde_json::json;

use super::media_type;
use crate::error::Error;
use crate::fault::none;

/// A file, and the texts beside it.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What is in the file.
    pub file: Bytes,
    /// The texts, by field.
    pub texts: BTreeMap<String, String>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        const WANTED: Error = Error::WrongMediaType("multipart/form-data");
        if media_type(request.headers()) != "multipart/form-data" {
            return Err(WANTED);
        }
        let longest = super::longest(&request)?;
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| WANTED)?;
        let refused = |error: MultipartError| refusal(&error, longest);
        let (mut file, mut texts) = (None, BTreeMap::new());
        while let Some(field) = parts.next_field().await.map_err(refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            let again = if name == "file" { file.is_some() } else { texts.contains_key(&name) };
            if again {
                return Err(Error::invalid(super::misfit::pointer_to(&name), "given_twice", none()));
            }
            if name == "file" {
                check_name(&field)?;
                file = Some(field.bytes().await.map_err(refused)?);
            } else {
                let text = String::from_utf8(field.bytes().await.map_err(refused)?.into());
                texts.insert(name, text.map_err(|_| Error::Malformed("the body is not UTF-8".to_owned()))?);
            }
        }
        let file = file.ok_or_else(|| Error::invalid("/file", "missing", none()))?;
        Ok(Self { file, texts })
    }
}

impl Upload {
    /// The file and the one text that may be beside it; other fields are refused.
    pub fn with_text(mut self, name: &'static str) -> Result<(Bytes, Option<String>), Error> {
        let text = self.texts.remove(name);
        match self.texts.into_keys().next() {
            None => Ok((self.file, text)),
            Some(other) => {
                let known = json!({"known": ["file", name]});
                Err(Error::invalid(super::misfit::pointer_to(&other), "unknown_field", known))
            }
        }
    }
}

/// Nothing is ever stored under the name that a file comes with. One that is a path was made to be.
fn check_name(file: &Field<'_>) -> Result<(), Error> {
    let name = file.file_name().unwrap_or_default();
    let strange = name.contains("..") || name.chars().any(|letter| letter.is_control() || "/\\".contains(letter));
    if strange { Err(Error::invalid("/file", "strange_file_name", none())) } else { Ok(()) }
}

fn refusal(error: &MultipartError, longest: usize) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge(longest);
    }
    Error::Malformed("the body cannot be read as multipart/form-data".to_owned())
}
