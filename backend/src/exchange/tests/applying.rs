//! A plan is carried out whole or not at all, and carried out again it changes nothing.

use std::collections::BTreeMap;

use super::super::finding::Damage;
use super::super::plan::Step;
use super::{Bar, ROWS, SCHEMA, previewed, told};
use crate::actor::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::menu;
use crate::menu::item::{Item, Presence};
use crate::menu::substance::Substance;
use crate::menu::text::Text;
use crate::notifications;
use crate::notifications::notification::{Page, Tone};

fn changed(plan: &super::Plan) -> Vec<String> {
    plan.steps().filter(|(.., step)| *step != Step::Unchanged).map(|(_, name, _)| name.to_owned()).collect()
}

async fn rewrite(bar: &Bar, name: &str, edit: impl FnOnce(&mut Item)) {
    let before = bar.item(name).await;
    let mut after = before.clone();
    edit(&mut after);
    let work = async |change: &Change| menu::store::update(change, &before, after.clone()).await;
    bar.app.change(&Actor::house(), work).await.unwrap();
}

#[tokio::test]
async fn looking_writes_nothing() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    let plan = bar.preview(&[old]).await;
    assert_eq!(changed(&plan).len(), plan.items.len() + plan.notifications.len());
    assert!(previewed(&plan).ends_with("Nothing was changed. Run again with --apply to import.\n"));
    assert_eq!((bar.items().await.len(), bar.revision().await), (0, 0));
}

#[tokio::test]
async fn the_second_time_changes_nothing() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(std::slice::from_ref(&old)).await.unwrap();
    let (items, revision) = (bar.items().await, bar.revision().await);
    assert_eq!(revision, 1);
    bar.app.clock.advance(chrono::TimeDelta::days(1));
    let again = bar.import(&[old]).await.unwrap();
    assert_eq!(changed(&again), Vec::<String>::new());
    assert_eq!((bar.items().await, bar.revision().await), (items, revision));
}

#[tokio::test]
async fn all_is_written_or_nothing() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    // The history takes one line a kind: the second wine fails, after the first was written.
    bar.execute("CREATE UNIQUE INDEX one_line_a_kind ON changes (thing)").await;
    assert!(matches!(bar.import(&[old]).await, Err(Error::Database(_))));
    assert_eq!((bar.items().await.len(), bar.revision().await), (0, 0));
    assert_eq!(menu::sections::list(&bar.app.db).await.unwrap(), []);
}

#[tokio::test]
async fn an_item_of_the_same_name_is_adopted_and_keeps_what_the_old_data_does_not_know() {
    let bar = Bar::new().await;
    let first = bar.file("first.json", r#"[{"name": "Nordwind", "color": "red", "grape": "Merlot", "short_description": "Alt.", "prices": {"0.2l": "7", "flasche": "20"}}]"#);
    bar.import(&[first]).await.unwrap();
    rewrite(&bar, "Nordwind", |item| {
        item.name.en = Some("North wind".to_owned());
        item.description.en = Some("Old.".to_owned());
        item.note = Text::german("Vom Nachbarn.");
        item.servings[0].label = Text::german("groß");
        item.number = 40;
    })
    .await;
    let before = bar.item("Nordwind").await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    let plan = bar.preview(std::slice::from_ref(&old)).await;
    let differences = plan.steps().find_map(|(_, name, step)| (name == "Nordwind").then_some(step)).unwrap();
    let Step::Changed(differences) = differences else { panic!("{differences:?}") };
    let lines: Vec<String> =
        differences.iter().map(|one| format!("{}: {} → {}", one.field, one.old, one.new)).collect();
    assert!(lines.contains(&"price glass 0,2 l: 7,00 € → 7,50 €".to_owned()), "{lines:?}");
    assert!(lines.contains(&"description: Alt. → Merlot und Syrah.".to_owned()), "{lines:?}");

    bar.import(&[old]).await.unwrap();
    let after = bar.item("Nordwind").await;
    assert_eq!((after.id, after.legacy_id.as_deref(), after.number), (before.id, Some("r1"), 40));
    assert_eq!((after.name.en.as_deref(), after.description.en.as_deref()), (Some("North wind"), None));
    assert_eq!(after.note.de, "Vom Nachbarn.");
    assert_eq!(after.servings[0].id, before.servings[0].id);
    assert_eq!((after.servings[0].label.de.as_str(), after.servings.len()), ("groß", 3));
    assert_eq!(bar.items().await.iter().filter(|item| item.name.de == "Nordwind").count(), 1);
}

#[tokio::test]
async fn a_wine_that_is_back_can_be_had_again() {
    let bar = Bar::new().await;
    let wine = |available: bool| {
        format!(
            r#"[{{"id": "1", "name": "Nordwind", "color": "red", "available": {available}, "prices": {{"flasche": "20"}}}}]"#
        )
    };
    let (gone, back) = (bar.file("gone.json", wine(false)), bar.file("back.json", wine(true)));
    bar.import(std::slice::from_ref(&gone)).await.unwrap();
    let since = bar.item("Nordwind").await.servings[0].sold_out.unwrap().since;
    bar.app.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(changed(&bar.import(&[gone]).await.unwrap()), Vec::<String>::new());
    assert_eq!(bar.item("Nordwind").await.servings[0].sold_out.unwrap().since, since);
    bar.import(&[back]).await.unwrap();
    assert_eq!(bar.item("Nordwind").await.servings[0].sold_out, None);
}

#[tokio::test]
async fn a_whole_text_wins_over_a_cut_one_in_any_order() {
    for order in [[0, 1], [1, 0]] {
        let bar = Bar::new().await;
        let newer = bar.old_database("newer.db", &format!("{SCHEMA}{ROWS}")).await;
        let older = bar
            .old_database(
                "older.db",
                "CREATE TABLE wines (id VARCHAR, name VARCHAR, color VARCHAR, grape VARCHAR, long_description TEXT, prices JSON);
                 INSERT INTO wines VALUES ('3', 'Mareada (\"Flut\")', 'rosé', 'Nero d''Avola', 'Der \"Flut\" genannte Wein.',
                    '{\"0.1l\": \"4,00€\", \"flasche\": \"€21,00\"}');",
            )
            .await;
        let files = [newer, older];
        let paths = order.map(|at: usize| files[at].clone());
        bar.import(&paths).await.unwrap();
        let wine = bar.item("Mareada (\"Flut\")").await;
        assert_eq!(wine.story.de, "Der \"Flut\" genannte Wein.");
        assert_eq!(wine.wine.unwrap().grapes.0[0].variety, "Nero d'Avola");
        let bottle = if order == [0, 1] { 2100 } else { 2190 };
        assert_eq!(wine.servings.last().unwrap().price_cents, bottle);
    }
}

#[tokio::test]
async fn a_text_completed_here_is_not_cut_again() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(std::slice::from_ref(&old)).await.unwrap();
    rewrite(&bar, "Mareada", |item| item.name = Text::german("Mareada („Flut“)")).await;
    assert_eq!(changed(&bar.import(&[old]).await.unwrap()), Vec::<String>::new());
    bar.item("Mareada („Flut“)").await;
}

#[tokio::test]
async fn drinks_take_a_new_price_without_losing_their_sizes() {
    let bar = Bar::new().await;
    let drinks = |rows: &str| bar.file("drinks.json", format!("[{rows}]"));
    let both = r#"{"name": "Helles 0,2l", "price": "2,9", "alcoholic": true, "category": "Bier"},
                  {"name": "Helles 0,4l", "price": "5,5", "alcoholic": true, "category": "Bier"}"#;
    bar.import(&[drinks(both)]).await.unwrap();
    bar.import(&[drinks(r#"{"name": "Helles", "volume": "0,4l", "price": "5,9", "alcoholic": true}"#)]).await.unwrap();
    let prices = |item: Item| item.servings.iter().map(|one| one.price_cents).collect::<Vec<_>>();
    assert_eq!(prices(bar.item("Helles").await), [290, 590]);
    let plan = bar.import(&[drinks(r#"{"name": "Helles", "price": "6,1", "alcoholic": true}"#)]).await.unwrap();
    assert!(told(&plan).contains("1 drink has several sizes here"));
    assert_eq!(prices(bar.item("Helles").await), [290, 590]);
    let plan =
        bar.preview(&[drinks(r#"{"name": "Helles", "volume": "0,4l", "price": "5", "alcoholic": false}"#)]).await;
    assert!(told(&plan).contains("one has alcohol, one has none"));
}

fn declared<const N: usize>(of: [(&str, Presence); N]) -> BTreeMap<Substance, Presence> {
    of.map(|(name, presence)| (Substance::find(name).unwrap(), presence)).into()
}

/// Each snack that is said more weakly than it is known, with the substances.
fn weaker(plan: &super::Plan) -> Vec<(&str, &str)> {
    let found = plan.findings.iter().filter(|finding| finding.damage == Damage::SaidWeaker);
    found.map(|finding| (finding.name.as_str(), finding.note.as_str())).collect()
}

#[tokio::test]
async fn a_later_file_takes_no_warning_back() {
    let first = r#"[{"name": "Mondbrot", "price": "5", "keto": false, "allergens": [13, 9], "traceAllergens": [17]}]"#;
    let second = r#"[{"name": "Mondbrot", "price": "5", "keto": false, "allergens": [11], "traceAllergens": [13]}]"#;
    let all = declared([
        ("gluten_wheat", Presence::Contains),
        ("eggs", Presence::Contains),
        ("milk", Presence::Contains),
        ("sesame", Presence::Traces),
    ]);
    for (order, doubted) in [([first, second], vec![("Mondbrot", "milk")]), ([second, first], vec![])] {
        let together = Bar::new().await;
        let files = [together.file("snacks-a.json", order[0]), together.file("snacks-b.json", order[1])];
        let plan = together.import(&files).await.unwrap();
        assert_eq!(weaker(&plan), doubted);
        let again = together.import(&files).await.unwrap();
        assert_eq!((changed(&again), weaker(&again)), (Vec::new(), doubted.clone()));

        let apart = Bar::new().await;
        apart.import(&files[..1]).await.unwrap();
        assert_eq!(weaker(&apart.import(&files[1..]).await.unwrap()), doubted);
        for file in &files {
            assert_eq!(changed(&apart.import(std::slice::from_ref(file)).await.unwrap()), Vec::<String>::new());
        }
        for bar in [together, apart] {
            assert_eq!(bar.item("Mondbrot").await.declarations, all);
        }
    }
}

#[tokio::test]
async fn what_is_declared_here_is_strengthened_and_never_weakened() {
    let bar = Bar::new().await;
    let old = bar.file(
        "snacks.json",
        r#"[{"name": "Mondbrot", "price": "5", "keto": false, "allergens": [11, 15], "traceAllergens": [13, 14, 17]}]"#,
    );
    bar.import(std::slice::from_ref(&old)).await.unwrap();
    rewrite(&bar, "Mondbrot", |item| {
        item.declarations = declared([
            ("eggs", Presence::Traces),
            ("mustard", Presence::Free),
            ("milk", Presence::Contains),
            ("celery", Presence::Traces),
            ("sesame", Presence::Free),
            ("fish", Presence::Contains),
            ("soy", Presence::Traces),
            ("lupin", Presence::Free),
        ]);
    })
    .await;
    let plan = bar.import(std::slice::from_ref(&old)).await.unwrap();
    assert_eq!((changed(&plan), weaker(&plan)), (vec!["Mondbrot".to_owned()], vec![("Mondbrot", "milk")]));
    assert!(told(&plan).contains("1 snack is said to have only traces of what it is known to contain"));
    let expected = declared([
        ("eggs", Presence::Contains),
        ("mustard", Presence::Contains),
        ("milk", Presence::Contains),
        ("celery", Presence::Traces),
        ("sesame", Presence::Traces),
        ("fish", Presence::Contains),
        ("soy", Presence::Traces),
        ("lupin", Presence::Free),
    ]);
    assert_eq!(bar.item("Mondbrot").await.declarations, expected);
    assert_eq!(changed(&bar.import(&[old]).await.unwrap()), Vec::<String>::new());
    assert_eq!(bar.item("Mondbrot").await.declarations, expected);
}

#[tokio::test]
async fn announcements_are_taken_over() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(&[old]).await.unwrap();
    let all = notifications::store::list(&bar.app.db).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].tone, all[0].pages.0.as_slice(), all[0].priority), (Tone::Success, [Page::Wines].as_slice(), 2));
    assert_eq!(all[0].ends_at.unwrap().to_rfc3339(), "2026-02-08T18:16:36.505348+00:00");
}
