//! Letters of a file: UTF-8, or what a spreadsheet on Windows writes without being asked.

use serde::Serialize;
use utoipa::ToSchema;

use crate::exchange::repair;

/// How a file's letters were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The mark that tells a spreadsheet that UTF-8 follows.
pub const MARK: char = '\u{feff}';

/// The text of a file. What holds a NUL is no text: a picture, an archive, a workbook.
pub fn read(bytes: &[u8]) -> Option<(String, Encoding)> {
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some((text.strip_prefix(MARK).unwrap_or(text).to_owned(), Encoding::Utf8)),
        // A zip archive, as which workbooks are saved, begins so; with luck its beginning has no NUL.
        Err(_) if bytes.starts_with(b"PK\x03\x04") => None,
        Err(_) => Some((repair::from_windows_1252(bytes), Encoding::Windows1252)),
    }
}
