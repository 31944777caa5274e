//! What a change of prices does to each of them, before and after.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::selection::Chosen;
use crate::fault::Fault;
use crate::menu::item::Kind;
use crate::menu::serving::Unit;

/// What became of each price, or what would.
#[derive(Debug, Serialize, ToSchema)]
pub struct Repriced {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// One line for each serving: in the order of the menu, or in the order of the list that was sent.
    pub rows: Vec<PriceRow>,
    /// How many prices are others now.
    pub changed: usize,
    /// How many are refused; only where it was tried, for one that is refused is all that is refused.
    pub refused: usize,
    /// The sum of all prices before, in euro cents.
    pub total_before_cents: i64,
    /// The sum of all prices after, in euro cents; what is refused stays.
    pub total_after_cents: i64,
}

/// What became of one price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PriceRow {
    /// The serving.
    pub serving: Uuid,
    /// Its item.
    pub item: Uuid,
    /// The kind of the item.
    pub kind: Kind,
    /// The name of the item.
    pub name: String,
    /// What the serving comes in.
    pub unit: Unit,
    /// Its volume in millilitres.
    pub volume_ml: Option<i32>,
    /// Its weight in grams.
    pub weight_g: Option<i32>,
    /// What tells it from its sisters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it cost, in euro cents.
    pub before_cents: i64,
    /// What it costs now; what is refused stays.
    pub after_cents: i64,
    /// What happened.
    pub outcome: PriceOutcome,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// What happened to a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceOutcome {
    /// It is another now.
    Changed,
    /// It was that already.
    Unchanged,
    /// It cannot become that.
    Refused,
}

impl PriceRow {
    /// The line of a serving that is to cost something else, or cannot.
    pub fn new((item, serving): Chosen, after: Result<i64, Fault>) -> Self {
        let before_cents = serving.price_cents;
        let outcome = match &after {
            Ok(cents) if *cents == before_cents => PriceOutcome::Unchanged,
            Ok(_) => PriceOutcome::Changed,
            Err(_) => PriceOutcome::Refused,
        };
        Self {
            serving: serving.id,
            item: item.id,
            kind: item.kind,
            name: item.name.de.clone(),
            unit: serving.unit,
            volume_ml: serving.volume_ml,
            weight_g: serving.weight_g,
            label: Some(serving.label.de.clone()).filter(|label| !label.is_empty()),
            before_cents,
            after_cents: *after.as_ref().unwrap_or(&before_cents),
            outcome,
            fault: after.err(),
        }
    }
}

impl Repriced {
    /// The lines with what they come to.
    pub fn of(rows: Vec<PriceRow>, dry_run: bool) -> Self {
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        let (changed, refused) = (count(PriceOutcome::Changed), count(PriceOutcome::Refused));
        let total_before_cents = rows.iter().map(|row| row.before_cents).sum();
        let total_after_cents = rows.iter().map(|row| row.after_cents).sum();
        Self { dry_run, rows, changed, refused, total_before_cents, total_after_cents }
    }
}
