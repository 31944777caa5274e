//! Every kind of damage is found, named and counted; what was certain is repaired, what was not is left out.

use super::super::finding::Damage;
use super::{Bar, ROWS, SCHEMA, previewed, told};
use crate::menu::item::{Alcohol, Presence};
use crate::menu::serving::Unit;
use crate::menu::substance::Substance;
use crate::menu::wine::{Color, Sweetness};
use crate::notifications;

fn times(plan: &super::Plan, damage: Damage) -> usize {
    plan.findings.iter().filter(|finding| finding.damage == damage).count()
}

#[tokio::test]
async fn a_damaged_database_is_reported_line_by_line() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    insta::assert_snapshot!(previewed(&bar.preview(&[old]).await), @r#"
                          new    changed  unchanged   repaired   doubtful    refused
    wines                   5          0          0          5          3          1
    drinks                  3          0          0          1          3          0
    snacks                  1          0          0          0          1          0
    notifications           1          0          0          0          0          0

    New wines
      Nordwind; Ostwind 2019; Mareada; Südwind; Doppelt.

    New drinks
      Gurkenlimo; Mondsour; Sonnenspritz.

    New snacks
      Wolkenbrot.

    New notifications
      Sternstunde.

    Repaired: it was certain what was meant
      4 ids ended in a comma: 2, → 2 Ostwind 2019; 3, → 3 Mareada; 4, → 4 Südwind; 5, → 5 SÜDWIND.
      2 texts were encoded twice: Doppelt (color "rosÃ©" → "rosé"); Doppelt (short_description "KÃ¼hl
        und â€žfrischâ€œ." → "Kühl und „frisch“.").
      4 wines are not sold by the glass (price 0.00): Ostwind 2019; Mareada (0,2 l); Südwind; SÜDWIND.
      1 name began with * ("also alcohol-free for 7.50"): taken off, add the alcohol-free one:
        Sonnenspritz.

    Doubtful: imported as it is; please look
      3 texts are cut off (what is missing cannot be guessed: complete them): Mareada (name "Mareada");
        Mareada (story "Der"); Mareada (grape "Nero d").
      1 grape contradicts the wine's own text (correct one of the two): Nordwind (grape "100% Saint
        Laurent", text: Syrah, Merlot).
      2 drinks have no volume (add it: the law asks for it): Mondsour; Sonnenspritz.
      1 snack declares no substances (taken as not declared, never as free: declare them): Wolkenbrot.
      1 code number is not on the old card's list (left out: declare what it means): Gurkenlimo (23).
      1 code 12 is taken as nuts; an older page said "nuts / peanuts" (check for peanuts): Mondsour.
      1 picture is not imported (upload it): Doppelt.

    Refused: left out until it is corrected in the old data
      1 wine is listed twice: keep one in the old data: SÜDWIND (ids 4 and 5).

    Nothing was changed. Run again with --apply to import.
    "#);
}

#[tokio::test]
async fn what_was_certain_is_repaired() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(&[old]).await.unwrap();

    let east = bar.item("Ostwind 2019").await;
    let wine = east.wine.clone().unwrap();
    assert_eq!((east.legacy_id.as_deref(), wine.vintage, wine.sweetness), (Some("2"), Some(2019), None));
    assert_eq!(wine.grapes.0.iter().map(|grape| grape.percent).collect::<Vec<_>>(), [Some(60), Some(40)]);
    assert_eq!(east.servings.iter().map(|one| (one.unit, one.price_cents)).collect::<Vec<_>>(), [(Unit::Bottle, 2911)]);

    let cut = bar.item("Mareada").await;
    let wine = cut.wine.clone().unwrap();
    assert_eq!(
        (wine.color, wine.country.as_deref(), wine.sweetness),
        (Color::Rose, Some("IT"), Some(Sweetness::OffDry))
    );
    assert_eq!((wine.region.as_deref(), wine.appellation.as_deref()), (Some("Apulien"), Some("Puglia IGT")));
    assert_eq!(cut.servings.len(), 2);

    let twice = bar.item("Doppelt").await;
    assert_eq!(twice.description.de, "Kühl und „frisch“.");
    assert_eq!(twice.wine.unwrap().color, Color::Rose);

    let north = bar.item("Nordwind").await;
    assert!(north.servings.iter().all(|serving| serving.sold_out.is_some_and(|out| out.until.is_none())));
}

#[tokio::test]
async fn what_is_not_declared_is_unknown_and_never_free() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(&[old]).await.unwrap();
    assert!(bar.item("Wolkenbrot").await.declarations.is_empty());
    let sour = bar.item("Mondsour").await;
    let nuts = Substance::find("nuts").unwrap();
    assert_eq!(sour.declarations.get(&nuts), Some(&Presence::Contains));
    assert_eq!(sour.declarations.get(&Substance::find("peanuts").unwrap()), None);
    let lemonade = bar.item("Gurkenlimo").await;
    assert_eq!(lemonade.declarations.len(), 2);
    for item in bar.items().await {
        assert!(item.declarations.values().all(|presence| *presence != Presence::Free));
    }
}

#[tokio::test]
async fn drinks_keep_numbers_ages_and_sections() {
    let bar = Bar::new().await;
    let old = bar.old_database("old.db", &format!("{SCHEMA}{ROWS}")).await;
    bar.import(&[old]).await.unwrap();
    assert_eq!(bar.item("Wolkenbrot").await.number, 7);
    assert_eq!(bar.item("Gurkenlimo").await.alcohol, Alcohol::None);
    assert_eq!(bar.item("Mondsour").await.alcohol, Alcohol::Distilled);
    let spritz = bar.item("Sonnenspritz").await;
    let sections = crate::menu::sections::list(&bar.app.db).await.unwrap();
    let section = sections.iter().find(|section| Some(section.id) == spritz.section).unwrap();
    assert_eq!((section.slug.as_str(), section.name.de.as_str()), ("spritz", "Spritz"));
    assert_eq!(bar.item("Gurkenlimo").await.servings[0].unit, Unit::Bottle);
    assert!(bar.item("Gurkenlimo").await.new);
}

#[tokio::test]
async fn display_prices_are_read_or_the_row_is_left_out() {
    let bar = Bar::new().await;
    let wine = |name: &str, price: &str| {
        format!(
            r#"{{"name": "{name}", "color": "red", "grape": "Merlot", "prices": {{"0.1l": {price}, "flasche": "€29,50"}}}}"#
        )
    };
    let good = ["\"4,00€\"", "\"9\"", "\"3,9€\"", "7.5", "\"7,50 €\""];
    let bad = ["\"6,500€\"", "\"-4,00\"", "\"abc\"", "true", "-3"];
    let rows = good
        .iter()
        .chain(&bad)
        .enumerate()
        .map(|(at, price)| wine(&format!("Wein {}", char::from(b'A' + u8::try_from(at).unwrap())), price));
    let file = bar.file("anything.json", format!("[{}]", rows.collect::<Vec<_>>().join(",")));
    let plan = bar.preview(&[file]).await;
    assert_eq!((plan.items.len(), times(&plan, Damage::Price)), (good.len(), bad.len()));
    assert!(told(&plan).contains("\"6,500€\" could be 6,50 € or 6500 €"));
}

#[tokio::test]
async fn rows_that_cannot_be_trusted_are_refused_with_a_remedy() {
    let bar = Bar::new().await;
    let wines = bar.file(
        "wines.json",
        r#"[{"id": "1", "name": "", "color": "red", "prices": {"flasche": "20"}},
            {"id": "2", "name": "Blauer", "color": "blue", "prices": {"flasche": "20"}},
            {"id": "3", "name": "Farblos", "prices": {"flasche": "20"}},
            {"id": "4", "name": "Umsonst", "color": "red", "prices": {}},
            {"id": "5", "name": "Vielleicht", "color": "red", "available": "maybe", "prices": {"flasche": "20"}},
            {"id": "6", "name": "Gut", "color": "red", "available": "ja", "prices": {"flasche": "20"}},
            {"id": "6", "name": "Auch gut", "color": "red", "prices": {"flasche": "20"}}]"#,
    );
    let snacks = bar.file(
        "snacks.json",
        r#"[{"name": "Kartoffelkuchen", "price": "7", "veggie": true, "allergens": [11]},
            {"name": "Kartoffelkuchen", "price": "8,5", "veggie": true, "allergens": [11]},
            {"name": "Eibrot", "price": "5", "vegan": true, "allergens": [11]},
            {"name": "Nussbrot", "price": "5", "allergens": [9], "traceAllergens": [4, 22], "onm": true}]"#,
    );
    let plan = bar.preview(&[wines, snacks]).await;
    for (damage, expected) in [
        (Damage::NoName, 1),
        (Damage::NoColor, 2),
        (Damage::NoPrice, 1),
        (Damage::Flag, 1),
        (Damage::FlagWord, 1),
        (Damage::SameName, 2),
        (Damage::Rule, 1),
        (Damage::UnknownField, 1),
    ] {
        assert_eq!(times(&plan, damage), expected, "{damage:?}");
    }
    let names: Vec<&str> = plan.items.iter().map(|step| step.after.name.de.as_str()).collect();
    assert_eq!(names, ["Gut", "Kartoffelkuchen", "Nussbrot"]);
    let traces = plan.items[2].after.declarations.iter().filter(|(_, presence)| **presence == Presence::Traces);
    assert_eq!(traces.map(|(substance, _)| substance.code()).collect::<Vec<_>>(), ["peanuts", "sulphites"]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_left_out_and_the_rest_is_imported() {
    let bar = Bar::new().await;
    let endless = "a".repeat(200);
    let snacks = bar.file(
        "snacks.json",
        format!(
            r#"[{{"name": "{endless}", "price": "5", "veggie": true}},
                {{"name": "Wolken\u0000brot", "price": "5", "veggie": true}},
                {{"name": "\u202etorB", "price": "5", "veggie": true}},
                {{"name": "Unter langem Titel", "price": "5", "veggie": true, "category": "{endless}"}},
                {{"id": "2147483647", "name": "Mondbrot", "price": "5", "veggie": true}},
                {{"name": "{} Brot", "price": "5", "veggie": true}}]"#,
            "Ä".repeat(100)
        ),
    );
    let announcements = bar.file(
        "notifications.json",
        format!(
            r#"[{{"title": "{endless}", "message": "x", "active": true}},
                {{"title": "Wichtig", "message": "x", "active": true, "priority": 2147483647}},
                {{"title": "Heute", "message": "Musik", "active": true}}]"#
        ),
    );
    let plan = bar.import(&[snacks, announcements]).await.unwrap();
    assert_eq!(times(&plan, Damage::Rule), 6, "{}", previewed(&plan));
    let told = told(&plan);
    for part in [
        "4 snacks break a rule: correct them in the old data",
        "name/de is too long (120 characters at most)",
        "name/de holds characters that cannot be shown there (retype it)",
        "2 notifications break a rule: correct them in the old data",
        "title/de is too long (120 characters at most)",
        "priority must lie between -100 and 100",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let names: Vec<_> = bar.items().await.into_iter().map(|item| (item.number, item.slug.len())).collect();
    assert_eq!(names, [(1, 8), (2, 80)], "an old id that is no number here is not taken as one");
    assert_eq!(notifications::store::list(&bar.app.db).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sizes_in_names_make_one_drink() {
    let bar = Bar::new().await;
    let drinks = bar.file(
        "page.json",
        r#"{"taps": [{"name": "Helles vom Hahn 0,2", "volume": "0,2l", "price": "2,9€", "category": "Bier", "alcoholic": true, "allergens": [10]},
                     {"name": "Helles vom Hahn 0,4", "volume": "0,4l", "price": "5,5€", "category": "Bier", "alcoholic": true, "allergens": [10]}],
            "corks": [{"name": "Perlwein 0,1l", "price": "8€", "category": "Bubbles", "allergens": [4], "alcoholic": true},
                      {"name": "Fizz", "price": "10,5€", "category": "Cocktail", "alcoholic": true, "allergens": [11]}],
            "zero": [{"name": "Fizz", "price": "9€", "category": "Cocktail", "alcoholic": false, "allergens": [11]}]}"#,
    );
    let plan = bar.import(&[drinks]).await.unwrap();
    assert_eq!((times(&plan, Damage::SizesJoined), times(&plan, Damage::SameName)), (1, 1));
    let beer = bar.item("Helles vom Hahn").await;
    assert_eq!(
        beer.servings.iter().map(|one| (one.volume_ml, one.price_cents)).collect::<Vec<_>>(),
        [(Some(200), 290), (Some(400), 550)]
    );
    assert_eq!(beer.alcohol, Alcohol::Fermented);
    assert_eq!(bar.item("Perlwein").await.servings[0].volume_ml, Some(100));
    assert_eq!(bar.item("Fizz").await.servings[0].price_cents, 1050);
}
