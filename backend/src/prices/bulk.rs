//! A list or a rule becomes lines, and the lines one change: all of them or none.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::pricing::{NewPrice, Pricing, Wanted};
use super::row::{PriceOutcome, PriceRow, Repriced};
use super::rule::Reckoning;
use super::selection::{Chosen, Selection};
use crate::change::Change;
use crate::error::Error;
use crate::fault::{Fault, none};
use crate::menu;
use crate::menu::item::Item;
use crate::menu::serving::MAX_CENTS;
use crate::reply::Reply;
use crate::rules::Faults;

/// The rule that a price of a list breaks when somebody has changed it meanwhile.
const STALE: &str = "changed_meanwhile";
/// As many faults as anybody reads; trying it tells them all.
const FAULTS: usize = 20;

/// Says what would become of each price, and writes nothing.
pub async fn try_out(db: &impl ConnectionTrait, pricing: Pricing) -> Result<Reply, Error> {
    let wanted = pricing.wanted()?;
    let rows = rows(&menu_in_order(db).await?, wanted)?;
    Ok(Reply::done(&Repriced::of(rows, true)))
}

/// Writes the new prices.
pub async fn run(change: &Change, pricing: Pricing) -> Result<Reply, Error> {
    let wanted = pricing.wanted()?;
    let menu = menu_in_order(change.db()).await?;
    let rows = rows(&menu, wanted)?;
    refuse(&rows)?;
    menu::store::update_servings(change, pairs(menu, &rows)).await?;
    Ok(Reply::done(&Repriced::of(rows, false)))
}

/// All items, in the order in which the card shows their sections.
async fn menu_in_order(db: &impl ConnectionTrait) -> Result<Vec<Item>, DbErr> {
    let sections = menu::sections::list(db).await?;
    let places: HashMap<Uuid, usize> =
        sections.iter().enumerate().map(|(place, section)| (section.id, place)).collect();
    let mut items = menu::store::list(db).await?;
    items.sort_by_key(|item| {
        let section = item.section.and_then(|id| places.get(&id).copied());
        (item.kind, section.unwrap_or(usize::MAX), item.position, item.number)
    });
    Ok(items)
}

fn rows(menu: &[Item], wanted: Wanted) -> Result<Vec<PriceRow>, Error> {
    match wanted {
        Wanted::Prices(prices) => listed(menu, &prices),
        Wanted::Ruled(reckoning, selection) => ruled(menu, reckoning, &selection),
    }
}

/// The lines of a list. A serving that is not there has none.
fn listed(menu: &[Item], prices: &[NewPrice]) -> Result<Vec<PriceRow>, Error> {
    let servings: HashMap<Uuid, Chosen> =
        menu.iter().flat_map(|item| item.servings.iter().map(move |serving| (serving.id, (item, serving)))).collect();
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(prices.len());
    for (place, price) in prices.iter().enumerate() {
        let pointer = format!("/prices/{place}/serving");
        faults.unless(seen.insert(price.serving), &pointer, "given_twice");
        match servings.get(&price.serving) {
            Some(chosen) => rows.push(PriceRow::new(*chosen, price.over(place, chosen.1.price_cents))),
            None => faults.add(&pointer, "unknown", none()),
        }
    }
    faults.finish().map(|()| rows)
}

impl NewPrice {
    /// The price, if it is one and is given for the price that holds.
    fn over(self, place: usize, current: i64) -> Result<i64, Fault> {
        let Self { serving: _, price_cents, before_cents } = self;
        if !(1..=MAX_CENTS).contains(&price_cents) {
            let pointer = format!("/prices/{place}/price_cents");
            return Err(Fault::new(pointer, "out_of_range", json!({"min": 1, "max": MAX_CENTS})));
        }
        if before_cents.is_some_and(|before| before != current) {
            return Err(Fault::new(format!("/prices/{place}/before_cents"), STALE, none()));
        }
        Ok(price_cents)
    }
}

/// The lines of a rule.
fn ruled(menu: &[Item], reckoning: Reckoning, selection: &Selection) -> Result<Vec<PriceRow>, Error> {
    let row = |chosen: Chosen| {
        let (item, serving) = chosen;
        let params = json!({"serving": serving.id, "item": item.name.de, "min": 1, "max": MAX_CENTS});
        let after = reckoning.after(serving.price_cents);
        PriceRow::new(chosen, after.ok_or_else(|| Fault::new("/rule", "price_out_of_range", params)))
    };
    Ok(selection.choose(menu)?.into_iter().map(row).collect())
}

/// Refuses everything where one line is refused: what is wrong before what is late, which comes with what it costs now.
fn refuse(rows: &[PriceRow]) -> Result<(), Error> {
    let faults = rows.iter().filter_map(|row| row.fault.clone());
    let (late, wrong): (Vec<Fault>, Vec<Fault>) = faults.partition(|fault| fault.code == STALE);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong.into_iter().take(FAULTS).collect()));
    }
    if late.is_empty() {
        return Ok(());
    }
    let late: Vec<&PriceRow> = rows.iter().filter(|row| row.fault.is_some()).collect();
    Err(Error::Stale(Box::new(json!({ "rows": late }))))
}

/// Each item with a new price, before and after.
fn pairs(menu: Vec<Item>, rows: &[PriceRow]) -> Vec<(Item, Item)> {
    let changed = rows.iter().filter(|row| row.outcome == PriceOutcome::Changed);
    let prices: HashMap<Uuid, i64> = changed.map(|row| (row.serving, row.after_cents)).collect();
    let pair = |before: Item| {
        let mut after = before.clone();
        for serving in &mut after.servings {
            serving.price_cents = *prices.get(&serving.id).unwrap_or(&serving.price_cents);
        }
        (before, after)
    };
    let has_changed = |item: &Item| item.servings.iter().any(|serving| prices.contains_key(&serving.id));
    menu.into_iter().filter(has_changed).map(pair).collect()
}
