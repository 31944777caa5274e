//! Guests read the card while the database is away, also after a restart.

use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::config::Settings;
use casavazquez::db::{self, Address};
use casavazquez::users::user::Role;
use serde_json::json;

use crate::harness::{Person, TestApp};

async fn without_database(bar: &TestApp) -> App {
    let nowhere: Address = "postgres://bar:secret@127.0.0.1:1/bar".parse().unwrap();
    let shelf = Shelf::new(bar.clock.clone(), bar.folder.path().join("card.json"), "here".to_owned());
    App::new(db::connect(&nowhere).await.unwrap(), bar.clock.clone(), shelf, Settings::default()).unwrap()
}

#[tokio::test]
async fn a_thousand_reads_do_not_need_the_database() {
    let bar = TestApp::with_demo().await;
    bar.app.db.clone().close().await.unwrap();
    let guest = bar.anyone();
    for turn in 0..200 {
        for path in ["/", "/wein", "/api/v1/card?locale=en", "/api/v1/wines?color=red", "/api/wines"] {
            let answer = guest.get(path).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}, turn {turn}");
        }
    }
}

#[tokio::test]
async fn a_server_that_starts_without_its_database_shows_the_last_card() {
    let mut bar = TestApp::with_demo().await;
    let before = bar.json("/api/v1/card?locale=es").await;
    bar.app = without_database(&bar).await;
    assert!(bar.app.shelf.restore());
    assert_eq!(bar.json("/api/v1/card?locale=es").await, before);
    let health = bar.json("/health").await;
    assert_eq!((&health["status"], &health["database"]), (&"degraded".into(), &"disconnected".into()));
}

#[tokio::test]
async fn a_copy_of_another_database_is_replaced_even_if_its_number_is_the_same() {
    let (other, bar) = (TestApp::with_demo().await, TestApp::with_demo().await);
    let by = casavazquez::actor::Actor::command_line();
    let wines = casavazquez::menu::store::list(&other.app.db).await.unwrap();
    let wine = wines.into_iter().find(|item| item.slug == "david-moreno").unwrap();
    for (bar, cents) in [(&other, 999), (&bar, 111)] {
        let mut priced = wine.clone();
        priced.servings[0].price_cents = cents;
        bar.app
            .change(&by, async |change| casavazquez::menu::store::update(change, &wine, priced).await)
            .await
            .unwrap();
    }
    std::fs::copy(other.folder.path().join("card.json"), bar.folder.path().join("card.json")).unwrap();
    let price = async || bar.json("/api/v1/wines/david-moreno").await["servings"][0]["price_cents"].clone();
    assert!(bar.app.shelf.restore());
    assert_eq!(price().await, 999);
    assert!(!bar.app.shelf.refresh(&bar.app.db).await.unwrap(), "the numbers are the same");
    bar.app.shelf.lay(&bar.app.db).await.unwrap();
    assert_eq!(price().await, 111);
}

#[tokio::test]
async fn the_copy_of_another_database_is_not_shown() {
    let bar = TestApp::with_demo().await;
    let file = bar.folder.path().join("card.json");
    assert!(!Shelf::new(bar.clock.clone(), file, "elsewhere".to_owned()).restore());
}

#[tokio::test]
async fn without_a_card_the_answer_is_to_come_back_later() {
    let mut bar = TestApp::empty().await;
    std::fs::remove_file(bar.folder.path().join("card.json")).unwrap();
    bar.app = without_database(&bar).await;
    assert!(!bar.app.shelf.restore());
    for path in ["/", "/api/v1/card", "/api/wines"] {
        let answer = bar.anyone().get(path).await;
        assert_eq!(answer.problem(), (503, "the card is not ready yet".to_owned()), "{path}");
        assert_eq!(answer.header("retry-after"), "5");
    }
    assert_eq!(bar.anyone().get("/health").await.status.as_u16(), 503);
    assert_eq!(bar.anyone().get("/health/live").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_copy_that_is_no_card_is_passed_over() {
    let bar = TestApp::with_demo().await;
    let file = bar.folder.path().join("card.json");
    for damaged in ["", "{", "[]", r#"{"format":0}"#] {
        std::fs::write(&file, damaged).unwrap();
        assert!(!without_database(&bar).await.shelf.restore(), "{damaged:?}");
    }
}

#[tokio::test]
async fn a_writer_that_holds_the_database_keeps_no_guest_waiting() {
    let bar = TestApp::with_demo().await;
    let held = db::begin(&bar.app.db).await.unwrap();
    db::queue(&held).await.unwrap();
    let guest = bar.anyone();
    for path in ["/", "/api/v1/card", "/api/v1/wines?q=rioja", "/api/wines"] {
        assert_eq!(guest.get(path).await.status.as_u16(), 200, "{path}");
    }
    held.rollback().await.unwrap();
}

#[tokio::test]
async fn nobody_signs_in_while_the_database_is_away_and_nothing_is_said_of_it() {
    let bar = TestApp::empty().await;
    let token = bar.token("maria", Role::Admin).await;
    let app = without_database(&bar).await;
    let guest = Person::at(&app);
    let answer = guest.post("/api/v1/auth/login", &json!({"username": "maria", "password": "x"})).await;
    assert_eq!(answer.problem(), (503, "the database is away; guests read the last card meanwhile".to_owned()));
    assert_eq!(answer.header("retry-after"), "5");
    assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    bar.app.db.clone().close().await.unwrap();
    assert_eq!(bar.bearer(&token).get("/api/v1/users").await.problem().0, 503);
}
