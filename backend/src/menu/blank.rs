//! What stands on the menu's paper before anybody has written on it: an item, and what only a wine has.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::item::{Alcohol, Item, Kind, Role};
use super::text::Text;
use super::wine::{Category, Color, Facts, Grapes};

impl Item {
    /// An item that has nothing yet but its kind and its number.
    pub fn blank(id: Uuid, kind: Kind, number: i32, at: DateTime<Utc>) -> Self {
        Self {
            id,
            legacy_id: None,
            kind,
            role: Role::default(),
            number,
            section: None,
            position: 0,
            slug: String::new(),
            name: Text::default(),
            name_lang: None,
            description: Text::default(),
            story: Text::default(),
            note: Text::default(),
            new: false,
            visible: true,
            vegetarian: false,
            vegan: false,
            keto: false,
            alcohol: if kind == Kind::Wine { Alcohol::Fermented } else { Alcohol::None },
            servings: Vec::new(),
            declarations: BTreeMap::new(),
            parts: Vec::new(),
            picture: None,
            wine: None,
            revision: 1,
            created_at: at,
            updated_at: at,
        }
    }
}

impl Facts {
    /// A wine of which nothing is known but its colour.
    pub fn of(color: Color) -> Self {
        Self {
            color,
            category: Category::default(),
            producer: None,
            vintage: None,
            grapes: Grapes::default(),
            country: None,
            region: None,
            appellation: None,
            quality: None,
            sweetness: None,
            body: None,
            acidity: None,
            tannin: None,
            characteristics: Text::default(),
            serving_temperature_c: None,
        }
    }
}
