//! The card: what guests see, when it changes, and what it costs to ask again.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::{TestApp, names};

fn items(card: &Value) -> impl Iterator<Item = &Value> {
    let menus = card["menus"].as_array().unwrap().iter();
    menus.flat_map(|menu| menu["sections"].as_array().unwrap()).flat_map(|section| section["items"].as_array().unwrap())
}

fn item<'a>(card: &'a Value, slug: &str) -> &'a Value {
    items(card).find(|item| item["slug"] == slug).unwrap_or_else(|| panic!("no {slug} on the card"))
}

#[tokio::test]
async fn the_card_has_three_menus_in_order_and_every_item_has_a_price_and_a_measure() {
    let bar = TestApp::with_demo().await;
    let card = bar.json("/api/v1/card").await;
    let menus: Vec<_> = card["menus"].as_array().unwrap().iter().map(|menu| menu["menu"].as_str().unwrap()).collect();
    assert_eq!(menus, ["wines", "drinks", "snacks"]);
    for item in items(&card) {
        let servings = item["servings"].as_array().unwrap();
        assert!(!servings.is_empty(), "{}", item["name"]);
        for serving in servings {
            assert!(serving["price_cents"].as_i64().unwrap() > 0, "{}", item["name"]);
            assert!(item["kind"] == "snack" || serving["volume_ml"].is_i64(), "{}", item["name"]);
        }
    }
}

#[tokio::test]
async fn each_language_has_its_words_and_says_which_are_still_german() {
    let bar = TestApp::with_demo().await;
    let [german, english, spanish] = [
        bar.json("/api/v1/card?locale=de").await,
        bar.json("/api/v1/card?locale=en").await,
        bar.json("/api/v1/card?locale=es").await,
    ];
    let section = |card: &Value| card["menus"][0]["sections"][1]["name"].as_str().unwrap().to_owned();
    assert_eq!([section(&german), section(&english), section(&spanish)], ["Rotwein", "Red wine", "Vino tinto"]);
    assert!(items(&german).all(|item| item["untranslated"].as_array().unwrap().is_empty()));
    let untranslated: Vec<_> =
        items(&english).filter(|item| !item["untranslated"].as_array().unwrap().is_empty()).collect();
    assert!(!untranslated.is_empty(), "the demo leaves some texts untranslated, so that one can see what happens");
    for item in untranslated {
        let original = items(&german).find(|german| german["id"] == item["id"]).unwrap();
        for field in item["untranslated"].as_array().unwrap() {
            assert_eq!(item[field.as_str().unwrap()], original[field.as_str().unwrap()]);
        }
    }
}

#[tokio::test]
async fn what_is_hidden_is_nowhere() {
    let bar = TestApp::with_demo().await;
    let hidden: Vec<_> =
        casavazquez::menu::store::list(&bar.app.db).await.unwrap().into_iter().filter(|item| !item.visible).collect();
    assert!(!hidden.is_empty());
    for item in hidden {
        let id = item.id.to_string();
        assert!(!bar.anyone().get("/api/v1/card").await.text().contains(&id));
        let path = format!("/api/v1/{}s/{id}", item.kind.noun());
        assert_eq!(bar.anyone().get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!std::fs::read_to_string(bar.folder.path().join("card.json")).unwrap().contains(&id));
    }
}

#[tokio::test]
async fn what_is_sold_out_for_today_comes_back_by_itself() {
    let bar = TestApp::with_demo().await;
    let card = bar.json("/api/v1/card").await;
    let out =
        items(&card).find(|item| item["sold_out_until"].is_string()).expect("the demo has one sold out for today");
    let slug = out["slug"].as_str().unwrap();
    assert_eq!(out["sold_out"], true);
    bar.clock.advance(TimeDelta::hours(12) - TimeDelta::microseconds(1));
    assert_eq!(item(&bar.json("/api/v1/card").await, slug)["sold_out"], true);
    bar.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(item(&bar.json("/api/v1/card").await, slug)["sold_out"], false);
}

#[tokio::test]
async fn what_is_sold_out_until_further_notice_stays_so() {
    let bar = TestApp::with_demo().await;
    let card = bar.json("/api/v1/card").await;
    let out = items(&card).find(|item| item["sold_out"] == true && item["sold_out_until"].is_null()).unwrap();
    let slug = out["slug"].as_str().unwrap().to_owned();
    bar.clock.advance(TimeDelta::days(100));
    assert_eq!(item(&bar.json("/api/v1/card").await, &slug)["sold_out"], true);
}

#[tokio::test]
async fn the_door_opens_and_closes_on_the_bars_clock() {
    let bar = TestApp::with_demo().await;
    assert_eq!(bar.json("/api/v1/house").await["open"], serde_json::json!({"now": true, "until": "02:00"}));
    // Two in the night, Münster time.
    bar.clock.advance(TimeDelta::hours(6));
    let open = bar.json("/api/v1/house").await["open"].clone();
    assert_eq!(open, serde_json::json!({"now": false, "opens": {"day": 6, "at": "17:00", "today": true}}));
    bar.clock.advance(TimeDelta::hours(15));
    assert_eq!(bar.json("/api/v1/house").await["open"]["now"], true);
}

#[tokio::test]
async fn a_bundle_contains_what_its_parts_contain_and_is_free_only_of_what_all_are_free_of() {
    let bar = TestApp::with_demo().await;
    let card = bar.json("/api/v1/card").await;
    let bundle = items(&card).find(|item| !item["components"].as_array().unwrap().is_empty()).expect("a bundle");
    let state = |thing: &Value, substance: &str| {
        let rows = thing["declarations"].as_array().unwrap();
        rows.iter().find(|row| row["substance"] == substance).map(|row| row["state"].as_str().unwrap().to_owned())
    };
    let parts = bundle["components"].as_array().unwrap();
    assert!(parts.len() > 2);
    for substance in card["substances"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()) {
        let each: Vec<_> = parts.iter().map(|part| state(part, substance)).collect();
        let expected = if each.iter().any(|one| one.as_deref() == Some("contains")) {
            Some("contains")
        } else if each.iter().any(|one| one.as_deref() == Some("traces")) {
            Some("traces")
        } else {
            each.iter().all(|one| one.as_deref() == Some("free")).then_some("free")
        };
        assert_eq!(state(bundle, substance).as_deref(), expected, "{substance}");
    }
    assert_eq!(bundle["min_age"], 16, "there is wine in it");
}

#[tokio::test]
async fn hiding_a_part_does_not_make_its_bundle_free_of_anything() {
    use casavazquez::menu::store;

    let bar = TestApp::with_demo().await;
    let declared = async || {
        let card = bar.json("/api/v1/card").await;
        let bundle = items(&card).find(|item| !item["components"].as_array().unwrap().is_empty()).unwrap().clone();
        (bundle["components"].as_array().unwrap().len(), bundle["declarations"].clone())
    };
    let (parts, before) = declared().await;
    for slug in ["plato-mixto", "plato-verde"] {
        let part = store::list(&bar.app.db).await.unwrap().into_iter().find(|item| item.slug == slug).unwrap();
        let mut hidden = part.clone();
        hidden.visible = false;
        let by = casavazquez::actor::Actor::command_line();
        bar.app.change(&by, async |change| store::update(change, &part, hidden).await).await.unwrap();
    }
    assert_eq!(declared().await, (parts - 2, before));
}

#[tokio::test]
async fn the_legend_names_the_fourteen_groups_and_all_that_occurs() {
    let bar = TestApp::with_demo().await;
    let card = bar.json("/api/v1/card").await;
    let legend: Vec<_> = card["substances"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    let groups =
        card["substances"].as_array().unwrap().iter().filter(|one| one["kind"] == "allergen" && one["group"].is_null());
    assert_eq!(groups.count(), 14);
    for item in items(&card) {
        for row in item["declarations"].as_array().unwrap().iter().filter(|row| row["state"] != "free") {
            assert!(legend.contains(&row["substance"]), "{row} of {}", item["name"]);
        }
    }
}

#[tokio::test]
async fn a_change_raises_the_revision_and_is_on_the_card_at_once() {
    use casavazquez::actor::Actor;
    use casavazquez::menu::store;

    let bar = TestApp::with_demo().await;
    let before = bar.json("/api/v1/card").await["revision"].as_i64().unwrap();
    let wine = store::list(&bar.app.db).await.unwrap().into_iter().find(|item| item.slug == "david-moreno").unwrap();
    let mut dearer = wine.clone();
    dearer.servings[0].price_cents = 520;
    bar.app
        .change(&Actor::command_line(), async |change| store::update(change, &wine, dearer.clone()).await)
        .await
        .unwrap();
    let after = bar.json("/api/v1/wines/david-moreno").await;
    assert_eq!(after["servings"][0]["price_cents"], 520);
    assert_eq!(bar.json("/api/v1/card").await["revision"].as_i64().unwrap(), before + 1);
    // The same again is no change.
    let now = store::list(&bar.app.db).await.unwrap().into_iter().find(|item| item.slug == "david-moreno").unwrap();
    bar.app
        .change(&Actor::command_line(), async |change| store::update(change, &now, now.clone()).await)
        .await
        .unwrap();
    assert_eq!(bar.json("/api/v1/card").await["revision"].as_i64().unwrap(), before + 1);
}

#[tokio::test]
async fn who_has_the_card_is_not_sent_it_again_until_it_changes() {
    let bar = TestApp::with_demo().await;
    for path in ["/api/v1/card", "/api/v1/wines", "/api/v1/house", "/api/v1/notifications", "/api/v1/sections"] {
        let first = bar.anyone().get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: a strong tag, not {tag}");
        assert_eq!(first.header("cache-control"), "no-cache");
        let again = bar.anyone().get_with(path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.text().as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(again.header("etag"), tag);
    }
    let tag = bar.anyone().get("/api/v1/house").await.header("etag").to_owned();
    bar.clock.advance(TimeDelta::hours(6));
    let closed = bar.anyone().get_with("/api/v1/house", &[("if-none-match", &tag)]).await;
    assert_eq!(closed.status, StatusCode::OK, "the door has closed since");
}

#[tokio::test]
async fn long_answers_are_compressed_as_the_client_likes() {
    let bar = TestApp::with_demo().await;
    let plain = bar.anyone().get("/api/v1/card").await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.header("vary"), "accept-encoding");
    for coding in ["br", "zstd", "gzip"] {
        let answer = bar.anyone().get_with("/api/v1/card", &[("accept-encoding", coding)]).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(answer.text().len() * 3 < plain.text().len(), "{coding}");
        assert_ne!(answer.header("etag"), plain.header("etag"), "other bytes, other strong tag");
    }
}

#[tokio::test]
async fn an_empty_bar_has_an_empty_card() {
    let bar = TestApp::empty().await;
    let card = bar.json("/api/v1/card").await;
    assert_eq!(items(&card).count(), 0);
    assert_eq!(card["house"], Value::Null);
    assert_eq!(bar.anyone().get("/api/v1/house").await.problem(), (404, "house not found".to_owned()));
}

#[tokio::test]
async fn announcements_stand_on_their_pages() {
    let bar = TestApp::with_demo().await;
    let all = bar.json("/api/v1/notifications").await;
    let priorities: Vec<_> = all.as_array().unwrap().iter().map(|one| one["priority"].as_i64().unwrap()).collect();
    assert!(priorities.is_sorted_by(|one, next| one >= next), "{priorities:?}");
    let drinks = bar.json("/api/v1/notifications?page=drinks").await;
    assert!(drinks.as_array().unwrap().iter().all(|one| one["pages"].as_array().unwrap().contains(&"drinks".into())));
    assert!(drinks.as_array().unwrap().len() < all.as_array().unwrap().len());
}

#[tokio::test]
async fn sections_can_be_asked_for_alone() {
    let bar = TestApp::with_demo().await;
    let wines = bar.json("/api/v1/sections?menu=wines&locale=en").await;
    assert_eq!(names(&wines)[..2], ["House wine", "Red wine"]);
    let total: u64 = wines.as_array().unwrap().iter().map(|section| section["count"].as_u64().unwrap()).sum();
    assert_eq!(total, bar.json("/api/v1/wines").await["total"].as_u64().unwrap());
}
