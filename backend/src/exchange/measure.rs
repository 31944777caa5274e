//! Measures as people print them: `0,33l`, `2cl`, `1l Karaffe`, also at the end of a name.

use crate::menu::serving::Unit;

/// How much of something, and what it comes in where that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its volume in millilitres.
    pub volume_ml: i32,
    /// What it comes in, where the text says so.
    pub unit: Option<Unit>,
}

impl Measure {
    /// What it comes in, said or usual: 2 and 4 cl are shots, 0,33 l and 0,75 l are sizes of bottles and not of glasses.
    pub fn usual_unit(self) -> Unit {
        self.unit.unwrap_or(match self.volume_ml {
            ..=40 => Unit::Shot,
            330 | 700.. => Unit::Bottle,
            _ => Unit::Glass,
        })
    }
}

/// Reads a measure, if the whole text is one.
pub fn parse(text: &str) -> Option<Measure> {
    let text = text.to_lowercase();
    let mut unit = None;
    let mut figure = String::new();
    for word in text.split_whitespace() {
        match vessel(word) {
            Some(vessel) if unit.is_none() => unit = Some(vessel),
            Some(_) => return None,
            None => figure.push_str(word),
        }
    }
    Some(Measure { volume_ml: millilitres(&figure)?, unit })
}

/// The measure at the end of a name, and the name without it.
pub fn at_end(name: &str) -> Option<(&str, Measure)> {
    let starts = name.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(at, _)| at);
    let ends: Vec<usize> = starts.collect();
    let tails = ends.iter().rev().take(3).rev();
    for at in tails {
        let (rest, tail) = name.split_at(*at);
        let measure = parse(tail).or_else(|| usual_litres(tail.trim()));
        if let Some(measure) = measure.filter(|_| !rest.trim().is_empty()) {
            return Some((rest.trim(), measure));
        }
    }
    None
}

/// A volume as the report prints it.
pub fn spelled(volume_ml: i32) -> String {
    if volume_ml < 100 {
        return format!("{} cl", decimal(volume_ml, 10));
    }
    format!("{} l", decimal(volume_ml, 1000))
}

/// A figure without its unit is a measure only if every bar pours it: anything else could be a number in the name.
fn usual_litres(figure: &str) -> Option<Measure> {
    let volume_ml = match figure.replace('.', ",").as_str() {
        "0,1" => 100,
        "0,2" => 200,
        "0,25" => 250,
        "0,3" => 300,
        "0,33" => 330,
        "0,4" => 400,
        "0,5" | "0,50" => 500,
        "0,75" => 750,
        _ => return None,
    };
    Some(Measure { volume_ml, unit: None })
}

fn vessel(word: &str) -> Option<Unit> {
    Some(match word.trim_end_matches('.') {
        "karaffe" => Unit::Carafe,
        "fl" | "flasche" => Unit::Bottle,
        "glas" => Unit::Glass,
        "dose" => Unit::Can,
        "tasse" => Unit::Cup,
        _ => return None,
    })
}

fn millilitres(figure: &str) -> Option<i32> {
    let split = figure.find(|letter: char| letter.is_alphabetic())?;
    let (number, unit) = figure.split_at(split);
    let per_unit = match unit.trim_end_matches('.') {
        "l" | "liter" | "litre" => 1000,
        "cl" => 10,
        "ml" => 1,
        _ => return None,
    };
    let (whole, decimals) = number.split_once([',', '.']).unwrap_or((number, "0"));
    let plain = |digits: &str| (1..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !plain(whole) || !plain(decimals) {
        return None;
    }
    let scale = 10_i64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let scaled = (whole.parse::<i64>().ok()? * scale + decimals.parse::<i64>().ok()?) * per_unit;
    let volume_ml = i32::try_from(scaled / scale).ok()?;
    (scaled % scale == 0 && (1..=20_000).contains(&volume_ml)).then_some(volume_ml)
}

fn decimal(value: i32, per_unit: i32) -> String {
    let (whole, part) = (value / per_unit, value % per_unit);
    if part == 0 {
        return whole.to_string();
    }
    let digits = per_unit.to_string().len() - 1;
    format!("{whole},{part:0digits$}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Measure, at_end, parse, spelled};
    use crate::menu::serving::Unit;

    fn ml(volume_ml: i32) -> Measure {
        Measure { volume_ml, unit: None }
    }

    #[test]
    fn measures_are_read_as_people_print_them() {
        for (printed, measure) in [
            ("0,33l", ml(330)),
            ("0,2l", ml(200)),
            ("0.1l", ml(100)),
            ("0,50l", ml(500)),
            ("0,20 L", ml(200)),
            ("2cl", ml(20)),
            ("330 ml", ml(330)),
            ("1l Karaffe", Measure { volume_ml: 1000, unit: Some(Unit::Carafe) }),
            ("Fl. 0,75l", Measure { volume_ml: 750, unit: Some(Unit::Bottle) }),
        ] {
            assert_eq!(parse(printed), Some(measure), "{printed}");
        }
        for printed in ["", "groß", "0,2", "0l", "-1l", "0,0%", "1e9l", "99999l", "0,0005l", "l", "1l 2l"] {
            assert_eq!(parse(printed), None, "{printed}");
        }
    }

    #[test]
    fn a_measure_at_the_end_of_a_name_is_taken_only_if_it_is_certain() {
        assert_eq!(at_end("Perlwein Nube 0,1l"), Some(("Perlwein Nube", ml(100))));
        assert_eq!(at_end("Helles vom Hahn 0,2"), Some(("Helles vom Hahn", ml(200))));
        let carafe = Measure { volume_ml: 1000, unit: Some(Unit::Carafe) };
        assert_eq!(at_end("Quellwasser 1l Karaffe"), Some(("Quellwasser", carafe)));
        let bottle = Measure { volume_ml: 750, unit: Some(Unit::Bottle) };
        assert_eq!(at_end("Quellwasser Fl. 0,75l"), Some(("Quellwasser", bottle)));
        for name in ["Weizen 0,0%", "Brand 350", "Rosé 24", "0,2l", "Alter Brand 12", ""] {
            assert_eq!(at_end(name), None, "{name}");
        }
    }

    #[test]
    fn a_vessel_that_nobody_names_is_the_usual_one() {
        assert_eq!(ml(20).usual_unit(), Unit::Shot);
        assert_eq!(ml(330).usual_unit(), Unit::Bottle);
        assert_eq!(ml(200).usual_unit(), Unit::Glass);
    }

    proptest! {
        #[test]
        fn every_volume_survives_being_spelled(volume_ml in 1..20_000) {
            prop_assert_eq!(parse(&spelled(volume_ml)), Some(ml(volume_ml)));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = (parse(&text), at_end(&text));
        }
    }
}
