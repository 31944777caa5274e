//! What a rule makes of a price: reckoned exactly, rounded once, and never below a cent.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::error::Error;
use crate::fault::none;
use crate::menu::serving::MAX_CENTS;
use crate::rules::Faults;

/// A cent in the unit that is reckoned in: a hundredth of a percent of a cent is a whole number of them.
const CENT: i64 = 10_000;
/// Nothing becomes cheaper than a tenth or dearer than six times by one rule: that is a slip of the finger.
const PERCENT: [i32; 2] = [-90, 500];

/// What happens to each price.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PriceRule, example = json!({"kind": "percent", "percent": 5.5}))]
pub enum Rule {
    /// It rises by so much of itself, or falls.
    Percent {
        /// From −90 to 500, with at most two decimals.
        percent: f64,
    },
    /// It rises by an amount, or falls.
    Amount {
        /// The amount in euro cents.
        cents: i64,
    },
    /// It becomes this.
    Set {
        /// The price in euro cents.
        cents: i64,
    },
}

/// Where a price that a rule makes comes to lie.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PriceRounding, example = json!({"to": "50", "direction": "nearest"}))]
pub struct Rounding {
    /// On which prices.
    pub to: Ending,
    /// On which of the two next to it.
    #[serde(default)]
    pub direction: Direction,
}

/// How prices end.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = PriceEnding)]
pub enum Ending {
    /// On whole ten cents.
    #[serde(rename = "10")]
    Tens,
    /// On whole fifty cents.
    #[serde(rename = "50")]
    Fifties,
    /// On ninety cents.
    #[serde(rename = "90")]
    Ninety,
}

/// Up or down.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PriceDirection)]
pub enum Direction {
    /// The nearer one; of two that are as near, the dearer.
    #[default]
    Nearest,
    /// The dearer one.
    Up,
    /// The cheaper one.
    Down,
}

/// A rule that holds, with its rounding.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning {
    factor: i64,
    plus: i64,
    step: i64,
    ending: i64,
    direction: Direction,
}

impl Rule {
    /// The rule ready to be used, if it holds.
    pub fn reckoning(self, rounding: Option<Rounding>) -> Result<Reckoning, Error> {
        let mut faults = Faults::default();
        let (factor, plus) = match self {
            Self::Percent { percent } => (CENT + hundredths(percent, &mut faults), 0),
            Self::Amount { cents } => {
                faults.within("/rule/cents", Some(cents), -MAX_CENTS..=MAX_CENTS);
                (CENT, cents)
            }
            Self::Set { cents } => {
                faults.within("/rule/cents", Some(cents), 1..=MAX_CENTS);
                (0, cents)
            }
        };
        faults.finish()?;
        let (step, ending) = match rounding.map(|rounding| rounding.to) {
            None => (1, 0),
            Some(Ending::Tens) => (10, 0),
            Some(Ending::Fifties) => (50, 0),
            Some(Ending::Ninety) => (100, 90),
        };
        let direction = rounding.map(|rounding| rounding.direction).unwrap_or_default();
        Ok(Reckoning { factor, plus: plus * CENT, step, ending, direction })
    }
}

impl Reckoning {
    /// What a price becomes. It is rounded once, so that no cent is lost on the way; nothing where nothing would be left of
    /// it, or more than any card asks. What is left is at least the lowest price that ends so.
    pub fn after(self, cents: i64) -> Option<i64> {
        let Self { factor, plus, step, ending, direction } = self;
        let exact = cents * factor + plus;
        if exact <= 0 {
            return None;
        }
        let (wide, above) = (step * CENT, exact - ending * CENT);
        let steps = match direction {
            Direction::Down => above.div_euclid(wide),
            Direction::Up => -(-above).div_euclid(wide),
            Direction::Nearest => (2 * above + wide).div_euclid(2 * wide),
        };
        let lowest = if ending == 0 { step } else { ending };
        let after = (steps * step + ending).max(lowest);
        (after <= MAX_CENTS).then_some(after)
    }
}

/// A percentage in hundredths of a percent, read from its shortest spelling, which is the one that was typed.
fn hundredths(percent: f64, faults: &mut Faults) -> i64 {
    let [min, max] = PERCENT;
    if !(f64::from(min)..=f64::from(max)).contains(&percent) {
        faults.add("/rule/percent", "out_of_range", json!({"min": min, "max": max}));
        return 0;
    }
    let spelled = percent.to_string();
    let (whole, decimals) = spelled.split_once('.').unwrap_or((&spelled, ""));
    let exact = if decimals.len() <= 2 { format!("{whole}{decimals:0<2}").parse().ok() } else { None };
    if exact.is_none() {
        faults.add("/rule/percent", "too_many_decimals", none());
    }
    exact.unwrap_or_default()
}

#[cfg(test)]
mod tests;
