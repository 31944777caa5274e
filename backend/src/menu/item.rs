//! Something on the menu: a wine, a drink or a snack, with its servings, declarations and texts, as one document.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::section::Menu;
use super::serving::Serving;
use super::substance::Substance;
use super::text::Text;
use super::wine::Facts;
use crate::error::Error;
use crate::fault::none;
use crate::rules::Faults;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[schema(as = ItemRole)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Relation {
    /// Can be ordered on top, at its own price.
    AddOn,
    /// Is in the bundle.
    Component,
}

/// An item that belongs to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EntryPart)]
pub struct Part {
    /// The item that belongs.
    pub item: Uuid,
    /// How it belongs.
    pub relation: Relation,
    /// Components with the same number are alternatives.
    #[serde(default)]
    pub choice: Option<i16>,
}

/// Something on the menu, as those who work on it read it: in all languages, hidden or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MenuItem)]
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
    #[serde(default)]
    pub description: Text,
    /// A longer text.
    #[serde(default)]
    pub story: Text,
    /// A remark, such as the partner who makes it.
    #[serde(default)]
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
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Presence>)]
    pub declarations: BTreeMap<Substance, Presence>,
    /// What belongs to it.
    pub parts: Vec<Part>,
    /// Its picture.
    #[serde(default)]
    pub picture: Option<Uuid>,
    /// What only a wine has.
    pub wine: Option<Facts>,
    /// Rises with every change.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// As long as a name in an address may be.
pub const MAX_SLUG: usize = 80;
/// No card has more items than this.
pub const MAX_NUMBER: i32 = 99_999;
/// More ways to buy one thing, nobody reads.
const MAX_SERVINGS: usize = 20;
/// More than this, no plate holds.
const MAX_PARTS: usize = 50;

impl Item {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.under("/name", self.name.check_heading(120));
        faults.under("/description", self.description.check_text(500));
        faults.under("/story", self.story.check_text(4000));
        faults.under("/note", self.note.check_text(300));
        faults.unless(self.name_lang.as_deref().is_none_or(is_language), "/name_lang", "not_a_language");
        faults.slug("/slug", &self.slug, MAX_SLUG);
        faults.optional_line("/legacy_id", self.legacy_id.as_deref(), 64);
        faults.within("/number", Some(self.number), 1..=i64::from(MAX_NUMBER));
        faults.within("/position", Some(self.position), 0..=i64::from(MAX_NUMBER));
        faults.unless(self.section.is_some() || self.role == Role::AddOn, "/section", "missing");
        faults.unless((self.kind == Kind::Wine) == self.wine.is_some(), "/wine", "only_for_wines");
        if let Some(wine) = &self.wine {
            faults.under("/wine", wine.check());
        }
        self.check_servings(&mut faults);
        self.check_parts(&mut faults);
        self.check_diets(&mut faults);
        faults.finish()
    }

    fn check_servings(&self, faults: &mut Faults) {
        faults.unless(!self.servings.is_empty(), "/servings", "missing");
        if faults.at_most("/servings", &self.servings, MAX_SERVINGS) {
            for (place, serving) in self.servings.iter().enumerate() {
                faults.under(format_args!("/servings/{place}"), serving.check(self.kind));
            }
        }
    }

    fn check_parts(&self, faults: &mut Faults) {
        if !faults.at_most("/parts", &self.parts, MAX_PARTS) {
            return;
        }
        let mut known = HashSet::new();
        for (place, part) in self.parts.iter().enumerate() {
            faults.unless(part.item != self.id, &format!("/parts/{place}/item"), "part_of_itself");
            faults.unless(known.insert(part.item), &format!("/parts/{place}/item"), "given_twice");
            faults.within(&format!("/parts/{place}/choice"), part.choice, 1..=99);
        }
    }

    /// A vegan dish with milk in it is a mistake in one of the two.
    fn check_diets(&self, faults: &mut Faults) {
        let has = |codes: &[&str]| {
            let contained = |(substance, presence): (&Substance, &Presence)| {
                *presence == Presence::Contains && codes.contains(&substance.code())
            };
            self.declarations.iter().any(contained)
        };
        if self.vegan && has(&["milk", "eggs"]) {
            faults.add("/vegan", "contradicts_declarations", none());
        }
        if (self.vegan || self.vegetarian) && has(&["fish", "crustaceans", "molluscs", "pork", "beef", "poultry"]) {
            faults.add("/vegetarian", "contradicts_declarations", none());
        }
    }
}

/// A language tag (BCP 47): words of letters and digits between hyphens.
fn is_language(tag: &str) -> bool {
    let word = |word: &str| (1..=8).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_alphanumeric());
    (2..=16).contains(&tag.len()) && tag.split('-').all(word)
}
