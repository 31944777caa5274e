//! Who may do what: every operation of the document, asked by everybody, in one table that a person can read.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casavazquez::config::Settings;
use casavazquez::users::user::Role;
use chrono::TimeDelta;
use jsonwebtoken::{EncodingKey, decode_header};
use serde_json::{Value, json};

use crate::harness::{Person, TestApp};

/// Every operation of the committed document: method, path, and the role it says it takes.
fn operations() -> Vec<(Method, String, Option<String>)> {
    let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let role = operation["x-role"].as_str().map(str::to_owned);
            found.push((method.to_uppercase().parse::<Method>().unwrap(), path.clone(), role));
        }
    }
    // Whoever has signed out is asked nothing more.
    found.sort_by_key(|(method, path, _)| (path.ends_with("/logout"), path.clone(), method.to_string()));
    found
}

/// What happens at the door: past it, anything may still be wrong with the request.
async fn ask(person: &Person, method: &Method, path: &str) -> &'static str {
    let path = path.replace("{id}", NOBODY).replace("{session}", NOBODY);
    match person.begin(method.clone(), &path, &[], Body::empty()).await.status().as_u16() {
        401 => "sign in",
        403 => "no",
        429 | 500.. => "broken",
        _ => "yes",
    }
}

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[tokio::test]
async fn the_table_of_who_may_do_what() {
    // Nine people ask much from one place.
    let bar = TestApp::with_settings(Settings { rate_limit: false, ..Settings::default() }).await;
    let operations = operations();
    let (admin, staff, manager) = (bar.admin().await, bar.staff().await, bar.manager().await);
    let gone = bar.person("gone", Role::Admin).await;
    let away = admin.patch(&format!("/api/v1/users/{}", gone.id()), "*", &json!({"active": false})).await;
    assert_eq!(away.status.as_u16(), 200);
    let token = bar.token("late", Role::Admin).await;
    let named = json!({"name": "backup"});
    let made = admin.post("/api/v1/tokens", &named).await.json();
    let columns = [
        ("anyone", bar.anyone()),
        ("staff", staff),
        ("manager", manager),
        ("admin", admin),
        ("admin's token", bar.bearer(made["secret"].as_str().unwrap())),
        ("deactivated", gone),
        ("tampered", bar.bearer(&tampered(&token))),
        ("alg none", bar.bearer(&unsigned(&token))),
        ("other key", bar.bearer(&resigned(&token))),
    ];
    let mut table = format!("{:50}", "");
    for (name, _) in &columns {
        write!(table, "{name:>14}").unwrap();
    }
    table.push_str("       expired\n");
    let mut rows = Vec::new();
    for (method, path, role) in &operations {
        let mut row = Vec::new();
        for (_, person) in &columns {
            row.push(ask(person, method, path).await);
        }
        rows.push((method, path, role, row));
    }
    // The clock moves on for all, so whoever is late is asked last.
    bar.clock.advance(TimeDelta::minutes(16));
    let late = bar.bearer(&token);
    let mut seen = Vec::new();
    for (method, path, role, mut row) in rows {
        row.push(ask(&late, method, path).await);
        write!(table, "{:50}", format!("{method} {path}")).unwrap();
        for answer in &row {
            write!(table, "{answer:>14}").unwrap();
        }
        table.push('\n');
        seen.push((method, path, role, row));
    }
    insta::assert_snapshot!(table);
    for (method, path, role, row) in seen {
        // Whoever is signed in works here, so that both look the same from outside.
        let says = role.as_deref().map_or("anyone", |role| if role == "staff" { "signed in" } else { role });
        assert_eq!(says, taken(&row), "{method} {path} says another role than it takes");
        for bad in &row[5..] {
            assert_eq!(*bad, row[0], "{method} {path}: a bad key opens nothing");
        }
    }
}

/// The role that a row of the table shows.
fn taken(row: &[&str]) -> &'static str {
    match row[..4] {
        ["yes", "yes", "yes", "yes"] => "anyone",
        ["sign in", "sign in", "sign in", "sign in"] => "refresh cookie",
        ["sign in", "yes", "yes", "yes"] => "signed in",
        ["sign in", "no", "yes", "yes"] => "manager",
        ["sign in", "no", "no", "yes"] => "admin",
        _ => "nobody can say",
    }
}

/// The token with one bit of what it says turned.
fn tampered(token: &str) -> String {
    let (head, rest) = token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let mut bytes = decode(claims);
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    format!("{head}.{}.{signature}", encode(&bytes))
}

/// The token as one that says it needs no signature.
fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap();
    format!("{}.{claims}.", encode(&json!({"alg": "none", "typ": "JWT"}).to_string().into_bytes()))
}

/// The token with another's signature, under the name of ours.
fn resigned(token: &str) -> String {
    let claims: Value = serde_json::from_slice(&decode(token.split('.').nth(1).unwrap())).unwrap();
    let key = EncodingKey::from_secret(b"your-secret-key-change-in-production");
    jsonwebtoken::encode(&decode_header(token).unwrap(), &claims, &key).unwrap()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
