//! `casavazquez user`: who may sign in, and what they may do.

mod create;
mod link;
mod list;
mod standing;
mod typed;
mod update;

use anyhow::{anyhow, bail};
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::actor::Actor;
use crate::app::App;
use crate::change::Change;
use crate::config::DataConfig;
use crate::error::Error;
use crate::users::store::{self, Person};
use crate::users::user::{ROLES, Role, username};

/// What the operator does for people.
#[derive(Clone, Debug, Subcommand)]
pub enum User {
    /// List everybody, by name
    List,
    /// Add somebody, with a password or with a link to choose one
    ///
    /// Asks for the password twice, or reads it from standard input in a pipe.
    Create(create::Create),
    /// Change somebody's role, names or email address
    ///
    /// One of them or several at once.
    Update(update::Update),
    /// Stop somebody from signing in, and end all they are signed in with
    Deactivate(Name),
    /// Let somebody sign in again
    Activate(Name),
    /// Delete somebody; the history keeps their name
    Delete(Name),
    /// Give somebody another password, and end all they are signed in with
    ///
    /// Asks for it twice, or reads it from standard input in a pipe.
    Password(Name),
    /// Print a link, once, with which somebody chooses a password
    ///
    /// An earlier link is no longer good. The password they have stays until they choose another.
    Invite(link::Invite),
    /// End all that somebody is signed in with
    SignOut(Name),
}

/// Whom it is about.
#[derive(clap::Args, Clone, Debug)]
pub struct Name {
    /// The name they sign in with
    #[arg(value_name = "NAME")]
    name: String,
}

impl User {
    /// Runs the command.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        match self {
            Self::List => list::run(data).await,
            Self::Create(create) => create.run(data).await,
            Self::Update(update) => update.run(data).await,
            Self::Deactivate(Name { name }) => standing::deactivate(data, &name).await,
            Self::Activate(Name { name }) => standing::activate(data, &name).await,
            Self::Delete(Name { name }) => standing::delete(data, &name).await,
            Self::Password(Name { name }) => typed::replace(data, &name).await,
            Self::Invite(invite) => invite.run(data).await,
            Self::SignOut(Name { name }) => standing::sign_out(data, &name).await,
        }
    }
}

/// Reads a role; the help lists them all.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(ROLES.map(Role::word)).try_map(|word| word.parse::<Role>())
}

/// Opens the database in which people should be. One that is not there is not made.
async fn open(data: &DataConfig) -> anyhow::Result<App> {
    let address = data.address()?;
    if address.is_missing() {
        bail!("there is no database at {} (name it in DATA_DIR or DATABASE_URL)", address.shown());
    }
    super::open(data).await
}

/// Makes one change to somebody, as they are at that moment.
async fn change<T>(
    app: &App,
    name: &str,
    work: impl AsyncFnOnce(&Change, Person) -> Result<T, Error>,
) -> anyhow::Result<T> {
    let found = async |change: &Change| {
        let person = store::find_by_name(change.db(), &username(name)).await?;
        work(change, person.ok_or(Error::NotFound("user"))?).await
    };
    app.change_unseen(&Actor::command_line(), found).await.map_err(|error| refused(error, name))
}

/// What to tell the operator when it did not work.
fn refused(error: Error, name: &str) -> anyhow::Error {
    match error {
        // What was typed may hold anything, also what a terminal would obey.
        Error::NotFound(_) => {
            anyhow!("there is nobody named '{}' (see: casavazquez user list)", username(name).escape_debug())
        }
        Error::Taken(_) => anyhow!("{error} (see: casavazquez user list)"),
        error => error.into(),
    }
}

/// A role with its article.
fn a(role: Role) -> &'static str {
    match role {
        Role::Staff => "one of the staff",
        Role::Manager => "a manager",
        Role::Admin => "an admin",
    }
}

/// What to do for somebody who cannot sign in yet or any more.
fn hint(person: &Person) -> String {
    let name = &person.profile.username;
    match (person.profile.active, &person.password_hash) {
        (true, Some(_)) => String::new(),
        (true, None) => format!(" There is no password yet (casavazquez user invite {name})."),
        (false, _) => {
            format!(" They cannot sign in as long as they are not active (casavazquez user activate {name}).")
        }
    }
}
