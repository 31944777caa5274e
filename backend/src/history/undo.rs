//! Taking back what was done: a new change that sets back what an old one set, and only where nobody has been since.

mod obstacles;
mod write;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use self::write::ITEMS;
use super::fields::{self, Fields};
use super::undone::Undone;
use super::{KEPT, Line, store};
use crate::change::Change;
use crate::error::Error;
use crate::fault::Fault;
use crate::{house, media, menu, notifications};

/// What can be set back.
pub const THINGS: [&str; 7] = ["wine", "drink", "snack", "section", "picture", "notification", "house"];
/// As many obstacles as anybody reads.
const TOLD: usize = 20;

/// A thing while it is set back: as it is, and as it is to be; none where it is not there.
struct Work {
    before: Option<Value>,
    after: Option<Value>,
}

/// A thing by its kind and id.
type Thing = (String, Uuid);

/// Every thing that is set back.
type Works = BTreeMap<Thing, Work>;

/// What is wrong with setting back, by thing, field and code.
type Conflict = (Thing, String, &'static str);

/// Takes back these lines, the newest first, as part of `change`, and says how many. What is taken back already is passed
/// over. Where a later change has touched the same fields, nothing is taken back and the fields are named.
pub async fn undo(change: &Change, id: Uuid, lines: &[Line]) -> Result<usize, Error> {
    let undone = Undone::of(change.db(), lines).await?;
    let left: Vec<&Line> = lines.iter().filter(|line| !undone.has(line)).collect();
    if left.is_empty() {
        let again = |line: &Line| ((line.thing.clone(), line.thing_id), String::new(), "undone_already");
        return Err(told(change, lines.iter().map(again).collect()).await?);
    }
    let mut now = current(change, &left).await?;
    let mut works = Works::new();
    let mut conflicts: Vec<Conflict> = Vec::new();
    for line in &left {
        let thing = (line.thing.clone(), line.thing_id);
        let work = works.entry(thing.clone()).or_insert_with(|| {
            let document = now.remove(&line.thing_id);
            Work { before: document.clone(), after: document }
        });
        match set_back(change, line, work.after.as_ref()) {
            Ok(document) => work.after = document,
            Err(found) => conflicts.extend(found.into_iter().map(|(field, code)| (thing.clone(), field, code))),
        }
    }
    if conflicts.is_empty() {
        conflicts = obstacles::find(change.db(), &works).await?;
    }
    if !conflicts.is_empty() {
        return Err(told(change, conflicts).await?);
    }
    change.takes_back(id);
    write::write(change, &works).await?;
    Ok(left.len())
}

/// What the thing was before the line, given what it is; or the fields that stand in the way.
fn set_back(change: &Change, line: &Line, now: Option<&Value>) -> Result<Option<Value>, Vec<(String, &'static str)>> {
    let whole = |code| Err(vec![(String::new(), code)]);
    match (&line.before, &line.after, now) {
        // The bar itself never goes.
        (None, ..) if line.thing == "house" => whole("cannot_be_undone"),
        (Some(before), Some(after), Some(now)) => {
            let mut fields = fields::of(now);
            let touched = fields::changes(before, after);
            let others: Vec<_> = touched.iter().filter(|one| fields.get(&one.field) != one.after.as_ref()).collect();
            if !others.is_empty() {
                return Err(others.into_iter().map(|one| (one.field.clone(), "changed_since")).collect());
            }
            for one in touched {
                set(&mut fields, one.field, one.before);
            }
            Ok(Some(fields::document(&fields)))
        }
        (None, Some(after), Some(now)) => {
            let since = fields::changes(after, now);
            if since.is_empty() {
                return Ok(None);
            }
            Err(since.into_iter().map(|one| (one.field, "changed_since")).collect())
        }
        (Some(_), None, None) if change.at() > line.at + KEPT => whole("gone_for_good"),
        (Some(before), None, None) => Ok(Some(before.clone())),
        (_, None, Some(_)) => whole("is_back"),
        (_, Some(_), None) => whole("deleted_since"),
        (None, None, _) => whole("cannot_be_undone"),
    }
}

fn set(fields: &mut Fields, field: String, value: Option<Value>) {
    match value {
        Some(value) => drop(fields.insert(field, value)),
        None => drop(fields.remove(&field)),
    }
}

/// What the lines tell of, as it is now: a few lists, however many they are.
async fn current(change: &Change, lines: &[&Line]) -> Result<HashMap<Uuid, Value>, Error> {
    let db = change.db();
    let wanted: HashSet<Uuid> = lines.iter().map(|line| line.thing_id).collect();
    let tell_of = |kinds: &[&str]| lines.iter().any(|line| kinds.contains(&line.thing.as_str()));
    let mut now = HashMap::new();
    if tell_of(&ITEMS) {
        now.extend(documents(&menu::store::list(db).await?, &wanted, |item| item.id));
    }
    if tell_of(&["section"]) {
        now.extend(documents(&menu::sections::list(db).await?, &wanted, |section| section.id));
    }
    if tell_of(&["picture"]) {
        now.extend(documents(&media::store::list(db).await?, &wanted, |picture| picture.id));
    }
    if tell_of(&["notification"]) {
        now.extend(documents(&notifications::store::list(db).await?, &wanted, |one| one.id));
    }
    if let Some(line) = lines.iter().find(|line| line.thing == "house") {
        now.extend(house::store::find(db).await?.map(|house| (line.thing_id, json!(house))));
    }
    Ok(now)
}

/// Those that are wanted, as documents.
fn documents<T: Serialize>(all: &[T], wanted: &HashSet<Uuid>, id: impl Fn(&T) -> Uuid) -> Vec<(Uuid, Value)> {
    all.iter().filter(|one| wanted.contains(&id(one))).map(|one| (id(one), json!(one))).collect()
}

/// The refusal, which says of each field what it is and who was there last.
async fn told(change: &Change, conflicts: Vec<Conflict>) -> Result<Error, Error> {
    let mut faults = Vec::new();
    for ((kind, id), field, code) in conflicts.into_iter().take(TOLD) {
        let last = store::last(change.db(), id).await?;
        let name = last.as_ref().and_then(Line::name).unwrap_or(&kind).to_owned();
        let last = last.map(|line| json!({"by": line.by, "at": line.at})).unwrap_or_default();
        faults.push(Fault::new(field, code, json!({"thing": kind, "id": id, "name": name, "last": last})));
    }
    Ok(Error::Overtaken(faults))
}
