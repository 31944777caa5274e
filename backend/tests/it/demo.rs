//! The demo menu and the first start.

use casavazquez::actor::Actor;
use casavazquez::demo::Demo;
use casavazquez::menu::item::{Presence, Role};
use casavazquez::menu::store;

use crate::harness::TestApp;

#[tokio::test]
async fn the_demo_shows_everything_a_menu_can_have() {
    let bar = TestApp::with_demo().await;
    let items = store::list(&bar.app.db).await.unwrap();
    let count = |test: &dyn Fn(&casavazquez::menu::item::Item) -> bool| items.iter().filter(|item| test(item)).count();
    assert!(count(&|item| item.role == Role::AddOn) >= 3);
    assert_eq!(count(&|item| item.role == Role::Bundle), 1);
    assert!(count(&|item| item.servings.iter().all(|serving| serving.sold_out.is_some())) >= 3);
    assert!(count(&|item| item.new) >= 4);
    assert!(count(&|item| item.servings.iter().any(|serving| serving.alcohol.is_some())) >= 4, "also alcohol-free");
    assert!(count(&|item| item.declarations.values().any(|presence| *presence == Presence::Traces)) >= 1);
    assert!(count(&|item| item.declarations.is_empty()) >= 1, "unknown is a state that guests meet");
}

#[tokio::test]
async fn every_text_has_all_languages_but_a_few() {
    let bar = TestApp::with_demo().await;
    let items = store::list(&bar.app.db).await.unwrap();
    let texts =
        items.iter().flat_map(|item| [&item.description, &item.story, &item.note]).filter(|text| !text.is_empty());
    let (whole, partial): (Vec<_>, Vec<_>) = texts.partition(|text| text.en.is_some() && text.es.is_some());
    assert!(!partial.is_empty() && partial.len() * 20 < whole.len(), "{} of {}", partial.len(), whole.len());
}

#[tokio::test]
async fn a_demo_that_cannot_be_set_whole_is_not_set_at_all() {
    let bar = TestApp::with_demo().await;
    let before = bar.json("/api/v1/card").await;
    let again = Demo::read().unwrap();
    bar.app.change(&Actor::house(), async |change| again.set(change).await).await.unwrap_err();
    assert_eq!(bar.json("/api/v1/card").await, before);
    bar.app.shelf.refresh(&bar.app.db).await.unwrap();
    assert_eq!(bar.json("/api/v1/card").await, before);
}
