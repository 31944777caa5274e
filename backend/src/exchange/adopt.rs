//! What the old system knows, laid over an item: what it does not know stays as it is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::declare;
use super::draft::{Draft, Sold, Wine};
use super::finding::Damage;
use super::measure::Measure;
use super::record::Words;
use crate::menu::fold::{fold, slug};
use crate::menu::item::{Alcohol, Item, Kind};
use crate::menu::serving::{Serving, SoldOut, Unit};
use crate::menu::text::Text;
use crate::menu::wine::{Facts, Sweetness};

/// Whether it was certain which of an item's sizes a price was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sizes {
    /// It was.
    Certain,
    /// It was not: the prices were left as they are.
    Uncertain,
}

/// An item that has nothing yet but its place.
pub fn blank(draft: &Draft, number: i32, at: DateTime<Utc>) -> Item {
    let name = draft.name.as_ref().map(|name| name.text.as_str()).unwrap_or_default();
    let wine = draft.wine.as_ref().and_then(|wine| wine.color).map(Facts::of);
    // The plan gives it its section once it is sure to be written.
    let section = Some(Uuid::nil());
    Item { section, slug: slug(name), wine, ..Item::blank(Uuid::now_v7(), draft.kind, number, at) }
}

/// Lays a draft over an item, and says what is doubtful about it.
pub fn lay_over(item: &mut Item, draft: &Draft, at: DateTime<Utc>) -> Vec<(Damage, String)> {
    if item.legacy_id.is_none() {
        item.legacy_id.clone_from(&draft.legacy_id);
    }
    write(&mut item.name, draft.name.as_ref());
    write(&mut item.description, draft.description.as_ref());
    write(&mut item.story, draft.story.as_ref());
    item.new = draft.new.unwrap_or(item.new);
    item.vegetarian = draft.vegetarian.unwrap_or(item.vegetarian);
    item.vegan = draft.vegan.unwrap_or(item.vegan);
    item.keto = draft.keto.unwrap_or(item.keto);
    item.alcohol = alcohol(item.alcohol, draft);
    // A substance the old card does not name is not known to be absent, so what is declared here stays.
    let weaker = declare::unite(&mut item.declarations, &draft.declared);
    if let (Some(facts), Some(wine)) = (&mut item.wine, &draft.wine) {
        lay_over_wine(facts, wine);
    }
    let sizes = lay_over_servings(item, draft);
    for serving in &mut item.servings {
        serving.sold_out = match (draft.available, serving.sold_out) {
            (None, sold_out) => sold_out,
            (Some(true), _) => None,
            (Some(false), out) => Some(SoldOut { since: out.map_or(at, |out| out.since), until: None }),
        };
    }
    let which_size = (sizes == Sizes::Uncertain).then(|| (Damage::WhichSize, String::new()));
    which_size.into_iter().chain(weaker.map(|substances| (Damage::SaidWeaker, substances))).collect()
}

/// A text is replaced only by another whole one; its translations go with it.
fn write(text: &mut Text, words: Option<&Words>) {
    let Some(words) = words else { return };
    if text.de != words.text && (!words.cut || text.is_empty()) {
        *text = Text::german(&words.text);
    }
}

/// The old system says only whether there is alcohol. Beer and sparkling wine are fermented; of anything else the stricter
/// is taken (JuSchG § 9: spirits from 18, and mixed drinks with them too).
fn alcohol(known: Alcohol, draft: &Draft) -> Alcohol {
    match draft.alcoholic {
        None => known,
        Some(false) => Alcohol::None,
        Some(true) if known != Alcohol::None => known,
        Some(true) => {
            let category = fold(draft.category.as_deref().unwrap_or_default());
            let fermented = ["bier", "beer", "wein", "wine", "bubbles", "sekt", "cava", "prosecco", "cider"];
            if fermented.iter().any(|word| category.contains(word)) { Alcohol::Fermented } else { Alcohol::Distilled }
        }
    }
}

fn lay_over_wine(facts: &mut Facts, wine: &Wine) {
    facts.color = wine.color.unwrap_or(facts.color);
    facts.vintage = wine.vintage.or(facts.vintage);
    let cut = wine.grape.as_ref().is_some_and(|grape| grape.cut);
    if let Some(grapes) = wine.grapes().filter(|_| !cut || facts.grapes.0.is_empty()) {
        facts.grapes = grapes;
    }
    let origin = wine.origin();
    if let Some(country) = origin.country {
        facts.country = Some(country.to_owned());
    }
    facts.region = origin.region.or(facts.region.take());
    facts.appellation = origin.appellation.or(facts.appellation.take());
    write(&mut facts.characteristics, wine.characteristics.as_ref());
    let said = wine.characteristics.as_ref().and_then(|words| sweetness(&words.text));
    facts.sweetness = said.or(facts.sweetness);
}

/// The sweetness, if the style words name exactly one.
fn sweetness(characteristics: &str) -> Option<Sweetness> {
    let folded = fold(characteristics);
    let word = |word: &str| match word {
        "trocken" => Some(Sweetness::Dry),
        "halbtrocken" => Some(Sweetness::OffDry),
        "lieblich" => Some(Sweetness::MediumSweet),
        _ => None,
    };
    let mut named = folded.split(|letter: char| !letter.is_alphabetic()).filter_map(word);
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

fn lay_over_servings(item: &mut Item, draft: &Draft) -> Sizes {
    let mut left: Vec<Sold> = draft.sold.clone();
    let mut kept = Vec::new();
    let only_one = item.servings.len() == 1 && left.len() == 1 && draft.kind != Kind::Wine;
    for mut serving in std::mem::take(&mut item.servings) {
        let found = left.iter().position(|sold| only_one || is_size(&serving, *sold));
        if let Some(place) = found {
            lay_over_serving(&mut serving, left.remove(place));
            kept.push(serving);
        } else if draft.kind != Kind::Wine {
            // The old system has one price for a drink or a snack; sizes it does not know are not its to remove.
            kept.push(serving);
        }
    }
    let several = !kept.is_empty();
    for sold in left {
        if several && sold.volume_ml.is_none() {
            item.servings = kept;
            return Sizes::Uncertain;
        }
        kept.push(new_serving(draft.kind, sold));
    }
    item.servings = kept;
    Sizes::Certain
}

/// A bottle is a bottle, whatever it holds; what nobody said of the vessel does not tell sizes apart.
fn is_size(serving: &Serving, sold: Sold) -> bool {
    let same_unit = sold.unit.is_none_or(|unit| unit == serving.unit);
    let bottles = sold.unit == Some(Unit::Bottle) && serving.unit == Unit::Bottle;
    same_unit && (bottles || (sold.volume_ml.is_some() && sold.volume_ml == serving.volume_ml))
}

fn lay_over_serving(serving: &mut Serving, sold: Sold) {
    serving.price_cents = sold.price_cents;
    serving.unit = sold.unit.unwrap_or(serving.unit);
    // The volume of a bottle is only assumed; here somebody may know better.
    if serving.unit != Unit::Bottle || serving.volume_ml.is_none() {
        serving.volume_ml = sold.volume_ml.or(serving.volume_ml);
    }
}

fn new_serving(kind: Kind, sold: Sold) -> Serving {
    let measured = sold.volume_ml.map(|volume_ml| Measure { volume_ml, unit: sold.unit }.usual_unit());
    let usual = if kind == Kind::Snack { Unit::Portion } else { Unit::Glass };
    Serving {
        id: Uuid::now_v7(),
        unit: measured.unwrap_or(usual),
        label: Text::default(),
        volume_ml: sold.volume_ml,
        weight_g: None,
        price_cents: sold.price_cents,
        alcohol: None,
        sold_out: None,
    }
}

#[cfg(test)]
mod tests {
    use super::sweetness;
    use crate::menu::wine::Sweetness;

    #[test]
    fn a_sweetness_is_taken_only_if_there_is_one() {
        assert_eq!(sweetness("Trocken, rund"), Some(Sweetness::Dry));
        assert_eq!(sweetness("fruchtig, halbtrocken"), Some(Sweetness::OffDry));
        assert_eq!(sweetness("trocken\u{2011}halbtrocken, frisch"), None);
        assert_eq!(sweetness("frisch"), None);
    }
}
