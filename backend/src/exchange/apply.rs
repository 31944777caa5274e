//! An import, looked at or written: all of it in one change or nothing.

use chrono::{DateTime, Utc};

use super::gather::Gathered;
use super::plan::{ItemStep, NotificationStep, Plan, Standing};
use super::planner;
use crate::actor::Actor;
use crate::app::App;
use crate::change::Change;
use crate::db::Db;
use crate::error::Error;
use crate::menu::item::Item;
use crate::{menu, notifications};

/// Told how many of how many things are written.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// What the import would do to the menu that is there. Nothing is written.
pub async fn preview(db: &Db, gathered: &Gathered, at: DateTime<Utc>) -> Result<Plan, Error> {
    Ok(planner::make(&Standing::now(db, Vec::new()).await?, gathered, at))
}

/// Does what the import would do now. Refused rows are left out; of the rest, all is written or nothing.
pub async fn apply(app: &App, gathered: &Gathered, progress: Progress<'_>) -> Result<Plan, Error> {
    let import = async |change: &Change| {
        let plan = planner::make(&Standing::read(change.db(), Vec::new()).await?, gathered, change.at());
        write(change, &plan, progress).await?;
        Ok(plan)
    };
    app.change(&Actor::import(), import).await
}

/// Writes what a plan says.
pub async fn write(change: &Change, plan: &Plan, progress: Progress<'_>) -> Result<(), Error> {
    let mut made = Vec::new();
    for (menu, section) in &plan.sections {
        made.push(menu::sections::create(change, *menu, section.clone()).await?.id);
    }
    let all = plan.items.len() + plan.notifications.len();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for ItemStep { before, after, new_section } in &plan.items {
        let section = new_section.and_then(|place| made.get(place)).copied().or(after.section);
        let after = Item { section, ..after.clone() };
        match before {
            Some(before) => changed.push((before.clone(), after)),
            None => new.push(after),
        }
    }
    menu::writing::write(change, new, changed).await?;
    progress(plan.items.len(), all);
    for (done, step) in (plan.items.len()..).zip(&plan.notifications) {
        match step {
            NotificationStep::New(new) => notifications::store::create(change, *new.clone()).await?,
            NotificationStep::Known(known) => notifications::store::update(change, &known.0, known.1.clone()).await?,
        };
        progress(done + 1, all);
    }
    Ok(())
}
