//! One-time links with which somebody chooses a password: when they are new, or when they forgot theirs.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};
use url::Url;

use super::store::{self, Person};
use crate::chance;
use crate::change::Change;
use crate::digest;
use crate::error::Error;

mod rows {
    use sea_orm::entity::prelude::*;

    /// `invitations`: a link that has not been used yet.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub token_hash: String,
        pub created_at: ChronoDateTimeUtc,
        pub expires_at: ChronoDateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How long somebody new has to come in.
const WELCOME: TimeDelta = TimeDelta::days(7);
/// How long somebody who forgot a password has to choose another.
const RESET: TimeDelta = TimeDelta::hours(24);

/// A link that is shown once. It is kept as a hash.
pub struct Invitation {
    /// What the link ends with.
    pub token: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link for somebody who may come in; an earlier one is no longer good.
pub async fn create(change: &Change, person: &Person) -> Result<Invitation, Error> {
    if !person.profile.active {
        return Err(Error::Deactivated);
    }
    let lasts = if person.password_hash.is_some() { RESET } else { WELCOME };
    let invitation = Invitation { token: chance::token()?, expires_at: change.at() + lasts };
    clear(change, person).await?;
    let row = rows::ActiveModel {
        id: Set(change.new_id()),
        user_id: Set(person.profile.id),
        token_hash: Set(digest::long(invitation.token.as_bytes())),
        created_at: Set(change.at()),
        expires_at: Set(invitation.expires_at),
    };
    rows::Entity::insert(row).exec_without_returning(change.db()).await?;
    change.record("invitation", person.profile.id, None, Some(&person.profile)).await?;
    Ok(invitation)
}

/// The link with which an invited person chooses a password; only its path where the site's address is not known. What
/// follows its `#` never reaches a server's log.
pub fn link(public_url: Option<&Url>, token: &str) -> String {
    let site = public_url.map_or("", |url| url.as_str().trim_end_matches('/'));
    format!("{site}/admin/welcome#{token}")
}

/// Whom a link is for, as long as it is good and they may come in.
pub async fn find(db: &impl ConnectionTrait, token: &str, now: DateTime<Utc>) -> Result<Person, Error> {
    let hash = digest::long(token.as_bytes());
    let good = rows::Column::ExpiresAt.gt(now);
    let row = rows::Entity::find().filter(rows::Column::TokenHash.eq(hash)).filter(good).one(db).await?;
    let row = row.ok_or(Error::NotFound("invitation"))?;
    let person = store::get(db, row.user_id).await?;
    if person.profile.active { Ok(person) } else { Err(Error::NotFound("invitation")) }
}

/// Gives somebody the password they chose, and takes the link away.
pub async fn accept(change: &Change, person: &Person, hash: String) -> Result<Person, Error> {
    clear(change, person).await?;
    store::set_password(change, person, hash).await
}

/// Takes away the links that somebody has.
pub async fn clear(change: &Change, person: &Person) -> Result<(), DbErr> {
    let of_person = rows::Column::UserId.eq(person.profile.id);
    rows::Entity::delete_many().filter(of_person).exec(change.db()).await.map(drop)
}
