//! `casavazquez seed`: fills an empty database with the demo menu and its first user.

use anyhow::bail;
use sea_orm::{ConnectionTrait, DbErr};

use crate::actor::Actor;
use crate::app::App;
use crate::change::Change;
use crate::config::DataConfig;
use crate::demo::Demo;
use crate::users::password;
use crate::users::user::{NewUser, Role};
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

/// Puts the demo menu into a database that has nothing in it; says whether it did. Of several processes that start at
/// once, one does.
pub async fn demo(app: &App) -> anyhow::Result<bool> {
    if !is_empty(&app.db).await? {
        return Ok(false);
    }
    let demo = Demo::read()?;
    let set = async |change: &Change| {
        let empty = is_empty(change.db()).await?;
        if empty {
            demo.set(change).await?;
        }
        Ok(empty)
    };
    Ok(app.change(&Actor::house(), set).await?)
}

/// Whether nobody has put anything into the database yet.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(menu::sections::list(db).await?.is_empty() && house::store::find(db).await?.is_none())
}

/// Makes the user `admin` where there is nobody, and prints the password this once. Where there is somebody but no admin,
/// it says how to make one: a stranger's database is no place for a new key.
pub async fn admin(app: &App) -> anyhow::Result<()> {
    let people = users::store::list(&app.db).await?;
    if !people.is_empty() {
        if !people.iter().any(|person| person.active && person.role == Role::Admin) {
            tracing::warn!("there is no active admin (make one: casavazquez user create NAME --role admin)");
        }
        return Ok(());
    }
    let password = password::random()?;
    let hash = password::hash(&password)?;
    let make = async |change: &Change| {
        let nobody = users::store::is_empty(change.db()).await?;
        if nobody {
            let admin = NewUser { username: "admin".to_owned(), full_name: None, email: None, role: Role::Admin };
            users::store::create(change, admin, Some(hash)).await?;
        }
        Ok(nobody)
    };
    if app.change_unseen(&Actor::house(), make).await? {
        super::say(&format!("\n  User:      admin\n  Password:  {password}\n\n  It is shown only this once.\n"))?;
    }
    Ok(())
}
