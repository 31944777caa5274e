//! Password hashing on one thread of its own, which gives way to everything else: a flood of sign-ins cannot slow the card.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::Error;
use crate::users::password;

/// As many as one thread can do in a second or two; whoever comes after them is asked to come again.
const QUEUE: usize = 32;
/// So many of them for strangers: whoever is known finds a place also while a crowd of strangers knocks.
const STRANGERS: usize = 24;
/// When to come again.
const CROWDED: Duration = Duration::from_secs(3);
/// The most yielding of priorities.
const LOWEST: i32 = 19;

type Job = Box<dyn FnOnce() + Send>;

/// The thread, which starts with the first password, and how many strangers wait for it.
#[derive(Clone, Debug, Default)]
pub struct Hashing {
    queue: Arc<OnceLock<SyncSender<Job>>>,
    strangers: Arc<AtomicUsize>,
}

impl Hashing {
    /// The same for somebody whom nobody knows: they have fewer places to wait at.
    pub async fn is_right_of_stranger(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let place = Place::take(&self.strangers)?;
        let answer = self.run(move || {
            let _place = place;
            password::is_right(&password, hash.as_deref())
        });
        answer.await
    }

    /// Whether a password is the one that a hash was made of. It takes as long without a hash.
    pub async fn is_right(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.run(move || password::is_right(&password, hash.as_deref())).await
    }

    /// The hash of a password.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.run(move || password::hash(&password)).await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let (done, result) = oneshot::channel();
        let job: Job = Box::new(move || drop(done.send(work())));
        match self.queue()?.try_send(job) {
            Ok(()) => result.await.map_err(|_| Error::Panic),
            Err(TrySendError::Full(_)) => Err(Error::TooMany(CROWDED)),
            Err(TrySendError::Disconnected(_)) => Err(Error::Panic),
        }
    }

    fn queue(&self) -> Result<&SyncSender<Job>, Error> {
        if let Some(queue) = self.queue.get() {
            return Ok(queue);
        }
        let (queue, jobs) = sync_channel(QUEUE);
        thread::Builder::new().name("passwords".to_owned()).spawn(move || work(&jobs)).map_err(Error::File)?;
        // Of two threads that start at once, the one that is not kept ends with its queue.
        Ok(self.queue.get_or_init(|| queue))
    }
}

/// A stranger's place, which is free again when it is dropped, however that comes.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(strangers: &Arc<AtomicUsize>) -> Result<Self, Error> {
        let place = Self(Arc::clone(strangers));
        if strangers.fetch_add(1, Ordering::Relaxed) < STRANGERS { Ok(place) } else { Err(Error::TooMany(CROWDED)) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn work(jobs: &Receiver<Job>) {
    // On Linux a priority is a thread's own. Without permission it is merely not lower.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LOWEST);
    for job in jobs {
        job();
    }
}
