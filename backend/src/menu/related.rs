//! What belongs to items in the database, read and written with them: servings, declarations, parts, wine facts, words.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select, Set};
use uuid::Uuid;

use super::item::{Item, Part, Presence};
use super::rows::{declarations, items, parts, servings, wine_facts};
use super::serving::{Serving, SoldOut};
use super::substance::Substance;
use super::translations::{self, AT_ONCE, Translations, Worded, insert_all};
use super::wine::Facts;

/// What belongs to items, by item.
pub struct Related {
    servings: HashMap<Uuid, Vec<servings::Model>>,
    declarations: HashMap<Uuid, Vec<declarations::Model>>,
    parts: HashMap<Uuid, Vec<parts::Model>>,
    wines: HashMap<Uuid, wine_facts::Model>,
    words: Translations,
}

impl Related {
    /// What belongs to all items.
    pub async fn all(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let words = Translations::all(db).await?;
        let (servings, declarations) = (servings::Entity::find(), declarations::Entity::find());
        Self::read(db, (servings, declarations, parts::Entity::find(), wine_facts::Entity::find()), words).await
    }

    /// What belongs to one item.
    pub async fn of(db: &impl ConnectionTrait, id: Uuid) -> Result<Self, DbErr> {
        let servings = servings::Entity::find().filter(servings::Column::ItemId.eq(id));
        let known = servings.clone().all(db).await?;
        let rows: Vec<Uuid> = known.iter().map(|serving| serving.id).chain([id]).collect();
        let words = Translations::of_rows(db, &rows).await?;
        let declarations = declarations::Entity::find().filter(declarations::Column::ItemId.eq(id));
        let parts = parts::Entity::find().filter(parts::Column::WholeId.eq(id));
        let wines = wine_facts::Entity::find().filter(wine_facts::Column::ItemId.eq(id));
        Self::read(db, (servings, declarations, parts, wines), words).await
    }

    async fn read(
        db: &impl ConnectionTrait,
        which: (
            Select<servings::Entity>,
            Select<declarations::Entity>,
            Select<parts::Entity>,
            Select<wine_facts::Entity>,
        ),
        words: Translations,
    ) -> Result<Self, DbErr> {
        let (servings, declarations, parts, wines) = which;
        let servings = servings.order_by_asc(servings::Column::Position).all(db).await?;
        let parts = parts.order_by_asc(parts::Column::Position).all(db).await?;
        let wines = wines.all(db).await?;
        Ok(Self {
            servings: by(servings, |row| row.item_id),
            declarations: by(declarations.all(db).await?, |row| row.item_id),
            parts: by(parts, |row| row.whole_id),
            wines: wines.into_iter().map(|row| (row.item_id, row)).collect(),
            words,
        })
    }

    /// The whole item.
    pub fn item(&mut self, row: items::Model) -> Item {
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

/// Writes what belongs to items, in the place of what belonged to them before.
pub async fn write(db: &impl ConnectionTrait, before: &[Item], after: &[&Item]) -> Result<(), DbErr> {
    delete(db, before).await?;
    let (mut sold, mut declared, mut belonging, mut wines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut worded: Vec<Worded<'_>> = before.iter().flat_map(words).map(|(row, _)| (row, Vec::new())).collect();
    for item in after {
        sold.extend((0..).zip(&item.servings).map(|(position, serving)| serving_row(item.id, position, serving)));
        declared.extend(item.declarations.iter().map(|declared| declaration_row(item.id, declared)));
        belonging.extend((0..).zip(&item.parts).map(|(position, part)| part_row(item.id, position, part)));
        wines.extend(item.wine.iter().map(|wine| wine_row(item.id, wine)));
        worded.extend(words(item));
    }
    insert_all(db, sold).await?;
    insert_all(db, declared).await?;
    insert_all(db, belonging).await?;
    insert_all(db, wines).await?;
    translations::save_all(db, worded).await
}

/// Deletes what belonged to items, words included.
pub async fn forget(db: &impl ConnectionTrait, items: &[Item]) -> Result<(), DbErr> {
    delete(db, items).await?;
    let rows: Vec<Worded<'_>> = items.iter().flat_map(words).map(|(row, _)| (row, Vec::new())).collect();
    translations::save_all(db, rows).await
}

async fn delete(db: &impl ConnectionTrait, items: &[Item]) -> Result<(), DbErr> {
    for some in items.chunks(AT_ONCE) {
        let ids: Vec<Uuid> = some.iter().map(|item| item.id).collect();
        servings::Entity::delete_many().filter(servings::Column::ItemId.is_in(ids.clone())).exec(db).await?;
        declarations::Entity::delete_many().filter(declarations::Column::ItemId.is_in(ids.clone())).exec(db).await?;
        parts::Entity::delete_many().filter(parts::Column::WholeId.is_in(ids.clone())).exec(db).await?;
        wine_facts::Entity::delete_many().filter(wine_facts::Column::ItemId.is_in(ids)).exec(db).await?;
    }
    Ok(())
}

/// The rows of an item that have words, and these.
fn words(item: &Item) -> Vec<Worded<'_>> {
    let mut fields =
        vec![("name", &item.name), ("description", &item.description), ("story", &item.story), ("note", &item.note)];
    fields.extend(item.wine.as_ref().map(|wine| ("characteristics", &wine.characteristics)));
    let servings = item.servings.iter().map(|serving| (serving.id, vec![("label", &serving.label)]));
    servings.chain([(item.id, fields)]).collect()
}

fn by<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut grouped: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        grouped.entry(key(&row)).or_default().push(row);
    }
    grouped
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

fn declaration_row(item_id: Uuid, (substance, presence): (&Substance, &Presence)) -> declarations::ActiveModel {
    declarations::ActiveModel {
        item_id: Set(item_id),
        substance: Set(substance.code().to_owned()),
        presence: Set(*presence),
    }
}

fn part_row(whole_id: Uuid, position: i32, part: &Part) -> parts::ActiveModel {
    parts::ActiveModel {
        whole_id: Set(whole_id),
        part_id: Set(part.item),
        position: Set(position),
        relation: Set(part.relation),
        choice: Set(part.choice),
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
