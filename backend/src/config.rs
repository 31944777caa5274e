//! Every setting: its flag, its variable, its default, and a sentence about it.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::db::Address;

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct DataConfig {
    /// The database: sqlite:///path/to/file.db or postgres://user:password@host/database
    ///
    /// Without it, a SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL", global = true)]
    pub database_url: Option<Address>,
    /// The folder for what the server keeps: the SQLite file and the copy of the card
    #[arg(long, env = "DATA_DIR", value_name = "FOLDER", default_value = "data", global = true)]
    pub data_dir: PathBuf,
}

/// How the server listens and speaks.
#[derive(Args, Clone, Debug)]
pub struct ServerConfig {
    /// The address to listen on; 0.0.0.0 for all
    #[arg(long, env = "HOST", value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// The port to listen on
    #[arg(long, env = "PORT", value_name = "PORT", default_value_t = 8080)]
    pub port: u16,
    /// The public address of the site, for links that search engines follow
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<url::Url>,
}

/// What the log says.
#[derive(Args, Clone, Debug)]
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
        self.database_url.clone().map_or_else(|| Address::file_in(&self.data_dir), Ok)
    }

    /// Makes the data folder and sees that it can be written to.
    pub fn prepare(&self) -> anyhow::Result<()> {
        let folder = &self.data_dir;
        std::fs::create_dir_all(folder).and_then(|()| writable(folder)).with_context(|| {
            let folder = folder.display();
            format!("cannot write to the data folder '{folder}' (make it writable, or name another one in DATA_DIR)")
        })
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
