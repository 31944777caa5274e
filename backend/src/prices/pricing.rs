//! What somebody wants to be changed about prices, as it is sent.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rule::{Reckoning, Rounding, Rule};
use super::selection::{Filter, Selection};
use crate::error::Error;
use crate::rules::Faults;

/// More prices than any card has.
pub const MAX_PRICES: usize = 2000;

/// A change of many prices: each by itself, or all that are chosen by a rule.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({"prices": [{"serving": "019c0000-0000-7000-8000-000000000001", "price_cents": 750, "before_cents": 700}]}),
    json!({"rule": {"kind": "percent", "percent": 5}, "round": {"to": "50"},
        "filter": {"color": "red", "unit": "bottle"}, "dry_run": true})
))]
pub struct Pricing {
    /// The new prices, one by one. Either this or a rule.
    prices: Option<Vec<NewPrice>>,
    /// What happens to each price that is chosen.
    rule: Option<Rule>,
    /// Where those prices come to lie; without, on whole cents.
    round: Option<Rounding>,
    /// The rule is for these servings. Exactly one of `servings`, `items` and `filter` chooses.
    servings: Option<Vec<Uuid>>,
    /// The rule is for all servings of these items.
    items: Option<Vec<Uuid>>,
    /// The rule is for all servings of which this holds.
    filter: Option<Filter>,
    /// Whether it is only tried: nothing is written, and what would be refused is told line by line.
    #[serde(default)]
    pub dry_run: bool,
}

/// A price by itself.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// The serving.
    pub serving: Uuid,
    /// What it is to cost, in euro cents.
    pub price_cents: i64,
    /// What it cost when it was read; where that is no longer true, nothing is changed.
    pub before_cents: Option<i64>,
}

/// What is wanted, in a shape that makes sense.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// These prices.
    Prices(Vec<NewPrice>),
    /// What a rule makes of these.
    Ruled(Reckoning, Selection),
}

impl Pricing {
    /// What is wanted, if that can be told.
    pub fn wanted(self) -> Result<Wanted, Error> {
        let Self { prices, rule, round, servings, items, filter, dry_run: _ } = self;
        let mut faults = Faults::default();
        let chosen = [servings.map(Selection::Servings), items.map(Selection::Items), filter.map(Selection::Filter)];
        let mut chosen = chosen.into_iter().flatten();
        let (selection, second) = (chosen.next(), chosen.next());
        match (prices, rule) {
            (Some(prices), None) => {
                faults.unless(selection.is_none() && round.is_none(), "/prices", "not_with_a_rule");
                faults.unless(!prices.is_empty(), "/prices", "missing");
                faults.at_most("/prices", &prices, MAX_PRICES);
                faults.finish().map(|()| Wanted::Prices(prices))
            }
            (None, Some(rule)) => {
                let (Some(selection), None) = (selection, second) else {
                    return Err(exactly_one(&["servings", "items", "filter"]));
                };
                Ok(Wanted::Ruled(rule.reckoning(round)?, selection))
            }
            _ => Err(exactly_one(&["prices", "rule"])),
        }
    }
}

fn exactly_one(of: &[&str]) -> Error {
    Error::invalid("", "exactly_one", json!({ "of": of }))
}
