//! What can go wrong on the way to an answer.

mod problem;

use std::io;
use std::time::Duration;

use axum::http::StatusCode;
use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use serde_json::Value;
use thiserror::Error;

pub use self::problem::{Problem, REQUEST_ID};
use crate::fault::{Fault, summary};

/// Everything that HTTP can run into. A variant says what happened, not which library said so.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such thing, or guests may not see it.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The name is used by another thing of the kind.
    #[error("another {0} has this name already")]
    Taken(&'static str),
    /// What should be one's own is another's; each fault names a field, and whose it is.
    #[error("{}", summary(.0))]
    Claimed(Vec<Fault>),
    /// The input breaks rules; each fault names its place.
    #[error("{}", summary(.0))]
    Invalid(Vec<Fault>),
    /// The body is not what its media type says: broken JSON, for instance.
    #[error("{0}")]
    Malformed(String),
    /// The body is longer than this address takes.
    #[error("the body is longer than the {0} bytes that are taken here")]
    TooLarge(usize),
    /// The body is of another media type than this address takes.
    #[error("this address takes {0}")]
    WrongMediaType(&'static str),
    /// What was sent as a picture is none.
    #[error("this is not {0}")]
    NotAPicture(&'static str),
    /// The request did not arrive in time.
    #[error("the request took too long to arrive")]
    TooSlow,
    /// Nobody has signed in, or no longer: an expired, ended or forged sign-in is none.
    #[error("sign in first")]
    NotSignedIn,
    /// No such person, not this password, or no longer welcome: nobody is told which.
    #[error("the name or the password is wrong")]
    WrongPassword,
    /// The one who asks is known, but may not do this.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// Too often; again after this time.
    #[error("too many requests; try again in {}", spoken(.0))]
    TooMany(Duration),
    /// The change is to a copy that is no longer the current one, which comes with the answer.
    #[error("this was changed meanwhile; look at the current copy")]
    Stale(Box<Value>),
    /// The change does not say which copy it is to.
    #[error("say in If-Match which copy this change is to (its ETag, or * for whichever)")]
    NoIfMatch,
    /// Later changes touched what is to be taken back; each fault names a field.
    #[error("later changes touched the same: {}", summary(.0))]
    Overtaken(Vec<Fault>),
    /// Something else still needs it.
    #[error("{0}")]
    InUse(String),
    /// An import is carried out once.
    #[error("this import is applied already (send the file again to import it again)")]
    AppliedAlready,
    /// The menu is no longer the one that an import was looked at with.
    #[error(
        "the menu was changed since this import was looked at; send the file again and look at what it would do now"
    )]
    LookAgain,
    /// Whoever may not come in needs no way in.
    #[error("this person may not come in (activate them first)")]
    Deactivated,
    /// Somebody has to be able to let others in.
    #[error("the last admin stays (make somebody else an admin first)")]
    LastAdmin,
    /// The method is not one this path knows.
    #[error("this method is not allowed here")]
    MethodNotAllowed,
    /// The request asks for a generation of the API that is not served.
    #[error("API version {0} is not served here; this is version 2")]
    UnsupportedVersion(String),
    /// An old address that only the old system wrote to.
    #[error("this address no longer takes changes; changes go to {0}")]
    Gone(&'static str),
    /// There is no card to show yet, because the database has not been reached since the server started.
    #[error("the card is not ready yet")]
    NoCard,
    /// As many listen as the house holds, or it is closing.
    #[error("no more can listen just now")]
    TooManyListeners,
    /// Too many pictures are being made already.
    #[error("other pictures are being made just now; send this one again")]
    DarkroomBusy,
    /// The database did not do its part.
    #[error("the database failed")]
    Database(#[from] DbErr),
    /// A file could not be read or written.
    #[error("a file failed")]
    File(#[source] io::Error),
    /// The place where the files of pictures are did not do its part.
    #[error("the storage of pictures failed")]
    Storage(#[from] object_store::Error),
    /// A picture could not be made.
    #[error("a picture could not be made: {0}")]
    Picture(String),
    /// The system gave no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(String),
    /// A password could not be hashed.
    #[error("hashing failed: {0}")]
    Hashing(String),
    /// A token could not be signed.
    #[error("signing failed: {0}")]
    Signing(String),
    /// A page could not be rendered.
    #[error("the page could not be rendered")]
    Page(String),
    /// A line of history is not what this version writes.
    #[error("the history cannot be read: {0}")]
    History(String),
    /// A mistake of ours; the server goes on.
    #[error("the server made a mistake")]
    Panic,
}

impl Error {
    /// One fault, as an error.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, params: Value) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, params)])
    }

    /// The same about a part that was sent alone: what stands below `prefix` stands at the top there.
    #[must_use]
    pub fn within(self, prefix: &str) -> Self {
        let Self::Invalid(mut faults) = self else { return self };
        for fault in &mut faults {
            if fault.pointer.starts_with(prefix) {
                fault.pointer.drain(..prefix.len() - 1);
            }
        }
        Self::Invalid(faults)
    }

    /// `Taken` where the database says that a value is used already, else the failure itself.
    pub fn taken(thing: &'static str) -> impl FnOnce(DbErr) -> Self {
        move |error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken(thing),
            _ => Self::Database(error),
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::UnsupportedVersion(_) | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotSignedIn | Self::WrongPassword => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Taken(_)
            | Self::Claimed(_)
            | Self::InUse(_)
            | Self::Overtaken(_)
            | Self::LastAdmin
            | Self::Deactivated
            | Self::AppliedAlready
            | Self::LookAgain => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::Stale(_) => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongMediaType(_) | Self::NotAPicture(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoIfMatch => StatusCode::PRECONDITION_REQUIRED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoCard | Self::TooManyListeners | Self::DarkroomBusy | Self::Storage(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Database(error) if is_away(error) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_)
            | Self::File(_)
            | Self::Picture(_)
            | Self::NoRandomness(_)
            | Self::Hashing(_)
            | Self::Signing(_)
            | Self::Page(_)
            | Self::History(_)
            | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Whether the database is not there, or held by somebody for longer than anybody waits; not that it was asked wrongly.
fn is_away(error: &DbErr) -> bool {
    let cause = match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => return true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return false,
    };
    match cause.as_ref() {
        // SQLite: busy, locked. PostgreSQL: shutting down, starting, too many connections.
        sqlx::Error::Database(said) => said.code().is_some_and(|code| {
            let busy = ["5", "6", "261", "262", "517"];
            busy.contains(&code.as_ref()) || code.starts_with("57P") || code == "53300"
        }),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        _ => false,
    }
}

/// Whole seconds, and never too few.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// A time as people say it.
fn spoken(wait: &Duration) -> String {
    match seconds(*wait) {
        0 | 1 => "a second".to_owned(),
        seconds @ ..90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// An error with all its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Many errors quote their cause already.
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        cause = error.source();
    }
    line
}
