//! What stands around the items: sections, announcements, the bar's own facts.

use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestApp};

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let problem = answer.json();
    problem["errors"].as_array().unwrap().iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

/// The slugs of a menu's sections, in order, empty ones too.
async fn order(person: &Person, menu: &str) -> Vec<String> {
    let whole = person.get("/api/v1/menu").await.json();
    let of_menu = whole["sections"].as_array().unwrap().iter().filter(|section| section["menu"] == menu);
    of_menu.map(|section| section["slug"].as_str().unwrap().to_owned()).collect()
}

async fn house(person: &Person) -> Value {
    person.get("/api/v1/menu").await.json()["house"].clone()
}

#[tokio::test]
async fn a_section_is_made_renamed_moved_and_deleted() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = order(&manager, "drinks").await;
    let made =
        manager.post("/api/v1/sections", &json!({"menu": "drinks", "name": {"de": "Heißes für den Winter"}})).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.text());
    let path = made.header("location").to_owned();
    assert_eq!(made.json()["slug"], "heisses-fuer-den-winter");
    assert_eq!(order(&manager, "drinks").await.last().unwrap(), "heisses-fuer-den-winter");
    let guests = bar.json("/api/v1/sections?menu=drinks").await;
    assert_eq!(guests.as_array().unwrap().len(), before.len(), "guests see no empty section");
    let renamed = manager.patch(&path, "\"1\"", &json!({"name": {"de": "Heißes", "en": "Hot"}, "after": null})).await;
    assert_eq!(renamed.status.as_u16(), 200, "{}", renamed.text());
    assert_eq!(order(&manager, "drinks").await[0], "heisses-fuer-den-winter", "the name for addresses stays");
    assert_eq!(manager.get(&path).await.json(), renamed.json());
    let stale = manager.patch(&path, "\"1\"", &json!({"name": {"de": "Kaltes"}})).await;
    assert_eq!((stale.status.as_u16(), &stale.json()["current"]["name"]["de"]), (412, &json!("Heißes")));
    assert_eq!(manager.delete_copy(&path, renamed.header("etag")).await.status.as_u16(), 204);
    assert_eq!(order(&manager, "drinks").await, before);
    assert_eq!(manager.get(&path).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_section_with_something_under_it_stays() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let id = bar.json("/api/v1/sections?menu=wines").await[0]["id"].as_str().unwrap().to_owned();
    let (status, detail) = manager.delete_copy(&format!("/api/v1/sections/{id}"), "*").await.problem();
    assert_eq!(status, 409);
    assert!(detail.contains("move or delete them first"), "{detail}");
}

#[tokio::test]
async fn a_section_keeps_its_rules() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let wines = bar.json("/api/v1/sections?menu=wines").await;
    let path = format!("/api/v1/sections/{}", wines[0]["id"].as_str().unwrap());
    let drinks = bar.json("/api/v1/sections?menu=drinks").await;
    for (body, pointer, code) in [
        (json!({"menu": "snacks"}), "/menu", "cannot_change"),
        (json!({"name": {"de": null}}), "/name/de", "missing"),
        (json!({"name": {"de": ""}}), "/name/de", "missing"),
        (json!({"slug": "Ä"}), "/slug", "not_a_slug"),
        (json!({"heading": "x"}), "/heading", "unknown_field"),
        (json!({"heading": null}), "/heading", "unknown_field"),
        (json!({"after": drinks[0]["id"]}), "/after", "not_in_this_list"),
    ] {
        let answer = manager.patch(&path, "*", &body).await;
        assert_eq!(faults(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    let taken = manager.patch(&path, "*", &json!({"slug": wines[1]["slug"]})).await;
    assert_eq!(taken.status.as_u16(), 409);
    let fault = json!([{"pointer": "/slug", "code": "taken", "params": {"name": wines[1]["name"]}}]);
    assert_eq!(taken.json()["errors"], fault);
    assert_eq!(bar.json("/api/v1/sections?menu=wines").await, wines);
}

#[tokio::test]
async fn a_section_has_a_name_for_addresses_whatever_it_is_called_and_however_often() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    for (name, slug) in
        [("Beta", "beta"), ("Beta", "beta-2"), ("🍷", "section"), ("葡萄酒", "section-2"), ("Beta", "beta-3")]
    {
        let made = manager.post("/api/v1/sections", &json!({"menu": "drinks", "name": {"de": name}})).await;
        assert_eq!((made.status.as_u16(), &made.json()["slug"]), (201, &json!(slug)), "{}", made.text());
    }
    let wanted = json!({"menu": "drinks", "name": {"de": "Gamma"}, "slug": "beta"});
    assert_eq!(manager.post("/api/v1/sections", &wanted).await.status.as_u16(), 409, "what is wanted is not another");
    let elsewhere = json!({"menu": "snacks", "name": {"de": "Beta"}});
    assert_eq!(manager.post("/api/v1/sections", &elsewhere).await.json()["slug"], "beta");
}

#[tokio::test]
async fn null_empties_what_may_be_empty() {
    let bar = TestApp::with_demo().await;
    let admin = bar.admin().await;
    let id = bar.json("/api/v1/sections?menu=wines").await[0]["id"].as_str().unwrap().to_owned();
    let section = format!("/api/v1/sections/{id}");
    let text = json!({"de": "Ein Satz", "en": "A sentence"});
    let announced = json!({"title": {"de": "A"}, "message": text, "pages": ["home"]});
    let announced = admin.post("/api/v1/notifications", &announced).await.header("location").to_owned();
    let imprint = json!({"operator": "Casa Vázquez GmbH"});
    for (path, field, full, empty) in [
        (section.as_str(), "description", &text, json!({})),
        (announced.as_str(), "message", &text, json!({})),
        ("/api/v1/house", "tagline", &text, json!({})),
        ("/api/v1/house", "introduction", &text, json!({})),
        (
            "/api/v1/house",
            "legal",
            &imprint,
            json!({"operator": "", "representative": null, "register": null, "vat_id": null}),
        ),
    ] {
        assert_eq!(admin.patch(path, "*", &json!({field: full})).await.status.as_u16(), 200, "{path} {field}");
        let emptied = admin.patch(path, "*", &json!({field: null})).await;
        assert_eq!((emptied.status.as_u16(), &emptied.json()[field]), (200, &empty), "{path} {field}");
    }
}

#[tokio::test]
async fn an_announcement_stands_from_until_and_is_tidied_away() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let titles = async || {
        let all = bar.json("/api/v1/notifications?page=home").await;
        all.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let body = json!({
        "title": {"de": "Live-Musik"}, "message": {"de": "Ab acht spielt das Trio"}, "pages": ["home"], "priority": 100,
        "starts_at": "2026-07-17T19:00:00Z", "ends_at": "2026-07-17T22:00:00.123456789Z",
    });
    let made = manager.post("/api/v1/notifications", &body).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let path = made.header("location").to_owned();
    assert!(!titles().await.contains(&"Live-Musik".to_owned()), "it is planned");
    bar.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(titles().await[0], "Live-Musik", "the highest priority comes first");
    let manager = bar.sign_in("manager").await;
    assert_eq!(manager.get(&path).await.json(), made.json(), "what is read is what was answered");
    let moved = manager.patch(&path, "\"1\"", &json!({"pages": ["wines"], "starts_at": null})).await;
    assert_eq!((moved.status.as_u16(), &moved.json()["starts_at"]), (200, &Value::Null));
    assert!(!titles().await.contains(&"Live-Musik".to_owned()));
    bar.clock.advance(chrono::TimeDelta::hours(4));
    let manager = bar.sign_in("manager").await;
    let tidied = manager.delete("/api/v1/notifications/expired").await.json();
    assert!(tidied["deleted"].as_array().unwrap().contains(&made.json()["id"]));
    assert_eq!(manager.get(&path).await.status.as_u16(), 404);
    assert_eq!(manager.delete("/api/v1/notifications/expired").await.json()["deleted"], json!([]));
}

#[tokio::test]
async fn an_announcement_keeps_its_rules() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let good = json!({"title": {"de": "A"}, "message": {"de": "B"}, "pages": ["home"]});
    for (field, value, pointer, code) in [
        ("pages", json!([]), "/pages", "missing"),
        ("pages", json!(["home", "home"]), "/pages/1", "given_twice"),
        ("pages", json!(["cellar"]), "/pages/0", "one_of"),
        ("priority", json!(1000), "/priority", "out_of_range"),
        ("ends_at", json!("yesterday"), "/ends_at", "not_valid"),
        ("legacy_id", json!("7"), "/legacy_id", "unknown_field"),
        ("title", json!({"en": "only English"}), "/title/de", "missing"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = manager.post("/api/v1/notifications", &body).await;
        assert_eq!(faults(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
    }
    assert_eq!(manager.post("/api/v1/notifications", &good).await.status.as_u16(), 201);
}

#[tokio::test]
async fn the_bars_own_facts_are_the_admins() {
    let bar = TestApp::with_demo().await;
    let (manager, admin) = (bar.manager().await, bar.admin().await);
    let change = json!({"phone": "+49 251 4711", "opening_hours": [{"day": 5, "opens": "18:00", "closes": "02:00"}]});
    assert_eq!(manager.patch("/api/v1/house", "*", &change).await.status.as_u16(), 403);
    let before = house(&admin).await;
    let copy = format!("\"{}\"", before["revision"]);
    let changed = admin.patch("/api/v1/house", &copy, &change).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.text());
    assert_eq!(bar.json("/api/v1/house").await["phone"], "+49 251 4711");
    assert_eq!(admin.patch("/api/v1/house", &copy, &change).await.status.as_u16(), 412);
    let wrong = admin.patch("/api/v1/house", "*", &json!({"time_zone": "Mars/Olympus", "name": null})).await;
    assert_eq!(faults(&wrong), [("/name".to_owned(), "wrong_type".to_owned())]);
    let batch = manager.get("/api/v1/changes?limit=1").await.json()["changes"][0]["batch"].clone();
    let path = format!("/api/v1/changes/{}/undo", batch.as_str().unwrap());
    assert_eq!(manager.post(&path, &Value::Null).await.status.as_u16(), 403, "undoing it is the admin's too");
    assert_eq!(admin.post(&path, &Value::Null).await.status.as_u16(), 200);
    assert_eq!(house(&admin).await["phone"], before["phone"]);
    let read = bar.anyone().get("/api/v1/house").await.header("etag").to_owned();
    let changed = admin.patch("/api/v1/house", &read, &json!({"phone": "+49 251 4712"})).await;
    assert_eq!(changed.status.as_u16(), 200, "what was read can be changed: {}", changed.text());
    assert_eq!(admin.patch("/api/v1/house", &read, &change).await.status.as_u16(), 412);
}

#[tokio::test]
async fn a_bar_without_facts_is_set_up_once() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let missing = admin.patch("/api/v1/house", "*", &json!({"name": "Casa"})).await;
    assert_eq!(faults(&missing), [("/street".to_owned(), "missing".to_owned())]);
    let facts = json!({
        "name": "Casa", "street": "Am Markt 1", "postal_code": "48143", "locality": "Münster", "country": "DE",
        "time_zone": "Europe/Berlin", "opening_hours": [],
    });
    assert_eq!(admin.patch("/api/v1/house", "*", &facts).await.status.as_u16(), 201);
    assert_eq!(admin.patch("/api/v1/house", "*", &json!({"name": "Casa Dos"})).await.status.as_u16(), 200);
    assert_eq!(bar.json("/api/v1/house").await["name"], "Casa Dos");
    assert_eq!(bar.count("house").await, 1);
}

#[tokio::test]
async fn the_whole_menu_is_for_those_who_work_here() {
    let bar = TestApp::with_demo().await;
    assert_eq!(bar.anyone().get("/api/v1/menu").await.status.as_u16(), 401);
    let menu = bar.staff().await.get("/api/v1/menu").await;
    assert_eq!(menu.header("cache-control"), "no-store");
    let items = menu.json()["items"].as_array().unwrap().clone();
    assert_eq!(i64::try_from(items.len()).unwrap(), bar.count("items").await, "hidden ones too");
    assert!(items.iter().any(|item| item["visible"] == false));
}
