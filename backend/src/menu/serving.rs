//! A way to buy an item: the glass, the bottle, the plate, with its measure and its price.

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::item::{Alcohol, Kind};
use super::text::Text;
use crate::rules::Faults;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoldOut {
    /// Since when it is out.
    pub since: DateTime<Utc>,
    /// When it is back by itself; without, until further notice.
    pub until: Option<DateTime<Utc>>,
}

/// A way to buy an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MenuServing)]
pub struct Serving {
    /// The serving.
    pub id: Uuid,
    /// What it comes in.
    pub unit: Unit,
    /// What tells it from its sisters.
    #[serde(default)]
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

/// No vessel and no plate on a table holds more: twenty litres, twenty kilos.
const MAX_MEASURE: i64 = 20_000;

impl Serving {
    /// The rules that it breaks as a serving of this kind of thing.
    pub fn check(&self, kind: Kind) -> Faults {
        let mut faults = Faults::default();
        faults.under("/label", self.label.check_line(60));
        faults.within("/price_cents", Some(self.price_cents), 1..=MAX_CENTS);
        faults.unless(kind != Kind::Wine || self.volume_ml.is_some(), "/volume_ml", "missing");
        faults.within("/volume_ml", self.volume_ml, 1..=MAX_MEASURE);
        faults.within("/weight_g", self.weight_g, 1..=MAX_MEASURE);
        if let Some(SoldOut { since, until }) = self.sold_out {
            faults.moment("/sold_out/until", until);
            faults.beginning_before_end(("/sold_out/since", Some(since)), ("/sold_out/until", until));
        }
        faults
    }
}
