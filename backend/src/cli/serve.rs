//! `casavazquez serve`: listens, lays the card, and keeps it current.

use std::io::ErrorKind;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, Parser};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::app::App;
use crate::config::media::Place;
use crate::config::{DataConfig, ServerConfig};
use crate::db::Address;
use crate::events::bell::Bell;
use crate::events::keeper::keep;
use crate::listen::{self, Allowance};
use crate::media::sweep;
use crate::router::router;

/// How long a start waits for a database on the network when there is a card to show already.
const GRACE: Duration = Duration::from_millis(100);
/// How long the database may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Options of the command.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    #[command(flatten)]
    server: ServerConfig,
}

/// The options as a program of their own: without a command, they come from the environment.
#[derive(Debug, Parser)]
struct Alone {
    #[command(flatten)]
    serve: Serve,
}

impl Serve {
    /// The options that the environment gives.
    pub fn from_environment() -> Self {
        Alone::parse_from(["casavazquez"]).serve
    }

    /// Runs the command until the process is told to stop.
    pub async fn run(self, data: &DataConfig) -> anyhow::Result<()> {
        let mut settings = self.server.settings()?;
        settings.media.get_or_insert_with(|| Place::Folder(data.media_folder()));
        let listener = self.listen().await?;
        let address = data.address()?;
        data.prepare()?;
        let mut app = super::app(data, &address, settings).await?;
        let own = Allowance::of_this_process();
        // Listeners stay; the other half is for those who come and go.
        app.bell = Bell::for_listeners(own.connections.div_ceil(2));
        let restored = app.shelf.restore();
        let (ready, first) = oneshot::channel();
        let (kept, at) = (app.clone(), address.clone());
        let first_card = async move || first_card(&kept, &at).await;
        let keeper = tokio::spawn(keep(app.clone(), first_card, ready));
        if restored && !address.is_file() {
            // Guests need not wait for a database that may be away: the last card is on the shelf.
            drop(tokio::time::timeout(GRACE, first).await);
        } else {
            match first.await? {
                Err(error) if !restored => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        let at = listener.local_addr()?;
        let cleaner = tokio::spawn(sweep::keep_clean(app.clone()));
        let told = told_to_stop()?;
        let bell = app.bell.clone();
        let stop = async move {
            told.await;
            // Whoever listens would keep the server from stopping.
            bell.fall_silent();
        };
        super::say(&format!("Casa Vazquez is open at http://{at}"))?;
        let allowance = if app.settings.trusted_hops > 0 { own.behind_a_proxy() } else { own };
        listen::serve(listener, router(app.clone()), allowance, stop).await;
        keeper.abort();
        cleaner.abort();
        // A pool that is closed in order leaves its SQLite file whole, without a journal beside it.
        drop(tokio::time::timeout(FAREWELL, app.db.close()).await);
        Ok(())
    }

    async fn listen(&self) -> anyhow::Result<TcpListener> {
        let ServerConfig { host, port, .. } = self.server;
        match TcpListener::bind((host, port)).await {
            Ok(listener) => Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                bail!("port {port} on {host} is in use by another program (stop it, or choose another port with PORT)")
            }
            Err(error) => Err(error)
                .with_context(|| format!("cannot listen on {host} port {port} (choose others with HOST and PORT)")),
        }
    }
}

/// Prepares the database and lays the first card.
async fn first_card(app: &App, address: &Address) -> anyhow::Result<()> {
    super::prepare(&app.db, address).await?;
    // Where there has been a card, an empty database is a mishap and no first start.
    if app.shelf.served().is_ok() && super::seed::is_empty(&app.db).await? {
        bail!(
            "the database at {} is empty, but there is a card from it (bring the database back from a backup, or delete \
             card.json in the data folder to begin anew)",
            address.shown()
        );
    }
    if super::seed::demo(app).await? {
        tracing::info!("the database was empty: the demo menu is in it now");
    }
    super::seed::admin(app).await?;
    app.shelf.lay(&app.db).await.context("the card could not be read from the database")?;
    Ok(())
}

/// When the process is told to stop.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}
