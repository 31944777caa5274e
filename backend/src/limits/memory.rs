//! Counting one budget in the memory of this process, however many addresses ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::RateLimiter;
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;

use super::{Budget, Verdict};
use crate::address::Client;
use crate::clock::Clock;

/// So many addresses are kept without a second look.
const KEPT: usize = 50_000;
/// Every so many checks somebody looks how many there are.
const LOOK: usize = 1024;
/// How far a clock may be set back without being noticed.
const SLACK: Duration = Duration::from_secs(1);

/// One budget's count of each address.
pub(super) struct Memory {
    budget: Budget,
    clock: BarClock,
    counts: ArcSwap<Counts>,
    checks: AtomicUsize,
}

type Counts = RateLimiter<Client, DashMapStateStore<Client>, BarClock, StateInformationMiddleware>;

/// The bar's clock as the counting wants it, so that tests move both.
#[derive(Clone, Debug)]
struct BarClock(Clock);

impl governor::clock::Clock for BarClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(self.0.now().timestamp_micros().try_into().unwrap_or_default())
    }
}

impl Memory {
    pub fn new(budget: Budget, clock: Clock) -> Self {
        let clock = BarClock(clock);
        let counts = ArcSwap::from_pointee(counts(budget, clock.clone()));
        Self { budget, clock, counts, checks: AtomicUsize::new(0) }
    }

    /// Counts one more of `client`.
    pub fn check(&self, client: Client) -> Verdict {
        if self.checks.fetch_add(1, Ordering::Relaxed) % LOOK == LOOK - 1 {
            self.tidy();
        }
        match self.ask(client) {
            // Nobody waits longer than it takes for one more to be free, unless the clock was set back.
            Verdict::Refused { wait } if wait > self.budget.interval() + SLACK => {
                self.begin_anew();
                self.ask(client)
            }
            verdict => verdict,
        }
    }

    fn ask(&self, client: Client) -> Verdict {
        match self.counts.load().check_key(&client) {
            Ok(state) => Verdict::Served { remaining: state.remaining_burst_capacity() },
            Err(refusal) => Verdict::Refused { wait: refusal.wait_time_from(self.clock.now()) },
        }
    }

    /// Keeps the memory within bounds: addresses that have all of their budget again are forgotten. If there are still too
    /// many, all are: whoever asks from so many addresses is not held by counting each of them, and the memory must hold.
    fn tidy(&self) {
        let counts = self.counts.load();
        if counts.len() <= KEPT {
            return;
        }
        counts.retain_recent();
        if counts.len() > KEPT {
            self.begin_anew();
        }
    }

    fn begin_anew(&self) {
        self.counts.store(Arc::new(counts(self.budget, self.clock.clone())));
    }
}

fn counts(budget: Budget, clock: BarClock) -> Counts {
    RateLimiter::dashmap_with_clock(budget.quota(), clock).with_middleware()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::time::Duration;

    use chrono::TimeDelta;

    use super::{KEPT, LOOK, Memory};
    use crate::address::Client;
    use crate::clock::Clock;
    use crate::limits::{Budget, Verdict};

    fn client(number: u32) -> Client {
        Client::of(Some(SocketAddr::from((Ipv4Addr::from(number), 80))), std::iter::empty(), 0)
    }

    fn signing_in() -> (Memory, Clock) {
        let clock = Clock::standing_at("2026-07-17T18:00:00Z".parse().unwrap());
        (Memory::new(Budget::SigningIn, clock.clone()), clock)
    }

    fn served(memory: &Memory, client: Client) -> bool {
        matches!(memory.check(client), Verdict::Served { .. })
    }

    #[test]
    fn a_budget_is_spent_and_comes_back_one_by_one() {
        let (memory, clock) = signing_in();
        for remaining in (0..20).rev() {
            assert_eq!(memory.check(client(1)), Verdict::Served { remaining });
        }
        assert_eq!(memory.check(client(1)), Verdict::Refused { wait: Duration::from_secs(3) });
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(memory.check(client(1)), Verdict::Refused { wait: Duration::from_secs(2) });
        clock.advance(TimeDelta::seconds(2));
        assert_eq!(memory.check(client(1)), Verdict::Served { remaining: 0 });
        clock.advance(TimeDelta::hours(1));
        assert_eq!(memory.check(client(1)), Verdict::Served { remaining: 19 });
    }

    #[test]
    fn a_million_addresses_do_not_fill_the_memory() {
        let (memory, _clock) = signing_in();
        for number in 0..1_000_000 {
            assert!(served(&memory, client(number)));
            if number % 100 == 0 {
                let kept = memory.counts.load().len();
                assert!(kept <= KEPT + LOOK, "{kept} addresses are kept");
            }
        }
    }

    #[test]
    fn who_has_spent_it_all_is_remembered_among_many_who_have_not() {
        let (memory, clock) = signing_in();
        assert_eq!((0..30).filter(|_| served(&memory, client(0))).count(), 20);
        for number in 1..50_000 {
            memory.check(client(number));
        }
        clock.advance(TimeDelta::seconds(7));
        assert_eq!((0..30).filter(|_| served(&memory, client(0))).count(), 2);
        for number in 50_000..53_000 {
            memory.check(client(number));
        }
        let kept = memory.counts.load().len();
        assert!(kept < 4_000, "those who have all of their budget again are forgotten, but {kept} are kept");
        assert!(!served(&memory, client(0)));
    }

    #[test]
    fn nobody_is_locked_out_by_a_clock_that_is_set_back() {
        let (memory, clock) = signing_in();
        assert_eq!((0..30).filter(|_| served(&memory, client(1))).count(), 20);
        clock.advance(TimeDelta::hours(-1));
        assert_eq!((0..30).filter(|_| served(&memory, client(1))).count(), 20);
        assert!(!served(&memory, client(1)));
    }
}
