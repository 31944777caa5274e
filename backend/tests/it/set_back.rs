//! Taking back where things stand on each other: sections and their places, bundles, pictures, and what is taken back twice.

use serde_json::{Value, json};

use crate::harness::{Person, TestApp};
use crate::pictures::{jpeg, show, taken_in};
use crate::undo::{dump, last_batch, refused, undo};

const SNACKS: &str = "/api/v1/snacks";

/// Makes a snack, in the first section of its menu; answers its id.
async fn snack(bar: &TestApp, by: &Person, name: &str, parts: &[&str]) -> String {
    let section = bar.json("/api/v1/sections?menu=snacks").await[0]["id"].clone();
    let parts: Vec<Value> = parts.iter().map(|part| json!({"item": part, "relation": "component"})).collect();
    let body = json!({"name": {"de": name}, "section": section, "parts": parts,
        "servings": [{"unit": "portion", "price_cents": 900}]});
    let made = by.post(SNACKS, &body).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn section(by: &Person, name: &str, after: &Value) -> String {
    let made = by.post("/api/v1/sections", &json!({"menu": "snacks", "name": {"de": name}, "after": after})).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    made.header("location").to_owned()
}

async fn done(by: &Person, id: &str) {
    let (status, answer) = undo(by, id).await;
    assert_eq!(status, 200, "{answer}");
}

async fn delete(by: &Person, path: &str) -> String {
    let gone = by.delete_copy(path, "*").await;
    assert_eq!(gone.status.as_u16(), 204, "{}", gone.text());
    last_batch(by).await
}

#[tokio::test]
async fn a_section_made_before_others_goes_and_they_move_up() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    section(&manager, "Ganz oben", &Value::Null).await;
    done(&manager, &last_batch(&manager).await).await;
    assert_eq!(dump(&bar).await, before);
}

#[tokio::test]
async fn a_section_comes_back_at_the_end_where_its_place_is_taken() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let last = bar.json("/api/v1/sections?menu=snacks").await.as_array().unwrap().last().unwrap()["id"].clone();
    let path = section(&manager, "Suppen", &last).await;
    let gone = delete(&manager, &path).await;
    section(&manager, "Salate", &last).await;
    done(&manager, &gone).await;
    let menu = manager.get("/api/v1/menu").await.json();
    let of_snacks = menu["sections"].as_array().unwrap().iter().filter(|section| section["menu"] == "snacks");
    let names: Vec<&str> = of_snacks.map(|section| section["name"]["de"].as_str().unwrap()).collect();
    assert_eq!(names[names.len() - 2..], ["Salate", "Suppen"]);
}

#[tokio::test]
async fn one_line_of_a_move_is_refused_where_somebody_stands_there() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let sections = bar.json("/api/v1/sections?menu=wines").await;
    let last = sections.as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let moved = manager.patch(&format!("/api/v1/sections/{last}"), "*", &json!({"after": null})).await;
    assert_eq!(moved.status.as_u16(), 200, "{}", moved.text());
    let batch = last_batch(&manager).await;
    let line = manager.get(&format!("/api/v1/changes?batch={batch}&thing_id={last}")).await.json();
    let answer = undo(&manager, line["changes"][0]["id"].as_str().unwrap()).await;
    assert_eq!(refused(&answer), [("/position".to_owned(), "taken_since".to_owned())]);
    done(&manager, &batch).await;
}

#[tokio::test]
async fn bundles_of_bundles_come_back_parts_first() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let bread = snack(&bar, &manager, "Brot", &[]).await;
    let plate = snack(&bar, &manager, "Teller", &[&bread]).await;
    let feast = snack(&bar, &manager, "Gelage", &[&plate, &bread]).await;
    let before = dump(&bar).await;
    let body = json!({"action": "delete", "items": [bread, feast, plate]});
    let gone = manager.post("/api/v1/items/bulk", &body).await;
    assert_eq!(gone.status.as_u16(), 200, "{}", gone.text());
    done(&manager, &last_batch(&manager).await).await;
    assert_eq!(dump(&bar).await, before);
}

#[tokio::test]
async fn what_comes_back_is_refused_while_what_it_names_is_gone() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let heading = section(&manager, "Suppen", &Value::Null).await;
    let id = heading.rsplit('/').next().unwrap().to_owned();
    let soup = snack(&bar, &manager, "Gazpacho", &[]).await;
    let path = format!("{SNACKS}/{soup}");
    let moved = manager.patch(&path, "*", &json!({"section": id})).await;
    assert_eq!(moved.status.as_u16(), 200, "{}", moved.text());
    let before = dump(&bar).await;
    let gone = delete(&manager, &path).await;
    let without = delete(&manager, &heading).await;
    let answer = undo(&manager, &gone).await;
    assert_eq!(refused(&answer), [("/section".to_owned(), "gone_since".to_owned())]);
    let detail = answer.1["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("section of Gazpacho names something that is gone"), "{detail}");
    done(&manager, &without).await;
    done(&manager, &gone).await;
    assert_eq!(dump(&bar).await, before);
}

#[tokio::test]
async fn what_comes_back_is_refused_while_another_has_its_number() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let soup = snack(&bar, &manager, "Gazpacho", &[]).await;
    let gone = delete(&manager, &format!("{SNACKS}/{soup}")).await;
    let other = snack(&bar, &manager, "Gazpacho", &[]).await;
    let numbered = [("/number".to_owned(), "taken_since".to_owned()), ("/slug".to_owned(), "taken_since".to_owned())];
    assert_eq!(refused(&undo(&manager, &gone).await), numbered);
    delete(&manager, &format!("{SNACKS}/{other}")).await;
    done(&manager, &gone).await;
}

#[tokio::test]
async fn a_picture_is_taken_back_like_everything_else() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let id = taken_in(&manager, &jpeg()).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/pictures/{id}");
    let wine = show(&bar, &manager, &json!(id)).await;
    let hung = last_batch(&manager).await;
    let said = manager.patch(&path, "*", &json!({"alt": {"de": "Eine Flasche"}, "focal_x": 10})).await;
    assert_eq!(said.status.as_u16(), 200, "{}", said.text());
    done(&manager, &last_batch(&manager).await).await;
    let back = manager.get(&path).await.json();
    assert_eq!((&back["alt"]["de"], &back["focal_x"]), (&Value::Null, &json!(50)));
    // Off the wall, into the trash, and both back: the nail only holds once the picture is there.
    let taken_off = manager.patch(&format!("/api/v1/wines/{wine}"), "*", &json!({"picture": null})).await;
    assert_eq!(taken_off.status.as_u16(), 200);
    let off = last_batch(&manager).await;
    let gone = delete(&manager, &path).await;
    assert_eq!(refused(&undo(&manager, &off).await), [("/picture".to_owned(), "gone_since".to_owned())]);
    done(&manager, &gone).await;
    done(&manager, &off).await;
    assert_eq!(manager.get(&format!("/api/v1/items/{wine}")).await.json()["picture"], json!(id));
    done(&manager, &hung).await;
    let gone = delete(&manager, &path).await;
    taken_in(&manager, &jpeg()).await;
    assert_eq!(refused(&undo(&manager, &gone).await), [(String::new(), "is_back".to_owned())]);
}

#[tokio::test]
async fn the_bar_itself_never_goes() {
    let bar = TestApp::with_demo().await;
    let admin = bar.admin().await;
    let line = admin.get("/api/v1/changes?thing=house").await.json()["changes"][0].clone();
    assert_eq!(line["action"], "created");
    for id in [&line["id"], &line["batch"]] {
        let answer = undo(&admin, id.as_str().unwrap()).await;
        assert_eq!(answer.0, 409, "{}", answer.1);
        assert!(answer.1["errors"].as_array().unwrap().iter().any(|fault| fault["code"] == "cannot_be_undone"));
    }
}

#[tokio::test]
async fn what_is_taken_back_already_is_passed_over() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let (bread, oil) = (snack(&bar, &manager, "Brot", &[]).await, snack(&bar, &manager, "Öl", &[]).await);
    let before = dump(&bar).await;
    let gone = manager.post("/api/v1/items/bulk", &json!({"action": "delete", "items": [bread, oil]})).await;
    assert_eq!(gone.status.as_u16(), 200, "{}", gone.text());
    let batch = last_batch(&manager).await;
    let lines = manager.get(&format!("/api/v1/changes?batch={batch}")).await.json()["changes"].clone();
    done(&manager, lines[0]["id"].as_str().unwrap()).await;
    let again = last_batch(&manager).await;
    let (status, answer) = undo(&manager, &batch).await;
    assert_eq!((status, &answer["lines"]), (200, &json!(1)), "{answer}");
    assert_eq!(dump(&bar).await, before);
    let twice = undo(&manager, &batch).await;
    assert_eq!(
        refused(&twice),
        [(String::new(), "undone_already".to_owned()), (String::new(), "undone_already".to_owned())]
    );
    // The first is taken away again: of the two, only it is not back.
    done(&manager, &again).await;
    let lines = manager.get(&format!("/api/v1/changes?batch={batch}")).await.json()["changes"].clone();
    assert_eq!((&lines[0]["undone"], &lines[1]["undone"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn prices_raised_by_a_rule_and_taken_back_are_what_they_were() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = dump(&bar).await;
    let rule = json!({"rule": {"kind": "percent", "percent": 5}, "round": {"to": "50"}, "filter": {"color": "red"}});
    let raised = manager.patch("/api/v1/prices", "*", &rule).await;
    assert_eq!(raised.status.as_u16(), 200, "{}", raised.text());
    let prices: Vec<Value> = raised.json()["rows"].as_array().unwrap().clone();
    let list: Vec<Value> = prices
        .iter()
        .map(|row| json!({"serving": row["serving"], "price_cents": row["after_cents"].as_i64().unwrap() + 20}))
        .collect();
    let first = last_batch(&manager).await;
    let dearer = manager.patch("/api/v1/prices", "*", &json!({"prices": list})).await;
    assert_eq!(dearer.json()["changed"], prices.len(), "{}", dearer.text());
    assert_ne!(dump(&bar).await, before);
    done(&manager, &last_batch(&manager).await).await;
    done(&manager, &first).await;
    assert_eq!(dump(&bar).await, before);
}
