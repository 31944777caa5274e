//! The programs' tokens in the database, as hashes.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::token::{self, ApiToken, NewToken};
use crate::chance;
use crate::change::Change;
use crate::digest;
use crate::error::Error;
use crate::users;
use crate::users::store::Person;

mod rows {
    use sea_orm::entity::prelude::*;

    use crate::users::user::Role;

    /// `api_tokens`: a key for a program. It does not serialise.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub name: String,
        pub role: Role,
        pub token_hash: String,
        pub token_version: i64,
        pub created_at: ChronoDateTimeUtc,
        pub expires_at: ChronoDateTimeUtc,
        pub used_at: Option<ChronoDateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Its last use is written down this often at most: a program may ask many times a second.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// The tokens of a person that have not been ended, the newest first.
pub async fn list(db: &impl ConnectionTrait, owner: &Person) -> Result<Vec<ApiToken>, DbErr> {
    let rows = rows::Entity::find()
        .filter(rows::Column::UserId.eq(owner.profile.id))
        .filter(rows::Column::TokenVersion.eq(owner.token_version))
        .order_by_desc(rows::Column::Id);
    Ok(rows.all(db).await?.into_iter().map(token).collect())
}

/// One token.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<ApiToken, Error> {
    let row = rows::Entity::find_by_id(id).one(db).await?;
    row.map(token).ok_or(Error::NotFound("token"))
}

/// Makes a token. The text comes back this once.
pub async fn create(change: &Change, owner: &Person, new: NewToken) -> Result<(ApiToken, String), Error> {
    let Person { profile, token_version, .. } = owner;
    new.check(profile.role)?;
    let text = token::write(&chance::token()?);
    let row = rows::Model {
        id: change.new_id(),
        user_id: profile.id,
        role: new.role.unwrap_or(profile.role),
        expires_at: change.at() + new.lasts(),
        name: new.name,
        token_hash: digest::long(text.as_bytes()),
        token_version: *token_version,
        created_at: change.at(),
        used_at: None,
    };
    rows::Entity::insert(rows::ActiveModel::from(row.clone())).exec_without_returning(change.db()).await?;
    let made = token(row);
    change.record("token", made.id, None, Some(&made)).await?;
    Ok((made, text))
}

/// Takes a token away.
pub async fn delete(change: &Change, token: &ApiToken) -> Result<(), Error> {
    rows::Entity::delete_by_id(token.id).exec(change.db()).await?;
    change.record("token", token.id, Some(token), None).await?;
    Ok(())
}

/// The token that this text is, and whose it is, if it is good and they may come in.
pub async fn recognise(db: &impl ConnectionTrait, text: &str, at: DateTime<Utc>) -> Result<(ApiToken, Person), Error> {
    let hash = digest::long(text.as_bytes());
    let row = rows::Entity::find().filter(rows::Column::TokenHash.eq(hash)).one(db).await?;
    let row = row.filter(|row| row.expires_at > at).ok_or(Error::NotSignedIn)?;
    let owner = users::store::find(db, row.user_id).await?;
    let same = |owner: &Person| owner.profile.active && owner.token_version == row.token_version;
    let owner = owner.filter(same).ok_or(Error::NotSignedIn)?;
    if row.used_at.is_none_or(|used_at| used_at + NOTED <= at) {
        let used = rows::ActiveModel { id: Set(row.id), used_at: Set(Some(at)), ..Default::default() };
        rows::Entity::update(used).exec_without_returning(db).await?;
    }
    Ok((token(row), owner))
}

fn token(row: rows::Model) -> ApiToken {
    ApiToken {
        id: row.id,
        user_id: row.user_id,
        name: row.name,
        role: row.role,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
    }
}
