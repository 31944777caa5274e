//! The bar's row in the database.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};

use super::house::{House, NewHouse};
use crate::change::Change;
use crate::error::Error;
use crate::menu::translations::{self, Translations};

mod rows {
    use sea_orm::entity::prelude::*;

    use crate::house::hours::Weekly;
    use crate::house::house::Legal;

    /// `house`: the bar's own facts.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "house")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub tagline: String,
        pub introduction: String,
        pub street: String,
        pub postal_code: String,
        pub locality: String,
        pub country: String,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub website: Option<String>,
        pub time_zone: String,
        pub opening_hours: Weekly,
        pub legal: Legal,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The bar, once it has been set up.
pub async fn find(db: &impl ConnectionTrait) -> Result<Option<House>, DbErr> {
    let Some(row) = rows::Entity::find().one(db).await? else { return Ok(None) };
    let words = Translations::of(db, row.id).await?;
    Ok(Some(House {
        id: row.id,
        name: row.name,
        tagline: words.text(row.id, "tagline", row.tagline),
        introduction: words.text(row.id, "introduction", row.introduction),
        street: row.street,
        postal_code: row.postal_code,
        locality: row.locality,
        country: row.country,
        phone: row.phone,
        email: row.email,
        website: row.website,
        time_zone: row.time_zone,
        opening_hours: row.opening_hours,
        legal: row.legal,
        revision: row.revision,
    }))
}

/// Sets the bar up.
pub async fn create(change: &Change, new: NewHouse) -> Result<House, Error> {
    let house = new.made(change.new_id());
    house.check()?;
    rows::Entity::insert(row(&house).into_active_model()).exec_without_returning(change.db()).await?;
    save_words(change, &house).await?;
    change.record("house", house.id, None, Some(&house)).await?;
    Ok(house)
}

/// Writes the bar's facts over `before`; the same again is no change.
pub async fn update(change: &Change, before: &House, after: House) -> Result<House, Error> {
    let after = House { id: before.id, revision: before.revision, ..after };
    if after == *before {
        return Ok(after);
    }
    after.check()?;
    let after = House { revision: before.revision + 1, ..after };
    row(&after).into_active_model().reset_all().update(change.db()).await?;
    save_words(change, &after).await?;
    change.record("house", after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

async fn save_words(change: &Change, house: &House) -> Result<(), DbErr> {
    let words = [("tagline", &house.tagline), ("introduction", &house.introduction)];
    translations::save(change.db(), house.id, &words).await
}

fn row(house: &House) -> rows::Model {
    rows::Model {
        id: house.id,
        name: house.name.clone(),
        tagline: house.tagline.de.clone(),
        introduction: house.introduction.de.clone(),
        street: house.street.clone(),
        postal_code: house.postal_code.clone(),
        locality: house.locality.clone(),
        country: house.country.clone(),
        phone: house.phone.clone(),
        email: house.email.clone(),
        website: house.website.clone(),
        time_zone: house.time_zone.clone(),
        opening_hours: house.opening_hours.clone(),
        legal: house.legal.clone(),
        revision: house.revision,
    }
}
