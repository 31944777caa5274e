//! An item laid out for cells, and an item made of them again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cell::{Misread, Price, Substances};
use crate::menu::fold::{fold, slug};
use crate::menu::item::{Alcohol, Item, Kind, Presence};
use crate::menu::section::{Menu, Section};
use crate::menu::serving::{Serving, Unit};
use crate::menu::text::Text;
use crate::menu::wine::{Color, Facts};

/// An item laid out for cells: what is one thing there and several cells here, or may be missing, stands beside it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whatever is the same on both sides.
    pub item: Item,
    /// Its kind, once it is known.
    pub kind: Option<Kind>,
    /// Its number.
    pub number: Option<i32>,
    /// Its alcohol, once it is known.
    pub alcohol: Option<Alcohol>,
    /// The name of its section for addresses.
    pub section: String,
    /// What is in it.
    pub contains: Substances,
    /// What may be in it in traces.
    pub traces: Substances,
    /// What is declared not to be in it.
    pub free: Substances,
    /// Its colour, if it is a wine.
    pub color: Option<Color>,
    /// What else only a wine has.
    pub facts: Facts,
}

/// A serving laid out for cells.
#[derive(Clone, Debug)]
pub struct Sold {
    /// Whatever is the same on both sides.
    pub serving: Serving,
    /// What it comes in, once it is known.
    pub unit: Option<Unit>,
    /// Its price, once it is known.
    pub price: Price,
}

impl Line {
    /// Lays an item out.
    pub fn of(item: &Item, sections: &[Section]) -> Self {
        let declared = |wanted| {
            let fits = item.declarations.iter().filter(move |(_, presence)| **presence == wanted);
            fits.map(|(substance, _)| *substance).collect()
        };
        let section = sections.iter().find(|section| Some(section.id) == item.section);
        Self {
            kind: Some(item.kind),
            number: Some(item.number),
            alcohol: Some(item.alcohol),
            section: section.map(|section| section.slug.clone()).unwrap_or_default(),
            contains: declared(Presence::Contains),
            traces: declared(Presence::Traces),
            free: declared(Presence::Free),
            color: item.wine.as_ref().map(|wine| wine.color),
            facts: item.wine.clone().unwrap_or_else(|| Facts::of(Color::Red)),
            item: item.clone(),
        }
    }

    /// A new item of which nothing is known but its kind. Of a drink somebody has to say whether there is alcohol in it.
    pub fn blank(kind: Kind, at: DateTime<Utc>) -> Self {
        let blank = Item::blank(Uuid::now_v7(), kind, 0, at);
        let alcohol = (kind != Kind::Drink).then_some(blank.alcohol);
        Self { kind: Some(kind), number: None, alcohol, ..Self::of(&blank, &[]) }
    }

    /// The item of the line; what cannot be part of one is told by its column.
    pub fn item(self, sections: &[Section], next: i32) -> Result<Item, Vec<(&'static str, Misread)>> {
        let Self { mut item, kind: _, number, alcohol, section, contains, traces, free, color, facts } = self;
        let mut wrong = Vec::new();
        item.number = number.unwrap_or(next);
        if item.slug.is_empty() {
            item.slug = slug(&item.name.de);
        }
        match alcohol {
            Some(alcohol) => item.alcohol = alcohol,
            None => wrong.push(("alcohol", Misread::plain("missing"))),
        }
        match find_section(sections, item.kind.menu(), &section) {
            Some(found) => item.section = Some(found.id),
            None if section.is_empty() => item.section = None,
            None => wrong.push(("section", Misread::plain("unknown_section"))),
        }
        item.declarations = BTreeMap::new();
        for (header, substances, presence) in [
            ("contains", contains, Presence::Contains),
            ("traces", traces, Presence::Traces),
            ("free", free, Presence::Free),
        ] {
            let twice = substances.iter().any(|one| item.declarations.insert(*one, presence).is_some());
            if twice {
                wrong.push((header, Misread::plain("contradicts_declarations")));
            }
        }
        item.wine = match (item.kind, color) {
            (Kind::Wine, Some(color)) => Some(Facts { color, ..facts }),
            (Kind::Wine, None) => {
                wrong.push(("color", Misread::plain("missing")));
                None
            }
            _ => None,
        };
        if wrong.is_empty() { Ok(item) } else { Err(wrong) }
    }
}

/// A section by its name for addresses, or by its heading.
pub fn find_section<'a>(sections: &'a [Section], menu: Menu, named: &str) -> Option<&'a Section> {
    let of_menu = || sections.iter().filter(|section| section.menu == menu);
    let by_heading = || of_menu().find(|section| fold(&section.name.de) == fold(named));
    of_menu().find(|section| section.slug == named).or_else(by_heading)
}

impl Sold {
    /// Lays a serving out.
    pub fn of(serving: &Serving) -> Self {
        Self { unit: Some(serving.unit), price: Price(Some(serving.price_cents)), serving: serving.clone() }
    }

    /// A new serving of which nothing is known.
    pub fn blank() -> Self {
        let serving = Serving {
            id: Uuid::now_v7(),
            unit: Unit::Glass,
            label: Text::default(),
            volume_ml: None,
            weight_g: None,
            price_cents: 0,
            alcohol: None,
            sold_out: None,
        };
        Self { serving, unit: None, price: Price(None) }
    }

    /// The serving of the line.
    pub fn serving(self) -> Result<Serving, Vec<(&'static str, Misread)>> {
        match (self.unit, self.price.0) {
            (Some(unit), Some(price_cents)) => Ok(Serving { unit, price_cents, ..self.serving }),
            (unit, price) => {
                let missing = [("unit", unit.is_none()), ("price", price.is_none())];
                let missing = missing.into_iter().filter(|(_, missing)| *missing);
                Err(missing.map(|(header, _)| (header, Misread::plain("missing"))).collect())
            }
        }
    }
}
