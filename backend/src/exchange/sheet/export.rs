//! The menu as a file: for a spreadsheet, or for another program.

use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::columns::{self, ITEM, SERVING, WINE};
use super::document;
use super::grid;
use super::letters::MARK;
use super::line::{Line, Sold};
use crate::error::Error;
use crate::menu;
use crate::menu::item::{Item, Kind};
use crate::menu::section::{Menu, Section};
use crate::menu::serving::Serving;

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[schema(as = FileFormat)]
pub enum Format {
    /// A sheet: semicolons, UTF-8 with its mark, so that German spreadsheets open it by a double click
    #[default]
    Csv,
    /// One JSON document with everything
    Json,
}

impl Format {
    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What it is called on the web.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// The menus as a file, with what guests do not see, as they are in the database.
pub async fn read(db: &impl ConnectionTrait, menus: &[Menu], format: Format) -> Result<String, Error> {
    let sections = menu::sections::list(db).await?;
    let mut items = menu::store::list(db).await?;
    // Sections stand as on the card, not by their ids.
    let place = |item: &Item| sections.iter().position(|section| Some(section.id) == item.section);
    items.sort_by_key(|item| (item.kind, place(item).unwrap_or(usize::MAX), item.position, item.number));
    items.retain(|item| menus.contains(&item.kind.menu()));
    match format {
        Format::Csv => Ok(sheet(&items, &sections)),
        Format::Json => document::written(items.iter(), &sections, menus),
    }
}

/// One row a serving; what an item says stands in each of its rows, so that rows can be sorted and filtered.
pub fn sheet(items: &[Item], sections: &[Section]) -> String {
    let wines = items.is_empty() || items.iter().any(|item| item.kind == Kind::Wine);
    let shown = |header: &&str| wines || !WINE.iter().any(|(of_wine, _)| of_wine == header);
    let mut text = format!("{MARK}{}", grid::written(columns::headers().filter(shown).map(str::to_owned)));
    for item in items {
        let line = Line::of(item, sections);
        let mut about = vec![item.id.to_string()];
        about.extend(columns::spelled(&line, ITEM));
        if item.wine.is_some() {
            about.extend(columns::spelled(&line, WINE));
        } else if wines {
            about.extend(WINE.iter().map(|_| String::new()));
        }
        let serving =
            |serving: &Serving| [vec![serving.id.to_string()], columns::spelled(&Sold::of(serving), SERVING)].concat();
        let mut servings: Vec<Vec<String>> = item.servings.iter().map(serving).collect();
        if servings.is_empty() {
            servings.push(vec![String::new(); SERVING.len() + 1]);
        }
        for serving in servings {
            text.push_str(&grid::written(about.iter().cloned().chain(serving)));
        }
    }
    text
}
