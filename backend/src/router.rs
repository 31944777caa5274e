//! Every route on one page, then the layers in order.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};
use uuid::Uuid;

use crate::app::App;
use crate::card::representation::Representation;
use crate::error::{Error, REQUEST_ID};
use crate::limits::layer::limit;
use crate::observe::health;
use crate::{card, drinks, legacy, login, site, snacks, tokens, users, wines};

/// The generation of the product's API.
const API_VERSION: &str = "2.0.0";
/// Where one can read and try the API.
const DOCS: &str = "/api/docs";

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
        (name = "notifications", description = "What the bar announces"),
        (name = "house", description = "The bar itself"),
        (name = "auth", description = "Signing in, and one's own account"),
        (name = "users", description = "The people who work here"),
        (name = "tokens", description = "Keys for programs"),
    ),
    modifiers(&Keys)
)]
struct Head;

/// How one shows who one is.
struct Keys;

impl Modify for Keys {
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

/// The API as routes and as a document: both from the same lines.
fn api() -> (Router<App>, Document) {
    let api = OpenApiRouter::new()
        .merge(card::routes::api())
        .merge(wines::routes::api())
        .merge(drinks::routes::api())
        .merge(snacks::routes::api())
        .merge(login::routes::api())
        .merge(login::account::api())
        .merge(users::routes::api())
        .merge(tokens::routes::api());
    OpenApiRouter::with_openapi(Head::openapi()).nest("/api/v1", api).split_for_parts()
}

/// The OpenAPI document.
pub fn document() -> Document {
    api().1
}

/// The whole server.
pub fn router(app: App) -> Router {
    let (api, document) = api();
    let described = Representation::current("application/json", document.to_json().unwrap_or_default());
    let described = Arc::new(described);
    let docs = SwaggerUi::new(DOCS).config(Config::new(["/api/v1/openapi.json"]).validator_url("none"));
    let router = Router::new()
        .merge(api)
        .route("/api/v1/openapi.json", get(move |headers: HeaderMap| async move { described.respond(&headers) }))
        .merge(Router::<App>::from(docs))
        .merge(legacy::routes::routes())
        .merge(card::guest::routes())
        .merge(printed())
        .merge(site::routes())
        .merge(health::routes())
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .fallback(card::guest::not_found)
        .with_state(app.clone())
        .layer(middleware::from_fn_with_state(app, limit))
        .layer(middleware::from_fn(api_version))
        .layer(CatchPanicLayer::custom(|_| Error::Panic.into_response()))
        .layer(middleware::from_fn(safe_headers))
        .layer(middleware::from_fn(request_id));
    // Around the router, because a path is matched before the router's own layers run.
    Router::new().fallback_service(MapRequestLayer::new(without_last_slash).layer(router))
}

/// A path works with and without its last slash. (The documentation page wants its own: its files lie below it.)
fn without_last_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.len() == path.len() || trimmed.is_empty() || trimmed == DOCS {
        return request;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{trimmed}{query}").parse() {
        *request.uri_mut() = uri;
    }
    request
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

/// Gives every request an id, which its answer, its problem and its lines in the log carry.
async fn request_id(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let value = HeaderValue::from_str(&id);
    let mut response = REQUEST_ID.scope(id, next.run(request)).await;
    if let Ok(value) = value {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

/// What keeps a page from doing, or being used for, what it should not.
async fn safe_headers(request: Request, next: Next) -> Response {
    let docs = request.uri().path().starts_with(DOCS);
    let mut response = next.run(request).await;
    let policy = if docs {
        // Swagger UI sets styles on its elements; its page shows nothing but our own document.
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types vue"
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Says which generation of the API answers, and refuses to answer for another.
async fn api_version(request: Request, next: Next) -> Response {
    let name = HeaderName::from_static("x-api-version");
    if !request.uri().path().starts_with("/api") && !request.uri().path().starts_with("/casavazquez/api") {
        return next.run(request).await;
    }
    let wanted = request.headers().get(&name).map(|value| value.to_str().unwrap_or("?").trim().to_owned());
    let mut response = match wanted {
        Some(wanted) if wanted != "2" && !wanted.starts_with("2.0") => {
            Error::UnsupportedVersion(wanted).into_response()
        }
        _ => next.run(request).await,
    };
    response.headers_mut().insert(name, HeaderValue::from_static(API_VERSION));
    response
}
