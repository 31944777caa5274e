//! What a rule makes of prices, by example and by what always holds.

use proptest::prelude::*;

use super::{CENT, Direction, Ending, Reckoning, Rounding, Rule};
use crate::menu::serving::MAX_CENTS;
use crate::rules::Faults;

fn reckoning(rule: Rule, to: Option<Ending>, direction: Direction) -> Reckoning {
    rule.reckoning(to.map(|to| Rounding { to, direction })).unwrap()
}

fn percent(percent: f64) -> Rule {
    Rule::Percent { percent }
}

#[test]
fn prices_become_what_a_person_would_reckon() {
    use Direction::{Down, Nearest, Up};
    use Ending::{Fifties, Ninety, Tens};
    for (rule, to, direction, before, after) in [
        (percent(5.0), None, Nearest, 700, Some(735)),
        (percent(5.5), None, Nearest, 450, Some(475)),
        (percent(-0.01), None, Nearest, 5000, Some(5000)),
        (percent(-0.01), None, Nearest, 5001, Some(5000)),
        (percent(-90.0), None, Nearest, 1, Some(1)),
        (percent(500.0), None, Nearest, MAX_CENTS, None),
        (percent(5.0), Some(Fifties), Nearest, 450, Some(450)),
        (percent(5.0), Some(Fifties), Nearest, 2900, Some(3050)),
        (percent(5.0), Some(Fifties), Up, 450, Some(500)),
        (percent(5.0), Some(Tens), Nearest, 450, Some(470)),
        (percent(5.0), Some(Tens), Down, 450, Some(470)),
        (percent(0.0), Some(Tens), Nearest, 745, Some(750)),
        // 744.9996 cents are nearer to 7.40, though they would be 7.45 in whole cents.
        (percent(-0.06), Some(Tens), Nearest, 745, Some(740)),
        (percent(0.0), Some(Ninety), Nearest, 740, Some(790)),
        (percent(0.0), Some(Ninety), Nearest, 739, Some(690)),
        (percent(0.0), Some(Ninety), Down, 789, Some(690)),
        (percent(0.0), Some(Ninety), Up, 691, Some(790)),
        (percent(0.0), Some(Ninety), Down, 20, Some(90)),
        (percent(0.0), Some(Tens), Down, 1, Some(10)),
        (percent(0.0), Some(Ninety), Up, MAX_CENTS, None),
        (Rule::Amount { cents: 50 }, None, Nearest, 400, Some(450)),
        (Rule::Amount { cents: -400 }, None, Nearest, 400, None),
        (Rule::Amount { cents: -500 }, Some(Tens), Up, 400, None),
        (Rule::Amount { cents: -399 }, Some(Tens), Nearest, 400, Some(10)),
        (Rule::Set { cents: 900 }, None, Nearest, 1250, Some(900)),
        (Rule::Set { cents: 900 }, Some(Ninety), Nearest, 1250, Some(890)),
    ] {
        let became = reckoning(rule, to, direction).after(before);
        assert_eq!(became, after, "{rule:?} {to:?} {direction:?} {before}");
    }
}

#[test]
fn a_figure_that_is_none_is_refused() {
    let told = |rule: Rule| rule.reckoning(None).err().map(|error| error.to_string());
    let range = Some("rule/percent must lie between -90 and 500".to_owned());
    for wrong in [-90.01, 500.01, 1e300, f64::INFINITY, f64::NAN] {
        assert_eq!(told(percent(wrong)), range, "{wrong}");
    }
    for wrong in [5.555, 0.001, 1e-9] {
        assert!(told(percent(wrong)).is_some_and(|told| told.contains("two decimals")), "{wrong}");
    }
    assert!(told(Rule::Amount { cents: i64::MIN }).is_some());
    assert!(told(Rule::Amount { cents: MAX_CENTS + 1 }).is_some());
    assert!(told(Rule::Set { cents: 0 }).is_some());
    assert_eq!(told(percent(-0.0)), None);
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (-9000..=50_000_i32).prop_map(|hundredths| percent(f64::from(hundredths) / 100.0)),
        (-2000..=2000_i64).prop_map(|cents| Rule::Amount { cents }),
        (1..=MAX_CENTS).prop_map(|cents| Rule::Set { cents }),
    ]
}

fn endings() -> impl Strategy<Value = Option<Ending>> {
    prop_oneof![Just(None), Just(Some(Ending::Tens)), Just(Some(Ending::Fifties)), Just(Some(Ending::Ninety))]
}

fn directions() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Nearest), Just(Direction::Up), Just(Direction::Down)]
}

proptest! {
    #[test]
    fn every_percentage_is_read_as_it_is_typed(hundredths in -9000..=50_000_i64) {
        let sign = if hundredths < 0 { "-" } else { "" };
        let typed = format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100);
        let mut faults = Faults::default();
        prop_assert_eq!(super::hundredths(typed.parse().unwrap(), &mut faults), hundredths);
        prop_assert_eq!(faults, Faults::default());
    }

    #[test]
    fn without_rounding_no_more_than_half_a_cent_is_lost(cents in 1..=MAX_CENTS, hundredths in -9000..=50_000_i32) {
        let exact = i128::from(cents) * i128::from(10_000 + hundredths);
        match reckoning(percent(f64::from(hundredths) / 100.0), None, Direction::Nearest).after(cents) {
            Some(1) => prop_assert!(exact < 15_000),
            Some(after) => {
                let lost = exact - i128::from(after) * 10_000;
                prop_assert!((-5000..5000).contains(&lost), "{lost}");
            }
            None => prop_assert!(exact >= i128::from(MAX_CENTS) * 10_000 + 5000),
        }
    }

    #[test]
    fn what_is_dearer_never_becomes_cheaper(
        rule in rules(), to in endings(), direction in directions(),
        one in 1..=MAX_CENTS, more in 0..=2000_i64,
    ) {
        let reckoning = reckoning(rule, to, direction);
        if let (Some(cheap), Some(dear)) = (reckoning.after(one), reckoning.after((one + more).min(MAX_CENTS))) {
            prop_assert!(cheap <= dear, "{} > {}", cheap, dear);
        }
    }

    #[test]
    fn every_price_can_be_asked_and_ends_as_it_is_wanted(
        rule in rules(), to in endings(), direction in directions(), cents in 1..=MAX_CENTS,
    ) {
        if let Some(after) = reckoning(rule, to, direction).after(cents) {
            prop_assert!((1..=MAX_CENTS).contains(&after));
            match to {
                None => {}
                Some(Ending::Tens) => prop_assert_eq!(after % 10, 0),
                Some(Ending::Fifties) => prop_assert_eq!(after % 50, 0),
                Some(Ending::Ninety) => prop_assert_eq!(after % 100, 90),
            }
        }
    }

    #[test]
    fn rounding_goes_where_it_is_told_and_no_further_than_it_must(
        cents in 100..=990_000_i64, amount in -9..=2000_i64, to in endings(), direction in directions(),
    ) {
        let rule = Rule::Amount { cents: amount };
        let rounding = reckoning(rule, to, direction);
        let (exact, after) = ((cents + amount) * CENT, rounding.after(cents).unwrap() * CENT);
        let step = rounding.step * CENT;
        match direction {
            Direction::Nearest => prop_assert!((after - exact).abs() * 2 <= step),
            Direction::Up => prop_assert!((0..step).contains(&(after - exact))),
            Direction::Down => prop_assert!((0..step).contains(&(exact - after))),
        }
    }

    #[test]
    fn nothing_percent_without_rounding_changes_nothing(cents in 1..=MAX_CENTS) {
        prop_assert_eq!(reckoning(percent(0.0), None, Direction::Nearest).after(cents), Some(cents));
    }
}
