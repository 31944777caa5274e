//! From the published facts to the card of this moment: what is sold out, what is announced, whether the door is open.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use uuid::Uuid;

use super::document::{
    Card, Declaration, Diet, House, Item, Menu, Notification, Open, Opens, Part, Section, Serving, Wine,
};
use super::legend;
use super::photo::picture;
use super::published::Published;
use crate::house::house::House as HouseFacts;
use crate::media::picture::Picture as PictureFacts;
use crate::menu::fold::fold;
use crate::menu::item::{Alcohol, Item as Facts, Relation, Role};
use crate::menu::section::{Menu as MenuName, Section as SectionFacts};
use crate::menu::serving::Serving as ServingFacts;
use crate::menu::text::{Locale, Text};
use crate::menu::wine::Facts as WineFacts;

/// The card in one language, as it reads at `now`.
pub fn decide(published: &Published, locale: Locale, now: DateTime<Utc>) -> Card {
    let table = Table {
        locale,
        now,
        items: published.items.iter().map(|item| (item.id, item)).collect(),
        pictures: published.pictures.iter().map(|picture| (picture.id, picture)).collect(),
    };
    let menus = MenuName::ALL.map(|menu| Menu { menu, sections: table.sections(published, menu) });
    Card {
        revision: published.revision,
        as_of: published.last_turn(now),
        locale,
        currency: "EUR",
        house: published.house.as_ref().map(|house| table.house(published, house)),
        notifications: table.notifications(published),
        substances: legend::of(&menus, locale),
        menus: menus.into(),
    }
}

/// All visible items, to lay the card from.
struct Table<'a> {
    locale: Locale,
    now: DateTime<Utc>,
    items: HashMap<Uuid, &'a Facts>,
    pictures: HashMap<Uuid, &'a PictureFacts>,
}

/// Texts as a reader gets them, and which of them are still German.
struct Words {
    locale: Locale,
    untranslated: Vec<&'static str>,
}

impl Words {
    fn text(&mut self, field: &'static str, text: &Text) -> Option<String> {
        if !text.is_empty() && text.translation(self.locale).is_none() {
            self.untranslated.push(field);
        }
        text.for_reader(self.locale).map(str::to_owned)
    }
}

impl Table<'_> {
    fn words(&self) -> Words {
        Words { locale: self.locale, untranslated: Vec::new() }
    }

    fn sections(&self, published: &Published, menu: MenuName) -> Vec<Section> {
        let mut sections: Vec<&SectionFacts> =
            published.sections.iter().filter(|section| section.menu == menu).collect();
        sections.sort_by_key(|section| section.position);
        let laid = sections.into_iter().map(|section| self.section(section));
        laid.filter(|section| !section.items.is_empty()).collect()
    }

    fn section(&self, section: &SectionFacts) -> Section {
        let mut words = self.words();
        let name = words.text("name", &section.name).unwrap_or_default();
        let description = words.text("description", &section.description);
        let mut listed: Vec<&Facts> = self.items.values().copied().collect();
        listed.retain(|item| item.section == Some(section.id) && item.role != Role::AddOn);
        listed.sort_by_key(|item| (item.position, item.number));
        Section {
            id: section.id,
            slug: section.slug.clone(),
            menu: section.menu,
            items: listed.into_iter().map(|item| self.item(item, &name)).collect(),
            name,
            description,
            untranslated: words.untranslated,
        }
    }

    fn item(&self, item: &Facts, section: &str) -> Item {
        let mut words = self.words();
        // A wine's name is its name in every language.
        let name = item.name.for_reader(self.locale).unwrap_or_default().to_owned();
        let description = words.text("description", &item.description);
        let story = words.text("story", &item.story);
        let note = words.text("note", &item.note);
        let wine = item.wine.as_ref().map(|wine| wine_of(wine, &mut words));
        let servings: Vec<Serving> = item.servings.iter().map(|serving| self.serving(serving, item.alcohol)).collect();
        let components = self.parts(item, Relation::Component);
        let alcohol = servings.iter().map(|serving| serving.alcohol).max_by_key(|alcohol| alcohol.min_age());
        let sold_out = servings.iter().all(|serving| serving.sold_out);
        Item {
            id: item.id,
            kind: item.kind,
            revision: item.revision,
            number: item.number,
            slug: item.slug.clone(),
            name_lang: self.name_lang(item),
            words: search_words(&name, description.as_deref(), wine.as_ref(), section),
            name,
            description,
            story,
            note,
            untranslated: words.untranslated,
            new: item.new,
            diets: diets(item),
            alcohol: alcohol.unwrap_or_default(),
            min_age: alcohol.and_then(Alcohol::min_age),
            sold_out,
            sold_out_until: if sold_out {
                servings.iter().filter_map(|serving| serving.sold_out_until).min()
            } else {
                None
            },
            servings,
            declarations: declarations(item),
            add_ons: self.parts(item, Relation::AddOn),
            components,
            wine,
            picture: item.picture.and_then(|id| picture(self.pictures.get(&id)?, self.locale, &item.name)),
            legacy_id: item.legacy_id.clone(),
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }

    /// A translated name is in the card's language; else the item says which language its name is in.
    fn name_lang(&self, item: &Facts) -> Option<String> {
        let translated = self.locale != Locale::De && item.name.translation(self.locale).is_some();
        item.name_lang.clone().filter(|lang| !translated && lang != self.locale.tag())
    }

    fn serving(&self, serving: &ServingFacts, alcohol: Alcohol) -> Serving {
        let out = serving.sold_out.filter(|out| out.until.is_none_or(|until| self.now < until));
        Serving {
            id: serving.id,
            unit: serving.unit,
            label: serving.label.for_reader(self.locale).map(str::to_owned),
            volume_ml: serving.volume_ml,
            weight_g: serving.weight_g,
            price_cents: serving.price_cents,
            alcohol: serving.alcohol.unwrap_or(alcohol),
            sold_out: out.is_some(),
            sold_out_until: out.and_then(|out| out.until),
        }
    }

    fn parts(&self, item: &Facts, relation: Relation) -> Vec<Part> {
        let parts = item.parts.iter().filter(|part| part.relation == relation);
        parts
            .filter_map(|part| Some((part, *self.items.get(&part.item)?)))
            .map(|(part, item)| Part {
                id: item.id,
                slug: item.slug.clone(),
                name: item.name.for_reader(self.locale).unwrap_or_default().to_owned(),
                name_lang: self.name_lang(item),
                choice: part.choice,
                price_cents: item
                    .servings
                    .first()
                    .filter(|_| relation == Relation::AddOn)
                    .map(|serving| serving.price_cents),
                diets: diets(item),
                declarations: declarations(item),
                sold_out: item.servings.iter().all(|serving| self.serving(serving, item.alcohol).sold_out),
            })
            .collect()
    }

    fn notifications(&self, published: &Published) -> Vec<Notification> {
        let standing = published.notifications.iter().filter(|notification| notification.stands_at(self.now));
        standing
            .map(|notification| {
                let mut words = self.words();
                Notification {
                    id: notification.id,
                    title: words.text("title", &notification.title).unwrap_or_default(),
                    message: words.text("message", &notification.message).unwrap_or_default(),
                    tone: notification.tone,
                    pages: notification.pages.0.clone(),
                    priority: notification.priority,
                    until: notification.ends_at,
                    untranslated: words.untranslated,
                    legacy_id: notification.legacy_id.clone(),
                    created_at: notification.created_at,
                    updated_at: notification.updated_at,
                }
            })
            .collect()
    }

    fn house(&self, published: &Published, house: &HouseFacts) -> House {
        let mut words = self.words();
        House {
            revision: house.revision,
            name: house.name.clone(),
            tagline: words.text("tagline", &house.tagline),
            introduction: words.text("introduction", &house.introduction),
            untranslated: words.untranslated,
            street: house.street.clone(),
            postal_code: house.postal_code.clone(),
            locality: house.locality.clone(),
            country: house.country.clone(),
            phone: house.phone.clone(),
            email: house.email.clone(),
            time_zone: house.time_zone.clone(),
            opening_hours: house.opening_hours.0.clone(),
            open: self.open(published, house),
        }
    }

    fn open(&self, published: &Published, house: &HouseFacts) -> Option<Open> {
        let zone = published.zone();
        let session = house.opening_hours.session(zone, self.now)?;
        let hour = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%H:%M").to_string();
        if session.opens <= self.now {
            return Some(Open { now: true, until: Some(hour(session.closes)), opens: None });
        }
        let opens = session.opens.with_timezone(&zone);
        let today = opens.date_naive() == self.now.with_timezone(&zone).date_naive();
        let opens = Opens { day: opens.weekday().number_from_monday(), at: hour(session.opens), today };
        Some(Open { now: false, until: None, opens: Some(opens) })
    }
}

fn declarations(item: &Facts) -> Vec<Declaration> {
    item.declarations.iter().map(|(substance, state)| Declaration { substance: *substance, state: *state }).collect()
}

fn wine_of(wine: &WineFacts, words: &mut Words) -> Wine {
    Wine {
        color: wine.color,
        category: wine.category,
        producer: wine.producer.clone(),
        vintage: wine.vintage,
        grapes: wine.grapes.0.clone(),
        country: wine.country.clone(),
        region: wine.region.clone(),
        appellation: wine.appellation.clone(),
        quality: wine.quality.clone(),
        sweetness: wine.sweetness,
        body: wine.body,
        acidity: wine.acidity,
        tannin: wine.tannin,
        characteristics: words.text("characteristics", &wine.characteristics),
        serving_temperature_c: wine.serving_temperature_c,
    }
}

fn diets(item: &Facts) -> Vec<Diet> {
    // Whoever eats vegan eats vegetarian.
    let suits = [(Diet::Vegetarian, item.vegetarian || item.vegan), (Diet::Vegan, item.vegan), (Diet::Keto, item.keto)];
    suits.into_iter().filter(|(_, suits)| *suits).map(|(diet, _)| diet).collect()
}

fn search_words(name: &str, description: Option<&str>, wine: Option<&Wine>, section: &str) -> String {
    let mut words = vec![name, description.unwrap_or_default(), section];
    if let Some(wine) = wine {
        let origin = [&wine.characteristics, &wine.producer, &wine.region, &wine.appellation, &wine.quality];
        words.extend(origin.into_iter().flatten().map(String::as_str));
        words.extend(wine.grapes.iter().map(|grape| grape.variety.as_str()));
    }
    fold(&words.join("\n"))
}
