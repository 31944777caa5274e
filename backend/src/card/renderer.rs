//! The website's own components, rendered in a JavaScript engine inside the server. Only our bundle runs in it, on one
//! thread of its own, with bounds on memory and time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rquickjs::{CatchResultExt, Context, Function, Promise, Runtime};
use serde::Deserialize;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use crate::website;

/// A page is rendered in a few milliseconds; one that takes this long never will be.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Pages that may wait for the engine. The next one is answered without it.
const QUEUE: usize = 32;
const MEMORY_BYTES: usize = 64 << 20;
const STACK_BYTES: usize = 1 << 20;

/// A rendered page: what goes into the shell.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Rendered {
    /// The content.
    pub html: String,
    /// The title.
    pub title: String,
    /// One sentence for search engines.
    pub description: String,
}

/// Why a page could not be rendered. Guests then get the same page rendered by their own browser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrendered {
    /// The website has not been built.
    #[error("the website has not been built into this binary")]
    NoWebsite,
    /// Too many pages wait.
    #[error("the renderer is busy")]
    Busy,
    /// The script failed.
    #[error("the page's script failed: {0}")]
    Script(String),
}

/// The way to the engine's thread, which starts with the first page: most commands never render one.
#[derive(Clone, Debug, Default)]
pub struct Renderer(Arc<OnceLock<Option<mpsc::Sender<Request>>>>);

#[derive(Debug)]
struct Request {
    state: Arc<str>,
    answer: oneshot::Sender<Result<Rendered, Unrendered>>,
}

impl Renderer {
    /// A renderer with a script that defines `renderPage`.
    #[cfg(test)]
    fn with_script(script: &'static str) -> Self {
        Self(Arc::new(OnceLock::from(start(script))))
    }

    /// Renders the page whose state this is.
    pub async fn render(&self, state: Arc<str>) -> Result<Rendered, Unrendered> {
        let sender =
            self.0.get_or_init(|| website::renderer().and_then(start)).as_ref().ok_or(Unrendered::NoWebsite)?;
        let (answer, answered) = oneshot::channel();
        sender.try_send(Request { state, answer }).map_err(|error| match error {
            TrySendError::Full(_) => Unrendered::Busy,
            TrySendError::Closed(_) => stopped(),
        })?;
        answered.await.map_err(|_| stopped())?
    }
}

fn stopped() -> Unrendered {
    Unrendered::Script("the engine stopped".to_owned())
}

fn start(script: &'static str) -> Option<mpsc::Sender<Request>> {
    let (sender, requests) = mpsc::channel(QUEUE);
    // The native stack must be larger than what the script may use of it.
    let thread = std::thread::Builder::new().name("renderer".to_owned()).stack_size(4 * STACK_BYTES);
    match thread.spawn(move || serve(script, requests)) {
        Ok(_) => Some(sender),
        Err(error) => {
            tracing::error!(%error, "the renderer could not be started; browsers render the pages");
            None
        }
    }
}

fn serve(script: &'static str, mut requests: mpsc::Receiver<Request>) {
    let mut engine = Engine::start(script);
    while let Some(Request { state, answer }) = requests.blocking_recv() {
        let rendered = match &engine {
            Ok(engine) => engine.render(&state),
            Err(error) => Err(error.clone()),
        };
        if rendered.is_err() {
            // A script that ran into its bounds may leave the engine in any state.
            engine = Engine::start(script);
        }
        // Whoever asked may have gone away.
        drop(answer.send(rendered));
    }
}

struct Engine {
    context: Context,
    deadline: Arc<AtomicU64>,
    born: Instant,
}

impl Engine {
    fn start(script: &str) -> Result<Self, Unrendered> {
        let unrendered = |error: rquickjs::Error| Unrendered::Script(error.to_string());
        let runtime = Runtime::new().map_err(unrendered)?;
        runtime.set_memory_limit(MEMORY_BYTES);
        runtime.set_max_stack_size(STACK_BYTES);
        let born = Instant::now();
        let deadline = Arc::new(AtomicU64::new(u64::MAX));
        let limit = Arc::clone(&deadline);
        runtime.set_interrupt_handler(Some(Box::new(move || elapsed(born) > limit.load(Ordering::Relaxed))));
        let context = Context::full(&runtime).map_err(unrendered)?;
        context.with(|ctx| {
            let done = ctx.eval::<(), _>(script);
            done.catch(&ctx).map_err(|error| Unrendered::Script(error.to_string()))
        })?;
        Ok(Self { context, deadline, born })
    }

    fn render(&self, state: &str) -> Result<Rendered, Unrendered> {
        self.deadline.store(elapsed(self.born).saturating_add(millis(PATIENCE)), Ordering::Relaxed);
        self.context.with(|ctx| {
            let render = |()| -> rquickjs::Result<String> {
                let render: Function = ctx.globals().get("renderPage")?;
                let page: Promise = render.call((state,))?;
                page.finish()
            };
            let page = render(()).catch(&ctx).map_err(|error| Unrendered::Script(error.to_string()))?;
            serde_json::from_str(&page).map_err(|error| Unrendered::Script(error.to_string()))
        })
    }
}

fn elapsed(since: Instant) -> u64 {
    millis(since.elapsed())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Renderer, Unrendered};

    const SCRIPT: &str = r"
        globalThis.renderPage = async (state) => {
            const { page } = JSON.parse(state)
            if (page === 'loop') for (;;) {}
            if (page === 'throw') throw new Error('no such page')
            if (page === 'eat') { const all = []; for (;;) all.push(new Array(1e6).fill(page)) }
            if (page === 'deep') { const down = () => down() + 1; down() }
            return JSON.stringify({ html: `<p>${page}</p>`, title: page, description: '' })
        }";

    async fn render(renderer: &Renderer, page: &str) -> Result<String, Unrendered> {
        let state = serde_json::json!({ "page": page }).to_string();
        renderer.render(state.into()).await.map(|rendered| rendered.html)
    }

    #[tokio::test]
    async fn a_page_that_fails_does_not_take_the_next_one_with_it() {
        let renderer = Renderer::with_script(SCRIPT);
        for bad in ["throw", "loop", "eat", "deep"] {
            let answer = render(&renderer, bad).await;
            assert!(matches!(answer, Err(Unrendered::Script(_))), "{bad}: {answer:?}");
            assert_eq!(render(&renderer, "wines").await.as_deref(), Ok("<p>wines</p>"), "after {bad}");
        }
    }

    #[tokio::test]
    async fn a_script_that_does_not_start_is_an_error_and_no_panic() {
        let renderer = Renderer::with_script("this is no script");
        assert!(matches!(render(&renderer, "wines").await, Err(Unrendered::Script(_))));
    }
}
