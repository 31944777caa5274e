//! A heading of one of the three menus, with what stands under it.

use std::fmt;

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fold;
use super::item::MAX_SLUG;
use super::text::Text;
use crate::body::Patch;
use crate::error::Error;
use crate::fault::none;
use crate::patch;
use crate::rules::Faults;

/// One of the bar's three menus.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    EnumIter,
    DeriveActiveEnum,
)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Menu {
    /// The wine list.
    Wines,
    /// Everything else to drink.
    Drinks,
    /// Everything to eat.
    Snacks,
}

impl Menu {
    /// The menus in the order of the card.
    pub const ALL: [Self; 3] = [Self::Wines, Self::Drinks, Self::Snacks];
}

impl fmt::Display for Menu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wines => "wines",
            Self::Drinks => "drinks",
            Self::Snacks => "snacks",
        })
    }
}

/// A heading of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MenuSection)]
pub struct Section {
    /// The section.
    pub id: Uuid,
    /// The menu it belongs to.
    pub menu: Menu,
    /// Its stable name for addresses, unique in its menu.
    pub slug: String,
    /// The heading.
    pub name: Text,
    /// A line under the heading.
    #[serde(default)]
    pub description: Text,
    /// Its place in the menu, from 0.
    pub position: i32,
    /// Rises with every change.
    pub revision: i64,
}

/// A section as its editor writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"menu": "drinks", "name": {"de": "Heißes", "en": "Hot drinks"}}))]
pub struct Heading {
    /// The menu it belongs to; it stays there.
    pub menu: Menu,
    /// Its name for addresses; without, made from its name.
    #[serde(default)]
    pub slug: Option<String>,
    /// The heading.
    pub name: Text,
    /// A line under the heading.
    #[serde(default, deserialize_with = "patch::or_empty")]
    pub description: Text,
    /// The section to put it after; null for the first place. Without, it stays, or goes to the end.
    #[serde(default, deserialize_with = "patch::given", skip_serializing)]
    #[schema(value_type = Option<Uuid>)]
    pub after: Option<Option<Uuid>>,
}

/// A merge patch to a section.
pub type HeadingPatch = Patch<Heading>;

impl From<&Section> for Heading {
    fn from(section: &Section) -> Self {
        let Section { menu, slug, name, description, .. } = section.clone();
        Self { menu, slug: Some(slug), name, description, after: None }
    }
}

impl Heading {
    /// A new section of a menu that has given these names for addresses already.
    pub fn made(self, taken: &[String]) -> Result<(Menu, NewSection), Error> {
        let Self { menu, slug, name, description, after: _ } = self;
        let slug = slug.unwrap_or_else(|| match fold::slug(&name.de).as_str() {
            "" => fold::free_slug("section", taken),
            wanted => fold::free_slug(wanted, taken),
        });
        let new = NewSection { slug, name, description };
        new.check().map(|()| (menu, new))
    }

    /// What a section becomes with it.
    pub fn over(self, section: &Section) -> Result<Section, Error> {
        let Self { menu, slug, name, description, after: _ } = self;
        if menu != section.menu {
            return Err(Error::invalid("/menu", "cannot_change", none()));
        }
        let slug = slug.unwrap_or_else(|| section.slug.clone());
        Ok(Section { slug, name, description, ..section.clone() })
    }
}

/// A section that is to be made, at the end of its menu.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSection {
    /// Its stable name for addresses.
    pub slug: String,
    /// The heading.
    pub name: Text,
    /// A line under the heading.
    #[serde(default)]
    pub description: Text,
}

impl Section {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        check(&self.slug, &self.name, &self.description)
    }
}

impl NewSection {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        check(&self.slug, &self.name, &self.description)
    }
}

fn check(slug: &str, name: &Text, description: &Text) -> Result<(), Error> {
    let mut faults = Faults::default();
    faults.slug("/slug", slug, MAX_SLUG);
    faults.under("/name", name.check_heading(120));
    faults.under("/description", description.check_line(200));
    faults.finish()
}
