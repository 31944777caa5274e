//! What an import changes in a thing, field by field, in words for the report.

use std::collections::BTreeMap;
use std::fmt::Display;

use chrono::{DateTime, Utc};

use super::measure;
use super::price;
use super::record::short;
use crate::menu::item::{Item, Presence};
use crate::menu::serving::{Serving, Unit};
use crate::menu::substance::Substance;
use crate::menu::text::Text;
use crate::menu::wine::{Facts, Grapes};
use crate::notifications::notification::Notification;

/// One field that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// What it was; empty if it was nothing.
    pub old: String,
    /// What it becomes; empty if nothing.
    pub new: String,
}

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn add(&mut self, field: impl Into<String>, old: impl Display, new: impl Display) {
        let (old, new) = (old.to_string(), new.to_string());
        if old != new {
            self.0.push(Difference { field: field.into(), old: short(&old), new: short(&new) });
        }
    }

    fn text(&mut self, field: &str, old: &Text, new: &Text) {
        if old != new {
            self.0.push(Difference { field: field.to_owned(), old: short(&old.de), new: short(&new.de) });
        }
    }

    fn option<T: Display>(&mut self, field: &str, old: Option<&T>, new: Option<&T>) {
        let shown = |value: Option<&T>| value.map(ToString::to_string).unwrap_or_default();
        self.add(field, shown(old), shown(new));
    }
}

/// What changes in an item.
pub fn of_items(before: &Item, after: &Item) -> Vec<Difference> {
    let mut found = Differences::default();
    found.option("old id", before.legacy_id.as_ref(), after.legacy_id.as_ref());
    found.text("name", &before.name, &after.name);
    found.text("description", &before.description, &after.description);
    found.text("story", &before.story, &after.story);
    found.add("new", before.new, after.new);
    found.add("vegetarian", before.vegetarian, after.vegetarian);
    found.add("vegan", before.vegan, after.vegan);
    found.add("keto", before.keto, after.keto);
    found.add("alcohol", word(before.alcohol), word(after.alcohol));
    found.add("substances", substances(&before.declarations), substances(&after.declarations));
    if let (Some(before), Some(after)) = (&before.wine, &after.wine) {
        of_facts(&mut found, before, after);
    }
    of_servings(&mut found, &before.servings, &after.servings);
    found.0
}

/// What changes in an announcement.
pub fn of_notifications(before: &Notification, after: &Notification) -> Vec<Difference> {
    let mut found = Differences::default();
    found.option("old id", before.legacy_id.as_ref(), after.legacy_id.as_ref());
    found.text("title", &before.title, &after.title);
    found.text("message", &before.message, &after.message);
    found.add("tone", word(before.tone), word(after.tone));
    let pages = |one: &Notification| one.pages.0.iter().map(word).collect::<Vec<_>>().join(", ");
    found.add("pages", pages(before), pages(after));
    found.add("priority", before.priority, after.priority);
    found.add("active", before.active, after.active);
    found.option("ends", before.ends_at.map(minute).as_ref(), after.ends_at.map(minute).as_ref());
    found.0
}

fn of_facts(found: &mut Differences, before: &Facts, after: &Facts) {
    found.add("colour", word(before.color), word(after.color));
    found.add("grapes", grapes(&before.grapes), grapes(&after.grapes));
    found.option("vintage", before.vintage.as_ref(), after.vintage.as_ref());
    found.option("country", before.country.as_ref(), after.country.as_ref());
    found.option("region", before.region.as_ref(), after.region.as_ref());
    found.option("appellation", before.appellation.as_ref(), after.appellation.as_ref());
    found.option("sweetness", before.sweetness.map(word).as_ref(), after.sweetness.map(word).as_ref());
    found.text("characteristics", &before.characteristics, &after.characteristics);
}

fn of_servings(found: &mut Differences, before: &[Serving], after: &[Serving]) {
    for old in before {
        match after.iter().find(|new| new.id == old.id) {
            Some(new) => {
                found.add("size", size(old), size(new));
                found.add(
                    format!("price {}", size(new)),
                    price::spelled(old.price_cents),
                    price::spelled(new.price_cents),
                );
                found.add(format!("sold out {}", size(new)), sold_out(old), sold_out(new));
            }
            None => found.add(size(old), price::spelled(old.price_cents), ""),
        }
    }
    for new in after.iter().filter(|new| before.iter().all(|old| old.id != new.id)) {
        found.add(size(new), "", price::spelled(new.price_cents));
    }
}

/// The enum's word in the API, so that report and API speak alike.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn size(serving: &Serving) -> String {
    let unit: Unit = serving.unit;
    serving.volume_ml.map_or_else(|| word(unit), |volume_ml| format!("{} {}", word(unit), measure::spelled(volume_ml)))
}

fn sold_out(serving: &Serving) -> String {
    match serving.sold_out {
        None => "no".to_owned(),
        Some(out) => {
            out.until.map_or_else(|| "until further notice".to_owned(), |until| format!("until {}", minute(until)))
        }
    }
}

fn grapes(grapes: &Grapes) -> String {
    let grape = |percent: Option<u8>, variety: &str| {
        percent.map_or_else(|| variety.to_owned(), |percent| format!("{percent} % {variety}"))
    };
    grapes.0.iter().map(|one| grape(one.percent, &one.variety)).collect::<Vec<_>>().join(", ")
}

/// What is in it; that something is declared free is no news an import brings.
fn substances(declarations: &BTreeMap<Substance, Presence>) -> String {
    let named = declarations.iter().filter_map(|(substance, presence)| match presence {
        Presence::Contains => Some(substance.code().to_owned()),
        Presence::Traces => Some(format!("traces of {}", substance.code())),
        Presence::Free => None,
    });
    named.collect::<Vec<_>>().join(", ")
}
