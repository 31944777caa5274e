//! Every setting: its flag, its variable, its default, and a sentence about it.

pub mod media;
mod settings;

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::builder::{Resettable, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Args, Command, ValueEnum};
use url::Url;

use self::media::MediaConfig;
pub use self::settings::{Origin, Settings};
use crate::db::Address;
use crate::secret::Secret;

/// Where the data is.
#[derive(Args, Clone, Debug)]
#[command(mut_args = unless_empty)]
pub struct DataConfig {
    /// The database: sqlite:///path/to/file.db or postgres://user:password@host/database
    ///
    /// Without it, a SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL", global = true)]
    pub database_url: Option<Secret>,
    /// The folder for what the server keeps: the SQLite file and the copy of the card
    #[arg(long, env = "DATA_DIR", value_name = "FOLDER", default_value = "data", global = true)]
    pub data_dir: PathBuf,
}

/// How the server listens and speaks.
#[derive(Args, Clone, Debug)]
#[command(mut_args = unless_empty)]
pub struct ServerConfig {
    /// The address to listen on; 0.0.0.0 for all
    #[arg(long, env = "HOST", value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port to listen on
    #[arg(long, env = "PORT", value_name = "PORT", default_value_t = 8080)]
    pub port: u16,
    #[command(flatten)]
    site: SiteConfig,
    #[command(flatten)]
    media: MediaConfig,
    #[command(flatten)]
    safety: SafetyConfig,
}

/// Where the site is found.
#[derive(Args, Clone, Debug)]
#[command(mut_args = unless_empty)]
pub struct SiteConfig {
    /// The public address of the site, for links that search engines and invited people follow
    #[arg(long, env = "PUBLIC_URL", value_name = "URL", value_parser = SiteParser)]
    pub public_url: Option<Url>,
}

/// Reads the address of a site. A wrong one is not repeated: it may hold a password.
#[derive(Clone)]
struct SiteParser;

/// Whom the server trusts.
#[derive(Args, Clone, Debug)]
struct SafetyConfig {
    /// What the server is for; staging and production start only with safe settings
    #[arg(long, env = "ENVIRONMENT", value_name = "NAME", default_value = "development")]
    environment: Environment,
    /// The key that signs access tokens, 32 characters or more; without, one that lasts until the server stops
    #[arg(long, env = "SECRET_KEY", hide_env_values = true, value_name = "KEY")]
    secret_key: Option<Secret>,
    /// The key before it: tokens signed with it stay good until they end
    #[arg(long, env = "PREVIOUS_SECRET_KEY", hide_env_values = true, value_name = "KEY")]
    previous_secret_key: Option<Secret>,
    /// Send cookies without encryption too, to try a development server from a phone
    #[arg(
        long,
        env = "INSECURE_COOKIES",
        value_name = "SWITCH",
        default_value = "off",
        default_missing_value = "on",
        num_args = 0..=1
    )]
    insecure_cookies: Switch,
    /// Origins of other web pages that may call the API, with commas; * for all
    #[arg(long, env = "ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<Origin>,
    /// How many proxies stand in front of the server and write X-Forwarded-For
    #[arg(long, env = "TRUSTED_HOPS", value_name = "NUMBER", default_value_t = 0)]
    trusted_hops: u8,
    /// Whether an address may ask only so often; off for measurements
    #[arg(long, env = "RATE_LIMIT", value_name = "SWITCH", default_value = "on")]
    rate_limit: Switch,
    /// A Redis or Valkey server in which several instances count together: redis://host:6379
    #[arg(long, env = "REDIS_URL", hide_env_values = true, value_name = "URL")]
    redis_url: Option<Secret>,
}

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Environment {
    Development,
    Staging,
    Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl ServerConfig {
    /// The settings, if they are safe enough for what the server is for; all that are not are named at once.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let SafetyConfig { environment, secret_key, previous_secret_key, .. } = &self.safety;
        let redis_url = self.safety.redis_url.as_ref().map(|url| Url::parse(url.text()));
        let schemes = ["redis", "rediss", "valkey", "valkeys", "unix"];
        let no_redis = redis_url.as_ref().is_some_and(|url| {
            let scheme = url.as_ref().map_or("", Url::scheme);
            !schemes.contains(&scheme)
        });
        let media = self.media.place();
        let settings = Settings {
            public_url: self.site.public_url.clone(),
            keys: [secret_key, previous_secret_key].into_iter().flatten().cloned().collect(),
            secure_cookies: self.safety.insecure_cookies == Switch::Off,
            allowed_origins: self.safety.allowed_origins.clone(),
            trusted_hops: self.safety.trusted_hops.into(),
            rate_limit: self.safety.rate_limit == Switch::On,
            redis_url: redis_url.and_then(Result::ok),
            media: media.clone().ok().flatten(),
        };
        let public = *environment != Environment::Development;
        let weak = |key: &Option<Secret>| key.as_ref().is_some_and(Secret::is_weak);
        let wrong = [
            (weak(secret_key), "SECRET_KEY is short or can be guessed (make one: openssl rand -hex 32)"),
            (weak(previous_secret_key), "PREVIOUS_SECRET_KEY is short or can be guessed"),
            (secret_key.is_none() && previous_secret_key.is_some(), "PREVIOUS_SECRET_KEY wants a SECRET_KEY"),
            (no_redis, "REDIS_URL names no Redis (write it as redis://host:6379)"),
            (media.is_err(), media.err().unwrap_or_default()),
            (public && secret_key.is_none(), "SECRET_KEY is missing (make one: openssl rand -hex 32)"),
            (public && !settings.https(), "PUBLIC_URL must begin with https://"),
            (public && !settings.secure_cookies, "INSECURE_COOKIES=on is for development only"),
            (public && settings.allowed_origins.contains(&Origin::Any), "ALLOWED_ORIGINS must name origins, not *"),
            (public && !settings.rate_limit, "RATE_LIMIT=off is for measurements only"),
        ];
        let found: Vec<&str> = wrong.into_iter().filter(|(found, _)| *found).map(|(_, what)| what).collect();
        if found.is_empty() {
            return Ok(settings);
        }
        let name = environment.to_possible_value().map(|name| name.get_name().to_owned()).unwrap_or_default();
        bail!("the settings are not good for {name}: {}", found.join("; "))
    }
}

impl TypedValueParser for SiteParser {
    type Value = Url;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<Url, clap::Error> {
        let url = value.to_str().and_then(|text| Url::parse(text).ok()).filter(is_site);
        let complaint = "PUBLIC_URL takes http or https and a host, without a user name, a password or a page (write it as https://bar.example)\n";
        url.ok_or_else(|| clap::Error::raw(ErrorKind::ValueValidation, complaint).with_cmd(command))
    }
}

/// Whether an address is that of a whole site, which a path can be put behind.
fn is_site(url: &Url) -> bool {
    let nobody = url.username().is_empty() && url.password().is_none();
    let no_page = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    matches!(url.scheme(), "http" | "https") && nobody && no_page
}

/// An argument without its variable when that is empty, as `${X:-}` in a compose file leaves it: that is as good as unset.
#[expect(clippy::disallowed_methods, reason = "settings are read here")]
fn unless_empty(argument: Arg) -> Arg {
    let value = argument.get_env().and_then(std::env::var_os);
    if value.is_some_and(|value| value.is_empty()) { argument.env(Resettable::Reset) } else { argument }
}

/// What the log says.
#[derive(Args, Clone, Debug)]
#[command(mut_args = unless_empty)]
pub struct LogConfig {
    /// How much to log: error, warn, info, debug, or a filter such as "info,casavazquez=debug"
    #[arg(
        long,
        env = "LOG",
        value_name = "FILTER",
        default_value = "info,sea_orm_migration=warn,sqlx=warn",
        global = true
    )]
    pub log: String,
}

impl DataConfig {
    /// The database that these settings name.
    pub fn address(&self) -> anyhow::Result<Address> {
        match &self.database_url {
            Some(url) => url.text().parse().map_err(|error| anyhow!("DATABASE_URL is wrong: {error}")),
            None => Address::file_in(&self.data_dir),
        }
    }

    /// Makes the data folder and sees that it can be written to.
    pub fn prepare(&self) -> anyhow::Result<()> {
        let folder = &self.data_dir;
        std::fs::create_dir_all(folder).and_then(|()| writable(folder)).with_context(|| {
            let folder = folder.display();
            format!("cannot write to the data folder '{folder}' (make it writable, or name another one in DATA_DIR)")
        })
    }

    /// The folder for the files of pictures.
    pub fn media_folder(&self) -> PathBuf {
        self.data_dir.join("media")
    }

    /// The file for the copy of the card.
    pub fn card_file(&self) -> PathBuf {
        self.data_dir.join("card.json")
    }
}

/// Permissions say little on network folders and for root; writing says it all.
fn writable(folder: &std::path::Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(probe)
}
