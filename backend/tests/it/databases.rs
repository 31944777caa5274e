//! What must hold on both databases.

use casavazquez::actor::Actor;
use casavazquez::change::Ledger;
use casavazquez::error::Error;
use casavazquez::menu::item::Item;
use casavazquez::menu::text::Text;
use casavazquez::menu::{section, sections, store};
use casavazquez::{db, house, notifications, revision, users};
use sea_orm::{ConnectionTrait, Statement};

use crate::harness::{TestApp, fresh_database, postgres};

async fn wine(bar: &TestApp) -> Item {
    store::list(&bar.app.db).await.unwrap().into_iter().find(|item| item.slug == "david-moreno").unwrap()
}

async fn lines_of_history(bar: &TestApp) -> i64 {
    let backend = bar.app.db.get_database_backend();
    let row = bar
        .app
        .db
        .query_one_raw(Statement::from_string(backend, "SELECT count(*) AS lines FROM changes"))
        .await
        .unwrap()
        .unwrap();
    row.try_get("", "lines").unwrap()
}

#[tokio::test]
async fn tables_can_be_made_from_nothing_and_again() {
    let bar = TestApp::empty().await;
    db::migrate(&bar.app.db).await.unwrap();
    db::migrate(&bar.app.db).await.unwrap();
    assert_eq!(revision::current(&bar.app.db).await.unwrap().revision, 0);
}

#[tokio::test]
async fn two_processes_may_make_the_tables_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let address = fresh_database(folder.path().join("both.db")).await;
    if postgres().is_none() {
        // On SQLite there is one process; the second connection only has to find the tables made.
        let db = db::connect(&address).await.unwrap();
        db::migrate(&db).await.unwrap();
    }
    let (one, two) = (db::connect(&address).await.unwrap(), db::connect(&address).await.unwrap());
    let (first, second) = tokio::join!(db::migrate(&one), db::migrate(&two));
    first.unwrap();
    second.unwrap();
}

#[tokio::test]
async fn a_database_of_somebody_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let address = fresh_database(folder.path().join("other.db")).await;
    let db = db::connect(&address).await.unwrap();
    db.execute_unprepared("CREATE TABLE recipes (id INTEGER)").await.unwrap();
    let refusal = format!("{:#}", db::migrate(&db).await.unwrap_err());
    assert!(refusal.contains("tables of another program (recipes)"), "{refusal}");
    assert!(db.execute_unprepared("SELECT * FROM sections").await.is_err(), "nothing was made");
}

#[tokio::test]
async fn what_is_written_is_read_back_the_same() {
    let bar = TestApp::with_demo().await;
    let before = store::list(&bar.app.db).await.unwrap();
    let backend = bar.app.db.get_database_backend();
    let after = store::list(&bar.app.db).await.unwrap();
    assert_eq!(before, after);
    let line = "SELECT count(*) AS lines FROM changes WHERE thing = 'wine' AND after IS NOT NULL AND before IS NULL";
    let row = bar.app.db.query_one_raw(Statement::from_string(backend, line)).await.unwrap().unwrap();
    let wines = before.iter().filter(|item| item.wine.is_some()).count();
    assert_eq!(usize::try_from(row.try_get::<i64>("", "lines").unwrap()).unwrap(), wines);
    assert!(notifications::store::list(&bar.app.db).await.unwrap().len() >= 3);
    assert_eq!(house::store::find(&bar.app.db).await.unwrap().unwrap().time_zone, "Europe/Berlin");
    assert!(sections::list(&bar.app.db).await.unwrap().iter().any(|one| one.menu == section::Menu::Snacks));
    assert!(users::store::is_empty(&bar.app.db).await.unwrap());
}

#[tokio::test]
async fn a_whole_item_survives_being_changed() {
    let bar = TestApp::with_demo().await;
    let before = wine(&bar).await;
    let mut wanted = before.clone();
    wanted.description = Text { de: "Neu beschrieben.".into(), en: Some("Described anew.".into()), es: None };
    wanted.servings.truncate(1);
    wanted.servings[0].label =
        Text { de: "kleines Glas".into(), en: Some("small glass".into()), es: Some("copa pequeña".into()) };
    wanted.wine.as_mut().unwrap().vintage = Some(2021);
    wanted.declarations.clear();
    let by = Actor::command_line();
    let written =
        bar.app.change(&by, async |change| store::update(change, &before, wanted.clone()).await).await.unwrap();
    let read = wine(&bar).await;
    assert_eq!(read, written);
    assert_eq!(read.revision, before.revision + 1);
    assert_eq!(read.created_at, before.created_at);
    assert_eq!(
        (read.description, read.servings, read.declarations),
        (wanted.description, wanted.servings, wanted.declarations)
    );
}

#[tokio::test]
async fn a_name_that_is_used_cannot_be_taken_again() {
    let bar = TestApp::with_demo().await;
    let mut twin = wine(&bar).await;
    let lines = lines_of_history(&bar).await;
    twin.number = 999;
    let refusal = bar
        .app
        .change(&Actor::command_line(), async |change| {
            twin.id = change.new_id();
            twin.servings.iter_mut().for_each(|serving| serving.id = change.new_id());
            store::create(change, twin).await
        })
        .await
        .unwrap_err();
    let Error::Claimed(faults) = refusal else { panic!("{refusal:?}") };
    assert_eq!(faults.iter().map(|fault| &*fault.pointer).collect::<Vec<_>>(), ["/slug"]);
    assert_eq!(lines_of_history(&bar).await, lines);
}

#[tokio::test]
async fn a_failed_change_leaves_neither_row_nor_history() {
    let bar = TestApp::with_demo().await;
    let before = wine(&bar).await;
    let revision = revision::current(&bar.app.db).await.unwrap();
    let lines = lines_of_history(&bar).await;
    let mut dearer = before.clone();
    dearer.servings[0].price_cents += 100;
    let refusal = bar
        .app
        .change(&Actor::command_line(), async |change| {
            store::update(change, &before, dearer).await?;
            let mut free = before.clone();
            free.servings[0].price_cents = 0;
            store::update(change, &before, free).await
        })
        .await
        .unwrap_err();
    assert!(matches!(refusal, Error::Invalid(_)), "{refusal:?}");
    assert_eq!(wine(&bar).await, before);
    assert_eq!(lines_of_history(&bar).await, lines);
    assert_eq!(revision::current(&bar.app.db).await.unwrap(), revision);
}

#[tokio::test]
async fn twenty_writers_at_once_all_succeed() {
    let bar = TestApp::with_demo().await;
    // Of two processes: those of one queue in it, and both queue in the database.
    let ledgers = [(); 2].map(|()| Ledger::new(bar.app.db.clone(), bar.clock.clone()));
    let Item { id, servings, .. } = wine(&bar).await;
    let revision = revision::current(&bar.app.db).await.unwrap().revision;
    let writers = (0..20).map(|number| {
        let ledger = ledgers[number % 2].clone();
        tokio::spawn(async move {
            let by = Actor::command_line();
            let work = ledger.change(&by, async |change| {
                let all = store::list(change.db()).await?;
                let wine = all.into_iter().find(|item| item.id == id).ok_or(Error::NotFound("wine"))?;
                let mut dearer = wine.clone();
                dearer.servings[0].price_cents += 10;
                store::update(change, &wine, dearer).await
            });
            work.await
        })
    });
    let mut failures = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        failures.extend(writer.await.unwrap().err());
    }
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(revision::current(&bar.app.db).await.unwrap().revision, revision + 20);
    assert_eq!(wine(&bar).await.servings[0].price_cents, servings[0].price_cents + 200, "each has seen the one before");
}

#[tokio::test]
async fn the_database_itself_refuses_what_must_not_be() {
    let bar = TestApp::with_demo().await;
    for statement in [
        "UPDATE servings SET price_cents = 0",
        "UPDATE servings SET volume_ml = -1",
        "UPDATE items SET name = ''",
        "UPDATE sections SET position = 0",
        "UPDATE items SET slug = 'same'",
        "UPDATE items SET number = 1",
        "DELETE FROM sections",
        "UPDATE changes SET \"by\" = 'nobody'",
        "DELETE FROM changes",
        "INSERT INTO changes SELECT * FROM changes WHERE true ON CONFLICT (id) DO UPDATE SET source = 'nobody'",
    ] {
        assert!(bar.app.db.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    // SQLite has another word for writing over what is there; PostgreSQL does not know it.
    for (place, id) in [("id", "id"), ("rowid, id", "rowid, randomblob(16)")] {
        let statement = format!(
            "REPLACE INTO changes ({place}, at, \"by\", source, batch, thing, thing_id) \
             SELECT {id}, at, 'nobody', source, batch, thing, thing_id FROM changes"
        );
        assert!(bar.app.db.execute_unprepared(&statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_line_of_history_names_the_card_that_it_led_to() {
    let bar = TestApp::with_demo().await;
    let before = wine(&bar).await;
    for vintage in [2021, 2022] {
        let now = wine(&bar).await;
        let mut wanted = now.clone();
        wanted.wine.as_mut().unwrap().vintage = Some(vintage);
        bar.app.change(&Actor::command_line(), async |change| store::update(change, &now, wanted).await).await.unwrap();
    }
    bar.staff().await;
    let backend = bar.app.db.get_database_backend();
    let last = "SELECT revision, thing_id FROM changes ORDER BY id DESC LIMIT 3";
    let rows = bar.app.db.query_all_raw(Statement::from_string(backend, last)).await.unwrap();
    let revision = |row: usize| rows[row].try_get::<Option<i64>>("", "revision").unwrap();
    let current = revision::current(&bar.app.db).await.unwrap().revision;
    assert_eq!((revision(2), revision(1)), (Some(current - 1), Some(current)));
    assert_eq!(rows[1].try_get::<uuid::Uuid>("", "thing_id").unwrap(), before.id);
    assert_eq!(revision(0), None, "guests see nothing of people");
}
