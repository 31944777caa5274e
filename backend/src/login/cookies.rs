//! The cookies in which a browser keeps its keys: no script reads them, no other site sends them.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use super::door::Admitted;
use super::keys::ACCESS;
use crate::error::Error;

/// Where the refresh token is sent to, and nowhere else.
const AUTH: &str = "/api/v1/auth";

/// The two cookies, as this server names them.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Cookies that go over encrypted connections only, unless a developer asked for others.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// The access token that a request brings.
    pub fn access(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.access_name())
    }

    /// The refresh token that a request brings.
    pub fn refresh(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.refresh_name())
    }

    /// The lines that give a browser its keys.
    pub fn give(self, admitted: &Admitted) -> Result<[HeaderValue; 2], Error> {
        let access = (self.access_name(), admitted.access_token.text(), "/", ACCESS.num_seconds());
        let refresh = (self.refresh_name(), admitted.refresh.token.text(), AUTH, admitted.refresh.lasts.num_seconds());
        Ok([self.line(access)?, self.line(refresh)?])
    }

    /// The lines that take them away.
    pub fn take(self) -> Result<[HeaderValue; 2], Error> {
        Ok([self.line((self.access_name(), "", "/", 0))?, self.line((self.refresh_name(), "", AUTH, 0))?])
    }

    fn line(self, (name, value, path, seconds): (&str, &str, &str, i64)) -> Result<HeaderValue, Error> {
        let cookie = Cookie::build((name, value))
            .path(path)
            .max_age(Duration::seconds(seconds))
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Strict);
        HeaderValue::from_str(&cookie.to_string()).map_err(|error| Error::Signing(error.to_string()))
    }

    // A browser takes names with these prefixes only over encrypted connections, and `__Host-` from no other host.
    fn access_name(self) -> &'static str {
        if self.secure { "__Host-casavazquez-access" } else { "casavazquez-access" }
    }

    fn refresh_name(self) -> &'static str {
        if self.secure { "__Secure-casavazquez-refresh" } else { "casavazquez-refresh" }
    }
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = lines.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name);
    let value = found.next()?.value().to_owned();
    // A neighbouring host may have slipped in a second one; nobody can tell which is ours.
    found.next().is_none().then_some(value)
}
