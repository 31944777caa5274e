//! Live updates: who hears what, in which order, how many at once, and until when.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use casavazquez::actor::{Actor, Source};
use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::config::Settings;
use casavazquez::events::bell::{Bell, KEPT};
use casavazquez::events::keeper::keep;
use casavazquez::users::user::Role;
use chrono::TimeDelta;
use futures_util::{FutureExt, StreamExt};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::harness::{Person, TestApp, postgres};

/// Long enough for everything, so that a test that fails ends too.
const AGES: Duration = Duration::from_secs(20);
const PATH: &str = "/api/v1/events";

/// Somebody who listens.
struct Ear {
    headers: HeaderMap,
    body: BodyDataStream,
    unread: String,
    /// All that they heard.
    heard: String,
}

/// What they hear: its name, its id, what it says.
type Event = (String, String, Value);

impl Ear {
    async fn of(person: &Person) -> Self {
        Self::after(person, &[]).await
    }

    async fn after(person: &Person, headers: &[(&'static str, &str)]) -> Self {
        let response = person.begin(Method::GET, PATH, headers, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let (parts, body) = response.into_parts();
        let body = body.into_data_stream();
        Self { headers: parts.headers, body, unread: String::new(), heard: String::new() }
    }

    /// The next event; none when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.unread.find("\n\n") {
                let event = parsed(&self.unread[..end]);
                self.unread.drain(..end + 2);
                return Some(event);
            }
            let piece = tokio::time::timeout(AGES, self.body.next()).await.unwrap()?;
            let text = String::from_utf8(piece.unwrap().to_vec()).unwrap();
            self.heard.push_str(&text);
            self.unread.push_str(&text);
        }
    }

    async fn hears(&mut self, name: &str) -> Value {
        let (heard, id, said) = self.next().await.unwrap_or_else(|| panic!("the stream ended instead of {name}"));
        assert_eq!(heard, name, "{said}");
        let numbered = if name == "card" { said["revision"].to_string() } else { String::new() };
        assert_eq!(id, numbered, "only a card has an id, which is its number");
        said
    }

    async fn hears_card(&mut self) -> i64 {
        self.hears("card").await["revision"].as_i64().unwrap()
    }

    /// Whether there is nothing to hear at this moment.
    fn hears_nothing(&mut self) -> bool {
        self.unread.is_empty() && self.body.next().now_or_never().is_none()
    }
}

/// The beginning of an answer, which may be one without an end.
async fn begun(person: &Person) -> Response<Body> {
    person.begin(Method::GET, PATH, &[], Body::empty()).await
}

fn parsed(block: &str) -> Event {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let said = serde_json::from_str(field("data: ")).unwrap_or_default();
    (field("event: ").to_owned(), field("id: ").to_owned(), said)
}

fn ana() -> Actor {
    Actor { name: "ana".to_owned(), source: Source::Website }
}

/// Makes a change of so many wines: the number of the card, and the wines.
async fn change(app: &App, lines: usize) -> (i64, Vec<Uuid>) {
    let wines: Vec<Uuid> = (0..lines).map(|_| Uuid::now_v7()).collect();
    app.change(&ana(), async |change| {
        for wine in &wines {
            change.record("wine", *wine, None, Some(&"Rioja")).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    (current(app), wines)
}

fn current(app: &App) -> i64 {
    app.shelf.served().unwrap().published().revision
}

fn told(changes: &Value) -> Vec<i64> {
    changes["changes"].as_array().unwrap().iter().map(|line| line["revision"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_guest_hears_of_the_card_and_of_each_new_one() {
    let bar = TestApp::empty().await;
    let first = change(&bar.app, 1).await.0;
    let mut guest = Ear::of(&bar.anyone()).await;
    assert_eq!(guest.headers["content-type"], "text/event-stream");
    assert_eq!(guest.headers["cache-control"], "no-store");
    assert_eq!(guest.headers["x-accel-buffering"], "no");
    assert_eq!(guest.hears("hello").await, json!({"as": "guest"}));
    assert!(guest.heard.contains("retry: 3000\n"), "{}", guest.heard);
    assert_eq!(guest.hears_card().await, first);
    assert!(guest.hears_nothing());
    for _ in 0..3 {
        let (revision, _) = change(&bar.app, 1).await;
        assert_eq!(guest.hears_card().await, revision);
        assert_eq!(bar.json("/api/v1/card").await["revision"], revision, "whoever hears of a card can read it");
    }
    assert!(guest.hears_nothing());
}

#[tokio::test]
async fn a_guest_never_hears_what_changed_or_by_whom() {
    let bar = TestApp::empty().await;
    let mut heard = Vec::new();
    for headers in [&[][..], &[("last-event-id", "0")], &[("authorization", "Bearer cv_forged")]] {
        heard.push(Ear::after(&bar.anyone(), headers).await);
    }
    let (now, wines) = change(&bar.app, 2).await;
    let wine = wines[0].to_string();
    for guest in &mut heard {
        assert_eq!(guest.hears("hello").await, json!({"as": "guest"}));
        while guest.hears_card().await != now {}
        assert!(guest.hears_nothing());
        for secret in ["changes", "ana", "wine", &wine, "website"] {
            assert!(!guest.heard.contains(secret), "{secret}: {}", guest.heard);
        }
    }
}

#[tokio::test]
async fn whoever_works_here_hears_what_changed_and_by_whom() {
    let bar = TestApp::empty().await;
    let mut ear = Ear::of(&bar.staff().await).await;
    assert_eq!(ear.hears("hello").await, json!({"as": "staff"}));
    ear.hears_card().await;
    let (revision, wines) = change(&bar.app, 2).await;
    let changes = ear.hears("changes").await;
    assert_eq!((&changes["revision"], &changes["complete"]), (&json!(revision), &json!(true)));
    let batch = &changes["changes"][0]["batch"];
    let line =
        |id| json!({"revision": revision, "thing": "wine", "id": id, "by": "ana", "source": "website", "batch": batch});
    assert_eq!(changes["changes"], json!([line(wines[0]), line(wines[1])]));
    assert_eq!(ear.hears_card().await, revision);
    bar.manager().await;
    assert!(ear.hears_nothing(), "a change of people is nobody's news");
}

#[tokio::test]
async fn who_comes_back_hears_what_they_missed() {
    let bar = TestApp::empty().await;
    let staff = bar.staff().await;
    let (before, _) = change(&bar.app, 1).await;
    let (missed, _) = change(&bar.app, 1).await;
    let (now, _) = change(&bar.app, 1).await;
    for (person, heard, changes) in [
        (bar.anyone(), now, None),
        (staff.clone(), now, None),
        (staff.clone(), before, Some((true, vec![missed, now]))),
        (staff.clone(), now + 5, Some((false, vec![]))),
    ] {
        let mut ear = Ear::after(&person, &[("last-event-id", &heard.to_string())]).await;
        ear.hears("hello").await;
        if let Some((complete, revisions)) = changes {
            let changes = ear.hears("changes").await;
            assert_eq!((changes["complete"].as_bool().unwrap(), told(&changes)), (complete, revisions));
            assert_eq!(ear.hears_card().await, now);
        }
        assert!(ear.hears_nothing(), "{heard}: {}", ear.heard);
    }
    for silly in ["", "-", "9999999999999999999999", "7 or 8"] {
        let mut ear = Ear::after(&staff, &[("last-event-id", silly)]).await;
        ear.hears("hello").await;
        assert_eq!(ear.hears_card().await, now, "{silly:?}");
    }
}

#[tokio::test]
async fn what_is_too_much_to_tell_is_to_be_read_anew() {
    let bar = TestApp::empty().await;
    let staff = bar.staff().await;
    let mut ear = Ear::of(&staff).await;
    ear.hears("hello").await;
    let before = ear.hears_card().await;
    for (lines, complete) in [(500, true), (501, false)] {
        change(&bar.app, lines).await;
        let changes = ear.hears("changes").await;
        assert_eq!(changes["complete"], complete, "{lines}");
        assert_eq!(told(&changes).len(), if complete { lines } else { 0 });
        ear.hears_card().await;
    }
    let mut back = Ear::after(&staff, &[("last-event-id", &before.to_string())]).await;
    back.hears("hello").await;
    assert_eq!(back.hears("changes").await["complete"], false);
}

#[tokio::test]
async fn who_may_no_longer_hear_what_changed_is_sent_away() {
    let bar = TestApp::empty().await;
    let (admin, gone) = (bar.admin().await, bar.staff().await);
    let out = bar.person("out", Role::Manager).await;
    let stays =
        bar.bearer(admin.post("/api/v1/tokens", &json!({"name": "till"})).await.json()["secret"].as_str().unwrap());
    let mut ears = Vec::new();
    for person in [&gone, &out, &admin, &stays] {
        let mut ear = Ear::of(person).await;
        assert_eq!(ear.hears("hello").await, json!({"as": "staff"}));
        ear.hears_card().await;
        ears.push(ear);
    }
    let away = admin.patch(&format!("/api/v1/users/{}", gone.id()), "*", &json!({"active": false})).await;
    assert_eq!(away.status, StatusCode::OK, "{}", away.text());
    assert_eq!(out.post("/api/v1/auth/logout", &Value::Null).await.status, StatusCode::NO_CONTENT);
    change(&bar.app, 1).await;
    for (ear, hears) in ears.iter_mut().zip([false, false, true, true]) {
        assert_eq!(ear.next().await.is_some(), hears, "{}", ear.heard);
    }
    bar.clock.advance(TimeDelta::minutes(16));
    change(&bar.app, 1).await;
    for (ear, hears) in ears[2..].iter_mut().zip([false, true]) {
        ear.hears_card().await;
        assert_eq!(
            ear.next().await.is_some(),
            hears,
            "a sign-in is good for a quarter of an hour, a program's for longer"
        );
    }
    assert_eq!(Ear::of(&gone).await.hears("hello").await, json!({"as": "guest"}), "they may come back as a guest");
}

#[tokio::test]
async fn who_is_slow_hears_of_the_current_card_and_goes_on() {
    let bar = TestApp::empty().await;
    let (mut guest, mut staff) = (Ear::of(&bar.anyone()).await, Ear::of(&bar.staff().await).await);
    for ear in [&mut guest, &mut staff] {
        ear.hears("hello").await;
        ear.hears_card().await;
    }
    let before = current(&bar.app);
    for _ in 0..KEPT + 10 {
        change(&bar.app, 1).await;
    }
    let now = current(&bar.app);
    assert_eq!(guest.hears_card().await, now);
    let changes = staff.hears("changes").await;
    assert_eq!(told(&changes), (before + 1..=now).collect::<Vec<_>>(), "nothing is missed");
    assert_eq!(staff.hears_card().await, now);
    assert!(guest.hears_nothing() && staff.hears_nothing());
    let (next, _) = change(&bar.app, 1).await;
    assert_eq!((guest.hears_card().await, staff.hears("changes").await["complete"].clone()), (next, json!(true)));
}

#[tokio::test]
async fn changes_that_are_made_at_once_are_told_once_and_in_order() {
    let bar = TestApp::empty().await;
    let (mut guest, mut staff) = (Ear::of(&bar.anyone()).await, Ear::of(&bar.staff().await).await);
    let before = current(&bar.app);
    futures_util::future::join_all((0..20).map(|_| change(&bar.app, 2))).await;
    let now = current(&bar.app);
    assert_eq!(now, before + 20);
    let (mut cards, mut lines) = (Vec::new(), Vec::new());
    guest.hears("hello").await;
    while cards.last() != Some(&now) {
        cards.push(guest.hears_card().await);
    }
    assert!(cards.is_sorted_by(|one, next| one < next), "{cards:?}");
    staff.hears("hello").await;
    while lines.last() != Some(&now) {
        let (name, _, said) = staff.next().await.unwrap();
        if name == "changes" {
            lines.extend(told(&said));
        }
    }
    assert_eq!(lines, (before + 1..=now).flat_map(|revision| [revision; 2]).collect::<Vec<_>>());
}

#[tokio::test]
async fn two_thousand_guests_hear_of_one_card() {
    let bar = TestApp::with_settings(Settings { rate_limit: false, ..Settings::default() }).await;
    // One address has no more than a tenth of the places.
    let houses: Vec<_> = (1..=4).map(|house| bar.guest_at(&format!("192.0.2.{house}"))).collect();
    let mut guests = Vec::new();
    for guest in houses.iter().cycle().take(2000) {
        let mut ear = Ear::of(guest).await;
        ear.hears("hello").await;
        ear.hears_card().await;
        guests.push(ear);
    }
    let (revision, _) = change(&bar.app, 1).await;
    for ear in &mut guests {
        assert_eq!(ear.hears_card().await, revision);
        assert!(ear.hears_nothing());
    }
}

#[tokio::test]
async fn there_are_so_many_places_and_no_more() {
    let mut bar = TestApp::empty().await;
    bar.app.bell = Bell::for_listeners(2);
    let guest = |last: u8| bar.guest_at(&format!("192.0.2.{last}"));
    let (one, _two) = (Ear::of(&guest(1)).await, Ear::of(&guest(2)).await);
    let refused = guest(3).get(PATH).await;
    assert_eq!(refused.problem(), (503, "no more can listen just now".to_owned()));
    assert_eq!(refused.header("retry-after"), "5");
    drop(one);
    Ear::of(&guest(3)).await.hears("hello").await;
    bar.app.bell.fall_silent();
    assert_eq!(guest(4).get(PATH).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn one_address_does_not_take_all_places_and_guests_none_of_the_staffs() {
    let mut bar = TestApp::empty().await;
    bar.app.bell = Bell::for_listeners(20);
    let staff = bar.staff().await;
    let flat = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2::3"].map(|address| bar.guest_at(address));
    let (one, _two) = (Ear::of(&flat[0]).await, Ear::of(&flat[1]).await);
    let refused = begun(&flat[2]).await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &HeaderValue::from_static("5")));
    let mut others = Vec::new();
    for house in 0..9_u8 {
        for _ in 0..2 {
            others.push(Ear::of(&bar.guest_at(&format!("192.0.2.{house}"))).await);
        }
    }
    assert_eq!(begun(&bar.guest_at("198.51.100.1")).await.status(), 503, "all are taken");
    assert_eq!(Ear::of(&staff).await.hears("hello").await, json!({"as": "staff"}));
    drop(one);
    Ear::of(&flat[2]).await.hears("hello").await;
}

#[tokio::test]
async fn the_line_is_heard_to_be_there() {
    let mut bar = TestApp::empty().await;
    assert_eq!(Bell::default().heartbeat(), Duration::from_secs(15));
    bar.app.bell = Bell::new(1, Duration::from_millis(1));
    let mut guest = Ear::of(&bar.anyone()).await;
    guest.hears("hello").await;
    guest.hears_card().await;
    for _ in 0..3 {
        assert_eq!(guest.next().await.unwrap(), (String::new(), String::new(), Value::Null));
    }
    assert!(guest.heard.ends_with("\n\n:\n\n:\n\n:\n\n"), "{}", guest.heard);
}

#[tokio::test]
async fn a_database_that_was_brought_back_is_read_anew() {
    let bar = TestApp::empty().await;
    for _ in 0..3 {
        change(&bar.app, 1).await;
    }
    let mut ear = Ear::of(&bar.staff().await).await;
    ear.hears("hello").await;
    ear.hears_card().await;
    bar.app.db.execute_unprepared("UPDATE card_revision SET revision = 1").await.unwrap();
    bar.app.catch_up().await.unwrap();
    let changes = ear.hears("changes").await;
    assert_eq!(changes, json!({"revision": 1, "complete": false, "changes": []}));
    assert_eq!(ear.hears_card().await, 1);
}

#[tokio::test]
async fn what_another_instance_changes_is_heard_here_also_when_the_line_was_cut() {
    let bar = TestApp::empty().await;
    let shelf = Shelf::new(bar.clock.clone(), bar.folder.path().join("other.json"), "here".to_owned());
    let other = App::new(bar.app.db.clone(), bar.clock.clone(), shelf, Settings::default()).unwrap();
    let (ready, laid) = oneshot::channel();
    let kept = other.clone();
    let first = async move || Ok(kept.shelf.lay(&kept.db).await?);
    let keeper = tokio::spawn(keep(other.clone(), first, ready));
    laid.await.unwrap().unwrap();
    let mut guest = Ear::of(&Person::at(&other)).await;
    guest.hears("hello").await;
    guest.hears_card().await;
    let (revision, _) = change(&bar.app, 1).await;
    assert_eq!(guest.hears_card().await, revision);
    if postgres().is_some() {
        cut_the_line(&bar).await;
    }
    let (revision, _) = change(&bar.app, 1).await;
    assert_eq!(guest.hears_card().await, revision);
    keeper.abort();
}

/// Ends the connection on which the database tells of changes, once there is one.
async fn cut_the_line(bar: &TestApp) {
    let backend = bar.app.db.get_database_backend();
    let cut = "SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity
               WHERE datname = current_database() AND query LIKE 'LISTEN %'";
    let cutting =
        async { while bar.app.db.query_all_raw(Statement::from_string(backend, cut)).await.unwrap().is_empty() {} };
    tokio::time::timeout(AGES, cutting).await.unwrap();
}
