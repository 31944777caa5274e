//! What a text, a number or an address has to be like: each kind of rule is said once, for everything that comes from
//! outside.

use std::fmt::Display;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::Error;
use crate::fault::{Fault, none};

/// The rules that something breaks. None repeats what was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// The years in which anything at the bar can happen. A database or a browser stumbles over others.
const YEARS: RangeInclusive<i64> = 2000..=2100;
/// As long as an address may be, for letters and for the web.
const ADDRESS: usize = 254;

impl Faults {
    /// Nothing, or the error that names them all.
    pub fn finish(self) -> Result<(), Error> {
        self.finish_as(Error::Invalid)
    }

    /// Nothing, or the error of another kind that names them all.
    pub fn finish_as(self, error: impl FnOnce(Vec<Fault>) -> Error) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(error(self.0)) }
    }

    /// Adds a broken rule; the same at the same place is told once.
    pub fn add(&mut self, pointer: &str, code: &'static str, params: Value) {
        if !self.0.iter().any(|told| told.pointer == pointer && told.code == code) {
            self.0.push(Fault::new(pointer, code, params));
        }
    }

    /// Adds what is broken in a part that stands at `place`; the other field of a rule about two stands there too.
    pub fn under(&mut self, place: impl Display, part: Self) {
        for mut fault in part.0 {
            if let Some(Value::String(other)) = fault.params.get_mut("other") {
                other.insert_str(0, &place.to_string());
            }
            self.add(&format!("{place}{}", fault.pointer), fault.code, fault.params);
        }
    }

    /// A rule without figures, which holds or is broken.
    pub fn unless(&mut self, holds: bool, pointer: &str, code: &'static str) {
        if !holds {
            self.add(pointer, code, none());
        }
    }

    /// A text on one line that has to be there.
    pub fn line(&mut self, pointer: &str, text: &str, max: usize) {
        if text.is_empty() {
            return self.add(pointer, "missing", none());
        }
        self.words(pointer, text, max);
        self.unless(!text.chars().any(breaks_the_line), pointer, "forbidden_characters");
    }

    /// A text on one line, if there is one.
    pub fn optional_line(&mut self, pointer: &str, text: Option<&str>, max: usize) {
        match text {
            None => {}
            Some("") => self.add(pointer, "blank", none()),
            Some(text) => self.line(pointer, text, max),
        }
    }

    /// A longer text, if there is one; it may have several lines.
    pub fn text(&mut self, pointer: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.words(pointer, text, max);
        }
    }

    /// What holds for every text.
    fn words(&mut self, pointer: &str, text: &str, max: usize) {
        if text.chars().nth(max).is_some() {
            return self.add(pointer, "too_long", json!({ "max": max }));
        }
        self.unless(!text.chars().any(is_forbidden), pointer, "forbidden_characters");
        self.unless(text.chars().any(is_seen), pointer, "blank");
    }

    /// A number that lies within a range, if there is one.
    pub fn within(&mut self, pointer: &str, number: Option<impl Into<i64>>, range: RangeInclusive<i64>) {
        if number.is_some_and(|number| !range.contains(&number.into())) {
            self.add(pointer, "out_of_range", json!({"min": range.start(), "max": range.end()}));
        }
    }

    /// A list that is not endless. Of one that is, nothing else is worth telling.
    pub fn at_most<T>(&mut self, pointer: &str, list: &[T], max: usize) -> bool {
        if list.len() > max {
            self.add(pointer, "too_many", json!({ "max": max }));
        }
        list.len() <= max
    }

    /// A moment within the years that count, if there is one.
    pub fn moment(&mut self, pointer: &str, moment: Option<DateTime<Utc>>) {
        self.within(pointer, moment.map(|moment| moment.year()), YEARS);
    }

    /// What ends has begun before, as far as both are known.
    pub fn beginning_before_end<T: PartialOrd>(&mut self, begins: (&str, Option<T>), ends: (&str, Option<T>)) {
        if let (Some(beginning), Some(end)) = (begins.1, ends.1)
            && end <= beginning
        {
            self.add(ends.0, "not_after", json!({ "other": begins.0 }));
        }
    }

    /// A name for addresses: small letters, digits and hyphens, and no id, which would be taken for another's.
    pub fn slug(&mut self, pointer: &str, slug: &str, max: usize) {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if slug.is_empty() {
            self.add(pointer, "missing", none());
        } else if slug.chars().nth(max).is_some() {
            self.add(pointer, "too_long", json!({ "max": max }));
        } else {
            self.unless(slug.chars().all(plain), pointer, "not_a_slug");
            self.unless(slug.parse::<Uuid>().is_err(), pointer, "looks_like_an_id");
        }
    }

    /// An e-mail address, if there is one; whether anybody reads there, only a letter would tell.
    pub fn email(&mut self, pointer: &str, text: Option<&str>) {
        self.unless(text.is_none_or(is_email), pointer, "not_an_email");
    }

    /// An address in the web, if there is one.
    pub fn web_address(&mut self, pointer: &str, text: Option<&str>) {
        self.unless(text.is_none_or(is_web_address), pointer, "not_a_web_address");
    }

    /// A phone number, if there is one.
    pub fn phone(&mut self, pointer: &str, text: Option<&str>) {
        self.unless(text.is_none_or(is_phone), pointer, "not_a_phone_number");
    }

    /// A country, if there is one.
    pub fn country(&mut self, pointer: &str, text: Option<&str>) {
        let known = |code: &str| COUNTRIES.split(' ').any(|country| country == code);
        self.unless(text.is_none_or(known), pointer, "not_a_country");
    }

    /// A time zone by its IANA name.
    pub fn time_zone(&mut self, pointer: &str, text: &str) {
        if text.parse::<chrono_tz::Tz>().is_err() {
            self.add(pointer, "unknown_time_zone", json!({"example": "Europe/Berlin"}));
        }
    }
}

/// What ends a line; the last two are Unicode's own.
fn breaks_the_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')
}

/// PostgreSQL stores no NUL, and what turns the direction of a line makes a page say what nobody wrote.
fn is_forbidden(letter: char) -> bool {
    let turns = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (letter.is_control() && !breaks_the_line(letter))
}

/// Whether a reader sees it: no blank, and nothing without a width.
fn is_seen(letter: char) -> bool {
    let unseen = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !letter.is_whitespace() && !unseen
}

/// Whether it stands in an address as it is.
fn is_of_address(letter: char) -> bool {
    is_seen(letter) && !is_forbidden(letter) && !letter.is_control() && !"<>\"\\".contains(letter)
}

fn is_email(text: &str) -> bool {
    let (name, host) = text.split_once('@').unwrap_or_default();
    let shown = text.chars().all(|letter| is_of_address(letter) && !"(),;".contains(letter));
    let whole = host.contains('.') && !host.contains('@') && host.split('.').all(|part| !part.is_empty());
    text.len() <= ADDRESS && !name.is_empty() && whole && shown
}

/// The parser forgives blanks and missing slashes; a link on a page should not need that.
fn is_web_address(text: &str) -> bool {
    let begins = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    let shown = text.len() <= ADDRESS && text.chars().all(is_of_address);
    let nobody = |url: &url::Url| url.username().is_empty() && url.password().is_none();
    begins && shown && text.parse().is_ok_and(|url: url::Url| url.has_host() && nobody(&url))
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.len() <= 32 && digits >= 3 && text.chars().all(|sign| sign.is_ascii_digit() || " +-/()".contains(sign))
}

/// The countries of ISO 3166-1.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
    BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ \
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO \
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW \
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests;
