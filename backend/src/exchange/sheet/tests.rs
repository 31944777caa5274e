//! Exported and imported again, nothing changes; whatever is filled in wrongly is told by its cell.

use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::export::{Format, sheet};
use super::header::Mapping;
use super::incoming::Incoming;
use super::preview::{Action, Preview};
use super::{MAX_ROWS, document};
use crate::error::Error;
use crate::exchange::plan::Standing;
use crate::menu::item::{Item, Kind, Presence};
use crate::menu::section::{Menu, Section};
use crate::menu::serving::{Serving, Unit};
use crate::menu::substance::Substance;
use crate::menu::text::Text;
use crate::menu::wine::{Color, Facts, Grape, Grapes};

fn section(menu: Menu, slug: &str) -> Section {
    let (name, description) = (Text::german(format!("Unter {slug}")), Text::default());
    Section { id: Uuid::now_v7(), menu, slug: slug.to_owned(), name, description, position: 0, revision: 1 }
}

fn serving(volume_ml: i32, price_cents: i64) -> Serving {
    let (unit, label) = (if volume_ml > 300 { Unit::Bottle } else { Unit::Glass }, Text::default());
    let volume_ml = Some(volume_ml);
    Serving { id: Uuid::now_v7(), unit, label, volume_ml, weight_g: None, price_cents, alcohol: None, sold_out: None }
}

fn wine(number: i32, name: &str, section: &Section) -> Item {
    let grapes = vec![Grape { variety: "Tempranillo".to_owned(), percent: Some(60) }];
    let facts = Facts {
        vintage: Some(2021),
        grapes: Grapes(grapes),
        country: Some("ES".to_owned()),
        body: Some(3),
        ..Facts::of(Color::Red)
    };
    Item {
        slug: format!("wein-{number}"),
        name: Text::german(name),
        section: Some(section.id),
        servings: vec![serving(100, 450), serving(750, 2900)],
        declarations: [(Substance::find("sulphites").unwrap(), Presence::Contains)].into(),
        wine: Some(facts),
        ..Item::blank(Uuid::now_v7(), Kind::Wine, number, DateTime::UNIX_EPOCH)
    }
}

fn bar() -> Standing {
    let section = section(Menu::Wines, "rotwein");
    let items = vec![wine(1, "Rioja Crianza", &section), wine(2, "Priorat", &section)];
    Standing { items, sections: vec![section], ..Standing::default() }
}

fn look(standing: &Standing, bytes: &[u8], format: Format) -> Result<Preview, Error> {
    let file = Incoming::read(bytes, format, Mapping::new())?;
    file.compare(standing, DateTime::UNIX_EPOCH)
}

fn csv(standing: &Standing, text: &str) -> Preview {
    look(standing, text.as_bytes(), Format::Csv).unwrap()
}

/// Every fault: row, column, code.
fn faults(preview: &Preview) -> Vec<(usize, &'static str, &'static str)> {
    let faults = preview.items.iter().flat_map(|item| &item.faults);
    faults.map(|fault| (fault.row, fault.column, fault.code)).collect()
}

/// Every difference: row, column, before, after.
fn differences(preview: &Preview) -> Vec<(usize, &'static str, &str, &str)> {
    let differences = preview.items.iter().flat_map(|item| &item.differences);
    differences.map(|one| (one.row, one.column, one.before.as_str(), one.after.as_str())).collect()
}

/// What is wrong with a file as a whole.
fn refusal(standing: &Standing, bytes: &[u8]) -> Vec<(String, &'static str)> {
    match look(standing, bytes, Format::Csv) {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_price_changes_by_number_in_any_dialect() {
    let bar = bar();
    for text in [
        "kind;number;unit;price\nwine;1;glass;5,00\n",
        "\u{feff}Kind,Number,Unit,Price\r\nwine,1,glass,\"5,00 €\"\r\n",
        "kind\tnumber\tunit\tprice\nwine\t1\tglass\t5.00",
    ] {
        let preview = csv(&bar, text);
        assert_eq!(differences(&preview), [(2, "price", "4,50", "5,00")], "{text:?}");
        assert_eq!(preview.plan.items[0].after.servings[0].price_cents, 500);
    }
}

#[test]
fn windows_1252_is_read() {
    let preview = look(&bar(), b"kind;number;name_de\nwine;1;Ros\xe9 \x84S\xfc\xdf\x93", Format::Csv).unwrap();
    assert_eq!(differences(&preview), [(2, "name_de", "Rioja Crianza", "Rosé „Süß“")]);
}

#[test]
fn what_is_wrong_is_told_by_its_cell() {
    let bar = bar();
    let text = "kind;number;section;unit;price\nwine;1;;glass;6,500€\nwine;2;nirgends;bottle;\n\nrum;3;;;\nwine;9;rotwein;glass;4\n";
    let expected = [
        (2, "price", "not_a_price"),
        (3, "price", "missing"),
        (3, "section", "unknown_section"),
        (5, "kind", "one_of"),
        (6, "color", "missing"),
    ];
    assert_eq!(faults(&csv(&bar, text)), expected);
    let twice = "kind;number;name_de;unit;price\nwine;1;Eins;glass;4\nwine;1;Zwei;bottle;29\n";
    assert_eq!(faults(&csv(&bar, twice)), [(3, "name_de", "contradicts_row")]);
    let damaged = "kind;number;name_de\nwine;1;RosÃ©\n";
    assert_eq!(faults(&csv(&bar, damaged)), [(2, "name_de", "encoded_twice")]);
    let taken = "kind;number;slug\nwine;1;wein-2\n";
    assert_eq!(faults(&csv(&bar, taken)), [(2, "slug", "taken")]);
    assert_eq!(faults(&csv(&bar, "kind;number;price\nwine;1;4\n")), [(2, "serving_id", "which_serving")]);
    assert_eq!(faults(&csv(&bar, "id;price\nnobody;4\n")), [(2, "id", "not_an_id")]);
}

#[test]
fn files_that_are_no_sheet_are_refused_whole() {
    let bar = bar();
    let one = |bytes: &[u8]| refusal(&bar, bytes);
    assert_eq!(one(b"kind;Farbe\nwine;red"), [("/header/Farbe".to_owned(), "unknown_column")]);
    assert_eq!(one(b"kind;number;KIND\nwine;1;wine"), [("/header/KIND".to_owned(), "given_twice")]);
    assert_eq!(one(b"kind;number\n"), [("/rows".to_owned(), "missing")]);
    assert_eq!(one(b""), [("/header".to_owned(), "missing")]);
    assert_eq!(one(b"kind;number\nwine;1;surplus"), [("/rows/2".to_owned(), "more_cells_than_headers")]);
    assert_eq!(one(b"kind;number\nwine;\"1"), [("/rows/2".to_owned(), "open_quote")]);
    assert_eq!(one(b"PK\x03\x04\0\0\xff"), [(String::new(), "not_text")]);
    let row = "wine;1\n";
    let long = |rows| format!("kind;number\n{}", row.repeat(rows));
    assert_eq!(one(long(MAX_ROWS + 1).as_bytes()), [("/rows".to_owned(), "too_many")]);
    assert_eq!(csv(&bar, &long(MAX_ROWS)).items.len(), 1);
}

#[test]
fn headers_are_mapped_or_left_out() {
    let mapping = [("Nr.", "number"), ("Bemerkung", ""), ("Preis", "price")];
    let mapping = mapping.map(|(from, to)| (from.to_owned(), to.to_owned())).into();
    let text = "kind;Nr.;unit;Preis;Bemerkung\nwine;1;bottle;30;teurer\n";
    let file = Incoming::read(text.as_bytes(), Format::Csv, mapping).unwrap();
    let preview = file.compare(&bar(), DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(differences(&preview), [(2, "price", "29,00", "30,00")]);
}

#[test]
fn a_new_wine_is_made_once() {
    let mut bar = bar();
    let text = "kind;name_de;section;color;unit;volume_ml;price\nwine;Neu;Unter Rotwein;white;glass;100;5\nwine;Neu;Unter Rotwein;white;bottle;750;25\n";
    let preview = csv(&bar, text);
    assert_eq!((faults(&preview), preview.count(Action::New)), (Vec::new(), 1));
    let new = preview.plan.items[0].after.clone();
    assert_eq!(
        (new.number, new.slug.as_str(), new.servings.len(), new.section),
        (3, "neu", 2, Some(bar.sections[0].id))
    );
    bar.items.push(new);
    assert_eq!(csv(&bar, text).count(Action::Unchanged), 1);
}

#[test]
fn after_the_last_number_come_those_that_are_free() {
    let mut bar = bar();
    bar.items[1].number = 99_999;
    let text = "kind;name_de;section;color;unit;volume_ml;price\nwine;A;rotwein;red;glass;100;5\nwine;B;rotwein;red;glass;100;5\n";
    let preview = csv(&bar, text);
    let numbers: Vec<i32> = preview.plan.items.iter().map(|step| step.after.number).collect();
    assert_eq!((faults(&preview), numbers), (Vec::new(), vec![2, 3]));
}

#[test]
fn an_empty_cell_empties_and_a_column_that_is_not_there_leaves_alone() {
    let bar = bar();
    assert_eq!(differences(&csv(&bar, "kind;number;vintage\nwine;1;\n")), [(2, "vintage", "2021", "")]);
    assert_eq!(faults(&csv(&bar, "kind;number;visible\nwine;1;\n")), [(2, "visible", "missing")]);
}

#[test]
fn a_document_says_what_it_would_do() {
    let bar = bar();
    let given = |items: &str| format!(r#"{{"format": "{}", "items": {items}}}"#, document::FORMAT);
    let id = bar.items[0].servings[1].id;
    let price =
        given(&format!(r#"[{{"kind": "wine", "number": 1, "servings": [{{"id": "{id}", "price_cents": 3000}}]}}]"#));
    let preview = look(&bar, price.as_bytes(), Format::Json).unwrap();
    assert_eq!(differences(&preview), [(1, "price", "29,00", "30,00")]);
    assert_eq!(preview.plan.items[0].after.servings.len(), 2, "nothing is deleted");
    for (items, place, code) in [
        (r#"[{"kind": "wine", "number": 1, "wine": {"colour": "red"}}]"#, "/items/0/wine/colour", "unknown_field"),
        (r#"[{"kind": "wine", "number": 1, "picture": null}]"#, "/items/0/picture", "unknown_field"),
        (
            r#"[{"kind": "wine", "number": 1, "servings": [{"price": 3}]}]"#,
            "/items/0/servings/0/price",
            "unknown_field",
        ),
        ("[]", "/items", "missing"),
    ] {
        match look(&bar, given(items).as_bytes(), Format::Json) {
            Err(Error::Invalid(faults)) => assert_eq!((faults[0].pointer.as_str(), faults[0].code), (place, code)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_document_furnishes_an_empty_bar() {
    let bar = bar();
    let text = document::written(bar.items.iter(), &bar.sections, &Menu::ALL).unwrap();
    let preview = look(&Standing::default(), text.as_bytes(), Format::Json);
    // Servings get their ids where they are sold.
    let preview = preview.unwrap();
    assert_eq!((faults(&preview), preview.count(Action::New), preview.plan.sections.len()), (Vec::new(), 2, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_exported_changes_nothing(
        names in prop::collection::vec("[=+@'\"-]{0,2}[a-zäöüßé€;,\\t\"' \\n-]{1,12}[a-z]", 3),
        story in "\\PC{0,40}",
    ) {
        let mut bar = bar();
        let [name, note, label] = [&names[0], &names[1], &names[2]].map(Clone::clone);
        bar.items[0].name = Text { de: name.clone(), en: Some(note.clone()), es: None };
        bar.items[0].note = Text::german(note);
        bar.items[1].story = Text::german(story);
        bar.items[1].servings[0].label = Text::german(label);
        bar.items[1].wine.as_mut().unwrap().grapes.0[0].variety = name;
        let text = sheet(&bar.items, &bar.sections);
        prop_assert!(csv(&bar, &text).items.iter().all(|item| item.differences.is_empty() && item.action != Action::New));
        let json = document::written(bar.items.iter(), &bar.sections, &Menu::ALL).unwrap();
        let preview = look(&bar, json.as_bytes(), Format::Json).unwrap();
        prop_assert!(preview.items.iter().all(|item| item.differences.is_empty() && item.action != Action::New));
    }
}
