//! `casavazquez user activate`, `deactivate`, `delete` and `sign-out`: who may come in, and who goes.

use crate::config::DataConfig;
use crate::users::store::{self, Person};
use crate::users::user::Profile;

/// Lets somebody in no longer.
pub async fn deactivate(data: &DataConfig, name: &str) -> anyhow::Result<()> {
    let (before, after) = set_active(data, name, false).await?;
    let name = &after.username;
    super::super::say(&if before.profile.active {
        format!("{name} can no longer sign in, and all they were signed in with has ended.")
    } else {
        format!("Nothing to do: {name} cannot sign in already.")
    })
}

/// Lets somebody in again.
pub async fn activate(data: &DataConfig, name: &str) -> anyhow::Result<()> {
    let (before, after) = set_active(data, name, true).await?;
    let name = &after.username;
    let was_active = before.profile.active;
    let hint = super::hint(&Person { profile: after.clone(), ..before });
    super::super::say(&match (was_active, hint.is_empty()) {
        (true, _) => format!("Nothing to do: {name} is active already.{hint}"),
        (false, true) => format!("{name} can sign in again."),
        (false, false) => format!("{name} is active again.{hint}"),
    })
}

/// Forgets somebody.
pub async fn delete(data: &DataConfig, name: &str) -> anyhow::Result<()> {
    let app = super::open(data).await?;
    let gone = super::change(&app, name, async |change, person| {
        store::delete(change, &person).await?;
        Ok(person.profile.username)
    });
    super::super::say(&format!("{} is deleted. The history keeps the name.", gone.await?))
}

/// Ends all that somebody is signed in with.
pub async fn sign_out(data: &DataConfig, name: &str) -> anyhow::Result<()> {
    let app = super::open(data).await?;
    let out = super::change(&app, name, async |change, person| {
        store::sign_out(change, &person).await?;
        Ok(person.profile.username)
    });
    super::super::say(&format!("All that {} was signed in with has ended.", out.await?))
}

async fn set_active(data: &DataConfig, name: &str, active: bool) -> anyhow::Result<(Person, Profile)> {
    let app = super::open(data).await?;
    let set = super::change(&app, name, async |change, person| {
        let after = store::update(change, &person, Profile { active, ..person.profile.clone() }).await?;
        Ok((person, after))
    });
    set.await
}
