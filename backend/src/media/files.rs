//! The files of pictures, for everybody and for good.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::error::Error;
use crate::path::Path;

/// How many bytes of files are kept at hand.
const AT_HAND: usize = 8 * 1024 * 1024;
/// An address changes when its content does.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The files at their addresses.
pub fn served() -> Router<App> {
    let at_hand = Arc::new(AtHand::default());
    Router::new().route(
        "/media/{name}",
        get(async move |State(app): State<App>, Path(name): Path<String>, headers: HeaderMap| {
            file(&app, &at_hand, &name, &headers).await
        }),
    )
}

/// Files that somebody has asked for. When they are too many, it begins anew.
#[derive(Debug, Default)]
struct AtHand(Mutex<(HashMap<String, Bytes>, usize)>);

impl AtHand {
    fn find(&self, name: &str) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.get(name).cloned()
    }

    fn keep(&self, name: &str, content: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.1 + content.len() > AT_HAND {
            *kept = Default::default();
        }
        if content.len() <= AT_HAND && kept.0.insert(name.to_owned(), content.clone()).is_none() {
            kept.1 += content.len();
        }
    }
}

/// A file by its name, which stands for its content: whoever has it under this name has it for good.
async fn file(app: &App, at_hand: &AtHand, name: &str, asked: &HeaderMap) -> Result<Response, Error> {
    const MISSING: Error = Error::NotFound("picture");
    let media_type = media_type(name).ok_or(MISSING)?;
    let content = if let Some(content) = at_hand.find(name) {
        content
    } else {
        let content = app.media.storage.get(name).await?.ok_or(MISSING)?;
        at_hand.keep(name, &content);
        content
    };
    let tag = format!("\"{name}\"");
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = known.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    let mut response = if tags.any(|known| known == "*" || known == tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let media_type = (header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        ([media_type], Body::from(content)).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_GOOD);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The type of a file with a name of ours; others are not looked for.
fn media_type(name: &str) -> Option<&'static str> {
    let (stem, ending) = name.split_once('.')?;
    let (hash, width) = stem.split_once('-')?;
    let hexadecimal = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    let ours = hash.len() == 24 && hash.bytes().all(hexadecimal);
    let sized = (1..=4).contains(&width.len()) && width.bytes().all(|letter| letter.is_ascii_digit());
    match ending {
        "webp" if ours && sized => Some("image/webp"),
        "jpg" if ours && sized => Some("image/jpeg"),
        _ => None,
    }
}
