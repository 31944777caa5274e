//! A token that a program shows instead of signing in.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Error;
use crate::rules::Faults;
use crate::users::user::Role;

/// How each begins, so that one that went astray is found by those who look for such.
const MARK: &str = "casavazquez_";
/// How long one is good when nothing is said.
const USUAL_DAYS: i64 = 90;
/// How long one is good at most.
const LONGEST_DAYS: i64 = 366;

/// A token as its owner sees it later: without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiToken {
    /// The token's id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// What it is for.
    pub name: String,
    /// What the program may do; never more than its owner.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to a minute.
    pub used_at: Option<DateTime<Utc>>,
}

/// A token that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "till", "role": "staff", "days": 90}))]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What the program may do; its owner's role when nothing is said.
    #[serde(default)]
    pub role: Option<Role>,
    /// For how many days it is good: 90 when nothing is said, 366 at most.
    #[serde(default)]
    pub days: Option<i64>,
}

impl NewToken {
    /// Whether all the rules hold for an owner of this role; each broken one is named.
    pub fn check(&self, owner: Role) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.line("/name", &self.name, 120);
        faults.unless(self.role.is_none_or(|role| role <= owner), "/role", "above_your_own");
        faults.within("/days", self.days, 1..=LONGEST_DAYS);
        faults.finish()
    }

    /// How long it is good.
    pub fn lasts(&self) -> TimeDelta {
        TimeDelta::days(self.days.unwrap_or(USUAL_DAYS))
    }
}

/// Whether a text is meant as one of these tokens.
pub fn is_one(text: &str) -> bool {
    text.starts_with(MARK)
}

/// A token with random bits.
pub fn write(random: &str) -> String {
    format!("{MARK}{random}")
}
