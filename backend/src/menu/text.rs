//! Words for guests, in the languages of the card. German is written first; the others translate it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::digest;
use crate::patch;
use crate::rules::Faults;

/// A language of the card (BCP 47).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// German, the original.
    #[default]
    De,
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// Every language of the card, the original first.
    pub const ALL: [Self; 3] = [Self::De, Self::En, Self::Es];

    /// The language's tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Locale {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag).ok_or(())
    }
}

/// A text and its translations; an empty German text is no text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"de": "Der Klassiker", "en": "The classic"}))]
pub struct Text {
    /// The original.
    #[serde(default, deserialize_with = "patch::or_empty", skip_serializing_if = "String::is_empty")]
    pub de: String,
    /// The English translation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// The Spanish translation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
}

impl Text {
    /// A text in German only.
    pub fn german(text: impl Into<String>) -> Self {
        Self { de: text.into(), en: None, es: None }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.de.is_empty()
    }

    /// The translation into `locale`, if there is one; the original counts as its own.
    pub fn translation(&self, locale: Locale) -> Option<&str> {
        match locale {
            Locale::De => Some(self.de.as_str()).filter(|text| !text.is_empty()),
            Locale::En => self.en.as_deref(),
            Locale::Es => self.es.as_deref(),
        }
    }

    /// What a reader of `locale` gets: the translation, else the original, else nothing.
    pub fn for_reader(&self, locale: Locale) -> Option<&str> {
        self.translation(locale).or_else(|| self.translation(Locale::De))
    }

    /// Sets or removes a translation; the original cannot be removed this way.
    pub fn set(&mut self, locale: Locale, text: Option<String>) {
        match locale {
            Locale::De => self.de = text.unwrap_or_default(),
            Locale::En => self.en = text,
            Locale::Es => self.es = text,
        }
    }

    /// The rules that it breaks as a name or a heading: a line that has to be there.
    pub fn check_heading(&self, max: usize) -> Faults {
        let mut faults = self.check_line(max);
        faults.unless(!self.is_empty(), "/de", "missing");
        faults
    }

    /// The rules that it breaks as a line that may be absent.
    pub fn check_line(&self, max: usize) -> Faults {
        self.check_each(|faults, pointer, text| faults.optional_line(pointer, text, max))
    }

    /// The rules that it breaks as a longer text that may be absent.
    pub fn check_text(&self, max: usize) -> Faults {
        self.check_each(|faults, pointer, text| faults.text(pointer, text, max))
    }

    /// The same rule for every language; a translation has an original.
    fn check_each(&self, rule: impl Fn(&mut Faults, &str, Option<&str>)) -> Faults {
        let mut faults = Faults::default();
        let translated = self.en.is_some() || self.es.is_some();
        faults.unless(!translated || !self.is_empty(), "/de", "missing");
        for locale in Locale::ALL {
            rule(&mut faults, &format!("/{locale}"), self.translation(locale));
        }
        faults
    }

    /// Stands for the German text, so that a translation can tell whether its original has changed since.
    pub fn source_hash(&self) -> String {
        digest::short(self.de.as_bytes())
    }
}
