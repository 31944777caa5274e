//! A server of its own for each test, on a real database, with people as values.

use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use casavazquez::actor::Actor;
use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::clock::Clock;
use casavazquez::config::Settings;
use casavazquez::db::{self, Address};
use casavazquez::demo::Demo;
use casavazquez::router::{layered, router};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// A Friday in July, eight in the evening in Münster: the bar is open.
pub const FRIDAY_EVENING: &str = "2026-07-17T18:00:00Z";

/// A server with a database that nobody else uses.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub folder: TempDir,
}

/// Somebody who asks.
pub struct Person {
    router: Router,
}

/// What they are told.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Bytes,
}

impl TestApp {
    /// A bar with nothing on its menu.
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = fresh_database(folder.path().join("casavazquez.db")).await;
        Self::open(folder, &address).await
    }

    /// A bar with the demo menu: a copy of one that is set once for all tests.
    pub async fn with_demo() -> Self {
        static LAID: OnceCell<String> = OnceCell::const_new();
        let laid = LAID.get_or_init(lay_demo).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("casavazquez.db");
        let url = if let Some(server) = postgres() {
            postgres_like(&server, laid).await
        } else {
            std::fs::copy(laid, &file).unwrap();
            format!("sqlite://{}", file.display())
        };
        Self::open(folder, &url.parse().unwrap()).await
    }

    async fn open(folder: TempDir, address: &Address) -> Self {
        let clock = Clock::standing_at(FRIDAY_EVENING.parse::<DateTime<Utc>>().unwrap());
        let shelf = Shelf::new(clock.clone(), folder.path().join("card.json"), "here".to_owned());
        let db = db::connect(address).await.unwrap();
        db::migrate(&db).await.unwrap();
        let settings = Settings { public_url: "https://bar.example".parse().ok(), ..Settings::default() };
        let app = App::new(db, clock.clone(), shelf, settings);
        app.shelf.refresh(&app.db).await.unwrap();
        Self { app, clock, folder }
    }

    /// A guest.
    pub fn anyone(&self) -> Person {
        Person { router: router(self.app.clone()) }
    }

    /// A guest of other routes, with everything that stands around ours.
    pub fn guest_of(&self, routes: Router<App>) -> Person {
        Person { router: layered(routes, self.app.clone()) }
    }

    /// A guest asks for a path and gets JSON.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.anyone().get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }
}

impl Person {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers).await
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.send(method, path, headers, Body::empty()).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A problem's status and detail.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["request_id"].is_string(), "{problem}");
        (self.status.as_u16(), problem["detail"].as_str().unwrap().to_owned())
    }
}

/// The names of the items in a list.
pub fn names(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// Whether the suite runs on PostgreSQL.
pub fn postgres() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "which database the suite runs on is the runner's business")]
    std::env::var("TEST_DATABASE_URL").ok()
}

/// An empty database: a file, or one of the test server's.
pub async fn fresh_database(file: PathBuf) -> Address {
    let url = match postgres() {
        Some(server) => fresh_postgres(&server).await,
        None => format!("sqlite://{}", file.display()),
    };
    url.parse().unwrap()
}

/// The address of an empty database of a PostgreSQL server.
pub async fn fresh_postgres(server: &str) -> String {
    postgres_like(server, "template1").await
}

/// The address of a database of a PostgreSQL server that begins as a copy of another.
async fn postgres_like(server: &str, template: &str) -> String {
    let name = format!("casavazquez_test_{}", uuid::Uuid::now_v7().simple());
    let admin: DatabaseConnection = Database::connect(server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
    admin.close().await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.into()
}

/// Takes a database of a PostgreSQL server away, whoever is connected to it.
pub async fn drop_postgres(url: &str) {
    let name = url.rsplit('/').next().unwrap();
    let admin: DatabaseConnection = Database::connect(postgres().unwrap()).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    admin.close().await.unwrap();
}

/// Puts an empty database in the place of one.
pub async fn empty_postgres(url: &str) {
    drop_postgres(url).await;
    let name = url.rsplit('/').next().unwrap();
    let admin: DatabaseConnection = Database::connect(postgres().unwrap()).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
}

/// Sets a database with the demo menu, to be copied: the name of a file, or of a database of the test server.
async fn lay_demo() -> String {
    let bar = TestApp::empty().await;
    let demo = Demo::read().unwrap();
    bar.app.change(&Actor::house(), async |change| demo.set(change).await).await.unwrap();
    let laid = match postgres() {
        Some(_) => {
            let row = bar.app.db.query_one_raw(Statement::from_string(
                bar.app.db.get_database_backend(),
                "SELECT current_database() AS name",
            ));
            row.await.unwrap().unwrap().try_get("", "name").unwrap()
        }
        None => bar.folder.path().join("casavazquez.db").display().to_string(),
    };
    // A database that is closed in order can be copied; its folder stays until the process ends.
    bar.app.db.clone().close().await.unwrap();
    drop(bar.folder.keep());
    laid
}
