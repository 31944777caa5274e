//! The one table of columns: what each is called, and which value of an item or of a serving stands in it.

use super::cell::Cell;
use super::line::{Line, Sold};

/// A column: its header, and the value that stands in it.
pub type Column<T> = (&'static str, fn(&mut T) -> &mut dyn Cell);

/// The column that says which item a row means.
pub const ID: &str = "id";
/// The column that says which serving a row means.
pub const SERVING_ID: &str = "serving_id";

/// What every item has.
pub const ITEM: &[Column<Line>] = &[
    ("kind", |line| &mut line.kind),
    ("number", |line| &mut line.number),
    ("role", |line| &mut line.item.role),
    ("section", |line| &mut line.section),
    ("slug", |line| &mut line.item.slug),
    ("name_de", |line| &mut line.item.name.de),
    ("name_en", |line| &mut line.item.name.en),
    ("name_es", |line| &mut line.item.name.es),
    ("name_lang", |line| &mut line.item.name_lang),
    ("description_de", |line| &mut line.item.description.de),
    ("description_en", |line| &mut line.item.description.en),
    ("description_es", |line| &mut line.item.description.es),
    ("story_de", |line| &mut line.item.story.de),
    ("story_en", |line| &mut line.item.story.en),
    ("story_es", |line| &mut line.item.story.es),
    ("note_de", |line| &mut line.item.note.de),
    ("note_en", |line| &mut line.item.note.en),
    ("note_es", |line| &mut line.item.note.es),
    ("new", |line| &mut line.item.new),
    ("visible", |line| &mut line.item.visible),
    ("vegetarian", |line| &mut line.item.vegetarian),
    ("vegan", |line| &mut line.item.vegan),
    ("keto", |line| &mut line.item.keto),
    ("alcohol", |line| &mut line.alcohol),
    ("contains", |line| &mut line.contains),
    ("traces", |line| &mut line.traces),
    ("free", |line| &mut line.free),
];

/// What only a wine has.
pub const WINE: &[Column<Line>] = &[
    ("color", |line| &mut line.color),
    ("category", |line| &mut line.facts.category),
    ("producer", |line| &mut line.facts.producer),
    ("vintage", |line| &mut line.facts.vintage),
    ("grapes", |line| &mut line.facts.grapes),
    ("country", |line| &mut line.facts.country),
    ("region", |line| &mut line.facts.region),
    ("appellation", |line| &mut line.facts.appellation),
    ("quality", |line| &mut line.facts.quality),
    ("sweetness", |line| &mut line.facts.sweetness),
    ("body", |line| &mut line.facts.body),
    ("acidity", |line| &mut line.facts.acidity),
    ("tannin", |line| &mut line.facts.tannin),
    ("characteristics_de", |line| &mut line.facts.characteristics.de),
    ("characteristics_en", |line| &mut line.facts.characteristics.en),
    ("characteristics_es", |line| &mut line.facts.characteristics.es),
    ("serving_temperature_c", |line| &mut line.facts.serving_temperature_c),
];

/// What a serving has.
pub const SERVING: &[Column<Sold>] = &[
    ("unit", |sold| &mut sold.unit),
    ("label_de", |sold| &mut sold.serving.label.de),
    ("label_en", |sold| &mut sold.serving.label.en),
    ("label_es", |sold| &mut sold.serving.label.es),
    ("volume_ml", |sold| &mut sold.serving.volume_ml),
    ("weight_g", |sold| &mut sold.serving.weight_g),
    ("price", |sold| &mut sold.price),
    ("serving_alcohol", |sold| &mut sold.serving.alcohol),
];

/// Every header, in the order of an export.
pub fn headers() -> impl Iterator<Item = &'static str> {
    let names = |columns: &'static [Column<Line>]| columns.iter().map(|(header, _)| *header);
    let servings = SERVING.iter().map(|(header, _)| *header);
    [ID].into_iter().chain(names(ITEM)).chain(names(WINE)).chain([SERVING_ID]).chain(servings)
}

/// The cells of a thing.
pub fn spelled<T: Clone>(thing: &T, columns: &[Column<T>]) -> Vec<String> {
    // A column leads to a value that can be written, so that there is one way for both; reading has a copy for that.
    let mut thing = thing.clone();
    columns.iter().map(|(_, value)| value(&mut thing).spelled()).collect()
}

/// The column in which a rule of an item is broken, by the rule's pointer; for one of a serving, also which of them.
pub fn of_pointer(pointer: &str) -> (Option<usize>, &'static str) {
    let (serving, field) = match pointer.strip_prefix("/servings/").and_then(|rest| rest.split_once('/')) {
        Some((place, field)) => (place.parse().ok(), field),
        None => (None, pointer.trim_start_matches('/').trim_start_matches("wine/")),
    };
    let name = match (serving, field) {
        (_, "") | (None, "servings") => "unit".to_owned(),
        (None, "wine") => "color".to_owned(),
        (_, "price_cents") => "price".to_owned(),
        (Some(_), "alcohol") => "serving_alcohol".to_owned(),
        (_, field) => field.replace('/', "_"),
    };
    if name.starts_with("parts") {
        return (None, "parts");
    }
    let fits = |header: &&str| name == **header || name.starts_with(&format!("{header}_"));
    (serving, headers().find(|header| name == **header).or_else(|| headers().find(fits)).unwrap_or("name_de"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{headers, of_pointer};

    #[test]
    fn every_header_is_there_once() {
        assert_eq!(headers().collect::<HashSet<_>>().len(), headers().count());
    }

    #[test]
    fn a_broken_rule_has_a_column() {
        for (pointer, place) in [
            ("/name/de", (None, "name_de")),
            ("/wine/grapes/0/percent", (None, "grapes")),
            ("/wine/serving_temperature_c", (None, "serving_temperature_c")),
            ("/servings/2/price_cents", (Some(2), "price")),
            ("/servings/0/label/en", (Some(0), "label_en")),
            ("/servings/0/volume_ml", (Some(0), "volume_ml")),
            ("/servings", (None, "unit")),
            ("/section", (None, "section")),
            ("/parts/3/item", (None, "parts")),
        ] {
            assert_eq!(of_pointer(pointer), place, "{pointer}");
        }
    }
}
