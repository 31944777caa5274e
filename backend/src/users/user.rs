//! A person and what they may do.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Error;
use crate::patch;
use crate::rules::Faults;

/// What a person may do; each may do all that the ones before may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum,
)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Role {
    /// Marks sold out and back.
    Staff,
    /// Changes the menu.
    Manager,
    /// Looks after people and the house.
    Admin,
}

/// Every role, the humblest first.
pub const ROLES: [Role; 3] = [Role::Staff, Role::Manager, Role::Admin];

impl Role {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = ROLES.into_iter().find(|role| role.word() == text);
        found.ok_or_else(|| format!("a role is one of {}", ROLES.map(Role::word).join(", ")))
    }
}

/// A person as others may see them. A row with its password hash is never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Profile {
    /// The person.
    pub id: Uuid,
    /// The name to sign in with.
    pub username: String,
    /// The name that others know them by.
    pub full_name: Option<String>,
    /// Where to write to them.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have a password; without, they have not used their link yet.
    pub has_password: bool,
    /// Rises with every change; the ETag.
    pub revision: i64,
    /// When they were made known.
    pub created_at: DateTime<Utc>,
    /// When that was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A person who is to be made known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The name to sign in with: 2 to 64 small letters, digits, dots, hyphens and underscores.
    pub username: String,
    /// The name that others know them by.
    pub full_name: Option<String>,
    /// Where to write to them.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What an admin changes about a person (merge patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"role": "staff", "email": null}))]
pub struct UserUpdate {
    /// The name to sign in with.
    #[serde(deserialize_with = "patch::given")]
    pub username: Option<String>,
    /// The name that others know them by; null for none.
    #[serde(deserialize_with = "patch::given")]
    #[schema(value_type = Option<String>)]
    pub full_name: Option<Option<String>>,
    /// Where to write to them; null for nowhere.
    #[serde(deserialize_with = "patch::given")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    /// What they may do.
    #[serde(deserialize_with = "patch::given")]
    pub role: Option<Role>,
    /// Whether they may sign in.
    #[serde(deserialize_with = "patch::given")]
    pub active: Option<bool>,
}

/// What everybody may change about themselves (merge patch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"full_name": "María"}))]
pub struct OwnUpdate {
    /// The name that others know you by; null for none.
    #[serde(deserialize_with = "patch::given")]
    #[schema(value_type = Option<String>)]
    pub full_name: Option<Option<String>>,
    /// Where to write to you; null for nowhere.
    #[serde(deserialize_with = "patch::given")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
}

impl UserUpdate {
    /// The profile as it is to be.
    pub fn over(self, before: Profile) -> Profile {
        let Self { username, full_name, email, role, active } = self;
        Profile {
            username: username.unwrap_or(before.username),
            full_name: full_name.unwrap_or(before.full_name),
            email: email.unwrap_or(before.email),
            role: role.unwrap_or(before.role),
            active: active.unwrap_or(before.active),
            ..before
        }
    }
}

impl OwnUpdate {
    /// The profile as it is to be.
    pub fn over(self, before: Profile) -> Profile {
        let Self { full_name, email } = self;
        UserUpdate { full_name, email, ..UserUpdate::default() }.over(before)
    }
}

impl Profile {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        check(&self.username, self.full_name.as_deref(), self.email.as_deref())
    }
}

impl NewUser {
    /// Whether all the rules would hold, before anything is made.
    pub fn check(&self) -> Result<(), Error> {
        check(&username(&self.username), self.full_name.as_deref(), self.email.as_deref())
    }
}

fn check(username: &str, full_name: Option<&str>, email: Option<&str>) -> Result<(), Error> {
    let mut faults = Faults::default();
    faults.unless(is_username(username), "/username", "not_a_username");
    faults.optional_line("/full_name", full_name, 120);
    faults.email("/email", email);
    faults.finish()
}

/// A name to sign in with, as it is kept: phones like to begin with a capital and end with a blank.
pub fn username(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Whether somebody could have this name.
pub fn is_username(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (2..=64).contains(&name.len())
        && name.starts_with(plain)
        && name.chars().all(|letter| plain(letter) || "._-".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::{is_username, username};

    #[test]
    fn a_username_is_small_and_plain() {
        for good in ["maria", "m.garcía".replace('í', "i").as_str(), "bar-2", "a_b", "7up"] {
            assert!(is_username(good), "{good}");
        }
        for bad in ["", "a", "Maria", "maría", "-x", "a b", "a/b", "..", "<b>", "a\0", &"x".repeat(65)] {
            assert!(!is_username(bad), "{bad}");
        }
        assert_eq!(username(" Maria "), "maria");
    }
}
