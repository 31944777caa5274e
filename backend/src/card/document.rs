//! The card as guests read it, in one language and for one moment. These are the shapes that the API publishes.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::house::hours::OpeningHours;
use crate::menu::item::{Alcohol, Kind, Presence};
use crate::menu::section::Menu as MenuName;
use crate::menu::serving::Unit;
use crate::menu::substance::Substance as Code;
use crate::menu::text::Locale;
use crate::menu::wine::{Category, Color, Grape, Sweetness};
use crate::notifications::notification::{Page, Tone};

/// The whole published menu in one language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Card {
    /// Rises with every change.
    pub revision: i64,
    /// Since when the card reads like this.
    pub as_of: DateTime<Utc>,
    /// The language of the texts.
    pub locale: Locale,
    /// The currency of all prices (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: &'static str,
    /// The bar; absent before it has been set up.
    pub house: Option<House>,
    /// What is announced now, the most important first.
    pub notifications: Vec<Notification>,
    /// Wines, drinks, snacks.
    pub menus: Vec<Menu>,
    /// The legend: the 14 groups of allergens, and every other substance that occurs on the card.
    pub substances: Vec<Substance>,
}

/// One of the three menus.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Menu {
    /// Which one.
    pub menu: MenuName,
    /// Its sections, in order. A section with nothing in it is left out.
    pub sections: Vec<Section>,
}

/// A heading with what stands under it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Section {
    /// The section.
    pub id: Uuid,
    /// Its stable name for addresses.
    pub slug: String,
    /// The menu it belongs to.
    pub menu: MenuName,
    /// The heading.
    pub name: String,
    /// A line under the heading.
    pub description: Option<String>,
    /// The fields that are still German.
    pub untranslated: Vec<&'static str>,
    /// What stands under it, in order.
    pub items: Vec<Item>,
}

/// Something on the menu.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Item {
    /// The item.
    pub id: Uuid,
    /// Which copy of the item this shows.
    #[serde(skip)]
    pub revision: i64,
    /// Its kind.
    pub kind: Kind,
    /// The number on the printed list.
    pub number: i32,
    /// Its stable name for addresses: `/wein#slug`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The language of the name where it is not that of the card (BCP 47).
    pub name_lang: Option<String>,
    /// One or two sentences.
    pub description: Option<String>,
    /// A longer text.
    pub story: Option<String>,
    /// A remark, such as the partner who makes it.
    pub note: Option<String>,
    /// The fields that are still German.
    pub untranslated: Vec<&'static str>,
    /// Whether it is new on the card.
    pub new: bool,
    /// The diets it suits.
    pub diets: Vec<Diet>,
    /// The strongest alcohol in it.
    pub alcohol: Alcohol,
    /// From what age it may be served (JuSchG § 9).
    #[schema(example = 16)]
    pub min_age: Option<u8>,
    /// Whether every way to buy it is sold out.
    pub sold_out: bool,
    /// When the first of its servings is back; absent: until further notice.
    pub sold_out_until: Option<DateTime<Utc>>,
    /// The ways to buy it.
    pub servings: Vec<Serving>,
    /// What is declared. A substance without a row is unknown, never free.
    pub declarations: Vec<Declaration>,
    /// What can be ordered on top.
    pub add_ons: Vec<Part>,
    /// What a bundle consists of; parts with the same `choice` are alternatives.
    pub components: Vec<Part>,
    /// What only a wine has.
    pub wine: Option<Wine>,
    /// Its picture.
    pub picture: Option<Picture>,
    /// The old system's id, for the old addresses.
    #[serde(skip)]
    pub legacy_id: Option<String>,
    /// When it was made.
    #[serde(skip)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
    /// The folded words that a search looks at.
    #[serde(skip)]
    pub words: String,
}

/// A diet that an item suits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Diet {
    /// No meat, no fish.
    Vegetarian,
    /// Nothing from animals.
    Vegan,
    /// Low in carbohydrates.
    Keto,
}

/// A way to buy an item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Serving {
    /// The serving.
    pub id: Uuid,
    /// What it comes in.
    pub unit: Unit,
    /// What tells it from its sisters.
    pub label: Option<String>,
    /// Its volume in millilitres.
    #[schema(example = 200)]
    pub volume_ml: Option<i32>,
    /// Its weight in grams.
    pub weight_g: Option<i32>,
    /// Its price in cents, tax and service included.
    #[schema(example = 890)]
    pub price_cents: i64,
    /// Its alcohol.
    pub alcohol: Alcohol,
    /// Whether it is sold out.
    pub sold_out: bool,
    /// When it is back; absent: until further notice.
    pub sold_out_until: Option<DateTime<Utc>>,
}

/// What is known of one substance in an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Declaration {
    /// The substance's code, as in the legend.
    #[schema(value_type = String, example = "sulphites")]
    pub substance: Code,
    /// Whether it is in there.
    pub state: Presence,
}

/// An item that belongs to another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Part {
    /// The item.
    pub id: Uuid,
    /// Its stable name for addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The language of the name where it is not that of the card.
    pub name_lang: Option<String>,
    /// Parts with the same number are alternatives.
    pub choice: Option<i16>,
    /// Its own price in cents; absent for what the bundle's price covers.
    pub price_cents: Option<i64>,
    /// The diets it suits.
    pub diets: Vec<Diet>,
    /// What is declared.
    pub declarations: Vec<Declaration>,
    /// Whether it is sold out.
    pub sold_out: bool,
}

/// What only a wine has.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Wine {
    /// Its colour.
    pub color: Color,
    /// Its class.
    pub category: Category,
    /// Who made it.
    pub producer: Option<String>,
    /// The year of the harvest.
    pub vintage: Option<i16>,
    /// Its grapes.
    pub grapes: Vec<Grape>,
    /// Where it grew (ISO 3166-1).
    pub country: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The protected origin as on the label.
    pub appellation: Option<String>,
    /// The ageing term or Prädikat.
    pub quality: Option<String>,
    /// How sweet it is (EU 2019/33).
    pub sweetness: Option<Sweetness>,
    /// Body, 1 to 5.
    pub body: Option<i16>,
    /// Acidity, 1 to 5.
    pub acidity: Option<i16>,
    /// Tannin, 1 to 5.
    pub tannin: Option<i16>,
    /// A few style words, separated by commas.
    pub characteristics: Option<String>,
    /// How warm to serve it, in degrees Celsius.
    pub serving_temperature_c: Option<i16>,
}

/// A picture of an item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Picture {
    /// The picture.
    pub id: Uuid,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// Its width in pixels.
    pub width: i32,
    /// Its height in pixels.
    pub height: i32,
    /// Its main colour, `#rrggbb`.
    pub color: String,
    /// What must not be cut off: how far from the left, in per cent.
    pub focal_x: i16,
    /// What must not be cut off: how far from the top, in per cent.
    pub focal_y: i16,
    /// Where it is, as a JPEG of middle size.
    pub src: String,
    /// Where it is in each width, the smallest first.
    pub sources: Vec<Source>,
}

/// A picture in one width.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Source {
    /// Its width in pixels.
    pub width: u32,
    /// Where it is as WebP.
    pub webp: String,
    /// Where it is as JPEG.
    pub jpeg: String,
}

/// A line of the legend.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Substance {
    /// Its stable code.
    #[schema(value_type = String, example = "gluten_wheat")]
    pub code: Code,
    /// Which list it is on.
    pub kind: SubstanceKind,
    /// The group it belongs to.
    #[schema(value_type = Option<String>, example = "gluten")]
    pub group: Option<Code>,
    /// The short sign on the card.
    #[schema(example = "a1")]
    pub mark: Option<&'static str>,
    /// The word for guests.
    pub name: &'static str,
}

/// Which law asks for a substance to be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubstanceKind {
    /// An allergen (EU 1169/2011, Annex II).
    Allergen,
    /// An additive (LMZDV).
    Additive,
    /// No law, but people ask.
    Ingredient,
}

/// An announcement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Notification {
    /// The announcement.
    pub id: Uuid,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub message: String,
    /// How it sounds.
    pub tone: Tone,
    /// Where it stands.
    pub pages: Vec<Page>,
    /// The highest comes first.
    pub priority: i32,
    /// Until when it stands.
    pub until: Option<DateTime<Utc>>,
    /// The fields that are still German.
    pub untranslated: Vec<&'static str>,
    /// The old system's id, for the old addresses.
    #[serde(skip)]
    pub legacy_id: Option<String>,
    /// When it was made.
    #[serde(skip)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
}

/// The bar.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct House {
    /// Which copy of the bar's facts this shows.
    #[serde(skip)]
    pub revision: i64,
    /// Its name.
    pub name: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// A few sentences of welcome.
    pub introduction: Option<String>,
    /// The fields that are still German.
    pub untranslated: Vec<&'static str>,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub locality: String,
    /// Country (ISO 3166-1).
    pub country: String,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// The IANA name of its time zone.
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    /// When it is open.
    pub opening_hours: Vec<OpeningHours>,
    /// Whether it is open now; absent where there are no hours.
    pub open: Option<Open>,
}

/// Whether the bar is open at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Open {
    /// Whether the door is open.
    pub now: bool,
    /// When it closes, on the bar's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "01:00")]
    pub until: Option<String>,
    /// When it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opens>,
}

/// When the door opens next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Opens {
    /// ISO weekday.
    pub day: u32,
    /// On the bar's clock.
    #[schema(example = "17:00")]
    pub at: String,
    /// Whether that is today.
    pub today: bool,
}

impl Card {
    /// The items of a kind, in the order of the card.
    pub fn items(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.sections(kind.menu()).iter().flat_map(|section| &section.items)
    }

    /// The sections of a menu.
    pub fn sections(&self, menu: MenuName) -> &[Section] {
        self.menus.iter().find(|one| one.menu == menu).map_or(&[], |menu| &menu.sections)
    }
}

impl Item {
    /// The servings that can be ordered now.
    pub fn available(&self) -> impl Iterator<Item = &Serving> {
        self.servings.iter().filter(|serving| !serving.sold_out)
    }
}
