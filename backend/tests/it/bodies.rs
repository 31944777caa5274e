//! Bodies that are too long, of the wrong kind, broken, or of the wrong shape. The routes are the test's own; what stands
//! around them is not.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::routing::post;
use casavazquez::app::App;
use casavazquez::body::{self, Form, Json};
use serde::Deserialize;
use serde_json::json;

use crate::harness::{Answer, TestApp};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Probe {
    name: String,
    #[serde(default)]
    price: Option<u32>,
    #[serde(default)]
    color: Option<Color>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Color {
    Red,
    White,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    username: String,
    password: String,
    scope: Option<String>,
}

/// Routes that take a body and say what they understood.
pub fn routes() -> Router<App> {
    let take = async |Json(Probe { name, price, color }): Json<Probe>| format!("{name} {price:?} {color:?}");
    let sign_in =
        async |Form(SignIn { username, password, scope }): Form<SignIn>| format!("{username} {password} {scope:?}");
    Router::new()
        .route("/probe", post(take))
        .route("/long", post(take).layer(body::at_most(1024 * 1024)))
        .route("/form", post(sign_in))
}

async fn send(path: &str, headers: &[(&'static str, &str)], body: impl Into<Body>) -> Answer {
    let bar = TestApp::empty().await;
    bar.guest_of(routes()).send(Method::POST, path, headers, body.into()).await
}

/// A problem that a body gets: the status and what it says.
async fn refusal(path: &str, headers: &[(&'static str, &str)], body: impl Into<Body>) -> (u16, String) {
    send(path, headers, body).await.problem()
}

#[tokio::test]
async fn a_good_body_is_taken() {
    for kind in
        ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
    {
        let answer = send("/probe", &[("content-type", kind)], r#"{"name": "Rioja", "price": 5}"#).await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "Rioja Some(5) None"), "{kind}");
    }
    let answer = send("/form", FORM, "username=ana&password=%C3%B1+%26").await;
    assert_eq!(answer.text(), "ana ñ & None");
    let answer = send("/form", FORM, "username=ana&password=x&scope=wines").await;
    assert_eq!(answer.text(), "ana x Some(\"wines\")");
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused() {
    for kind in ["text/plain", "application/jsonp", "application/x-www-form-urlencoded", "", "multipart/form-data"] {
        let (status, detail) = refusal("/probe", &[("content-type", kind)], r#"{"name": "Rioja"}"#).await;
        assert_eq!((status, detail.as_str()), (415, "this address takes application/json"), "{kind}");
    }
    assert_eq!(refusal("/probe", &[], r#"{"name": "Rioja"}"#).await.0, 415);
    let expected = (415, "this address takes application/x-www-form-urlencoded".to_owned());
    assert_eq!(refusal("/form", JSON, "username=ana&password=x").await, expected);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_named_with_its_place() {
    for (text, complaint) in [
        (&b""[..], "it ends too early (line 1, column 0)"),
        (b"{\"name\": ", "it ends too early (line 1, column 9)"),
        (b"{\"name\": \"s3cret\n", "control character"),
        (b"{\n\"name\": s3cret}", "expected value (line 2, column 9)"),
        (b"{\"name\": \"s3cret\"} s3cret", "trailing characters (line 1, column 20)"),
        (b"{\"name\": \"s3cret\"}{}", "trailing characters"),
        (b"{'name': 1}", "key must be a string"),
        (b"\xff\xfe{}", "the body is not UTF-8"),
        (b"{\"name\": \"\xc3\"}", "the body is not UTF-8"),
    ] {
        let (status, detail) = refusal("/probe", JSON, text).await;
        assert_eq!(status, 400, "{detail}");
        assert!(detail.contains(complaint) && !detail.contains("s3cret"), "{detail}");
    }
}

#[tokio::test]
async fn a_body_without_end_of_brackets_is_not_followed() {
    let bar = TestApp::empty().await;
    let take = async |Json(any): Json<serde_json::Value>| any.to_string();
    let routes = Router::new().route("/any", post(take).layer(body::at_most(1024 * 1024)));
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        let answer = bar.guest_of(routes.clone()).send(Method::POST, "/any", JSON, deep.into()).await;
        let (status, detail) = answer.problem();
        assert_eq!(status, 400);
        assert!(detail.contains("it is nested too deeply"), "{detail}");
    }
}

#[tokio::test]
async fn a_body_of_the_wrong_shape_names_the_place() {
    for (text, detail, errors) in [
        (
            r#"{"nom": "s3cret"}"#,
            "nom is not a field here (known: name, price, color)",
            json!([{"pointer": "/nom", "code": "unknown_field", "params": {"known": ["name", "price", "color"]}}]),
        ),
        ("{}", "name is missing", json!([{"pointer": "/name", "code": "missing", "params": {}}])),
        (
            r#"{"name": "a", "name": "s3cret"}"#,
            "name is given twice",
            json!([{"pointer": "/name", "code": "given_twice", "params": {}}]),
        ),
        (
            r#"{"name": "a", "price": "s3cret"}"#,
            "price must be a whole number",
            json!([{"pointer": "/price", "code": "wrong_type", "params": {"expected": "a whole number"}}]),
        ),
        (
            r#"{"name": "s3cret\ud800"}"#,
            "name is not valid",
            json!([{"pointer": "/name", "code": "not_valid", "params": {}}]),
        ),
        (
            r#"{"name": "a", "color": 5}"#,
            "color must be a string",
            json!([{"pointer": "/color", "code": "wrong_type", "params": {"expected": "a string"}}]),
        ),
        (
            r#"{"name": "a", "color": "s3cret"}"#,
            "color must be one of red, white",
            json!([{"pointer": "/color", "code": "one_of", "params": {"allowed": ["red", "white"]}}]),
        ),
        (
            r#""s3cret""#,
            "the body must be an object",
            json!([{"pointer": "", "code": "wrong_type", "params": {"expected": "an object"}}]),
        ),
    ] {
        let answer = send("/probe", JSON, text).await;
        assert_eq!(answer.problem(), (422, detail.to_owned()));
        assert_eq!(answer.json()["errors"], errors);
        assert!(!answer.text().contains("s3cret"), "{}", answer.text());
    }
}

/// A merge patch, or whatever else is read before its shape is known.
#[tokio::test]
async fn a_name_stands_once_in_an_object_of_whatever_shape() {
    let bar = TestApp::empty().await;
    let take = async |Json(any): Json<serde_json::Value>| any.to_string();
    let routes = Router::new().route("/any", post(take));
    let send =
        async |text: &str| bar.guest_of(routes.clone()).send(Method::POST, "/any", JSON, text.to_owned().into()).await;
    for (text, pointer) in [
        (r#"{"a": "s3cret", "b": 1, "a": null}"#, "/a"),
        (r#"{"a": {"a": 1, "a": 1}}"#, "/a/a"),
        (r#"{"a": [0, {"b": {"c": 1}}, {"b/": {}, "b/": "s3cret"}]}"#, "/a/2/b~1"),
        (r#"{"\u0061": 1, "a": 2}"#, "/a"),
    ] {
        let answer = send(text).await;
        assert_eq!(answer.problem().0, 422, "{text}");
        assert_eq!(answer.json()["errors"], json!([{"pointer": pointer, "code": "given_twice", "params": {}}]));
        assert!(!answer.text().contains("s3cret"), "{}", answer.text());
    }
    let good = r#"{"a":{"a":1,"b":-1.5e3},"b":[{"a":true},{"a":null}],"c":"a"}"#;
    assert_eq!(send(good).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_is_read_with_the_same_care() {
    for (text, status, detail) in [
        ("username=ana", 422, "password is missing"),
        ("username=ana&password=s3cret&password=s3cret", 422, "password is given twice"),
        (
            "username=ana&password=s3cret&admin=s3cret",
            422,
            "admin is not a field here (known: username, password, scope)",
        ),
        ("username=ana&password=%ffs3cret", 400, "the body is not UTF-8"),
        ("", 422, "username is missing"),
    ] {
        assert_eq!(refusal("/form", FORM, text).await, (status, detail.to_owned()), "{text}");
    }
}

#[tokio::test]
async fn a_body_may_have_so_many_bytes_and_no_more() {
    let of = |bytes: usize| format!("{{\"name\": \"{}\"}}", "x".repeat(bytes - 12));
    assert_eq!(of(64).len(), 64);
    assert_eq!(send("/probe", JSON, of(64 * 1024)).await.status, StatusCode::OK);
    let expected = (413, "the body is longer than the 65536 bytes that are taken here".to_owned());
    assert_eq!(refusal("/probe", JSON, of(64 * 1024 + 1)).await, expected);
    assert_eq!(refusal("/form", FORM, "a=b&".repeat(20_000)).await.0, 413);
    assert_eq!(send("/long", JSON, of(64 * 1024 + 1)).await.status, StatusCode::OK, "a route may take more");
    let expected = (413, "the body is longer than the 1048576 bytes that are taken here".to_owned());
    assert_eq!(refusal("/long", JSON, of(1024 * 1024 + 1)).await, expected);
}
