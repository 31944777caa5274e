//! What was gathered, compared with what is there: each thing is known already, or new, or not to be told from another.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::adopt;
use super::announce::Announcement;
use super::draft::{Draft, split_vintage};
use super::finding::{Damage, Finding, Subject};
use super::gather::{self, Gathered};
use super::plan::{ItemStep, NotificationStep, Plan, Standing};
use super::record::short;
use crate::error::Error;
use crate::menu::fold::{fold, slug};
use crate::menu::item::{Alcohol, Item, Kind, MAX_NUMBER};
use crate::menu::section::{NewSection, Section};
use crate::menu::text::Text;
use crate::menu::wine::Color;
use crate::notifications::notification::Notification;

/// Compares what was gathered with what is there.
pub fn make(standing: &Standing, gathered: &Gathered, at: DateTime<Utc>) -> Plan {
    let mut planner = Planner::new(&standing.items, &standing.sections, at);
    planner.plan.findings.clone_from(&gathered.findings);
    for draft in &gathered.drafts {
        planner.plan_item(draft);
    }
    for announcement in &gathered.announcements {
        planner.plan_notification(announcement, &standing.notifications);
    }
    planner.plan
}

struct Planner<'a> {
    items: &'a [Item],
    sections: &'a [Section],
    at: DateTime<Utc>,
    claimed: HashSet<Uuid>,
    numbers: HashSet<(Kind, i32)>,
    positions: HashMap<SectionPlace, i32>,
    plan: Plan,
}

/// A section that is there, or one that the plan makes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum SectionPlace {
    Known(Uuid),
    New(usize),
}

impl<'a> Planner<'a> {
    fn new(items: &'a [Item], sections: &'a [Section], at: DateTime<Utc>) -> Self {
        let numbers = items.iter().map(|item| (item.kind, item.number)).collect();
        let mut positions = HashMap::new();
        for item in items {
            if let Some(section) = item.section {
                let next = positions.entry(SectionPlace::Known(section)).or_insert(0);
                *next = i32::max(*next, item.position + 1);
            }
        }
        Self { items, sections, at, claimed: HashSet::new(), numbers, positions, plan: Plan::default() }
    }

    fn plan_item(&mut self, draft: &Draft) {
        let name = gather::name(draft);
        let known = match find(self.items, draft) {
            Ok(known) => known,
            Err(note) => return self.found(Damage::SameName, draft, note),
        };
        if known.is_some_and(|item| !self.claimed.insert(item.id)) {
            return self.found(Damage::SameName, draft, format!("{name} is meant by another row too"));
        }
        let mut after = known.cloned().unwrap_or_else(|| adopt::blank(draft, self.number(draft), self.at));
        for (damage, note) in adopt::lay_over(&mut after, draft, self.at) {
            self.found(damage, draft, note);
        }
        let heading = if known.is_none() { section_of(draft).check() } else { Ok(()) };
        if let Err(broken) = after.check().and(heading) {
            return self.found(Damage::Rule, draft, broken.to_string());
        }
        let new_section = if known.is_none() { self.place(&mut after, draft) } else { None };
        self.numbers.insert((after.kind, after.number));
        self.plan.items.push(ItemStep { before: known.cloned(), after, new_section });
    }

    /// The number a drink or snack had in the old system, if it is free; else the next of its kind.
    fn number(&self, draft: &Draft) -> i32 {
        let numeric =
            draft.legacy_id.as_ref().filter(|_| draft.kind != Kind::Wine).and_then(|id| id.parse::<i32>().ok());
        let free = numeric
            .filter(|number| (1..=MAX_NUMBER).contains(number) && !self.numbers.contains(&(draft.kind, *number)));
        free.unwrap_or_else(|| {
            let of_kind = self.numbers.iter().filter(|(kind, _)| *kind == draft.kind);
            of_kind.map(|(_, number)| number + 1).max().unwrap_or(1)
        })
    }

    /// Puts a new item at the end of its section.
    fn place(&mut self, item: &mut Item, draft: &Draft) -> Option<usize> {
        let (menu, wanted) = (item.kind.menu(), section_of(draft));
        let fits = |slug: &str, name: &Text| slug == wanted.slug || fold(&name.de) == fold(&wanted.name.de);
        let known = self.sections.iter().find(|section| section.menu == menu && fits(&section.slug, &section.name));
        let mut planned = self.plan.sections.iter();
        let place = match (known, planned.position(|(of, new)| *of == menu && fits(&new.slug, &new.name))) {
            (Some(section), _) => SectionPlace::Known(section.id),
            (None, Some(place)) => SectionPlace::New(place),
            (None, None) => {
                self.plan.sections.push((menu, wanted));
                SectionPlace::New(self.plan.sections.len() - 1)
            }
        };
        let next = self.positions.entry(place).or_insert(0);
        item.position = *next;
        *next += 1;
        match place {
            SectionPlace::Known(id) => {
                item.section = Some(id);
                None
            }
            SectionPlace::New(place) => Some(place),
        }
    }

    fn plan_notification(&mut self, announcement: &Announcement, known: &[Notification]) {
        let by_id = |one: &&Notification| one.legacy_id.is_some() && one.legacy_id == announcement.legacy_id;
        let by_title = |one: &&Notification| {
            let free = one.legacy_id.is_none() || announcement.legacy_id.is_none();
            free && fold(&one.title.de) == fold(&announcement.title.text)
        };
        let before = known.iter().find(by_id).or_else(|| known.iter().find(by_title));
        let before = before.filter(|before| self.claimed.insert(before.id));
        let Some(before) = before else {
            let new = announcement.made();
            if let Err(broken) = new.clone().made(Uuid::nil(), self.at).check() {
                return self.found_in_notification(announcement, &broken);
            }
            return self.plan.notifications.push(NotificationStep::New(Box::new(new)));
        };
        let after = announcement.over(before);
        if let Err(broken) = after.check() {
            return self.found_in_notification(announcement, &broken);
        }
        self.plan.notifications.push(NotificationStep::Known(Box::new((before.clone(), after))));
    }

    fn found_in_notification(&mut self, announcement: &Announcement, broken: &Error) {
        let (name, id) = (short(&announcement.title.text), announcement.legacy_id.clone());
        let (damage, subject, note) = (Damage::Rule, Subject::Notification, broken.to_string());
        self.plan.findings.push(Finding { damage, subject, name, id, note });
    }

    fn found(&mut self, damage: Damage, draft: &Draft, note: String) {
        let (name, id) = (gather::name(draft), draft.legacy_id.clone());
        self.plan.findings.push(Finding { damage, subject: draft.kind.into(), name, id, note });
    }
}

/// The item that a draft means: by its old id, else by its name. A name that belongs to something else is told.
fn find<'a>(items: &'a [Item], draft: &Draft) -> Result<Option<&'a Item>, String> {
    let mut of_kind = items.iter().filter(|item| item.kind == draft.kind);
    let by_id = of_kind.clone().find(|item| item.legacy_id.is_some() && item.legacy_id == draft.legacy_id);
    if by_id.is_some() {
        return Ok(by_id);
    }
    let name = draft.name.as_ref().map(|name| name.text.as_str()).unwrap_or_default();
    let is_called = |item: &&Item, name: &str| item.slug == slug(name) || fold(&item.name.de) == fold(name);
    let plain = split_vintage(name).filter(|_| draft.kind == Kind::Wine).map_or(name, |(plain, _)| plain);
    let whole = of_kind.clone().find(|item| is_called(item, name));
    let Some(item) = whole.or_else(|| of_kind.find(|item| is_called(item, plain) && item.legacy_id.is_none())) else {
        return Ok(None);
    };
    if let (Some(id), Some(_)) = (&item.legacy_id, &draft.legacy_id) {
        return Err(format!("number {} here has it, with the old id {id}", item.number));
    }
    let alcoholic = item.alcohol != Alcohol::None;
    if draft.kind == Kind::Drink && draft.alcoholic.is_some_and(|said| said != alcoholic) {
        return Err(format!("number {} here has it; one has alcohol, one has none", item.number));
    }
    Ok(Some(item))
}

/// Wines stand by colour, everything else under the heading it had.
fn section_of(draft: &Draft) -> NewSection {
    let section = |slug: &str, de: &str, en: &str, es: &str| NewSection {
        slug: slug.to_owned(),
        name: Text { de: de.to_owned(), en: Some(en.to_owned()), es: Some(es.to_owned()) },
        description: Text::default(),
    };
    if let Some(color) = draft.wine.as_ref().and_then(|wine| wine.color) {
        return match color {
            Color::Red => section("rotwein", "Rotwein", "Red wine", "Vino tinto"),
            Color::White | Color::Orange => section("weisswein", "Weißwein", "White wine", "Vino blanco"),
            Color::Rose => section("rosewein", "Roséwein", "Rosé wine", "Vino rosado"),
        };
    }
    match draft.category.as_deref().filter(|category| !slug(category).is_empty()) {
        Some(category) => {
            NewSection { slug: slug(category), name: Text::german(category), description: Text::default() }
        }
        None if draft.kind == Kind::Snack => section("snacks", "Snacks", "Snacks", "Tapas"),
        None => section("getraenke", "Getränke", "Drinks", "Bebidas"),
    }
}
