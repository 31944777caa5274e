//! Answers to reading requests, made from the card once and sent many times.

use std::fmt::Debug;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Serialize;
use url::form_urlencoded;

use super::document::{Card, Item};
use super::listing::Question;
use super::params::Params;
use super::representation::Representation;
use super::shelf::Key;
use crate::app::App;
use crate::error::Error;
use crate::menu::item::Kind;
use crate::menu::text::Locale;

const LOCALES: [(&str, Locale); 3] = [("de", Locale::De), ("en", Locale::En), ("es", Locale::Es)];
const JSON: &str = "application/json";

/// Answers with a list of one kind of item, and a link to its next page.
pub fn list_items(app: &App, kind: Kind, uri: &Uri, headers: &HeaderMap) -> Result<Response, Error> {
    answer(app, kind.noun(), uri.query(), headers, Question::take, |card, question| {
        let listing = question.answer(card, kind)?;
        let next = listing.next_cursor.as_deref().map(|cursor| next_page(uri, cursor));
        Ok(json(&listing)?.linked(next))
    })
}

/// The address of the same list from `cursor` on.
fn next_page(uri: &Uri, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.extend_pairs(pairs.filter(|(name, _)| name != "cursor")).append_pair("cursor", cursor);
    format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish())
}

/// Answers with one item, by its id or slug.
pub fn get_item(app: &App, kind: Kind, id: &str, query: Option<&str>, headers: &HeaderMap) -> Result<Response, Error> {
    let key = format!("{}/{id}", kind.noun());
    answer(
        app,
        &key,
        query,
        headers,
        |_| (),
        |card, ()| {
            let item = find_item(card, kind, id).ok_or(Error::NotFound(kind.noun()))?;
            Ok(json(item)?.showing(item.revision))
        },
    )
}

fn find_item<'a>(card: &'a Card, kind: Kind, id: &str) -> Option<&'a Item> {
    card.items(kind).find(|item| item.slug == id || item.id.to_string() == id)
}

/// Answers a reading request from the card. The same question is answered with the same bytes until the card turns.
pub fn answer<Q: Debug>(
    app: &App,
    name: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    take: impl FnOnce(&mut Params) -> Q,
    reply: impl FnOnce(&Card, Q) -> Result<Representation, Error>,
) -> Result<Response, Error> {
    let served = app.shelf.served()?;
    let mut params = Params::parse(query);
    let locale = params.word("locale", &LOCALES).unwrap_or_default();
    let question = take(&mut params);
    let asks = params.any_taken_but("locale");
    params.finish()?;
    // Two ways to ask the same thing are one question.
    let key = format!("{name} {locale} {question:?}");
    let key = if asks { Key::Asked(key) } else { Key::Plain(key) };
    let representation = served.answer(key, || reply(served.card(locale), question))?;
    Ok(representation.respond(headers))
}

/// The id or slug in a path. One that is not even text names nothing.
#[derive(Debug)]
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| Error::NotFound("page"))
    }
}

/// A document as JSON.
pub fn json(body: &impl Serialize) -> Result<Representation, Error> {
    let bytes = serde_json::to_vec(body).map_err(|error| Error::Page(error.to_string()))?;
    Ok(Representation::current(JSON, bytes))
}
