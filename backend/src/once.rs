//! A request that is sent again because its answer was lost is done once, and answered the same (`Idempotency-Key`).

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};
use serde::de::DeserializeOwned;

use crate::body;
use crate::change::Change;
use crate::digest;
use crate::error::Error;
use crate::fault::none;
use crate::reply::Reply;

mod answers {
    use sea_orm::entity::prelude::*;

    /// `answers`: what a request with a key was answered.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "answers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub request: String,
        pub status: i16,
        pub revision: Option<i64>,
        pub location: Option<String>,
        pub body: Option<Json>,
        pub at: ChronoDateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const HEADER: &str = "idempotency-key";
/// The longest key, and how long it is remembered: nobody sends a request again after a day.
const MAX_KEY: usize = 255;
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// What tells the repetition of a request, if its sender wants that.
#[derive(Clone, Debug)]
pub struct Once(Option<Key>);

#[derive(Clone, Debug)]
struct Key {
    /// As the sender chose it.
    name: String,
    /// Stands for all of the request that must be the same.
    request: String,
}

/// A body in JSON of a request that may be sent again.
#[derive(Clone, Debug)]
pub struct Sent<T> {
    /// What was sent.
    pub body: T,
    /// What tells its repetition.
    pub once: Once,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let head = parts.clone();
        let text = body::json_text(Request::from_parts(parts, body), state).await?;
        Ok(Self { once: Once::new(&head, &text)?, body: body::parse(&text)? })
    }
}

/// For requests without a body.
impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Self::new(parts, "")
    }
}

impl Once {
    fn new(head: &Parts, body: &str) -> Result<Self, Error> {
        let Some(name) = head.headers.get(HEADER) else { return Ok(Self(None)) };
        let name = name.to_str().unwrap_or_default().trim().to_owned();
        if name.is_empty() || name.len() > MAX_KEY {
            return Err(Error::invalid("Idempotency-Key", "not_a_key", none()));
        }
        let copy = head.headers.get("if-match").map(HeaderValue::as_bytes).unwrap_or_default();
        let line = format!("{} {} {} {body}", head.method, head.uri, String::from_utf8_lossy(copy));
        Ok(Self(Some(Key { name, request: digest::long(line.as_bytes()) })))
    }

    /// The same for a request whose body, which is no JSON, is told from others by `content`.
    #[must_use]
    pub fn about(self, content: &str) -> Self {
        let told = |key: Key| Key { request: digest::long(format!("{}\n{content}", key.request).as_bytes()), ..key };
        Self(self.0.map(told))
    }

    /// What the same request was answered before. Writers queue in the database, so one of ten that come at once is the
    /// first, and the others find its answer here.
    pub async fn kept(&self, change: &Change) -> Result<Option<Reply>, Error> {
        let Some(key) = &self.0 else { return Ok(None) };
        let Some(kept) = answers::Entity::find_by_id(key.of(change)).one(change.db()).await? else { return Ok(None) };
        if kept.at + REMEMBERED < change.at() {
            return Ok(None);
        }
        if kept.request != key.request {
            return Err(Error::invalid("Idempotency-Key", "used_for_another_request", none()));
        }
        let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let answers::Model { revision, location, body, .. } = kept;
        Ok(Some(Reply { status: status.unwrap_or_default(), revision, location, body }))
    }

    /// Keeps the answer with the change that it tells of: both are there, or none.
    pub async fn keep(&self, change: &Change, reply: &Reply) -> Result<(), DbErr> {
        let Some(key) = &self.0 else { return Ok(()) };
        let old = answers::Column::At.lt(change.at() - REMEMBERED);
        answers::Entity::delete_many().filter(old).exec(change.db()).await?;
        let row = answers::ActiveModel {
            key: Set(key.of(change)),
            request: Set(key.request.clone()),
            status: Set(i16::try_from(reply.status.as_u16()).unwrap_or_default()),
            revision: Set(reply.revision),
            location: Set(reply.location.clone()),
            body: Set(reply.body.clone()),
            at: Set(change.at()),
        };
        answers::Entity::insert(row).exec_without_returning(change.db()).await?;
        change.is_answered();
        Ok(())
    }
}

impl Key {
    /// The name of the answer: what one person sends is no key to what another was answered.
    fn of(&self, change: &Change) -> String {
        digest::long(format!("{}\n{}", change.by().name, self.name).as_bytes())
    }
}
