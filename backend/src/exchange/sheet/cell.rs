//! One cell: how each kind of value is spelled in it and read from it.

use std::collections::BTreeSet;
use std::str::FromStr;

use sea_orm::Iterable;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::exchange::price;
use crate::fault::none;
use crate::menu::item::{Alcohol, Kind, Role};
use crate::menu::serving::Unit;
use crate::menu::substance::Substance;
use crate::menu::wine::{Category, Color, Grape, Grapes, Sweetness};

/// Why a cell cannot be read: a rule and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// The rule that is broken.
    pub code: &'static str,
    /// The rule's figures.
    pub params: Value,
}

impl Misread {
    /// A rule without figures.
    pub fn plain(code: &'static str) -> Self {
        Self { code, params: none() }
    }
}

/// A value that stands in a cell.
pub trait Cell {
    /// The cell of the value; of nothing, an empty one.
    fn spelled(&self) -> String;
    /// Takes the value of a cell.
    fn read(&mut self, cell: &str) -> Result<(), Misread>;
}

/// A price in cents, which has to be there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Price(pub Option<i64>);

/// A set of substances, by their codes.
pub type Substances = BTreeSet<Substance>;

/// A value that is one of a few words, the same as in the API.
trait Word: Copy + Serialize + DeserializeOwned + Iterable {}

impl Word for Kind {}
impl Word for Role {}
impl Word for Alcohol {}
impl Word for Color {}
impl Word for Category {}
impl Word for Sweetness {}
impl Word for Unit {}

impl Cell for String {
    fn spelled(&self) -> String {
        self.clone()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        cell.clone_into(self);
        Ok(())
    }
}

impl Cell for Option<String> {
    fn spelled(&self) -> String {
        self.clone().unwrap_or_default()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        *self = Some(cell.to_owned()).filter(|text| !text.is_empty());
        Ok(())
    }
}

impl Cell for bool {
    fn spelled(&self) -> String {
        if *self { "ja" } else { "nein" }.to_owned()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        *self = match cell.trim().to_lowercase().as_str() {
            "ja" | "yes" | "true" | "wahr" | "1" | "x" => true,
            "nein" | "no" | "false" | "falsch" | "0" => false,
            "" => return Err(Misread::plain("missing")),
            _ => return Err(one_of(["ja", "nein"])),
        };
        Ok(())
    }
}

impl<T: Word> Cell for T {
    fn spelled(&self) -> String {
        word(self)
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        let mut given = None;
        given.read(cell)?;
        *self = given.ok_or(Misread::plain("missing"))?;
        Ok(())
    }
}

impl<T: Word> Cell for Option<T> {
    fn spelled(&self) -> String {
        self.as_ref().map(word).unwrap_or_default()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        let given = cell.trim().to_lowercase();
        *self = match T::iter().find(|value| word(value) == given) {
            None if !given.is_empty() => return Err(one_of(T::iter().map(|value| word(&value)))),
            found => found,
        };
        Ok(())
    }
}

/// The enum's word in the API, so that files and API speak alike.
fn word(value: &impl Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

fn one_of(allowed: impl IntoIterator<Item = impl Serialize>) -> Misread {
    let allowed: Vec<Value> = allowed.into_iter().map(|word| json!(word)).collect();
    Misread { code: "one_of", params: json!({ "allowed": allowed }) }
}

impl Cell for Option<i16> {
    fn spelled(&self) -> String {
        self.map(|number| number.to_string()).unwrap_or_default()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        *self = whole(cell)?;
        Ok(())
    }
}

impl Cell for Option<i32> {
    fn spelled(&self) -> String {
        self.map(|number| number.to_string()).unwrap_or_default()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        *self = whole(cell)?;
        Ok(())
    }
}

fn whole<T: FromStr>(cell: &str) -> Result<Option<T>, Misread> {
    let wrong = |_| Misread { code: "wrong_type", params: json!({"expected": "a whole number"}) };
    Some(cell.trim()).filter(|cell| !cell.is_empty()).map(|cell| cell.parse().map_err(wrong)).transpose()
}

impl Cell for Price {
    fn spelled(&self) -> String {
        let spelled = |cents: i64| price::spelled(cents).trim_end_matches(" €").to_owned();
        self.0.map(spelled).unwrap_or_default()
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        if cell.trim().is_empty() {
            return Err(Misread::plain("missing"));
        }
        let unclear =
            |unclear: price::Unclear| Misread { code: "not_a_price", params: json!({ "hint": unclear.to_string() }) };
        self.0 = Some(price::parse(cell).map_err(unclear)?);
        Ok(())
    }
}

impl Cell for Substances {
    fn spelled(&self) -> String {
        self.iter().map(|substance| substance.code()).collect::<Vec<_>>().join(", ")
    }

    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        let codes = cell.split([',', ';']).map(|code| code.trim().to_lowercase()).filter(|code| !code.is_empty());
        let found: Option<Self> = codes.map(|code| Substance::find(&code)).collect();
        *self = found.ok_or_else(|| one_of(Substance::all().map(Substance::code)))?;
        Ok(())
    }
}

impl Cell for Grapes {
    fn spelled(&self) -> String {
        let grape = |grape: &Grape| match grape.percent {
            Some(percent) => format!("{percent} % {}", grape.variety),
            None => grape.variety.clone(),
        };
        self.0.iter().map(grape).collect::<Vec<_>>().join(", ")
    }

    /// Strict, unlike the importer of the old card: a share that cannot be read is no share that is left out.
    fn read(&mut self, cell: &str) -> Result<(), Misread> {
        let grape = |part: &str| match part.split_once('%') {
            None => Some(Grape { variety: part.to_owned(), percent: None }),
            Some((share, variety)) => Some(Grape {
                percent: Some(share.trim().parse().ok()?),
                variety: Some(variety.trim()).filter(|variety| !variety.is_empty())?.to_owned(),
            }),
        };
        let parts = cell.split(',').map(str::trim).filter(|part| !part.is_empty());
        let example = || Misread { code: "not_grapes", params: json!({"example": "60 % Tempranillo, Graciano"}) };
        self.0 = parts.map(grape).collect::<Option<_>>().ok_or_else(example)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cell, Grapes, Misread, Price, Substances};
    use crate::menu::serving::MAX_CENTS;
    use crate::menu::substance::Substance;
    use crate::menu::wine::{Color, Grape};

    fn read<T: Cell + Default>(cell: &str) -> Result<String, Misread> {
        let mut value = T::default();
        value.read(cell).map(|()| value.spelled())
    }

    #[test]
    fn cells_are_read_as_people_fill_them() {
        for (yes, no) in [("ja", "nein"), ("Yes", "NO"), ("true", "false"), ("1", "0"), (" x ", "falsch")] {
            assert_eq!((read::<bool>(yes), read::<bool>(no)), (Ok("ja".to_owned()), Ok("nein".to_owned())));
        }
        assert_eq!(read::<Option<i32>>(" 750 "), Ok("750".to_owned()));
        assert_eq!(read::<Option<Color>>("Red"), Ok("red".to_owned()));
        assert_eq!(read::<Price>("7.5 €"), Ok("7,50".to_owned()));
        assert_eq!(read::<Substances>("eggs, Milk;"), Ok("eggs, milk".to_owned()));
        assert_eq!(read::<Grapes>("60% Tempranillo,Graciano"), Ok("60 % Tempranillo, Graciano".to_owned()));
    }

    #[test]
    fn what_is_wrong_in_a_cell_is_a_rule() {
        let code = |read: Result<String, Misread>| read.unwrap_err().code;
        assert_eq!(code(read::<bool>("vielleicht")), "one_of");
        assert_eq!(code(read::<bool>("")), "missing");
        assert_eq!(code(read::<Option<i16>>("2021er")), "wrong_type");
        assert_eq!(code(read::<Option<Color>>("blau")), "one_of");
        assert_eq!(code(read::<Substances>("milk, glück")), "one_of");
        assert_eq!(code(read::<Grapes>("viel % Syrah")), "not_grapes");
        assert_eq!(code(read::<Price>(" ")), "missing");
        let unclear = read::<Price>("6,500€").unwrap_err();
        assert_eq!((unclear.code, unclear.params["hint"].as_str()), ("not_a_price", Some("could be 6,50 € or 6500 €")));
    }

    proptest! {
        #[test]
        fn prices_come_back(cents in 1..=MAX_CENTS) {
            let mut price = Price(None);
            price.read(&Price(Some(cents)).spelled()).unwrap();
            prop_assert_eq!(price.0, Some(cents));
        }

        #[test]
        fn grapes_and_substances_come_back(
            grapes in prop::collection::vec(("[A-Za-zä’ -]{0,8}[a-z]", prop::option::of(1..=100_u8)), 0..4),
            some in prop::collection::vec(any::<bool>(), 50),
        ) {
            let trimmed = |(variety, percent): (String, _)| Grape { variety: variety.trim().to_owned(), percent };
            let grapes = Grapes(grapes.into_iter().map(trimmed).collect());
            let mut read = Grapes::default();
            read.read(&grapes.spelled()).unwrap();
            prop_assert_eq!(read, grapes);
            let known: Substances = Substance::all().zip(some).filter(|(_, there)| *there).map(|(one, _)| one).collect();
            let mut read = Substances::new();
            read.read(&known.spelled()).unwrap();
            prop_assert_eq!(read, known);
        }
    }
}
