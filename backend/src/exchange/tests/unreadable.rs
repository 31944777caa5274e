//! Files that cannot be imported are told in one line, and stay as they are.

use super::{Bar, ROWS, SCHEMA, refusal};
use crate::db;

#[tokio::test]
async fn each_file_that_is_none_is_told_apart() {
    let bar = Bar::new().await;
    for (name, content, told) in [
        ("empty.db", "", "is empty"),
        ("blank.json", " \n", "is empty"),
        ("broken.json", "[{\"name\": ", "is broken JSON (line 1"),
        ("number.json", "[1]", "is JSON of another shape"),
        ("empty.json", "[]", "holds no rows"),
        ("books.json", r#"[{"isbn": "1"}]"#, "is JSON of another shape (rows with isbn)"),
        ("secret.db", "\u{1}\u{2}\u{3}nothing anybody could read", "neither a SQLite database nor JSON"),
        ("short.db", "SQLite format 3\0", "is no whole SQLite database"),
    ] {
        let message = refusal(&bar.file(name, content)).await;
        assert!(message.contains(told) && !message.contains('\n'), "{name}: {message}");
    }
    assert!(refusal(&bar.folder.path().join("gone.db")).await.contains("does not exist"));
    assert!(refusal(bar.folder.path()).await.contains("is a folder"));
}

#[tokio::test]
async fn a_truncated_database_is_known() {
    let bar = Bar::new().await;
    let many = (100..400)
        .map(|id| format!("INSERT INTO snacks VALUES ({id}, 'Brot {id}', 5, 'Tapita', '', '[]', 1, 1, 1, NULL, 0);"));
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}{}", many.collect::<String>())).await;
    let whole = std::fs::read(&old).unwrap();
    for length in [50, 1000, whole.len() / 2, whole.len() - 4096] {
        let message = refusal(&bar.file("part.db", &whole[..length])).await;
        assert!(message.contains("is no whole SQLite database"), "{length}: {message}");
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let bar = Bar::new().await;
    let books =
        bar.old_database("books.db", "CREATE TABLE books (isbn TEXT); CREATE TABLE shelves (id INTEGER);").await;
    assert!(refusal(&books).await.contains("of another program (tables: books, shelves)"));
    let wines = bar.old_database("cellar.db", "CREATE TABLE wines (id TEXT, name TEXT, color TEXT, paid REAL);").await;
    assert!(refusal(&wines).await.contains("has a table 'wines' without the column 'price_bottle'"));
    let hollow = bar.old_database("hollow.db", SCHEMA).await;
    assert!(refusal(&hollow).await.contains("holds no rows"));
    let folder = tempfile::tempdir().unwrap();
    let own = db::connect(&db::Address::file_in(folder.path()).unwrap()).await.unwrap();
    db::migrate(&own).await.unwrap();
    own.close().await.unwrap();
    assert!(refusal(&folder.path().join("casavazquez.db")).await.contains("is this system's own database"));
}

#[tokio::test]
async fn reading_leaves_nothing_behind() {
    let bar = Bar::new().await;
    let old = bar.old_database("old #1?.db", &format!("{SCHEMA}{ROWS}")).await;
    let before = std::fs::read(&old).unwrap();
    let beside = || {
        std::fs::read_dir(bar.folder.path())
            .unwrap()
            .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().starts_with("old"))
            .count()
    };
    super::read(std::slice::from_ref(&old)).await;
    assert_eq!((std::fs::read(&old).unwrap() == before, beside()), (true, 1));
    bar.file("old #1?.db-wal", "waiting");
    assert!(refusal(&old).await.contains("has changes waiting in 'old #1?.db-wal'"));
}
