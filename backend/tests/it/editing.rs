//! What is on the menu is made, changed, put in order, sold out and deleted through the front door, and nothing is lost.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestApp};

/// A wine that keeps every rule.
pub fn rioja(section: &Value) -> Value {
    json!({
        "name": {"de": "Rioja Süd"}, "section": section, "wine": {"color": "red"},
        "servings": [{"unit": "bottle", "volume_ml": 750, "price_cents": 2900}],
    })
}

/// A section of a menu.
async fn section(person: &Person, menu: &str, place: usize) -> Value {
    let menus = person.get("/api/v1/menu").await.json();
    let of_menu = |section: &&Value| section["menu"] == menu;
    menus["sections"].as_array().unwrap().iter().filter(of_menu).nth(place).unwrap()["id"].clone()
}

async fn make(person: &Person) -> Value {
    let made = person.post("/api/v1/wines", &rioja(&section(person, "wines", 0).await)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

fn path(item: &Value) -> String {
    format!("/api/v1/{}s/{}", item["kind"].as_str().unwrap(), item["id"].as_str().unwrap())
}

async fn now(person: &Person, item: &Value) -> Value {
    person.get(&format!("/api/v1/items/{}", item["id"].as_str().unwrap())).await.json()
}

/// Which rules an answer names, and where.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let problem = answer.json();
    problem["errors"].as_array().unwrap().iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect()
}

fn tag(item: &Value) -> String {
    format!("\"{}\"", item["revision"])
}

#[tokio::test]
async fn a_new_wine_has_a_number_a_slug_and_its_place_on_the_card_at_once() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let into = section(&manager, "wines", 0).await;
    let all = manager.get("/api/v1/menu").await.json();
    let wines = all["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "wine");
    let last = wines.map(|item| item["number"].as_i64().unwrap()).max().unwrap();
    let first = manager.post("/api/v1/wines", &rioja(&into)).await;
    let item = first.json();
    assert_eq!(first.status, 201, "{item}");
    assert_eq!((first.header("location"), first.header("etag")), (path(&item).as_str(), "\"1\""));
    assert_eq!((&item["slug"], &item["number"]), (&json!("rioja-sued"), &json!(last + 1)));
    assert_eq!(
        (&item["alcohol"], &item["visible"], &item["role"]),
        (&json!("fermented"), &json!(true), &json!("dish"))
    );
    let second = manager.post("/api/v1/wines", &rioja(&into)).await.json();
    assert_eq!((&second["slug"], &second["number"]), (&json!("rioja-sued-2"), &json!(last + 2)));
    assert_eq!(bar.json("/api/v1/wines/rioja-sued-2").await["name"], "Rioja Süd");
    let mut hidden = rioja(&into);
    hidden["visible"] = json!(false);
    let hidden = manager.post("/api/v1/wines", &hidden).await.json();
    assert_eq!(bar.anyone().get(&path(&hidden)).await.status, 404);
    assert_eq!(now(&manager, &hidden).await, hidden);
}

#[tokio::test]
async fn a_name_as_long_as_it_may_be_has_a_slug_that_fits_also_the_second_time() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let mut wine = rioja(&section(&manager, "wines", 0).await);
    wine["name"] = json!({"de": "a".repeat(120)});
    for _ in 0..3 {
        let made = manager.post("/api/v1/wines", &wine).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    wine["name"] = json!({"de": "🍷"});
    assert_eq!(manager.post("/api/v1/wines", &wine).await.json()["slug"], "wine");
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_where_it_stands_and_nothing_is_written() {
    let bar = TestApp::busy().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let (rows, lines) = (bar.count("items").await, bar.count("changes").await);
    let snacks = section(&manager, "snacks", 0).await;
    let nobody = "019c0000-0000-7000-8000-000000000001";
    let serving = |field: &str, value: Value| {
        let mut serving = json!({"unit": "glass", "volume_ml": 100, "price_cents": 450});
        serving[field] = value;
        json!({"servings": [serving]})
    };
    let itself = json!({"parts": [{"item": item["id"], "relation": "component"}]});
    for (patch, pointer, code) in [
        (json!({"name": null}), "/name", "wrong_type"),
        (json!({"name": {"de": null}}), "/name/de", "missing"),
        (json!({"name": {"de": " "}}), "/name/de", "blank"),
        (json!({"name": {"fr": null}}), "/name/fr", "unknown_field"),
        (json!({"colour": null}), "/colour", "unknown_field"),
        (json!({"wine": {"colour": null}}), "/wine/colour", "unknown_field"),
        (serving("size", Value::Null), "/servings/0/size", "unknown_field"),
        (json!({"wine": null}), "/wine", "only_for_wines"),
        (json!({"number": null}), "/number", "missing"),
        (json!({"slug": null}), "/slug", "missing"),
        (json!({"alcohol": null}), "/alcohol", "missing"),
        (json!({"visible": null}), "/visible", "wrong_type"),
        (json!({"servings": null}), "/servings", "wrong_type"),
        (json!({"servings": []}), "/servings", "missing"),
        (serving("price_cents", json!(0)), "/servings/0/price_cents", "out_of_range"),
        (serving("price_cents", json!(4.5)), "/servings/0/price_cents", "wrong_type"),
        (serving("volume_ml", Value::Null), "/servings/0/volume_ml", "missing"),
        (serving("id", json!(nobody)), "/servings/0/id", "unknown"),
        (json!({"section": null}), "/section", "missing"),
        (json!({"section": nobody}), "/section", "unknown"),
        (json!({"section": snacks}), "/section", "of_another_menu"),
        (json!({"parts": [{"item": nobody, "relation": "component"}]}), "/parts/0/item", "unknown"),
        (itself, "/parts/0/item", "part_of_itself"),
        (json!({"after": nobody}), "/after", "not_in_this_list"),
        (json!({"after": item["id"]}), "/after", "not_in_this_list"),
        (json!({"vegan": true, "declarations": {"milk": "contains"}}), "/vegan", "contradicts_declarations"),
        (json!({"number": 100_000}), "/number", "out_of_range"),
        (json!({"description": {"en": "only translated"}}), "/description/de", "missing"),
        (json!({"note": {"de": "a\u{0}b"}}), "/note/de", "forbidden_characters"),
    ] {
        let refused = manager.patch(&path(&item), "*", &patch).await;
        assert_eq!(refused.status, 422, "{patch}: {}", refused.text());
        assert!(faults(&refused).contains(&(pointer.to_owned(), code.to_owned())), "{patch}: {}", refused.text());
        let mut new = rioja(&item["section"]);
        new.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        let may_be_left_out = patch.as_object().unwrap().values().all(Value::is_null)
            && ["/number", "/slug", "/alcohol"].contains(&pointer);
        let of_itself = code == "part_of_itself" || patch["after"] == item["id"];
        if !of_itself && !may_be_left_out && patch["description"].is_null() {
            assert_eq!(manager.post("/api/v1/wines", &new).await.status, 422, "{new}");
        }
    }
    assert_eq!((bar.count("items").await, bar.count("changes").await), (rows, lines));
    assert_eq!(now(&manager, &item).await, item);
    assert_eq!(manager.patch("/api/v1/wines/%00", "*", &json!({})).await.status, 404);
}

/// Nothing could be found by it: an address with an id means the thing with that id.
#[tokio::test]
async fn no_slug_looks_like_an_id() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let mut wine = rioja(&item["section"]);
    for slug in ["019c0000-0000-7000-8000-000000000001", "019c0000000070008000000000000001"] {
        wine["slug"] = json!(slug);
        for refused in
            [manager.post("/api/v1/wines", &wine).await, manager.patch(&path(&item), "*", &json!({"slug": slug})).await]
        {
            assert_eq!(faults(&refused), [("/slug".to_owned(), "looks_like_an_id".to_owned())]);
            assert!(refused.problem().1.contains("slug looks like an id (put a word before it)"), "{}", refused.text());
        }
    }
    wine["slug"] = json!("wein-019c0000-0000-7000-8000-000000000001");
    assert_eq!(manager.post("/api/v1/wines", &wine).await.status, 201);
    assert_eq!(now(&manager, &item).await, item);
}

#[tokio::test]
async fn an_unknown_substance_is_named_where_it_stands() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let refused = manager.patch(&path(&item), "*", &json!({"declarations": {"sand": "contains"}})).await;
    assert_eq!(refused.status, 422);
    assert!(faults(&refused)[0].0.starts_with("/declarations"), "{}", refused.text());
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_empties_what_is_null() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let full = json!({
        "name": {"en": "Southern Rioja"}, "description": {"de": "Kräftig", "es": "Potente"}, "note": {"de": "Von Ana"},
        "declarations": {"sulphites": "contains", "milk": "free"}, "wine": {"vintage": 2020, "region": "Rioja"},
    });
    let full = manager.patch(&path(&item), &tag(&item), &full).await;
    assert_eq!((full.status.as_u16(), full.header("etag")), (200, "\"2\""), "{}", full.text());
    let full = full.json();
    assert_eq!(full["name"], json!({"de": "Rioja Süd", "en": "Southern Rioja"}));
    assert_eq!(full["servings"], item["servings"], "what is absent stays");
    let less = json!({
        "name": {"en": null}, "description": null, "note": {"de": null}, "declarations": {"milk": null},
        "wine": {"vintage": null, "grapes": null},
    });
    let less = manager.patch(&path(&item), &tag(&full), &less).await;
    assert_eq!(less.status, 200, "{}", less.text());
    let less = less.json();
    assert_eq!((&less["name"], &less["description"], &less["note"]), (&item["name"], &json!({}), &json!({})));
    assert_eq!(less["declarations"], json!({"sulphites": "contains"}));
    assert_eq!((&less["wine"]["vintage"], &less["wine"]["region"]), (&Value::Null, &json!("Rioja")));
    assert_eq!(
        manager.patch(&path(&item), "*", &json!({"declarations": null})).await.json()["declarations"],
        json!({})
    );
    assert_eq!(now(&manager, &item).await["revision"], 4);
    let same = manager.patch(&path(&item), "\"4\"", &json!({"name": {"de": "Rioja Süd"}})).await;
    assert_eq!(same.header("etag"), "\"4\"", "the same again is no change");
}

#[tokio::test]
async fn servings_are_kept_by_their_id_added_and_taken_away() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let bottle = item["servings"][0]["id"].as_str().unwrap();
    let serving = format!("/api/v1/servings/{bottle}");
    let out = manager.put(&format!("{serving}/availability"), json!({"sold_out": true})).await;
    assert_eq!(out.status, 200);
    let glass = json!({"unit": "glass", "volume_ml": 100, "price_cents": 450});
    let kept = json!({"id": bottle, "unit": "bottle", "volume_ml": 700, "price_cents": 2700});
    let both = manager.patch(&path(&item), "*", &json!({"servings": [glass, kept]})).await.json();
    assert_eq!(both["servings"][1]["id"], bottle);
    assert!(both["servings"][1]["sold_out"].is_object(), "it is still sold out");
    let twice = manager.patch(&path(&item), "*", &json!({"servings": [kept, kept]})).await;
    assert_eq!(faults(&twice), [("/servings/1/id".to_owned(), "given_twice".to_owned())]);

    let servings = format!("/api/v1/items/{}/servings", item["id"].as_str().unwrap());
    let head = [("if-match", "*")];
    let bad = manager.send_json("POST", &servings, &head, &json!({"unit": "glass", "price_cents": 0})).await;
    let own = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(faults(&bad), [own("/price_cents", "out_of_range"), own("/volume_ml", "missing")]);
    let bad = manager.send_json("POST", &servings, &head, &kept).await;
    assert_eq!(faults(&bad), [own("/id", "given_twice")]);
    let added = manager.send_json("POST", &servings, &head, &glass).await;
    assert_eq!((added.status.as_u16(), added.json()["servings"].as_array().unwrap().len()), (201, 3));
    let there = manager.get(added.header("location")).await;
    assert_eq!((there.header("etag"), there.json()), (added.header("etag"), added.json()), "the item with it");

    let bad = manager.patch(&serving, "*", &json!({"price_cents": 1_000_001})).await;
    assert_eq!(faults(&bad), [own("/price_cents", "out_of_range")]);
    for id in [Value::Null, both["servings"][0]["id"].clone()] {
        let bad = manager.patch(&serving, "*", &json!({"id": id})).await;
        assert_eq!(faults(&bad), [own("/id", "unknown")]);
    }
    assert_eq!(manager.patch(&serving, "\"1\"", &json!({"price_cents": 1})).await.status, 412);
    let dearer = manager.patch(&serving, added.header("etag"), &json!({"price_cents": 3100})).await.json();
    assert_eq!(dearer["servings"][1]["price_cents"], 3100);
    for serving in dearer["servings"].as_array().unwrap().iter().take(2) {
        let gone = manager.delete_copy(&format!("/api/v1/servings/{}", serving["id"].as_str().unwrap()), "*").await;
        assert_eq!(gone.status, 200);
    }
    let last = format!("/api/v1/servings/{}", dearer["servings"][2]["id"].as_str().unwrap());
    assert_eq!(faults(&manager.delete_copy(&last, "*").await), [own("/servings", "missing")]);
    assert_eq!(manager.delete_copy(&serving, "*").await.status, 404);
}

#[tokio::test]
async fn an_item_is_put_first_last_between_and_elsewhere() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let (here, there) = (section(&manager, "wines", 0).await, section(&manager, "wines", 1).await);
    let order = async |section: &Value| {
        let all = manager.get("/api/v1/menu").await.json();
        let items = all["items"].as_array().unwrap().iter().filter(|item| item["section"] == *section);
        items.map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    let before = order(&here).await;
    let item = make(&manager).await;
    let id = item["id"].clone();
    assert_eq!(order(&here).await, [before.clone(), vec![id.clone()]].concat(), "a new one is the last");
    for place in [0, 1, before.len()] {
        let after = place.checked_sub(1).map(|place| before[place].clone());
        let put = manager.patch(&path(&item), "*", &json!({"after": after})).await;
        assert_eq!(put.status, 200, "{}", put.text());
        let mut wanted = before.clone();
        wanted.insert(place, id.clone());
        assert_eq!(order(&here).await, wanted);
        assert_eq!(now(&manager, &item).await, put.json(), "the answer is the item as it is");
    }
    let elsewhere = order(&there).await;
    let moved = manager.patch(&path(&item), "*", &json!({"section": there, "after": elsewhere[0]})).await;
    assert_eq!(moved.status, 200);
    assert_eq!((order(&here).await, &order(&there).await[1]), (before, &id));
    let mut first = rioja(&here);
    first["after"] = Value::Null;
    let first = manager.post("/api/v1/wines", &first).await;
    assert_eq!(order(&here).await[0], first.json()["id"]);
    assert_eq!(first.header("etag"), tag(&now(&manager, &first.json()).await));
}

#[tokio::test]
async fn nothing_is_a_part_of_its_own_parts_however_deep() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let (outer, whole, part) = (make(&manager).await, make(&manager).await, make(&manager).await);
    let with = async |item: &Value, parts: &[(&Value, &str)]| {
        let parts: Vec<_> =
            parts.iter().map(|(part, relation)| json!({"item": part["id"], "relation": relation})).collect();
        manager.patch(&path(item), "*", &json!({"parts": parts})).await
    };
    assert_eq!(with(&outer, &[(&whole, "component")]).await.status, 200);
    assert_eq!(with(&whole, &[(&part, "add_on")]).await.status, 200);
    let round = |place: usize| vec![(format!("/parts/{place}/item"), "goes_round".to_owned())];
    assert_eq!(faults(&with(&whole, &[(&part, "component"), (&outer, "component")]).await), round(1));
    assert_eq!(faults(&with(&part, &[(&outer, "add_on")]).await), round(0));
    assert_eq!(with(&outer, &[(&whole, "component"), (&part, "component")]).await.status, 200, "twice is not round");
    for item in [outer, whole, part] {
        assert_eq!(manager.delete_copy(&path(&item), "*").await.status, 204, "each can still be deleted");
    }
}

#[tokio::test]
async fn a_number_or_a_name_that_is_anothers_is_told_with_whose_it_is() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let other = now(&manager, &bar.json("/api/v1/wines?limit=1").await["items"][0]).await;
    let fault = |field: &str| json!({"pointer": field, "code": "taken", "params": {"name": other["name"]["de"]}});
    for (body, errors) in [
        (json!({"number": other["number"]}), json!([fault("/number")])),
        (json!({"slug": other["slug"]}), json!([fault("/slug")])),
        (json!({"slug": other["slug"], "number": other["number"]}), json!([fault("/number"), fault("/slug")])),
    ] {
        let mut new = rioja(&item["section"]);
        new.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        for refused in [manager.patch(&path(&item), "*", &body).await, manager.post("/api/v1/wines", &new).await] {
            let (status, detail) = refused.problem();
            assert_eq!((status, &refused.json()["errors"]), (409, &errors), "{detail}");
            assert!(
                detail.contains(&format!("is that of {} already", other["name"]["de"].as_str().unwrap())),
                "{detail}"
            );
        }
    }
    assert_eq!(now(&manager, &item).await, item);
}

#[tokio::test]
async fn the_last_number_there_is_blocks_no_other_item() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let first = item["number"].as_i64().unwrap();
    assert_eq!(manager.patch(&path(&item), "*", &json!({"number": 99_999})).await.status, 200);
    let numbers = [make(&manager).await, make(&manager).await].map(|made| made["number"].as_i64().unwrap());
    assert_eq!(numbers, [first, first + 1], "the lowest that are free");
}

#[tokio::test]
async fn what_something_consists_of_stays_and_what_is_deleted_is_gone_everywhere() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let (part, whole, outer) = (make(&manager).await, make(&manager).await, make(&manager).await);
    let of = |item: &Value| json!({"parts": [{"item": item["id"], "relation": "component"}]});
    manager.patch(&path(&whole), "*", &json!({"name": {"de": "Weinprobe"}})).await;
    assert_eq!(manager.patch(&path(&whole), "*", &of(&part)).await.status, 200);
    assert_eq!(manager.patch(&path(&outer), "*", &of(&whole)).await.status, 200);
    let (status, detail) = manager.delete_copy(&path(&part), "*").await.problem();
    assert_eq!(status, 409);
    assert!(detail.contains("Weinprobe"), "{detail}");
    assert_eq!(manager.delete_copy(&path(&whole), "\"1\"").await.status, 412);
    assert_eq!(manager.delete(&path(&whole)).await.status, 428);
    let bulk = |items: &[&Value]| json!({"action": "delete", "items": items.iter().map(|item| &item["id"]).collect::<Vec<_>>()});
    assert_eq!(manager.post("/api/v1/items/bulk", &bulk(&[&part, &whole])).await.status, 409);
    assert_eq!(now(&manager, &part).await, part, "none of them is gone");
    let gone = manager.post("/api/v1/items/bulk", &bulk(&[&part, &whole, &outer])).await;
    assert_eq!(gone.status, 200, "together they may go, in whichever order: {}", gone.text());
    assert_eq!(gone.json()["items"][1]["outcome"], "deleted");
    let alone = make(&manager).await;
    assert_eq!(manager.delete_copy(&path(&alone), &tag(&alone)).await.status, 204);
    let menu = manager.get("/api/v1/menu").await.text();
    for item in [part, whole, outer, alone] {
        assert_eq!(bar.anyone().get(&path(&item)).await.status, 404);
        assert_eq!(manager.patch(&path(&item), "*", &json!({})).await.status, 404);
        assert!(!menu.contains(item["id"].as_str().unwrap()));
    }
    assert_eq!(bar.history("wine").await.last().unwrap()["after"], Value::Null);
}

#[tokio::test]
async fn the_tag_of_every_answer_names_the_copy_also_that_of_a_guest() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let read = manager.get(&format!("/api/v1/items/{}", item["id"].as_str().unwrap())).await.header("etag").to_owned();
    let guests = bar.anyone().get_with(&path(&item), &[("accept-encoding", "br")]).await.header("etag").to_owned();
    let weak = format!("W/{guests}");
    assert_eq!(bar.anyone().get_with(&path(&item), &[("if-none-match", &weak)]).await.status, 304);
    let noted = async |copy: &str, note: &str| manager.patch(&path(&item), copy, &json!({"note": {"de": note}})).await;
    let first = noted(&read, "eins").await;
    assert_eq!(first.status, 200);
    for stale in [read.as_str(), guests.as_str(), weak.as_str(), "\"0\"", "\"\""] {
        let stale = noted(stale, "verloren").await;
        assert_eq!((stale.status.as_u16(), &stale.json()["current"]), (412, &first.json()));
    }
    let second = noted(first.header("etag"), "zwei").await;
    assert_eq!(second.status, 200);
    let guests = bar.anyone().get(&path(&item)).await.header("etag").to_owned();
    assert_eq!(noted(&guests, "drei").await.status, 200, "a guest's copy is a copy");
    assert_eq!(noted("*", "vier").await.status, 200);
    assert_eq!(manager.send_json("PATCH", &path(&item), &[], &json!({})).await.status, 428);
    let menu = manager.get("/api/v1/menu").await;
    assert_eq!(menu.header("etag"), "", "the card's number is no item's");
    for bad in ["\"5", "5", "\"5\" \"6\"", "*, \"5\"", "ü", ""] {
        let refused = noted(bad, "verloren").await;
        assert_eq!(faults(&refused), [("If-Match".to_owned(), "not_an_etag".to_owned())], "{bad}");
    }
    assert_eq!(noted("\"ü\"", "verloren").await.status, 412);
    assert_eq!(noted("\"0\", \"5-gzip\"", "fünf").await.status, 200, "one of several copies");
}

#[tokio::test]
async fn twenty_writers_at_once_on_one_item_lose_nothing() {
    let bar = TestApp::busy().await;
    let manager = bar.manager().await;
    let item = make(&manager).await;
    let writers = (0..20_i64).map(|writer| {
        let (manager, item) = (manager.clone(), item.clone());
        tokio::spawn(async move {
            let (mut copy, mut current) = (tag(&item), item.clone());
            loop {
                // Each adds its own sign to what it has read.
                let note = format!("{}<{writer}>", current["note"]["de"].as_str().unwrap_or_default());
                let answer = manager.patch(&path(&item), &copy, &json!({"note": {"de": note}})).await;
                match answer.status.as_u16() {
                    200 => return,
                    412 => current = answer.json()["current"].clone(),
                    other => panic!("{other}: {}", answer.text()),
                }
                copy = tag(&current);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let end = now(&manager, &item).await;
    assert_eq!(end["revision"], 21, "every acknowledged edit is one copy");
    let lines = bar.history("wine").await;
    let lines: Vec<&Value> = lines.iter().filter(|line| line["after"]["id"] == item["id"]).collect();
    assert_eq!(lines.len(), 21);
    for writer in 0..20 {
        let sign = format!("<{writer}>");
        assert_eq!(end["note"]["de"].as_str().unwrap().matches(&sign).count(), 1);
    }
    assert!(lines.windows(2).all(|pair| pair[0]["after"] == pair[1]["before"]), "the history has no gap");
    assert_eq!(lines.last().unwrap()["after"], end);
}

#[tokio::test]
async fn twenty_writers_at_once_on_twenty_items_all_succeed() {
    let bar = TestApp::busy().await;
    let manager = bar.manager().await;
    let mut items = Vec::new();
    for _ in 0..20 {
        items.push(make(&manager).await);
    }
    let writers = items.clone().into_iter().map(|item| {
        let manager = manager.clone();
        tokio::spawn(async move {
            let mut copy = tag(&item);
            for turn in 0..5 {
                let answer = manager.patch(&path(&item), &copy, &json!({"after": null, "number": null})).await;
                assert_eq!(answer.status, 422);
                let text = format!("{turn}");
                let answer = manager.patch(&path(&item), &copy, &json!({"note": {"de": text}})).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                copy = answer.header("etag").to_owned();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    for item in &items {
        let end = now(&manager, item).await;
        assert_eq!((&end["revision"], &end["note"]["de"]), (&json!(6), &json!("4")));
    }
}

#[tokio::test]
async fn what_is_sold_out_comes_back_by_itself() {
    let bar = TestApp::with_demo().await;
    let (manager, staff) = (bar.manager().await, bar.staff().await);
    let item = make(&manager).await;
    let say = async |body: Value| staff.put(&format!("{}/availability", path(&item)), body).await;
    let out = say(json!({"sold_out": true, "until": "next_opening"})).await;
    assert_eq!(out.status, 200, "{}", out.text());
    let until: chrono::DateTime<chrono::Utc> =
        out.json()["servings"][0]["sold_out"]["until"].as_str().unwrap().parse().unwrap();
    assert!(until > bar.clock.now(), "the bar is open, so it is the next evening");
    let shown = bar.json(&path(&item)).await;
    assert_eq!((&shown["sold_out"], &shown["number"]), (&json!(true), &item["number"]), "it stays on the list");
    bar.clock.advance(TimeDelta::minutes(1));
    let again = say(json!({"sold_out": true})).await.json();
    let since = &out.json()["servings"][0]["sold_out"]["since"];
    assert_eq!(again["servings"][0]["sold_out"], json!({"since": since, "until": null}), "out since then");
    let back = say(json!({"sold_out": false})).await.json();
    assert_eq!(back["servings"][0]["sold_out"], Value::Null);
    assert_eq!(bar.json(&path(&item)).await["sold_out"], false);
    let later = (bar.clock.now() + TimeDelta::minutes(30)).to_rfc3339();
    assert_eq!(say(json!({"sold_out": true, "until": later})).await.status, 200);
    assert_eq!(bar.json(&path(&item)).await["sold_out"], true);
    bar.clock.advance(TimeDelta::minutes(31));
    bar.app.shelf.refresh(&bar.app.db).await.unwrap();
    assert_eq!(bar.json(&path(&item)).await["sold_out"], false);
    // Whoever signed in half an hour ago does so again.
    let staff = bar.sign_in("staff").await;
    let say = async |body: Value| staff.put(&format!("{}/availability", path(&item)), body).await;
    for (body, code) in [
        (json!({"sold_out": true, "until": later}), "in_the_past"),
        (json!({"sold_out": false, "until": "next_opening"}), "only_for_sold_out"),
        (json!({"sold_out": true, "until": "tomorrow"}), "not_valid"),
    ] {
        assert_eq!(faults(&say(body).await), [("/until".to_owned(), code.to_owned())]);
    }
}

#[tokio::test]
async fn many_are_sold_out_at_once_or_none() {
    let bar = TestApp::with_demo().await;
    let (manager, staff) = (bar.manager().await, bar.staff().await);
    let (one, other) = (make(&manager).await, make(&manager).await);
    let nobody = "019c0000-0000-7000-8000-000000000001";
    let out = |items: Value| json!({"action": "set_availability", "items": items, "sold_out": true});
    let bad = staff.post("/api/v1/items/bulk", &out(json!([one["id"], nobody, one["id"]]))).await;
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(faults(&bad), [fault("/items/1", "unknown"), fault("/items/2", "given_twice")]);
    assert_eq!(faults(&staff.post("/api/v1/items/bulk", &out(json!([]))).await), [fault("/items", "missing")]);
    assert_eq!(now(&manager, &one).await, one, "none of them is changed");
    let done = staff.post("/api/v1/items/bulk", &out(json!([one["id"], other["id"]]))).await.json();
    assert_eq!((&done["items"][0]["outcome"], &done["items"][1]["revision"]), (&json!("changed"), &json!(2)));
    let done = staff.post("/api/v1/items/bulk", &out(json!([one["id"]]))).await.json();
    assert_eq!(done["items"][0]["outcome"], "unchanged");
    let last = bar.history("wine").await.last().unwrap()["after"].clone();
    assert_eq!(now(&manager, &other).await, last);
    let delete = json!({"action": "delete", "items": [one["id"]]});
    assert_eq!(staff.post("/api/v1/items/bulk", &delete).await.status, 403);
    let wrong = json!({"action": "delete", "items": [one["id"]], "sold_out": true});
    assert_eq!(manager.post("/api/v1/items/bulk", &wrong).await.status, 422);
}

#[tokio::test]
async fn the_old_addresses_take_no_changes() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let path = if method == Method::POST { "/api/wines" } else { "/api/wines/1" };
        assert_eq!(manager.ask(method.clone(), path, &[]).await.status, 410, "{method}");
    }
}
