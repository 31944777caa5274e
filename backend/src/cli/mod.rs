//! What the operator can say to the program, one file a command.

pub mod import;
