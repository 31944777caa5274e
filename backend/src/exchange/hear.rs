//! What a later file says of a thing that an earlier one has spoken of.

use super::declare;
use super::draft::{Draft, Sold, Wine};
use super::finding::Damage;
use super::record::Words;

impl Draft {
    /// Takes over what a later row says; where one of the two is cut, the whole text wins, and of two declarations the
    /// stronger. Names the texts that were completed and the substances that were said more weakly.
    pub fn hear(&mut self, later: Self) -> Vec<(Damage, String)> {
        let mut found = Vec::new();
        let mut words = |field: &'static str, earlier: &mut Option<Words>, later: Option<Words>| {
            let Some(later) = later else { return };
            match earlier {
                Some(earlier) if earlier.cut != later.cut => {
                    found.push((Damage::Completed, field.to_owned()));
                    if earlier.cut {
                        *earlier = later;
                    }
                }
                _ => *earlier = Some(later),
            }
        };
        words("name", &mut self.name, later.name);
        words("description", &mut self.description, later.description);
        words("story", &mut self.story, later.story);
        if let (Some(wine), Some(said)) = (&mut self.wine, later.wine) {
            let Wine { color, grape, origin, characteristics, vintage } = said;
            words("grape", &mut wine.grape, grape);
            words("characteristics", &mut wine.characteristics, characteristics);
            update(&mut wine.color, color);
            update(&mut wine.origin, origin);
            update(&mut wine.vintage, vintage);
        }
        update(&mut self.legacy_id, later.legacy_id);
        update(&mut self.category, later.category);
        update(&mut self.available, later.available);
        update(&mut self.new, later.new);
        update(&mut self.vegetarian, later.vegetarian);
        update(&mut self.vegan, later.vegan);
        update(&mut self.keto, later.keto);
        update(&mut self.alcoholic, later.alcoholic);
        self.sized_by_name = later.sized_by_name;
        if !later.sold.is_empty() {
            self.sold = sold(&self.sold, later.sold);
        }
        let weaker = declare::unite(&mut self.declared, &later.declared);
        found.extend(weaker.map(|substances| (Damage::SaidWeaker, substances)));
        found
    }
}

fn update<T>(earlier: &mut Option<T>, later: Option<T>) {
    if later.is_some() {
        *earlier = later;
    }
}

/// One price without a size is the new price of the one size that is known.
fn sold(earlier: &[Sold], later: Vec<Sold>) -> Vec<Sold> {
    match (earlier, later.as_slice()) {
        ([known], [new]) => {
            let (unit, volume_ml) = (new.unit.or(known.unit), new.volume_ml.or(known.volume_ml));
            vec![Sold { unit, volume_ml, price_cents: new.price_cents }]
        }
        _ => later,
    }
}
