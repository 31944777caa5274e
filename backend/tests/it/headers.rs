//! What every answer says besides its content, and whose pages may ask.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use casavazquez::config::{Origin, Settings};
use casavazquez::website;

use crate::harness::{Answer, TestApp};

/// A bar with these settings.
async fn bar_with(settings: Settings) -> TestApp {
    let mut bar = TestApp::with_demo().await;
    bar.app.settings = Arc::new(settings);
    bar
}

/// One answer of every kind.
async fn every_kind(bar: &TestApp) -> Vec<(&'static str, u16, Answer)> {
    let guest = bar.anyone();
    let tag = guest.get("/api/v1/wines").await.header("etag").to_owned();
    let html = [("accept", "text/html")];
    let asset = website::public().map(|(path, _)| format!("/{path}")).find(|path| path.starts_with("/assets/"));
    let mut answers = vec![
        ("page", 200, guest.get("/wein").await),
        ("documentation", 200, guest.get("/api/docs/").await),
        ("list", 200, guest.get("/api/v1/wines").await),
        ("known already", 304, guest.get_with("/api/v1/wines", &[("if-none-match", &tag)]).await),
        ("old list", 200, guest.get("/api/wines").await),
        ("old write", 410, guest.ask(Method::POST, "/api/wines", &[]).await),
        ("printed address", 308, guest.get("/casavazquez/vino").await),
        ("other version", 400, guest.get_with("/api/v1/wines", &[("x-api-version", "3")]).await),
        ("problem", 422, guest.get("/api/v1/wines?colour=red").await),
        ("missing", 404, guest.get("/api/v1/wines/none").await),
        ("missing page", 404, guest.get_with("/none", &html).await),
        ("missing file", 404, guest.get("/assets/none.js").await),
        ("other method", 405, guest.ask(Method::DELETE, "/api/v1/wines", &[]).await),
        ("foreign page", 403, guest.ask(Method::POST, "/api/v1/wines", &[("cookie", "a=b")]).await),
    ];
    if let Some(asset) = asset {
        answers.push(("file", 200, guest.get(&asset).await));
    }
    answers
}

#[tokio::test]
async fn every_answer_is_safe() {
    let bar = TestApp::with_demo().await;
    for (kind, status, answer) in every_kind(&bar).await {
        assert_eq!(answer.status, status, "{kind}: {}", answer.text());
        for (name, part) in [
            ("content-security-policy", "frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("permissions-policy", "camera=()"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert!(answer.header(name).contains(part), "{kind}: {name}: {}", answer.header(name));
        }
        assert_eq!(answer.header("x-request-id").len(), 32, "{kind}");
        let unsafe_styles = answer.header("content-security-policy").contains("unsafe");
        assert_eq!(unsafe_styles, kind == "documentation", "{kind}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{kind}");
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{kind}");
    }
}

#[tokio::test]
async fn only_an_encrypted_site_asks_to_stay_encrypted() {
    for url in [None, Some("http://bar.example")] {
        let public_url = url.and_then(|url| url.parse().ok());
        let bar = bar_with(Settings { public_url, ..Settings::default() }).await;
        for (kind, _, answer) in every_kind(&bar).await {
            assert!(!answer.headers.contains_key("strict-transport-security"), "{kind}");
        }
    }
}

#[tokio::test]
async fn only_version_two_of_the_api_is_served() {
    let bar = TestApp::with_demo().await;
    let asked = async |path: &str, version: &str| bar.anyone().get_with(path, &[("x-api-version", version)]).await;
    for version in ["2", "2.0", "2.0.0", " 2 "] {
        assert_eq!(asked("/api/v1/wines", version).await.status, StatusCode::OK, "{version}");
    }
    for version in ["2.0banana", "2.0.1", "2.1", "2.", "02", "1", "3", "20", "v2", "", "2.0.0, 3"] {
        let expected = format!("API version {version} is not served here; this is version 2");
        assert_eq!(asked("/api/v1/wines", version).await.problem(), (400, expected), "{version}");
    }
    let long = asked("/api/v1/wines", &"3".repeat(5000)).await;
    let expected = format!("API version {} is not served here; this is version 2", "3".repeat(20));
    assert_eq!(long.problem(), (400, expected));
    for (path, is_api) in [
        ("/api", true),
        ("/api/nothing", true),
        ("/casavazquez/api/wines", true),
        ("/apiary", false),
        ("/casavazquez/apiary", false),
        ("/wein", false),
    ] {
        let answer = asked(path, "3").await;
        assert_eq!(answer.status == StatusCode::BAD_REQUEST, is_api, "{path}");
        assert_eq!(answer.headers.contains_key("x-api-version"), is_api, "{path}");
    }
}

/// What a browser is told when a page of `origin` asks, and when it asks whether it may ask.
async fn asked_from(bar: &TestApp, origin: &str) -> (Answer, Answer) {
    let guest = bar.anyone();
    let plain = guest.get_with("/api/v1/wines", &[("origin", origin)]).await;
    let asks = [
        ("origin", origin),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization,if-match"),
    ];
    (plain, guest.ask(Method::OPTIONS, "/api/v1/wines", &asks).await)
}

#[tokio::test]
async fn pages_of_allowed_origins_may_call_the_api() {
    let allowed_origins = vec!["https://one.example".parse().unwrap(), "http://two.example:3000".parse().unwrap()];
    let bar = bar_with(Settings { allowed_origins, ..Settings::default() }).await;
    for origin in ["https://one.example", "http://two.example:3000"] {
        let (plain, asked) = asked_from(&bar, origin).await;
        assert_eq!((plain.status, asked.status), (StatusCode::OK, StatusCode::OK));
        for answer in [&plain, &asked] {
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert!(!answer.headers.contains_key("access-control-allow-credentials"), "cookies stay at home");
        }
        assert_eq!(asked.header("access-control-allow-methods"), "GET,HEAD,POST,PUT,PATCH,DELETE");
        assert_eq!(asked.header("access-control-max-age"), "7200");
        assert_eq!(
            asked.header("access-control-allow-headers"),
            "authorization,content-type,if-match,if-none-match,idempotency-key,last-event-id,x-api-version"
        );
        assert_eq!(
            plain.header("access-control-expose-headers"),
            "etag,link,retry-after,x-request-id,x-api-version,ratelimit,ratelimit-policy"
        );
        assert_eq!(plain.header("cross-origin-resource-policy"), "cross-origin");
    }
    let guest = bar.anyone();
    let refused = guest.get_with("/api/v1/wines?colour=red", &[("origin", "https://one.example")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.header("access-control-allow-origin"), "https://one.example", "a page may read why");
}

#[tokio::test]
async fn other_pages_are_told_nothing() {
    let listed = vec![Origin::One("https://one.example".to_owned())];
    for allowed_origins in [Vec::new(), listed] {
        let bar = bar_with(Settings { allowed_origins, ..Settings::default() }).await;
        for origin in [
            "https://two.example",
            "https://one.example.evil.example",
            "http://one.example",
            "https://one.example:8443",
            "https://ONE.example",
            "null",
            "*",
        ] {
            let (plain, asked) = asked_from(&bar, origin).await;
            assert_eq!(plain.status, StatusCode::OK);
            for answer in [plain, asked] {
                assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
                assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{origin}");
            }
        }
    }
}

#[tokio::test]
async fn without_a_list_nobody_speaks_of_origins() {
    let bar = TestApp::with_demo().await;
    let (plain, asked) = asked_from(&bar, "https://one.example").await;
    assert_eq!(asked.status, StatusCode::METHOD_NOT_ALLOWED);
    for answer in [plain, asked] {
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")));
        let vary = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap());
        assert!(!vary.into_iter().any(|vary| vary.contains("origin")));
    }
}

#[tokio::test]
async fn answers_that_depend_on_the_origin_say_so() {
    let allowed_origins = vec![Origin::One("https://one.example".to_owned())];
    let bar = bar_with(Settings { allowed_origins, ..Settings::default() }).await;
    for (kind, _, answer) in every_kind(&bar).await {
        let vary: Vec<&str> = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.contains(&"origin"), "{kind}: {vary:?}");
    }
    let list = bar.anyone().get("/api/v1/wines").await;
    let vary: Vec<&str> = list.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(vary.contains(&"accept-encoding"), "{vary:?}");
}

#[tokio::test]
async fn a_star_lets_every_page_in_and_no_cookie() {
    let bar = bar_with(Settings { allowed_origins: vec![Origin::Any], ..Settings::default() }).await;
    for answer in <[Answer; 2]>::from(asked_from(&bar, "https://anybody.example").await) {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

/// Whether a request with these headers is refused because of where it comes from.
async fn refused(bar: &TestApp, method: Method, path: &str, headers: &[(&'static str, &str)]) -> bool {
    let answer = bar.anyone().ask(method, path, headers).await;
    let refused = answer.status == StatusCode::FORBIDDEN;
    if refused {
        let expected = "this request did not come from the bar's own pages";
        assert_eq!(answer.problem(), (403, expected.to_owned()));
    }
    refused
}

#[tokio::test]
async fn a_foreign_page_cannot_use_a_guests_cookies() {
    let bar = TestApp::with_demo().await;
    let cookie = ("cookie", "__Host-casavazquez-access=x");
    let host = ("host", "bar.example");
    let token = ("authorization", "Bearer x");
    let (wines, sign_in) = ("/api/v1/wines", "/api/v1/auth/login");
    for (path, headers, expected) in [
        (wines, vec![cookie], true),
        (wines, vec![cookie, ("sec-fetch-site", "same-origin")], false),
        (wines, vec![cookie, ("sec-fetch-site", "same-site")], true),
        (wines, vec![cookie, ("sec-fetch-site", "cross-site")], true),
        (wines, vec![cookie, ("sec-fetch-site", "none")], true),
        (wines, vec![cookie, ("sec-fetch-site", "")], true),
        (wines, vec![cookie, ("sec-fetch-site", "cross-site"), ("origin", "https://bar.example")], true),
        (wines, vec![cookie, ("origin", "https://bar.example")], false),
        (wines, vec![cookie, ("origin", "http://bar.example")], true),
        (wines, vec![cookie, ("origin", "https://bar.example:444")], true),
        (wines, vec![cookie, ("origin", "https://bar.example.evil.example")], true),
        (wines, vec![cookie, ("origin", "null")], true),
        (wines, vec![cookie, token], true),
        (wines, vec![cookie, token, ("sec-fetch-site", "same-origin")], false),
        (wines, vec![token], false),
        (wines, vec![token, ("sec-fetch-site", "cross-site")], false),
        (wines, vec![("origin", "https://evil.example")], false),
        (sign_in, vec![], false),
        (sign_in, vec![host], false),
        (sign_in, vec![("sec-fetch-site", "same-origin")], false),
        (sign_in, vec![("sec-fetch-site", "cross-site")], true),
        (sign_in, vec![("origin", "https://bar.example")], false),
        (sign_in, vec![("origin", "https://evil.example")], true),
        (sign_in, vec![cookie], true),
        (sign_in, vec![token, ("origin", "https://evil.example")], false),
        ("/api/v1/auth/login/", vec![("origin", "https://evil.example")], true),
        ("/api/v1/auth/logout", vec![("sec-fetch-site", "cross-site")], true),
        ("/api/v1/auth/logout", vec![("origin", "null")], true),
        ("/api/v1/auth/refresh", vec![("sec-fetch-site", "cross-site")], true),
        ("/api/v1/auth/accept", vec![("sec-fetch-site", "same-site")], true),
        ("/api/v1/auth/token", vec![("origin", "https://evil.example")], false),
        ("/wein", vec![cookie], false),
    ] {
        assert_eq!(refused(&bar, Method::POST, path, &headers).await, expected, "{path} {headers:?}");
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        assert!(refused(&bar, method, wines, &[cookie]).await);
    }
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        assert!(!refused(&bar, method, wines, &[cookie, ("sec-fetch-site", "cross-site")]).await);
    }
}

#[tokio::test]
async fn without_a_public_address_the_asked_one_counts() {
    let bar = bar_with(Settings::default()).await;
    let cookie = ("cookie", "casavazquez-access=x");
    for (headers, expected) in [
        (vec![cookie, ("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")], false),
        (vec![cookie, ("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:3000")], true),
        (vec![cookie, ("host", "127.0.0.1:8080"), ("origin", "http://evil.example")], true),
        (vec![cookie, ("origin", "http://127.0.0.1:8080")], true),
        (vec![cookie, ("host", "null"), ("origin", "null")], true),
    ] {
        assert_eq!(refused(&bar, Method::POST, "/api/v1/wines", &headers).await, expected, "{headers:?}");
    }
}
