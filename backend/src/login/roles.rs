//! Who may do what, said in a handler's arguments: the rule is where the reader looks.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::arrival;
use super::caller::Caller;
use crate::actor::Actor;
use crate::app::App;
use crate::error::Error;
use crate::users::user::Role;

/// Anybody who signed in, or a program for them.
#[derive(Debug)]
pub struct SignedIn(pub Caller);

/// Somebody who works here.
#[derive(Debug)]
pub struct Staff(pub Actor);

/// Somebody who looks after the menu.
#[derive(Debug)]
pub struct Manager(pub Actor);

/// Somebody who looks after people and the house.
#[derive(Debug)]
pub struct Admin(pub Actor);

/// An admin who signed in, not a program for them: a program cannot make itself keys, nor lock its person out.
#[derive(Debug)]
pub struct AdminInPerson(pub Actor);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        arrival::caller(app, &parts.headers).await.map(Self)
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Staff, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Manager {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Manager, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Admin, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for AdminInPerson {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let caller = arrival::caller(app, &parts.headers).await?;
        caller.may(Role::Admin)?;
        caller.session()?;
        Ok(Self(caller.actor()))
    }
}

async fn at_least(role: Role, parts: &Parts, app: &App) -> Result<Actor, Error> {
    let caller = arrival::caller(app, &parts.headers).await?;
    caller.may(role)?;
    Ok(caller.actor())
}
