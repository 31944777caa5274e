//! The legend of a card: the law's groups of allergens, and whatever else is declared on it.

use std::collections::BTreeSet;

use super::document::{Menu, Substance, SubstanceKind};
use crate::menu::item::Presence;
use crate::menu::substance::{self, Substance as Code};
use crate::menu::text::Locale;

/// The legend of these menus, in the language of the card.
pub fn of(menus: &[Menu], locale: Locale) -> Vec<Substance> {
    let items = menus.iter().flat_map(|menu| &menu.sections).flat_map(|section| &section.items);
    let declared = items.flat_map(|item| {
        let parts = item.add_ons.iter().chain(&item.components).flat_map(|part| &part.declarations);
        item.declarations.iter().chain(parts)
    });
    let occurring = declared.filter(|one| one.state != Presence::Free).map(|one| one.substance);
    let named: BTreeSet<Code> = Code::allergen_groups().chain(occurring).collect();
    named
        .into_iter()
        .map(|code| Substance {
            code,
            kind: match code.kind() {
                substance::Kind::Allergen => SubstanceKind::Allergen,
                substance::Kind::Additive => SubstanceKind::Additive,
                substance::Kind::Ingredient => SubstanceKind::Ingredient,
            },
            group: code.group(),
            mark: code.mark(),
            name: code.name(locale),
        })
        .collect()
}
