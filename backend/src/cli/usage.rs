//! The line that says how a command is called, the same in every environment.

use clap::Command;

/// Gives a command and all below it the line of their help for good. Otherwise a complaint would name the options that the
/// environment sets as if they were required.
pub fn fixed(command: Command) -> Command {
    let mut whole = command.clone();
    whole.build();
    fixed_as(command, &mut whole)
}

/// What is global, and the words before a command's own, are known only in the whole.
fn fixed_as(command: Command, whole: &mut Command) -> Command {
    let usage = whole.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    command.override_usage(usage).mut_subcommands(|below| match whole.find_subcommand_mut(below.get_name()) {
        Some(below_whole) => fixed_as(below, below_whole),
        None => below,
    })
}
