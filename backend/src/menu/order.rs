//! The order of things in a list: one is put after another, and only those in between move.

use uuid::Uuid;

use crate::error::Error;
use crate::fault::none;

/// A thing at its place.
pub type Placed = (Uuid, i32);

/// The places that change when `moved` is put after another thing of the list, or first; it may come from elsewhere.
pub fn put(list: &[Placed], moved: Uuid, after: Option<Uuid>) -> Result<Vec<Placed>, Error> {
    let mut order: Vec<Uuid> = list.iter().map(|(id, _)| *id).filter(|id| *id != moved).collect();
    let place = match after {
        None => 0,
        Some(after) => match order.iter().position(|id| *id == after) {
            Some(before) => before + 1,
            None => return Err(Error::invalid("/after", "not_in_this_list", none())),
        },
    };
    order.insert(place, moved);
    let mut slots: Vec<i32> = list.iter().map(|(_, position)| *position).collect();
    slots.sort_unstable();
    if slots.len() < order.len() {
        slots.push(slots.last().map_or(0, |last| last + 1));
    }
    let mut least = 0;
    let slots = slots.into_iter().map(|slot| {
        let slot = slot.max(least);
        least = slot + 1;
        slot
    });
    let placed = order.into_iter().zip(slots);
    Ok(placed.filter(|thing| !list.contains(thing)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{Placed, put};

    fn id(number: usize) -> Uuid {
        Uuid::from_u128(number as u128 + 1)
    }

    fn laid(list: &[Placed], changed: &[Placed]) -> Vec<Uuid> {
        let moved = |id: &Uuid| changed.iter().any(|(other, _)| other == id);
        let mut all: Vec<Placed> = list.iter().filter(|(id, _)| !moved(id)).chain(changed).copied().collect();
        all.sort_by_key(|(_, position)| *position);
        all.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn only_those_in_between_move() {
        let list: Vec<Placed> = (0..5).map(|number| (id(number), 10 * i32::try_from(number).unwrap())).collect();
        let changed = put(&list, id(1), Some(id(3))).unwrap();
        assert_eq!(changed, [(id(2), 10), (id(3), 20), (id(1), 30)]);
        assert_eq!(put(&list, id(1), Some(id(0))).unwrap(), [], "it is there already");
        assert_eq!(put(&list, id(7), None).unwrap().len(), 6, "one from elsewhere pushes all");
        assert!(put(&list, id(1), Some(id(9))).is_err());
        assert!(put(&list, id(1), Some(id(1))).is_err());
        assert_eq!(put(&[], id(1), None).unwrap(), [(id(1), 0)]);
    }

    proptest! {
        #[test]
        fn it_stands_where_it_was_put_and_no_two_at_one_place(
            positions in prop::collection::vec(0..50, 1..20), moved in 0..25_usize, after in prop::option::of(0..20_usize)
        ) {
            let mut list: Vec<Placed> = positions.iter().copied().enumerate().map(|(number, place)| (id(number), place)).collect();
            list.sort_by_key(|(_, position)| *position);
            let Ok(changed) = put(&list, id(moved), after.map(id)) else { return Ok(()) };
            let mut wanted: Vec<Uuid> = list.iter().map(|(id, _)| *id).filter(|other| *other != id(moved)).collect();
            let place = after.map_or(0, |after| wanted.iter().position(|other| *other == id(after)).unwrap() + 1);
            wanted.insert(place, id(moved));
            prop_assert_eq!(laid(&list, &changed), wanted);
        }
    }
}
