//! What breaks a rule is never written, whoever brings it, and what keeps the rules is kept whole on both databases.

use std::collections::BTreeMap;

use casavazquez::actor::Actor;
use casavazquez::change::Change;
use casavazquez::error::Error;
use casavazquez::fault::Fault;
use casavazquez::house;
use casavazquez::house::house::NewHouse;
use casavazquez::menu::item::{Alcohol, Item, Kind, Role as Sold};
use casavazquez::menu::section::{Menu, NewSection};
use casavazquez::menu::serving::{Serving, SoldOut, Unit};
use casavazquez::menu::text::Text;
use casavazquez::menu::wine::{Category, Color, Facts, Grape, Grapes};
use casavazquez::menu::{sections, store};
use casavazquez::notifications;
use casavazquez::notifications::notification::{NewNotification, Page, Tone};
use casavazquez::tokens;
use casavazquez::tokens::token::NewToken;
use casavazquez::users;
use casavazquez::users::user::{NewUser, Profile, Role};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::harness::{FRIDAY_EVENING, TestApp};

/// Longer than any text of the bar may be.
const ENDLESS: usize = 10_000;

fn now() -> DateTime<Utc> {
    FRIDAY_EVENING.parse().unwrap()
}

fn everywhere(text: impl Into<String>) -> Text {
    let text: String = text.into();
    Text { de: text.clone(), en: Some(text.clone()), es: Some(text) }
}

/// A wine without a fault.
fn wine() -> Item {
    let serving = Serving {
        id: Uuid::now_v7(),
        unit: Unit::Bottle,
        label: Text::default(),
        volume_ml: Some(750),
        weight_g: None,
        price_cents: 2100,
        alcohol: None,
        sold_out: None,
    };
    let facts = Facts {
        color: Color::Red,
        category: Category::Still,
        producer: None,
        vintage: Some(2020),
        grapes: Grapes::default(),
        country: Some("ES".to_owned()),
        region: None,
        appellation: None,
        quality: None,
        sweetness: None,
        body: Some(3),
        acidity: Some(3),
        tannin: Some(3),
        characteristics: Text::default(),
        serving_temperature_c: Some(16),
    };
    Item {
        id: Uuid::now_v7(),
        legacy_id: None,
        kind: Kind::Wine,
        role: Sold::AddOn,
        number: 9000,
        section: None,
        position: 0,
        slug: "nordwind".to_owned(),
        name: Text::german("Nordwind"),
        name_lang: None,
        description: Text::default(),
        story: Text::default(),
        note: Text::default(),
        new: false,
        visible: true,
        vegetarian: false,
        vegan: false,
        keto: false,
        alcohol: Alcohol::Fermented,
        servings: vec![serving],
        declarations: BTreeMap::new(),
        parts: Vec::new(),
        picture: None,
        wine: Some(facts),
        revision: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn notification() -> NewNotification {
    NewNotification {
        legacy_id: None,
        title: Text::german("Sternstunde"),
        message: Text::default(),
        tone: Tone::Info,
        pages: vec![Page::Home],
        priority: 0,
        active: true,
        starts_at: None,
        ends_at: None,
    }
}

fn bar_itself() -> NewHouse {
    serde_json::from_value(json!({
        "name": "Casa", "street": "Am Kanal 1", "postal_code": "48143", "locality": "Münster", "country": "DE",
        "time_zone": "Europe/Berlin", "opening_hours": [], "legal": {"operator": "Beispiel GmbH"},
    }))
    .unwrap()
}

fn profile() -> Profile {
    Profile {
        id: Uuid::now_v7(),
        username: "maria".to_owned(),
        full_name: None,
        email: None,
        role: Role::Staff,
        active: true,
        has_password: true,
        revision: 1,
        created_at: now(),
        updated_at: now(),
    }
}

/// A wine that breaks one rule.
fn broken(breaking: impl FnOnce(&mut Item)) -> Item {
    let mut item = wine();
    breaking(&mut item);
    item
}

fn faults(checked: Result<(), Error>) -> Vec<Fault> {
    match checked {
        Ok(()) => Vec::new(),
        Err(Error::Invalid(faults)) => faults,
        Err(other) => panic!("{other:?}"),
    }
}

/// Pointers and codes.
fn told(checked: Result<(), Error>) -> Vec<(String, &'static str)> {
    faults(checked).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

async fn create(bar: &TestApp, item: Item) -> Result<Item, Error> {
    bar.app.change(&Actor::command_line(), async |change: &Change| store::create(change, item).await).await
}

/// The wine is refused for what is wrong at `pointer`, and the bar is as it was.
async fn is_refused(bar: &TestApp, item: Item, pointer: &str) {
    let (items, card) = (store::list(&bar.app.db).await.unwrap(), bar.json("/api/v1/card").await);
    match create(bar, item).await {
        Err(Error::Invalid(faults)) => assert!(faults.iter().any(|fault| fault.pointer == pointer), "{faults:?}"),
        other => panic!("{pointer}: {other:?}"),
    }
    assert_eq!(store::list(&bar.app.db).await.unwrap(), items, "{pointer}");
    bar.app.shelf.refresh(&bar.app.db).await.unwrap();
    assert_eq!(bar.json("/api/v1/card").await, card, "{pointer}");
}

#[tokio::test]
async fn absurd_prices_are_refused() {
    let bar = TestApp::with_demo().await;
    for price in [-1, 0, 1_000_001, i64::MAX, i64::MIN] {
        is_refused(&bar, broken(|item| item.servings[0].price_cents = price), "/servings/0/price_cents").await;
    }
    for (number, price) in [(9000, 1), (9001, 1_000_000)] {
        let mut item = broken(|item| item.servings[0].price_cents = price);
        (item.number, item.slug) = (number, format!("nordwind-{number}"));
        create(&bar, item).await.unwrap();
    }
}

#[tokio::test]
async fn an_empty_or_endless_name_is_refused() {
    let bar = TestApp::with_demo().await;
    for name in ["", " ", "\u{200b}", "a\u{0}b", "a\nb", "\u{202e}niw", &"a".repeat(121), &"🍷".repeat(1_000_000)] {
        is_refused(&bar, broken(|item| item.name = Text::german(name)), "/name/de").await;
        let translated = Text { de: "Nordwind".to_owned(), en: Some(name.to_owned()), es: None };
        is_refused(&bar, broken(|item| item.name = translated), "/name/en").await;
    }
    create(&bar, broken(|item| item.name = everywhere("🍷".repeat(120)))).await.unwrap();
}

#[tokio::test]
async fn a_row_that_would_poison_the_card_is_never_written() {
    let bar = TestApp::with_demo().await;
    let far: DateTime<Utc> = "+262142-12-31T23:59:59Z".parse().unwrap();
    let wine_of = |item: &mut Item, change: fn(&mut Facts)| change(item.wine.as_mut().unwrap());
    for (pointer, item) in vec![
        ("/wine", broken(|item| item.wine = None)),
        ("/slug", broken(|item| item.slug = "../admin".to_owned())),
        ("/slug", broken(|item| item.slug = String::new())),
        ("/section", broken(|item| item.role = Sold::Dish)),
        ("/number", broken(|item| item.number = i32::MAX)),
        ("/position", broken(|item| item.position = i32::MIN)),
        ("/name_lang", broken(|item| item.name_lang = Some("\"><script>".to_owned()))),
        ("/servings", broken(|item| item.servings.clear())),
        ("/servings", broken(|item| item.servings = vec![item.servings[0].clone(); 10_000])),
        ("/servings/0/volume_ml", broken(|item| item.servings[0].volume_ml = Some(-1))),
        ("/servings/0/volume_ml", broken(|item| item.servings[0].volume_ml = None)),
        ("/servings/0/label/en", broken(|item| item.servings[0].label = everywhere(" "))),
        (
            "/servings/0/sold_out/until",
            broken(|item| item.servings[0].sold_out = Some(SoldOut { since: now(), until: Some(far) })),
        ),
        (
            "/servings/0/sold_out/until",
            broken(|item| item.servings[0].sold_out = Some(SoldOut { since: now(), until: Some(now()) })),
        ),
        ("/wine/vintage", broken(|item| wine_of(item, |wine| wine.vintage = Some(i16::MAX)))),
        ("/wine/tannin", broken(|item| wine_of(item, |wine| wine.tannin = Some(6)))),
        ("/wine/country", broken(|item| wine_of(item, |wine| wine.country = Some("Spanien".to_owned())))),
        ("/wine/region", broken(|item| wine_of(item, |wine| wine.region = Some("Rio\u{0}ja".to_owned())))),
        ("/wine/serving_temperature_c", broken(|item| wine_of(item, |wine| wine.serving_temperature_c = Some(-300)))),
        (
            "/wine/grapes",
            broken(|item| {
                let grape = Grape { variety: "Merlot".to_owned(), percent: Some(60) };
                item.wine.as_mut().unwrap().grapes = Grapes(vec![grape.clone(), grape]);
            }),
        ),
        (
            "/wine/grapes/0/percent",
            broken(|item| {
                let grape = Grape { variety: "Merlot".to_owned(), percent: Some(0) };
                item.wine.as_mut().unwrap().grapes = Grapes(vec![grape]);
            }),
        ),
    ] {
        is_refused(&bar, item, pointer).await;
    }
    create(&bar, wine()).await.unwrap();
}

#[tokio::test]
async fn the_demo_keeps_every_rule() {
    let bar = TestApp::with_demo().await;
    for item in store::list(&bar.app.db).await.unwrap() {
        item.check().unwrap();
    }
    for notification in notifications::store::list(&bar.app.db).await.unwrap() {
        notification.check().unwrap();
    }
    house::store::find(&bar.app.db).await.unwrap().unwrap().check().unwrap();
}

#[test]
fn everything_wrong_is_named_at_once_and_nothing_of_it_is_repeated() {
    const SENT: &str = "\u{202e}zzz";
    let all = broken(|item| {
        item.name = everywhere(SENT);
        item.description = everywhere(SENT);
        item.slug = SENT.to_owned();
        item.name_lang = Some(SENT.to_owned());
        item.servings[0].price_cents = -4711;
        item.servings[0].label = everywhere(SENT);
        item.wine.as_mut().unwrap().country = Some(SENT.to_owned());
        item.wine.as_mut().unwrap().vintage = Some(4711);
    });
    let refusal = all.check().unwrap_err();
    let (said, faults) = (refusal.to_string(), faults(Err(refusal)));
    assert_eq!(faults.len(), 14, "{faults:?}");
    let shown = format!("{said} {}", json!(faults));
    assert!(!shown.contains("zzz") && !shown.contains("4711"), "{shown}");
    for (code, part) in
        [("not_a_slug", "slug may hold small letters"), ("out_of_range", "must lie between 1900 and 2100")]
    {
        assert!(faults.iter().any(|fault| fault.code == code) && said.contains(part), "{said}");
    }
}

#[test]
fn an_announcement_stands_somewhere_once_and_ends_after_it_began() {
    let made = |breaking: fn(&mut NewNotification)| {
        let mut new = notification();
        breaking(&mut new);
        told(new.made(Uuid::nil(), now()).check())
    };
    let fault = |pointer: &str, code| vec![(pointer.to_owned(), code)];
    assert_eq!(made(|_| {}), []);
    assert_eq!(made(|new| new.title = Text::default()), fault("/title/de", "missing"));
    assert_eq!(
        made(|new| new.title = Text { en: Some("News".into()), ..Text::default() }),
        fault("/title/de", "missing")
    );
    assert_eq!(made(|new| new.message = Text::german("a".repeat(1001))), fault("/message/de", "too_long"));
    assert_eq!(made(|new| new.pages.clear()), fault("/pages", "missing"));
    assert_eq!(made(|new| new.pages = vec![Page::Home, Page::Wines, Page::Home]), fault("/pages/2", "given_twice"));
    assert_eq!(made(|new| new.pages = vec![Page::Home; 5]), fault("/pages", "too_many"));
    assert_eq!(made(|new| new.priority = i32::MIN), fault("/priority", "out_of_range"));
    assert_eq!(made(|new| (new.starts_at, new.ends_at) = (Some(now()), Some(now()))), fault("/ends_at", "not_after"));
    assert_eq!(made(|new| new.ends_at = Some(DateTime::<Utc>::MAX_UTC)), fault("/ends_at", "out_of_range"));
}

#[tokio::test]
async fn a_house_that_breaks_rules_is_not_set_up() {
    let bar = TestApp::empty().await;
    let broken = NewHouse {
        name: " ".to_owned(),
        street: String::new(),
        country: "Germany".to_owned(),
        phone: Some("call me".to_owned()),
        email: Some("nobody".to_owned()),
        website: Some("javascript:alert(1)".to_owned()),
        time_zone: "Mars/Olympus".to_owned(),
        opening_hours: serde_json::from_value(json!([{"day": 8, "opens": "17:00", "closes": "01:00"}])).unwrap(),
        legal: serde_json::from_value(json!({"operator": "", "vat_id": "DE1"})).unwrap(),
        ..bar_itself()
    };
    let set_up = async |new: NewHouse| {
        bar.app.change(&Actor::house(), async |change: &Change| house::store::create(change, new).await.map(drop)).await
    };
    let told = told(set_up(broken).await);
    let expected = [
        ("/name", "blank"),
        ("/street", "missing"),
        ("/country", "not_a_country"),
        ("/phone", "not_a_phone_number"),
        ("/email", "not_an_email"),
        ("/website", "not_a_web_address"),
        ("/time_zone", "unknown_time_zone"),
        ("/opening_hours/0/day", "out_of_range"),
        ("/legal/operator", "missing"),
        ("/legal/vat_id", "not_a_vat_id"),
    ];
    assert_eq!(told, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    assert_eq!(house::store::find(&bar.app.db).await.unwrap(), None);
    set_up(bar_itself()).await.unwrap();
}

#[tokio::test]
async fn a_section_has_a_name_and_a_plain_slug() {
    let bar = TestApp::empty().await;
    let make = async |slug: &str, name: Text| {
        let new = NewSection { slug: slug.to_owned(), name, description: Text::default() };
        let made = async |change: &Change| sections::create(change, Menu::Snacks, new.clone()).await.map(drop);
        told(bar.app.change(&Actor::house(), made).await)
    };
    let fault = |pointer: &str, code| vec![(pointer.to_owned(), code)];
    assert_eq!(make("", Text::german("Tapas")).await, fault("/slug", "missing"));
    assert_eq!(make("a/b", Text::german("Tapas")).await, fault("/slug", "not_a_slug"));
    assert_eq!(make(&"a".repeat(81), Text::german("Tapas")).await, fault("/slug", "too_long"));
    assert_eq!(make("tapas", Text::default()).await, fault("/name/de", "missing"));
    assert_eq!(sections::list(&bar.app.db).await.unwrap(), []);
    assert_eq!(make("tapas", Text::german("Tapas")).await, []);
}

/// The longest text that a rule accepts, and that it accepts no longer one.
fn longest(accepts: impl Fn(usize) -> bool) -> usize {
    let refused = (1..=ENDLESS).find(|length| !accepts(*length)).unwrap();
    assert!(refused > 1, "nothing is accepted");
    refused - 1
}

/// Wine glasses: one character each, four bytes.
fn glasses(length: usize) -> String {
    "🍷".repeat(length)
}

/// The longest text for a field, as its own rules have it.
fn fill<T: Clone>(thing: &mut T, set: impl Fn(&mut T, usize), check: impl Fn(&T) -> Result<(), Error>) {
    let filled = |length| {
        let mut thing = thing.clone();
        set(&mut thing, length);
        thing
    };
    *thing = filled(longest(|length| check(&filled(length)).is_ok()));
}

#[tokio::test]
async fn the_longest_that_a_rule_accepts_is_kept_by_the_database() {
    let bar = TestApp::empty().await;
    let mut item = wine();
    let fields: [fn(&mut Item, usize); 14] = [
        |item, length| item.name = everywhere(glasses(length)),
        |item, length| item.description = everywhere(glasses(length)),
        |item, length| item.story = everywhere(glasses(length)),
        |item, length| item.note = everywhere(glasses(length)),
        |item, length| item.slug = "s".repeat(length),
        |item, length| item.legacy_id = Some(glasses(length)),
        |item, length| item.servings[0].label = everywhere(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().producer = Some(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().region = Some(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().appellation = Some(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().quality = Some(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().characteristics = everywhere(glasses(length)),
        |item, length| item.wine.as_mut().unwrap().vintage = i16::try_from(1899 + length).ok(),
        |item, length| {
            let grape = Grape { variety: glasses(length), percent: Some(100) };
            item.wine.as_mut().unwrap().grapes = Grapes(vec![grape]);
        },
    ];
    for field in fields {
        fill(&mut item, field, Item::check);
    }
    item.name_lang = Some("abcdefgh-1234567".to_owned());
    item.number = 99_999;
    item.position = 99_999;
    create(&bar, item.clone()).await.unwrap();
    assert_eq!(store::list(&bar.app.db).await.unwrap(), [item]);

    let mut section = NewSection { slug: "s".to_owned(), name: everywhere("S"), description: Text::default() };
    let fields: [fn(&mut NewSection, usize); 3] = [
        |section, length| section.slug = "s".repeat(length),
        |section, length| section.name = everywhere(glasses(length)),
        |section, length| section.description = everywhere(glasses(length)),
    ];
    for field in fields {
        fill(&mut section, field, NewSection::check);
    }
    let mut announcement = notification().made(Uuid::now_v7(), now());
    let fields: [fn(&mut notifications::notification::Notification, usize); 3] = [
        |one, length| one.legacy_id = Some(glasses(length)),
        |one, length| one.title = everywhere(glasses(length)),
        |one, length| one.message = everywhere(glasses(length)),
    ];
    for field in fields {
        fill(&mut announcement, field, notifications::notification::Notification::check);
    }
    let written = async |change: &Change| {
        sections::create(change, Menu::Wines, section.clone()).await?;
        let new = NewNotification {
            legacy_id: announcement.legacy_id.clone(),
            title: announcement.title.clone(),
            message: announcement.message.clone(),
            ..notification()
        };
        notifications::store::create(change, new).await.map(drop)
    };
    bar.app.change(&Actor::house(), written).await.unwrap();
    assert_eq!(sections::list(&bar.app.db).await.unwrap()[0].name, section.name);
    assert_eq!(notifications::store::list(&bar.app.db).await.unwrap()[0].message, announcement.message);
}

#[tokio::test]
async fn the_longest_house_and_the_longest_names_of_people_are_kept_by_the_database() {
    let bar = TestApp::empty().await;
    let mut house = bar_itself().made(Uuid::now_v7());
    let fields: [fn(&mut house::house::House, usize); 12] = [
        |house, length| house.name = glasses(length),
        |house, length| house.tagline = everywhere(glasses(length)),
        |house, length| house.introduction = everywhere(glasses(length)),
        |house, length| house.street = glasses(length),
        |house, length| house.postal_code = glasses(length),
        |house, length| house.locality = glasses(length),
        |house, length| house.phone = Some("1".repeat(length + 2)),
        |house, length| house.email = Some(format!("a@{}.de", "b".repeat(length))),
        |house, length| house.website = Some(format!("https://bar.example/{}", "b".repeat(length))),
        |house, length| house.legal.operator = glasses(length),
        |house, length| house.legal.representative = Some(glasses(length)),
        |house, length| house.legal.register = Some(glasses(length)),
    ];
    for field in fields {
        fill(&mut house, field, house::house::House::check);
    }
    let new = NewHouse {
        name: house.name.clone(),
        tagline: house.tagline.clone(),
        introduction: house.introduction.clone(),
        street: house.street.clone(),
        postal_code: house.postal_code.clone(),
        locality: house.locality.clone(),
        phone: house.phone.clone(),
        email: house.email.clone(),
        website: house.website.clone(),
        legal: house.legal.clone(),
        ..bar_itself()
    };
    let set_up = async |change: &Change| house::store::create(change, new).await;
    let kept = bar.app.change(&Actor::house(), set_up).await.unwrap();
    assert_eq!(kept, house::store::find(&bar.app.db).await.unwrap().unwrap());

    let mut person = profile();
    let fields: [fn(&mut Profile, usize); 3] = [
        |person, length| person.username = "m".repeat(length + 1),
        |person, length| person.full_name = Some(glasses(length)),
        |person, length| person.email = Some(format!("a@{}.de", "b".repeat(length))),
    ];
    for field in fields {
        fill(&mut person, field, Profile::check);
    }
    let key = NewToken { name: glasses(1), role: None, days: Some(366) };
    let named = |length| NewToken { name: glasses(length), ..key.clone() };
    let key = named(longest(|length| named(length).check(Role::Staff).is_ok()));
    let new = NewUser {
        username: person.username.clone(),
        full_name: person.full_name.clone(),
        email: person.email.clone(),
        role: Role::Staff,
    };
    let made = async |change: &Change| {
        let user = users::store::create(change, new, None).await?;
        let (token, _) =
            tokens::store::create(change, &users::store::get(change.db(), user.id).await?, key.clone()).await?;
        Ok((user, token))
    };
    let (user, token) = bar.app.change_unseen(&Actor::house(), made).await.unwrap();
    assert_eq!(users::store::get(&bar.app.db, user.id).await.unwrap().profile.full_name, person.full_name);
    assert_eq!(tokens::store::get(&bar.app.db, token.id).await.unwrap().name, key.name);
}

proptest! {
    #[test]
    fn no_text_makes_a_check_panic(text in any::<String>(), figure in any::<i64>()) {
        let [small, tiny] = [figure.to_le_bytes()[0], figure.to_le_bytes()[1]];
        let short = i16::from_le_bytes([small, tiny]);
        let item = broken(|item| {
            item.name = everywhere(&text);
            item.story = everywhere(&text);
            item.slug.clone_from(&text);
            item.name_lang = Some(text.clone());
            item.servings[0].price_cents = figure;
            item.servings[0].label = everywhere(&text);
            let wine = item.wine.as_mut().unwrap();
            wine.country = Some(text.clone());
            wine.producer = Some(text.clone());
            wine.vintage = Some(short);
            let grape = Grape { variety: text.clone(), percent: Some(small) };
            wine.grapes = Grapes(vec![grape; usize::from(tiny)]);
        });
        let _ = item.check();
        let announcement = NewNotification { title: everywhere(&text), message: everywhere(&text), ..notification() };
        let _ = announcement.made(Uuid::nil(), now()).check();
        let person = Profile { username: text.clone(), full_name: Some(text.clone()), email: Some(text.clone()), ..profile() };
        let _ = person.check();
        let hours = json!([
            {"day": small, "opens": "17:00", "closes": "01:00"}, {"day": tiny, "opens": "00:30", "closes": "00:30"},
        ]);
        let bar = json!({
            "name": text, "street": text, "postal_code": text, "locality": text, "country": text, "phone": text,
            "email": text, "website": text, "time_zone": text, "opening_hours": hours,
            "legal": {"operator": text, "vat_id": text},
        });
        let new: NewHouse = serde_json::from_value(bar).unwrap();
        let _ = new.made(Uuid::nil()).check();
    }
}
