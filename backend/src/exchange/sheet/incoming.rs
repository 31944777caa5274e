//! A file on its way in: read, looked at as often as anybody likes, and applied whole or not at all.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::MAX_BYTES;
use super::desk::Desk;
use super::document;
use super::export::Format;
use super::header::{self, Mapping};
use super::letters::{self, Encoding};
use super::preview::Preview;
use super::rows;
use crate::change::Change;
use crate::db::Db;
use crate::error::Error;
use crate::exchange::apply::{self, Progress};
use crate::exchange::plan::Standing;
use crate::fault::none;

/// What kind of file of ours this is, if it is one; whoever says what its headers are called knows that it is a sheet.
pub fn recognise(bytes: &[u8], mapped: bool) -> Option<Format> {
    let (text, _) = letters::read(bytes)?;
    if text.trim_start().starts_with('{') {
        let format: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let ours = format.is_some_and(|document| document.get("format").is_some_and(serde_json::Value::is_string));
        return ours.then_some(Format::Json);
    }
    (!text.trim_start().starts_with('[') && (mapped || header::is_ours(&text))).then_some(Format::Csv)
}

/// A file of the menu.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What kind of file it is.
    pub format: Format,
    /// What is written in it.
    pub text: String,
    /// How its letters were written.
    pub encoding: Encoding,
    /// What its headers are called here.
    pub mapping: Mapping,
}

impl Incoming {
    /// Reads a file's letters.
    pub fn read(bytes: &[u8], format: Format, mapping: Mapping) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge(MAX_BYTES));
        }
        let (text, encoding) = letters::read(bytes).ok_or_else(|| Error::invalid("", "not_text", none()))?;
        if format == Format::Json && encoding != Encoding::Utf8 {
            return Err(Error::Malformed("the file is not UTF-8, as all JSON is".to_owned()));
        }
        Ok(Self { format, text, encoding, mapping })
    }

    /// What it would do to a menu.
    pub fn compare(&self, standing: &Standing, at: DateTime<Utc>) -> Result<Preview, Error> {
        if self.format == Format::Json {
            return document::preview(&self.text, standing, at);
        }
        let sheet = header::read(&self.text, &self.mapping, self.encoding)?;
        let mut desk = Desk::new(standing, Vec::new(), at);
        let proposals = rows::proposals(&sheet, &mut desk);
        Ok(desk.judge(proposals))
    }

    /// What it would do to the menu as it is now. Nothing is written.
    pub async fn look(&self, db: &Db, at: DateTime<Utc>) -> Result<Preview, Error> {
        self.compare(&Standing::now(db, self.ids()).await?, at)
    }

    /// The ids that it asks for; a sheet names only what is here.
    fn ids(&self) -> Vec<Uuid> {
        if self.format == Format::Json { document::ids(&self.text) } else { Vec::new() }
    }

    /// What it would do to the menu as this database has it.
    pub async fn compare_with(&self, db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Preview, Error> {
        self.compare(&Standing::read(db, self.ids()).await?, at)
    }

    /// Does it, unless anything is refused, or it is no longer what was looked at.
    pub async fn apply(
        &self,
        change: &Change,
        looked_at: Option<&str>,
        progress: Progress<'_>,
    ) -> Result<Preview, Error> {
        let preview = self.compare_with(change.db(), change.at()).await?;
        if looked_at.is_some_and(|fingerprint| fingerprint != preview.fingerprint()) {
            return Err(Error::LookAgain);
        }
        preview.finish()?;
        apply::write(change, &preview.plan, progress).await?;
        Ok(preview)
    }
}
