//! What is declared in several places, as one: whoever says less takes no warning back.

use std::collections::BTreeMap;

use crate::menu::item::Presence;
use crate::menu::substance::Substance;

type Declared = BTreeMap<Substance, Presence>;

/// Lays what is said later over what is known, substance by substance: the stronger statement stands, and what the later
/// one does not name it does not deny. Names the substances of which less was said than is known.
pub fn unite(known: &mut Declared, later: &Declared) -> Option<String> {
    let mut weaker = Vec::new();
    for (substance, said) in later {
        let stands = known.entry(*substance).or_insert(*said);
        if strength(*said) < strength(*stands) {
            weaker.push(substance.code());
        } else {
            *stands = *said;
        }
    }
    (!weaker.is_empty()).then(|| weaker.join(", "))
}

/// How much a guest is warned.
fn strength(presence: Presence) -> u8 {
    match presence {
        Presence::Free => 0,
        Presence::Traces => 1,
        Presence::Contains => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Declared, strength, unite};
    use crate::menu::item::Presence;
    use crate::menu::substance::Substance;

    fn declared(of: &[(&str, Presence)]) -> Declared {
        of.iter().map(|(name, presence)| (Substance::find(name).unwrap(), *presence)).collect()
    }

    #[test]
    fn the_stronger_statement_stands() {
        let (contains, traces, free) = (Presence::Contains, Presence::Traces, Presence::Free);
        for (known, later, expected, weaker) in [
            (contains, traces, contains, Some("milk")),
            (contains, free, contains, Some("milk")),
            (traces, free, traces, Some("milk")),
            (traces, contains, contains, None),
            (free, contains, contains, None),
            (free, traces, traces, None),
            (traces, traces, traces, None),
        ] {
            let mut all = declared(&[("milk", known)]);
            assert_eq!(unite(&mut all, &declared(&[("milk", later)])).as_deref(), weaker, "{known:?}, {later:?}");
            assert_eq!(all, declared(&[("milk", expected)]), "{known:?}, {later:?}");
        }
    }

    #[test]
    fn what_is_not_named_stays() {
        let mut all = declared(&[("milk", Presence::Contains), ("eggs", Presence::Free)]);
        assert_eq!(unite(&mut all, &declared(&[("sesame", Presence::Traces)])), None);
        let expected =
            declared(&[("milk", Presence::Contains), ("eggs", Presence::Free), ("sesame", Presence::Traces)]);
        assert_eq!(all, expected);
    }

    fn any_declared() -> impl Strategy<Value = Declared> {
        let substance = prop::sample::select(Substance::all().collect::<Vec<_>>());
        let presence = prop::sample::select(vec![Presence::Contains, Presence::Traces, Presence::Free]);
        prop::collection::btree_map(substance, presence, 0..12)
    }

    proptest! {
        #[test]
        fn no_order_weakens_anything(first in any_declared(), second in any_declared()) {
            let (mut one, mut other) = (first.clone(), second.clone());
            unite(&mut one, &second);
            unite(&mut other, &first);
            prop_assert_eq!(&one, &other);
            for (substance, said) in first.iter().chain(&second) {
                prop_assert!(one.get(substance).is_some_and(|stands| strength(*stands) >= strength(*said)));
            }
            unite(&mut other, &first);
            unite(&mut other, &second);
            prop_assert_eq!(&one, &other);
        }
    }
}
