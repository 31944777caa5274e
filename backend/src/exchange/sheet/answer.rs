//! What is asked about files over HTTP, and what is answered.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::export::Format;
use super::incoming::Incoming;
use super::letters::Encoding;
use super::preview::{Action, Preview, Told};
use super::store::Kept;

/// What is exported, and how.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters for the document")]
pub struct Wanted {
    /// Which menu: all (default), wines, drinks, snacks.
    #[param(required = false)]
    kind: String,
    /// As what: csv (default), json.
    #[param(required = false)]
    format: Format,
}

/// What is said of a file beside its content.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters for the document")]
pub struct About {
    /// What the file is called, for whoever looks at it later.
    #[param(required = false)]
    file_name: String,
    /// What headers of the file are called here, as `header:column`; `header:` leaves a column out. One each; a comma is part of the header.
    #[param(required = false)]
    mapping: Vec<String>,
}

/// A file that was sent, with what it would do to the menu as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019c0000-0000-7000-8000-000000000001", "at": "2026-07-17T18:00:00Z", "by": "maria", "file_name": "weine.csv",
    "format": "csv", "encoding": "utf-8", "counts": {"new": 0, "changed": 1, "unchanged": 36, "refused": 0},
    "new_sections": [], "items": [{
        "rows": [2, 3], "action": "changed", "kind": "wine", "name": "Rioja Crianza",
        "id": "019c0000-0000-7000-8000-000000000002", "faults": [],
        "differences": [{"row": 3, "column": "price", "before": "28,00", "after": "29,50"}]
    }], "applied_as": null, "undone": false
}))]
pub struct Import {
    /// The import.
    pub id: Uuid,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// Who sent it.
    pub by: String,
    /// What the file is called.
    pub file_name: String,
    /// What kind of file it is.
    pub format: Format,
    /// How its letters are written.
    pub encoding: Encoding,
    /// How many items meet which end.
    pub counts: Counts,
    /// The sections that it makes.
    pub new_sections: Vec<String>,
    /// Every item of the file, with what changes in it or why it is refused.
    pub items: Vec<Told>,
    /// The batch of history that it was applied as, where what it did can be read; null until then.
    pub applied_as: Option<Uuid>,
    /// Whether that was taken back; the items are then what the file would do again.
    pub undone: bool,
}

/// How many items meet which end.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportCounts)]
pub struct Counts {
    /// They are made.
    pub new: usize,
    /// They change.
    pub changed: usize,
    /// They stay as they are.
    pub unchanged: usize,
    /// They are refused.
    pub refused: usize,
}

impl Import {
    /// The answer about a file.
    pub fn new(kept: Kept, preview: Preview) -> Self {
        let Kept { id, at, by, file_name, file, fingerprint: _, batch: applied_as, undone } = kept;
        let Incoming { format, encoding, .. } = file;
        let counts = Counts {
            new: preview.count(Action::New),
            changed: preview.count(Action::Changed),
            unchanged: preview.count(Action::Unchanged),
            refused: preview.count(Action::Refused),
        };
        let new_sections = preview.plan.sections.into_iter().map(|(_, section)| section.name.de).collect();
        let items = preview.items;
        Self { id, at, by, file_name, format, encoding, counts, new_sections, items, applied_as, undone }
    }
}
