//! The security page is true: every test it names is there.

use std::fs;
use std::path::Path;

/// Everything that tests are written in.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for folder in ["src", "tests"] {
        sources(&root.join(folder), &mut all);
    }
    let page = include_str!("../../../docs/security.md");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).collect();
    let mut named = 0;
    let mut missing = Vec::new();
    for test in
        rows.iter().filter_map(|row| row.rsplit(" | ").next()).flat_map(|cell| cell.split('`').skip(1).step_by(2))
    {
        if test.contains('_') {
            named += 1;
            if !all.contains(&format!("fn {test}(")) {
                missing.push(test);
            }
        }
    }
    assert!(named > 60, "only {named} were found on the page");
    assert!(missing.is_empty(), "{missing:#?}");
    let faults = (1..=25).filter(|number| {
        let name = format!("S{number}");
        !rows.iter().any(|row| row.split([' ', ',', '|']).any(|word| word == name))
    });
    assert_eq!(faults.collect::<Vec<_>>(), [0; 0], "faults of the old system that the page does not name");
}
