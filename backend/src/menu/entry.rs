//! An item as its editor writes it: everything but what the house keeps for itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::fold::slug;
use super::item::{Alcohol, Item, Kind, Part, Presence, Role};
use super::serving::{Serving, Unit};
use super::substance::Substance;
use super::text::Text;
use super::wine::Facts;
use crate::body::Patch;
use crate::change::Change;
use crate::error::Error;
use crate::fault::none;
use crate::patch;
use crate::rules::Faults;

/// An item as its editor writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": {"de": "Albariño Mar de Frades"}, "section": "019c0000-0000-7000-8000-000000000001",
    "servings": [{"unit": "glass", "volume_ml": 100, "price_cents": 450}, {"unit": "bottle", "volume_ml": 750, "price_cents": 2900}],
    "declarations": {"sulphites": "contains"}, "wine": {"color": "white", "vintage": 2024}
}))]
pub struct Entry {
    /// The section that lists it; only an add-on has none.
    #[serde(default)]
    pub section: Option<Uuid>,
    /// The item to put it after in its section; null for the first place. Without, it stays, or goes to the end.
    #[serde(default, deserialize_with = "patch::given", skip_serializing)]
    #[schema(value_type = Option<Uuid>)]
    pub after: Option<Option<Uuid>>,
    /// The number on the printed list; without, the next free one.
    #[serde(default)]
    pub number: Option<i32>,
    /// Its name for addresses; without, made from its name.
    #[serde(default)]
    pub slug: Option<String>,
    /// How it is sold.
    #[serde(default)]
    pub role: Role,
    /// Its name.
    pub name: Text,
    /// The language of the name where it is not German.
    #[serde(default)]
    pub name_lang: Option<String>,
    /// One or two sentences.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub description: Text,
    /// A longer text.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub story: Text,
    /// A remark, such as the partner who makes it.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub note: Text,
    /// Whether it is new on the card.
    #[serde(default)]
    pub new: bool,
    /// Whether guests see it.
    #[serde(default = "seen")]
    pub visible: bool,
    /// No meat, no fish.
    #[serde(default)]
    pub vegetarian: bool,
    /// Nothing from animals.
    #[serde(default)]
    pub vegan: bool,
    /// Low in carbohydrates.
    #[serde(default)]
    pub keto: bool,
    /// Its alcohol; without, that of its kind.
    #[serde(default)]
    pub alcohol: Option<Alcohol>,
    /// The ways to buy it, in order. One with an id is kept, one without is new, one that is missing goes.
    pub servings: Vec<EntryServing>,
    /// What is known of substances in it, by code; null takes a declaration back.
    #[serde(default, deserialize_with = "patch::or_empty")]
    #[schema(value_type = std::collections::HashMap<String, Presence>)]
    pub declarations: BTreeMap<Substance, Option<Presence>>,
    /// What belongs to it.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub parts: Vec<Part>,
    /// Its picture.
    #[serde(default)]
    pub picture: Option<Uuid>,
    /// What only a wine has, and every wine.
    #[serde(default)]
    pub wine: Option<Facts>,
}

/// A way to buy an item, as its editor writes it. Whether it is sold out is said elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "glass", "volume_ml": 200, "price_cents": 750}))]
pub struct EntryServing {
    /// The serving, if it is there already.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// What it comes in.
    pub unit: Unit,
    /// What tells it from its sisters.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub label: Text,
    /// Its volume in millilitres.
    #[serde(default)]
    pub volume_ml: Option<i32>,
    /// Its weight in grams.
    #[serde(default)]
    pub weight_g: Option<i32>,
    /// Its price in euro cents, tax and service included.
    pub price_cents: i64,
    /// Its alcohol where it differs from the item's.
    #[serde(default)]
    pub alcohol: Option<Alcohol>,
}

/// A merge patch to an item.
pub type EntryPatch = Patch<Entry>;

/// A merge patch to a way to buy an item.
pub type EntryServingPatch = Patch<EntryServing>;

fn seen() -> bool {
    true
}

impl From<&Item> for Entry {
    fn from(item: &Item) -> Self {
        let item = item.clone();
        Self {
            section: item.section,
            after: None,
            number: Some(item.number),
            slug: Some(item.slug),
            role: item.role,
            name: item.name,
            name_lang: item.name_lang,
            description: item.description,
            story: item.story,
            note: item.note,
            new: item.new,
            visible: item.visible,
            vegetarian: item.vegetarian,
            vegan: item.vegan,
            keto: item.keto,
            alcohol: Some(item.alcohol),
            servings: item.servings.into_iter().map(EntryServing::from).collect(),
            declarations: item.declarations.into_iter().map(|(code, presence)| (code, Some(presence))).collect(),
            parts: item.parts,
            picture: item.picture,
            wine: item.wine,
        }
    }
}

impl From<Serving> for EntryServing {
    fn from(serving: Serving) -> Self {
        let Serving { id, unit, label, volume_ml, weight_g, price_cents, alcohol, sold_out: _ } = serving;
        Self { id: Some(id), unit, label, volume_ml, weight_g, price_cents, alcohol }
    }
}

impl Entry {
    /// A new item of a kind. Its number is the one that is wanted, or else the `next`.
    pub fn made(self, change: &Change, kind: Kind, next: i32) -> Result<Item, Error> {
        let slug = slug(&self.name.de);
        let blank = Item { slug, ..Item::blank(change.new_id(), kind, next, change.at()) };
        self.over(change, &blank)
    }

    /// Whether all is said that only a new item may leave to the house.
    pub fn check_whole(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.unless(self.number.is_some(), "/number", "missing");
        faults.unless(self.slug.is_some(), "/slug", "missing");
        faults.unless(self.alcohol.is_some(), "/alcohol", "missing");
        faults.finish()
    }

    /// What `item` becomes with it.
    pub fn over(self, change: &Change, item: &Item) -> Result<Item, Error> {
        self.laid_over(|| change.new_id(), item)
    }

    /// What `item` would become with it, also where nothing is changed yet.
    pub fn laid_over(self, new_id: impl Fn() -> Uuid, item: &Item) -> Result<Item, Error> {
        let Self { section, after: _, number, slug, role, name, name_lang, description, story, note, .. } = self;
        let Self {
            new, visible, vegetarian, vegan, keto, alcohol, servings, declarations, parts, picture, wine, ..
        } = self;
        Ok(Item {
            section,
            number: number.unwrap_or(item.number),
            slug: slug.unwrap_or_else(|| item.slug.clone()),
            role,
            name,
            name_lang,
            description,
            story,
            note,
            new,
            visible,
            vegetarian,
            vegan,
            keto,
            alcohol: alcohol.unwrap_or(item.alcohol),
            servings: kept(new_id, &item.servings, servings)?,
            declarations: declarations.into_iter().filter_map(|(code, presence)| Some((code, presence?))).collect(),
            parts,
            picture,
            wine,
            ..item.clone()
        })
    }
}

/// The servings as they are to be: known ones keep their id and whether they are sold out.
fn kept(new_id: impl Fn() -> Uuid, known: &[Serving], wanted: Vec<EntryServing>) -> Result<Vec<Serving>, Error> {
    let mut faults = Faults::default();
    let mut servings: Vec<Serving> = Vec::with_capacity(wanted.len());
    for (place, wanted) in wanted.into_iter().enumerate() {
        let EntryServing { id, unit, label, volume_ml, weight_g, price_cents, alcohol } = wanted;
        let old = id.and_then(|id| known.iter().find(|serving| serving.id == id));
        if id.is_some() && old.is_none() {
            faults.add(&format!("/servings/{place}/id"), "unknown", none());
        }
        let id = id.unwrap_or_else(&new_id);
        if let Some(first) = servings.iter().position(|serving| serving.id == id) {
            let first = json!({"other": format!("/servings/{first}/id")});
            faults.add(&format!("/servings/{place}/id"), "given_twice", first);
        }
        let sold_out = old.and_then(|old| old.sold_out);
        servings.push(Serving { id, unit, label, volume_ml, weight_g, price_cents, alcohol, sold_out });
    }
    faults.finish().map(|()| servings)
}
