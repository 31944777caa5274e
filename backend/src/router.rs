//! Every route on one page, then the layers in order.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use tower::Layer;
use tower::util::{MapRequestLayer, option_layer};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::App;
use crate::card::representation::Representation;
use crate::error::Error;
use crate::layers::{DOCS, PATIENCE, PATIENCE_WITH_UPLOADS, in_time};
use crate::limits::layer::limit;
use crate::observe::health;
use crate::own_pages::own_pages;
use crate::{
    body, card, drinks, events, exchange, history, house, items, layers, legacy, login, media, notifications, prices,
    sections, site, snacks, tokens, users, wines,
};

/// The head of the API's document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Casa Vazquez",
        version = "2.0.0",
        description = "The menu of a wine bar. Reads come from the published card: they are quick, carry a strong ETag, and \
                       work while the database is away. Money is integer cents, measures are integer millilitres or grams. \
                       Errors are problem details (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "card", description = "The whole menu"),
        (name = "wines", description = "The wine list"),
        (name = "drinks", description = "Everything else to drink"),
        (name = "snacks", description = "Everything to eat"),
        (name = "menu", description = "The menu as those who work on it read and edit it"),
        (name = "exchange", description = "The menu as files, out and in"),
        (name = "history", description = "Who changed what, and taking it back"),
        (name = "notifications", description = "What the bar announces"),
        (name = "house", description = "The bar itself"),
        (name = "events", description = "Live updates"),
        (name = "pictures", description = "Pictures of what is on the menu"),
        (name = "auth", description = "Signing in, and one's own account"),
        (name = "users", description = "The people who work here"),
        (name = "tokens", description = "Keys for programs"),
    ),
    modifiers(&Credentials)
)]
struct Head;

/// How one shows who one is.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "An access token from /auth/token, good for a quarter of an hour, or a program's token from /tokens",
        ));
        let cookie = ApiKeyValue::with_description("__Host-casavazquez-access", "Set by /auth/login, for browsers");
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The API as routes, those that take longer, and as a document: all from the same lines.
fn api() -> (Router<App>, Router<App>, Document) {
    let api = OpenApiRouter::new()
        .merge(card::routes::api())
        .merge(wines::routes::api())
        .merge(drinks::routes::api())
        .merge(snacks::routes::api())
        .merge(events::routes::api())
        .merge(items::routes::api())
        .merge(prices::routes::api())
        .merge(exchange::routes::api())
        .merge(sections::routes::api())
        .merge(notifications::routes::api())
        .merge(house::routes::api())
        .merge(history::routes::api())
        .merge(login::routes::api())
        .merge(login::account::api())
        .merge(users::routes::api())
        .merge(tokens::routes::api())
        .merge(media::routes::api());
    let (quick, mut document) = OpenApiRouter::with_openapi(Head::openapi()).nest("/api/v1", api).split_for_parts();
    let (slow, more) = OpenApiRouter::new().nest("/api/v1", media::routes::uploads()).split_for_parts();
    document.merge(more);
    (quick, slow, document)
}

/// The OpenAPI document.
pub fn document() -> Document {
    api().2
}

/// The whole server.
pub fn router(app: App) -> Router {
    layered(routes(), app)
}

/// Every route, with the time it has.
fn routes() -> Router<App> {
    let (api, slow, document) = api();
    let described = Representation::current("application/json", document.to_json().unwrap_or_default());
    let described = Arc::new(described);
    let docs = SwaggerUi::new(DOCS).config(Config::new(["/api/v1/openapi.json"]).validator_url("none"));
    let quick = Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", get(move |headers: HeaderMap| async move { described.respond(&headers) }))
        .merge(Router::<App>::from(docs))
        .merge(legacy::routes::routes())
        .merge(card::guest::routes())
        .merge(printed())
        .merge(site::routes())
        .merge(health::routes())
        .merge(media::files::served())
        .fallback(card::guest::not_found);
    in_time(quick, PATIENCE)
        .merge(in_time(slow, PATIENCE_WITH_UPLOADS))
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
}

/// Routes with everything that stands around a request; the last layer is the first that a request meets.
pub fn layered(routes: Router<App>, app: App) -> Router {
    let house = routes
        .with_state(app.clone())
        .layer(body::at_most(body::USUAL))
        .layer(middleware::from_fn_with_state(app.clone(), own_pages))
        .layer(middleware::from_fn_with_state(app.clone(), limit))
        .layer(middleware::from_fn(layers::api_version))
        .layer(CatchPanicLayer::custom(|_| Error::Panic.into_response()))
        // Around all that refuses, so that a page may read why.
        .layer(option_layer(layers::allowed_origins(&app.settings)))
        .layer(middleware::from_fn_with_state(app, layers::safe_headers))
        .layer(middleware::from_fn(layers::request_id));
    // Around the router, because a path is matched before the router's own layers run.
    Router::new().fallback_service(MapRequestLayer::new(layers::without_last_slash).layer(house))
}

/// Addresses that are printed on the bar's tables.
fn printed() -> Router<App> {
    let pages = [("home", "/"), ("vino", "/wein"), ("drinks", "/getraenke"), ("snacks", "/snacks")];
    // Their pages are still to come; a redirect for good would outlive that.
    let later = ["showroom", "wine-tasting", "legals"];
    let mut router = Router::new().route("/casavazquez", get(|| async { Redirect::permanent("/") }));
    for (old, new) in pages {
        let redirect = move |uri: Uri| async move {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            Redirect::permanent(&format!("{new}{query}"))
        };
        router = router.route(&format!("/casavazquez/{old}"), get(redirect));
    }
    for old in later {
        router = router.route(&format!("/casavazquez/{old}"), get(|| async { Redirect::temporary("/") }));
    }
    router
}
