//! What a guest asks of a list, and which items answer.

use serde::Serialize;
use serde_json::json;
use utoipa::IntoParams;

use super::document::{Diet, Item};
use super::params::Params;
use crate::menu::fold::fold;
use crate::menu::item::{Alcohol, Presence};
use crate::menu::serving::Unit;
use crate::menu::substance::Substance;
use crate::menu::wine::Color;

/// What a guest asks of a list; all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Filter {
    /// Words that all occur, without regard to case and accents.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(required = false, max_length = 100, example = "rioja")]
    pub q: Option<String>,
    /// Any of these colours (wines).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[param(required = false, explode = true)]
    pub color: Vec<Color>,
    /// Any of these sections, by their slugs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[param(required = false, explode = true)]
    pub section: Vec<String>,
    /// Can be ordered by the glass now.
    #[serde(skip_serializing_if = "is_false")]
    #[param(required = false)]
    pub by_glass: bool,
    /// Some serving that can be ordered now costs at most this many cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(required = false, minimum = 1, maximum = 1_000_000, example = 900)]
    pub max_price: Option<i64>,
    /// Suits all of these diets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[param(required = false, explode = true)]
    pub diet: Vec<Diet>,
    /// Declared free of all these groups of allergens. What is unknown is not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[param(required = false, explode = true, value_type = Vec<String>)]
    pub without: Vec<Substance>,
    /// Some serving has no alcohol.
    #[serde(skip_serializing_if = "is_false")]
    #[param(required = false)]
    pub alcohol_free: bool,
    /// Is new on the card.
    #[serde(skip_serializing_if = "is_false")]
    #[param(required = false)]
    pub new: bool,
    /// Can be ordered now.
    #[serde(skip_serializing_if = "is_false")]
    #[param(required = false)]
    pub available: bool,
}

/// serde hands over a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

const COLORS: [(&str, Color); 4] =
    [("red", Color::Red), ("white", Color::White), ("rose", Color::Rose), ("orange", Color::Orange)];
const DIETS: [(&str, Diet); 3] = [("vegetarian", Diet::Vegetarian), ("vegan", Diet::Vegan), ("keto", Diet::Keto)];

impl Filter {
    /// Takes the filter's parameters.
    pub fn take(params: &mut Params) -> Self {
        let groups: Vec<(&str, Substance)> = Substance::allergen_groups().map(|group| (group.code(), group)).collect();
        let mut filter = Self {
            q: params.one("q").map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()),
            color: params.words("color", &COLORS),
            section: params.list("section"),
            by_glass: params.flag("by_glass") == Some(true),
            max_price: params.number("max_price", 1, 1_000_000),
            diet: params.words("diet", &DIETS),
            without: params.words("without", &groups),
            alcohol_free: params.flag("alcohol_free") == Some(true),
            new: params.flag("new") == Some(true),
            available: params.flag("available") == Some(true),
        };
        if filter.q.as_ref().is_some_and(|q| q.chars().count() > 100) {
            params.fault("q", "too_long", json!({"max": 100}));
            filter.q = None;
        }
        filter
    }

    /// Whether an item in the section called `section` answers.
    pub fn answers(&self, item: &Item, section: &str) -> bool {
        let cheap = |max| item.available().any(|serving| serving.price_cents <= max);
        let by_glass = || item.available().any(|serving| serving.unit == Unit::Glass);
        let color = item.wine.as_ref().map(|wine| wine.color);
        (self.section.is_empty() || self.section.iter().any(|slug| slug == section))
            && (self.color.is_empty() || color.is_some_and(|color| self.color.contains(&color)))
            && (!self.by_glass || by_glass())
            && self.max_price.is_none_or(cheap)
            && self.diet.iter().all(|diet| item.diets.contains(diet))
            && self.without.iter().all(|group| is_free_of(item, *group))
            && (!self.alcohol_free || item.servings.iter().any(|serving| serving.alcohol == Alcohol::None))
            && (!self.new || item.new)
            && (!self.available || !item.sold_out)
            && self.q.as_deref().is_none_or(|q| fold(q).split_whitespace().all(|word| item.words.contains(word)))
    }
}

/// Whether somebody has declared that the group is not in there: the group itself, or each of its members.
fn is_free_of(item: &Item, group: Substance) -> bool {
    let known = |substance| item.declarations.iter().find(|one| one.substance == substance).map(|one| one.state);
    let members: Vec<_> = group.members().map(known).collect();
    if members.iter().flatten().any(|state| *state != Presence::Free) {
        return false;
    }
    let each_free = !members.is_empty() && members.iter().all(Option::is_some);
    known(group).map_or(each_free, |state| state == Presence::Free)
}
