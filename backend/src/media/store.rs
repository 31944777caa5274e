//! The pictures in the database. A row is written after its files, so that there is none without them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::darkroom::Developed;
use super::picture::{Picture, Variants};
use crate::change::Change;
use crate::error::Error;
use crate::history;
use crate::history::store::Filter;
use crate::menu;
use crate::menu::text::Text;
use crate::menu::translations::{self, Translations};

mod rows {
    use sea_orm::entity::prelude::*;

    use crate::media::picture::Variants;

    /// `pictures`: a picture.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pictures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub hash: String,
        pub width: i32,
        pub height: i32,
        pub focal_x: i16,
        pub focal_y: i16,
        pub color: String,
        pub alt: String,
        pub variants: Variants,
        pub created_at: ChronoDateTimeUtc,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Every picture, the newest first.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Picture>, DbErr> {
    let rows = rows::Entity::find().order_by_desc(rows::Column::Id).all(db).await?;
    let words = Translations::all(db).await?;
    Ok(rows.into_iter().map(|row| picture(row, &words)).collect())
}

/// A picture, if it is there.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Picture>, DbErr> {
    let Some(row) = rows::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let words = Translations::of(db, row.id).await?;
    Ok(Some(picture(row, &words)))
}

/// A picture that has to be there.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Picture, Error> {
    find(db, id).await?.ok_or(Error::NotFound("picture"))
}

/// The picture that was made of a file, if there is one.
pub async fn find_by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Picture>, DbErr> {
    let Some(row) = rows::Entity::find().filter(rows::Column::Hash.eq(hash)).one(db).await? else { return Ok(None) };
    let words = Translations::of(db, row.id).await?;
    Ok(Some(picture(row, &words)))
}

/// The ids of all pictures.
pub async fn ids(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr> {
    rows::Entity::find().select_only().column(rows::Column::Id).into_tuple().all(db).await
}

/// The names of all files that belong to a picture, or to one that was deleted since `kept` and can come back.
pub async fn file_names(db: &impl ConnectionTrait, kept: DateTime<Utc>) -> Result<HashSet<String>, Error> {
    let rows = rows::Entity::find().select_only().column(rows::Column::Variants);
    let variants: Vec<Variants> = rows.into_tuple().all(db).await?;
    let trash = Filter { things: vec!["picture"], gone_since: Some(kept), ..Filter::default() };
    let trash = history::store::list(db, trash).await?.into_iter().filter_map(|line| line.before);
    let trash: Vec<Picture> = trash
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::History(error.to_string()))?;
    let trash = trash.into_iter().flat_map(|picture| picture.variants);
    Ok(variants.into_iter().flat_map(|variants| variants.0).chain(trash).map(|variant| variant.name).collect())
}

/// Writes a new picture.
pub async fn create(change: &Change, hash: String, alt: Text, developed: &Developed) -> Result<Picture, Error> {
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let picture = Picture {
        id: change.new_id(),
        hash,
        width: size(developed.width),
        height: size(developed.height),
        focal_x: 50,
        focal_y: 50,
        color: developed.color.clone(),
        alt,
        variants: developed.files.iter().map(|file| file.variant.clone()).collect(),
        revision: 1,
        created_at: change.at(),
    };
    restore(change, picture).await
}

/// Writes a picture as it is given: a new one, or one that was deleted.
pub async fn restore(change: &Change, picture: Picture) -> Result<Picture, Error> {
    picture.check()?;
    rows::Entity::insert(row(&picture).into_active_model()).exec_without_returning(change.db()).await?;
    translations::save(change.db(), picture.id, &[("alt", &picture.alt)]).await?;
    change.record("picture", picture.id, None, Some(&picture)).await?;
    Ok(picture)
}

/// Writes a picture over `before`; the same again is no change.
pub async fn update(change: &Change, before: &Picture, mut after: Picture) -> Result<Picture, Error> {
    if after == *before {
        return Ok(after);
    }
    after.check()?;
    after.revision += 1;
    row(&after).into_active_model().reset_all().update(change.db()).await?;
    translations::save(change.db(), after.id, &[("alt", &after.alt)]).await?;
    change.record("picture", after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a picture that nothing on the menu shows. Its files stay for as long as it can come back.
pub async fn delete(change: &Change, picture: &Picture) -> Result<(), Error> {
    let names = menu::store::shown_with(change.db(), picture.id).await?;
    if !names.is_empty() {
        return Err(Error::InUse(format!("the picture is shown with {} (take it off there first)", names.join(", "))));
    }
    translations::save(change.db(), picture.id, &[]).await?;
    rows::Entity::delete_by_id(picture.id).exec(change.db()).await?;
    change.record("picture", picture.id, Some(picture), None).await?;
    Ok(())
}

fn picture(row: rows::Model, words: &Translations) -> Picture {
    Picture {
        id: row.id,
        hash: row.hash,
        width: row.width,
        height: row.height,
        focal_x: row.focal_x,
        focal_y: row.focal_y,
        color: row.color,
        alt: words.text(row.id, "alt", row.alt),
        variants: row.variants.0,
        revision: row.revision,
        created_at: row.created_at,
    }
}

fn row(picture: &Picture) -> rows::Model {
    rows::Model {
        id: picture.id,
        hash: picture.hash.clone(),
        width: picture.width,
        height: picture.height,
        focal_x: picture.focal_x,
        focal_y: picture.focal_y,
        color: picture.color.clone(),
        alt: picture.alt.de.clone(),
        variants: Variants(picture.variants.clone()),
        created_at: picture.created_at,
        revision: picture.revision,
    }
}
