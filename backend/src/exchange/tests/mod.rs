//! Imports as an operator runs them: files of our own invention, with the damage real ones have, into a fresh database.

mod applying;
mod damage;
mod legacy;
mod unreadable;

use std::path::{Path, PathBuf};

use chrono::DateTime;
use sea_orm::ConnectionTrait;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions, Connection};
use tempfile::TempDir;

use super::gather::{Gathered, gather};
use super::plan::Plan;
use super::report::{self, Outcome};
use super::{apply, original};
use crate::app::App;
use crate::card::shelf::Shelf;
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::Error;
use crate::menu::item::Item;
use crate::{db, menu, revision};

/// An empty database: a file, or one of the server that the suite runs on.
async fn fresh_database(folder: &Path) -> db::Address {
    #[expect(clippy::disallowed_methods, reason = "which database the suite runs on is the runner's business")]
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return db::Address::file_in(folder).unwrap() };
    let name = format!("casavazquez_import_{}", uuid::Uuid::now_v7().simple());
    let admin = db::connect(&server.parse().unwrap()).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    url.as_str().parse().unwrap()
}

/// A fresh bar, and a folder for the files it imports.
struct Bar {
    app: App,
    folder: TempDir,
}

impl Bar {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = fresh_database(folder.path()).await;
        let db = db::connect(&address).await.unwrap();
        db::migrate(&db).await.unwrap();
        let clock = Clock::standing_at(DateTime::from_timestamp(1_770_000_000, 0).unwrap());
        let shelf = Shelf::new(clock.clone(), folder.path().join("card.json"), "here".to_owned());
        Self { app: App::new(db, clock, shelf, Settings::default()).unwrap(), folder }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A SQLite file of the old system.
    async fn old_database(&self, name: &str, statements: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true).disable_statement_logging();
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        let statements = sqlx::AssertSqlSafe(statements.to_owned());
        sqlx::raw_sql(statements).execute(&mut old).await.unwrap();
        old.close().await.unwrap();
        path
    }

    async fn preview(&self, paths: &[PathBuf]) -> Plan {
        apply::preview(&self.app.db, &read(paths).await, self.app.clock.now()).await.unwrap()
    }

    async fn import(&self, paths: &[PathBuf]) -> Result<Plan, Error> {
        apply::apply(&self.app, &read(paths).await, &|_, _| {}).await
    }

    async fn items(&self) -> Vec<Item> {
        menu::store::list(&self.app.db).await.unwrap()
    }

    async fn item(&self, name: &str) -> Item {
        self.items().await.into_iter().find(|item| item.name.de == name).unwrap_or_else(|| panic!("no {name}"))
    }

    async fn revision(&self) -> i64 {
        revision::current(&self.app.db).await.unwrap().revision
    }

    async fn execute(&self, statement: &str) {
        self.app.db.execute_unprepared(statement).await.unwrap();
    }
}

async fn read(paths: &[PathBuf]) -> Gathered {
    let mut sources = Vec::new();
    for path in paths {
        sources.push(original::read(path).await.unwrap());
    }
    gather(&sources)
}

async fn refusal(path: &Path) -> String {
    original::read(path).await.unwrap_err().to_string()
}

fn previewed(plan: &Plan) -> String {
    report::text(plan, Outcome::Previewed)
}

/// The report as one line, for what a line's end must not tear apart.
fn told(plan: &Plan) -> String {
    previewed(plan).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The newer schema, as the old system made it.
const SCHEMA: &str = "
    CREATE TABLE wines (id VARCHAR NOT NULL, name VARCHAR NOT NULL, color VARCHAR NOT NULL, grape VARCHAR NOT NULL,
        origin VARCHAR, short_description TEXT, long_description TEXT, image VARCHAR, characteristics VARCHAR,
        available BOOLEAN NOT NULL, price_bottle DECIMAL(10, 2), price_glass_01 DECIMAL(10, 2),
        price_glass_02 DECIMAL(10, 2), PRIMARY KEY (id));
    CREATE TABLE drinks (id INTEGER NOT NULL, name VARCHAR NOT NULL, category VARCHAR NOT NULL,
        price DECIMAL(10, 2) NOT NULL, volume VARCHAR, alcoholic BOOLEAN NOT NULL, allergens JSON, neu BOOLEAN,
        available BOOLEAN NOT NULL, description TEXT, image VARCHAR, PRIMARY KEY (id));
    CREATE TABLE snacks (id INTEGER NOT NULL, name VARCHAR NOT NULL, price DECIMAL(10, 2) NOT NULL,
        category VARCHAR NOT NULL, description TEXT, allergens JSON, vegetarian BOOLEAN, vegan BOOLEAN,
        available BOOLEAN NOT NULL, image VARCHAR, neu BOOLEAN, PRIMARY KEY (id));
    CREATE TABLE notifications (id INTEGER NOT NULL, title VARCHAR NOT NULL, message TEXT NOT NULL, type VARCHAR,
        active BOOLEAN NOT NULL, priority INTEGER, target_page VARCHAR, created_at DATETIME, expires_at DATETIME,
        PRIMARY KEY (id));
    CREATE TABLE users (id INTEGER NOT NULL, username VARCHAR NOT NULL, hashed_password VARCHAR NOT NULL,
        PRIMARY KEY (id));
    INSERT INTO users VALUES (1, 'nobody', 'never read');
";

/// Rows with the damage that real ones have.
const ROWS: &str = "
    INSERT INTO wines VALUES
        ('r1', 'Nordwind', 'red', '100% Saint Laurent', 'Spanien', 'Merlot und Syrah.', 'Eine Cuvée aus Merlot und Syrah.',
            NULL, 'Trocken, rund', 0, 25, 4, 7.5),
        ('2,', 'Ostwind 2019', 'white', '60% Riesling, 40% Silvaner', 'Pfalz, Deutschland', NULL, NULL, NULL,
            'trocken-halbtrocken', 1, 29.11, 0, 0),
        ('3,', 'Mareada (', 'rosé', 'Nero d', 'Italien, Apulien (Puglia IGT)', 'Ein leiser Wein.', 'Der ', NULL, 'Halbtrocken',
            1, 21.9, 4, 0),
        ('4,', 'Südwind', 'white', 'Riesling', 'Rioja DOCa', NULL, NULL, NULL, 'Trocken', 1, 27.5, 0, 0),
        ('5,', 'SÜDWIND', 'white', 'Riesling', 'Rioja DOCa', NULL, NULL, NULL, 'Trocken', 1, 27.5, 0, 0),
        ('6', 'Doppelt', 'rosÃ©', 'Merlot', 'Provence', 'KÃ¼hl und â€žfrischâ€œ.', NULL, 'flut.jpg', '', 1, 30, 5, 9);
    INSERT INTO drinks VALUES
        (1, 'Gurkenlimo', 'Softdrink', 3.9, '0,33l', 0, '[1, 2, 23]', 1, 1, NULL, NULL),
        (2, 'Mondsour', 'Cocktail', 10.5, NULL, 1, '[11, 12]', 0, 0, NULL, NULL),
        (3, '*Sonnenspritz', 'Spritz', 8.5, NULL, 1, '[1, 4]', 0, 1, NULL, NULL);
    INSERT INTO snacks VALUES (7, 'Wolkenbrot', 5, 'Tapita', '', '[]', 1, 1, 1, NULL, 0);
    INSERT INTO notifications VALUES
        (1, 'Sternstunde', 'Heute länger.', 'success', 1, 2, 'wine', '2026-01-01 10:00:00', '2026-02-08 18:16:36.505348');
";
