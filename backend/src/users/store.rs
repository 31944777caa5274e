//! The people in the database.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, Set};

use super::user::{Profile, Role};
use crate::change::Change;
use crate::error::Error;

mod rows {
    use sea_orm::entity::prelude::*;

    use crate::users::user::Role;

    /// `users`: a person. It does not serialise, so that no answer can ever carry a hash.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub email: Option<String>,
        pub full_name: Option<String>,
        pub role: Role,
        pub password_hash: String,
        pub active: bool,
        pub token_version: i64,
        pub revision: i64,
        pub created_at: ChronoDateTimeUtc,
        pub updated_at: ChronoDateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whether nobody has been made yet.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(rows::Entity::find().count(db).await? == 0)
}

/// Makes a person.
pub async fn create(change: &Change, username: &str, role: Role, password_hash: String) -> Result<Profile, Error> {
    let profile = Profile { id: change.new_id(), username: username.to_owned(), role, active: true };
    let row = rows::ActiveModel {
        id: Set(profile.id),
        username: Set(profile.username.clone()),
        email: Set(None),
        full_name: Set(None),
        role: Set(role),
        password_hash: Set(password_hash),
        active: Set(true),
        token_version: Set(0),
        revision: Set(1),
        created_at: Set(change.at()),
        updated_at: Set(change.at()),
    };
    rows::Entity::insert(row).exec_without_returning(change.db()).await.map_err(Error::taken("user"))?;
    change.record("user", profile.id, None, Some(&profile)).await?;
    Ok(profile)
}
