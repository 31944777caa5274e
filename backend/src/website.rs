//! The website's files as they were built into the binary.

use std::collections::HashMap;

use serde::Deserialize;

/// Every file: its path under `website/dist`, and its bytes. Empty where the website has not been built.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/website.rs"));

/// The script that renders pages, for the JavaScript engine in the server.
pub fn renderer() -> Option<&'static str> {
    find("server/guest.js").and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// The files that browsers ask for: path from the root of the site, and bytes.
pub fn public() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let client = FILES.iter().filter_map(|(path, bytes)| Some((path.strip_prefix("client/")?, *bytes)));
    client.filter(|(path, _)| !path.starts_with('.'))
}

/// What a guest page must load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The script that brings the page to life.
    pub script: Option<String>,
    /// Other scripts that it needs at once.
    pub imports: Vec<String>,
    /// The styles.
    pub styles: Vec<String>,
    /// The fonts that the first view is set in.
    pub fonts: Vec<String>,
    /// The words of the page, by language.
    pub words: HashMap<&'static str, String>,
    /// What only the landing page needs.
    pub home: Option<String>,
}

/// One entry of Vite's manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chunk {
    file: String,
    css: Vec<String>,
    assets: Vec<String>,
    imports: Vec<String>,
}

impl Entry {
    /// What the guest pages load, by the manifest of the build.
    pub fn guest() -> Self {
        find("client/.vite/manifest.json").map(Self::from_manifest).unwrap_or_default()
    }

    fn from_manifest(manifest: &[u8]) -> Self {
        let chunks: HashMap<String, Chunk> = serde_json::from_slice(manifest).unwrap_or_default();
        let Some(chunk) = chunks.get("src/guest/entry-client.ts") else { return Self::default() };
        let address = |file: &String| format!("/{file}");
        let file = |source: &str| chunks.get(source).map(|chunk| address(&chunk.file));
        Self {
            script: Some(address(&chunk.file)),
            imports: chunk
                .imports
                .iter()
                .filter_map(|name| chunks.get(name))
                .map(|chunk| address(&chunk.file))
                .collect(),
            styles: chunk.css.iter().map(address).collect(),
            fonts: chunk
                .assets
                .iter()
                .filter(|file| file.rsplit_once('.').is_some_and(|(_, kind)| kind == "woff2"))
                .map(address)
                .collect(),
            words: ["de", "en", "es"]
                .into_iter()
                .filter_map(|tag| Some((tag, file(&format!("src/shared/i18n/{tag}.ts"))?)))
                .collect(),
            home: file("src/guest/pages/HomePage.vue"),
        }
    }
}

fn find(path: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::Entry;

    #[test]
    fn the_manifest_tells_what_a_page_loads() {
        let manifest = br#"{
            "src/guest/entry-client.ts": {"file": "assets/entry-1.js", "isEntry": true, "imports": ["_shared.js"],
                "css": ["assets/entry-2.css"], "assets": ["assets/marcellus-3.woff2", "assets/vine-4.svg"]},
            "_shared.js": {"file": "assets/shared-5.js"},
            "src/shared/i18n/es.ts": {"file": "assets/es-6.js"}
        }"#;
        let entry = Entry::from_manifest(manifest);
        assert_eq!(entry.script.as_deref(), Some("/assets/entry-1.js"));
        assert_eq!(entry.imports, ["/assets/shared-5.js"]);
        assert_eq!(entry.styles, ["/assets/entry-2.css"]);
        assert_eq!(entry.fonts, ["/assets/marcellus-3.woff2"]);
        assert_eq!(entry.words, HashMap::from([("es", "/assets/es-6.js".to_owned())]));
    }

    #[test]
    fn a_manifest_of_something_else_loads_nothing() {
        assert_eq!(Entry::from_manifest(b"{}"), Entry::default());
        assert_eq!(Entry::from_manifest(b"<html>"), Entry::default());
    }
}
