//! The old reading paths answer in their old shapes, and say where to ask now.

use axum::http::Method;
use serde_json::Value;

use crate::harness::TestApp;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_wine_has_its_old_fields_and_decimal_prices() {
    let bar = TestApp::with_demo().await;
    for path in ["/api/wines/", "/api/wines/vinos", "/casavazquez/api/vinos"] {
        let wines = bar.json(path).await;
        let wine = wines.as_array().unwrap().iter().find(|wine| wine["name"] == "David Moreno").unwrap();
        let expected = [
            "available",
            "characteristics",
            "color",
            "grape",
            "id",
            "image",
            "long_description",
            "name",
            "origin",
            "price_bottle",
            "price_glass_01",
            "price_glass_02",
            "short_description",
        ];
        let mut found = keys(wine);
        found.sort_unstable();
        assert_eq!(found, expected, "{path}");
        assert_eq!((&wine["price_glass_01"], &wine["price_bottle"]), (&"4.80".into(), &"29.50".into()));
    }
    let bottle_only = bar.json("/api/wines?search=barolo").await;
    assert_eq!(bottle_only[0]["price_glass_01"], Value::Null, "not sold by the glass is null, never 0.00");
}

#[tokio::test]
async fn the_old_filters_still_filter() {
    let bar = TestApp::with_demo().await;
    let count = async |path: &str| bar.json(path).await.as_array().unwrap().len();
    let all = count("/api/wines?available_only=false").await;
    let available = count("/api/wines").await;
    assert!(available < all);
    assert!(count("/api/wines?color=ros%C3%A9").await > 0);
    assert_eq!(count("/api/wines?color=blue").await, 0);
    assert_eq!(count("/api/wines?limit=5").await, 5);
    assert_eq!(count("/api/wines?skip=3&limit=100").await, available - 3);
    assert!(count("/api/drinks?alcoholic=false").await > 0);
    assert!(count("/api/snacks?vegan=true").await > 0);
    let category = bar.json("/api/drinks/categories/available").await[0].as_str().unwrap().to_owned();
    let of_category = bar.json(&format!("/api/drinks?category={}", category.replace(' ', "%20"))).await;
    assert!(of_category.as_array().unwrap().iter().all(|drink| drink["category"] == category.as_str()));
}

#[tokio::test]
async fn drinks_snacks_and_announcements_have_numbers_and_codes() {
    let bar = TestApp::with_demo().await;
    let drinks = bar.json("/api/drinks").await;
    let cola =
        drinks.as_array().unwrap().iter().find(|drink| drink["name"].as_str().unwrap().contains("Zero")).unwrap();
    assert!(cola["id"].is_i64());
    assert_eq!(cola["volume"], "0,33l");
    for code in [1, 7, 8] {
        assert!(cola["allergens"].as_array().unwrap().contains(&code.into()), "{cola}");
    }
    let one = bar.json(&format!("/api/drinks/{}", cola["id"])).await;
    assert_eq!(&one, cola);
    let snacks = bar.json("/api/snacks").await;
    assert!(snacks[0]["vegetarian"].is_boolean());
    let shown = bar.json("/api/v1/notifications?page=snacks").await;
    let old = bar.json("/api/notifications/?target_page=snacks").await;
    assert_eq!(old.as_array().unwrap().len(), shown.as_array().unwrap().len());
    let announcements = bar.json("/api/notifications/?target_page=drinks").await;
    assert!(announcements.as_array().unwrap().iter().all(|one| one["type"].is_string() && one["active"] == true));
    let id = announcements[0]["id"].as_str().unwrap();
    assert_eq!(bar.json(&format!("/api/notifications/{id}")).await, announcements[0]);
}

#[tokio::test]
async fn a_missing_thing_is_missing_in_the_old_words() {
    let bar = TestApp::with_demo().await;
    for (path, body) in [
        ("/api/wines/none", r#"{"detail":"Wine not found"}"#),
        ("/api/drinks/99999", r#"{"detail":"Drink not found"}"#),
        ("/api/drinks/x", r#"{"detail":"Drink not found"}"#),
        ("/api/snacks/99999", r#"{"detail":"Snack not found"}"#),
        ("/api/notifications/0", r#"{"detail":"Notification not found"}"#),
    ] {
        let answer = bar.anyone().get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (404, body), "{path}");
    }
    let answer = bar.anyone().get("/api/wines?limit=101").await;
    assert_eq!(answer.status.as_u16(), 422);
}

#[tokio::test]
async fn every_old_answer_names_its_successor() {
    let bar = TestApp::with_demo().await;
    for path in ["/api/wines", "/api/wines/none", "/api/drinks/1", "/api/snacks", "/api/notifications"] {
        let answer = bar.anyone().get(path).await;
        assert_eq!(answer.header("deprecation"), "@1795392000", "{path}");
        assert!(answer.header("sunset").ends_with("GMT"));
        assert!(answer.header("link").contains("rel=\"successor-version\""));
    }
}

#[tokio::test]
async fn old_writes_are_gone_and_say_where_to_go() {
    let bar = TestApp::with_demo().await;
    for (method, path) in [
        (Method::POST, "/api/wines/"),
        (Method::PATCH, "/api/wines/r2"),
        (Method::DELETE, "/api/drinks/3"),
        (Method::PUT, "/api/wines/bulk/prices"),
        (Method::POST, "/api/upload/image"),
        (Method::POST, "/casavazquez/api/wines"),
    ] {
        let (status, detail) = bar.anyone().ask(method.clone(), path, &[]).await.problem();
        assert_eq!(status, 410, "{method} {path}");
        assert!(detail.contains("/api/v1"), "{detail}");
    }
    assert_eq!(bar.anyone().get("/api/upload/image").await.status.as_u16(), 404);
}
