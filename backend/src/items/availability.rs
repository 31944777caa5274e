//! Whether something is sold out, and when it comes back by itself.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::change::Change;
use crate::clock;
use crate::error::Error;
use crate::fault::none;
use crate::house;
use crate::menu::item::Item;
use crate::menu::serving::{Serving, SoldOut};
use crate::rules::Faults;

/// Whether something can be had.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sold_out": true, "until": "next_opening"}))]
pub struct Availability {
    /// Whether it is sold out.
    pub sold_out: bool,
    /// When it is back by itself: `next_opening`, a moment, or null: until further notice.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub until: Option<Until>,
}

/// When what is sold out comes back.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Until {
    /// When the bar opens next.
    Named(Named),
    /// At this moment.
    At(DateTime<Utc>),
}

/// A moment with a name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// When the door opens next; in an evening that runs, that is the next one.
    NextOpening,
}

/// What is decided for this moment.
#[derive(Clone, Copy, Debug)]
pub struct Decided {
    now: DateTime<Utc>,
    sold_out: Option<SoldOut>,
}

impl Availability {
    /// What that means now, by the bar's hours.
    pub async fn decide(self, change: &Change) -> Result<Decided, Error> {
        let Self { sold_out, until } = self;
        let now = change.at();
        let mut faults = Faults::default();
        faults.unless(sold_out || until.is_none(), "/until", "only_for_sold_out");
        let until = match until {
            Some(Until::Named(Named::NextOpening)) => {
                let house = house::store::find(change.db()).await?;
                let opening = house.and_then(|house| {
                    let zone = house.time_zone.parse().ok()?;
                    house.opening_hours.next_opening(zone, now)
                });
                if opening.is_none() {
                    faults.add("/until", "no_opening_hours", none());
                }
                opening
            }
            Some(Until::At(moment)) => {
                let moment = clock::storable(moment);
                faults.unless(moment > now, "/until", "in_the_past");
                faults.moment("/until", Some(moment));
                Some(moment)
            }
            None => None,
        };
        faults.finish()?;
        Ok(Decided { now, sold_out: sold_out.then_some(SoldOut { since: now, until }) })
    }
}

impl Decided {
    /// The item with this for some of its servings, or for all where none is named.
    pub fn of(self, item: &Item, servings: &[Uuid]) -> Item {
        let mut after = item.clone();
        let meant = |serving: &&mut Serving| servings.is_empty() || servings.contains(&serving.id);
        for serving in after.servings.iter_mut().filter(meant) {
            // What is out already has been out since then, whoever says so again.
            let still = serving.sold_out.filter(|out| out.until.is_none_or(|until| self.now < until));
            let since = |out: SoldOut| still.map_or(out.since, |still| still.since);
            serving.sold_out = self.sold_out.map(|out| SoldOut { since: since(out), ..out });
        }
        after
    }
}
