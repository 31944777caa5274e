//! `casavazquez seed`: fills an empty database with the demo menu and its first user.

use anyhow::bail;

use crate::actor::Actor;
use crate::app::App;
use crate::config::DataConfig;
use crate::demo::Demo;
use crate::users::password;
use crate::users::user::Role;
use crate::{house, menu, users};

/// Runs the command.
pub async fn run(data: &DataConfig) -> anyhow::Result<()> {
    let app = super::open(data).await?;
    if !demo(&app).await? {
        bail!("the database is not empty, so the demo menu was not put into it");
    }
    super::say("The demo menu is in the database.")?;
    admin(&app).await
}

/// Puts the demo menu into a database that has nothing in it; says whether it did.
pub async fn demo(app: &App) -> anyhow::Result<bool> {
    let empty = menu::store::list_sections(&app.db).await?.is_empty() && house::store::find(&app.db).await?.is_none();
    if empty {
        let demo = Demo::read()?;
        app.change(&Actor::house(), async |change| demo.set(change).await).await?;
    }
    Ok(empty)
}

/// Makes the user `admin` where there is nobody, and prints the password this once.
pub async fn admin(app: &App) -> anyhow::Result<()> {
    if !users::store::is_empty(&app.db).await? {
        return Ok(());
    }
    let password = password::random()?;
    let hash = password::hash(&password)?;
    app.change(&Actor::house(), async |change| users::store::create(change, "admin", Role::Admin, hash).await).await?;
    super::say(&format!("\n  User:      admin\n  Password:  {password}\n\n  It is shown only this once.\n"))
}
