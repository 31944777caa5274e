//! A way to buy an item: the glass, the bottle, the plate, with its measure and its price.

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::item::{Alcohol, Kind};
use super::text::Text;
use crate::error::{Fault, none};

/// What a serving comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Unit {
    /// A glass.
    Glass,
    /// A carafe.
    Carafe,
    /// The closed bottle.
    Bottle,
    /// A can.
    Can,
    /// A cup.
    Cup,
    /// A small glass of spirits.
    Shot,
    /// A plate.
    Plate,
    /// A portion.
    Portion,
    /// A piece.
    Piece,
}

/// When a serving that is sold out comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldOut {
    /// Since when it is out.
    pub since: DateTime<Utc>,
    /// When it is back by itself; without, until further notice.
    pub until: Option<DateTime<Utc>>,
}

/// A way to buy an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The serving.
    pub id: Uuid,
    /// What it comes in.
    pub unit: Unit,
    /// What tells it from its sisters.
    pub label: Text,
    /// Its volume in millilitres.
    pub volume_ml: Option<i32>,
    /// Its weight in grams.
    pub weight_g: Option<i32>,
    /// Its price in euro cents, tax and service included.
    pub price_cents: i64,
    /// Its alcohol where it differs from the item's.
    pub alcohol: Option<Alcohol>,
    /// Whether it is sold out.
    pub sold_out: Option<SoldOut>,
}

/// No price on a wine list is above ten thousand euros.
pub const MAX_CENTS: i64 = 1_000_000;

impl Serving {
    /// Names the rules that it breaks, at its `place` in the item.
    pub fn check(&self, kind: Kind, place: &str, faults: &mut Vec<Fault>) {
        if !(1..=MAX_CENTS).contains(&self.price_cents) {
            faults.push(Fault::new(
                format!("{place}/price_cents"),
                "out_of_range",
                json!({"min": 1, "max": MAX_CENTS}),
            ));
        }
        if kind == Kind::Wine && self.volume_ml.is_none() {
            faults.push(Fault::new(format!("{place}/volume_ml"), "missing", none()));
        }
        for (field, measure) in [("volume_ml", self.volume_ml), ("weight_g", self.weight_g)] {
            if measure.is_some_and(|measure| !(1..=20_000).contains(&measure)) {
                faults.push(Fault::new(format!("{place}/{field}"), "out_of_range", json!({"min": 1, "max": 20_000})));
            }
        }
    }
}
