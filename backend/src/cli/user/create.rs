//! `casavazquez user create`: somebody new, with a password or a link to choose one.

use clap::Args;

use super::{a, link, refused, role, typed};
use crate::actor::Actor;
use crate::change::Change;
use crate::config::{DataConfig, SiteConfig};
use crate::error::Error;
use crate::users::user::{NewUser, Role, username};
use crate::users::{invitations, password, store};

/// Who is new.
#[derive(Args, Clone, Debug)]
pub struct Create {
    /// The name to sign in with: 2 to 64 small letters, digits, dots, hyphens and underscores
    #[arg(value_name = "NAME")]
    name: String,
    /// What they may do: staff marks sold out, a manager changes the menu, an admin looks after people and the house
    #[arg(long, value_parser = role())]
    role: Role,
    /// The name that others know them by
    #[arg(long, value_name = "TEXT")]
    full_name: Option<String>,
    /// Their email address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Print a link, once, with which they choose a password themselves
    #[arg(long)]
    invite: bool,
    #[command(flatten)]
    site: SiteConfig,
}

impl Create {
    /// Runs the command. All that can be wrong is found before a password is asked for.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let Self { name, role, full_name, email, invite, site } = self;
        let some = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let name = username(&name);
        let new = NewUser { username: name.clone(), full_name: some(full_name), email: some(email), role };
        new.check()?;
        let address = data.address()?;
        if !address.is_missing() {
            let app = super::super::open(data).await?;
            if store::find_by_name(&app.db, &name).await?.is_some() {
                return Err(refused(Error::Taken("user"), &name));
            }
        }
        let hash = if invite { None } else { Some(password::hash(&typed::new_password(&name)?)?) };
        let is_new = address.is_missing();
        let app = super::super::open(data).await?;
        if is_new {
            super::super::say(&format!("There was no database at {} yet; now there is.", address.shown()))?;
        }
        let work = async |change: &Change| {
            let made = store::create(change, new, hash).await?;
            if !invite {
                return Ok(None);
            }
            let person = store::get(change.db(), made.id).await?;
            invitations::create(change, &person).await.map(Some)
        };
        let made = app.change_unseen(&Actor::command_line(), work).await.map_err(|error| refused(error, &name))?;
        super::super::say(&match made {
            None => format!("{name} is {} now and can sign in.", a(role)),
            Some(invitation) => format!("{name} is {} now. {}", a(role), link::shown(&invitation, &site)),
        })
    }
}
