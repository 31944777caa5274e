//! A wine, drink or snack as the old system knows it: every field can be missing, and what is missing changes nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::finding::{Damage, Finding};
use super::measure::{self, Measure};
use super::price::Unclear;
use super::record::{self, Record, Refused, Words, plain, short};
use super::{codes, grapes, origin};
use crate::menu::item::{Kind, Presence};
use crate::menu::serving::Unit;
use crate::menu::substance::{self, Substance};
use crate::menu::wine::{Color, Grapes};

/// What the old system knows of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its id in the old system.
    pub legacy_id: Option<String>,
    /// Its name.
    pub name: Option<Words>,
    /// Its short text.
    pub description: Option<Words>,
    /// Its long text.
    pub story: Option<Words>,
    /// The heading it stood under.
    pub category: Option<String>,
    /// Whether it could be had.
    pub available: Option<bool>,
    /// Whether it was marked as new.
    pub new: Option<bool>,
    /// No meat, no fish.
    pub vegetarian: Option<bool>,
    /// Nothing from animals.
    pub vegan: Option<bool>,
    /// Low in carbohydrates.
    pub keto: Option<bool>,
    /// Whether there is alcohol in it.
    pub alcoholic: Option<bool>,
    /// How it was sold.
    pub sold: Vec<Sold>,
    /// Whether its size stood in its name, so that its sisters are other sizes of it.
    pub sized_by_name: bool,
    /// What was declared to be in it; nothing is ever free of anything here.
    pub declared: BTreeMap<Substance, Presence>,
    /// What only a wine has.
    pub wine: Option<Wine>,
}

/// A way to buy an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sold {
    /// What it comes in, where that was said.
    pub unit: Option<Unit>,
    /// Its volume in millilitres, where that was said.
    pub volume_ml: Option<i32>,
    /// Its price in cents.
    pub price_cents: i64,
}

/// What the old system knows of a wine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wine {
    /// Its colour.
    pub color: Option<Color>,
    /// Its grapes as printed.
    pub grape: Option<Words>,
    /// Its origin as printed.
    pub origin: Option<String>,
    /// Its style words.
    pub characteristics: Option<Words>,
    /// The year of its harvest.
    pub vintage: Option<i16>,
}

impl Wine {
    /// Its grapes.
    pub fn grapes(&self) -> Option<Grapes> {
        let grapes = self.grape.as_ref().map(|grape| grapes::parse(&grape.text))?;
        (!grapes.0.is_empty()).then_some(grapes)
    }

    /// Where it grew.
    pub fn origin(&self) -> origin::Origin {
        self.origin.as_deref().map(origin::parse).unwrap_or_default()
    }
}

/// Reads a row; what it says wrongly is written down, and a row that cannot be trusted is left out.
pub fn read(kind: Kind, fields: &Map<String, Value>, findings: &mut Vec<Finding>) -> Result<Draft, Refused> {
    let mut record = Record::new(kind.into(), "name", fields, findings);
    let draft = read_fields(kind, &mut record)?;
    record.finish();
    Ok(draft)
}

fn read_fields(kind: Kind, record: &mut Record<'_>) -> Result<Draft, Refused> {
    let legacy_id = record.id();
    let mut name = record.words("name");
    strip_star(record, &mut name);
    let (sold, wine, sized_by_name) = if kind == Kind::Wine {
        let vintage = name.as_ref().and_then(|name| split_vintage(&name.text)).map(|(_, year)| year);
        (bottle_and_glass(record)?, Some(wine(record, vintage)?), false)
    } else {
        let (sold, sized_by_name) = one_price(record, &mut name)?;
        (sold, None, sized_by_name)
    };
    let (description, story) = if kind == Kind::Wine {
        (record.words("short_description"), record.words("long_description"))
    } else {
        (record.words("description"), None)
    };
    Ok(Draft {
        kind,
        legacy_id,
        name,
        description,
        story,
        category: record.word("category"),
        available: record.flag(&["available"])?,
        new: record.flag(&["neu", "new"])?,
        vegetarian: record.flag(&["vegetarian", "veggie"])?,
        vegan: record.flag(&["vegan"])?,
        keto: record.flag(&["keto"])?,
        alcoholic: record.flag(&["alcoholic"])?,
        sold,
        sized_by_name,
        declared: declared(record),
        wine,
    })
}

fn strip_star(record: &mut Record<'_>, name: &mut Option<Words>) {
    let Some(name) = name.as_mut() else { return };
    let plain = name.text.trim_start_matches('*').trim_start();
    if plain.len() < name.text.len() {
        name.text = plain.to_owned();
        record.found(Damage::Star, String::new());
    }
}

/// A year at the end of a wine's name is its vintage: the name without it, and the year.
pub fn split_vintage(name: &str) -> Option<(&str, i16)> {
    let (rest, year) = name.rsplit_once(' ')?;
    let year: i16 = year.parse().ok().filter(|year| (1900..=2100).contains(year))?;
    Some((rest.trim_end(), year))
}

fn wine(record: &mut Record<'_>, vintage: Option<i16>) -> Result<Wine, Refused> {
    let color = match record.word("color") {
        None => None,
        Some(printed) => Some(color(&printed).ok_or_else(|| record.refuse(Damage::NoColor, short(&printed)))?),
    };
    Ok(Wine {
        color,
        grape: record.words("grape"),
        origin: record.word("origin"),
        characteristics: record.words("characteristics"),
        vintage,
    })
}

fn color(printed: &str) -> Option<Color> {
    Some(match printed.to_lowercase().as_str() {
        "red" | "rot" => Color::Red,
        "white" | "weiß" => Color::White,
        "rosé" | "rose" => Color::Rose,
        "orange" => Color::Orange,
        _ => return None,
    })
}

/// The prices of a wine, in the order of the card: glasses, then the bottle.
fn bottle_and_glass(record: &mut Record<'_>) -> Result<Vec<Sold>, Refused> {
    let mut printed: Vec<(&str, &Value)> = Vec::new();
    for (column, measure) in [("price_glass_01", "0.1l"), ("price_glass_02", "0.2l"), ("price_bottle", "flasche")] {
        printed.extend(record.value(column).map(|value| (measure, value)));
    }
    match record.value("prices") {
        None => {}
        Some(Value::Object(prices)) => printed.extend(prices.iter().map(|(measure, value)| (measure.as_str(), value))),
        Some(other) => return Err(record.refuse(Damage::Price, format!("prices are {}", short(&other.to_string())))),
    }
    let mut sold = Vec::new();
    let mut not_sold = Vec::new();
    for (key, value) in printed {
        let Some(price) = record::price(value) else { continue };
        let Some((unit, volume_ml)) = wine_measure(key) else {
            return Err(record.refuse(Damage::Price, format!("\"{}\" is no measure", short(key))));
        };
        match price {
            Ok(price_cents) => sold.push(Sold { unit: Some(unit), volume_ml: Some(volume_ml), price_cents }),
            Err(Unclear::Zero) if unit == Unit::Glass => not_sold.push(measure::spelled(volume_ml)),
            Err(unclear) => return Err(record.refuse(Damage::Price, unclear_price(key, value, &unclear))),
        }
    }
    if !not_sold.is_empty() {
        let every = sold.iter().all(|sold| sold.unit != Some(Unit::Glass));
        record.found(Damage::NotByGlass, if every { String::new() } else { not_sold.join(", ") });
    }
    sold.sort_by_key(|sold| sold.volume_ml);
    Ok(sold)
}

/// A bottle of wine holds 0,75 l unless somebody says otherwise.
fn wine_measure(key: &str) -> Option<(Unit, i32)> {
    if ["flasche", "bottle"].contains(&key.to_lowercase().as_str()) {
        return Some((Unit::Bottle, 750));
    }
    let Measure { volume_ml, unit } = measure::parse(key)?;
    Some((unit.unwrap_or(if volume_ml < 375 { Unit::Glass } else { Unit::Bottle }), volume_ml))
}

/// The price of a drink or a snack, and whether its size was taken from its name.
fn one_price(record: &mut Record<'_>, name: &mut Option<Words>) -> Result<(Vec<Sold>, bool), Refused> {
    let said = record.word("volume");
    let mut size = said.as_deref().and_then(measure::parse);
    if let Some(said) = said.filter(|_| size.is_none()) {
        record.found(Damage::UnknownWord, format!("volume \"{}\"", short(&said)));
    }
    let in_name = name.as_ref().filter(|_| record.subject.kind() == Some(Kind::Drink)).and_then(|name| {
        let (rest, measure) = measure::at_end(&name.text)?;
        Some((rest.to_owned(), measure))
    });
    let mut sized_by_name = false;
    if let (Some((rest, measure)), Some(name)) = (in_name, name.as_mut()) {
        match size {
            Some(size) if size.volume_ml != measure.volume_ml => {
                let (in_name, said) = (measure::spelled(measure.volume_ml), measure::spelled(size.volume_ml));
                record.found(Damage::OtherVolume, format!("{in_name} in the name, {said} taken"));
            }
            _ => {
                size = Some(Measure { unit: measure.unit.or(size.and_then(|size| size.unit)), ..measure });
                rest.clone_into(&mut name.text);
                sized_by_name = true;
            }
        }
    }
    let Some(value) = record.value("price") else { return Ok((Vec::new(), sized_by_name)) };
    let price_cents = match record::price(value) {
        None => return Ok((Vec::new(), sized_by_name)),
        Some(Ok(cents)) => cents,
        Some(Err(unclear)) => return Err(record.refuse(Damage::Price, unclear_price("", value, &unclear))),
    };
    let sold = Sold { unit: size.and_then(|size| size.unit), volume_ml: size.map(|size| size.volume_ml), price_cents };
    Ok((vec![sold], sized_by_name))
}

fn unclear_price(measure: &str, value: &Value, unclear: &Unclear) -> String {
    let printed = plain(value).unwrap_or_else(|| value.to_string());
    format!("{measure} \"{}\" {unclear}", short(&printed)).trim_start().to_owned()
}

/// What the code numbers say. An empty list says nothing.
fn declared(record: &mut Record<'_>) -> BTreeMap<Substance, Presence> {
    let mut declared = BTreeMap::new();
    for (key, presence) in [("traceAllergens", Presence::Traces), ("allergens", Presence::Contains)] {
        for printed in numbers(record.value(key)) {
            let number = printed.parse().ok();
            let Some(substances) = number.and_then(codes::substances) else {
                record.found(Damage::UnknownCode, short(&printed));
                continue;
            };
            if number == Some(codes::NUTS) {
                record.found(Damage::NutsOrPeanuts, String::new());
            }
            // Traces of an additive are nothing anybody declares.
            let meant = substances
                .into_iter()
                .filter(|one| presence == Presence::Contains || one.kind() == substance::Kind::Allergen);
            declared.extend(meant.map(|substance| (substance, presence)));
        }
    }
    declared
}

fn numbers(value: Option<&Value>) -> Vec<String> {
    match value {
        None => Vec::new(),
        Some(Value::Array(numbers)) => {
            numbers.iter().map(|number| plain(number).unwrap_or_else(|| number.to_string())).collect()
        }
        Some(other) => {
            let printed = plain(other).unwrap_or_else(|| other.to_string());
            printed.split(',').map(|number| number.trim().to_owned()).filter(|number| !number.is_empty()).collect()
        }
    }
}
