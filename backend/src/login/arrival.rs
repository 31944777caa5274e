//! What a request shows at the door: a token or a cookie, and where it comes from.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::caller::Caller;
use super::cookies::Cookies;
use super::door::Visitor;
use crate::actor::Source;
use crate::address::Client;
use crate::app::App;
use crate::error::Error;

/// Who asks, if they have been let in. A token in `Authorization` counts before a cookie.
pub async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Error> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().map_err(|_| Error::NotSignedIn)?;
        let (scheme, token) = text.split_once(' ').ok_or(Error::NotSignedIn)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::NotSignedIn);
        }
        return app.door.recognise(token.trim(), Source::Api).await;
    }
    let token = Cookies::new(app.settings.secure_cookies).access(headers).ok_or(Error::NotSignedIn)?;
    app.door.recognise(&token, Source::Website).await
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let client = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let address = parts.extensions.get::<Client>().map(ToString::to_string).unwrap_or_default();
        Ok(Self { address, client: client.unwrap_or("unknown").to_owned() })
    }
}
