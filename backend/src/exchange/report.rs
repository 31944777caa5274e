//! What an import found and does, for a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::difference::Difference;
use super::finding::{Damage, Finding, Grade, Subject};
use super::plan::{Plan, Step};

/// Whether the plan was only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was written.
    Previewed,
    /// The plan was carried out.
    Applied,
}

const WIDTH: usize = 100;

/// The whole report.
pub fn text(plan: &Plan, outcome: Outcome) -> String {
    let mut report = table(plan);
    changes(&mut report, plan);
    for (grade, title) in [
        (Grade::Repaired, "Repaired: it was certain what was meant"),
        (Grade::Doubtful, "Doubtful: imported as it is; please look"),
        (Grade::Refused, "Refused: left out until it is corrected in the old data"),
    ] {
        findings(&mut report, plan, grade, title);
    }
    report.push('\n');
    report.push_str(match outcome {
        Outcome::Previewed => "Nothing was changed. Run again with --apply to import.\n",
        Outcome::Applied => "Imported.\n",
    });
    report
}

/// How many things of each kind meet which end.
fn table(plan: &Plan) -> String {
    let steps: Vec<(Subject, Step)> = plan.steps().map(|(subject, _, step)| (subject, step)).collect();
    let heads = ["new", "changed", "unchanged", "repaired", "doubtful", "refused"];
    let mut table = format!("{:<14}", "");
    for head in heads {
        let _ = write!(table, "{head:>11}");
    }
    table.push('\n');
    for subject in Subject::ALL {
        let stepped = |fits: fn(&Step) -> bool| steps.iter().filter(|(of, step)| *of == subject && fits(step)).count();
        let counts = [
            stepped(|step| *step == Step::New),
            stepped(|step| matches!(step, Step::Changed(_))),
            stepped(|step| *step == Step::Unchanged),
            things(plan, subject, Grade::Repaired),
            things(plan, subject, Grade::Doubtful),
            rows(plan, subject, Grade::Refused),
        ];
        if counts.iter().sum::<usize>() > 0 {
            let _ = write!(table, "{:<14}", format!("{}s", subject.noun()));
            for count in counts {
                let _ = write!(table, "{count:>11}");
            }
            table.push('\n');
        }
    }
    table
}

fn graded(plan: &Plan, subject: Subject, grade: Grade) -> impl Iterator<Item = &Finding> {
    plan.findings.iter().filter(move |finding| finding.subject == subject && finding.damage.grade() == grade)
}

/// A thing with two repairs is one repaired thing.
fn things(plan: &Plan, subject: Subject, grade: Grade) -> usize {
    let thing = |finding: &Finding| finding.id.clone().unwrap_or_else(|| finding.name.clone());
    graded(plan, subject, grade).map(thing).collect::<BTreeSet<_>>().len()
}

fn rows(plan: &Plan, subject: Subject, grade: Grade) -> usize {
    graded(plan, subject, grade).count()
}

fn changes(report: &mut String, plan: &Plan) {
    for subject in Subject::ALL {
        let of = plan.steps().filter(|(of, ..)| *of == subject);
        let new: Vec<String> = of.filter(|(.., step)| *step == Step::New).map(|(_, name, _)| name.to_owned()).collect();
        if !new.is_empty() {
            let _ = write!(report, "\nNew {}s\n", subject.noun());
            wrap(report, "  ", &format!("{}.", new.join("; ")));
        }
    }
    let changed = plan.steps().filter_map(|(_, name, step)| match step {
        Step::Changed(differences) => Some((name, differences)),
        _ => None,
    });
    for (at, (name, differences)) in changed.enumerate() {
        report.push_str(if at == 0 { "\nChanged\n" } else { "" });
        let each: Vec<String> = differences.iter().map(difference).collect();
        wrap(report, "  ", &format!("{name}: {}", each.join("; ")));
    }
}

fn difference(difference: &Difference) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    format!("{} {} → {}", difference.field, shown(&difference.old), shown(&difference.new))
}

fn findings(report: &mut String, plan: &Plan, grade: Grade, title: &str) {
    let mut grouped: BTreeMap<(Damage, Subject), Vec<&Finding>> = BTreeMap::new();
    for finding in plan.findings.iter().filter(|finding| finding.damage.grade() == grade) {
        grouped.entry((finding.damage, finding.subject)).or_default().push(finding);
    }
    if grouped.is_empty() {
        return;
    }
    let _ = write!(report, "\n{title}\n");
    for ((damage, subject), findings) in grouped {
        let each: Vec<String> = findings.iter().map(|finding| told(finding)).collect();
        let heading = damage.heading(findings.len(), subject.noun());
        wrap(report, "  ", &format!("{heading}: {}.", each.join("; ")));
    }
}

fn told(finding: &Finding) -> String {
    let Finding { damage, name, note, .. } = finding;
    match damage {
        _ if note.is_empty() => name.clone(),
        Damage::IdComma => format!("{note} {name}"),
        _ => format!("{name} ({note})"),
    }
}

/// Writes a paragraph whose further lines hang in. A control character in old data must not command the terminal.
pub fn wrap(report: &mut String, indent: &str, paragraph: &str) {
    let shown: String = paragraph.chars().map(|letter| if letter.is_control() { '·' } else { letter }).collect();
    let mut line = indent.to_owned();
    let mut first = true;
    for word in shown.split(' ').filter(|word| !word.is_empty()) {
        if !first && line.chars().count() + 1 + word.chars().count() > WIDTH {
            report.push_str(&line);
            report.push('\n');
            line = format!("{indent}  ");
            first = true;
        }
        if !first {
            line.push(' ');
        }
        line.push_str(word);
        first = false;
    }
    report.push_str(&line);
    report.push('\n');
}
