//! The history, and taking back what it tells of.

use casavazquez::actor::Actor;
use casavazquez::menu;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, postgres};

const WINE: &str = "/api/v1/wines/david-moreno";

/// The tables of the menu, row by row in order, without the counters that say that something happened.
pub async fn dump(bar: &TestApp) -> Vec<String> {
    let tables = [
        ("sections", "id, menu, slug, name, description, position"),
        (
            "items",
            "id, legacy_id, kind, role, number, section_id, position, slug, name, name_lang, description, story, note, \
             new, visible, vegetarian, vegan, keto, alcohol, picture_id, created_at",
        ),
        (
            "wine_facts",
            "item_id, color, category, producer, vintage, grapes, country, region, appellation, \
             quality, sweetness, body, acidity, tannin, characteristics, serving_temperature_c",
        ),
        (
            "servings",
            "id, item_id, position, unit, label, volume_ml, weight_g, price_cents, alcohol, sold_out_since, \
             sold_out_until",
        ),
        ("declarations", "item_id, substance, presence"),
        ("parts", "whole_id, part_id, position, relation, choice"),
        ("texts", "row_id, field, locale, value, source_hash"),
        ("notifications", "id, title, message, tone, pages, priority, active, starts_at, ends_at"),
        ("house", "id, name, tagline, introduction, street, opening_hours"),
    ];
    let backend = bar.app.db.get_database_backend();
    // Every value as text, so that one comparison does for all types.
    let text = |column: &str| match postgres() {
        Some(_) => format!("COALESCE(CAST({column} AS TEXT), '∅')"),
        None => format!("quote({column})"),
    };
    let mut rows = Vec::new();
    for (table, columns) in tables {
        let line = columns.split(", ").map(|column| text(column.trim())).collect::<Vec<_>>().join(" || '|' || ");
        let query = format!("SELECT {line} AS line FROM {table} ORDER BY 1");
        let found = bar.app.db.query_all_raw(Statement::from_string(backend, query)).await.unwrap();
        rows.extend(found.iter().map(|row| format!("{table} {}", row.try_get::<String>("", "line").unwrap())));
    }
    assert!(rows.len() > 500, "{}", rows.len());
    rows
}

pub async fn last_batch(person: &Person) -> String {
    person.get("/api/v1/changes?limit=1").await.json()["changes"][0]["batch"].as_str().unwrap().to_owned()
}

/// The ids of all the lines of a list, page by page; only the last page may be shorter, and none is empty.
async fn all_pages(person: &Person, path: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}{cursor}")).await.json();
        let lines = page["changes"].as_array().unwrap_or_else(|| panic!("{page}"));
        assert!(!lines.is_empty(), "{path}");
        seen.extend(lines.iter().map(|line| line["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(seen.is_sorted_by(|one, other| one > other));
    seen
}

pub async fn undo(person: &Person, id: &str) -> (u16, Value) {
    let answer = person.post(&format!("/api/v1/changes/{id}/undo"), &Value::Null).await;
    (answer.status.as_u16(), answer.json())
}

/// Where and why undoing was refused.
pub fn refused((status, problem): &(u16, Value)) -> Vec<(String, String)> {
    assert_eq!(*status, 409, "{problem}");
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

async fn price(bar: &TestApp, place: usize) -> i64 {
    bar.json(WINE).await["servings"][place]["price_cents"].as_i64().unwrap()
}

/// Sets the price of a serving.
pub async fn set_price(bar: &TestApp, person: &Person, place: usize, cents: i64) {
    let serving = bar.json(WINE).await["servings"][place]["id"].as_str().unwrap().to_owned();
    let answer = person.patch(&format!("/api/v1/servings/{serving}"), "*", &json!({"price_cents": cents})).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
}

#[tokio::test]
async fn a_change_is_one_line_with_who_when_how_and_each_field() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = price(&bar, 0).await;
    set_price(&bar, &manager, 0, before + 50).await;
    let history = manager.get("/api/v1/changes?limit=1").await.json();
    let line = &history["changes"][0];
    let serving = bar.json(WINE).await["servings"][0]["id"].as_str().unwrap().to_owned();
    let fields = json!([{"field": format!("/servings/{serving}/price_cents"), "before": before, "after": before + 50}]);
    assert_eq!(line["fields"], fields);
    assert_eq!((&line["by"], &line["source"], &line["thing"]), (&json!("manager"), &json!("api"), &json!("wine")));
    assert_eq!((&line["action"], &line["undone"]), (&json!("updated"), &json!(false)));
    assert_eq!(line["revision"], bar.json("/api/v1/card").await["revision"]);
    assert_eq!(line["name"], bar.json(WINE).await["name"]);
}

#[tokio::test]
async fn undoing_sets_back_only_what_was_set_and_can_be_undone() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let old = price(&bar, 0).await;
    set_price(&bar, &manager, 0, old + 50).await;
    let priced = last_batch(&manager).await;
    let renamed = manager.patch(WINE, "*", &json!({"note": {"de": "Neu im Keller"}})).await;
    assert_eq!(renamed.status.as_u16(), 200);
    assert_eq!(undo(&manager, &priced).await.0, 200);
    let wine = bar.json(WINE).await;
    assert_eq!((price(&bar, 0).await, &wine["note"]), (old, &json!("Neu im Keller")), "another field stays");
    let line = manager.get("/api/v1/changes?limit=1").await.json()["changes"][0].clone();
    assert_eq!(line["undoes"], json!(priced));
    // Undoing the undoing brings it again.
    assert_eq!(undo(&manager, line["id"].as_str().unwrap()).await.0, 200);
    assert_eq!(price(&bar, 0).await, old + 50);
    let undone = manager.get(&format!("/api/v1/changes?batch={priced}")).await.json();
    assert_eq!(undone["changes"][0]["undone"], false, "it holds again");
    assert_ne!(dump(&bar).await, before);
}

#[tokio::test]
async fn what_a_later_change_touched_is_named_and_nothing_is_taken_back() {
    let bar = TestApp::with_demo().await;
    let (manager, other) = (bar.manager().await, bar.admin().await);
    let old = price(&bar, 0).await;
    set_price(&bar, &manager, 0, old + 50).await;
    let first = last_batch(&manager).await;
    set_price(&bar, &other, 0, old + 70).await;
    let lines = bar.count("changes").await;
    let answer = undo(&manager, &first).await;
    let serving = bar.json(WINE).await["servings"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(refused(&answer), [(format!("/servings/{serving}/price_cents"), "changed_since".to_owned())]);
    assert_eq!(answer.1["errors"][0]["params"]["last"]["by"], "admin");
    assert_eq!((price(&bar, 0).await, bar.count("changes").await), (old + 70, lines));
    assert_eq!(undo(&manager, "00000000-0000-7000-8000-000000000000").await.0, 404);
}

#[tokio::test]
async fn a_bulk_change_and_its_undoing_leave_the_tables_as_they_were() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let items: Vec<Value> = bar.json("/api/v1/snacks").await["items"].as_array().unwrap().clone();
    let ids: Vec<&Value> = items.iter().map(|item| &item["id"]).collect();
    let body = json!({"action": "set_availability", "items": ids, "sold_out": true, "until": "next_opening"});
    let done = manager.post("/api/v1/items/bulk", &body).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    assert_ne!(dump(&bar).await, before);
    assert_eq!(undo(&manager, &last_batch(&manager).await).await.0, 200);
    assert_eq!(dump(&bar).await, before);
}

#[tokio::test]
async fn a_whole_menu_deleted_comes_back_as_it_was() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let all = menu::store::list(&bar.app.db).await.unwrap();
    let ids: Vec<_> = all.iter().map(|item| item.id).collect();
    let gone = manager.post("/api/v1/items/bulk", &json!({"action": "delete", "items": ids})).await;
    assert_eq!(gone.status.as_u16(), 200, "{}", gone.text());
    assert_eq!(bar.count("items").await, 0);
    assert_eq!(all_pages(&manager, "/api/v1/trash?limit=40").await.len(), all.len());
    let back = undo(&manager, &last_batch(&manager).await).await;
    assert_eq!(back.0, 200, "{}", back.1);
    assert_eq!(dump(&bar).await, before);
    assert_eq!(manager.get("/api/v1/trash").await.json()["changes"], json!([]));
}

#[tokio::test]
async fn the_trash_and_an_items_history_are_read_page_by_page() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let id = bar.json(WINE).await["id"].as_str().unwrap().to_owned();
    for year in 2010..2014 {
        assert_eq!(manager.patch(WINE, "*", &json!({"wine": {"vintage": year}})).await.status.as_u16(), 200);
    }
    let history = format!("/api/v1/items/{id}/history");
    assert_eq!(all_pages(&manager, &format!("{history}?limit=2")).await.len(), 5, "made, and changed four times");
    assert_eq!(all_pages(&manager, &format!("{history}?limit=5")).await.len(), 5);
    // What went, came back and went again lies there once; what is back, not at all.
    for _ in 0..2 {
        assert_eq!(manager.delete_copy(WINE, "*").await.status.as_u16(), 204);
        assert_eq!(all_pages(&manager, "/api/v1/trash?limit=1").await.len(), 1);
        assert_eq!(undo(&manager, &last_batch(&manager).await).await.0, 200);
        assert_eq!(manager.get("/api/v1/trash").await.json()["changes"], json!([]));
    }
    let beyond = "?cursor=00000000-0000-7000-8000-000000000000";
    for path in [history.as_str(), "/api/v1/trash"] {
        assert_eq!(manager.get(&format!("{path}{beyond}")).await.json()["changes"], json!([]));
        for (query, code) in
            [("limit=0", "out_of_range"), ("cursor=x", "not_an_id"), ("thing=wine", "unknown_parameter")]
        {
            let refused = manager.get(&format!("{path}?{query}")).await;
            assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(code)), "{query}");
        }
    }
    assert_eq!(manager.get(&format!("/api/v1/items/{}/history", uuid::Uuid::nil())).await.status.as_u16(), 404);
}

#[tokio::test]
async fn what_was_deleted_comes_back_for_thirty_days() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let wine = manager.get(&format!("/api/v1/items/{}", bar.json(WINE).await["id"].as_str().unwrap())).await.json();
    assert_eq!(manager.delete_copy(WINE, "*").await.status.as_u16(), 204);
    let batch = last_batch(&manager).await;
    bar.clock.advance(TimeDelta::days(30));
    let manager = bar.sign_in("manager").await;
    assert_eq!(undo(&manager, &batch).await.0, 200);
    let back = manager.get(&format!("/api/v1/items/{}", wine["id"].as_str().unwrap())).await.json();
    assert_eq!((&back["servings"], &back["declarations"]), (&wine["servings"], &wine["declarations"]));
    assert!(back["revision"].as_i64() > wine["revision"].as_i64(), "no copy is named twice");
    assert_eq!(manager.delete_copy(WINE, "*").await.status.as_u16(), 204);
    let batch = last_batch(&manager).await;
    bar.clock.advance(TimeDelta::days(30) + TimeDelta::seconds(1));
    let manager = bar.sign_in("manager").await;
    assert_eq!(refused(&undo(&manager, &batch).await), [(String::new(), "gone_for_good".to_owned())]);
    assert_eq!(manager.get("/api/v1/trash").await.json()["changes"], json!([]));
}

#[tokio::test]
async fn what_was_made_goes_unless_somebody_has_worked_on_it() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let section = bar.json("/api/v1/sections?menu=drinks").await[0]["id"].clone();
    let new = json!({"name": {"de": "Hugo", "en": "Hugo"}, "section": section, "servings": [{"unit": "glass", "volume_ml": 200, "price_cents": 750}]});
    let made = manager.post("/api/v1/drinks", &new).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let batch = last_batch(&manager).await;
    let path = made.header("location").to_owned();
    manager.patch(&path, "*", &json!({"new": true})).await;
    assert_eq!(refused(&undo(&manager, &batch).await), [("/new".to_owned(), "changed_since".to_owned())]);
    manager.patch(&path, "*", &json!({"new": false})).await;
    assert_eq!(undo(&manager, &batch).await.0, 200);
    assert_eq!(dump(&bar).await, before);
}

#[tokio::test]
async fn moving_things_about_can_be_undone() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let sections = bar.json("/api/v1/sections?menu=wines").await;
    let last = sections.as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    for (path, body) in [
        (WINE.to_owned(), json!({"after": null})),
        (WINE.to_owned(), json!({"section": last, "after": null})),
        (format!("/api/v1/sections/{last}"), json!({"after": null})),
    ] {
        let moved = manager.patch(&path, "*", &body).await;
        assert_eq!(moved.status.as_u16(), 200, "{path}: {}", moved.text());
        assert_ne!(dump(&bar).await, before, "{path} {body}");
        let undone = undo(&manager, &last_batch(&manager).await).await;
        assert_eq!(undone.0, 200, "{}", undone.1);
        assert_eq!(dump(&bar).await, before, "{path} {body}");
    }
}

#[tokio::test]
async fn people_are_nobodys_business_but_the_admins() {
    let bar = TestApp::with_demo().await;
    let (manager, admin) = (bar.manager().await, bar.admin().await);
    let things = |history: Value| -> Vec<String> {
        let lines = history["changes"].as_array().unwrap().clone();
        lines.into_iter().map(|line| line["thing"].as_str().unwrap().to_owned()).collect()
    };
    assert!(things(admin.get("/api/v1/changes").await.json()).contains(&"user".to_owned()));
    assert!(!things(manager.get("/api/v1/changes?limit=100").await.json()).contains(&"user".to_owned()));
    assert_eq!(manager.get("/api/v1/changes?thing=user").await.status.as_u16(), 403);
    let made = admin.get("/api/v1/changes?thing=user").await.json()["changes"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(undo(&admin, &made).await.0, 404, "an account is no menu");
    for (query, code) in [
        ("thing=wines", "one_of"),
        ("batch=x", "not_an_id"),
        ("limit=0", "out_of_range"),
        ("x=1", "unknown_parameter"),
        ("by=%00", "forbidden_characters"),
        ("source=a%00", "forbidden_characters"),
    ] {
        let answer = admin.get(&format!("/api/v1/changes?{query}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["errors"][0]["code"]), (422, &json!(code)), "{query}");
    }
}

#[tokio::test]
async fn what_is_sold_out_until_a_leap_second_can_be_taken_back() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let wine = bar.json("/api/v1/wines?limit=1").await["items"][0]["id"].as_str().unwrap().to_owned();
    let until = json!({"sold_out": true, "until": "2026-12-31T23:59:60Z"});
    let out = manager.put(&format!("/api/v1/wines/{wine}/availability"), until).await.json();
    assert_eq!(out["servings"][0]["sold_out"]["until"], "2027-01-01T00:00:00Z");
    let (status, undone) = undo(&manager, &last_batch(&manager).await).await;
    assert_eq!(status, 200, "{undone}");
    let mut one = json!({"title": {"de": "Silvester"}, "pages": ["home"], "starts_at": "2026-12-31T23:59:60Z"});
    one["message"] = json!({"de": "Prost!"});
    let announced = manager.post("/api/v1/notifications", &one).await;
    assert_eq!((announced.status.as_u16(), &announced.json()["starts_at"]), (201, &json!("2027-01-01T00:00:00Z")));
    assert_eq!(undo(&manager, &last_batch(&manager).await).await.0, 200);
}

#[tokio::test]
async fn the_history_is_read_page_by_page() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let by = Actor::command_line();
    let all = bar.app.change(&by, async |change| {
        let items = menu::store::list(change.db()).await?;
        let dearer = items.iter().map(|item| {
            let mut after = item.clone();
            after.servings.iter_mut().for_each(|serving| serving.price_cents += 10);
            (item.clone(), after)
        });
        Ok(menu::store::update_servings(change, dearer.collect()).await?.len())
    });
    let all = all.await.unwrap();
    let batch = last_batch(&manager).await;
    let seen = all_pages(&manager, &format!("/api/v1/changes?batch={batch}&limit=30")).await;
    assert_eq!(seen.len(), all);
    assert_eq!(seen, all_pages(&manager, &format!("/api/v1/changes?batch={batch}&limit=100")).await);
    assert_eq!(undo(&manager, &batch).await.1["lines"], all);
}
