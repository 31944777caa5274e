//! Files that name each other's things: ids from elsewhere, bundles, and numbers that change hands.

use serde_json::{Value, json};

use crate::exchange::{JSON, apply, csv, looked, refused, send};
use crate::harness::{Answer, Person, TestApp};

async fn document(person: &Person, items: &Value) -> Answer {
    let document = json!({"format": "casavazquez-menu-1", "items": items});
    send(person, "", JSON, document.to_string()).await
}

/// A snack for the demo menu, with more about it.
fn snack(name: &str, more: &Value) -> Value {
    let mut snack = json!({"kind": "snack", "name": {"de": name, "en": name}, "section": "tapitas",
        "servings": [{"unit": "plate", "price_cents": 500}]});
    snack.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    snack
}

async fn menu(person: &Person) -> Value {
    person.get("/api/v1/menu").await.json()
}

fn item<'a>(menu: &'a Value, name: &str) -> &'a Value {
    menu["items"].as_array().unwrap().iter().find(|item| item["name"]["de"] == name).unwrap()
}

async fn applied(person: &Person, import: &Value) {
    let answer = apply(person, import).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
}

async fn undo(person: &Person, import: &Value) -> Answer {
    person.post(&format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap()), &Value::Null).await
}

#[tokio::test]
async fn an_id_that_something_has_or_had_is_not_taken_over() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = menu(&manager).await;
    let gone = item(&before, "Oliven-Mix")["id"].clone();
    let path = format!("/api/v1/snacks/{}", gone.as_str().unwrap());
    assert_eq!(manager.delete_copy(&path, "*").await.status.as_u16(), 204);
    let taken = [&before["sections"][0]["id"], &before["notifications"][0]["id"], &before["house"]["id"], &gone];
    let serving = &before["items"][0]["servings"][0]["id"];
    for (place, id) in taken.into_iter().chain([serving]).enumerate() {
        assert!(id.is_string(), "{place}");
        let name = format!("Dieb {place}");
        let import = looked(&document(&manager, &json!([snack(&name, &json!({"id": id}))])).await);
        assert_eq!(import["counts"]["new"], 1, "{import}");
        applied(&manager, &import).await;
        let after = menu(&manager).await;
        assert_ne!(&item(&after, &name)["id"], id, "{place}");
        for part in ["sections", "notifications", "house"] {
            assert_eq!(after[part], before[part], "{place}");
        }
        assert_eq!(undo(&manager, &import).await.status.as_u16(), 200);
        assert_eq!(menu(&manager).await["sections"], before["sections"], "{place}");
    }
}

#[tokio::test]
async fn a_menu_moves_to_an_empty_house_with_its_ids() {
    let (old, new) = (TestApp::with_demo().await, TestApp::empty().await);
    let (from, to) = (old.manager().await, new.manager().await);
    let file = from.get("/api/v1/exports?format=json").await.text();
    let import = looked(&send(&to, "", JSON, file.clone()).await);
    assert_eq!((&import["counts"]["changed"], &import["counts"]["refused"]), (&json!(0), &json!(0)), "{import}");
    applied(&to, &import).await;
    let ids = |menu: &Value| {
        let ids = menu["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(ids(&menu(&to).await), ids(&menu(&from).await));
    let again = looked(&send(&to, "", JSON, file).await);
    assert_eq!((&again["counts"]["new"], &again["counts"]["changed"]), (&json!(0), &json!(0)));
    assert_eq!(undo(&to, &import).await.status.as_u16(), 200);
    assert_eq!(menu(&to).await["items"], json!([]));
}

#[tokio::test]
async fn what_was_deleted_comes_from_a_file_as_something_new_and_once_only() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let file = manager.get("/api/v1/exports?format=json&kind=snacks").await.text();
    let old = item(&menu(&manager).await, "Oliven-Mix")["id"].clone();
    assert_eq!(manager.delete_copy(&format!("/api/v1/snacks/{}", old.as_str().unwrap()), "*").await.status, 204);
    let import = looked(&send(&manager, "", JSON, file.clone()).await);
    assert_eq!((&import["counts"]["new"], &import["counts"]["refused"]), (&json!(1), &json!(0)), "{import}");
    applied(&manager, &import).await;
    assert_ne!(item(&menu(&manager).await, "Oliven-Mix")["id"], old);
    let again = looked(&send(&manager, "", JSON, file).await);
    assert_eq!((&again["counts"]["new"], &again["counts"]["changed"]), (&json!(0), &json!(0)), "{again}");
}

const P: &str = "019c0000-0000-7000-8000-00000000000a";
const Q: &str = "019c0000-0000-7000-8000-00000000000b";
const R: &str = "019c0000-0000-7000-8000-00000000000c";

/// A bundle with this id, of these parts.
fn bundle(name: &str, id: &str, parts: &[&str]) -> Value {
    let parts: Vec<Value> = parts.iter().map(|part| json!({"item": part, "relation": "component"})).collect();
    snack(name, &json!({"id": id, "role": "bundle", "parts": parts}))
}

#[tokio::test]
async fn bundles_may_name_what_comes_later_in_the_file() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    // The id of the innermost part is taken, so that it gets another, which its bundle has to name.
    let section = menu(&manager).await["sections"][0]["id"].clone();
    let taken = section.as_str().unwrap();
    let items = json!([
        bundle("Große Platte", P, &[Q]),
        bundle("Kleine Platte", Q, &[taken]),
        snack("Happen", &json!({"id": taken}))
    ]);
    let import = looked(&document(&manager, &items).await);
    assert_eq!(import["counts"], json!({"new": 3, "changed": 0, "unchanged": 0, "refused": 0}), "{import}");
    let parts = import["items"][0]["differences"].as_array().unwrap().iter().find(|one| one["column"] == "parts");
    let named = parts.unwrap()["after"].as_str().unwrap();
    assert!(named.ends_with("Kleine Platte"), "{named}");
    applied(&manager, &import).await;
    let after = menu(&manager).await;
    assert_eq!(item(&after, "Große Platte")["parts"][0]["item"], Q);
    assert_eq!(item(&after, "Kleine Platte")["parts"][0]["item"], item(&after, "Happen")["id"]);
    assert_eq!(undo(&manager, &import).await.status.as_u16(), 200);
}

#[tokio::test]
async fn what_would_be_refused_is_told_before() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    for (items, row, column, code) in [
        (json!([bundle("Platte", P, &[R])]), 1, "parts", "unknown"),
        (json!([bundle("Platte", P, &[P])]), 1, "parts", "part_of_itself"),
        (json!([bundle("Eins", P, &[Q]), bundle("Zwei", Q, &[P])]), 1, "parts", "goes_round"),
        (json!([snack("Eins", &json!({"id": P})), snack("Zwei", &json!({"id": P}))]), 2, "id", "contradicts_row"),
        (json!([snack("Eins", &json!({"section": "nirgends"}))]), 1, "section", "unknown_section"),
        (json!([snack("Eins", &json!({"slug": "x"})), snack("Zwei", &json!({"slug": "x"}))]), 1, "slug", "taken"),
    ] {
        let import = looked(&document(&manager, &items).await);
        let told = import["items"].as_array().unwrap().iter().find_map(|item| item["faults"].get(0)).unwrap();
        assert_eq!((&told["row"], &told["column"], &told["code"]), (&json!(row), &json!(column), &json!(code)));
        let answer = apply(&manager, &import).await;
        assert_eq!(refused(&answer)[0], (format!("/rows/{row}/{column}"), code.to_owned()));
    }
}

#[tokio::test]
async fn two_items_swap_their_numbers_and_names_for_addresses() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = menu(&manager).await;
    let pair: Vec<&Value> = before["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "snack").collect();
    let [a, b] = [pair[0], pair[1]];
    let text = |value: &Value| value.to_string().trim_matches('"').to_owned();
    let row = |of: &Value, like: &Value| {
        format!("{};snack;{};{}\n", text(&of["id"]), text(&like["number"]), text(&like["slug"]))
    };
    let import = looked(&csv(&manager, &format!("id;kind;number;slug\n{}{}", row(a, b), row(b, a))).await);
    assert_eq!(import["counts"]["changed"], 2, "{import}");
    applied(&manager, &import).await;
    let after = menu(&manager).await;
    let one = |menu: &Value, of: &Value| {
        let found = menu["items"].as_array().unwrap().iter().find(|item| item["id"] == of["id"]).unwrap().clone();
        (found["number"].clone(), found["slug"].clone())
    };
    assert_eq!((one(&after, a), one(&after, b)), (one(&before, b), one(&before, a)));
    let answer = undo(&manager, &import).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    let undone = menu(&manager).await;
    assert_eq!((one(&undone, a), one(&undone, b)), (one(&before, a), one(&before, b)));
    let taken = format!("id;kind;number;slug\n{}", row(a, b));
    let refused = looked(&csv(&manager, &taken).await);
    assert_eq!(refused["counts"]["refused"], 1, "one alone cannot take the other's");
}

#[tokio::test]
async fn a_number_that_is_given_up_goes_to_something_new_and_back() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = menu(&manager).await;
    let old = before["items"].as_array().unwrap().iter().find(|one| one["kind"] == "snack").unwrap();
    let items = json!([{"id": old["id"], "number": 900, "slug": "frueher"},
        snack("Nachfolger", &json!({"id": P, "number": old["number"], "slug": old["slug"]}))]);
    let import = looked(&document(&manager, &items).await);
    assert_eq!((&import["counts"]["new"], &import["counts"]["changed"]), (&json!(1), &json!(1)), "{import}");
    applied(&manager, &import).await;
    assert_eq!(item(&menu(&manager).await, "Nachfolger")["number"], old["number"]);
    let answer = undo(&manager, &import).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    assert_eq!(item(&menu(&manager).await, old["name"]["de"].as_str().unwrap())["number"], old["number"]);
}
