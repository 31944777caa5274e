//! The menu in the database. An item is loaded, compared and saved as one document, together with its servings,
//! declarations, parts, wine facts and translations.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use uuid::Uuid;

use super::item::{Item, Part};
use super::rows::{declarations, items, parts, sections, servings, wine_facts};
use super::section::{Menu, NewSection, Section};
use super::serving::{Serving, SoldOut};
use super::substance::Substance;
use super::translations::{self, Translations, insert_all};
use super::wine::Facts;
use crate::change::Change;
use crate::error::Error;

/// All sections, in the order of the card.
pub async fn list_sections(db: &impl ConnectionTrait) -> Result<Vec<Section>, DbErr> {
    let rows = sections::Entity::find().order_by_asc(sections::Column::Position).all(db).await?;
    let words = Translations::all(db).await?;
    let mut sections: Vec<Section> = rows.into_iter().map(|row| section(row, &words)).collect();
    sections.sort_by_key(|section| (section.menu, section.position));
    Ok(sections)
}

/// Makes a section at the end of its menu.
pub async fn create_section(change: &Change, menu: Menu, new: NewSection) -> Result<Section, Error> {
    new.check()?;
    let NewSection { slug, name, description } = new;
    let others = sections::Entity::find().filter(sections::Column::Menu.eq(menu)).all(change.db()).await?;
    let position = others.iter().map(|section| section.position + 1).max().unwrap_or(0);
    let section = Section { id: change.new_id(), menu, slug, name, description, position, revision: 1 };
    let row = sections::Model {
        id: section.id,
        menu,
        slug: section.slug.clone(),
        name: section.name.de.clone(),
        description: section.description.de.clone(),
        position,
        revision: 1,
    };
    sections::Entity::insert(row.into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken("section"))?;
    let words = [("name", &section.name), ("description", &section.description)];
    translations::save(change.db(), section.id, &words).await?;
    change.record("section", section.id, None::<&Section>, Some(&section)).await?;
    Ok(section)
}

/// Every item, also those that guests do not see, in the order of the card.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Item>, DbErr> {
    let rows = items::Entity::find().all(db).await?;
    let mut related = Related::all(db).await?;
    let mut items: Vec<Item> = rows.into_iter().map(|row| related.item(row)).collect();
    items.sort_by_key(|item| (item.kind, item.section, item.position, item.number));
    Ok(items)
}

/// Writes a new item. The caller has made its id and number.
pub async fn create(change: &Change, item: Item) -> Result<Item, Error> {
    item.check()?;
    let row = row(&item);
    items::Entity::insert(row.into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken(item.kind.noun()))?;
    save_related(change.db(), &item).await?;
    change.record(item.kind.noun(), item.id, None::<&Item>, Some(&item)).await?;
    Ok(item)
}

/// Writes an item over `before`, which the caller has read in this change; the same again is no change.
pub async fn update(change: &Change, before: &Item, mut after: Item) -> Result<Item, Error> {
    after.revision = before.revision;
    if after == *before {
        return Ok(after);
    }
    after.check()?;
    after.revision += 1;
    after.updated_at = change.at();
    let written = row(&after).into_active_model().reset_all().update(change.db()).await;
    written.map_err(Error::taken(after.kind.noun()))?;
    delete_related(change.db(), after.id).await?;
    save_related(change.db(), &after).await?;
    change.record(after.kind.noun(), after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// What belongs to items, by item.
struct Related {
    servings: HashMap<Uuid, Vec<servings::Model>>,
    declarations: HashMap<Uuid, Vec<declarations::Model>>,
    parts: HashMap<Uuid, Vec<parts::Model>>,
    wines: HashMap<Uuid, wine_facts::Model>,
    words: Translations,
}

impl Related {
    async fn all(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let servings = servings::Entity::find().order_by_asc(servings::Column::Position).all(db).await?;
        let parts = parts::Entity::find().order_by_asc(parts::Column::Position).all(db).await?;
        let wines = wine_facts::Entity::find().all(db).await?;
        Ok(Self {
            servings: by(servings, |row| row.item_id),
            declarations: by(declarations::Entity::find().all(db).await?, |row| row.item_id),
            parts: by(parts, |row| row.whole_id),
            wines: wines.into_iter().map(|row| (row.item_id, row)).collect(),
            words: Translations::all(db).await?,
        })
    }

    fn item(&mut self, row: items::Model) -> Item {
        let id = row.id;
        let servings = self.servings.remove(&id).unwrap_or_default();
        let declared = self.declarations.remove(&id).unwrap_or_default();
        let parts = self.parts.remove(&id).unwrap_or_default();
        let words = &self.words;
        Item {
            id,
            legacy_id: row.legacy_id,
            kind: row.kind,
            role: row.role,
            number: row.number,
            section: row.section_id,
            position: row.position,
            slug: row.slug,
            name: words.text(id, "name", row.name),
            name_lang: row.name_lang,
            description: words.text(id, "description", row.description),
            story: words.text(id, "story", row.story),
            note: words.text(id, "note", row.note),
            new: row.new,
            visible: row.visible,
            vegetarian: row.vegetarian,
            vegan: row.vegan,
            keto: row.keto,
            alcohol: row.alcohol,
            servings: servings.into_iter().map(|row| serving(row, words)).collect(),
            declarations: declared
                .into_iter()
                .filter_map(|row| Some((Substance::find(&row.substance)?, row.presence)))
                .collect(),
            parts: parts
                .into_iter()
                .map(|row| Part { item: row.part_id, relation: row.relation, choice: row.choice })
                .collect(),
            picture: row.picture_id,
            wine: self.wines.remove(&id).map(|row| facts(row, words)),
            revision: row.revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn by<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut grouped: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        grouped.entry(key(&row)).or_default().push(row);
    }
    grouped
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

fn serving(row: servings::Model, words: &Translations) -> Serving {
    Serving {
        id: row.id,
        unit: row.unit,
        label: words.text(row.id, "label", row.label),
        volume_ml: row.volume_ml,
        weight_g: row.weight_g,
        price_cents: row.price_cents,
        alcohol: row.alcohol,
        sold_out: row.sold_out_since.map(|since| SoldOut { since, until: row.sold_out_until }),
    }
}

fn facts(row: wine_facts::Model, words: &Translations) -> Facts {
    Facts {
        color: row.color,
        category: row.category,
        producer: row.producer,
        vintage: row.vintage,
        grapes: row.grapes,
        country: row.country,
        region: row.region,
        appellation: row.appellation,
        quality: row.quality,
        sweetness: row.sweetness,
        body: row.body,
        acidity: row.acidity,
        tannin: row.tannin,
        characteristics: words.text(row.item_id, "characteristics", row.characteristics),
        serving_temperature_c: row.serving_temperature_c,
    }
}

fn row(item: &Item) -> items::Model {
    items::Model {
        id: item.id,
        legacy_id: item.legacy_id.clone(),
        kind: item.kind,
        role: item.role,
        number: item.number,
        section_id: item.section,
        position: item.position,
        slug: item.slug.clone(),
        name: item.name.de.clone(),
        name_lang: item.name_lang.clone(),
        description: item.description.de.clone(),
        story: item.story.de.clone(),
        note: item.note.de.clone(),
        new: item.new,
        visible: item.visible,
        vegetarian: item.vegetarian,
        vegan: item.vegan,
        keto: item.keto,
        alcohol: item.alcohol,
        picture_id: item.picture,
        revision: item.revision,
        created_at: item.created_at,
        updated_at: item.updated_at,
    }
}

async fn delete_related(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    servings::Entity::delete_many().filter(servings::Column::ItemId.eq(id)).exec(db).await?;
    declarations::Entity::delete_many().filter(declarations::Column::ItemId.eq(id)).exec(db).await?;
    parts::Entity::delete_many().filter(parts::Column::WholeId.eq(id)).exec(db).await?;
    wine_facts::Entity::delete_many().filter(wine_facts::Column::ItemId.eq(id)).exec(db).await.map(drop)
}

async fn save_related(db: &impl ConnectionTrait, item: &Item) -> Result<(), DbErr> {
    let item_id = item.id;
    let mut words =
        vec![("name", &item.name), ("description", &item.description), ("story", &item.story), ("note", &item.note)];
    insert_all(db, (0..).zip(&item.servings).map(|(position, serving)| serving_row(item_id, position, serving)))
        .await?;
    for serving in &item.servings {
        translations::save(db, serving.id, &[("label", &serving.label)]).await?;
    }
    let declared = item.declarations.iter().map(|(substance, presence)| declarations::ActiveModel {
        item_id: Set(item_id),
        substance: Set(substance.code().to_owned()),
        presence: Set(*presence),
    });
    insert_all(db, declared).await?;
    let parts = (0..).zip(&item.parts).map(|(position, part)| parts::ActiveModel {
        whole_id: Set(item_id),
        part_id: Set(part.item),
        position: Set(position),
        relation: Set(part.relation),
        choice: Set(part.choice),
    });
    insert_all(db, parts).await?;
    if let Some(wine) = &item.wine {
        words.push(("characteristics", &wine.characteristics));
        wine_facts::Entity::insert(wine_row(item_id, wine)).exec_without_returning(db).await?;
    }
    translations::save(db, item_id, &words).await
}

fn serving_row(item_id: Uuid, position: i32, serving: &Serving) -> servings::ActiveModel {
    servings::ActiveModel {
        id: Set(serving.id),
        item_id: Set(item_id),
        position: Set(position),
        unit: Set(serving.unit),
        label: Set(serving.label.de.clone()),
        volume_ml: Set(serving.volume_ml),
        weight_g: Set(serving.weight_g),
        price_cents: Set(serving.price_cents),
        alcohol: Set(serving.alcohol),
        sold_out_since: Set(serving.sold_out.map(|out| out.since)),
        sold_out_until: Set(serving.sold_out.and_then(|out| out.until)),
    }
}

fn wine_row(item_id: Uuid, wine: &Facts) -> wine_facts::ActiveModel {
    wine_facts::ActiveModel {
        item_id: Set(item_id),
        color: Set(wine.color),
        category: Set(wine.category),
        producer: Set(wine.producer.clone()),
        vintage: Set(wine.vintage),
        grapes: Set(wine.grapes.clone()),
        country: Set(wine.country.clone()),
        region: Set(wine.region.clone()),
        appellation: Set(wine.appellation.clone()),
        quality: Set(wine.quality.clone()),
        sweetness: Set(wine.sweetness),
        body: Set(wine.body),
        acidity: Set(wine.acidity),
        tannin: Set(wine.tannin),
        characteristics: Set(wine.characteristics.de.clone()),
        serving_temperature_c: Set(wine.serving_temperature_c),
    }
}
