//! Somebody who has been let in, and how.

use uuid::Uuid;

use crate::actor::{Actor, Source};
use crate::error::Error;
use crate::users::user::{Profile, Role};

/// Somebody who has been let in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub profile: Profile,
    /// What they may do now: their role, or less with a token that was made for less.
    pub role: Role,
    /// With which key they came.
    pub key: Key,
    /// The way they came.
    pub source: Source,
}

/// With which key somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// They signed in, in this session.
    Session(Uuid),
    /// A program came for them, with this API token.
    Token(Uuid),
}

impl Caller {
    /// Who their changes are written down under.
    pub fn actor(&self) -> Actor {
        Actor { name: self.profile.username.clone(), source: self.source }
    }

    /// Whether they may do what this role may.
    pub fn may(&self, role: Role) -> Result<(), Error> {
        if self.role >= role {
            return Ok(());
        }
        Err(Error::NotAllowed(match role {
            Role::Staff => "this takes somebody who works here",
            Role::Manager => "this takes a manager",
            Role::Admin => "this takes an admin",
        }))
    }

    /// The session they signed in with. A program cannot make itself more keys, nor lock its person out.
    pub fn session(&self) -> Result<Uuid, Error> {
        match self.key {
            Key::Session(session) => Ok(session),
            Key::Token(_) => Err(Error::NotAllowed("this takes somebody who signed in, not a program's token")),
        }
    }
}
