//! The menu as a file and back, through the front door: looked at first, applied whole, once, and only as it was looked at.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestApp};

pub const CSV: &[(&str, &str)] = &[("content-type", "text/csv")];
pub const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

pub async fn send(person: &Person, query: &str, headers: &[(&'static str, &str)], file: impl Into<Body>) -> Answer {
    person.send(Method::POST, &format!("/api/v1/imports{query}"), headers, file.into()).await
}

pub async fn csv(person: &Person, text: &str) -> Answer {
    send(person, "?file_name=karte.csv", CSV, text.to_owned()).await
}

pub async fn apply(person: &Person, import: &Value) -> Answer {
    let path = format!("/api/v1/imports/{}/apply", import["id"].as_str().unwrap());
    person.post(&path, &Value::Null).await
}

pub fn looked(answer: &Answer) -> Value {
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.json()
}

/// Each broken rule of a refusal: where and which.
pub fn refused(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem().0, 422);
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

const PRICE: &str = "kind;number;unit;price\nsnack;1;portion;5,50\n";

#[tokio::test]
async fn what_is_exported_and_imported_changes_nothing() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    for kind in ["all", "wines", "drinks", "snacks"] {
        for (format, headers) in [("csv", CSV), ("json", JSON)] {
            let file = manager.get(&format!("/api/v1/exports?kind={kind}&format={format}")).await;
            let name = format!("attachment; filename=\"casavazquez-{kind}-2026-07-17.{format}\"");
            assert_eq!(file.header("content-disposition"), name);
            let import = looked(&send(&manager, "", headers, file.text()).await);
            let counts = &import["counts"];
            assert_eq!(
                (&counts["new"], &counts["changed"], &counts["refused"]),
                (&json!(0), &json!(0), &json!(0)),
                "{import}"
            );
            assert!(counts["unchanged"].as_i64().unwrap() > 10);
            let applied = apply(&manager, &import).await;
            assert_eq!((applied.status.as_u16(), &applied.json()["applied_as"]), (200, &Value::Null));
        }
    }
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 0);
    let sheet = manager.get("/api/v1/exports").await.text();
    assert!(sheet.starts_with("\u{feff}id;kind;number;"), "{}", &sheet[..40]);
    assert!(sheet.lines().count() > 50);
}

#[tokio::test]
async fn an_import_is_looked_at_and_then_applied_as_one_batch() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let text = format!("{PRICE}snack;2;portion;\"5,25 €\"\n");
    let import = looked(&csv(&manager, &text).await);
    assert_eq!((&import["file_name"], &import["by"]), (&json!("karte.csv"), &json!("manager")));
    assert_eq!(import["counts"], json!({"new": 0, "changed": 2, "unchanged": 0, "refused": 0}));
    let first = json!([{"row": 2, "column": "price", "before": "5,00", "after": "5,50"}]);
    assert_eq!(import["items"][0]["differences"], first);
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 0, "looking writes nothing");
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    assert_eq!(manager.get(&path).await.json(), import);
    let applied = apply(&manager, &import).await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    let batch = applied.json()["applied_as"].as_str().unwrap().to_owned();
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 2);
    let line = bar.history("snack").await.pop().unwrap();
    assert_eq!((&line["by"], &line["source"]), (&json!("manager"), &json!("import")));
    assert_eq!(bar.json("/api/v1/snacks?limit=1").await["items"][0]["servings"][0]["price_cents"], 550);
    assert_eq!(manager.get(&path).await.json()["applied_as"], json!(batch));
    assert_eq!(apply(&manager, &import).await.problem().0, 409, "once only");
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 2);
}

#[tokio::test]
async fn a_menu_that_changed_meanwhile_is_looked_at_again() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let (first, second) =
        (looked(&csv(&manager, PRICE).await), looked(&csv(&manager, &PRICE.replace("5,50", "6")).await));
    assert_eq!(apply(&manager, &first).await.status.as_u16(), 200);
    let (status, detail) = apply(&manager, &second).await.problem();
    assert_eq!(status, 409);
    assert!(detail.contains("send the file again"), "{detail}");
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 1);
}

#[tokio::test]
async fn one_refused_row_keeps_all_from_being_imported() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let import = looked(&csv(&manager, &format!("{PRICE}snack;2;portion;6,500€\n")).await);
    assert_eq!(import["counts"], json!({"new": 0, "changed": 1, "unchanged": 0, "refused": 1}));
    let hint =
        json!([{"row": 3, "column": "price", "code": "not_a_price", "params": {"hint": "could be 6,50 € or 6500 €"}}]);
    assert_eq!(import["items"][1]["faults"], hint);
    let answer = apply(&manager, &import).await;
    assert_eq!(refused(&answer), [("/rows/3/price".to_owned(), "not_a_price".to_owned())]);
    assert_eq!(bar.count("changes WHERE source = 'import'").await, 0);
}

#[tokio::test]
async fn headers_are_named_or_mapped() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let text = PRICE.replace("price", "Preis");
    assert_eq!(refused(&csv(&manager, &text).await), [("/header/Preis".to_owned(), "unknown_column".to_owned())]);
    assert_eq!(bar.count("imports").await, 0);
    let import = looked(&send(&manager, "?mapping=Preis:price", CSV, text).await);
    assert_eq!(import["counts"]["changed"], 1);
    assert_eq!(apply(&manager, &import).await.status.as_u16(), 200, "the mapping is kept");
    let answer = send(&manager, "?mapping=Preis", CSV, PRICE).await;
    assert_eq!(refused(&answer), [("?mapping".to_owned(), "not_a_mapping".to_owned())]);
}

#[tokio::test]
async fn a_mapping_names_any_header_and_only_columns() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let text = PRICE.replace("price", "\"Preis; brutto, gesamt: neu\"");
    let import = looked(&send(&manager, "?mapping=Preis;%20brutto,%20gesamt:%20neu:price", CSV, text).await);
    assert_eq!(import["counts"]["changed"], 1, "{import}");
    for (query, code) in [
        ("?mapping=a%00:name_de", "forbidden_characters"),
        ("?mapping=a:c", "unknown_column"),
        ("?mapping=a:b%00", "forbidden_characters"),
        ("?mapping=:price", "missing"),
    ] {
        let answer = send(&manager, query, CSV, PRICE).await;
        assert_eq!(refused(&answer), [("?mapping".to_owned(), code.to_owned())], "{query}");
    }
    assert_eq!(bar.count("imports").await, 1);
}

#[tokio::test]
async fn blanks_around_a_cell_and_lines_before_the_headers_do_not_count() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let menu = manager.get("/api/v1/menu").await.json();
    let item = menu["items"].as_array().unwrap().iter().find(|item| item["kind"] == "snack").unwrap();
    let section = menu["sections"].as_array().unwrap().iter().find(|one| one["id"] == item["section"]).unwrap();
    let (name, slug) = (item["name"]["de"].as_str().unwrap(), section["slug"].as_str().unwrap());
    let text = format!("sep=;\r\n\r\n ; \r\nkind;name_de;section;note_de\r\nsnack;  {name} ; {slug} ;  frisch \r\n");
    let import = looked(&csv(&manager, &text).await);
    let noted = json!([{"row": 4, "column": "note_de", "before": item["note"]["de"].as_str().unwrap_or(""), "after": "frisch"}]);
    assert_eq!(import["items"][0]["differences"], noted, "{import}");
    assert_eq!(import["items"][0]["id"], item["id"]);
}

#[tokio::test]
async fn letters_that_an_old_spreadsheet_lost_stay_as_they_were() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let text = "kind;number;name_de;note_de\nsnack;1;Żurek 生;kräftig\n";
    let import = looked(&csv(&manager, text).await);
    assert_eq!(apply(&manager, &import).await.status.as_u16(), 200);
    let saved = b"kind;number;name_de;note_de\nsnack;1;?urek ?;sehr kr\xe4ftig\n".to_vec();
    let import = looked(&send(&manager, "", CSV, saved).await);
    let noted = json!([{"row": 2, "column": "note_de", "before": "kräftig", "after": "sehr kräftig"}]);
    assert_eq!(import["items"][0]["differences"], noted, "{import}");
    let typed = looked(&csv(&manager, "kind;number;name_de\nsnack;1;?urek ?\n").await);
    assert_eq!(typed["counts"]["changed"], 1, "in UTF-8 nothing is lost, so that somebody wrote this");
}

#[tokio::test]
async fn formulas_leave_as_text_and_come_back_as_they_were() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let text = "kind;number;note_de\nsnack;1;=HYPERLINK(\"\"http://x\"\")\n";
    let import = looked(&csv(&manager, text).await);
    assert_eq!(apply(&manager, &import).await.status.as_u16(), 200);
    let sheet = manager.get("/api/v1/exports?kind=snacks").await.text();
    assert!(sheet.contains("\"'=HYPERLINK("), "{sheet}");
    assert_eq!(looked(&csv(&manager, &sheet).await)["counts"]["changed"], 0);
}

#[tokio::test]
async fn letters_of_an_old_spreadsheet_are_read() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let import =
        looked(&send(&manager, "", CSV, b"kind;number;name_de\nsnack;1;M\xfcsli f\xfcr 5 \x80".to_vec()).await);
    assert_eq!((&import["encoding"], &import["items"][0]["name"]), (&json!("windows-1252"), &json!("Müsli für 5 €")));
}

#[tokio::test]
async fn what_is_no_menu_is_refused_and_forgotten() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let status =
        async |headers: &[(&'static str, &str)], file: Vec<u8>| send(&manager, "", headers, file).await.problem().0;
    assert_eq!(status(CSV, vec![b'a'; 3 * 1024 * 1024]).await, 413);
    assert_eq!(status(&[("content-type", "image/png")], b"x".to_vec()).await, 415);
    assert_eq!(status(CSV, vec![0, 159, 146, 150]).await, 422);
    assert_eq!(status(CSV, Vec::new()).await, 422);
    assert_eq!(status(CSV, format!("kind;number\n{}", "snack;1\n".repeat(5001)).into_bytes()).await, 422);
    assert_eq!(status(JSON, b"{".to_vec()).await, 400);
    assert_eq!(status(JSON, b"{\"format\": \"x\", \"items\": []}".to_vec()).await, 422);
    assert_eq!(bar.count("imports").await, 0);
}

#[tokio::test]
async fn files_are_forgotten_after_a_month() {
    let bar = TestApp::with_demo().await;
    let old = looked(&csv(&bar.manager().await, PRICE).await);
    bar.clock.advance(chrono::TimeDelta::days(31));
    let later = bar.person("later", casavazquez::users::user::Role::Manager).await;
    looked(&csv(&later, PRICE).await);
    assert_eq!(bar.count("imports").await, 1);
    assert_eq!(apply(&later, &old).await.problem().0, 404);
}

#[tokio::test]
async fn a_document_carries_the_menu_to_an_empty_bar() {
    let (bar, other) = (TestApp::with_demo().await, TestApp::empty().await);
    let file = bar.manager().await.get("/api/v1/exports?format=json").await.text();
    let manager = other.manager().await;
    let import = looked(&send(&manager, "", JSON, file.clone()).await);
    assert_eq!(import["counts"]["refused"], 0, "{import}");
    let applied = apply(&manager, &import).await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    for table in ["items", "servings", "sections", "parts", "declarations"] {
        assert_eq!(other.count(table).await, bar.count(table).await, "{table}");
    }
    let again = looked(&send(&manager, "", JSON, file).await);
    assert_eq!((&again["counts"]["new"], &again["counts"]["changed"]), (&json!(0), &json!(0)), "{again}");
}

#[tokio::test]
async fn a_whole_import_is_taken_back() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = manager.get("/api/v1/exports").await.text();
    let new = "kind;number;unit;price;name_de;section\nsnack;1;portion;5,50;Nachos;tapitas\nsnack;;portion;4;Ganz neu;tapitas\n";
    let import = looked(&csv(&manager, new).await);
    let undo = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
    assert_eq!(manager.post(&undo, &Value::Null).await.problem().0, 404, "nothing to take back yet");
    assert_eq!(apply(&manager, &import).await.status.as_u16(), 200);
    assert_ne!(manager.get("/api/v1/exports").await.text(), before);
    let undone = manager.post(&undo, &Value::Null).await;
    assert_eq!(undone.status.as_u16(), 200, "{}", undone.text());
    assert_eq!(manager.get("/api/v1/exports").await.text(), before);
    assert_eq!(manager.post(&undo, &Value::Null).await.problem().0, 409);
}

/// Everything after an import's address, sent twice with one key.
async fn twice(person: &Person, path: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
    let headers = [headers, &[("idempotency-key", path)]].concat();
    let first = person.send(Method::POST, path, &headers, body.to_owned().into()).await;
    let again = person.send(Method::POST, path, &headers, body.to_owned().into()).await;
    assert_eq!(
        (again.status, again.text(), again.header("location")),
        (first.status, first.text(), first.header("location"))
    );
    first
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let import = looked(&twice(&manager, "/api/v1/imports", CSV, PRICE).await);
    assert_eq!(bar.count("imports").await, 1);
    let head = [CSV, &[("idempotency-key", "/api/v1/imports")]].concat();
    let other = manager.send(Method::POST, "/api/v1/imports", &head, PRICE.replace("5,50", "6").into()).await;
    assert_eq!(other.problem().0, 422, "another file is another request");
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    let applied = twice(&manager, &format!("{path}/apply"), &[], "").await;
    assert_eq!((applied.status.as_u16(), bar.count("changes WHERE source = 'import'").await), (200, 1));
    let lines = bar.count("changes").await;
    assert_eq!(twice(&manager, &format!("{path}/undo"), &[], "").await.status.as_u16(), 200);
    assert_eq!(bar.count("changes").await, lines + 1);
}

#[tokio::test]
async fn an_import_says_that_it_was_taken_back() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let import = looked(&csv(&manager, &format!("{PRICE}snack;2;portion;6\n")).await);
    assert_eq!(apply(&manager, &import).await.json()["undone"], false);
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    let shown = async || manager.get(&path).await.json()["undone"].clone();
    assert_eq!(shown().await, false);
    let undone = manager.post(&format!("{path}/undo"), &Value::Null).await.json();
    assert_eq!((&undone["undone"], &undone["counts"]["changed"]), (&json!(true), &json!(2)));
    assert_eq!(shown().await, true);
    let newest = manager.get("/api/v1/changes?limit=1").await.json()["changes"][0]["batch"].clone();
    let back = manager.post(&format!("/api/v1/changes/{}/undo", newest.as_str().unwrap()), &Value::Null).await;
    assert_eq!((back.status.as_u16(), shown().await), (200, json!(false)), "the undoing was undone");
}

#[tokio::test]
async fn a_text_that_no_database_keeps_is_refused() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let file =
        json!({"format": "casavazquez-menu-1", "items": [{"kind": "snack", "number": 1, "note": {"de": "a\0b"}}]});
    let head = [JSON, &[("idempotency-key", "k")]].concat();
    let answer = manager.send(Method::POST, "/api/v1/imports", &head, file.to_string().into()).await;
    assert_eq!(refused(&answer), [("/items/0".to_owned(), "forbidden_characters".to_owned())]);
}

#[tokio::test]
async fn a_file_of_more_rows_than_a_statement_holds_is_applied_and_taken_back_whole() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let items = bar.count("items").await;
    let rows = (1000..2100).map(|number| format!("snack;{number};Häppchen {number};Bite;tapitas;milk;plate;5\n"));
    let text = format!("kind;number;name_de;name_en;section;contains;unit;price\n{}", rows.collect::<String>());
    let import = looked(&csv(&manager, &text).await);
    assert_eq!(import["counts"]["new"], 1100, "{}", import["counts"]);
    assert_eq!(apply(&manager, &import).await.status.as_u16(), 200);
    let again = looked(&csv(&manager, &text.replace("Bite", "Nibble")).await);
    assert_eq!(again["counts"]["changed"], 1100, "{}", again["counts"]);
    assert_eq!(apply(&manager, &again).await.status.as_u16(), 200);
    assert_eq!(bar.count("texts WHERE value = 'Nibble'").await, 1100);
    for (import, left) in [(&again, items + 1100), (&import, items)] {
        let path = format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap());
        assert_eq!(manager.post(&path, &Value::Null).await.status.as_u16(), 200);
        assert_eq!(bar.count("items").await, left);
    }
    assert_eq!(bar.count("texts WHERE value IN ('Bite', 'Nibble')").await, 0);
}
