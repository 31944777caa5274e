//! The old system's reading paths, in their old shapes, for whoever still asks there. Each answer says where to ask now.

use std::collections::BTreeSet;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::app::App;
use crate::card::document::{Card, Diet, Item, Notification, Section, Wine};
use crate::error::Error;
use crate::exchange::codes;
use crate::menu::fold::fold;
use crate::menu::item::{Alcohol, Kind, Presence, Unit};
use crate::menu::text::Locale;
use crate::menu::wine::Color;
use crate::notifications::notification::{Page, Tone};

/// 23 November 2026, the day these paths were superseded (RFC 9745).
const DEPRECATION: &str = "@1795392000";
/// When they may go away (RFC 8594).
const SUNSET: &str = "Fri, 31 Dec 2027 23:59:59 GMT";

/// The old reading paths; every other old path is gone.
pub fn routes() -> Router<App> {
    let old = |handler: MethodRouter<App>, successor: &'static str| {
        handler
            .fallback(move || async move { Error::Gone(successor) })
            .layer(middleware::from_fn(move |request, next| superseded(successor, request, next)))
    };
    let wines = || old(get(list_wines), "/api/v1/wines");
    Router::new()
        .route("/api/wines", wines())
        .route("/api/wines/vinos", wines())
        .route("/casavazquez/api/vinos", wines())
        .route("/api/wines/colors/available", old(get(list_colors), "/api/v1/wines"))
        .route("/api/wines/{id}", old(get(get_wine), "/api/v1/wines/{id}"))
        .route("/api/drinks", old(get(list_drinks), "/api/v1/drinks"))
        .route("/api/drinks/categories/available", old(get(list_drink_categories), "/api/v1/sections?menu=drinks"))
        .route("/api/drinks/{id}", old(get(get_drink), "/api/v1/drinks/{id}"))
        .route("/api/snacks", old(get(list_snacks), "/api/v1/snacks"))
        .route("/api/snacks/categories/available", old(get(list_snack_categories), "/api/v1/sections?menu=snacks"))
        .route("/api/snacks/{id}", old(get(get_snack), "/api/v1/snacks/{id}"))
        .route("/api/notifications", old(get(list_notifications), "/api/v1/notifications"))
        .route("/api/notifications/{id}", old(get(get_notification), "/api/v1/notifications"))
        .route("/api/{*old}", any(gone))
}

/// Every other old path: nothing to read there, and nothing to write any more.
async fn gone(method: Method, uri: Uri) -> Error {
    if matches!(method, Method::GET | Method::HEAD) || uri.path().starts_with("/api/v1") {
        return Error::NotFound("page");
    }
    Error::Gone("/api/v1")
}

/// A failure as an old client understands it.
#[derive(Debug)]
enum Old {
    NotFound(&'static str),
    Invalid(String),
    Error(Error),
}

impl From<Error> for Old {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl IntoResponse for Old {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound(thing) => {
                (StatusCode::NOT_FOUND, Json(json!({"detail": format!("{thing} not found")}))).into_response()
            }
            Self::Invalid(detail) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "detail": detail }))).into_response()
            }
            Self::Error(error) => error.into_response(),
        }
    }
}

type Answer = Result<Json<Value>, Old>;

/// What the old paths could be asked. Parameters they did not know were passed over, and still are.
#[derive(Debug)]
struct Asked(Vec<(String, String)>);

impl Asked {
    fn new(query: Option<&str>) -> Self {
        Self(form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect())
    }

    fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Old> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true" | "1" | "yes" | "on") => Ok(Some(true)),
            Some("false" | "0" | "no" | "off") => Ok(Some(false)),
            Some(_) => Err(Old::Invalid(format!("{name} must be true or false"))),
        }
    }

    fn number(&self, name: &str, default: usize, max: usize) -> Result<usize, Old> {
        let Some(text) = self.text(name) else { return Ok(default) };
        let number = text.parse().ok().filter(|number| *number <= max);
        number.ok_or_else(|| Old::Invalid(format!("{name} must be a whole number up to {max}")))
    }

    /// The page that `skip` and `limit` ask for.
    fn page<T: Serialize>(&self, rows: impl Iterator<Item = T>) -> Answer {
        let (skip, limit) = (self.number("skip", 0, 1_000_000)?, self.number("limit", 100, 100)?);
        Ok(Json(json!(rows.skip(skip).take(limit).collect::<Vec<_>>())))
    }
}

async fn list_wines(State(app): State<App>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::new(query.as_deref());
    let only_available = asked.flag("available_only")?.unwrap_or(true);
    let color = asked.text("color").map(fold);
    let words = asked.text("search").map(fold);
    let served = app.shelf.served()?;
    let wines = served.card(Locale::De).items(Kind::Wine).filter(|wine| {
        (!only_available || !wine.sold_out)
            && color
                .as_deref()
                .is_none_or(|wanted| wine.wine.as_ref().is_some_and(|facts| fold(old_color(facts.color)) == wanted))
            && words.as_deref().is_none_or(|words| wine.words.contains(words))
    });
    asked.page(wines.map(OldWine::new))
}

async fn get_wine(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let served = app.shelf.served()?;
    let wine = served.card(Locale::De).items(Kind::Wine).find(|wine| old_wine_id(wine) == id || wine.slug == id);
    wine.map(|wine| Json(json!(OldWine::new(wine)))).ok_or(Old::NotFound("Wine"))
}

async fn list_colors(State(app): State<App>) -> Answer {
    let served = app.shelf.served()?;
    let wines = served.card(Locale::De).items(Kind::Wine).filter(|wine| !wine.sold_out);
    let colors: BTreeSet<&str> =
        wines.filter_map(|wine| wine.wine.as_ref()).map(|facts| old_color(facts.color)).collect();
    Ok(Json(json!(colors)))
}

async fn list_drinks(State(app): State<App>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::new(query.as_deref());
    let only_available = asked.flag("available_only")?.unwrap_or(true);
    let alcoholic = asked.flag("alcoholic")?;
    let served = app.shelf.served()?;
    let drinks = listed(served.card(Locale::De), Kind::Drink, asked.text("category")).filter(|(_, drink)| {
        (!only_available || !drink.sold_out)
            && alcoholic.is_none_or(|wanted| wanted == (drink.alcohol != Alcohol::None))
    });
    asked.page(drinks.map(|(section, drink)| OldDrink::new(section, drink)))
}

async fn list_snacks(State(app): State<App>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::new(query.as_deref());
    let only_available = asked.flag("available_only")?.unwrap_or(true);
    let (vegetarian, vegan) = (asked.flag("vegetarian")?, asked.flag("vegan")?);
    let suits = |snack: &Item, diet: Diet, wanted: Option<bool>| {
        wanted.is_none_or(|wanted| wanted == snack.diets.contains(&diet))
    };
    let served = app.shelf.served()?;
    let snacks = listed(served.card(Locale::De), Kind::Snack, asked.text("category")).filter(|(_, snack)| {
        (!only_available || !snack.sold_out)
            && suits(snack, Diet::Vegetarian, vegetarian)
            && suits(snack, Diet::Vegan, vegan)
    });
    asked.page(snacks.map(|(section, snack)| OldSnack::new(section, snack)))
}

async fn get_drink(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let served = app.shelf.served()?;
    let found = listed(served.card(Locale::De), Kind::Drink, None).find(|(_, drink)| drink.number.to_string() == id);
    found.map(|(section, drink)| Json(json!(OldDrink::new(section, drink)))).ok_or(Old::NotFound("Drink"))
}

async fn get_snack(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let served = app.shelf.served()?;
    let found = listed(served.card(Locale::De), Kind::Snack, None).find(|(_, snack)| snack.number.to_string() == id);
    found.map(|(section, snack)| Json(json!(OldSnack::new(section, snack)))).ok_or(Old::NotFound("Snack"))
}

async fn list_drink_categories(State(app): State<App>) -> Answer {
    categories(&app, Kind::Drink)
}

async fn list_snack_categories(State(app): State<App>) -> Answer {
    categories(&app, Kind::Snack)
}

fn categories(app: &App, kind: Kind) -> Answer {
    let served = app.shelf.served()?;
    let sections = served.card(Locale::De).sections(kind.menu()).iter();
    let available = sections.filter(|section| section.items.iter().any(|item| !item.sold_out));
    Ok(Json(json!(available.map(|section| &section.name).collect::<Vec<_>>())))
}

async fn list_notifications(State(app): State<App>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::new(query.as_deref());
    asked.flag("active_only")?;
    let page = asked.text("target_page").map(str::to_owned);
    let served = app.shelf.served()?;
    let rows = served.card(Locale::De).notifications.iter().map(OldNotification::new);
    let here =
        rows.filter(|one| page.as_deref().is_none_or(|page| one.target_page == page || one.target_page == "all"));
    asked.page(here)
}

async fn get_notification(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let served = app.shelf.served()?;
    let mut rows = served.card(Locale::De).notifications.iter().map(OldNotification::new);
    let found = rows.find(|one| one.id.to_string().trim_matches('"') == id);
    found.map(|one| Json(json!(one))).ok_or(Old::NotFound("Notification"))
}

fn listed<'a>(card: &'a Card, kind: Kind, category: Option<&'a str>) -> impl Iterator<Item = (&'a Section, &'a Item)> {
    let sections = card.sections(kind.menu()).iter();
    let wanted = sections.filter(move |section| category.is_none_or(|category| section.name == category));
    wanted.flat_map(|section| section.items.iter().map(move |item| (section, item)))
}

/// Says on every answer that these paths are old, and where to ask instead.
async fn superseded(successor: &'static str, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let link = format!("<{successor}>; rel=\"successor-version\"");
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("deprecation"), HeaderValue::from_static(DEPRECATION));
    headers.insert(HeaderName::from_static("sunset"), HeaderValue::from_static(SUNSET));
    if let Ok(link) = HeaderValue::from_str(&link) {
        headers.insert(axum::http::header::LINK, link);
    }
    response
}

/// A wine as the old system showed it.
#[derive(Debug, Serialize)]
struct OldWine<'a> {
    id: &'a str,
    name: &'a str,
    color: &'static str,
    grape: String,
    origin: String,
    short_description: Option<&'a str>,
    long_description: Option<&'a str>,
    image: Option<&'a str>,
    characteristics: Option<&'a str>,
    available: bool,
    price_bottle: Option<String>,
    price_glass_01: Option<String>,
    price_glass_02: Option<String>,
}

impl<'a> OldWine<'a> {
    fn new(item: &'a Item) -> Self {
        let wine = item.wine.as_ref();
        let price = |unit: Unit, volume_ml: Option<i32>| {
            let sold = |volume: Option<i32>| volume_ml.is_none() || volume == volume_ml;
            let serving = item.servings.iter().find(|serving| serving.unit == unit && sold(serving.volume_ml));
            serving.map(|serving| decimal(serving.price_cents))
        };
        Self {
            id: old_wine_id(item),
            name: &item.name,
            color: wine.map_or("white", |wine| old_color(wine.color)),
            grape: wine.map(grapes).unwrap_or_default(),
            origin: wine.map(origin).unwrap_or_default(),
            short_description: item.description.as_deref(),
            long_description: item.story.as_deref(),
            image: None,
            characteristics: wine.and_then(|wine| wine.characteristics.as_deref()),
            available: !item.sold_out,
            price_bottle: price(Unit::Bottle, None),
            price_glass_01: price(Unit::Glass, Some(100)),
            price_glass_02: price(Unit::Glass, Some(200)),
        }
    }
}

/// A drink as the old system showed it: with one price, that of its first serving.
#[derive(Debug, Serialize)]
struct OldDrink<'a> {
    id: i32,
    name: &'a str,
    category: &'a str,
    price: String,
    volume: Option<String>,
    alcoholic: bool,
    allergens: Vec<u16>,
    neu: bool,
    available: bool,
    description: Option<&'a str>,
    image: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldDrink<'a> {
    fn new(section: &'a Section, item: &'a Item) -> Self {
        Self {
            id: item.number,
            name: &item.name,
            category: &section.name,
            price: first_price(item),
            volume: item.servings.first().and_then(|serving| serving.volume_ml).map(litres),
            alcoholic: item.alcohol != Alcohol::None,
            allergens: old_codes(item),
            neu: item.new,
            available: !item.sold_out,
            description: item.description.as_deref(),
            image: None,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A snack as the old system showed it.
#[derive(Debug, Serialize)]
struct OldSnack<'a> {
    id: i32,
    name: &'a str,
    category: &'a str,
    price: String,
    vegetarian: bool,
    vegan: bool,
    allergens: Vec<u16>,
    neu: bool,
    available: bool,
    description: Option<&'a str>,
    image: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldSnack<'a> {
    fn new(section: &'a Section, item: &'a Item) -> Self {
        Self {
            id: item.number,
            name: &item.name,
            category: &section.name,
            price: first_price(item),
            vegetarian: item.diets.contains(&Diet::Vegetarian),
            vegan: item.diets.contains(&Diet::Vegan),
            allergens: old_codes(item),
            neu: item.new,
            available: !item.sold_out,
            description: item.description.as_deref(),
            image: None,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// An announcement as the old system showed it.
#[derive(Debug, Serialize)]
struct OldNotification<'a> {
    id: Value,
    title: &'a str,
    message: &'a str,
    #[serde(rename = "type")]
    kind: Tone,
    active: bool,
    priority: i32,
    target_page: &'static str,
    expires_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OldNotification<'a> {
    fn new(one: &'a Notification) -> Self {
        let number = one.legacy_id.as_deref().and_then(|id| id.parse::<u64>().ok());
        Self {
            id: number.map_or_else(|| json!(one.id), |number| json!(number)),
            title: &one.title,
            message: &one.message,
            kind: one.tone,
            active: true,
            priority: one.priority,
            target_page: match one.pages.as_slice() {
                [Page::Home] => "home",
                [Page::Wines] => "wine",
                [Page::Drinks] => "drinks",
                [Page::Snacks] => "snacks",
                _ => "all",
            },
            expires_at: one.until,
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}

/// The numbers of what is in there; the old card had no way to say "traces" or "free".
fn old_codes(item: &Item) -> Vec<u16> {
    let declared = item.declarations.iter().map(|one| (one.substance, one.state)).collect();
    codes::codes(&declared, Presence::Contains)
}

/// The id that the old system knew, or else the wine's slug.
fn old_wine_id(wine: &Item) -> &str {
    wine.legacy_id.as_deref().unwrap_or(&wine.slug)
}

/// The old system knew three colours; it had its orange wine among the whites.
fn old_color(color: Color) -> &'static str {
    match color {
        Color::Red => "red",
        Color::White | Color::Orange => "white",
        Color::Rose => "rosé",
    }
}

fn grapes(wine: &Wine) -> String {
    let each = wine.grapes.iter().map(|grape| match grape.percent {
        Some(percent) => format!("{percent}% {}", grape.variety),
        None => grape.variety.clone(),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn origin(wine: &Wine) -> String {
    let country = wine.country.as_deref().map(|code| match code {
        "DE" => "Deutschland",
        "ES" => "Spanien",
        "FR" => "Frankreich",
        "IT" => "Italien",
        "PT" => "Portugal",
        "AT" => "Österreich",
        code => code,
    });
    let place = wine.appellation.as_deref().or(wine.region.as_deref());
    country.into_iter().chain(place).collect::<Vec<_>>().join(", ")
}

/// Cents as the old decimal text: `29.50`.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn first_price(item: &Item) -> String {
    decimal(item.servings.first().map_or(0, |serving| serving.price_cents))
}

/// Millilitres as the old card wrote them: `0,33l`, `2cl`.
fn litres(millilitres: i32) -> String {
    if millilitres < 100 && millilitres % 10 == 0 {
        return format!("{}cl", millilitres / 10);
    }
    let litres = format!("{},{:03}", millilitres / 1000, millilitres % 1000);
    format!("{}l", litres.trim_end_matches('0').trim_end_matches(','))
}
