//! Which servings a rule is for: named ones, those of named items, or those of which something holds.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pricing::MAX_PRICES;
use crate::error::Error;
use crate::menu::item::{Item, Kind};
use crate::menu::serving::{Serving, Unit};
use crate::menu::wine::Color;
use crate::rules::Faults;

/// What has to hold, all of it; without anything, every serving of the menu is meant, hidden ones too.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PriceFilter, example = json!({"color": "red", "unit": "bottle"}))]
pub struct Filter {
    /// Of this kind.
    kind: Option<Kind>,
    /// In this section.
    section: Option<Uuid>,
    /// Wines of this colour.
    color: Option<Color>,
    /// In this vessel.
    unit: Option<Unit>,
    /// Of this volume in millilitres.
    volume_ml: Option<i32>,
}

/// Which servings a rule is for.
#[derive(Clone, Debug)]
pub enum Selection {
    /// These.
    Servings(Vec<Uuid>),
    /// All of these items.
    Items(Vec<Uuid>),
    /// All of which this holds.
    Filter(Filter),
}

/// A serving with its item.
pub type Chosen<'a> = (&'a Item, &'a Serving);

impl Selection {
    /// The servings that are meant, in the order of the menu.
    pub fn choose<'a>(&self, menu: &'a [Item]) -> Result<Vec<Chosen<'a>>, Error> {
        let all = menu.iter().flat_map(|item| item.servings.iter().map(move |serving| (item, serving)));
        let mut faults = Faults::default();
        let (place, chosen): (_, Vec<Chosen>) = match self {
            Self::Servings(ids) => {
                let known = all.clone().map(|(_, serving)| serving.id).collect();
                let meant = named("/servings", ids, &known, &mut faults);
                ("/servings", all.filter(|(_, serving)| meant.contains(&serving.id)).collect())
            }
            Self::Items(ids) => {
                let known = menu.iter().map(|item| item.id).collect();
                let meant = named("/items", ids, &known, &mut faults);
                ("/items", all.filter(|(item, _)| meant.contains(&item.id)).collect())
            }
            Self::Filter(filter) => {
                let chosen: Vec<Chosen> = all.filter(|one| filter.holds(*one)).collect();
                faults.unless(!chosen.is_empty(), "/filter", "matches_nothing");
                ("/filter", chosen)
            }
        };
        faults.at_most(place, &chosen, MAX_PRICES);
        faults.finish().map(|()| chosen)
    }
}

impl Filter {
    fn holds(self, (item, serving): Chosen) -> bool {
        let Self { kind, section, color, unit, volume_ml } = self;
        kind.is_none_or(|kind| item.kind == kind)
            && section.is_none_or(|section| item.section == Some(section))
            && color.is_none_or(|color| item.wine.as_ref().is_some_and(|wine| wine.color == color))
            && unit.is_none_or(|unit| serving.unit == unit)
            && volume_ml.is_none_or(|volume| serving.volume_ml == Some(volume))
    }
}

/// The ids of a list, each of which has to be there and is there once.
fn named(place: &str, ids: &[Uuid], known: &HashSet<Uuid>, faults: &mut Faults) -> HashSet<Uuid> {
    faults.unless(!ids.is_empty(), place, "missing");
    let mut seen = HashSet::new();
    if faults.at_most(place, ids, MAX_PRICES) {
        for (number, id) in ids.iter().enumerate() {
            faults.unless(seen.insert(*id), &format!("{place}/{number}"), "given_twice");
            faults.unless(known.contains(id), &format!("{place}/{number}"), "unknown");
        }
    }
    seen
}
