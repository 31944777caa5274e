//! Prices as people print them, into cents.

use thiserror::Error;

use crate::menu::serving::MAX_CENTS;

/// Why a printed price is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unclear {
    /// Nothing is free; in the old system it says that something is not sold this way.
    #[error("the price is 0.00")]
    Zero,
    /// Less than nothing.
    #[error("the price is negative")]
    Negative,
    /// Three digits after the only point: thousands or a slip of the finger.
    #[error("could be {} or {} €", spelled(*.cents), .euros)]
    ThreeDecimals {
        /// Read with a decimal point, and cut after two digits.
        cents: i64,
        /// Read with a thousands point.
        euros: i64,
    },
    /// Above what any card asks.
    #[error("is more than {}", spelled(MAX_CENTS))]
    TooHigh,
    /// No price at all.
    #[error("is no price")]
    NotAPrice,
}

/// The spaces that people and programs print between thousands: plain, no-break, thin and narrow no-break.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// Reads `4,00€`, `€29,50`, `9`, `3,9 €`, `12.90`, `1.250,00 €` or `1 250,00 €`.
pub fn parse(printed: &str) -> Result<i64, Unclear> {
    let figure = without_currency(printed.trim()).trim();
    if let Some(figure) = figure.strip_prefix(['-', '−', '–']) {
        return Err(if is_figure(figure) { Unclear::Negative } else { Unclear::NotAPrice });
    }
    let figure = without_spaces(figure).filter(|figure| is_figure(figure)).ok_or(Unclear::NotAPrice)?;
    let (whole, decimals) = match figure.rsplit_once([',', '.']) {
        None => (figure.clone(), ""),
        Some((whole, decimals)) if decimals.len() <= 2 => (without_thousands(whole, &figure)?, decimals),
        Some((whole, decimals)) if decimals.len() == 3 => return Err(three_decimals(whole, decimals)),
        Some(_) => return Err(Unclear::NotAPrice),
    };
    in_range(cents(&whole, decimals).ok_or(Unclear::TooHigh)?)
}

/// Reads a price that is a number: in its shortest spelling, which is the one that was typed.
pub fn from_number(number: f64) -> Result<i64, Unclear> {
    if number.is_finite() { parse(&number.to_string()) } else { Err(Unclear::NotAPrice) }
}

/// A price as the report prints it.
pub fn spelled(cents: i64) -> String {
    format!("{},{:02} €", cents / 100, cents % 100)
}

fn without_currency(printed: &str) -> &str {
    let lower = printed.to_lowercase();
    for sign in ["€", "euro", "eur"] {
        if lower.len() == printed.len() {
            if lower.starts_with(sign) {
                return printed.get(sign.len()..).unwrap_or(printed);
            }
            if lower.ends_with(sign) {
                return printed.get(..printed.len() - sign.len()).unwrap_or(printed);
            }
        }
    }
    printed
}

/// The figure without the spaces between its thousands. Any other space may be a lost comma: "9 50" is not 950.
fn without_spaces(figure: &str) -> Option<String> {
    let (whole, decimals) = figure.split_at(figure.find([',', '.']).unwrap_or(figure.len()));
    let Some((first, rest)) = whole.split_once(SPACES) else { return Some(figure.to_owned()) };
    let rest: Vec<&str> = rest.split(SPACES).collect();
    let grouped = first.len() <= 3 && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3);
    grouped.then(|| format!("{first}{}{decimals}", rest.concat()))
}

fn is_figure(figure: &str) -> bool {
    let bounded = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    bounded(figure.chars().next())
        && bounded(figure.chars().next_back())
        && figure.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ',' | '.'))
}

/// The whole euros without their thousands points, which must be the other sign than the decimal one.
fn without_thousands(whole: &str, figure: &str) -> Result<String, Unclear> {
    let decimal = if figure.rfind(',') > figure.rfind('.') { ',' } else { '.' };
    let mut groups = whole.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    if !grouped || whole.contains(decimal) {
        return Err(Unclear::NotAPrice);
    }
    Ok(format!("{first}{}", rest.concat()))
}

fn three_decimals(whole: &str, decimals: &str) -> Unclear {
    let two = decimals.get(..2).unwrap_or(decimals);
    match (cents(whole, two), format!("{whole}{decimals}").parse()) {
        (Some(cents), Ok(euros)) => Unclear::ThreeDecimals { cents, euros },
        _ => Unclear::NotAPrice,
    }
}

fn cents(whole: &str, decimals: &str) -> Option<i64> {
    let decimals = match decimals.len() {
        0 => 0,
        1 => decimals.parse::<i64>().ok()? * 10,
        _ => decimals.parse().ok()?,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(decimals)
}

fn in_range(cents: i64) -> Result<i64, Unclear> {
    match cents {
        0 => Err(Unclear::Zero),
        cents if cents > MAX_CENTS => Err(Unclear::TooHigh),
        cents => Ok(cents),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SPACES, Unclear, from_number, parse, spelled};
    use crate::menu::serving::MAX_CENTS;

    #[test]
    fn prices_are_read_as_people_print_them() {
        for (printed, cents) in [
            ("4,00€", 400),
            ("€29,50", 2950),
            ("9", 900),
            ("3,9€", 390),
            ("7,50 €", 750),
            ("7.5", 750),
            ("12.90", 1290),
            ("\u{a0}8 EUR", 800),
            ("1.250,00 €", 125_000),
            ("1,250.00", 125_000),
            (" \t12,90\u{202f}€\n", 1290),
            ("€ 29,50", 2950),
            ("1 250,00 €", 125_000),
            ("1\u{a0}250,00\u{a0}€", 125_000),
            ("1\u{202f}250.00€", 125_000),
            ("€\u{2009}1\u{2009}250", 125_000),
            ("10 000", 1_000_000),
        ] {
            assert_eq!(parse(printed), Ok(cents), "{printed}");
        }
    }

    #[test]
    fn what_is_no_certain_price_is_refused() {
        for (printed, unclear) in [
            ("6,500€", Unclear::ThreeDecimals { cents: 650, euros: 6500 }),
            ("0", Unclear::Zero),
            ("0,00 €", Unclear::Zero),
            ("-4,00 €", Unclear::Negative),
            ("abc", Unclear::NotAPrice),
            ("", Unclear::NotAPrice),
            ("€", Unclear::NotAPrice),
            ("-", Unclear::NotAPrice),
            ("NaN", Unclear::NotAPrice),
            ("1e400", Unclear::NotAPrice),
            ("ab 5,00", Unclear::NotAPrice),
            ("5,00,00", Unclear::NotAPrice),
            ("4,00 €/5,00 €", Unclear::NotAPrice),
            ("9 50€", Unclear::NotAPrice),
            ("9\u{a0}50 €", Unclear::NotAPrice),
            ("9 5", Unclear::NotAPrice),
            ("9, 50", Unclear::NotAPrice),
            ("9 ,50", Unclear::NotAPrice),
            ("9,5 0", Unclear::NotAPrice),
            ("9,50 250", Unclear::NotAPrice),
            ("1  250,00", Unclear::NotAPrice),
            ("1\t250,00", Unclear::NotAPrice),
            ("1\n250,00", Unclear::NotAPrice),
            ("0 250,00", Unclear::NotAPrice),
            ("1250 000", Unclear::NotAPrice),
            ("1 250.000,00", Unclear::NotAPrice),
            ("1.250 000,00", Unclear::NotAPrice),
            ("8 E UR", Unclear::NotAPrice),
            ("1 250,000", Unclear::ThreeDecimals { cents: 125_000, euros: 1_250_000 }),
            ("1 250 000", Unclear::TooHigh),
            ("10000,01", Unclear::TooHigh),
            ("99999999999999999999", Unclear::TooHigh),
        ] {
            assert_eq!(parse(printed), Err(unclear), "{printed}");
        }
        assert_eq!(Unclear::ThreeDecimals { cents: 650, euros: 6500 }.to_string(), "could be 6,50 € or 6500 €");
    }

    #[test]
    fn numbers_are_read_as_they_were_typed() {
        assert_eq!(from_number(49.11), Ok(4911));
        assert_eq!(from_number(25.0), Ok(2500));
        assert_eq!(from_number(-4.5), Err(Unclear::Negative));
        assert_eq!(from_number(0.0), Err(Unclear::Zero));
        assert_eq!(from_number(f64::NAN), Err(Unclear::NotAPrice));
        assert_eq!(from_number(f64::INFINITY), Err(Unclear::NotAPrice));
        assert_eq!(from_number(1e300), Err(Unclear::TooHigh));
    }

    proptest! {
        #[test]
        fn every_price_survives_every_spelling(cents in 1..=MAX_CENTS) {
            let (whole, part) = (cents / 100, cents % 100);
            prop_assert_eq!(parse(&spelled(cents)), Ok(cents));
            prop_assert_eq!(parse(&format!("{whole},{part:02}€")), Ok(cents));
            prop_assert_eq!(parse(&format!("€{whole}.{part:02}")), Ok(cents));
            if whole >= 1000 {
                for space in SPACES {
                    let (thousands, rest) = (whole / 1000, whole % 1000);
                    prop_assert_eq!(parse(&format!("{thousands}{space}{rest:03},{part:02}{space}€")), Ok(cents));
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "a million cents fit")]
            let number = cents as f64 / 100.0;
            prop_assert_eq!(from_number(number), Ok(cents));
            if part % 10 == 0 {
                prop_assert_eq!(parse(&format!("{whole},{}", part / 10)), Ok(cents));
            }
        }

        #[test]
        fn only_thousands_have_a_gap(
            groups in prop::collection::vec("[0-9]{1,4}", 2..4),
            gap in "[ \\t\\n\u{a0}\u{2009}\u{202f}\u{3000}]{1,2}",
            decimals in "([.,][0-9]{1,3})?",
            currency in prop::sample::select(vec!["", "€", " €", " EUR"]),
        ) {
            let read = parse(&format!("{}{decimals}{currency}", groups.join(&gap)));
            let (first, rest) = groups.split_first().unwrap();
            let thousands = first.len() <= 3 && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3);
            let one_space = SPACES.iter().any(|space| gap == space.to_string());
            if thousands && one_space {
                prop_assert_eq!(read, parse(&format!("{}{decimals}", groups.concat())));
            } else {
                prop_assert_eq!(read, Err(Unclear::NotAPrice));
            }
        }

        #[test]
        fn no_gap_makes_another_price(cents in 1..=MAX_CENTS, place in any::<prop::sample::Index>(), gap in "\\s") {
            let mut printed = format!("{},{:02}", cents / 100, cents % 100);
            printed.insert_str(place.index(printed.len() - 1) + 1, &gap);
            let read = parse(&printed);
            prop_assert!(read == Ok(cents) && SPACES.iter().any(|space| gap == space.to_string())
                || read == Err(Unclear::NotAPrice), "{:?} is {:?}", printed, read);
        }

        #[test]
        fn no_text_panics_or_is_negative(printed in "\\PC*") {
            prop_assert!(parse(&printed).is_ok_and(|cents| cents > 0) || parse(&printed).is_err());
        }

        #[test]
        fn no_figure_panics_or_is_negative(printed in "-?[€ ]?[0-9]{0,25}[.,]?[0-9]{0,6}[€ ]?") {
            prop_assert!(parse(&printed).is_ok_and(|cents| cents > 0) || parse(&printed).is_err());
        }

        #[test]
        fn no_number_panics_or_is_negative(number in any::<f64>()) {
            prop_assert!(from_number(number).is_ok_and(|cents| cents > 0) || from_number(number).is_err());
        }
    }
}
