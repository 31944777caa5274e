//! The bar's own files, where they are at hand: they are not part of the project, so elsewhere this says so and passes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, Connection};
use serde_json::Value;

use super::super::finding::Damage;
use super::super::plan::{Plan, Step};
use super::{Bar, previewed};
use crate::menu::item::{Item, Kind};

/// From the package to the folder beside the project.
const LEGACY: &str = "../../shared/legacy";

fn file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LEGACY).join(name);
    if !path.exists() {
        println!("{} is not here: nothing to compare", path.display());
        return None;
    }
    Some(path)
}

fn times(plan: &Plan, damage: Damage) -> usize {
    plan.findings.iter().filter(|finding| finding.damage == damage).count()
}

fn cents(items: &[Item], kind: Kind) -> i64 {
    items
        .iter()
        .filter(|item| item.kind == kind)
        .flat_map(|item| &item.servings)
        .map(|serving| serving.price_cents)
        .sum()
}

fn counted(items: &[Item], kind: Kind) -> usize {
    items.iter().filter(|item| item.kind == kind).count()
}

async fn asked(path: &Path, question: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let mut old = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar(question).fetch_one(&mut old).await.unwrap()
}

#[tokio::test]
async fn the_real_database_is_imported_to_the_cent() {
    let Some(old) = file("casavazquez.db") else { return };
    let bar = Bar::new().await;
    let plan = bar.import(std::slice::from_ref(&old)).await.unwrap();
    println!("{}", previewed(&plan));
    for (damage, expected) in [
        (Damage::IdComma, 22),
        (Damage::NotByGlass, 16),
        (Damage::Cut, 6),
        (Damage::ListedTwice, 1),
        (Damage::GrapeContradicts, 1),
        (Damage::NoVolume, 17),
        (Damage::Star, 2),
    ] {
        assert_eq!(times(&plan, damage), expected, "{damage:?}");
    }
    let undeclared = plan.findings.iter().filter(|finding| finding.damage == Damage::NotDeclared);
    assert_eq!(undeclared.filter(|finding| finding.subject.kind() == Some(Kind::Snack)).count(), 6);
    assert_eq!(asked(&old, "SELECT count(*) FROM wines").await, 33);

    let items = bar.items().await;
    assert_eq!([Kind::Wine, Kind::Drink, Kind::Snack].map(|kind| counted(&items, kind)), [32, 23, 6]);
    let wines = "SELECT CAST(round(100 * sum(coalesce(price_bottle, 0) + coalesce(price_glass_01, 0)
        + coalesce(price_glass_02, 0))) AS INTEGER) FROM wines WHERE id <> '10,'";
    assert_eq!(cents(&items, Kind::Wine), asked(&old, wines).await);
    for (kind, sum) in [
        (Kind::Drink, "SELECT CAST(round(100 * sum(price)) AS INTEGER) FROM drinks"),
        (Kind::Snack, "SELECT CAST(round(100 * sum(price)) AS INTEGER) FROM snacks"),
    ] {
        assert_eq!(cents(&items, kind), asked(&old, sum).await);
    }
    assert_eq!(plan.notifications.len(), 2);

    let revision = bar.revision().await;
    let again = bar.import(&[old]).await.unwrap();
    assert!(again.steps().all(|(.., step)| step == Step::Unchanged));
    assert_eq!(bar.revision().await, revision);
}

#[tokio::test]
async fn the_older_database_is_imported_too() {
    let Some(old) = file("casavazquez-v1.db") else { return };
    let bar = Bar::new().await;
    let plan = bar.import(std::slice::from_ref(&old)).await.unwrap();
    assert_eq!((times(&plan, Damage::NoName), times(&plan, Damage::IdComma)), (1, 0));
    let sum = "SELECT CAST(round(100 * sum(replace(replace(price.value, '€', ''), ',', '.'))) AS INTEGER)
        FROM wines, json_each(wines.prices) AS price WHERE wines.name <> ''";
    let items = bar.items().await;
    assert_eq!((items.len(), cents(&items, Kind::Wine)), (31, asked(&old, sum).await));
}

/// Every printed price of a file by the kind of the rows, read in the plainest way there is.
fn printed(path: &Path) -> BTreeMap<String, i64> {
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut sums = BTreeMap::new();
    let rows = match &value {
        Value::Array(rows) => rows.iter().collect::<Vec<_>>(),
        Value::Object(groups) => groups.values().flat_map(|group| group.as_array().unwrap()).collect(),
        _ => panic!("no rows"),
    };
    for row in rows {
        let prices = row["prices"].as_object().map_or_else(|| vec![&row["price"]], |prices| prices.values().collect());
        for price in prices {
            let figure = price.as_str().unwrap().replace('€', "").replace(',', ".");
            let euros: f64 = figure.parse().unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "prices are small")]
            let cents = (euros * 100.0).round() as i64;
            *sums.entry(row["name"].as_str().unwrap().to_owned()).or_default() += cents;
        }
    }
    sums
}

#[tokio::test]
async fn every_real_file_is_imported_to_the_cent() {
    for (name, kind, count, refused) in [
        ("wines.json", Kind::Wine, 31, vec!["Julian"]),
        ("drinks.json", Kind::Drink, 23, vec![]),
        ("snacks.json", Kind::Snack, 6, vec![]),
        ("drinks-page.json", Kind::Drink, 40, vec![]),
        ("snacks-page.json", Kind::Snack, 15, vec![]),
    ] {
        let Some(path) = file(name) else { return };
        let bar = Bar::new().await;
        let plan = bar.import(std::slice::from_ref(&path)).await.unwrap();
        println!("{name}\n{}", previewed(&plan));
        let items = bar.items().await;
        assert_eq!(counted(&items, kind), count, "{name}");
        // A row that is refused, and the second of two with one name, is missing here and nowhere else.
        let all: i64 = printed(&path).values().sum();
        let twins: i64 = match name {
            "wines.json" => 2750,
            "drinks-page.json" => 900 + 750,
            "snacks-page.json" => 850,
            _ => 0,
        };
        let left_out: i64 = refused.iter().map(|name| printed(&path)[*name]).sum();
        assert_eq!(cents(&items, kind), all - left_out - twins, "{name}");
        let again = bar.import(&[path]).await.unwrap();
        assert!(again.steps().all(|(.., step)| step == Step::Unchanged), "{name}");
    }
}

#[tokio::test]
async fn all_real_files_together_complete_each_other() {
    let names = [
        "casavazquez-v1.db",
        "casavazquez.db",
        "wines.json",
        "drinks.json",
        "snacks.json",
        "drinks-page.json",
        "snacks-page.json",
    ];
    let Some(paths) = names.into_iter().map(file).collect::<Option<Vec<_>>>() else { return };
    let bar = Bar::new().await;
    let plan = bar.import(&paths).await.unwrap();
    println!("{}", previewed(&plan));
    assert_eq!(times(&plan, Damage::IdComma), 22);
    assert_eq!(times(&plan, Damage::ListedTwice), 1);
    assert!(times(&plan, Damage::Cut) < 6);
    let again = bar.import(&paths).await.unwrap();
    assert!(again.steps().all(|(.., step)| step == Step::Unchanged));
}
