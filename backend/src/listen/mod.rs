//! The door: takes connections, as many as the house holds, and waits for nobody who does not say what they
//! want or does not take what they get.

mod stream;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use self::stream::Stream;

/// As many connections as one process is good for.
const MOST: u64 = 10_000;
/// Files that are not connections: the database, the log, the card.
const FILES: u64 = 100;
/// The longest head of a request. (It has a hundred fields at most: hyper sees to that.)
const HEAD_BYTES: usize = 64 * 1024;
/// How long to wait when no connection can be taken.
const BREATH: Duration = Duration::from_millis(100);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// How many there may be at once; others wait at the door.
    pub connections: usize,
    /// How long the head of a request may take to arrive, and how long a connection may stay without asking anything.
    pub head: Duration,
    /// How long an answer waits for the guest to take more of it.
    pub rest: Duration,
    /// How long answers in flight may take once the server is told to stop.
    pub drain: Duration,
}

impl Allowance {
    /// As many connections as the process may have open files, which is made as many as are wanted if the system allows.
    pub fn of_this_process() -> Self {
        let connections = usize::try_from(open_files().saturating_sub(FILES).clamp(1, MOST)).unwrap_or(1);
        let [head, rest, drain] = [10, 30, 8].map(Duration::from_secs);
        Self { connections, head, rest, drain }
    }

    /// Connections come from a proxy that we trust, which has its own way with slow guests and keeps connections for later.
    /// Google's load balancer does for ten minutes; one that is closed as it asks again is a 502 to a guest.
    #[must_use]
    pub fn behind_a_proxy(self) -> Self {
        Self { head: Duration::from_secs(620), ..self }
    }
}

/// Serves `router` until `stop`; answers in flight are finished then.
pub async fn serve(listener: TcpListener, router: Router, allowance: Allowance, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(allowance.head);
    // The one is exact, the other bounds what a connection holds in memory.
    http.max_header_size(HEAD_BYTES).max_buf_size(HEAD_BYTES);
    let places = Arc::new(Semaphore::new(allowance.connections));
    let house = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, from, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            request
        });
        let stream = TokioIo::new(Stream::new(stream, allowance.rest));
        let connection = http.serve_connection(stream, TowerToHyperService::new(service));
        let connection = house.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the guest's business: they are gone.
            drop(connection.await);
            drop(place);
        });
    }
    drop(listener);
    drop(tokio::time::timeout(allowance.drain, house.shutdown()).await);
}

/// Takes the next connection once there is a place for it. Until then it waits with the system, which costs us nothing.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // Nobody closes the semaphore.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                // Answers are written whole; waiting for more to send would only delay their last packet.
                drop(stream.set_nodelay(true));
                return (stream, from, place);
            }
            Err(error) if went_away(&error) => {}
            Err(error) => {
                // Out of files or memory. The one who waits is still there: without a pause we would only ask again at once.
                tracing::warn!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Whether the one who came was gone before we opened.
fn went_away(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

/// How many files the process may have open: more than it was given, where the system lets it ask for more.
fn open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(MOST + FILES, |maximum| maximum.min(MOST + FILES));
    match current {
        Some(current) if current < wanted => {
            let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
            if raised.is_ok() { wanted } else { current }
        }
        _ => wanted,
    }
}
