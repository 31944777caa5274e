//! The code numbers of the old card and the substances they stand for.

use std::collections::{BTreeMap, BTreeSet};

use crate::menu::item::Presence;
use crate::menu::substance::Substance;

/// A number on the old card.
struct Code {
    number: u16,
    /// What the number says.
    says: &'static [&'static str],
    /// What the old card can say no better than with this number.
    covers: &'static [&'static str],
}

const fn code(number: u16, says: &'static [&'static str]) -> Code {
    Code { number, says, covers: &[] }
}

/// The number that an older page explained as "nuts / peanuts".
pub const NUTS: u16 = 12;

/// A cereal without a number of its own still warns of gluten, with the number of wheat.
const OTHER_GLUTEN: &[&str] = &["gluten", "gluten_oats", "gluten_spelt", "gluten_kamut"];
const NAMED_NUTS: &[&str] =
    &["almond", "hazelnut", "walnut", "cashew", "pecan", "brazil_nut", "pistachio", "macadamia"];

static TABLE: &[Code] = &[
    code(1, &["colouring"]),
    code(2, &["preservative"]),
    code(3, &["flavour_enhancer"]),
    code(4, &["sulphured", "sulphites"]),
    code(5, &["blackened"]),
    code(6, &["phosphate"]),
    code(7, &["sweetener"]),
    code(8, &["caffeine"]),
    Code { number: 9, says: &["gluten_wheat"], covers: OTHER_GLUTEN },
    code(10, &["gluten_barley"]),
    code(11, &["eggs"]),
    Code { number: NUTS, says: &["nuts"], covers: NAMED_NUTS },
    code(13, &["milk"]),
    code(14, &["celery"]),
    code(15, &["mustard"]),
    code(16, &["soy"]),
    code(17, &["sesame"]),
    code(18, &["fish"]),
    code(19, &["crustaceans"]),
    code(20, &["molluscs"]),
    code(21, &["lupin"]),
    code(22, &["peanuts"]),
    code(24, &["quinine"]),
    code(25, &["gluten_rye"]),
    code(26, &["pork"]),
    code(27, &["maize"]),
    code(28, &["pulses"]),
    code(29, &["coriander"]),
    code(30, &["carrot"]),
];

/// What a number says; nothing for a number the old card did not explain.
pub fn substances(number: u16) -> Option<Vec<Substance>> {
    let code = TABLE.iter().find(|code| code.number == number)?;
    Some(code.says.iter().filter_map(|says| Substance::find(says)).collect())
}

/// The numbers for the substances that are declared as `presence`, in order.
pub fn codes(declarations: &BTreeMap<Substance, Presence>, presence: Presence) -> Vec<u16> {
    let declared = declarations.iter().filter(|(_, declared)| **declared == presence);
    let numbers: BTreeSet<u16> = declared.filter_map(|(substance, _)| number(*substance)).collect();
    numbers.into_iter().collect()
}

fn number(substance: Substance) -> Option<u16> {
    let name = substance.code();
    TABLE.iter().find(|code| code.says.contains(&name) || code.covers.contains(&name)).map(|code| code.number)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{TABLE, codes, number, substances};
    use crate::menu::item::Presence;
    use crate::menu::substance::{Kind, Substance};

    fn declared(names: &[&str], presence: Presence) -> BTreeMap<Substance, Presence> {
        names.iter().map(|name| (Substance::find(name).unwrap(), presence)).collect()
    }

    #[test]
    fn the_table_names_only_known_substances() {
        for code in TABLE {
            for name in code.says.iter().chain(code.covers) {
                assert!(Substance::find(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn every_number_comes_back() {
        for code in TABLE {
            let says: BTreeMap<_, _> =
                substances(code.number).unwrap().into_iter().map(|one| (one, Presence::Contains)).collect();
            assert_eq!(codes(&says, Presence::Contains), [code.number]);
        }
        for unexplained in [0, 23, 31, u16::MAX] {
            assert_eq!(substances(unexplained), None);
        }
    }

    #[test]
    fn no_allergen_is_lost_on_the_way_out() {
        for substance in Substance::all().filter(|substance| substance.kind() == Kind::Allergen) {
            assert!(number(substance).is_some(), "{}", substance.code());
        }
    }

    #[test]
    fn only_what_is_asked_for_is_told() {
        let mut declarations = declared(&["hazelnut", "walnut", "sulphites"], Presence::Contains);
        declarations.extend(declared(&["sesame"], Presence::Traces));
        declarations.extend(declared(&["peanuts"], Presence::Free));
        assert_eq!(codes(&declarations, Presence::Contains), [4, 12]);
        assert_eq!(codes(&declarations, Presence::Traces), [17]);
    }
}
