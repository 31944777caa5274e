//! Counting together: several instances ask one Redis, and count alone while it is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult, Script};
use tokio::sync::Mutex;
use url::Url;

use super::{Budget, Verdict};
use crate::address::Client;
use crate::clock::Clock;
use crate::error::chain;

/// How long Redis may take to be reached. Nobody waits for that.
const REACH: Duration = Duration::from_secs(2);
/// How long it is left alone when it was away, in microseconds.
const PAUSE: i64 = 5_000_000;

/// The counts that Redis keeps for all instances.
pub(super) struct Shared {
    redis: redis::Client,
    script: Script,
    clock: Clock,
    patience: Duration,
    line: ArcSwapOption<MultiplexedConnection>,
    knocking: Arc<Mutex<()>>,
    knock_again: AtomicI64,
    away: AtomicBool,
}

impl Shared {
    /// Counts in the Redis at `url`, which is reached when the first one asks: the server starts without it.
    pub fn new(url: Url, clock: Clock, patience: Duration) -> RedisResult<Self> {
        Ok(Self {
            redis: redis::Client::open(url)?,
            script: Script::new(include_str!("count.lua")),
            clock,
            patience,
            line: ArcSwapOption::empty(),
            knocking: Arc::default(),
            knock_again: AtomicI64::new(0),
            away: AtomicBool::new(false),
        })
    }

    /// Whether Redis is there, as far as anybody has noticed.
    pub fn reached(&self) -> bool {
        self.line.load().is_some()
    }

    /// Counts one more of `client`; nothing if Redis is away or slow. That costs one asker the patience, and those after
    /// him nothing.
    pub async fn check(self: &Arc<Self>, budget: Budget, client: Client) -> Option<Verdict> {
        let Some(line) = self.line.load_full() else {
            self.knock();
            return None;
        };
        let asked = self.ask(MultiplexedConnection::clone(&line), budget, client);
        match tokio::time::timeout(self.patience, asked).await {
            Ok(Ok(verdict)) => return Some(verdict),
            Ok(Err(error)) => self.hang_up(&line, &chain(&error)),
            Err(_) => self.hang_up(&line, "it does not answer in time"),
        }
        None
    }

    async fn ask(&self, mut line: MultiplexedConnection, budget: Budget, client: Client) -> RedisResult<Verdict> {
        let key = format!("cv:{}:{client}", budget.name());
        let mut count = self.script.key(key);
        let (wait, remaining): (u64, u32) =
            count.arg(budget.interval().as_micros()).arg(budget.burst()).invoke_async(&mut line).await?;
        Ok(match wait {
            0 => Verdict::Served { remaining },
            wait => Verdict::Refused { wait: Duration::from_micros(wait) },
        })
    }

    /// Leaves Redis alone for a while. Whoever fails on a line that is closed already does not close the next one.
    fn hang_up(&self, line: &Arc<MultiplexedConnection>, reason: &str) {
        self.knock_again.store(self.now() + PAUSE, Ordering::Relaxed);
        let open = self.line.compare_and_swap(Arc::as_ptr(line), None);
        if open.as_ref().is_some_and(|open| Arc::ptr_eq(open, line)) {
            self.gone(reason);
        }
    }

    /// Tries to reach Redis, beside the requests: one at a time, and not too often.
    fn knock(self: &Arc<Self>) {
        let Ok(alone) = Arc::clone(&self.knocking).try_lock_owned() else { return };
        let now = self.now();
        // A clock that was set back must not make the pause longer.
        if (1..=PAUSE).contains(&(self.knock_again.load(Ordering::Relaxed) - now)) {
            return;
        }
        self.knock_again.store(now + PAUSE, Ordering::Relaxed);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            match shared.reach().await {
                Ok(line) => {
                    shared.line.store(Some(Arc::new(line)));
                    if shared.away.swap(false, Ordering::Relaxed) {
                        tracing::info!("Redis is back: instances count addresses together again");
                    }
                }
                Err(error) => shared.gone(&chain(&error)),
            }
            drop(alone);
        });
    }

    async fn reach(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(REACH));
        let mut line = self.redis.get_multiplexed_async_connection_with_config(&config).await?;
        // A Redis that takes no scripts is none for us.
        self.script.load_async(&mut line).await?;
        Ok(line)
    }

    fn gone(&self, reason: &str) {
        if !self.away.swap(true, Ordering::Relaxed) {
            tracing::warn!(reason, "Redis is away: each instance counts addresses by itself meanwhile");
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }
}
