//! The door: signing in and out, coming back, and being recognised.

use std::sync::Arc;

use uuid::Uuid;

use super::caller::{Caller, Key};
use super::guessing;
use super::hashing::Hashing;
use super::keys::{Claims, Keys};
use super::sessions::{self, Found, Fresh, Session};
use crate::actor::{Actor, Source};
use crate::change::Ledger;
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::error::Error;
use crate::fault::none;
use crate::secret::Secret;
use crate::tokens;
use crate::users::store::Person;
use crate::users::user::{self, Profile};
use crate::users::{self, invitations, strength};

/// Who keeps the door.
#[derive(Clone, Debug)]
pub struct Door {
    db: Db,
    clock: Clock,
    ledger: Ledger,
    keys: Arc<Keys>,
    /// Where passwords are hashed.
    pub hashing: Hashing,
}

/// Where somebody stands who wants to come in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their address, as attempts are counted by.
    pub address: String,
    /// The browser or program, as it calls itself.
    pub client: String,
}

/// Somebody came in.
#[derive(Debug)]
pub struct Admitted {
    /// Who it is.
    pub profile: Profile,
    /// What to show at each request, for a quarter of an hour.
    pub access_token: Secret,
    /// What to show once, to get the next pair.
    pub refresh: Fresh,
}

impl Door {
    /// A door with the keys that the settings name.
    pub fn new(db: Db, clock: Clock, ledger: Ledger, settings: &Settings) -> Result<Self, Error> {
        let keys = Arc::new(Keys::new(&settings.keys)?);
        Ok(Self { db, clock, ledger, keys, hashing: Hashing::default() })
    }

    /// Lets somebody in by name and password. Who is unknown, has another password or may no longer come in is told the
    /// same, after the same time.
    pub async fn sign_in(&self, name: &str, password: String, visitor: &Visitor) -> Result<Admitted, Error> {
        let person = self.confirmed(name, password, visitor).await?;
        sessions::clean(&self.db, self.clock.now()).await?;
        self.admit(person, visitor).await
    }

    /// Who has this name and this password, as often as one may try.
    async fn confirmed(&self, name: &str, password: String, visitor: &Visitor) -> Result<Person, Error> {
        let username = user::username(name);
        let attempt = guessing::begin(&self.db, &username, &visitor.address, self.clock.now()).await?;
        // What nobody can be called is not asked for; it might not even be a text for the database.
        let person =
            if user::is_username(&username) { users::store::find_by_name(&self.db, &username).await? } else { None };
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let judged = if attempt.known {
            self.hashing.is_right(password, hash).await
        } else {
            self.hashing.is_right_of_stranger(password, hash).await
        };
        let right = match judged {
            Ok(right) => right,
            Err(error) => {
                guessing::forget(&self.db, &attempt).await?;
                return Err(error);
            }
        };
        guessing::clean(&self.db, &attempt).await?;
        let Some(person) = person.filter(|person| right && person.profile.active) else {
            return Err(Error::WrongPassword);
        };
        guessing::succeeded(&self.db, &attempt).await?;
        Ok(person)
    }

    /// Begins a session for somebody who has shown who they are.
    async fn admit(&self, person: Person, visitor: &Visitor) -> Result<Admitted, Error> {
        let refresh = sessions::begin(&self.db, &person, &visitor.client, self.clock.now()).await?;
        self.admitted(person, refresh)
    }

    /// Lets somebody go on with a refresh token. One that was used before ends the session for whoever has it.
    pub async fn refresh(&self, token: &str) -> Result<Admitted, Error> {
        let now = self.clock.now();
        let good = match sessions::find(&self.db, token, now).await? {
            Found::Good(good) => good,
            Found::Spent(session) => return self.end_stolen(&session).await,
        };
        let person = users::store::find(&self.db, good.user_id()).await?;
        let same = |person: &Person| person.profile.active && person.token_version == good.token_version();
        let person = person.filter(same).ok_or(Error::NotSignedIn)?;
        if let Some(refresh) = sessions::renew(&self.db, good, now).await? {
            return self.admitted(person, refresh);
        }
        match sessions::find(&self.db, token, now).await? {
            Found::Spent(session) => self.end_stolen(&session).await,
            Found::Good(_) => Err(Error::NotSignedIn),
        }
    }

    /// Who comes with a token, if they may.
    pub async fn recognise(&self, token: &str, source: Source) -> Result<Caller, Error> {
        let now = self.clock.now();
        if tokens::token::is_one(token) {
            let (token, person) = tokens::store::recognise(&self.db, token, now).await?;
            let role = token.role.min(person.profile.role);
            return Ok(Caller { profile: person.profile, role, key: Key::Token(token.id), source: Source::Api });
        }
        let Claims { sub, sid, ver, .. } = self.keys.read(token, now)?;
        let person = users::store::find(&self.db, sub).await?;
        let person = person.filter(|person| person.profile.active && person.token_version == ver);
        let profile = person.ok_or(Error::NotSignedIn)?.profile;
        if !sessions::is_open(&self.db, sid, now).await? {
            return Err(Error::NotSignedIn);
        }
        Ok(Caller { role: profile.role, profile, key: Key::Session(sid), source })
    }

    /// Ends a session of a person.
    pub async fn sign_out(&self, user_id: Uuid, session: Uuid) -> Result<(), Error> {
        sessions::end(&self.db, user_id, session, self.clock.now()).await?;
        Ok(())
    }

    /// Ends the session that a refresh token belongs to, if it is good.
    pub async fn sign_out_with(&self, token: &str) -> Result<(), Error> {
        match sessions::find(&self.db, token, self.clock.now()).await {
            Ok(Found::Good(good)) => self.sign_out(good.user_id(), good.session()).await,
            Ok(Found::Spent(session)) => self.end_stolen(&session).await.or_else(passed_over),
            Err(error) => passed_over(error),
        }
    }

    /// Ends a session of a person for somebody else or from elsewhere, which the history tells.
    pub async fn end_session_of(&self, by: &Actor, person: &Person, id: Uuid) -> Result<(), Error> {
        let open = sessions::list(&self.db, person, None, self.clock.now()).await?;
        let session = open.into_iter().find(|session| session.id == id).ok_or(Error::NotFound("session"))?;
        self.end_session(by, &session).await
    }

    /// Ends all sessions of somebody but the one that asks, which the history tells.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<(), Error> {
        let current = caller.session()?;
        let by = caller.actor();
        self.ledger
            .change_unseen(&by, async |change| {
                if sessions::end_others(change.db(), caller.profile.id, current, change.at()).await? > 0 {
                    change.record("sessions", caller.profile.id, Some(&caller.profile), None).await?;
                }
                Ok(())
            })
            .await
    }

    /// Ends a session, which the history tells.
    async fn end_session(&self, by: &Actor, session: &Session) -> Result<(), Error> {
        self.ledger
            .change_unseen(by, async |change| {
                sessions::end(change.db(), session.user_id, session.id, change.at()).await?;
                Ok(change.record("session", session.id, Some(session), None).await?)
            })
            .await
    }

    /// Lets somebody choose a password with a one-time link, and in.
    pub async fn accept(&self, token: &str, password: String, visitor: &Visitor) -> Result<Admitted, Error> {
        let person = invitations::find(&self.db, token, self.clock.now()).await?;
        strength::check("/password", &password, &person.profile.username)?;
        let hash = self.hashing.hash(password).await?;
        let username = person.profile.username;
        let by = Actor { name: username.clone(), source: Source::Website };
        let accepted = self.ledger.change_unseen(&by, async |change| {
            // Looked up again, now that nobody else can use it any more.
            let person = invitations::find(change.db(), token, change.at()).await?;
            invitations::accept(change, &person, hash).await
        });
        let person = accepted.await?;
        guessing::forgive(&self.db, &username).await?;
        guessing::acquaint(&self.db, &username, &visitor.address, self.clock.now()).await?;
        self.admit(person, visitor).await
    }

    /// Gives somebody another password who knows the one so far. Wherever else they are signed in, they no longer are.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: String,
        password: String,
        visitor: &Visitor,
    ) -> Result<Admitted, Error> {
        strength::check("/password", &password, &caller.profile.username)?;
        let confirmed = self.confirmed(&caller.profile.username, current, visitor).await;
        let person = confirmed.map_err(|error| match error {
            // 401 would say that nobody is signed in.
            Error::WrongPassword => Error::invalid("/current", "wrong_password", none()),
            error => error,
        })?;
        let hash = self.hashing.hash(password).await?;
        let by = caller.actor();
        let changed = self.ledger.change_unseen(&by, async |change| {
            let now = users::store::get(change.db(), person.profile.id).await?;
            // Somebody else may have given them another one meanwhile, or shown them out.
            if now.token_version != person.token_version {
                return Err(Error::NotSignedIn);
            }
            users::store::set_password(change, &now, hash).await
        });
        let person = changed.await?;
        guessing::forgive(&self.db, &caller.profile.username).await?;
        self.admit(person, visitor).await
    }

    fn admitted(&self, person: Person, refresh: Fresh) -> Result<Admitted, Error> {
        let claims = Claims::new(person.profile.id, refresh.session, person.token_version, self.clock.now());
        Ok(Admitted { access_token: self.keys.sign(&claims)?.into(), profile: person.profile, refresh })
    }

    /// Nobody can tell the thief from the owner, so both have to sign in again; and the owner can read why.
    async fn end_stolen<T>(&self, session: &Session) -> Result<T, Error> {
        tracing::warn!(session = %session.id, "a refresh token came a second time: its session is ended");
        self.ledger
            .change_unseen(&Actor::door(), async |change| {
                sessions::end(change.db(), session.user_id, session.id, change.at()).await?;
                Ok(change.record("stolen session", session.id, Some(session), None).await?)
            })
            .await?;
        Err(Error::NotSignedIn)
    }
}

/// Whoever is not signed in is signed out already.
fn passed_over(error: Error) -> Result<(), Error> {
    if matches!(error, Error::NotSignedIn) { Ok(()) } else { Err(error) }
}
