//! How often an address may ask, and whose address it is.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use casavazquez::config::Settings;
use chrono::TimeDelta;

use crate::harness::{Answer, Person, TestApp};

const LOGIN: &str = "/api/v1/auth/login";

/// A bar behind so many proxies.
async fn behind(trusted_hops: usize) -> TestApp {
    TestApp::with_settings(Settings { trusted_hops, ..Settings::default() }).await
}

async fn sign_in(guest: &Person, forwarded: &str) -> Answer {
    guest.ask(Method::POST, LOGIN, &[("x-forwarded-for", forwarded)]).await
}

/// Signs in until that is refused: how often it was not.
async fn sign_ins_until_refused(guest: &Person, forwarded: impl Fn(usize) -> String) -> usize {
    for number in 0..100 {
        if sign_in(guest, &forwarded(number)).await.status == StatusCode::TOO_MANY_REQUESTS {
            return number;
        }
    }
    100
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let bar = TestApp::empty().await;
    let guest = bar.anyone();
    let first = guest.ask(Method::POST, LOGIN, &[]).await;
    assert_eq!(first.header("ratelimit-policy"), r#""sign-in";q=20;w=60"#);
    assert_eq!(first.header("ratelimit"), r#""sign-in";r=19;t=3"#);
    assert_eq!(first.header("retry-after"), "");
    assert_eq!(1 + sign_ins_until_refused(&guest, |_| String::new()).await, 20);

    bar.clock.advance(TimeDelta::milliseconds(1500));
    let refused = guest.ask(Method::POST, LOGIN, &[]).await;
    assert_eq!(refused.problem(), (429, "too many requests; try again in 2 seconds".to_owned()));
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(refused.header("ratelimit-policy"), r#""sign-in";q=20;w=60"#);
    assert_eq!(refused.header("ratelimit"), r#""sign-in";r=0;t=2"#);
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
    assert_eq!(refused.header("x-api-version"), "2.0.0");
    assert_ne!(refused.header("x-request-id"), "");

    bar.clock.advance(TimeDelta::seconds(2));
    assert_eq!(sign_ins_until_refused(&guest, |_| String::new()).await, 1);
}

#[tokio::test]
async fn a_last_slash_opens_no_second_door() {
    let bar = TestApp::empty().await;
    let guest = bar.anyone();
    sign_ins_until_refused(&guest, |_| String::new()).await;
    assert_eq!(guest.ask(Method::POST, "/api/v1/auth/login///", &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn each_budget_is_counted_by_itself() {
    let bar = TestApp::empty().await;
    let guest = bar.anyone();
    sign_ins_until_refused(&guest, |_| String::new()).await;
    for (method, path, left) in [
        (Method::GET, "/api/v1/wines", r#""read";r=999;t=1"#),
        (Method::HEAD, "/api/v1/wines", r#""read";r=998;t=1"#),
        (Method::POST, "/api/v1/wines", r#""write";r=99;t=1"#),
        (Method::DELETE, "/nowhere", r#""write";r=98;t=1"#),
        (Method::POST, "/api/v1/chat", r#""chat";r=9;t=3"#),
        (Method::GET, "/api/chat/recommend", r#""chat";r=8;t=3"#),
    ] {
        let answer = guest.ask(method, path, &[]).await;
        assert_eq!(answer.header("ratelimit"), left, "{path}");
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn guests_at_different_sockets_do_not_keep_each_other_waiting() {
    let bar = behind(0).await;
    let (one, other) = (bar.guest_at("192.0.2.1"), bar.guest_at("192.0.2.2"));
    assert_eq!(sign_ins_until_refused(&one, |_| String::new()).await, 20);
    assert_eq!(sign_ins_until_refused(&other, |_| String::new()).await, 20);
    let (home, neighbour) = (bar.guest_at("2001:db8:1:2::1"), bar.guest_at("2001:db8:1:2:3::4"));
    assert_eq!(sign_ins_until_refused(&home, |_| String::new()).await, 20);
    assert_eq!(sign_ins_until_refused(&neighbour, |_| String::new()).await, 0);
}

#[tokio::test]
async fn nobody_gets_a_new_budget_by_inventing_where_he_comes_from() {
    let bar = behind(0).await;
    let guest = bar.guest_at("192.0.2.1");
    assert_eq!(sign_ins_until_refused(&guest, |number| format!("203.0.113.{number}")).await, 20);

    let bar = behind(1).await;
    let proxy = bar.guest_at("10.0.0.1");
    assert_eq!(sign_ins_until_refused(&proxy, |number| format!("203.0.113.{number}, 198.51.100.7")).await, 20);
    assert_eq!(sign_in(&proxy, "198.51.100.8").await.header("ratelimit"), r#""sign-in";r=19;t=3"#);
}

#[tokio::test]
async fn nobody_is_locked_out_by_somebody_who_takes_his_name() {
    let bar = behind(1).await;
    let proxy = bar.guest_at("10.0.0.1");
    assert_eq!(sign_ins_until_refused(&proxy, |_| "203.0.113.9, 198.51.100.7".to_owned()).await, 20);
    assert_eq!(sign_in(&proxy, "203.0.113.9").await.header("ratelimit"), r#""sign-in";r=19;t=3"#);
}

#[tokio::test]
async fn a_header_in_several_lines_is_one_list() {
    let bar = behind(1).await;
    let proxy = bar.guest_at("10.0.0.1");
    let forged = |number: usize| format!("203.0.113.{number}");
    for number in 0..20 {
        let lines = [("x-forwarded-for", forged(number)), ("x-forwarded-for", "198.51.100.7".to_owned())];
        let answer =
            proxy.ask(Method::POST, LOGIN, &lines.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(sign_in(&proxy, "198.51.100.7").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn whoever_asks_whether_the_server_is_well_is_always_answered() {
    let bar = TestApp::empty().await;
    let guest = bar.anyone();
    for _ in 0..1100 {
        guest.get("/nothing").await;
    }
    assert_eq!(guest.get("/nothing").await.status, StatusCode::TOO_MANY_REQUESTS);
    for path in ["/health", "/health/live", "/health/ready"] {
        let answer = guest.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("ratelimit"), "");
    }
}

#[tokio::test]
async fn nobody_is_counted_when_the_limits_are_off() {
    let bar = TestApp::with_settings(Settings { rate_limit: false, ..Settings::default() }).await;
    let guest = bar.anyone();
    assert_eq!(sign_ins_until_refused(&guest, |_| String::new()).await, 100);
    let answer = guest.get("/api/v1/wines").await;
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), ("", ""));
}

/// What the log says on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_password_of_redis_is_in_no_line_of_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_writer(move || writer.clone()).with_max_level(tracing::Level::TRACE);
    let _logging = tracing::subscriber::set_default(subscriber.finish());
    let said = || String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // Nobody listens at port 1; behind the encrypted address is somebody who hangs up; the last is no Redis at all.
    let rude = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let encrypted = format!("rediss://bar:s3cret@{}/", rude.local_addr().unwrap());
    tokio::spawn(async move { while rude.accept().await.is_ok() {} });
    for url in ["redis://bar:s3cret@127.0.0.1:1/", &encrypted, "https://bar:s3cret@redis.example/"] {
        let already = said().matches("WARN").count();
        let bar = TestApp::with_settings(Settings { redis_url: url.parse().ok(), ..Settings::default() }).await;
        let warned = async {
            while said().matches("WARN").count() == already {
                assert_ne!(sign_in(&bar.anyone(), "").await.status, StatusCode::TOO_MANY_REQUESTS);
                bar.clock.advance(TimeDelta::seconds(3));
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), warned).await.unwrap();
        assert!(!format!("{:?}", bar.app.limits).contains("s3cret"));
    }
    let count = |words: &str| said().matches(words).count();
    assert_eq!((count("Redis is away"), count("REDIS_URL names no Redis"), count("WARN")), (2, 1, 3), "{}", said());
    assert!(!said().contains("s3cret"), "{}", said());
}
