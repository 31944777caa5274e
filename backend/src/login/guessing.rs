//! Against guessing: failures are counted by account and by address, in the database, so that they count on all instances.
//!
//! An attempt is written down before its password is looked at: however many come at once, each counts the others.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::digest;
use crate::error::Error;

mod rows {
    use sea_orm::entity::prelude::*;

    /// `login_attempts`: somebody tried to sign in.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "login_attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: String,
        pub address: String,
        pub at: ChronoDateTimeUtc,
        pub succeeded: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Failures that anybody may have with one account within `MEMORY` before there is a delay.
const ACCOUNT_FREE: u64 = 5;
/// Failures that one address may have, with whatever accounts: a whole bar can sit behind one.
const ADDRESS_FREE: u64 = 20;
/// How long a failure counts.
const MEMORY: TimeDelta = TimeDelta::hours(1);
/// How long an address is known to be an account's after it signed in from there.
const ACQUAINTANCE: TimeDelta = TimeDelta::days(30);
/// The first delay. Each failure doubles it.
const FIRST: Duration = Duration::from_secs(1);
/// The longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// An attempt that may go on.
#[derive(Debug)]
pub struct Attempt {
    id: Uuid,
    at: DateTime<Utc>,
    /// Whether the account has signed in from there before.
    pub known: bool,
}

/// Writes an attempt down, or says how long to wait before the next.
///
/// Where an account has signed in from before, only failures with it from there count: strangers cannot lock the owner
/// out, nor can guests at the same address who try other names.
pub async fn begin(
    db: &impl ConnectionTrait,
    username: &str,
    address: &str,
    at: DateTime<Utc>,
) -> Result<Attempt, Error> {
    let account = digest::short(username.as_bytes());
    let id = Uuid::now_v7();
    let row = rows::Model { id, account: account.clone(), address: address.to_owned(), at, succeeded: false };
    rows::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    let with_account = rows::Column::Account.eq(&account);
    let from_address = rows::Column::Address.eq(address);
    let both = with_account.clone().and(from_address.clone());
    let acquainted = rows::Entity::find()
        .filter(both.clone())
        .filter(rows::Column::Succeeded.eq(true))
        .filter(rows::Column::At.gt(at - ACQUAINTANCE));
    let known = acquainted.limit(1).count(db).await? > 0;
    let attempt = Attempt { id, at, known };
    let wait = if known {
        Failures::of(db, both, &attempt).await?.wait(ADDRESS_FREE, at)
    } else {
        let by_address = Failures::of(db, from_address, &attempt).await?.wait(ADDRESS_FREE, at);
        by_address.max(Failures::of(db, with_account, &attempt).await?.wait(ACCOUNT_FREE, at))
    };
    if wait.is_zero() {
        return Ok(attempt);
    }
    if wait <= FIRST {
        // Said when it begins; each further try would only say it again.
        tracing::warn!(account, "too many wrong passwords: each further one has to wait");
    }
    // An attempt that was not let through proves nothing, and must not make the wait longer.
    forget(db, &attempt).await?;
    Err(Error::TooMany(wait))
}

/// The password was right.
pub async fn succeeded(db: &impl ConnectionTrait, attempt: &Attempt) -> Result<(), DbErr> {
    let row = rows::ActiveModel { id: Set(attempt.id), succeeded: Set(true), ..Default::default() };
    rows::Entity::update(row).exec_without_returning(db).await?;
    Ok(())
}

/// Somebody came in here without a password, by a link: the account is known from here on.
pub async fn acquaint(
    db: &impl ConnectionTrait,
    username: &str,
    address: &str,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let account = digest::short(username.as_bytes());
    let row = rows::Model { id: Uuid::now_v7(), account, address: address.to_owned(), at, succeeded: true };
    rows::Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
}

/// The attempt did not happen: the password was never looked at.
pub async fn forget(db: &impl ConnectionTrait, attempt: &Attempt) -> Result<(), DbErr> {
    rows::Entity::delete_by_id(attempt.id).exec(db).await.map(drop)
}

/// Forgets the failures with an account: its person has another password now.
pub async fn forgive(db: &impl ConnectionTrait, username: &str) -> Result<(), DbErr> {
    let failed = rows::Column::Succeeded.eq(false).and(rows::Column::Account.eq(digest::short(username.as_bytes())));
    rows::Entity::delete_many().filter(failed).exec(db).await.map(drop)
}

/// Forgets what no longer counts.
pub async fn clean(db: &impl ConnectionTrait, attempt: &Attempt) -> Result<(), DbErr> {
    let failed = rows::Column::Succeeded.eq(false).and(rows::Column::At.lt(attempt.at - MEMORY));
    let old = failed.or(rows::Column::At.lt(attempt.at - ACQUAINTANCE));
    rows::Entity::delete_many().filter(old).exec(db).await.map(drop)
}

/// Failures that came before an attempt.
struct Failures {
    count: u64,
    last: Option<DateTime<Utc>>,
}

impl Failures {
    async fn of(
        db: &impl ConnectionTrait,
        whose: sea_orm::sea_query::SimpleExpr,
        attempt: &Attempt,
    ) -> Result<Self, DbErr> {
        let failures = rows::Entity::find()
            .filter(whose)
            .filter(rows::Column::Succeeded.eq(false))
            .filter(rows::Column::At.gt(attempt.at - MEMORY))
            .filter(rows::Column::Id.ne(attempt.id));
        // No wait grows after this many.
        let times = failures.order_by_desc(rows::Column::At).limit(ADDRESS_FREE + 20).all(db).await?;
        Ok(Self { count: times.len() as u64, last: times.first().map(|row| row.at) })
    }

    /// How long to wait at `now`, when so many failures are free.
    fn wait(&self, free: u64, now: DateTime<Utc>) -> Duration {
        let Some((last, more)) = self.last.zip(self.count.checked_sub(free)) else { return Duration::ZERO };
        let delay = if more < 10 { TimeDelta::seconds(1 << more) } else { LONGEST };
        (last + delay - now).to_std().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::Failures;

    #[test]
    fn each_failure_doubles_the_delay_up_to_a_quarter_of_an_hour() {
        let now: DateTime<Utc> = "2026-07-17T12:00:00Z".parse().unwrap();
        let wait = |count| Failures { count, last: Some(now) }.wait(5, now).as_secs();
        let waits: Vec<u64> = (0..17).map(wait).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u64::MAX), 900);
        let later = now + TimeDelta::seconds(3);
        assert_eq!(Failures { count: 7, last: Some(now) }.wait(5, later), Duration::from_secs(1));
        assert_eq!(Failures { count: 6, last: Some(now) }.wait(5, later), Duration::ZERO);
    }
}
