//! The program: reads its arguments, runs one command, and says in one line what went wrong.

use std::process::ExitCode;

use casavazquez::cli::Cli;
use clap::Parser;
use mimalloc::MiMalloc;

/// Rows become items in one thread and are forgotten in another, which the system's own allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    runtime.block_on(cli.run()).unwrap_or_else(|error| failed(&error))
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("casavazquez: {error:#}");
    ExitCode::FAILURE
}
