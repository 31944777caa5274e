//! The lists of wines, drinks and snacks: filters, search, pages, and what is refused.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{TestApp, names};

type Test<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

async fn list(bar: &TestApp, path: &str) -> Vec<Value> {
    bar.json(path).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_demo_has_enough_to_choose_from() {
    let bar = TestApp::with_demo().await;
    assert!(list(&bar, "/api/v1/wines").await.len() >= 30);
    assert!(list(&bar, "/api/v1/drinks").await.len() >= 40);
    assert!(list(&bar, "/api/v1/snacks").await.len() >= 16);
}

#[tokio::test]
async fn each_filter_keeps_what_answers_and_only_that() {
    let bar = TestApp::with_demo().await;
    let available = |item: &Value, test: &dyn Fn(&Value) -> bool| {
        item["servings"].as_array().unwrap().iter().any(|serving| serving["sold_out"] == false && test(serving))
    };
    let free_of = |item: &Value, substance: &str| {
        item["declarations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["substance"] == substance && row["state"] == "free")
    };
    let has_diet = |item: &Value, diet: &str| item["diets"].as_array().unwrap().contains(&json!(diet));
    let cases: Vec<(&str, &str, Test<'_>)> = vec![
        ("wines", "color=rose", Box::new(|item| item["wine"]["color"] == "rose")),
        (
            "wines",
            "color=white,orange",
            Box::new(|item| ["white", "orange"].contains(&item["wine"]["color"].as_str().unwrap())),
        ),
        ("wines", "by_glass=true", Box::new(|item| available(item, &|serving| serving["unit"] == "glass"))),
        (
            "wines",
            "max_price=500",
            Box::new(|item| available(item, &|serving| serving["price_cents"].as_i64().unwrap() <= 500)),
        ),
        ("wines", "new=true", Box::new(|item| item["new"] == true)),
        ("wines", "available=true", Box::new(|item| item["sold_out"] == false)),
        (
            "drinks",
            "alcohol_free=true",
            Box::new(|item| item["servings"].as_array().unwrap().iter().any(|serving| serving["alcohol"] == "none")),
        ),
        ("snacks", "diet=vegetarian", Box::new(|item| has_diet(item, "vegetarian"))),
        (
            "snacks",
            "diet=vegetarian&diet=keto",
            Box::new(|item| has_diet(item, "vegetarian") && has_diet(item, "keto")),
        ),
        ("snacks", "without=milk", Box::new(|item| free_of(item, "milk"))),
        ("snacks", "without=milk,eggs", Box::new(|item| free_of(item, "milk") && free_of(item, "eggs"))),
    ];
    for (kind, query, test) in cases {
        let all = list(&bar, &format!("/api/v1/{kind}")).await;
        let kept = list(&bar, &format!("/api/v1/{kind}?{query}")).await;
        let expected: Vec<_> = all.iter().filter(|item| test(item)).cloned().collect();
        assert_eq!(names(&json!(kept)), names(&json!(expected)), "{kind}?{query}");
        assert!(
            !kept.is_empty() && kept.len() < all.len(),
            "{kind}?{query} should tell some from others: {}",
            kept.len()
        );
    }
}

#[tokio::test]
async fn a_bundle_with_wine_is_not_alcohol_free() {
    let bar = TestApp::with_demo().await;
    let bundle = bar.json("/api/v1/snacks/flasche-plato").await;
    assert_eq!((&bundle["servings"][0]["alcohol"], &bundle["min_age"]), (&json!("fermented"), &json!(16)));
    let free = list(&bar, "/api/v1/snacks?alcohol_free=true").await;
    assert!(!names(&json!(free)).contains(&"Flasche + Plato") && !free.is_empty());
}

#[tokio::test]
async fn a_bad_question_is_not_answered_at_length() {
    let bar = TestApp::with_demo().await;
    for query in ["a&".repeat(10_000), "without=x,".repeat(5_000), format!("{}=1", "y".repeat(30_000))] {
        let answer = bar.anyone().get(&format!("/api/v1/wines?{query}")).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().len() < 4096, "{}", answer.text().len());
    }
}

#[tokio::test]
async fn a_group_is_free_only_if_it_or_all_its_members_are_declared_free() {
    let bar = TestApp::with_demo().await;
    let all = list(&bar, "/api/v1/snacks").await;
    let free = list(&bar, "/api/v1/snacks?without=gluten").await;
    let with_wheat = all.iter().filter(|item| {
        let rows = item["declarations"].as_array().unwrap();
        rows.iter().any(|row| row["substance"] == "gluten_wheat" && row["state"] == "contains")
    });
    let free = names(&json!(free)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut seen = 0;
    for item in with_wheat {
        assert!(!free.contains(&item["name"].as_str().unwrap().to_owned()));
        seen += 1;
    }
    assert!(seen > 3);
    // What nobody has declared is not free of anything.
    let undeclared = all.iter().filter(|item| item["declarations"].as_array().unwrap().is_empty());
    assert!(undeclared.clone().count() > 0);
    assert!(undeclared.clone().all(|item| !free.contains(&item["name"].as_str().unwrap().to_owned())));
}

#[tokio::test]
async fn a_search_does_not_care_for_accents_or_case() {
    let bar = TestApp::with_demo().await;
    let found = |items: Vec<Value>| names(&json!(items)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let plain = found(list(&bar, "/api/v1/wines?q=caceres").await);
    assert_eq!(plain, found(list(&bar, "/api/v1/wines?q=C%C3%81CERES").await));
    assert!(plain.iter().any(|name| name.contains("Cáceres")), "{plain:?}");
    // All words must occur, in whatever order and field.
    let both = found(list(&bar, "/api/v1/wines?q=tempranillo%20rioja").await);
    assert_eq!(both, found(list(&bar, "/api/v1/wines?q=rioja+TEMPRANILLO").await));
    assert!(!both.is_empty());
    // No character is a wildcard.
    for wild in ["%25", "_", "*", ".*"] {
        assert_eq!(list(&bar, &format!("/api/v1/wines?q={wild}{wild}")).await.len(), 0, "{wild}");
    }
}

#[tokio::test]
async fn a_list_can_be_read_page_by_page_without_losing_or_repeating_anything() {
    let bar = TestApp::with_demo().await;
    let whole = list(&bar, "/api/v1/wines").await;
    let mut read = Vec::new();
    let mut path = "/api/v1/wines?limit=7".to_owned();
    loop {
        let page = bar.json(&path).await;
        assert_eq!(page["total"], whole.len());
        read.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/wines?limit=7&cursor={cursor}");
    }
    assert_eq!(names(&json!(read)), names(&json!(whole)));
}

#[tokio::test]
async fn the_next_page_is_linked() {
    let bar = TestApp::with_demo().await;
    let answer = bar.anyone().get("/api/v1/wines?limit=7&color=red").await;
    let link = answer.header("link");
    let next = link
        .strip_prefix('<')
        .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        .unwrap_or_else(|| panic!("{link}"));
    let page = bar.json(next).await;
    assert!(page["items"].as_array().unwrap().iter().all(|item| item["wine"]["color"] == "red"));
    assert_eq!(bar.anyone().get("/api/v1/wines").await.header("link"), "", "the last page has no next");
}

#[tokio::test]
async fn one_item_is_found_by_id_and_by_slug() {
    let bar = TestApp::with_demo().await;
    let wine = bar.json("/api/v1/wines/david-moreno").await;
    let id = wine["id"].as_str().unwrap();
    assert_eq!(bar.json(&format!("/api/v1/wines/{id}")).await, wine);
    for path in ["/api/v1/wines/%ff", "/api/wines/%ff", "/assets/%ff"] {
        assert_eq!(bar.anyone().get(path).await.problem().0, 404, "{path}");
    }
    assert_eq!(bar.anyone().get(&format!("/api/v1/drinks/{id}")).await.problem(), (404, "drink not found".to_owned()));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let bar = TestApp::with_demo().await;
    let long = "x".repeat(101);
    for (path, detail) in [
        ("/api/v1/wines?colour=red", "colour is not a parameter here"),
        ("/api/v1/wines?limit=0", "limit must lie between 1 and 100"),
        ("/api/v1/wines?limit=101", "limit must lie between 1 and 100"),
        ("/api/v1/wines?limit=ten", "limit must lie between 1 and 100"),
        ("/api/v1/wines?limit=99999999999999999999", "limit must lie between 1 and 100"),
        ("/api/v1/wines?color=blue", "color must be one of red, white, rose, orange"),
        ("/api/v1/wines?by_glass=perhaps", "by_glass must be one of true, false"),
        ("/api/v1/wines?max_price=-1", "max_price must lie between 1 and 1000000"),
        ("/api/v1/wines?without=poison", "without must be one of gluten, crustaceans"),
        ("/api/v1/wines?cursor=nowhere", "the cursor belongs to no page of this list"),
        ("/api/v1/wines?q=a&q=b", "q is given twice"),
        (&format!("/api/v1/wines?q={long}"), "q is too long"),
        ("/api/v1/card?locale=fr", "locale must be one of de, en, es"),
        ("/api/v1/card?limit=3", "limit is not a parameter here"),
        ("/api/v1/wines?section=starters", "section must be one of hauswein, rotwein"),
        ("/api/v1/sections?menu=starters", "menu must be one of wines, drinks, snacks"),
        ("/api/v1/notifications?page=cellar", "page must be one of home, wines, drinks, snacks"),
    ] {
        let (status, text) = bar.anyone().get(path).await.problem();
        assert_eq!(status, 422, "{path}");
        assert!(text.contains(detail), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_path_works_with_and_without_its_last_slash() {
    let bar = TestApp::with_demo().await;
    for path in ["/api/v1/wines", "/api/v1/card", "/api/wines", "/health"] {
        let with = bar.anyone().get(&format!("{path}/?")).await;
        assert_eq!(with.status, StatusCode::OK, "{path}/");
    }
}

#[tokio::test]
async fn every_answer_says_its_version_and_its_id() {
    let bar = TestApp::with_demo().await;
    for path in ["/api/v1/wines", "/api/v1/nothing", "/api/v1/wines?limit=0", "/api/wines"] {
        let answer = bar.anyone().get(path).await;
        assert_eq!(answer.header("x-api-version"), "2.0.0", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
    for (version, status) in [("2", 200), ("2.0.0", 200), ("1", 400), ("3", 400), ("20", 400), ("x", 400)] {
        let answer = bar.anyone().get_with("/api/v1/wines", &[("x-api-version", version)]).await;
        assert_eq!(answer.status.as_u16(), status, "{version}");
    }
}

#[tokio::test]
async fn a_list_is_added_to_by_those_who_may_and_never_replaced() {
    let bar = TestApp::with_demo().await;
    for (method, status) in [(Method::POST, 401), (Method::PUT, 405), (Method::PATCH, 405), (Method::DELETE, 405)] {
        let answer = bar.anyone().ask(method.clone(), "/api/v1/wines", &[]).await;
        assert_eq!(answer.problem().0, status, "{method}");
    }
}
