//! The people in the database.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use uuid::Uuid;

use super::invitations;
use super::user::{self, NewUser, Profile, Role};
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

/// A person with what only the door may know. It does not serialise.
#[derive(Clone)]
pub struct Person {
    /// What others may see.
    pub profile: Profile,
    /// The hash of their password; none until they have chosen one.
    pub password_hash: Option<String>,
    /// Rises when all that was signed in has to sign in again.
    pub token_version: i64,
}

/// Whether nobody has been made yet.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(rows::Entity::find().count(db).await? == 0)
}

/// Everybody, by name.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Profile>, DbErr> {
    let rows = rows::Entity::find().order_by_asc(rows::Column::Username).all(db).await?;
    Ok(rows.into_iter().map(|row| person(row).profile).collect())
}

/// Somebody, by id.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Person>, DbErr> {
    Ok(rows::Entity::find_by_id(id).one(db).await?.map(person))
}

/// Somebody, by the name they sign in with.
pub async fn find_by_name(db: &impl ConnectionTrait, username: &str) -> Result<Option<Person>, DbErr> {
    let named = rows::Entity::find().filter(rows::Column::Username.eq(username));
    Ok(named.one(db).await?.map(person))
}

/// Somebody who has to be there.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Person, Error> {
    find(db, id).await?.ok_or(Error::NotFound("user"))
}

/// Makes a person known. Without a hash they cannot sign in before they have chosen a password.
pub async fn create(change: &Change, new: NewUser, password_hash: Option<String>) -> Result<Profile, Error> {
    let NewUser { username, full_name, email, role } = new;
    let profile = Profile {
        id: change.new_id(),
        username: user::username(&username),
        full_name,
        email,
        role,
        active: true,
        has_password: password_hash.is_some(),
        revision: 1,
        created_at: change.at(),
        updated_at: change.at(),
    };
    profile.check()?;
    let person = Person { profile, password_hash, token_version: 0 };
    rows::Entity::insert(row(&person).into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken("user"))?;
    change.record("user", person.profile.id, None, Some(&person.profile)).await?;
    Ok(person.profile)
}

/// Writes a profile over `before`; the same again is no change. Whoever may no longer come in is out at once.
pub async fn update(change: &Change, before: &Person, mut after: Profile) -> Result<Profile, Error> {
    after.username = user::username(&after.username);
    if after == before.profile {
        return Ok(after);
    }
    after.check()?;
    if !(after.active && after.role == Role::Admin) {
        keep_an_admin(change, &before.profile).await?;
    }
    after.revision += 1;
    after.updated_at = change.at();
    let leaves = before.profile.active && !after.active;
    let person = Person {
        profile: after,
        token_version: before.token_version + i64::from(leaves),
        password_hash: before.password_hash.clone(),
    };
    let written = row(&person).into_active_model().reset_all().update(change.db()).await;
    written.map_err(Error::taken("user"))?;
    if leaves {
        invitations::clear(change, &person).await?;
    }
    change.record("user", person.profile.id, Some(&before.profile), Some(&person.profile)).await?;
    Ok(person.profile)
}

/// Gives somebody another password, and ends all that was signed in with the old one.
pub async fn set_password(change: &Change, person: &Person, hash: String) -> Result<Person, Error> {
    let profile = Profile { has_password: true, ..person.profile.clone() };
    let person = Person { profile, password_hash: Some(hash), token_version: person.token_version + 1 };
    row(&person).into_active_model().reset_all().update(change.db()).await?;
    change.record("password", person.profile.id, None, Some(&person.profile)).await?;
    Ok(person)
}

/// Ends all that somebody is signed in with.
pub async fn sign_out(change: &Change, person: &Person) -> Result<(), Error> {
    let raised = rows::ActiveModel {
        id: Set(person.profile.id),
        token_version: Set(person.token_version + 1),
        ..Default::default()
    };
    raised.update(change.db()).await?;
    change.record("sessions", person.profile.id, Some(&person.profile), None).await?;
    Ok(())
}

/// Forgets a person. The history keeps their name.
pub async fn delete(change: &Change, person: &Person) -> Result<(), Error> {
    keep_an_admin(change, &person.profile).await?;
    rows::Entity::delete_by_id(person.profile.id).exec(change.db()).await?;
    change.record("user", person.profile.id, Some(&person.profile), None).await?;
    Ok(())
}

/// Refuses to let the last one go who can let others in.
async fn keep_an_admin(change: &Change, leaving: &Profile) -> Result<(), Error> {
    let admin = leaving.active && leaving.role == Role::Admin;
    let others = rows::Entity::find()
        .filter(rows::Column::Role.eq(Role::Admin))
        .filter(rows::Column::Active.eq(true))
        // Somebody who was invited and never came can let nobody in.
        .filter(rows::Column::PasswordHash.ne(""))
        .filter(rows::Column::Id.ne(leaving.id));
    if admin && others.count(change.db()).await? == 0 { Err(Error::LastAdmin) } else { Ok(()) }
}

fn person(row: rows::Model) -> Person {
    let profile = Profile {
        id: row.id,
        username: row.username,
        full_name: row.full_name,
        email: row.email,
        role: row.role,
        active: row.active,
        has_password: !row.password_hash.is_empty(),
        revision: row.revision,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    let password_hash = Some(row.password_hash).filter(|hash| !hash.is_empty());
    Person { profile, password_hash, token_version: row.token_version }
}

fn row(person: &Person) -> rows::Model {
    let Person { profile, password_hash, token_version } = person.clone();
    rows::Model {
        id: profile.id,
        username: profile.username,
        email: profile.email,
        full_name: profile.full_name,
        role: profile.role,
        password_hash: password_hash.unwrap_or_default(),
        active: profile.active,
        token_version,
        revision: profile.revision,
        created_at: profile.created_at,
        updated_at: profile.updated_at,
    }
}
