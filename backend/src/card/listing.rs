//! A list of items, filtered and by pages, in the order of the card.

use serde::Serialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::document::{Card, Item};
use super::filter::Filter;
use super::params::Params;
use crate::error::Error;
use crate::fault::none;
use crate::menu::item::Kind;
use crate::menu::text::Locale;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listing {
    /// The card's revision.
    pub revision: i64,
    /// The language of the texts.
    pub locale: Locale,
    /// The currency of all prices (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: &'static str,
    /// How many items answer the filter, on all pages.
    pub total: usize,
    /// This page.
    pub items: Vec<Item>,
    /// Ask with this `cursor` for the next page; absent on the last.
    pub next_cursor: Option<String>,
}

/// Which page of a list, and in which language.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters that `Question` takes")]
pub struct Paging {
    /// The language of the texts: de (default), en, es.
    #[param(required = false)]
    locale: Locale,
    /// How many items a page has.
    #[param(required = false, minimum = 1, maximum = 100, default = 100)]
    limit: u8,
    /// Where the page begins: `next_cursor` of the page before.
    #[param(required = false)]
    cursor: String,
}

/// What a request asks of a list.
#[derive(Debug)]
pub struct Question {
    filter: Filter,
    limit: usize,
    cursor: Option<String>,
}

impl Question {
    /// Takes the parameters of a list.
    pub fn take(params: &mut Params) -> Self {
        let limit = params.number("limit", 1, 100).and_then(|limit| usize::try_from(limit).ok());
        Self { limit: limit.unwrap_or(100), cursor: params.one("cursor"), filter: Filter::take(params) }
    }

    /// The page that answers.
    pub fn answer(&self, card: &Card, kind: Kind) -> Result<Listing, Error> {
        let slugs: Vec<&str> = card.sections(kind.menu()).iter().map(|section| section.slug.as_str()).collect();
        if self.filter.section.iter().any(|section| !slugs.contains(&section.as_str())) {
            return Err(Error::invalid("?section", "one_of", json!({ "allowed": slugs })));
        }
        let sections = card.sections(kind.menu()).iter();
        let mut listed =
            sections.flat_map(|section| section.items.iter().map(move |item| (item, section.slug.as_str())));
        let total = listed.clone().filter(|(item, section)| self.filter.answers(item, section)).count();
        if let Some(cursor) = &self.cursor {
            // The cursor names the last item of the page before, whether or not it still answers the filter.
            if !listed.any(|(item, _)| item.id.to_string() == *cursor) {
                return Err(Error::invalid("?cursor", "unknown_cursor", none()));
            }
        }
        let mut answering = listed.filter(|(item, section)| self.filter.answers(item, section)).map(|(item, _)| item);
        let items: Vec<Item> = answering.by_ref().take(self.limit).cloned().collect();
        let more = answering.next().is_some();
        Ok(Listing {
            revision: card.revision,
            locale: card.locale,
            currency: card.currency,
            total,
            next_cursor: items.last().filter(|_| more).map(|item| item.id.to_string()),
            items,
        })
    }
}
