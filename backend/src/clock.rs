//! What time it is: the system's clock, or one that a test holds still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Where the time comes from.
///
/// Times are cut to microseconds: SQLite would keep nine digits and PostgreSQL six, and a time read back must equal the
/// time written.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// The time now, in whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Some(held) => DateTime::from_timestamp_micros(held.load(Ordering::SeqCst)).unwrap_or_default(),
            None => system_time().trunc_subsecs(6),
        }
    }

    /// Moves a standing clock on; the system's clock cannot be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(held) = &self.0 {
            held.fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_time() -> DateTime<Utc> {
    Utc::now()
}
