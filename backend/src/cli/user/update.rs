//! `casavazquez user update`: another role, other names.

use clap::{ArgGroup, Args};

use super::{a, role};
use crate::config::DataConfig;
use crate::users::store::{self, Person};
use crate::users::user::{Profile, Role};

/// What changes. What is not named stays.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("changes").args(["role", "full_name", "email", "name"]).required(true).multiple(true)))]
pub struct Update {
    /// The name they sign in with
    #[arg(value_name = "NAME")]
    user: String,
    /// What they may do: staff marks sold out, a manager changes the menu, an admin looks after people and the house
    #[arg(long, value_parser = role())]
    role: Option<Role>,
    /// The name that others know them by; "" takes it away
    #[arg(long, value_name = "TEXT")]
    full_name: Option<String>,
    /// Their email address; "" takes it away
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Another name to sign in with
    #[arg(long, value_name = "NEW")]
    name: Option<String>,
}

impl Update {
    /// Runs the command.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let Self { user, role, full_name, email, name } = self;
        let app = super::open(data).await?;
        let changed = super::change(&app, &user, async |change, person| {
            let before = person.profile.clone();
            let after = Profile {
                role: role.unwrap_or(before.role),
                full_name: text(full_name, before.full_name.clone()),
                email: text(email, before.email.clone()),
                username: name.unwrap_or_else(|| before.username.clone()),
                ..before
            };
            let after = store::update(change, &person, after).await?;
            Ok((person, after))
        });
        let (person, after) = changed.await?;
        let told = told(&person.profile, &after);
        super::super::say(&format!("{told}{}", super::hint(&Person { profile: after, ..person })))
    }
}

/// What a field becomes: as it was, nothing, or what was given.
fn text(given: Option<String>, before: Option<String>) -> Option<String> {
    let Some(given) = given else { return before };
    Some(given.trim().to_owned()).filter(|given| !given.is_empty())
}

fn told(before: &Profile, after: &Profile) -> String {
    let mut news = Vec::new();
    if after.username != before.username {
        news.push(format!("signs in as {} now", after.username));
    }
    if after.role != before.role {
        news.push(format!("is {} now", a(after.role)));
    }
    if after.full_name != before.full_name {
        news.push(match &after.full_name {
            Some(name) => format!("has the full name {name}"),
            None => "has no full name any more".to_owned(),
        });
    }
    if after.email != before.email {
        news.push(match &after.email {
            Some(email) => format!("has the email address {email}"),
            None => "has no email address any more".to_owned(),
        });
    }
    if news.is_empty() {
        return format!("Nothing to do: {} is like that already.", before.username);
    }
    format!("{} {}.", before.username, news.join(", "))
}
