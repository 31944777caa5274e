//! The operator's commands.

mod export;
mod import;
mod migrate;
mod openapi;
mod seed;
mod serve;
mod usage;
mod user;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::app::App;
use crate::card::shelf::Shelf;
use crate::clock::Clock;
use crate::config::{DataConfig, LogConfig, Settings};
use crate::db::{self, Address, Db};
use crate::observe;

/// The menu system of a wine bar: site, API and the operator's commands in one program.
///
/// Without a command it serves. On its first start, with nothing configured, it makes a database in the folder "data",
/// fills it with a demo menu, and prints the password of the user "admin" once.
#[derive(Args, Debug)]
pub struct Cli {
    #[command(flatten)]
    data: DataConfig,
    #[command(flatten)]
    log: LogConfig,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site and the API (the default)
    Serve(Box<serve::Serve>),
    /// Bring the database's tables up to date
    Migrate,
    Export(export::Export),
    Import(import::Import),
    /// Fill an empty database with the demo menu
    Seed,
    /// Look after the people: who may sign in, and what they may do
    #[command(subcommand)]
    User(user::User),
    /// Print the API's OpenAPI document
    Openapi,
}

impl CommandFactory for Cli {
    fn command() -> clap::Command {
        let program = clap::Command::new("casavazquez").version(env!("CARGO_PKG_VERSION"));
        usage::fixed(Self::augment_args(program))
    }

    fn command_for_update() -> clap::Command {
        Self::command()
    }
}

impl Parser for Cli {}

impl Cli {
    /// Runs the command that was asked for.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        observe::log::start(&self.log.log)?;
        let command = match self.command {
            Some(command) => command,
            None => Command::Serve(Box::new(serve::Serve::from_environment())),
        };
        match command {
            Command::Serve(serve) => serve.run(&self.data).await?,
            Command::Export(export) => export.run(&self.data).await?,
            Command::Import(import) => import.run(&self.data).await?,
            Command::Migrate => migrate::run(&self.data).await?,
            Command::Seed => seed::run(&self.data).await?,
            Command::User(user) => user.run(&self.data).await?,
            Command::Openapi => openapi::run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints a line for the operator. Nobody may be reading any more, as in `casavazquez import … | head`.
fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("standard output cannot be written to"),
    }
}

/// Opens the database that the settings name and brings its tables up to date.
async fn open(data: &DataConfig) -> anyhow::Result<App> {
    let address = data.address()?;
    data.prepare()?;
    let app = app(data, &address, Settings::default()).await?;
    prepare(&app.db, &address).await?;
    Ok(app)
}

/// An app over a database that nobody has spoken to yet.
async fn app(data: &DataConfig, address: &Address, settings: Settings) -> anyhow::Result<App> {
    let db = db::connect(address).await.map_err(|error| db::explain(address, &error))?;
    let clock = Clock::default();
    let shelf = Shelf::new(clock.clone(), data.card_file(), address.fingerprint());
    Ok(App::new(db, clock, shelf, settings)?)
}

/// Speaks to the database for the first time.
async fn prepare(db: &Db, address: &Address) -> anyhow::Result<()> {
    db::ping(db).await.map_err(|error| db::explain(address, &error))?;
    let _alone = address.lock().with_context(|| format!("cannot lock the folder of {}", address.shown()))?;
    db::migrate(db).await
}
