//! What time it is: the system's clock, or one that a test holds still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
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
            None => storable(system_time()),
        }
    }

    /// Moves a standing clock on; the system's clock cannot be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(held) = &self.0 {
            held.fetch_add(by.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
        }
    }
}

/// A moment as it is read back once it is written: SQLite would keep nine digits and PostgreSQL six, and a leap second,
/// which neither knows, is the second after it.
pub fn storable(moment: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(moment.timestamp_micros()).unwrap_or(moment)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_time() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::storable;

    #[test]
    fn a_moment_is_kept_in_microseconds_and_a_leap_second_is_the_next_one() {
        for (sent, kept) in [
            ("2026-07-17T18:00:00.123456789Z", "2026-07-17T18:00:00.123456Z"),
            ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"),
            ("2026-12-31T23:59:60.5Z", "2027-01-01T00:00:00.5Z"),
        ] {
            let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(storable(moment(sent)), moment(kept));
        }
    }
}
