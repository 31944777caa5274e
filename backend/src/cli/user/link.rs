//! `casavazquez user invite`: a link with which somebody chooses a password.

use anyhow::bail;
use clap::Args;

use crate::config::{DataConfig, SiteConfig};
use crate::users::invitations::{self, Invitation};

/// Who is invited.
#[derive(Args, Clone, Debug)]
pub struct Invite {
    /// The name they sign in with
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    site: SiteConfig,
}

impl Invite {
    /// Runs the command.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let app = super::open(data).await?;
        let made = super::change(&app, &self.name, async |change, person| {
            if !person.profile.active {
                return Ok((person, None));
            }
            let invitation = invitations::create(change, &person).await?;
            Ok((person, Some(invitation)))
        });
        let (person, invitation) = made.await?;
        let name = &person.profile.username;
        let Some(invitation) = invitation else {
            bail!("{name} is not active, so a link would not let them in (first: casavazquez user activate {name})");
        };
        super::super::say(&format!("{name} is invited. {}", shown(&invitation, &self.site)))
    }
}

/// The link, with what to know about it.
pub fn shown(invitation: &Invitation, site: &SiteConfig) -> String {
    let end = invitation.expires_at.format("%Y-%m-%d %H:%M UTC");
    let link = invitations::link(site.public_url.as_ref(), &invitation.token);
    let before = match &site.public_url {
        Some(_) => "",
        None => "\nThe address of the site comes before it; PUBLIC_URL tells it.\n",
    };
    format!(
        "With this link they choose a password, once and until {end}:\n\n  {link}\n{before}\nIt is shown only this once."
    )
}
