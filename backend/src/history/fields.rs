//! A document as its single fields, so that two copies can be compared and one field set back without the others.
//!
//! What has no fields left is gone from the document: whoever reads it takes the empty one, as `#[serde(default)]` says.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A document's fields by JSON pointer. What has an id of its own, such as a serving, is named by it and not by its place;
/// at the list's own pointer stands the order of the ids.
pub type Fields = BTreeMap<String, Value>;

/// A field that has changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldChange {
    /// The JSON pointer; of what has an id, the id stands for its place.
    #[schema(example = "/servings/019c0000-0000-7000-8000-000000000001/price_cents")]
    pub field: String,
    /// What it was; absent: it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub before: Option<Value>,
    /// What it is; absent: it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub after: Option<Value>,
}

/// Fields that count changes instead of being changed.
const COUNTERS: [&str; 2] = ["/revision", "/updated_at"];
/// Objects that are one thing to people.
const WHOLE: [&str; 1] = ["sold_out"];
/// The fields that tell one part of a list from another.
const IDS: [&str; 2] = ["id", "item"];

/// The fields of a document.
pub fn of(document: &Value) -> Fields {
    let mut fields = Fields::new();
    collect(String::new(), "", document, &mut fields);
    fields
}

/// The document with these fields.
pub fn document(fields: &Fields) -> Value {
    let mut root = Node::default();
    for (pointer, value) in fields {
        let steps = pointer.split('/').skip(1);
        steps.fold(&mut root, |node, step| node.under.entry(unescaped(step)).or_default()).value = Some(value.clone());
    }
    root.document()
}

/// What differs between two copies, counters aside.
pub fn changes(before: &Value, after: &Value) -> Vec<FieldChange> {
    let (before, mut after) = (of(before), of(after));
    let mut changed = Vec::new();
    for (field, old) in before {
        let new = after.remove(&field);
        if new.as_ref() != Some(&old) {
            changed.push(FieldChange { field, before: Some(old), after: new });
        }
    }
    changed.extend(after.into_iter().map(|(field, new)| FieldChange { field, before: None, after: Some(new) }));
    changed.retain(|change| !COUNTERS.contains(&change.field.as_str()));
    changed.sort_by(|one, other| one.field.cmp(&other.field));
    changed
}

fn collect(pointer: String, name: &str, value: &Value, fields: &mut Fields) {
    match value {
        Value::Object(inner) if !WHOLE.contains(&name) => {
            for (name, value) in inner {
                collect(format!("{pointer}/{}", escaped(name)), name, value, fields);
            }
        }
        Value::Array(list) => {
            let ids: Option<Vec<&str>> = list.iter().map(id).collect();
            let Some(ids) = ids else { return drop(fields.insert(pointer, value.clone())) };
            for (id, part) in ids.iter().zip(list) {
                collect(format!("{pointer}/{}", escaped(id)), id, part, fields);
            }
            fields.insert(pointer, ids.into());
        }
        value => drop(fields.insert(pointer, value.clone())),
    }
}

/// What tells a part of a list from the others, if it has such a thing.
fn id(part: &Value) -> Option<&str> {
    IDS.iter().find_map(|name| part.get(name)?.as_str())
}

#[derive(Default)]
struct Node {
    value: Option<Value>,
    under: BTreeMap<String, Self>,
}

impl Node {
    fn document(mut self) -> Value {
        match self.value {
            Some(Value::Array(ids)) if !self.under.is_empty() => {
                let parts = ids.iter().filter_map(|id| self.under.remove(id.as_str()?));
                parts.map(Self::document).collect()
            }
            Some(value) if self.under.is_empty() => value,
            _ => {
                Value::Object(self.under.into_iter().map(|(name, node)| (name, node.document())).collect::<Map<_, _>>())
            }
        }
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{changes, document, of};

    #[test]
    fn a_document_comes_back_from_its_fields() {
        let whole = json!({
            "name": {"de": "Rioja", "en": null}, "empty": [], "pages": ["home", "wines"], "a/b~c": 1,
            "servings": [{"id": "b", "price_cents": 750, "sold_out": null}, {"id": "a", "sold_out": {"since": 1, "until": null}}],
            "parts": [{"item": "x", "choice": 2}],
            "wine": {"grapes": [{"variety": "Tempranillo", "percent": 60}]},
        });
        assert_eq!(document(&of(&whole)), whole);
    }

    #[test]
    fn a_part_is_named_by_its_id_wherever_it_stands() {
        let before =
            json!({"revision": 1, "servings": [{"id": "a", "price_cents": 700}, {"id": "b", "price_cents": 900}]});
        let after =
            json!({"revision": 2, "servings": [{"id": "b", "price_cents": 950}, {"id": "a", "price_cents": 700}]});
        let changed: Vec<String> = changes(&before, &after).into_iter().map(|change| change.field).collect();
        assert_eq!(changed, ["/servings", "/servings/b/price_cents"]);
    }

    #[test]
    fn what_comes_and_goes_is_told_as_such() {
        let (before, after) =
            (json!({"declarations": {"milk": "free"}}), json!({"declarations": {"eggs": "contains"}}));
        let told: Vec<_> = changes(&before, &after).into_iter().map(|one| (one.field, one.before, one.after)).collect();
        let eggs = ("/declarations/eggs".to_owned(), None, Some(json!("contains")));
        let milk = ("/declarations/milk".to_owned(), Some(json!("free")), None);
        assert_eq!(told, [eggs, milk]);
        assert_eq!(changes(&json!({"a": null}), &json!({"a": null})), []);
    }
}
