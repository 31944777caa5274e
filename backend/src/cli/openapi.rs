//! `casavazquez openapi`: prints the API's document.

use crate::router;

/// Runs the command.
pub fn run() -> anyhow::Result<()> {
    super::say(&router::document().to_pretty_json()?)
}
