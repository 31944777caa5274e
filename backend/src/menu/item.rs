//! Something on the menu: a wine, a drink or a snack, with its servings, declarations and texts, as one document.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::section::Menu;
use super::serving::Serving;
use super::substance::Substance;
use super::text::Text;
use super::wine::Facts;
use crate::error::{Error, Fault, none};

/// What kind of thing it is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    EnumIter,
    DeriveActiveEnum,
)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    /// A wine.
    Wine,
    /// Any other drink.
    Drink,
    /// Something to eat.
    Snack,
}

impl Kind {
    /// The menu that lists this kind.
    pub fn menu(self) -> Menu {
        match self {
            Self::Wine => Menu::Wines,
            Self::Drink => Menu::Drinks,
            Self::Snack => Menu::Snacks,
        }
    }

    /// The word for one of the kind.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Wine => "wine",
            Self::Drink => "drink",
            Self::Snack => "snack",
        }
    }
}

/// How an item is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Role {
    /// By itself, listed in its section.
    #[default]
    Dish,
    /// Only on top of another item, listed there.
    AddOn,
    /// Several items at one price.
    Bundle,
}

/// The alcohol in a drink, as the law on the protection of the young (JuSchG § 9) divides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Alcohol {
    /// None: for everybody.
    #[default]
    None,
    /// Beer, wine, sparkling wine: from 16.
    Fermented,
    /// Anything with spirits: from 18.
    Distilled,
}

impl Alcohol {
    /// From what age it may be served.
    pub fn min_age(self) -> Option<u8> {
        match self {
            Self::None => None,
            Self::Fermented => Some(16),
            Self::Distilled => Some(18),
        }
    }
}

/// What is known of a substance in an item. No row means unknown, never free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Presence {
    /// It is in there.
    Contains,
    /// It may be in there in traces.
    Traces,
    /// Somebody has declared that it is not in there.
    Free,
}

/// How an item belongs to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Relation {
    /// Can be ordered on top, at its own price.
    AddOn,
    /// Is in the bundle.
    Component,
}

/// An item that belongs to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The item that belongs.
    pub item: Uuid,
    /// How it belongs.
    pub relation: Relation,
    /// Components with the same number are alternatives.
    pub choice: Option<i16>,
}

/// Something on the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The item.
    pub id: Uuid,
    /// Its id in the old system.
    pub legacy_id: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// How it is sold.
    pub role: Role,
    /// The number on the printed list; unique in its kind, and never moved.
    pub number: i32,
    /// The section that lists it; an add-on has none.
    pub section: Option<Uuid>,
    /// Its place in the section, from 0.
    pub position: i32,
    /// Its stable name for addresses, unique in its kind.
    pub slug: String,
    /// Its name.
    pub name: Text,
    /// The language of the name where it is not German.
    pub name_lang: Option<String>,
    /// One or two sentences.
    pub description: Text,
    /// A longer text.
    pub story: Text,
    /// A remark, such as the partner who makes it.
    pub note: Text,
    /// Whether it is new on the card.
    pub new: bool,
    /// Whether guests see it.
    pub visible: bool,
    /// No meat, no fish.
    pub vegetarian: bool,
    /// Nothing from animals.
    pub vegan: bool,
    /// Low in carbohydrates.
    pub keto: bool,
    /// Its alcohol.
    pub alcohol: Alcohol,
    /// The ways to buy it, in order.
    pub servings: Vec<Serving>,
    /// What is known of substances in it.
    pub declarations: BTreeMap<Substance, Presence>,
    /// What belongs to it.
    pub parts: Vec<Part>,
    /// What only a wine has.
    pub wine: Option<Facts>,
    /// Rises with every change.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Item {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Vec::new();
        if self.name.is_empty() {
            faults.push(Fault::new("/name", "missing", none()));
        }
        limit(&mut faults, "/name", &self.name, 120);
        limit(&mut faults, "/description", &self.description, 500);
        limit(&mut faults, "/story", &self.story, 4000);
        limit(&mut faults, "/note", &self.note, 300);
        if self.slug.is_empty() {
            faults.push(Fault::new("/slug", "missing", none()));
        }
        if self.section.is_none() && self.role != Role::AddOn {
            faults.push(Fault::new("/section", "missing", none()));
        }
        if (self.kind == Kind::Wine) != self.wine.is_some() {
            faults.push(Fault::new("/wine", "only_for_wines", none()));
        }
        if self.servings.is_empty() {
            faults.push(Fault::new("/servings", "missing", none()));
        }
        for (place, serving) in self.servings.iter().enumerate() {
            serving.check(self.kind, &format!("/servings/{place}"), &mut faults);
        }
        self.check_diets(&mut faults);
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }

    /// A vegan dish with milk in it is a mistake in one of the two.
    fn check_diets(&self, faults: &mut Vec<Fault>) {
        let has = |codes: &[&str]| {
            let contained = |(substance, presence): (&Substance, &Presence)| {
                *presence == Presence::Contains && codes.contains(&substance.code())
            };
            self.declarations.iter().any(contained)
        };
        if self.vegan && has(&["milk", "eggs"]) {
            faults.push(Fault::new("/vegan", "contradicts_declarations", none()));
        }
        if (self.vegan || self.vegetarian) && has(&["fish", "crustaceans", "molluscs", "pork", "beef", "poultry"]) {
            faults.push(Fault::new("/vegetarian", "contradicts_declarations", none()));
        }
    }
}

fn limit(faults: &mut Vec<Fault>, pointer: &str, text: &Text, max: usize) {
    let longest = [Some(&text.de), text.en.as_ref(), text.es.as_ref()];
    if longest.into_iter().flatten().any(|text| text.chars().count() > max) {
        faults.push(Fault::new(pointer, "too_long", json!({"max": max})));
    }
}
