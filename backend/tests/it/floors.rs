//! The floors of the house: who may know whom. A file imports from below, never from its own floor or above.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top. A name stands for the file or folder of that name under `src`, or for the files that end with it.
const FLOORS: &[&[&str]] = &[
    &["main", "cli"],
    &["listen"],
    &["router"],
    &["layers", "own_pages"],
    &["site", "legacy"],
    &[
        "wines",
        "drinks",
        "snacks",
        "card/routes",
        "card/guest",
        "events/routes",
        "events/keeper",
        "items/routes",
        "prices/routes",
        "exchange/routes",
        "history/routes",
        "sections",
        "notifications/routes",
        "house/routes",
        "users/routes",
        "tokens/routes",
        "media/routes",
        "media/files",
        "login/account",
        "limits/layer",
        "observe/health",
    ],
    &["login/routes"],
    &["items", "prices", "history/undo", "history/question"],
    &["card/answer", "exchange", "events/listener", "login/roles", "media/sweep"],
    &["login/arrival"],
    &["app"],
    &["events"],
    &["card", "demo", "login"],
    &["tokens"],
    &["notifications", "users", "house", "media"],
    &["menu"],
    &["once"],
    &["change"],
    &["history", "limits"],
    &["config"],
    &["db"],
    &["migrations", "revision", "chance"],
    &["reply"],
    &["body", "copy", "path", "rules"],
    &["actor", "address", "clock", "error", "website", "digest", "observe", "patch", "refusals", "secret"],
    &["fault"],
];

/// The only files that may name the web framework.
const HTTP: &[&str] = &[
    "listen",
    "router",
    "layers",
    "own_pages",
    "body",
    "site",
    "legacy/routes",
    "error",
    "error/problem",
    "wines/routes",
    "drinks/routes",
    "snacks/routes",
    "card/routes",
    "card/guest",
    "card/answer",
    "card/representation",
    "events/listener",
    "events/routes",
    "items/routes",
    "prices/routes",
    "exchange/routes",
    "history/routes",
    "sections/routes",
    "notifications/routes",
    "house/routes",
    "users/routes",
    "tokens/routes",
    "media/routes",
    "media/files",
    "body/upload",
    "login/routes",
    "login/account",
    "login/roles",
    "login/arrival",
    "login/cookies",
    "limits/layer",
    "observe/health",
    "body",
    "copy",
    "path",
    "reply",
    "once",
];

fn sources() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 30);
    let named = files.into_iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap().with_extension("").display().to_string();
        (name.trim_end_matches("/mod").to_owned(), fs::read_to_string(&path).unwrap())
    });
    named.filter(|(name, _)| name != "lib" && !name.contains("/tests")).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
}

/// How far up a module stands; the longest name that fits counts.
fn floor(module: &str) -> Option<(usize, &'static str)> {
    let names = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(depth, names)| names.iter().map(move |name| (FLOORS.len() - depth, *name)));
    let fits = names.filter(|(_, name)| module == *name || module.starts_with(&format!("{name}/")));
    fits.max_by_key(|(_, name)| name.len())
}

/// The modules that a file names after `crate::`, without what its tests name.
fn imports(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let named = code.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).map(str::to_owned).collect(),
        None => vec![rest.chars().take_while(|letter| letter.is_alphanumeric() || "_:".contains(*letter)).collect()],
    });
    named.map(|name: String| name.trim_end_matches(':').replace("::", "/")).filter(|name| !name.is_empty()).collect()
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for (file, source) in sources() {
        let (height, home) = floor(&file).unwrap_or_else(|| panic!("{file} stands on no floor"));
        for import in imports(&source) {
            let Some((below, there)) = floor(&import) else {
                panic!("{file} imports {import}, which stands on no floor")
            };
            if home != there && below >= height {
                wrong.push(format!("{file} (floor {height}) imports {import} (floor {below})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_http_files_name_the_web_framework() {
    let names = |(file, source): &(String, String)| {
        let code = source.split("#[cfg(test)]").next().unwrap();
        (code.contains("use axum") || code.contains("axum::")) && !HTTP.contains(&file.as_str()) && file != "cli/serve"
    };
    let wrong: Vec<_> = sources().into_iter().filter(names).map(|(file, _)| file).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn only_the_database_module_asks_which_database_it_is() {
    let asks = |source: &str| source.contains("get_database_backend") || source.contains("DatabaseBackend");
    // A step that makes triggers has to speak each database's language.
    let may = |file: &str| file == "db" || file.starts_with("migrations/");
    let wrong: Vec<_> =
        sources().into_iter().filter(|(file, source)| asks(source) && !may(file)).map(|(file, _)| file).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_file_begins_with_a_sentence() {
    let wrong: Vec<_> =
        sources().into_iter().filter(|(_, source)| !source.starts_with("//! ")).map(|(file, _)| file).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_name_says_nothing() {
    let banned =
        ["utils", "helpers", "common", "base", "core", "service", "handler", "processor", "impl", "data", "info"];
    let says_nothing = |file: &str| file.split('/').any(|part| banned.contains(&part));
    let wrong: Vec<_> = sources().into_iter().map(|(file, _)| file).filter(|file| says_nothing(file)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
