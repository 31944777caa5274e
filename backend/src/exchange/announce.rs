//! An announcement as the old system knows it.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use super::finding::{Damage, Finding, Subject};
use super::record::{Record, Refused, Words, short};
use crate::menu::text::Text;
use crate::notifications::notification::{NewNotification, Notification, Page, Pages, Tone};

/// What the old system knows of an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Its id in the old system.
    pub legacy_id: Option<String>,
    /// Its heading.
    pub title: Words,
    /// What it says.
    pub message: Option<Words>,
    /// How it sounds.
    pub tone: Tone,
    /// Where it stands.
    pub pages: Vec<Page>,
    /// The highest comes first.
    pub priority: i32,
    /// Whether it is switched on.
    pub active: Option<bool>,
    /// Until when it stands.
    pub ends_at: Option<DateTime<Utc>>,
}

impl Announcement {
    /// A new one on our pages.
    pub fn made(&self) -> NewNotification {
        let german = |words: &Words| Text::german(&words.text);
        NewNotification {
            legacy_id: self.legacy_id.clone(),
            title: german(&self.title),
            message: self.message.as_ref().map(german).unwrap_or_default(),
            tone: self.tone,
            pages: self.pages.clone(),
            priority: self.priority,
            active: self.active.unwrap_or(true),
            starts_at: None,
            ends_at: self.ends_at,
        }
    }

    /// What one that is there becomes with it; a text that says the same keeps its translations.
    pub fn over(&self, standing: &Notification) -> Notification {
        let NewNotification { legacy_id, title, message, tone, pages, priority, active: _, starts_at: _, ends_at } =
            self.made();
        let text = |standing: &Text, new: Text| if standing.de == new.de { standing.clone() } else { new };
        Notification {
            legacy_id: standing.legacy_id.clone().or(legacy_id),
            title: text(&standing.title, title),
            message: text(&standing.message, message),
            tone,
            pages: Pages(pages),
            priority,
            active: self.active.unwrap_or(standing.active),
            ends_at,
            ..standing.clone()
        }
    }
}

/// Reads a row.
pub fn read(fields: &Map<String, Value>, findings: &mut Vec<Finding>) -> Result<Announcement, Refused> {
    let mut record = Record::new(Subject::Notification, "title", fields, findings);
    let legacy_id = record.id();
    let Some(title) = record.words("title") else {
        return Err(record.refuse(Damage::NoName, String::new()));
    };
    let message = record.words("message");
    let tone = tone(&mut record);
    let pages = pages(&mut record);
    let priority = record.value("priority").and_then(Value::as_i64).and_then(|priority| i32::try_from(priority).ok());
    let active = record.flag(&["active"])?;
    let ends_at = match record.word("expires_at") {
        None => None,
        Some(printed) => Some(moment(&printed).ok_or_else(|| record.refuse(Damage::Date, short(&printed)))?),
    };
    record.finish();
    Ok(Announcement { legacy_id, title, message, tone, pages, priority: priority.unwrap_or_default(), active, ends_at })
}

fn tone(record: &mut Record<'_>) -> Tone {
    match record.word("type").unwrap_or_default().to_lowercase().as_str() {
        "" | "info" => Tone::Info,
        "success" => Tone::Success,
        "warning" => Tone::Warning,
        "error" | "danger" => Tone::Error,
        other => {
            record.found(Damage::UnknownWord, format!("type \"{}\", taken as info", short(other)));
            Tone::Info
        }
    }
}

fn pages(record: &mut Record<'_>) -> Vec<Page> {
    match record.word("target_page").unwrap_or_default().to_lowercase().as_str() {
        "" | "all" => Page::ALL.to_vec(),
        "home" | "landing" => vec![Page::Home],
        "wine" | "wines" | "vinos" => vec![Page::Wines],
        "drink" | "drinks" => vec![Page::Drinks],
        "snack" | "snacks" => vec![Page::Snacks],
        other => {
            record.found(Damage::UnknownWord, format!("target_page \"{}\", taken as every page", short(other)));
            Page::ALL.to_vec()
        }
    }
}

/// The old system wrote UTC and did not say so.
fn moment(printed: &str) -> Option<DateTime<Utc>> {
    if let Ok(zoned) = DateTime::parse_from_rfc3339(printed) {
        return Some(zoned.to_utc());
    }
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    naive.iter().find_map(|shape| NaiveDateTime::parse_from_str(printed, shape).ok()).map(|moment| moment.and_utc())
}
