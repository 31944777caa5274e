//! Prices in bulk: by list and by rule, tried and written, all or none.

use std::collections::HashSet;

use casavazquez::actor::Actor;
use casavazquez::change::Change;
use casavazquez::menu::item::{Item, Kind};
use casavazquez::menu::serving::{Serving, Unit};
use casavazquez::menu::text::Text;
use casavazquez::{menu, revision};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, TestApp};

const PATH: &str = "/api/v1/prices";

async fn send(person: &Person, body: &Value) -> Answer {
    person.send_json("PATCH", PATH, &[], body).await
}

/// What is answered to a change that is made, or tried.
async fn done(person: &Person, body: &Value) -> Value {
    let answer = send(person, body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()
}

/// The status of a refusal, and each fault's place and code.
async fn refused(person: &Person, body: &Value) -> (u16, Vec<(String, String)>) {
    let answer = send(person, body).await;
    let (status, _) = answer.problem();
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let problem = answer.json();
    let faults = problem["errors"].as_array().cloned().unwrap_or_default();
    (status, faults.iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect())
}

fn faults(status: u16, each: &[(&str, &str)]) -> (u16, Vec<(String, String)>) {
    (status, each.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect())
}

/// All that a change of prices could have touched.
async fn all(bar: &TestApp) -> (Vec<Item>, i64, i64, i64) {
    let revision = revision::current(&bar.app.db).await.unwrap().revision;
    let items = menu::store::list(&bar.app.db).await.unwrap();
    (items, revision, bar.count("changes").await, bar.count("answers").await)
}

async fn wine(bar: &TestApp) -> Item {
    menu::store::get(&bar.app.db, Kind::Wine, "david-moreno").await.unwrap()
}

/// A bar with 250 more drinks in two sizes; their servings in the order of the menu.
async fn with_many_drinks() -> (TestApp, Vec<Serving>) {
    let bar = TestApp::with_demo().await;
    let like = menu::store::list(&bar.app.db).await.unwrap().into_iter().find(|item| item.kind == Kind::Drink).unwrap();
    let make = async |change: &Change| {
        let mut servings = Vec::new();
        for number in 0..250_i32 {
            let serving = |volume, cents| Serving {
                id: change.new_id(),
                unit: Unit::Can,
                label: Text::default(),
                volume_ml: Some(volume),
                weight_g: None,
                price_cents: i64::from(cents + number),
                alcohol: None,
                sold_out: None,
            };
            let both = vec![serving(200, 300), serving(400, 500)];
            servings.extend(both.clone());
            let (id, slug) = (change.new_id(), format!("limonade-{number}"));
            let place = 1000 + number;
            let item =
                Item { id, slug, number: place, position: place, servings: both, parts: Vec::new(), ..like.clone() };
            menu::store::create(change, Item { legacy_id: None, ..item }).await?;
        }
        Ok(servings)
    };
    let servings = bar.app.change(&Actor::house(), make).await.unwrap();
    (bar, servings)
}

#[tokio::test]
async fn a_list_gives_each_serving_its_price_and_guests_see_it_at_once() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = wine(&bar).await;
    let [glass, bottle] = [&before.servings[0], &before.servings[1]];
    let answer = done(
        &manager,
        &json!({"prices": [
            {"serving": bottle.id, "price_cents": bottle.price_cents},
            {"serving": glass.id, "price_cents": 777, "before_cents": glass.price_cents},
        ]}),
    )
    .await;
    assert_eq!((&answer["dry_run"], &answer["changed"], &answer["refused"]), (&json!(false), &json!(1), &json!(0)));
    let (first, second) = (&answer["rows"][0], &answer["rows"][1]);
    assert_eq!((&first["serving"], &first["outcome"]), (&json!(bottle.id), &json!("unchanged")));
    assert_eq!((&second["before_cents"], &second["after_cents"]), (&json!(glass.price_cents), &json!(777)));
    assert_eq!(
        (&second["item"], &second["name"], &second["kind"]),
        (&json!(before.id), &json!(before.name.de), &json!("wine"))
    );
    let sum = glass.price_cents + bottle.price_cents;
    assert_eq!(answer["total_before_cents"], sum);
    assert_eq!(answer["total_after_cents"], sum - glass.price_cents + 777);
    let card = bar.json("/api/v1/wines/david-moreno").await;
    assert!(card["servings"].as_array().unwrap().iter().any(|serving| serving["price_cents"] == 777), "{card}");
    let after = wine(&bar).await;
    assert_eq!((after.servings[0].price_cents, after.revision), (777, before.revision + 1));
    let lines = bar.history("wine").await;
    assert_eq!(
        (&lines.last().unwrap()["by"], &lines.last().unwrap()["after"]["servings"][0]["price_cents"]),
        (&json!("manager"), &json!(777))
    );
}

#[tokio::test]
async fn a_rule_comes_to_lie_where_it_is_told() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let glass = wine(&bar).await.servings[0].id;
    for (before, rule, round, after) in [
        (450, json!({"kind": "percent", "percent": 5.5}), json!(null), 475),
        (450, json!({"kind": "percent", "percent": 5.5}), json!({"to": "10"}), 470),
        (450, json!({"kind": "percent", "percent": 5.5}), json!({"to": "50"}), 450),
        (450, json!({"kind": "percent", "percent": 5.5}), json!({"to": "50", "direction": "up"}), 500),
        (450, json!({"kind": "percent", "percent": 5.5}), json!({"to": "90"}), 490),
        (450, json!({"kind": "percent", "percent": -10}), json!({"to": "90", "direction": "down"}), 390),
        (450, json!({"kind": "amount", "cents": 50}), json!(null), 500),
        (450, json!({"kind": "amount", "cents": -449}), json!({"to": "10", "direction": "down"}), 10),
        (450, json!({"kind": "set", "cents": 900}), json!(null), 900),
    ] {
        done(&manager, &json!({"prices": [{"serving": glass, "price_cents": before}]})).await;
        let answer = done(&manager, &json!({"rule": rule, "round": round, "servings": [glass]})).await;
        assert_eq!(answer["rows"][0]["after_cents"], after, "{rule} {round}");
        assert_eq!(wine(&bar).await.servings[0].price_cents, after, "{rule} {round}");
    }
}

#[tokio::test]
async fn all_bottles_of_red_become_dearer_and_nothing_else() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = all(&bar).await.0;
    let rule = json!({"kind": "percent", "percent": 5});
    let body = json!({"rule": rule, "round": {"to": "50"}, "filter": {"color": "red", "unit": "bottle"}});
    let answer = done(&manager, &body).await;
    let after = all(&bar).await.0;
    let mut chosen = 0;
    for (old, new) in before.iter().zip(&after) {
        let is_red = old.wine.as_ref().is_some_and(|wine| wine.color == menu::wine::Color::Red);
        for (old, new) in old.servings.iter().zip(&new.servings) {
            if is_red && old.unit == Unit::Bottle {
                chosen += 1;
                assert_eq!(new.price_cents % 50, 0);
                assert!((new.price_cents * 100 - old.price_cents * 105).abs() <= 2500, "{old:?} {new:?}");
            } else {
                assert_eq!(old, new);
            }
        }
    }
    assert!(chosen >= 3, "the demo menu has red wines");
    assert_eq!(answer["rows"].as_array().unwrap().len(), chosen);
    let sections = bar.json("/api/v1/card").await;
    let card = sections.to_string();
    let places: Vec<_> =
        answer["rows"].as_array().unwrap().iter().map(|row| card.find(row["serving"].as_str().unwrap())).collect();
    assert!(places.iter().flatten().is_sorted(), "in the order of the card: {places:?}");
}

#[tokio::test]
async fn items_are_chosen_with_all_their_servings() {
    let bar = TestApp::with_demo().await;
    let before = wine(&bar).await;
    let body = json!({"rule": {"kind": "amount", "cents": 10}, "items": [before.id]});
    let answer = done(&bar.manager().await, &body).await;
    assert_eq!(answer["changed"], before.servings.len());
    let more = |servings: &[Serving]| servings.iter().map(|serving| serving.price_cents).sum::<i64>();
    let rise = 10 * i64::try_from(before.servings.len()).unwrap();
    assert_eq!(more(&wine(&bar).await.servings), more(&before.servings) + rise);
}

#[tokio::test]
async fn what_is_tried_changes_nothing_and_tells_each_refusal() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let servings = wine(&bar).await.servings;
    let before = all(&bar).await;
    let rule = json!({"rule": {"kind": "percent", "percent": 10}, "filter": {"kind": "wine"}, "dry_run": true});
    let tried = done(&manager, &rule).await;
    assert_eq!((&tried["dry_run"], &tried["refused"]), (&json!(true), &json!(0)));
    assert!(tried["changed"].as_u64().unwrap() > 3);
    let list = json!({"dry_run": true, "prices": [
        {"serving": servings[0].id, "price_cents": 800, "before_cents": 1},
        {"serving": servings[1].id, "price_cents": 0},
    ]});
    let tried = done(&manager, &list).await;
    assert_eq!((&tried["changed"], &tried["refused"]), (&json!(0), &json!(2)));
    assert_eq!(tried["rows"][0]["fault"]["code"], "changed_meanwhile");
    assert_eq!(tried["rows"][1]["fault"]["pointer"], "/prices/1/price_cents");
    assert_eq!(tried["total_before_cents"], tried["total_after_cents"]);
    let answer = manager.send_json("PATCH", PATH, &[("idempotency-key", "a try")], &rule).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(all(&bar).await, before);
    // What was tried with a key can be done with it.
    let real = json!({"rule": {"kind": "percent", "percent": 10}, "filter": {"kind": "wine"}});
    let answer = manager.send_json("PATCH", PATH, &[("idempotency-key", "a try")], &real).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    assert_eq!(revision::current(&bar.app.db).await.unwrap().revision, before.1 + 1);
}

#[tokio::test]
async fn five_hundred_servings_are_one_change() {
    let (bar, servings) = with_many_drinks().await;
    let manager = bar.manager().await;
    let (_, revision, lines, _) = all(&bar).await;
    let prices: Vec<Value> = servings
        .iter()
        .map(|serving| json!({"serving": serving.id, "price_cents": serving.price_cents + 40, "before_cents": serving.price_cents}))
        .collect();
    let answer = done(&manager, &json!({ "prices": prices })).await;
    assert_eq!(answer["changed"], 500);
    assert_eq!(answer["total_after_cents"], answer["total_before_cents"].as_i64().unwrap() + 500 * 40);
    let (items, now, written, _) = all(&bar).await;
    assert_eq!((now, written), (revision + 1, lines + 250));
    let drinks = bar.history("drink").await;
    let last: HashSet<String> =
        drinks[drinks.len() - 250..].iter().map(|line| line["after"]["id"].to_string()).collect();
    assert_eq!(last.len(), 250, "one line for each drink");
    let costs = |id| items.iter().flat_map(|item| &item.servings).find(|one| one.id == id).unwrap().price_cents;
    assert!(servings.iter().all(|serving| costs(serving.id) == serving.price_cents + 40));
}

#[tokio::test]
async fn one_bad_line_among_five_hundred_refuses_all() {
    let (bar, servings) = with_many_drinks().await;
    let manager = bar.manager().await;
    let before = all(&bar).await;
    let list: Vec<Value> = servings.iter().map(|one| json!({"serving": one.id, "price_cents": 990})).collect();
    let with = |place: usize, line: Value| {
        let mut list = list.clone();
        list[place] = line;
        json!({ "prices": list })
    };
    let id = servings[498].id;
    for (line, told) in [
        (json!({"serving": uuid::Uuid::now_v7(), "price_cents": 990}), ("/prices/498/serving", "unknown")),
        (json!({"serving": servings[3].id, "price_cents": 990}), ("/prices/498/serving", "given_twice")),
        (json!({"serving": id, "price_cents": 0}), ("/prices/498/price_cents", "out_of_range")),
        (json!({"serving": id, "price_cents": -5}), ("/prices/498/price_cents", "out_of_range")),
        (json!({"serving": id, "price_cents": 1_000_001}), ("/prices/498/price_cents", "out_of_range")),
    ] {
        assert_eq!(refused(&manager, &with(498, line)).await, faults(422, &[told]));
    }
    let stale = send(&manager, &with(498, json!({"serving": id, "price_cents": 990, "before_cents": 1}))).await;
    assert_eq!(stale.status.as_u16(), 412, "{}", stale.text());
    let current = &stale.json()["current"]["rows"];
    assert_eq!((&current[0]["serving"], &current[0]["before_cents"]), (&json!(id), &json!(servings[498].price_cents)));
    assert_eq!(current.as_array().unwrap().len(), 1);
    let rule = json!({"rule": {"kind": "amount", "cents": -300}, "servings": [servings[0].id, servings[1].id]});
    assert_eq!(refused(&manager, &rule).await, faults(422, &[("/rule", "price_out_of_range")]));
    assert_eq!(all(&bar).await, before);
}

#[tokio::test]
async fn the_same_request_again_is_one_change() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let id = wine(&bar).await.servings[0].id;
    let body = json!({"rule": {"kind": "amount", "cents": 50}, "servings": [id]});
    let key = [("idempotency-key", "dearer on Friday")];
    let first = manager.send_json("PATCH", PATH, &key, &body).await;
    let after = all(&bar).await;
    let again = manager.send_json("PATCH", PATH, &key, &body).await;
    assert_eq!((first.status.as_u16(), first.json()), (200, again.json()));
    assert_eq!(all(&bar).await, after);
    let other = json!({"rule": {"kind": "amount", "cents": 60}, "servings": [id]});
    assert_eq!(manager.send_json("PATCH", PATH, &key, &other).await.status.as_u16(), 422);
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let before = all(&bar).await;
    let id = wine(&bar).await.servings[0].id;
    let nobody = uuid::Uuid::now_v7();
    let rule = json!({"kind": "amount", "cents": 50});
    for (body, told) in [
        (json!({}), ("", "exactly_one")),
        (json!({"prices": [], "rule": rule}), ("", "exactly_one")),
        (json!({ "rule": rule }), ("", "exactly_one")),
        (json!({"rule": rule, "servings": [id], "filter": {}}), ("", "exactly_one")),
        (json!({"prices": []}), ("/prices", "missing")),
        (json!({"prices": [{"serving": id, "price_cents": 1}], "round": {"to": "10"}}), ("/prices", "not_with_a_rule")),
        (json!({"rule": rule, "servings": []}), ("/servings", "missing")),
        (json!({"rule": rule, "servings": [id, id]}), ("/servings/1", "given_twice")),
        (json!({"rule": rule, "servings": [id, nobody]}), ("/servings/1", "unknown")),
        (json!({"rule": rule, "items": [nobody]}), ("/items/0", "unknown")),
        (json!({"rule": rule, "filter": {"section": nobody}}), ("/filter", "matches_nothing")),
        (json!({"rule": rule, "filter": {"colour": "red"}}), ("/filter/colour", "unknown_field")),
        (json!({"rule": {"kind": "percent", "percent": 5.555}, "filter": {}}), ("/rule/percent", "too_many_decimals")),
        (json!({"rule": {"kind": "percent", "percent": -91}, "filter": {}}), ("/rule/percent", "out_of_range")),
        (json!({"rule": {"kind": "set", "cents": 0}, "filter": {}}), ("/rule/cents", "out_of_range")),
        (json!({"rule": {"kind": "double"}, "filter": {}}), ("/rule/kind", "one_of")),
        (json!({"rule": rule, "round": {"to": "25"}, "filter": {}}), ("/round/to", "one_of")),
        (json!({"rule": rule, "filter": {}, "price": 5}), ("/price", "unknown_field")),
        (json!({"rule": rule, "servings": vec![id; 2001]}), ("/servings", "too_many")),
    ] {
        assert_eq!(
            refused(&manager, &body).await,
            faults(422, &[told]),
            "{}",
            &body.to_string()[..40.min(body.to_string().len())]
        );
    }
    assert_eq!(all(&bar).await, before);
}

#[tokio::test]
async fn prices_are_a_managers_business() {
    let bar = TestApp::with_demo().await;
    let staff = bar.staff().await;
    let before = all(&bar).await;
    let body = json!({"rule": {"kind": "amount", "cents": 50}, "filter": {}});
    assert_eq!(send(&bar.anyone(), &body).await.status.as_u16(), 401);
    assert_eq!(send(&staff, &body).await.status.as_u16(), 403);
    let tried = json!({"rule": {"kind": "amount", "cents": 50}, "filter": {}, "dry_run": true});
    assert_eq!(send(&staff, &tried).await.status.as_u16(), 403);
    assert_eq!(all(&bar).await, before);
}

#[tokio::test]
async fn two_thousand_lines_fit_and_more_are_told_so() {
    let bar = TestApp::with_demo().await;
    let manager = bar.manager().await;
    let line = || json!({"serving": uuid::Uuid::now_v7(), "price_cents": 1_000_000, "before_cents": 1_000_000});
    let list = |count| json!({"prices": (0..count).map(|_| line()).collect::<Vec<_>>()});
    assert_eq!(refused(&manager, &list(2001)).await, faults(422, &[("/prices", "too_many")]));
    let (status, told) = refused(&manager, &list(2000)).await;
    assert_eq!((status, told[0].1.as_str()), (422, "unknown"));
    assert_eq!(send(&manager, &list(6000)).await.status.as_u16(), 413);
}
