//! The headings of the menus in the database.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::order;
use super::rows::{items, sections};
use super::section::{Menu, NewSection, Section};
use super::translations::{self, Translations};
use crate::change::Change;
use crate::error::Error;
use crate::fault::Fault;

/// All sections, in the order of the card.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Section>, DbErr> {
    let rows = sections::Entity::find().order_by_asc(sections::Column::Position).all(db).await?;
    let words = Translations::all(db).await?;
    let mut sections: Vec<Section> = rows.into_iter().map(|row| section(row, &words)).collect();
    sections.sort_by_key(|section| (section.menu, section.position));
    Ok(sections)
}

/// A section, if it is there.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Section>, DbErr> {
    let Some(row) = sections::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let words = Translations::of(db, id).await?;
    Ok(Some(section(row, &words)))
}

/// A section that has to be there.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Section, Error> {
    find(db, id).await?.ok_or(Error::NotFound("section"))
}

/// The names for addresses that a menu has given.
pub async fn slugs(db: &impl ConnectionTrait, menu: Menu) -> Result<Vec<String>, DbErr> {
    let of_menu = sections::Entity::find().filter(sections::Column::Menu.eq(menu));
    of_menu.select_only().column(sections::Column::Slug).into_tuple().all(db).await
}

/// Makes a section at the end of its menu.
pub async fn create(change: &Change, menu: Menu, new: NewSection) -> Result<Section, Error> {
    let NewSection { slug, name, description } = new;
    let position = end(change.db(), menu).await?;
    let section = Section { id: change.new_id(), menu, slug, name, description, position, revision: 1 };
    restore(change, section).await
}

/// This place of a menu, or its end if somebody stands there.
pub async fn free_place(db: &impl ConnectionTrait, menu: Menu, position: i32) -> Result<i32, DbErr> {
    let there = sections::Entity::find().filter(sections::Column::Menu.eq(menu));
    let there = there.filter(sections::Column::Position.eq(position)).count(db).await?;
    if there == 0 { Ok(position) } else { end(db, menu).await }
}

/// The place after the last section of a menu.
async fn end(db: &impl ConnectionTrait, menu: Menu) -> Result<i32, DbErr> {
    let others = sections::Entity::find().filter(sections::Column::Menu.eq(menu)).select_only();
    let last = others.column_as(sections::Column::Position.max(), "last").into_tuple::<Option<i32>>();
    // Who steps aside stands before the first place.
    Ok(last.one(db).await?.flatten().map_or(0, |last| last.max(-1) + 1))
}

/// Writes a section as it is given: a new one, or one that was deleted.
pub async fn restore(change: &Change, section: Section) -> Result<Section, Error> {
    section.check()?;
    check_own(change, &section).await?;
    sections::Entity::insert(row(&section).into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken("section"))?;
    save_words(change, &section).await?;
    change.record("section", section.id, None::<&Section>, Some(&section)).await?;
    Ok(section)
}

/// Writes a section over `before`; the same again is no change.
pub async fn update(change: &Change, before: &Section, after: Section) -> Result<Section, Error> {
    let revision = before.revision;
    let after = Section { revision, ..after };
    if after == *before {
        return Ok(after);
    }
    after.check()?;
    if after.slug != before.slug {
        check_own(change, &after).await?;
    }
    let after = Section { revision: revision + 1, ..after };
    let written = row(&after).into_active_model().reset_all().update(change.db()).await;
    written.map_err(Error::taken("section"))?;
    save_words(change, &after).await?;
    change.record("section", after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Puts a section after another of its menu, or first.
pub async fn put(change: &Change, moved: &Section, after: Option<Uuid>) -> Result<(), Error> {
    let mut menu = list(change.db()).await?;
    menu.retain(|section| section.menu == moved.menu);
    let list: Vec<order::Placed> = menu.iter().map(|section| (section.id, section.position)).collect();
    let places = order::put(&list, moved.id, after)?;
    step_aside(change, places.iter().map(|(id, _)| *id)).await?;
    for (id, position) in places {
        let Some(before) = menu.iter().find(|section| section.id == id) else { continue };
        update(change, before, Section { position, ..before.clone() }).await?;
    }
    Ok(())
}

/// Takes sections from their places, so that they can be given each other's: no two may stand at one.
pub async fn step_aside(change: &Change, ids: impl Iterator<Item = Uuid>) -> Result<(), DbErr> {
    for (id, aside) in ids.zip(1..) {
        let row = sections::ActiveModel { id: Set(id), position: Set(-aside), ..Default::default() };
        row.update(change.db()).await?;
    }
    Ok(())
}

/// Deletes a section with nothing under it.
pub async fn delete(change: &Change, section: &Section) -> Result<(), Error> {
    let listed = items::Entity::find().filter(items::Column::SectionId.eq(section.id)).count(change.db()).await?;
    if listed > 0 {
        return Err(Error::InUse(format!("the section lists {listed} items (move or delete them first)")));
    }
    sections::Entity::delete_by_id(section.id).exec(change.db()).await?;
    translations::delete(change.db(), &[section.id]).await?;
    change.record("section", section.id, Some(section), None).await?;
    Ok(())
}

/// Whether its name for addresses is no other's in its menu.
async fn check_own(change: &Change, section: &Section) -> Result<(), Error> {
    use sections::Column;

    let same = sections::Entity::find().filter(Column::Menu.eq(section.menu)).filter(Column::Slug.eq(&*section.slug));
    let other = same.filter(Column::Id.ne(section.id)).one(change.db()).await?;
    let Some(other) = other else { return Ok(()) };
    Err(Error::Claimed(vec![Fault::new("/slug", "taken", json!({"name": other.name}))]))
}

async fn save_words(change: &Change, section: &Section) -> Result<(), DbErr> {
    let words = [("name", &section.name), ("description", &section.description)];
    translations::save(change.db(), section.id, &words).await
}

fn section(row: sections::Model, words: &Translations) -> Section {
    Section {
        id: row.id,
        menu: row.menu,
        slug: row.slug,
        name: words.text(row.id, "name", row.name),
        description: words.text(row.id, "description", row.description),
        position: row.position,
        revision: row.revision,
    }
}

fn row(section: &Section) -> sections::Model {
    sections::Model {
        id: section.id,
        menu: section.menu,
        slug: section.slug.clone(),
        name: section.name.de.clone(),
        description: section.description.de.clone(),
        position: section.position,
        revision: section.revision,
    }
}
