//! The document says what the router does, and is committed.

use casavazquez::router;

#[test]
fn the_committed_document_is_the_one_the_routes_make() {
    let made = format!("{}\n", router::document().to_pretty_json().unwrap());
    let committed = include_str!("../../openapi.json");
    assert!(made == committed, "openapi.json is out of date: run `make openapi`");
}

#[test]
fn every_operation_has_an_id_a_sentence_and_described_answers() {
    let document: serde_json::Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    let mut ids = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let place = format!("{method} {path}");
            ids.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{place} has no id")).to_owned());
            assert!(operation["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{place} has no sentence");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{place} {status}");
            }
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), count), (79, 79), "{ids:?}");
}
