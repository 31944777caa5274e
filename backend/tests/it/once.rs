//! A request that is sent again is done once and answered the same, and one that was refused is forgotten.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing::rioja;
use crate::harness::{Answer, Person, TestApp};
use casavazquez::revision;
use casavazquez::users::user::Role;

async fn wine(person: &Person) -> Value {
    let menu = person.get("/api/v1/menu").await.json();
    let wines = |section: &&Value| section["menu"] == "wines";
    rioja(&menu["sections"].as_array().unwrap().iter().find(wines).unwrap()["id"])
}

async fn post(person: &Person, key: &str, body: &Value) -> Answer {
    person.send_json("POST", "/api/v1/wines", &[("idempotency-key", key)], body).await
}

#[tokio::test]
async fn ten_at_once_make_one_record() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let body = wine(&manager).await;
    let before = bar.count("items").await;
    let sent = (0..10).map(|_| {
        let (manager, body) = (manager.clone(), body.clone());
        tokio::spawn(async move { post(&manager, "ein-klick", &body).await })
    });
    let mut seen = Vec::new();
    for sent in sent.collect::<Vec<_>>() {
        let answer = sent.await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
        seen.push((answer.text(), answer.header("location").to_owned(), answer.header("etag").to_owned()));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "all are the same bytes");
    assert_eq!(bar.count("items").await, before + 1);
    let mut other = body.clone();
    other["name"] = json!({"de": "Anderer"});
    assert_eq!(post(&manager, "ein-klick", &other).await.status, 422);
    let colleague = bar.person("kollegin", Role::Manager).await;
    assert_eq!(post(&colleague, "ein-klick", &other).await.status, 201, "a key is its sender's own");
    bar.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let later = bar.sign_in("manager").await;
    assert_eq!(post(&later, "ein-klick", &other).await.status, 201, "after a day it is forgotten");
    assert_eq!(bar.count("items").await, before + 3);
    assert_eq!(bar.count("answers").await, 1, "and what was kept is swept away");
}

#[tokio::test]
async fn a_refused_request_keeps_nothing_and_can_be_mended() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let mut body = wine(&manager).await;
    let number = manager.get("/api/v1/wines").await.json()["items"][0]["number"].clone();
    body["number"] = number;
    assert_eq!(post(&manager, "k", &body).await.status, 409);
    body["number"] = json!(0);
    assert_eq!(post(&manager, "k", &body).await.status, 422);
    assert_eq!(bar.count("answers").await, 0);
    body.as_object_mut().unwrap().remove("number");
    assert_eq!(post(&manager, "k", &body).await.status, 201);
    for bad in ["", " ", &"k".repeat(256)] {
        assert_eq!(post(&manager, bad, &body).await.status, 422);
    }
}

#[tokio::test]
async fn a_change_and_a_deletion_sent_again_are_answered_the_same() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let made = post(&manager, "neu", &wine(&manager).await).await.json();
    let path = format!("/api/v1/wines/{}", made["id"].as_str().unwrap());
    let head = [("if-match", "\"1\""), ("idempotency-key", "teurer")];
    let note = json!({"note": {"de": "Neu"}});
    let first = manager.send_json("PATCH", &path, &head, &note).await;
    let again = manager.send_json("PATCH", &path, &head, &note).await;
    assert_eq!((first.status.as_u16(), first.text()), (200, again.text()));
    assert_eq!(first.header("etag"), again.header("etag"));
    assert_eq!(manager.patch(&path, "\"1\"", &note).await.status, 412, "without the key it is another");
    let other = [("if-match", "\"2\""), ("idempotency-key", "teurer")];
    assert_eq!(manager.send_json("PATCH", &path, &other, &note).await.status, 422, "another copy is another request");
    let gone = [("if-match", "\"2\""), ("idempotency-key", "weg")];
    for _ in 0..2 {
        assert_eq!(manager.send_json("DELETE", &path, &gone, &Value::Null).await.status, 204);
    }
    assert_eq!(manager.send_json("DELETE", &path, &gone[..1], &Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_request_that_changed_nothing_is_remembered_too() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let wine = bar.json("/api/v1/wines?limit=1").await["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/wines/{wine}/availability");
    let put = async |body: Value| {
        let head = [("idempotency-key", "ein-klick"), ("if-match", "*")];
        manager.send_json("PUT", &path, &head, &body).await.status.as_u16()
    };
    let (card, lines) = (bar.json("/api/v1/card").await["revision"].clone(), bar.count("changes").await);
    assert_eq!(put(json!({"sold_out": false})).await, 200);
    assert_eq!(put(json!({"sold_out": true})).await, 422, "the key is another request's");
    assert_eq!(put(json!({"sold_out": false})).await, 200);
    assert_eq!((bar.json("/api/v1/card").await["revision"].clone(), bar.count("changes").await), (card, lines));
    let held = revision::current(&bar.app.db).await.unwrap().revision;
    assert_eq!(json!(held), bar.json("/api/v1/card").await["revision"], "no card without a change");
}
