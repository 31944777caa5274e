//! The published copy: all that guests may see, as facts with their times, read from the database in one go.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{self, Db};
use crate::house::house::House;
use crate::media::picture::Picture;
use crate::menu::item::{Item, Presence, Relation};
use crate::menu::section::Section;
use crate::menu::substance::Substance;
use crate::notifications::notification::Notification;
use crate::{house, media, menu, notifications, revision};

/// The shape of the file on disk; a file of another shape is not read.
const FORMAT: u32 = 2;

/// All that guests may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The shape of this document.
    format: u32,
    /// The database that it comes from.
    pub source: String,
    /// The number of this card.
    pub revision: i64,
    /// Since when it has been current.
    pub changed_at: DateTime<Utc>,
    /// The bar; none before it has been set up.
    pub house: Option<House>,
    /// What is announced, now or later.
    pub notifications: Vec<Notification>,
    /// The headings.
    pub sections: Vec<Section>,
    /// What is on the menu and visible.
    pub items: Vec<Item>,
    /// The pictures that they show.
    pub pictures: Vec<Picture>,
}

impl Published {
    /// Reads the card from the database, at one moment: a change in between is seen whole or not at all.
    pub async fn load(db: &Db, source: String) -> Result<Self, DbErr> {
        let moment = db::snapshot(db).await?;
        let current = revision::current(&moment).await?;
        let items = publish(menu::store::list(&moment).await?);
        let mut pictures = media::store::list(&moment).await?;
        pictures.retain(|picture| items.iter().any(|item| item.picture == Some(picture.id)));
        let mut notifications = notifications::store::list(&moment).await?;
        notifications.retain(|notification| notification.active);
        let published = Self {
            format: FORMAT,
            source,
            revision: current.revision,
            changed_at: current.changed_at,
            house: house::store::find(&moment).await?,
            notifications,
            sections: menu::sections::list(&moment).await?,
            items,
            pictures,
        };
        moment.rollback().await?;
        Ok(published)
    }

    /// Reads the copy that was kept on disk.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let published: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if published.format == FORMAT { Ok(published) } else { Err(format!("format {}", published.format)) }
    }

    /// The bar's time zone.
    pub fn zone(&self) -> Tz {
        self.house.as_ref().and_then(|house| house.time_zone.parse().ok()).unwrap_or(Tz::Europe__Berlin)
    }

    /// The moments at which this card looks different without anybody changing it.
    fn turns(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let announced =
            self.notifications.iter().flat_map(|notification| [notification.starts_at, notification.ends_at]);
        let back =
            self.items.iter().flat_map(|item| &item.servings).map(|serving| serving.sold_out.and_then(|out| out.until));
        announced.chain(back).flatten()
    }

    /// The last such moment up to `now`, or since when the card is current.
    pub fn last_turn(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let door = self.house.as_ref().and_then(|house| house.opening_hours.last_turn(self.zone(), now));
        self.turns().chain(door).filter(|turn| *turn <= now).fold(self.changed_at, DateTime::max)
    }

    /// The next such moment after `now`.
    pub fn next_turn(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let session = self.house.as_ref().and_then(|house| house.opening_hours.session(self.zone(), now));
        let door = session.map(|session| if session.opens > now { session.opens } else { session.closes });
        // The words for "opens today" change at midnight on the bar's clock.
        let midnight = self.house.as_ref().and_then(|house| {
            let zone: Tz = house.time_zone.parse().ok()?;
            let tomorrow = now.with_timezone(&zone).date_naive().succ_opt()?.and_hms_opt(0, 0, 0)?;
            tomorrow.and_local_timezone(zone).earliest().map(|instant| instant.with_timezone(&Utc))
        });
        self.turns().filter(|turn| *turn > now).chain(door).chain(midnight).min()
    }
}

/// What guests may see of the items: the visible ones. A bundle takes over what its parts contain, hidden ones too:
/// whoever orders it may still get them.
fn publish(items: Vec<Item>) -> Vec<Item> {
    let all: HashMap<Uuid, Item> = items.iter().map(|item| (item.id, item.clone())).collect();
    let visible = items.into_iter().filter(|item| item.visible).map(|mut item| {
        let components = item.parts.iter().filter(|part| part.relation == Relation::Component);
        let parts: Vec<&Item> = components.filter_map(|part| all.get(&part.item)).collect();
        if !parts.is_empty() {
            item.declarations = united(&item.declarations, &parts);
            let strongest = parts.iter().map(|part| part.alcohol).max_by_key(|alcohol| alcohol.min_age());
            item.alcohol =
                strongest.into_iter().chain([item.alcohol]).max_by_key(|alcohol| alcohol.min_age()).unwrap_or_default();
        }
        item.parts.retain(|part| all.get(&part.item).is_some_and(|part| part.visible));
        item
    });
    visible.collect()
}

/// A bundle's own declarations with those of its parts: what one contains the bundle contains; free is only what every
/// part is free of.
fn united(own: &BTreeMap<Substance, Presence>, parts: &[&Item]) -> BTreeMap<Substance, Presence> {
    let together = |substance: Substance| {
        let each: Vec<_> = parts.iter().map(|part| part.declarations.get(&substance).copied()).collect();
        let said = |presence| own.get(&substance) == Some(&presence) || each.contains(&Some(presence));
        if said(Presence::Contains) {
            Some(Presence::Contains)
        } else if said(Presence::Traces) {
            Some(Presence::Traces)
        } else {
            each.iter().all(|presence| *presence == Some(Presence::Free)).then_some(Presence::Free)
        }
    };
    Substance::all().filter_map(|substance| Some((substance, together(substance)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::Published;

    #[test]
    fn a_document_of_another_shape_is_no_card() {
        for text in ["", "{", "[]", "{}", r#"{"format": 1}"#] {
            assert!(Published::from_json(text.as_bytes()).is_err(), "{text}");
        }
    }
}
