//! A server of its own for each test, on a real database, with people as values.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use casavazquez::actor::Actor;
use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::change::Change;
use casavazquez::clock::Clock;
use casavazquez::config::Settings;
use casavazquez::config::media::Place;
use casavazquez::db::{self, Address};
use casavazquez::demo::Demo;
use casavazquez::login::door::Visitor;
use casavazquez::router::{layered, router};
use casavazquez::users;
use casavazquez::users::password;
use casavazquez::users::user::{NewUser, Role};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// A Friday in July, eight in the evening in Münster: the bar is open.
pub const FRIDAY_EVENING: &str = "2026-07-17T18:00:00Z";

/// The password of everybody in the tests.
pub const PASSWORD: &str = "vier flaschen rioja am freitag";

/// A server with a database that nobody else uses.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub folder: TempDir,
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Person {
    router: Router,
    socket: Option<SocketAddr>,
    id: Option<String>,
    shows: Vec<(&'static str, String)>,
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
        Self::with_settings(Settings::default()).await
    }

    /// A bar with nothing on its menu, and settings of its own.
    pub async fn with_settings(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = fresh_database(folder.path().join("casavazquez.db")).await;
        Self::open(folder, &address, settings).await
    }

    /// A bar with the demo menu: a copy of one that is set once for all tests.
    pub async fn with_demo() -> Self {
        Self::with_demo_and(Settings::default()).await
    }

    /// A bar with the demo menu, where somebody may ask as often as they like.
    pub async fn busy() -> Self {
        Self::with_demo_and(Settings { rate_limit: false, ..Settings::default() }).await
    }

    async fn with_demo_and(settings: Settings) -> Self {
        static LAID: OnceCell<String> = OnceCell::const_new();
        // Boxed, because the future that lays a whole menu is large, and every test would carry it.
        let laid = LAID.get_or_init(|| Box::pin(lay_demo())).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("casavazquez.db");
        let url = if let Some(server) = postgres() {
            postgres_like(&server, laid).await
        } else {
            std::fs::copy(laid, &file).unwrap();
            format!("sqlite://{}", file.display())
        };
        Self::open(folder, &url.parse().unwrap(), settings).await
    }

    async fn open(folder: TempDir, address: &Address, settings: Settings) -> Self {
        let clock = Clock::standing_at(FRIDAY_EVENING.parse::<DateTime<Utc>>().unwrap());
        let shelf = Shelf::new(clock.clone(), folder.path().join("card.json"), "here".to_owned());
        let db = db::connect(address).await.unwrap();
        db::migrate(&db).await.unwrap();
        let media = Some(Place::Folder(folder.path().join("media")));
        let settings = Settings { public_url: "https://bar.example".parse().ok(), media, ..settings };
        let app = App::new(db, clock.clone(), shelf, settings).unwrap();
        app.catch_up().await.unwrap();
        Self { app, clock, folder }
    }

    /// A guest.
    pub fn anyone(&self) -> Person {
        Person::at(&self.app)
    }

    /// A guest at the other end of a socket.
    pub fn guest_at(&self, address: &str) -> Person {
        Person { socket: Some(SocketAddr::new(address.parse().unwrap(), 4711)), ..self.anyone() }
    }

    /// A browser with its cookies, on a page of ours.
    pub fn browser(&self, cookies: &str) -> Person {
        self.anyone().with_cookies(cookies)
    }

    /// A program with a token.
    pub fn bearer(&self, token: &str) -> Person {
        Person { shows: vec![("authorization", format!("Bearer {token}"))], ..self.anyone() }
    }

    /// Somebody who works here, signed in.
    pub async fn staff(&self) -> Person {
        self.person("staff", Role::Staff).await
    }

    /// Somebody who looks after the menu, signed in.
    pub async fn manager(&self) -> Person {
        self.person("manager", Role::Manager).await
    }

    /// Somebody who looks after people, signed in.
    pub async fn admin(&self) -> Person {
        self.person("admin", Role::Admin).await
    }

    /// Somebody new, signed in.
    pub async fn person(&self, username: &str, role: Role) -> Person {
        let token = self.token(username, role).await;
        let id = users::store::find_by_name(&self.app.db, username).await.unwrap().unwrap().profile.id;
        Person { id: Some(id.to_string()), ..self.bearer(&token) }
    }

    /// Somebody new: the access token they sign in with.
    pub async fn token(&self, username: &str, role: Role) -> String {
        static HASH: OnceLock<String> = OnceLock::new();
        let hash = HASH.get_or_init(|| password::hash(PASSWORD).unwrap()).clone();
        let new = NewUser { username: username.to_owned(), full_name: None, email: None, role };
        let make = async |change: &Change| users::store::create(change, new, Some(hash)).await;
        self.app.change_unseen(&Actor::house(), make).await.unwrap();
        self.access_token(username).await
    }

    /// Somebody who is known already, signed in once more.
    pub async fn sign_in(&self, username: &str) -> Person {
        self.bearer(&self.access_token(username).await)
    }

    async fn access_token(&self, username: &str) -> String {
        // From somewhere else than everybody else, so that no test uses up what another counts.
        let visitor = Visitor { address: "the harness".to_owned(), client: "harness".to_owned() };
        self.app.door.sign_in(username, PASSWORD.to_owned(), &visitor).await.unwrap().access_token.into_text()
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        let backend = self.app.db.get_database_backend();
        let query = Statement::from_string(backend, format!("SELECT COUNT(*) AS rows FROM {table}"));
        self.app.db.query_one_raw(query).await.unwrap().unwrap().try_get("", "rows").unwrap()
    }

    /// The lines of history about one kind of thing, the oldest first.
    pub async fn history(&self, thing: &str) -> Vec<Value> {
        let backend = self.app.db.get_database_backend();
        let query =
            format!(r#"SELECT "by" AS who, source, before, after FROM changes WHERE thing = '{thing}' ORDER BY id"#);
        let rows = self.app.db.query_all_raw(Statement::from_string(backend, query)).await.unwrap();
        let line = |row: &QueryResult| {
            json!({
                "by": row.try_get::<String>("", "who").unwrap(),
                "source": row.try_get::<String>("", "source").unwrap(),
                "before": row.try_get::<Option<Value>>("", "before").unwrap(),
                "after": row.try_get::<Option<Value>>("", "after").unwrap(),
            })
        };
        rows.iter().map(line).collect()
    }

    /// A guest of other routes, with everything that stands around ours.
    pub fn guest_of(&self, routes: Router<App>) -> Person {
        Person { router: layered(routes, self.app.clone()), ..self.anyone() }
    }

    /// A guest asks for a path and gets JSON.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.anyone().get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }
}

impl Person {
    /// A guest of one instance.
    pub fn at(instance: &App) -> Self {
        Self { router: router(instance.clone()), socket: None, id: None, shows: Vec::new() }
    }

    /// In a browser with these cookies, on a page of ours.
    pub fn with_cookies(self, cookies: &str) -> Self {
        let shows = vec![("cookie", cookies.to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
        Self { shows, ..self }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers).await
    }

    /// Whose id it is.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json("POST", path, &[], body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_json("PUT", path, &[], &body).await
    }

    pub async fn patch(&self, path: &str, copy: &str, body: &Value) -> Answer {
        self.send_json("PATCH", path, &[("if-match", copy)], body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[]).await
    }

    pub async fn delete_copy(&self, path: &str, copy: &str) -> Answer {
        self.ask(Method::DELETE, path, &[("if-match", copy)]).await
    }

    pub async fn form(&self, path: &str, body: String) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &headers, Body::from(body)).await
    }

    pub async fn send_json(&self, method: &str, path: &str, headers: &[(&'static str, &str)], body: &Value) -> Answer {
        if body.is_null() {
            return self.ask(method.parse().unwrap(), path, headers).await;
        }
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.send(method.parse().unwrap(), path, &headers, Body::from(body.to_string())).await
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.send(method, path, headers, Body::empty()).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&'static str, &str)], body: Body) -> Answer {
        let (parts, body) = self.begin(method, path, headers, body).await.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
    }

    /// Asks, and reads no more than the head of the answer: some bodies never end.
    pub async fn begin(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Body,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        for (name, value) in &self.shows {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        if let Some(socket) = self.socket {
            request.extensions_mut().insert(ConnectInfo(socket));
        }
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        self.router.clone().oneshot(request).await.unwrap()
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
