//! The query parameters of a request: each is known and well-formed, or the answer names it.

use std::str::FromStr;

use serde_json::json;
use utoipa::IntoParams;

use crate::error::Error;
use crate::fault::{Fault, none};
use crate::menu::text::Locale;

/// In which language.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a parameter for the document")]
pub struct Language {
    /// The language of the texts: de (default), en, es.
    #[param(required = false)]
    locale: Locale,
}

/// The parameters of a request, taken one by one; what is left at the end is unknown.
#[derive(Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    found: Vec<&'static str>,
    faults: Vec<Fault>,
}

/// As many faults as anybody reads; the rest would only make the answer to a bad question longer than the question.
const FAULTS: usize = 20;

impl Params {
    /// The parameters of a query string.
    pub fn parse(query: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self { pairs: pairs.into_owned().collect(), ..Self::default() }
    }

    /// A parameter that may come once.
    pub fn one(&mut self, name: &'static str) -> Option<String> {
        let values = self.take(name);
        if values.len() > 1 {
            self.fault(name, "given_twice", none());
        }
        values.into_iter().next()
    }

    /// A parameter that may come several times; a comma is part of its value.
    pub fn every(&mut self, name: &'static str) -> Vec<String> {
        self.take(name)
    }

    /// A parameter that may come several times, or once with commas.
    pub fn list(&mut self, name: &'static str) -> Vec<String> {
        let values = self.take(name);
        values.iter().flat_map(|value| value.split(',')).map(str::to_owned).filter(|value| !value.is_empty()).collect()
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        let text = self.one(name).filter(|text| !text.is_empty())?;
        match i64::from_str(&text) {
            Ok(number) if (min..=max).contains(&number) => Some(number),
            _ => {
                self.fault(name, "out_of_range", json!({"min": min, "max": max}));
                None
            }
        }
    }

    /// Yes or no; absent or empty is neither.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.one(name).as_deref() {
            None | Some("") => None,
            Some("true" | "1") => Some(true),
            Some("false" | "0") => Some(false),
            Some(_) => {
                self.fault(name, "one_of", json!({"allowed": ["true", "false"]}));
                None
            }
        }
    }

    /// One of the words in `table`.
    pub fn word<T: Copy>(&mut self, name: &'static str, table: &[(&str, T)]) -> Option<T> {
        let text = self.one(name).filter(|text| !text.is_empty())?;
        self.lookup(name, &text, table)
    }

    /// Some of the words in `table`.
    pub fn words<T: Copy>(&mut self, name: &'static str, table: &[(&str, T)]) -> Vec<T> {
        let texts = self.list(name);
        texts.iter().filter_map(|text| self.lookup(name, text, table)).collect()
    }

    /// Says that a parameter breaks a rule.
    pub fn fault(&mut self, name: &str, code: &'static str, params: serde_json::Value) {
        let pointer = format!("?{}", name.chars().take(64).collect::<String>());
        let told = self.faults.iter().any(|fault| fault.pointer == pointer && fault.code == code);
        if !told && self.faults.len() < FAULTS {
            self.faults.push(Fault::new(pointer, code, params));
        }
    }

    /// Whether any parameter but this one was given.
    pub fn any_taken_but(&self, name: &str) -> bool {
        self.found.iter().any(|found| *found != name)
    }

    /// Nothing is left and nothing was wrong.
    pub fn finish(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            let known = json!({"known": self.known});
            self.fault(&name, "unknown_parameter", known);
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults)) }
    }

    fn take(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        let mut values: Vec<String> =
            self.pairs.extract_if(.., |(key, _)| key == name).map(|(_, value)| value).collect();
        if !values.is_empty() {
            self.found.push(name);
        }
        // PostgreSQL would not even take a question with a NUL in it.
        if values.extract_if(.., |value| value.contains('\0')).count() > 0 {
            self.fault(name, "forbidden_characters", none());
        }
        values
    }

    fn lookup<T: Copy>(&mut self, name: &str, text: &str, table: &[(&str, T)]) -> Option<T> {
        let found = table.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let allowed: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
            self.fault(name, "one_of", json!({ "allowed": allowed }));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Params;
    use crate::error::Error;

    fn faults(params: Params) -> Vec<(String, &'static str)> {
        match params.finish() {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_come_with_commas_or_repeated() {
        let mut params = Params::parse(Some("without=milk,eggs&without=fish&without="));
        assert_eq!(params.list("without"), ["milk", "eggs", "fish"]);
        params.finish().unwrap();
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let mut params = Params::parse(Some("limit=0&by_glass=perhaps&colour=red&locale=de&locale=en"));
        assert_eq!(params.number("limit", 1, 100), None);
        assert_eq!(params.flag("by_glass"), None);
        params.one("locale");
        let expected = [
            ("?limit", "out_of_range"),
            ("?by_glass", "one_of"),
            ("?locale", "given_twice"),
            ("?colour", "unknown_parameter"),
        ];
        assert_eq!(faults(params), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }
}
