//! The demo menu: an empty database is set with it, so that there is something to look at from the first minute.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::change::Change;
use crate::error::Error;
use crate::house::house::NewHouse;
use crate::menu::fold::slug;
use crate::menu::item::{Alcohol, Item, Kind, Part, Presence, Relation, Role};
use crate::menu::section::NewSection;
use crate::menu::serving::{Serving, SoldOut, Unit};
use crate::menu::substance::Substance;
use crate::menu::text::Text;
use crate::menu::wine::{Category, Color, Facts, Grape, Grapes, Sweetness};
use crate::notifications::notification::NewNotification;
use crate::{house, menu, notifications};

/// The demo menu as its files have it.
#[derive(Debug)]
pub struct Demo {
    house: NewHouse,
    menus: [(Kind, File); 3],
    notifications: Vec<NewNotification>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    section: Vec<NewSection>,
    #[serde(alias = "wine", alias = "drink", alias = "snack")]
    item: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcements {
    notification: Vec<NewNotification>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: i32,
    section: String,
    slug: Option<String>,
    #[serde(default)]
    role: Role,
    name: Text,
    name_lang: Option<String>,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    story: Text,
    #[serde(default)]
    note: Text,
    #[serde(default)]
    new: bool,
    #[serde(default)]
    hidden: bool,
    sold_out: Option<Until>,
    #[serde(default)]
    vegetarian: bool,
    #[serde(default)]
    vegan: bool,
    #[serde(default)]
    keto: bool,
    alcohol: Option<Alcohol>,
    #[serde(default)]
    contains: Vec<Substance>,
    #[serde(default)]
    traces: Vec<Substance>,
    #[serde(default)]
    rest_free: bool,
    serving: Vec<EntryServing>,
    #[serde(default)]
    add_ons: Vec<String>,
    #[serde(default)]
    components: Vec<Component>,
    color: Option<Color>,
    #[serde(default)]
    category: Category,
    producer: Option<String>,
    vintage: Option<i16>,
    #[serde(default)]
    grapes: Vec<Grape>,
    country: Option<String>,
    region: Option<String>,
    appellation: Option<String>,
    quality: Option<String>,
    sweetness: Option<Sweetness>,
    body: Option<i16>,
    acidity: Option<i16>,
    tannin: Option<i16>,
    #[serde(default)]
    characteristics: Text,
    serving_temperature_c: Option<i16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryServing {
    unit: Unit,
    ml: Option<i32>,
    g: Option<i32>,
    cents: i64,
    #[serde(default)]
    label: Text,
    alcohol: Option<Alcohol>,
    sold_out: Option<Until>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Component {
    slug: String,
    kind: Kind,
    choice: Option<i16>,
}

/// When what is sold out comes back.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Until {
    Today,
    OpenEnded,
}

impl Demo {
    /// Reads the files that are built into the binary.
    pub fn read() -> anyhow::Result<Self> {
        Ok(Self {
            house: parse("house.toml", include_str!("../demo/house.toml"))?,
            menus: [
                (Kind::Wine, parse("wines.toml", include_str!("../demo/wines.toml"))?),
                (Kind::Drink, parse("drinks.toml", include_str!("../demo/drinks.toml"))?),
                (Kind::Snack, parse("snacks.toml", include_str!("../demo/snacks.toml"))?),
            ],
            notifications: parse::<Announcements>("notifications.toml", include_str!("../demo/notifications.toml"))?
                .notification,
        })
    }

    /// Sets an empty database with the demo menu.
    pub async fn set(self, change: &Change) -> Result<(), Error> {
        house::store::create(change, self.house).await?;
        for notification in self.notifications {
            notifications::store::create(change, notification).await?;
        }
        let mut ids = HashMap::new();
        for (kind, file) in &self.menus {
            for entry in &file.item {
                ids.insert((*kind, entry.slug()), change.new_id());
            }
        }
        let mut wholes = Vec::new();
        for (kind, file) in self.menus {
            let mut sections = HashMap::new();
            for section in file.section {
                let section = menu::sections::create(change, kind.menu(), section).await?;
                sections.insert(section.slug, section.id);
            }
            for (position, entry) in (0..).zip(file.item) {
                let item = entry.item(change, kind, position, &sections, &ids);
                // An item with parts can only be written once its parts are.
                if item.parts.is_empty() {
                    menu::store::create(change, item).await?;
                } else {
                    wholes.push(item);
                }
            }
        }
        for item in wholes {
            menu::store::create(change, item).await?;
        }
        Ok(())
    }
}

impl Entry {
    fn slug(&self) -> String {
        self.slug.clone().unwrap_or_else(|| slug(&self.name.de))
    }

    fn item(
        self,
        change: &Change,
        kind: Kind,
        position: i32,
        sections: &HashMap<String, Uuid>,
        ids: &HashMap<(Kind, String), Uuid>,
    ) -> Item {
        let slug = self.slug();
        let add_ons = self.add_ons.iter().map(|slug| (kind, slug.clone(), Relation::AddOn, None));
        let components =
            self.components.iter().map(|part| (part.kind, part.slug.clone(), Relation::Component, part.choice));
        let parts = add_ons.chain(components).filter_map(|(kind, slug, relation, choice)| {
            Some(Part { item: *ids.get(&(kind, slug))?, relation, choice })
        });
        Item {
            id: ids.get(&(kind, slug.clone())).copied().unwrap_or_else(|| change.new_id()),
            legacy_id: None,
            kind,
            role: self.role,
            number: self.number,
            section: sections.get(&self.section).copied(),
            position,
            alcohol: self.alcohol.unwrap_or(if kind == Kind::Wine { Alcohol::Fermented } else { Alcohol::None }),
            servings: self.serving.iter().map(|serving| serving.serving(change, self.sold_out)).collect(),
            declarations: self.declarations(),
            parts: parts.collect(),
            picture: None,
            slug,
            name: self.name,
            name_lang: self.name_lang,
            description: self.description,
            story: self.story,
            note: self.note,
            new: self.new,
            visible: !self.hidden,
            vegetarian: self.vegetarian,
            vegan: self.vegan,
            keto: self.keto,
            wine: self.color.map(|color| Facts {
                color,
                category: self.category,
                producer: self.producer,
                vintage: self.vintage,
                grapes: Grapes(self.grapes),
                country: self.country,
                region: self.region,
                appellation: self.appellation,
                quality: self.quality,
                sweetness: self.sweetness,
                body: self.body,
                acidity: self.acidity,
                tannin: self.tannin,
                characteristics: self.characteristics,
                serving_temperature_c: self.serving_temperature_c,
            }),
            revision: 1,
            created_at: change.at(),
            updated_at: change.at(),
        }
    }

    /// What is declared; with `rest_free`, every other allergen as absent.
    fn declarations(&self) -> BTreeMap<Substance, Presence> {
        let mut known = BTreeMap::new();
        if self.rest_free {
            let named: Vec<Substance> = self.contains.iter().chain(&self.traces).copied().collect();
            let touched =
                |group: &Substance| named.contains(group) || group.members().any(|member| named.contains(&member));
            for group in Substance::allergen_groups() {
                if !touched(&group) {
                    known.insert(group, Presence::Free);
                }
            }
        }
        known.extend(self.traces.iter().map(|substance| (*substance, Presence::Traces)));
        known.extend(self.contains.iter().map(|substance| (*substance, Presence::Contains)));
        known
    }
}

impl EntryServing {
    fn serving(&self, change: &Change, whole: Option<Until>) -> Serving {
        let until = |until| match until {
            Until::Today => Some(change.at() + TimeDelta::hours(12)),
            Until::OpenEnded => None,
        };
        let sold_out = self.sold_out.or(whole).map(|state| SoldOut { since: change.at(), until: until(state) });
        Serving {
            id: change.new_id(),
            unit: self.unit,
            label: self.label.clone(),
            volume_ml: self.ml,
            weight_g: self.g,
            price_cents: self.cents,
            alcohol: self.alcohol,
            sold_out,
        }
    }
}

fn parse<T: DeserializeOwned>(name: &'static str, text: &str) -> anyhow::Result<T> {
    toml::from_str(text).with_context(|| format!("the demo menu's {name} is not as it should be"))
}
