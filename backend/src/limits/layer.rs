//! What every request passes: who asks, which budget it takes from, and how much is left.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Budget, Verdict};
use crate::address::Client;
use crate::app::App;
use crate::error::Error;

/// Where one tries a name and a password, or a token.
const SIGNING_IN: [&str; 5] =
    ["/api/v1/auth/login", "/api/v1/auth/token", "/api/v1/auth/accept", "/api/auth/login", "/api/auth/login/form"];

/// Serves whoever has something left of the budget and tells the others when to come back. The [`Client`] is among the
/// request's extensions afterwards.
pub async fn limit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let socket = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(socket)| *socket);
    let forwarded = request.headers().get_all("x-forwarded-for");
    let client = Client::of(socket, forwarded.iter().map(HeaderValue::as_bytes), app.settings.trusted_hops);
    request.extensions_mut().insert(client);
    let Some(budget) = budget(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let (response, remaining, more) = match app.limits.check(budget, client).await {
        Verdict::Uncounted => return next.run(request).await,
        Verdict::Served { remaining } => (next.run(request).await, remaining, budget.interval()),
        Verdict::Refused { wait } => (Error::TooMany(wait).into_response(), 0, wait),
    };
    told(response, budget, remaining, more)
}

/// The budget that a request takes from; none for those who ask whether the server is well.
fn budget(method: &Method, path: &str) -> Option<Budget> {
    if path == "/health" || path.starts_with("/health/") {
        return None;
    }
    if method == Method::POST && SIGNING_IN.contains(&path) {
        return Some(Budget::SigningIn);
    }
    let below = |root| path.strip_prefix(root).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'));
    // The old system's recommendations were below its chat.
    if below("/api/v1/chat") || below("/api/chat") {
        return Some(Budget::Chat);
    }
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Some(Budget::Reading),
        _ => Some(Budget::Writing),
    }
}

/// Adds what is left, and the seconds until there is more (draft-ietf-httpapi-ratelimit-headers-10).
fn told(mut response: Response, budget: Budget, remaining: u32, more: Duration) -> Response {
    let left = format!("\"{}\";r={remaining};t={}", budget.name(), more.as_millis().div_ceil(1000));
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("ratelimit-policy"), HeaderValue::from_static(budget.policy()));
    if let Ok(left) = HeaderValue::try_from(left) {
        headers.insert(HeaderName::from_static("ratelimit"), left);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::budget;
    use crate::limits::Budget;

    #[test]
    fn each_request_takes_from_one_budget() {
        for (method, path, expected) in [
            (Method::GET, "/", Some(Budget::Reading)),
            (Method::HEAD, "/wein", Some(Budget::Reading)),
            (Method::OPTIONS, "/api/v1/wines", Some(Budget::Reading)),
            (Method::POST, "/api/v1/wines", Some(Budget::Writing)),
            (Method::DELETE, "/api/v1/wines/1", Some(Budget::Writing)),
            (Method::POST, "/api/v1/auth/login", Some(Budget::SigningIn)),
            (Method::POST, "/api/auth/login/form", Some(Budget::SigningIn)),
            (Method::GET, "/api/v1/auth/login", Some(Budget::Reading)),
            (Method::POST, "/api/v1/auth/logout", Some(Budget::Writing)),
            (Method::POST, "/api/v1/chat", Some(Budget::Chat)),
            (Method::GET, "/api/chat/recommend", Some(Budget::Chat)),
            (Method::GET, "/api/v1/chatter", Some(Budget::Reading)),
            (Method::GET, "/health", None),
            (Method::GET, "/health/ready", None),
            (Method::GET, "/healthy", Some(Budget::Reading)),
        ] {
            assert_eq!(budget(&method, path), expected, "{method} {path}");
        }
    }
}
