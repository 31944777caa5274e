//! Builds the website's files into the binary: those of `website/dist`, or none where it has not been built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let dist = here.join("../website/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.join("server/guest.js").is_file() {
        collect(&dist, &mut files)?;
        files.sort();
    } else if required("PROFILE")? == "release" {
        println!("cargo::error=the website has not been built, and a release must carry it: run `make build`");
    }
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&dist).map_err(io::Error::other)?;
        let bytes = file.canonicalize()?;
        writeln!(table, "    ({:?}, include_bytes!({:?})),", name.display().to_string(), bytes.display().to_string())
            .map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(PathBuf::from(required("OUT_DIR")?).join("website.rs"), table)
}

#[expect(clippy::disallowed_methods, reason = "this is how cargo speaks to a build script")]
fn required(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
