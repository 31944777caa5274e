//! The guest pages: the shell around what the website's components render.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{Mutex, MutexGuard};

use super::document::{Card, House, Notification, Section, Substance};
use super::filter::Filter;
use super::renderer::{Rendered, Renderer};
use crate::menu::section::Menu;
use crate::menu::text::Locale;
use crate::notifications::notification::Page as Place;
use crate::website::Entry;

/// A page of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The landing page.
    Home,
    /// The wine list.
    Wines,
    /// The other drinks.
    Drinks,
    /// The food.
    Snacks,
    /// What stands where nothing is.
    NotFound,
}

impl Page {
    /// The pages that have an address, and the address below the language.
    pub const ADDRESSES: [(Self, &str); 4] =
        [(Self::Home, "/"), (Self::Wines, "/wein"), (Self::Drinks, "/getraenke"), (Self::Snacks, "/snacks")];

    /// The menu that stands on it.
    pub fn menu(self) -> Option<Menu> {
        match self {
            Self::Wines => Some(Menu::Wines),
            Self::Drinks => Some(Menu::Drinks),
            Self::Snacks => Some(Menu::Snacks),
            Self::Home | Self::NotFound => None,
        }
    }

    fn place(self) -> Option<Place> {
        match self {
            Self::Home => Some(Place::Home),
            Self::Wines => Some(Place::Wines),
            Self::Drinks => Some(Place::Drinks),
            Self::Snacks => Some(Place::Snacks),
            Self::NotFound => None,
        }
    }
}

/// What a page is rendered from, in the server and again in the browser.
#[derive(Debug, Serialize)]
struct State<'a> {
    page: Page,
    path: &'a str,
    locale: Locale,
    filter: &'a Filter,
    revision: i64,
    as_of: chrono::DateTime<chrono::Utc>,
    house: Option<&'a House>,
    notifications: Vec<&'a Notification>,
    sections: &'a [Section],
    substances: &'a [Substance],
}

/// What makes pages.
#[derive(Clone, Debug)]
pub struct Pages {
    renderer: Renderer,
    entry: Arc<Entry>,
    turn: Arc<Mutex<()>>,
}

/// A page with its state, before it is rendered.
#[derive(Debug)]
pub struct Draft {
    page: Page,
    path: String,
    locale: Locale,
    filtered: bool,
    name: String,
    site: Option<String>,
    state: Arc<str>,
}

/// A finished page; one that only the browser will render is not worth keeping.
#[derive(Debug)]
pub struct Finished {
    /// The document.
    pub html: String,
    /// Whether the server rendered it.
    pub rendered: bool,
}

impl Draft {
    /// Lays out a page from the card. `path` is without its language; `site` is the public address of the site.
    pub fn new(card: &Card, page: Page, path: &str, filter: &Filter, site: Option<&str>) -> serde_json::Result<Self> {
        let here = |notification: &&Notification| page.place().is_some_and(|place| notification.pages.contains(&place));
        let state = State {
            page,
            path,
            locale: card.locale,
            filter,
            revision: card.revision,
            as_of: card.as_of,
            house: card.house.as_ref(),
            notifications: card.notifications.iter().filter(here).collect(),
            sections: page.menu().map_or(&[], |menu| card.sections(menu)),
            substances: if page.menu().is_some() { &card.substances } else { &[] },
        };
        Ok(Self {
            page,
            path: path.to_owned(),
            locale: card.locale,
            filtered: *filter != Filter::default(),
            name: card.house.as_ref().map_or_else(|| "Casa Vazquez".to_owned(), |house| house.name.clone()),
            site: site.map(|site| site.trim_end_matches('/').to_owned()),
            state: serde_json::to_string(&state)?.into(),
        })
    }
}

impl Pages {
    /// Pages with the website that is built into the binary.
    pub fn new() -> Self {
        Self { renderer: Renderer::default(), entry: Arc::new(Entry::guest()), turn: Arc::default() }
    }

    /// Waits for a turn at the renderer.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Finishes a page. If the renderer fails, the browser gets the same shell and renders it.
    pub async fn finish(&self, draft: &Draft) -> Finished {
        let rendered = self.renderer.render(Arc::clone(&draft.state)).await;
        if let Err(error) = &rendered {
            tracing::error!(page = ?draft.page, %error, "a page was left to the browser");
        }
        Finished { rendered: rendered.is_ok(), html: self.shell(draft, rendered.ok().as_ref()) }
    }

    fn shell(&self, draft: &Draft, rendered: Option<&Rendered>) -> String {
        let title = rendered.map_or(draft.name.as_str(), |rendered| &rendered.title);
        let content = rendered.map_or_else(|| self.without_script(), |rendered| rendered.html.clone());
        let mut html = String::with_capacity(content.len() + draft.state.len() + 2048);
        let _ = write!(
            html,
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\n<title>{}</title>\n",
            draft.locale,
            escape(title)
        );
        if let Some(rendered) = rendered {
            let _ = writeln!(html, "<meta name=\"description\" content=\"{}\">", escape(&rendered.description));
        }
        self.links(draft, &mut html);
        let _ = write!(html, "</head>\n<body>\n<div id=\"app\">{content}</div>\n");
        // Inside a script element only `<` can end it or open a comment.
        let state = draft.state.replace('<', "\\u003c");
        let _ = write!(html, "<script type=\"application/json\" id=\"state\">{state}</script>\n</body>\n</html>\n");
        html
    }

    fn links(&self, draft: &Draft, html: &mut String) {
        for style in &self.entry.styles {
            let _ = writeln!(html, "<link rel=\"stylesheet\" href=\"{style}\">");
        }
        for font in &self.entry.fonts {
            let _ =
                writeln!(html, "<link rel=\"preload\" href=\"{font}\" as=\"font\" type=\"font/woff2\" crossorigin>");
        }
        let words = self.entry.words.get(draft.locale.tag());
        let home = self.entry.home.as_ref().filter(|_| draft.page == Page::Home);
        for import in self.entry.imports.iter().chain(words).chain(home) {
            let _ = writeln!(html, "<link rel=\"modulepreload\" href=\"{import}\">");
        }
        if let Some(script) = &self.entry.script {
            let _ = writeln!(html, "<script type=\"module\" src=\"{script}\"></script>");
        }
        if !self.entry.styles.is_empty() {
            html.push_str("<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n<link rel=\"manifest\" href=\"/site.webmanifest\">\n");
        }
        html.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
        if draft.page == Page::NotFound {
            html.push_str("<meta name=\"robots\" content=\"noindex\">\n");
            return;
        }
        let site = draft.site.as_deref().unwrap_or_default();
        let address = |locale| format!("{site}{}", localized(locale, &draft.path));
        for locale in Locale::ALL {
            let _ =
                writeln!(html, "<link rel=\"alternate\" hreflang=\"{locale}\" href=\"{}\">", escape(&address(locale)));
        }
        let _ =
            writeln!(html, "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{}\">", escape(&address(Locale::De)));
        let _ = writeln!(html, "<link rel=\"canonical\" href=\"{}\">", escape(&address(draft.locale)));
        if draft.filtered {
            // Every combination of filters is the same card again.
            html.push_str("<meta name=\"robots\" content=\"noindex, follow\">\n");
        }
    }

    /// What stands in the page until the browser has rendered it.
    fn without_script(&self) -> String {
        if self.entry.script.is_some() {
            return String::new();
        }
        "<h1>Casa Vazquez</h1><p>This server was built without its website. Run <code>make build</code>; \
         the API is at <a href=\"/api/docs\">/api/docs</a>.</p>"
            .to_owned()
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self::new()
    }
}

/// The address of a page in a language: German at the root, the others below their tag.
pub fn localized(locale: Locale, path: &str) -> String {
    match locale {
        Locale::De => path.to_owned(),
        Locale::En | Locale::Es => format!("/{locale}{path}"),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
