//! What the old system's answers looked like.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::card::document::{Diet, Item, Notification, Section, Wine};
use crate::exchange::codes;
use crate::menu::item::{Alcohol, Presence};
use crate::menu::serving::Unit;
use crate::menu::wine::Color;
use crate::notifications::notification::{Page, Tone};
use crate::users::user::{Profile, Role};

/// A wine as the old system showed it.
#[derive(Debug, Serialize)]
pub struct OldWine<'a> {
    id: &'a str,
    name: &'a str,
    color: &'static str,
    grape: String,
    origin: String,
    short_description: Option<&'a str>,
    long_description: Option<&'a str>,
    image: Option<&'a str>,
    characteristics: Option<&'a str>,
    available: bool,
    price_bottle: Option<String>,
    price_glass_01: Option<String>,
    price_glass_02: Option<String>,
}

impl<'a> OldWine<'a> {
    /// The old shape of what is on the card.
    pub fn new(item: &'a Item) -> Self {
        let wine = item.wine.as_ref();
        let price = |unit: Unit, volume_ml: Option<i32>| {
            let sold = |volume: Option<i32>| volume_ml.is_none() || volume == volume_ml;
            let serving = item.servings.iter().find(|serving| serving.unit == unit && sold(serving.volume_ml));
            serving.map(|serving| decimal(serving.price_cents))
        };
        Self {
            id: old_wine_id(item),
            name: &item.name,
            color: wine.map_or("white", |wine| old_color(wine.color)),
            grape: wine.map(grapes).unwrap_or_default(),
            origin: wine.map(origin).unwrap_or_default(),
            short_description: item.description.as_deref(),
            long_description: item.story.as_deref(),
            image: None,
            characteristics: wine.and_then(|wine| wine.characteristics.as_deref()),
            available: !item.sold_out,
            price_bottle: price(Unit::Bottle, None),
            price_glass_01: price(Unit::Glass, Some(100)),
            price_glass_02: price(Unit::Glass, Some(200)),
        }
    }
}

/// A drink as the old system showed it: with one price, that of its first serving.
#[derive(Debug, Serialize)]
pub struct OldDrink<'a> {
    id: i32,
    name: &'a str,
    category: &'a str,
    price: String,
    volume: Option<String>,
    alcoholic: bool,
    allergens: Vec<u16>,
    neu: bool,
    available: bool,
    description: Option<&'a str>,
    image: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldDrink<'a> {
    /// The old shape of what is on the card.
    pub fn new(section: &'a Section, item: &'a Item) -> Self {
        Self {
            id: item.number,
            name: &item.name,
            category: &section.name,
            price: first_price(item),
            volume: item.servings.first().and_then(|serving| serving.volume_ml).map(litres),
            alcoholic: item.alcohol != Alcohol::None,
            allergens: old_codes(item),
            neu: item.new,
            available: !item.sold_out,
            description: item.description.as_deref(),
            image: None,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A snack as the old system showed it.
#[derive(Debug, Serialize)]
pub struct OldSnack<'a> {
    id: i32,
    name: &'a str,
    category: &'a str,
    price: String,
    vegetarian: bool,
    vegan: bool,
    allergens: Vec<u16>,
    neu: bool,
    available: bool,
    description: Option<&'a str>,
    image: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldSnack<'a> {
    /// The old shape of what is on the card.
    pub fn new(section: &'a Section, item: &'a Item) -> Self {
        Self {
            id: item.number,
            name: &item.name,
            category: &section.name,
            price: first_price(item),
            vegetarian: item.diets.contains(&Diet::Vegetarian),
            vegan: item.diets.contains(&Diet::Vegan),
            allergens: old_codes(item),
            neu: item.new,
            available: !item.sold_out,
            description: item.description.as_deref(),
            image: None,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// An announcement as the old system showed it.
#[derive(Debug, Serialize)]
pub struct OldNotification<'a> {
    pub id: Value,
    title: &'a str,
    message: &'a str,
    #[serde(rename = "type")]
    kind: Tone,
    active: bool,
    priority: i32,
    target_page: &'static str,
    expires_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldNotification<'a> {
    /// The old shape of what is on the card.
    pub fn new(one: &'a Notification) -> Self {
        let number = one.legacy_id.as_deref().and_then(|id| id.parse::<u64>().ok());
        Self {
            id: number.map_or_else(|| json!(one.id), |number| json!(number)),
            title: &one.title,
            message: &one.message,
            kind: one.tone,
            active: true,
            priority: one.priority,
            target_page: match one.pages.as_slice() {
                [page] => old_page(*page),
                _ => "all",
            },
            expires_at: one.until,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// A person as the old system showed them.
#[derive(Debug, Serialize)]
pub struct OldUser<'a> {
    id: Uuid,
    username: &'a str,
    email: Option<&'a str>,
    full_name: Option<&'a str>,
    role: Role,
    is_active: bool,
    created_at: DateTime<Utc>,
}

impl<'a> OldUser<'a> {
    /// The old shape of a person.
    pub fn new(profile: &'a Profile) -> Self {
        Self {
            id: profile.id,
            username: &profile.username,
            email: profile.email.as_deref(),
            full_name: profile.full_name.as_deref(),
            role: profile.role,
            is_active: profile.active,
            created_at: profile.created_at,
        }
    }
}

/// The numbers of what is in there; the old card had no way to say "traces" or "free".
fn old_codes(item: &Item) -> Vec<u16> {
    let declared = item.declarations.iter().map(|one| (one.substance, one.state)).collect();
    codes::codes(&declared, Presence::Contains)
}

/// The old name of a page. The old system knew one page or all of them.
pub fn old_page(page: Page) -> &'static str {
    match page {
        Page::Home => "home",
        Page::Wines => "wine",
        Page::Drinks => "drinks",
        Page::Snacks => "snacks",
    }
}

/// The id that the old system knew, or else the wine's slug.
pub fn old_wine_id(wine: &Item) -> &str {
    wine.legacy_id.as_deref().unwrap_or(&wine.slug)
}

/// The old system knew three colours; it had its orange wine among the whites.
pub fn old_color(color: Color) -> &'static str {
    match color {
        Color::Red => "red",
        Color::White | Color::Orange => "white",
        Color::Rose => "rosé",
    }
}

fn grapes(wine: &Wine) -> String {
    let each = wine.grapes.iter().map(|grape| match grape.percent {
        Some(percent) => format!("{percent}% {}", grape.variety),
        None => grape.variety.clone(),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn origin(wine: &Wine) -> String {
    let country = wine.country.as_deref().map(|code| match code {
        "DE" => "Deutschland",
        "ES" => "Spanien",
        "FR" => "Frankreich",
        "IT" => "Italien",
        "PT" => "Portugal",
        "AT" => "Österreich",
        code => code,
    });
    let place = wine.appellation.as_deref().or(wine.region.as_deref());
    country.into_iter().chain(place).collect::<Vec<_>>().join(", ")
}

/// Cents as the old decimal text: `29.50`.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn first_price(item: &Item) -> String {
    decimal(item.servings.first().map_or(0, |serving| serving.price_cents))
}

/// Millilitres as the old card wrote them: `0,33l`, `2cl`.
fn litres(millilitres: i32) -> String {
    if millilitres < 100 && millilitres % 10 == 0 {
        return format!("{}cl", millilitres / 10);
    }
    let litres = format!("{},{:03}", millilitres / 1000, millilitres % 1000);
    format!("{}l", litres.trim_end_matches('0').trim_end_matches(','))
}
