//! Instances that count together in a real Redis, which each test starts, stops and holds still as it needs. `scripts/test
//! redis` runs them; plain `cargo test` does not, because not every machine has a Redis server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casavazquez::address::Client;
use casavazquez::clock::Clock;
use casavazquez::config::Settings;
use casavazquez::limits::{Budget, Limits, Verdict};
use chrono::TimeDelta;
use tempfile::TempDir;
use tracing::subscriber::DefaultGuard;

/// A Redis that listens at a socket in a folder of its own, and is gone with it.
struct Redis {
    folder: TempDir,
    process: Option<Child>,
}

impl Redis {
    fn none_yet() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), process: None }
    }

    async fn running() -> Self {
        let mut redis = Self::none_yet();
        redis.start().await;
        redis
    }

    async fn start(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", "redis.sock"]);
        command.current_dir(self.folder.path()).stdout(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let socket = self.folder.path().join("redis.sock");
        until(async || tokio::net::UnixStream::connect(&socket).await.is_ok()).await;
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// The process lives on and does nothing any more: the socket stays open.
    async fn hold_still(&self) {
        let id = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-STOP", &id]).status().unwrap().success());
        let state = format!("/proc/{id}/stat");
        until(async || std::fs::read_to_string(&state).unwrap().contains(") T ")).await;
    }

    fn settings(&self) -> Settings {
        let url = format!("unix://{}/redis.sock", self.folder.path().display());
        Settings { redis_url: Some(url.parse().unwrap()), ..Settings::default() }
    }
}

/// Waits for something that happens elsewhere.
async fn until(mut happened: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !happened().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap();
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the log says on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn count(&self, words: &str) -> usize {
        String::from_utf8_lossy(&self.0.lock().unwrap()).matches(words).count()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A server that counts with others, and is patient: a busy machine may keep Redis waiting.
fn instance(redis: &Redis) -> (Limits, Clock) {
    let clock = Clock::standing_at("2026-07-17T18:00:00Z".parse().unwrap());
    (Limits::with_patience(&clock, &redis.settings(), Duration::from_secs(10)), clock)
}

fn client(number: u8) -> Client {
    Client::of(Some(SocketAddr::from(([203, 0, 113, number], 80))), std::iter::empty(), 0)
}

/// Asks until Redis is reached. Its clock moves on, because nobody asks a Redis that was away too often.
async fn reached(limits: &Limits, clock: &Clock) {
    until(async || {
        limits.check(Budget::Reading, client(250)).await;
        clock.advance(TimeDelta::seconds(1));
        limits.together()
    })
    .await;
}

async fn served(limits: &Limits, client: Client) -> bool {
    matches!(limits.check(Budget::SigningIn, client).await, Verdict::Served { .. })
}

/// How many of thirty attempts to sign in are served, when every other one meets the other instance.
async fn of_thirty(one: &Limits, other: &Limits, client: Client) -> usize {
    let mut count = 0;
    for number in 0..30 {
        let limits = if number % 2 == 0 { one } else { other };
        count += usize::from(served(limits, client).await);
    }
    count
}

#[tokio::test]
async fn two_instances_share_each_budget() {
    let redis = Redis::running().await;
    let ((one, its_clock), (other, other_clock)) = (instance(&redis), instance(&redis));
    reached(&one, &its_clock).await;
    reached(&other, &other_clock).await;
    assert_eq!(of_thirty(&one, &other, client(1)).await, 20);
    match other.check(Budget::SigningIn, client(1)).await {
        Verdict::Refused { wait } => assert!(!wait.is_zero() && wait <= Duration::from_secs(3), "{wait:?}"),
        verdict => panic!("{verdict:?}"),
    }
    assert_eq!(one.check(Budget::SigningIn, client(2)).await, Verdict::Served { remaining: 19 });
    assert_eq!(other.check(Budget::SigningIn, client(2)).await, Verdict::Served { remaining: 18 });
    assert_eq!(one.check(Budget::Chat, client(1)).await, Verdict::Served { remaining: 9 });
    assert!(one.together() && other.together());
}

#[tokio::test]
async fn each_counts_alone_while_redis_is_away_and_together_when_it_is_back() {
    let (log, _logging) = Log::listen();
    let mut redis = Redis::running().await;
    let ((one, its_clock), (other, other_clock)) = (instance(&redis), instance(&redis));
    reached(&one, &its_clock).await;
    reached(&other, &other_clock).await;
    assert_eq!(log.count("WARN"), 0);

    redis.stop();
    assert_eq!(of_thirty(&one, &other, client(3)).await, 30);
    assert_eq!(of_thirty(&one, &other, client(3)).await, 10);
    assert_eq!(log.count("Redis is away"), 2, "one warning of each");
    for _ in 0..5 {
        its_clock.advance(TimeDelta::seconds(6));
        served(&one, client(4)).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(log.count("WARN"), 2);

    redis.start().await;
    reached(&one, &its_clock).await;
    reached(&other, &other_clock).await;
    assert_eq!(of_thirty(&one, &other, client(5)).await, 20);
    assert_eq!((log.count("Redis is back"), log.count("WARN")), (2, 2));
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_left_alone() {
    let (log, _logging) = Log::listen();
    let redis = Redis::running().await;
    let clock = Clock::standing_at("2026-07-17T18:00:00Z".parse().unwrap());
    let limits = Limits::new(&clock, &redis.settings());
    reached(&limits, &clock).await;
    redis.hold_still().await;
    assert!(served(&limits, client(6)).await);
    assert!(!limits.together());
    assert_eq!(log.count("it does not answer in time"), 1);
    for _ in 0..19 {
        assert!(served(&limits, client(6)).await);
    }
    assert!(!served(&limits, client(6)).await);
    assert_eq!(log.count("WARN"), 1);
}

#[tokio::test]
async fn a_server_that_starts_before_redis_finds_it() {
    let (log, _logging) = Log::listen();
    let mut redis = Redis::none_yet();
    let (limits, clock) = instance(&redis);
    until(async || {
        assert!(matches!(limits.check(Budget::Reading, client(7)).await, Verdict::Served { .. }));
        log.count("WARN") > 0
    })
    .await;
    redis.start().await;
    reached(&limits, &clock).await;
    assert_eq!((log.count("Redis is away"), log.count("Redis is back")), (1, 1));
}

#[tokio::test]
async fn a_count_that_is_over_leaves_nothing_in_redis() {
    let redis = Redis::running().await;
    let (limits, clock) = instance(&redis);
    reached(&limits, &clock).await;
    assert_eq!(limits.check(Budget::Writing, client(8)).await, Verdict::Served { remaining: 99 });
    let url = redis.settings().redis_url.unwrap();
    let mut line = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    until(async || {
        let kept: bool = redis::cmd("EXISTS").arg("cv:write:203.0.113.8").query_async(&mut line).await.unwrap();
        !kept
    })
    .await;
}
