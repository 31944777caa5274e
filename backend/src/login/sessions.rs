//! Sessions: who is signed in where. A session is a family of refresh tokens, of which one is good: each is used once and
//! makes the next. One that comes again was stolen, by whoever came first or by whoever came second.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
    Set, SqlErr,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::chance;
use crate::digest;
use crate::error::Error;
use crate::secret::Secret;
use crate::users::store::Person;

mod rows {
    use sea_orm::entity::prelude::*;

    /// `sessions`: a refresh token, as a hash.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub family: Uuid,
        pub token_hash: String,
        pub token_version: i64,
        pub client: String,
        pub started_at: ChronoDateTimeUtc,
        pub created_at: ChronoDateTimeUtc,
        pub expires_at: ChronoDateTimeUtc,
        pub used_at: Option<ChronoDateTimeUtc>,
        pub ended_at: Option<ChronoDateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How long a session lasts that nobody uses.
pub const IDLE: TimeDelta = TimeDelta::days(30);
/// How long a session lasts at most.
const LONGEST: TimeDelta = TimeDelta::days(180);
/// In how many places somebody may be signed in.
const MOST: u64 = 50;

/// Somebody is signed in somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// The session.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// The browser or program, as it calls itself.
    pub client: String,
    /// When they signed in.
    pub started_at: DateTime<Utc>,
    /// When they were last seen, to a quarter of an hour.
    pub used_at: DateTime<Utc>,
    /// When it ends if they do not come back.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A refresh token that was just made; it is kept as a hash only.
#[derive(Debug)]
pub struct Fresh {
    /// The session it belongs to.
    pub session: Uuid,
    /// The token.
    pub token: Secret,
    /// How long it is good.
    pub lasts: TimeDelta,
}

/// What a refresh token turned out to be.
#[derive(Debug)]
pub enum Found {
    /// The good one of a session that somebody may go on with, if they are still who they were.
    Good(Good),
    /// One that was used before: its session, and whose it is.
    Spent(Session),
}

/// The good refresh token of a session.
#[derive(Debug)]
pub struct Good(rows::Model);

impl Good {
    /// Whose it is.
    pub fn user_id(&self) -> Uuid {
        self.0.user_id
    }

    /// The session it belongs to.
    pub fn session(&self) -> Uuid {
        self.0.family
    }

    /// The person's `token_version` when they signed in.
    pub fn token_version(&self) -> i64 {
        self.0.token_version
    }
}

/// Begins a session.
pub async fn begin(
    db: &impl ConnectionTrait,
    person: &Person,
    client: &str,
    at: DateTime<Utc>,
) -> Result<Fresh, Error> {
    let (session, token) = (Uuid::now_v7(), chance::token()?);
    let row = rows::Model {
        id: session,
        user_id: person.profile.id,
        family: session,
        token_hash: digest::long(token.as_bytes()),
        token_version: person.token_version,
        client: client.chars().filter(|letter| !letter.is_control()).take(200).collect(),
        started_at: at,
        created_at: at,
        expires_at: at + IDLE,
        used_at: None,
        ended_at: None,
    };
    insert(db, row).await?;
    end_the_oldest(db, person.profile.id, at).await?;
    Ok(Fresh { session, token: token.into(), lasts: IDLE })
}

/// A program that signs in each minute must not fill the table.
async fn end_the_oldest(db: &impl ConnectionTrait, user_id: Uuid, at: DateTime<Utc>) -> Result<(), DbErr> {
    let of_person = open(at)
        .filter(rows::Column::UserId.eq(user_id))
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id);
    for row in of_person.offset(MOST).limit(MOST).all(db).await? {
        end(db, user_id, row.family, at).await?;
    }
    Ok(())
}

/// Looks a refresh token up.
pub async fn find(db: &impl ConnectionTrait, token: &str, at: DateTime<Utc>) -> Result<Found, Error> {
    let hash = digest::long(token.as_bytes());
    let row = rows::Entity::find().filter(rows::Column::TokenHash.eq(hash)).one(db).await?;
    let row = row.filter(|row| row.ended_at.is_none()).ok_or(Error::NotSignedIn)?;
    if row.used_at.is_some() {
        return Ok(Found::Spent(session(row, None)));
    }
    if row.expires_at > at { Ok(Found::Good(Good(row))) } else { Err(Error::NotSignedIn) }
}

/// Uses a refresh token, which makes the next. `None`: somebody else used it in the same moment.
pub async fn renew(db: &impl ConnectionTrait, good: Good, at: DateTime<Utc>) -> Result<Option<Fresh>, Error> {
    let (id, token) = (Uuid::now_v7(), chance::token()?);
    let Good(row) = good;
    let expires_at = (at + IDLE).min(row.started_at + LONGEST);
    let next =
        rows::Model { id, token_hash: digest::long(token.as_bytes()), created_at: at, expires_at, ..row.clone() };
    // The next is written before this one is spent: if the server dies in between, nobody has lost anything.
    insert(db, next).await?;
    // It is remembered as long as the session may last: whenever it comes again, it was stolen.
    let remembered = Set(row.started_at + LONGEST);
    let spend = rows::Entity::update_many()
        .set(rows::ActiveModel { used_at: Set(Some(at)), expires_at: remembered, ..Default::default() })
        .filter(rows::Column::Id.eq(row.id))
        .filter(rows::Column::UsedAt.is_null())
        .filter(rows::Column::EndedAt.is_null());
    if spend.exec(db).await?.rows_affected == 1 {
        return Ok(Some(Fresh { session: row.family, token: token.into(), lasts: expires_at - at }));
    }
    rows::Entity::delete_by_id(id).exec(db).await?;
    Ok(None)
}

/// Whether a session goes on.
pub async fn is_open(db: &impl ConnectionTrait, session: Uuid, at: DateTime<Utc>) -> Result<bool, DbErr> {
    Ok(open(at).filter(rows::Column::Family.eq(session)).one(db).await?.is_some())
}

/// The sessions of a person, the last used first. `current` is the one that asks.
pub async fn list(
    db: &impl ConnectionTrait,
    person: &Person,
    current: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<Vec<Session>, DbErr> {
    let open = open(at)
        .filter(rows::Column::UserId.eq(person.profile.id))
        .filter(rows::Column::TokenVersion.eq(person.token_version))
        .order_by_desc(rows::Column::CreatedAt);
    Ok(open.all(db).await?.into_iter().map(|row| session(row, current)).collect())
}

/// Ends a session of a person: none of its refresh tokens is good any more.
pub async fn end(db: &impl ConnectionTrait, user_id: Uuid, session: Uuid, at: DateTime<Utc>) -> Result<bool, DbErr> {
    let ended = rows::Entity::update_many()
        .set(rows::ActiveModel { ended_at: Set(Some(at)), ..Default::default() })
        .filter(rows::Column::UserId.eq(user_id))
        .filter(rows::Column::Family.eq(session))
        .filter(rows::Column::EndedAt.is_null());
    Ok(ended.exec(db).await?.rows_affected > 0)
}

/// Ends all sessions of a person but one; says how many of their refresh tokens that were.
pub async fn end_others(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    session: Uuid,
    at: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let ended = rows::Entity::update_many()
        .set(rows::ActiveModel { ended_at: Set(Some(at)), ..Default::default() })
        .filter(rows::Column::UserId.eq(user_id))
        .filter(rows::Column::Family.ne(session))
        .filter(rows::Column::EndedAt.is_null());
    Ok(ended.exec(db).await?.rows_affected)
}

/// Forgets what ended long ago.
pub async fn clean(db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<(), DbErr> {
    rows::Entity::delete_many().filter(rows::Column::ExpiresAt.lt(at)).exec(db).await.map(drop)
}

async fn insert(db: &impl ConnectionTrait, row: rows::Model) -> Result<(), Error> {
    let inserted = rows::Entity::insert(row.into_active_model()).exec_without_returning(db).await;
    inserted.map(drop).map_err(|error| match error.sql_err() {
        // Their person was deleted in the meantime.
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Error::NotSignedIn,
        _ => error.into(),
    })
}

/// The good refresh tokens.
fn open(at: DateTime<Utc>) -> Select<rows::Entity> {
    rows::Entity::find()
        .filter(rows::Column::UsedAt.is_null())
        .filter(rows::Column::EndedAt.is_null())
        .filter(rows::Column::ExpiresAt.gt(at))
}

fn session(row: rows::Model, current: Option<Uuid>) -> Session {
    Session {
        id: row.family,
        user_id: row.user_id,
        client: row.client,
        started_at: row.started_at,
        used_at: row.created_at,
        expires_at: row.expires_at,
        current: current == Some(row.family),
    }
}
