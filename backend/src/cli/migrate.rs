//! `casavazquez migrate`: brings the tables up to date.

use crate::config::DataConfig;

/// Runs the command.
pub async fn run(data: &DataConfig) -> anyhow::Result<()> {
    super::open(data).await?;
    super::say("The tables are up to date.")
}
