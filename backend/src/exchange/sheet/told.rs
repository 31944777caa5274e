//! What a file does or would do, for a terminal.

use std::fmt::Write;

use super::preview::{Action, CellDifference, CellFault, Preview, Told};
use crate::exchange::record::short;
use crate::exchange::report::{Outcome, wrap};
use crate::fault::{Fault, summary};
use crate::menu::item::Kind;

/// The whole report.
pub fn text(preview: &Preview, outcome: Outcome) -> String {
    let mut report = table(preview);
    let sections: Vec<&str> = preview.plan.sections.iter().map(|(_, section)| section.name.de.as_str()).collect();
    if !sections.is_empty() {
        wrap(&mut report, "", &format!("New sections: {}.", sections.join("; ")));
    }
    for (action, title) in
        [(Action::New, "New"), (Action::Changed, "Changed"), (Action::Refused, "Refused: correct these cells")]
    {
        let items: Vec<&Told> = preview.items.iter().filter(|item| item.action == action).collect();
        if !items.is_empty() {
            let _ = write!(report, "\n{title}\n");
        }
        for item in items {
            let each: Vec<String> = match action {
                Action::New => Vec::new(),
                Action::Refused => item.faults.iter().map(fault).collect(),
                _ => item.differences.iter().map(difference).collect(),
            };
            let name = if item.name.is_empty() { "(no name)" } else { &item.name };
            let said = if each.is_empty() { format!("{name}.") } else { format!("{name}: {}.", each.join("; ")) };
            wrap(&mut report, "  ", &said);
        }
    }
    report.push('\n');
    report.push_str(match outcome {
        Outcome::Applied => "Imported.\n",
        Outcome::Previewed if preview.count(Action::Refused) > 0 => {
            "Nothing was changed, and nothing can be imported until what is refused is corrected.\n"
        }
        Outcome::Previewed => "Nothing was changed. Run again with --apply to import.\n",
    });
    report
}

fn table(preview: &Preview) -> String {
    let actions = [Action::New, Action::Changed, Action::Unchanged, Action::Refused];
    let mut table = format!("{:<14}{:>11}{:>11}{:>11}{:>11}\n", "", "new", "changed", "unchanged", "refused");
    let kinds =
        [(Some(Kind::Wine), "wines"), (Some(Kind::Drink), "drinks"), (Some(Kind::Snack), "snacks"), (None, "unknown")];
    for (kind, noun) in kinds {
        let of_kind = || preview.items.iter().filter(|item| item.kind == kind);
        if of_kind().next().is_some() {
            let _ = write!(table, "{noun:<14}");
            for action in actions {
                let _ = write!(table, "{:>11}", of_kind().filter(|item| item.action == action).count());
            }
            table.push('\n');
        }
    }
    table
}

fn difference(difference: &CellDifference) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { short(text) };
    format!("{} {} → {}", difference.column, shown(&difference.before), shown(&difference.after))
}

fn fault(fault: &CellFault) -> String {
    let CellFault { row, column, code, params } = fault;
    format!("row {row}, {}", summary(&[Fault::new(format!("/{column}"), code, params.clone())]))
}
