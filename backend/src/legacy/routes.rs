//! The old system's paths for reading and signing in, in their old shapes, for whoever still asks there. Each answer says
//! where to ask now.

use std::collections::BTreeSet;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Json, Router};
use serde::Serialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::shapes::{OldDrink, OldNotification, OldSnack, OldUser, OldWine, old_color, old_page, old_wine_id};
use crate::app::App;
use crate::body;
use crate::card::answer::Id;
use crate::card::document::{Card, Diet, Item, Section};
use crate::error::Error;
use crate::login::door::Visitor;
use crate::login::keys::ACCESS;
use crate::login::roles::SignedIn;
use crate::login::routes::{Credentials, Grant};
use crate::menu::fold::fold;
use crate::menu::item::{Alcohol, Kind};
use crate::menu::text::Locale;

/// 23 November 2026, the day these paths were superseded (RFC 9745).
const DEPRECATION: &str = "@1795392000";
/// When they may go away (RFC 8594).
const SUNSET: &str = "Fri, 31 Dec 2027 23:59:59 GMT";

/// The old paths for reading and signing in; every other old path is gone.
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
        .route("/api/wines/{id}", old(get(get_wine), "/api/v1/wines"))
        .route("/api/drinks", old(get(list_drinks), "/api/v1/drinks"))
        .route("/api/drinks/categories/available", old(get(list_drink_categories), "/api/v1/sections?menu=drinks"))
        .route("/api/drinks/{id}", old(get(get_drink), "/api/v1/drinks"))
        .route("/api/snacks", old(get(list_snacks), "/api/v1/snacks"))
        .route("/api/snacks/categories/available", old(get(list_snack_categories), "/api/v1/sections?menu=snacks"))
        .route("/api/snacks/{id}", old(get(get_snack), "/api/v1/snacks"))
        .route("/api/notifications", old(get(list_notifications), "/api/v1/notifications"))
        .route("/api/notifications/{id}", old(get(get_notification), "/api/v1/notifications"))
        .route("/api/auth/login", old(post(sign_in), "/api/v1/auth/token"))
        .route("/api/auth/login/form", old(post(sign_in_by_form), "/api/v1/auth/token"))
        .route("/api/auth/me", old(get(get_me), "/api/v1/auth/me"))
        .route("/api/{*old}", any(gone))
        .route("/casavazquez/api/{*old}", any(gone))
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

async fn get_wine(State(app): State<App>, Id(id): Id) -> Answer {
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

async fn get_drink(State(app): State<App>, Id(id): Id) -> Answer {
    let served = app.shelf.served()?;
    let found = listed(served.card(Locale::De), Kind::Drink, None).find(|(_, drink)| drink.number.to_string() == id);
    found.map(|(section, drink)| Json(json!(OldDrink::new(section, drink)))).ok_or(Old::NotFound("Drink"))
}

async fn get_snack(State(app): State<App>, Id(id): Id) -> Answer {
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
    let standing = served.card(Locale::De).notifications.iter();
    let here =
        standing.filter(|one| page.as_deref().is_none_or(|page| one.pages.iter().any(|on| old_page(*on) == page)));
    asked.page(here.map(OldNotification::new))
}

async fn get_notification(State(app): State<App>, Id(id): Id) -> Answer {
    let served = app.shelf.served()?;
    let mut rows = served.card(Locale::De).notifications.iter().map(OldNotification::new);
    let found = rows.find(|one| one.id.to_string().trim_matches('"') == id);
    found.map(|one| Json(json!(one))).ok_or(Old::NotFound("Notification"))
}

async fn sign_in(State(app): State<App>, visitor: Visitor, body::Json(credentials): body::Json<Credentials>) -> Answer {
    let Credentials { username, password } = credentials;
    let admitted = app.door.sign_in(&username, password.into_text(), &visitor).await?;
    Ok(Json(json!({
        "access_token": admitted.access_token.text(),
        "token_type": "bearer",
        "expires_in": ACCESS.num_seconds(),
        "user": OldUser::new(&admitted.profile),
    })))
}

async fn sign_in_by_form(app: State<App>, visitor: Visitor, body::Form(grant): body::Form<Grant>) -> Answer {
    let missing = |name: &str| Old::Invalid(format!("{name} is missing"));
    let username = grant.username.ok_or_else(|| missing("username"))?;
    let password = grant.password.ok_or_else(|| missing("password"))?;
    sign_in(app, visitor, body::Json(Credentials { username, password })).await
}

async fn get_me(SignedIn(caller): SignedIn) -> Answer {
    Ok(Json(json!(OldUser::new(&caller.profile))))
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
