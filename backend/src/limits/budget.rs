//! How often one address may do what.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;

/// What an address may do only so often. Each kind is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Looking at pages and lists. A whole bar may sit behind one address.
    Reading,
    /// Changing something.
    Writing,
    /// Trying a name and a password, or a token.
    SigningIn,
    /// Asking the sommelier.
    Chat,
}

impl Budget {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reading, Self::Writing, Self::SigningIn, Self::Chat];

    /// How many at once.
    pub fn burst(self) -> u32 {
        match self {
            Self::Reading => 1000,
            Self::Writing => 100,
            Self::SigningIn => 20,
            Self::Chat => 10,
        }
    }

    /// How long until one more is free.
    pub fn interval(self) -> Duration {
        Duration::from_millis(match self {
            Self::Reading => 10,
            Self::Writing => 200,
            Self::SigningIn | Self::Chat => 3000,
        })
    }

    /// Its name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "read",
            Self::Writing => "write",
            Self::SigningIn => "sign-in",
            Self::Chat => "chat",
        }
    }

    /// The whole of it as the header `RateLimit-Policy` says it: how many in how many seconds.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Reading => r#""read";q=1000;w=10"#,
            Self::Writing => r#""write";q=100;w=20"#,
            Self::SigningIn => r#""sign-in";q=20;w=60"#,
            Self::Chat => r#""chat";q=10;w=30"#,
        }
    }

    pub(super) fn quota(self) -> Quota {
        let burst = NonZeroU32::new(self.burst()).unwrap_or(NonZeroU32::MIN);
        Quota::with_period(self.interval()).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn the_header_says_what_is_counted() {
        for budget in Budget::ALL {
            let window = budget.interval() * budget.burst();
            let policy = format!("\"{}\";q={};w={}", budget.name(), budget.burst(), window.as_secs());
            assert_eq!(budget.policy(), policy);
            assert_eq!(budget.quota().burst_size().get(), budget.burst());
            assert_eq!(budget.quota().burst_size_replenished_in(), window);
        }
    }
}
