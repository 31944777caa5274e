//! Rows of several files, as one draft a thing: a later file updates what an earlier one said, and within one file nothing
//! may be said twice.

use std::collections::HashMap;

use super::announce::{self, Announcement};
use super::draft::{self, Draft, Sold};
use super::finding::{Damage, Finding, Subject};
use super::grapes;
use super::original::{Row, Source};
use super::record::short;
use crate::menu::fold::{fold, slug};
use crate::menu::item::Kind;

/// What all files together say.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The wines, drinks and snacks, in the order of the files.
    pub drafts: Vec<Draft>,
    /// The announcements.
    pub announcements: Vec<Announcement>,
    /// What was found on the way.
    pub findings: Vec<Finding>,
    ids: HashMap<(Subject, String), Place>,
    names: HashMap<(Subject, String), Place>,
}

/// A draft among its like, and the file that spoke of it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: usize,
    file: usize,
}

/// Makes drafts of the rows of all files.
pub fn gather(sources: &[Source]) -> Gathered {
    let mut gathered = Gathered::default();
    for (file, source) in sources.iter().enumerate() {
        if source.windows_1252 {
            let subject = source.rows.first().map_or(Subject::Wine, |row| row.subject);
            gathered.found(Damage::Windows1252, subject, &source.file, "");
        }
        for row in &source.rows {
            gathered.take(row, file);
        }
    }
    gathered.look_back();
    gathered.findings = told_once(gathered.findings);
    gathered
}

/// The same damage in two files is one damage, also where only one of them has ids.
fn told_once(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut told: HashMap<Finding, Vec<Option<String>>> = HashMap::new();
    findings.retain(|finding| {
        let ids = told.entry(Finding { id: None, ..finding.clone() }).or_default();
        let again = ids.iter().any(|id| id.is_none() || finding.id.is_none() || *id == finding.id);
        ids.push(finding.id.clone());
        !again
    });
    findings
}

impl Gathered {
    fn take(&mut self, row: &Row, file: usize) {
        let Some(kind) = row.subject.kind() else {
            if let Ok(announcement) = announce::read(&row.fields, &mut self.findings) {
                self.take_announcement(announcement, file);
            }
            return;
        };
        if let Ok(draft) = draft::read(kind, &row.fields, &mut self.findings) {
            self.take_draft(draft, file);
        }
    }

    fn take_announcement(&mut self, announcement: Announcement, file: usize) {
        let subject = Subject::Notification;
        let title = announcement.title.text.clone();
        let key = fold(&title);
        match self.known(subject, announcement.legacy_id.as_deref(), &key) {
            Some(place) if place.file == file => {
                let same = self.announcements.get(place.at).is_some_and(|earlier| {
                    *earlier == Announcement { legacy_id: earlier.legacy_id.clone(), ..announcement }
                });
                self.found(if same { Damage::ListedTwice } else { Damage::SameName }, subject, &title, "");
            }
            Some(Place { at, .. }) => {
                self.remember(subject, announcement.legacy_id.as_deref(), &key, Place { at, file });
                if let Some(earlier) = self.announcements.get_mut(at) {
                    let legacy_id = announcement.legacy_id.clone().or_else(|| earlier.legacy_id.take());
                    *earlier = Announcement { legacy_id, ..announcement };
                }
            }
            None => {
                let place = Place { at: self.announcements.len(), file };
                self.remember(subject, announcement.legacy_id.as_deref(), &key, place);
                self.announcements.push(announcement);
            }
        }
    }

    fn take_draft(&mut self, draft: Draft, file: usize) {
        let subject = Subject::from(draft.kind);
        let key = draft.name.as_ref().map(|name| slug(&name.text)).unwrap_or_default();
        let by_id = draft.legacy_id.as_ref().and_then(|id| self.ids.get(&(subject, id.clone()))).copied();
        let by_name = self.names.get(&(subject, key.clone())).copied();
        match (by_id, by_name) {
            (Some(place), _) if place.file == file => self.tell(Damage::SameName, &draft, "the same id"),
            (Some(place), Some(other)) if place.at != other.at => self.tell(Damage::SameName, &draft, ""),
            (Some(place), _) => self.merge(draft, Place { file, ..place }, &key),
            (None, Some(place)) => self.take_namesake(draft, place, file, &key),
            (None, None) => {
                let place = Place { at: self.drafts.len(), file };
                self.remember(subject, draft.legacy_id.as_deref(), &key, place);
                self.drafts.push(draft);
            }
        }
    }

    /// A row with the name of an earlier one: of another file it is the same thing, of this file it is too much.
    fn take_namesake(&mut self, draft: Draft, place: Place, file: usize, key: &str) {
        let Some(earlier) = self.drafts.get_mut(place.at) else { return };
        let two_ids = earlier.legacy_id.is_some() && draft.legacy_id.is_some();
        if place.file != file && !two_ids {
            if alcohol_differs(earlier, &draft) {
                return self.tell(Damage::SameName, &draft, "one with alcohol, one without");
            }
            return self.merge(draft, Place { file, ..place }, key);
        }
        if is_other_size(earlier, &draft) {
            earlier.sold.extend(&draft.sold);
            earlier.sold.sort_by_key(|sold| sold.volume_ml);
            return self.tell(Damage::SizesJoined, &draft, "");
        }
        let (damage, note) = why_not_twice(earlier, &draft);
        self.tell(damage, &draft, &note);
    }

    fn merge(&mut self, later: Draft, place: Place, key: &str) {
        self.remember(Subject::from(later.kind), later.legacy_id.as_deref(), key, place);
        let Some(draft) = self.drafts.get_mut(place.at) else { return };
        let found = draft.hear(later);
        let draft = draft.clone();
        for (damage, note) in found {
            self.tell(damage, &draft, &note);
        }
    }

    /// What can only be said once every file has spoken.
    fn look_back(&mut self) {
        let drafts = std::mem::take(&mut self.drafts);
        for draft in drafts {
            if let Some(damage) = lacks(&draft) {
                self.tell(damage, &draft, "");
                continue;
            }
            self.doubt(&draft);
            self.drafts.push(draft);
        }
        let cut = |one: &&Announcement| one.message.as_ref().is_some_and(|message| message.cut);
        let titles: Vec<String> = self.announcements.iter().filter(cut).map(|one| one.title.text.clone()).collect();
        for title in titles {
            self.found(Damage::Cut, Subject::Notification, &title, "message");
        }
    }

    fn doubt(&mut self, draft: &Draft) {
        let wine = draft.wine.clone().unwrap_or_default();
        let texts = [
            ("name", &draft.name),
            ("description", &draft.description),
            ("story", &draft.story),
            ("grape", &wine.grape),
            ("characteristics", &wine.characteristics),
        ];
        for (field, words) in texts {
            for words in words.iter().filter(|words| words.cut) {
                self.tell(Damage::Cut, draft, &format!("{field} \"{}\"", short(&words.text)));
            }
        }
        if let Some(grape) = &wine.grape {
            let text = [&draft.name, &draft.description, &draft.story].into_iter().flatten();
            let text = text.map(|words| words.text.as_str()).collect::<Vec<_>>().join(". ");
            if let Some(told) = grapes::contradicted(&grape.text, &text) {
                let note = format!("grape \"{}\", text: {}", grape.text, told.join(", "));
                self.tell(Damage::GrapeContradicts, draft, &note);
            }
        }
        if draft.kind == Kind::Drink && draft.sold.iter().any(|sold| sold.volume_ml.is_none()) {
            self.tell(Damage::NoVolume, draft, "");
        }
        if draft.kind != Kind::Wine && draft.declared.is_empty() {
            self.tell(Damage::NotDeclared, draft, "");
        }
    }

    fn known(&self, subject: Subject, id: Option<&str>, key: &str) -> Option<Place> {
        let by_id = id.and_then(|id| self.ids.get(&(subject, id.to_owned())));
        by_id.or_else(|| self.names.get(&(subject, key.to_owned()))).copied()
    }

    fn remember(&mut self, subject: Subject, id: Option<&str>, key: &str, place: Place) {
        if let Some(id) = id {
            self.ids.insert((subject, id.to_owned()), place);
        }
        if !key.is_empty() {
            self.names.insert((subject, key.to_owned()), place);
        }
    }

    fn tell(&mut self, damage: Damage, draft: &Draft, note: &str) {
        let (name, id, note) = (name(draft), draft.legacy_id.clone(), note.to_owned());
        self.findings.push(Finding { damage, subject: draft.kind.into(), name, id, note });
    }

    fn found(&mut self, damage: Damage, subject: Subject, name: &str, note: &str) {
        self.findings.push(Finding { damage, subject, name: name.to_owned(), id: None, note: note.to_owned() });
    }
}

/// How the report calls a draft.
pub fn name(draft: &Draft) -> String {
    let id = || draft.legacy_id.as_ref().map(|id| format!("id {id}"));
    draft.name.as_ref().map(|name| name.text.clone()).or_else(id).unwrap_or_else(|| "one without a name".to_owned())
}

fn alcohol_differs(one: &Draft, other: &Draft) -> bool {
    matches!((one.alcoholic, other.alcoholic), (Some(one), Some(other)) if one != other)
}

fn is_other_size(earlier: &Draft, draft: &Draft) -> bool {
    let new_size = |sold: &Sold| earlier.sold.iter().all(|known| known.volume_ml != sold.volume_ml);
    let same = Draft { legacy_id: earlier.legacy_id.clone(), sold: earlier.sold.clone(), ..draft.clone() };
    draft.sized_by_name && draft.sold.iter().all(new_size) && *earlier == same
}

/// Why two rows of one file cannot both be there.
fn why_not_twice(earlier: &Draft, draft: &Draft) -> (Damage, String) {
    if alcohol_differs(earlier, draft) {
        return (Damage::SameName, "one with alcohol, one without".to_owned());
    }
    if earlier.sold != draft.sold {
        return (Damage::SameName, "with other prices".to_owned());
    }
    let Draft { legacy_id, name, .. } = earlier.clone();
    if *earlier != (Draft { legacy_id, name, ..draft.clone() }) {
        return (Damage::SameName, "with other facts".to_owned());
    }
    match (&earlier.legacy_id, &draft.legacy_id) {
        (Some(first), Some(second)) => (Damage::ListedTwice, format!("ids {first} and {second}")),
        _ => (Damage::ListedTwice, String::new()),
    }
}

/// What a draft cannot do without.
fn lacks(draft: &Draft) -> Option<Damage> {
    if draft.name.as_ref().is_none_or(|name| slug(&name.text).is_empty()) {
        return Some(Damage::NoName);
    }
    if draft.wine.as_ref().is_some_and(|wine| wine.color.is_none()) {
        return Some(Damage::NoColor);
    }
    draft.sold.is_empty().then_some(Damage::NoPrice)
}
