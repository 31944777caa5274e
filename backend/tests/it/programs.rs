//! Tokens for programs: shown once, kept as hashes, never more than their owner, and good for a time.

use axum::http::StatusCode;
use casavazquez::users::user::Role;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Person, TestApp};

const TOKENS: &str = "/api/v1/tokens";

async fn make(person: &Person, body: Value) -> (String, String) {
    let made = person.post(TOKENS, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    (made["token"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_program_comes_with_a_token_that_is_shown_once() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Manager).await;
    let (id, secret) = make(&maria, json!({"name": "till"})).await;
    assert!(secret.starts_with("casavazquez_") && secret.len() == 76, "{secret}");
    let program = bar.bearer(&secret);
    let me = program.get("/api/v1/auth/me").await.json();
    assert_eq!((&me["user"]["username"], &me["role"]), (&json!("maria"), &json!("manager")));
    let listed = maria.get(TOKENS).await;
    assert!(!listed.text().contains(&secret[12..]), "{}", listed.text());
    assert_eq!(listed.json()[0]["used_at"], json!("2026-07-17T18:00:00Z"));
    let backend = bar.app.db.get_database_backend();
    let row = bar.app.db.query_one_raw(Statement::from_string(backend, "SELECT token_hash FROM api_tokens")).await;
    let kept: String = row.unwrap().unwrap().try_get("", "token_hash").unwrap();
    assert_ne!(kept, secret[12..]);
    assert_eq!(maria.delete(&format!("{TOKENS}/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(program.get("/api/v1/auth/me").await.problem().0, 401);
}

#[tokio::test]
async fn a_token_is_good_for_its_time() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Manager).await;
    let (_, usual) = make(&maria, json!({"name": "till"})).await;
    let (_, short) = make(&maria, json!({"name": "visit", "days": 1})).await;
    let status = async |secret: &str| bar.bearer(secret).get("/api/v1/auth/me").await.status.as_u16();
    bar.clock.advance(TimeDelta::days(1));
    assert_eq!((status(&usual).await, status(&short).await), (200, 401));
    bar.clock.advance(TimeDelta::days(89));
    assert_eq!(status(&usual).await, 401);
}

#[tokio::test]
async fn a_token_may_at_most_what_its_owner_may() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Admin).await;
    let (_, mighty) = make(&maria, json!({"name": "backup"})).await;
    let (_, humble) = make(&maria, json!({"name": "till", "role": "staff"})).await;
    let status = async |secret: &str| bar.bearer(secret).get("/api/v1/users").await.status.as_u16();
    assert_eq!((status(&mighty).await, status(&humble).await), (200, 403));
    let path = format!("/api/v1/users/{}", maria.id());
    admin.patch(&path, "*", &json!({"role": "manager"})).await;
    assert_eq!(status(&mighty).await, 403, "what the owner may no longer, the token may no longer");
    let above = maria.post(TOKENS, &json!({"name": "x", "role": "admin", "days": 367})).await;
    let codes: Vec<_> = above.json()["errors"].as_array().unwrap().iter().map(|fault| fault["code"].clone()).collect();
    assert_eq!(codes, ["above_your_own", "out_of_range"]);
    admin.patch(&path, "*", &json!({"active": false})).await;
    assert_eq!(status(&humble).await, 401);
}

#[tokio::test]
async fn a_program_makes_itself_no_keys_and_locks_nobody_out() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Admin).await;
    let (id, secret) = make(&maria, json!({"name": "till"})).await;
    let program = bar.bearer(&secret);
    let of_maria = format!("/api/v1/users/{}", maria.id());
    assert_eq!(program.get(&of_maria).await.status, StatusCode::OK, "it may look");
    let password = json!({"current": "x", "password": "drei oliven auf einem teller"});
    for answer in [
        program.post(TOKENS, &json!({"name": "another"})).await,
        program.delete(&format!("{TOKENS}/{id}")).await,
        program.put("/api/v1/auth/password", password).await,
        program.delete("/api/v1/auth/sessions").await,
        program.patch("/api/v1/auth/me", "*", &json!({"email": null})).await,
        program.post("/api/v1/auth/logout", &Value::Null).await,
        program.post("/api/v1/users", &json!({"username": "evil", "role": "admin"})).await,
        program.patch(&of_maria, "*", &json!({"active": false})).await,
        program.delete_copy(&of_maria, "*").await,
        program.post(&format!("{of_maria}/invitation"), &Value::Null).await,
        program.delete(&format!("{of_maria}/sessions")).await,
    ] {
        let refused = "this takes somebody who signed in, not a program's token".to_owned();
        assert_eq!(answer.problem(), (403, refused));
    }
}

#[tokio::test]
async fn an_admin_sees_and_takes_away_the_tokens_of_others_and_nobody_else_does() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Manager).await;
    let other = bar.person("other", Role::Manager).await;
    let (id, secret) = make(&maria, json!({"name": "till"})).await;
    let of_maria = format!("{TOKENS}?user={}", maria.id());
    assert_eq!(admin.get(&of_maria).await.json()[0]["name"], "till");
    assert_eq!(maria.get(&of_maria).await.status, StatusCode::OK);
    assert_eq!(other.get(&of_maria).await.problem().0, 403);
    assert_eq!(other.delete(&format!("{TOKENS}/{id}")).await.problem(), (404, "token not found".to_owned()));
    for query in ["?user=maria", "?owner=1", "?user=&user="] {
        assert_eq!(admin.get(&format!("{TOKENS}{query}")).await.problem().0, 422, "{query}");
    }
    assert_eq!(admin.delete(&format!("{TOKENS}/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(bar.bearer(&secret).get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_ends_with_what_else_its_owner_is_signed_in_with() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Manager).await;
    let path = format!("/api/v1/users/{}", maria.id());
    let (_, first) = make(&maria, json!({"name": "till"})).await;
    let status = async |secret: &str| bar.bearer(secret).get("/api/v1/auth/me").await.status.as_u16();
    admin.delete(&format!("{path}/sessions")).await;
    assert_eq!(status(&first).await, 401, "shown out");
    let again = bar.sign_in("maria").await;
    let (_, second) = make(&again, json!({"name": "till"})).await;
    assert_eq!(again.get(TOKENS).await.json().as_array().unwrap().len(), 1);
    let body = json!({"current": PASSWORD, "password": "drei oliven auf einem teller"});
    assert_eq!(again.put("/api/v1/auth/password", body).await.status, StatusCode::OK);
    assert_eq!(status(&second).await, 401, "another password");
    let (_, third) = make(&admin, json!({"name": "backup"})).await;
    let other = bar.person("other", Role::Admin).await;
    let of_admin = format!("/api/v1/users/{}", admin.id());
    other.patch(&of_admin, "*", &json!({"active": false})).await;
    other.patch(&of_admin, "*", &json!({"active": true})).await;
    assert_eq!(status(&third).await, 401, "deactivated, and back again");
}
