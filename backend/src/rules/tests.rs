//! Each rule with what it accepts and what it refuses.

use proptest::prelude::*;

use super::{COUNTRIES, Faults};
use crate::error::Error;

/// The codes of what a rule has to say.
fn told(rule: impl FnOnce(&mut Faults)) -> Vec<&'static str> {
    let mut faults = Faults::default();
    rule(&mut faults);
    faults.0.into_iter().map(|fault| fault.code).collect()
}

fn holds(rule: impl FnOnce(&mut Faults)) -> bool {
    told(rule).is_empty()
}

#[test]
fn a_line_is_short_and_can_be_read() {
    for good in ["Rioja", "Würzig", "x", "12345678", "🍷🍷🍷🍷🍷🍷🍷🍷", " Rioja ", "👩‍🍳"] {
        assert_eq!(told(|faults| faults.line("/name", good, 8)), [""; 0], "{good}");
    }
    for (bad, codes) in [
        ("", &["missing"][..]),
        ("   ", &["blank"]),
        ("\u{a0}\u{3000}", &["blank"]),
        ("\u{200b}\u{feff}", &["blank"]),
        ("123456789", &["too_long"]),
        ("a\u{0}b", &["forbidden_characters"]),
        ("a\u{1b}[2J", &["forbidden_characters"]),
        ("a\nb", &["forbidden_characters"]),
        ("a\tb", &["forbidden_characters"]),
        ("a\u{2028}b", &["forbidden_characters"]),
        ("a\u{85}b", &["forbidden_characters"]),
        ("a\u{202e}b", &["forbidden_characters"]),
        ("a\u{2066}b", &["forbidden_characters"]),
        ("\n", &["blank", "forbidden_characters"]),
    ] {
        assert_eq!(told(|faults| faults.line("/name", bad, 8)), codes, "{bad:?}");
    }
}

#[test]
fn an_optional_line_may_be_absent_but_not_empty() {
    assert!(holds(|faults| faults.optional_line("/region", None, 8)));
    assert!(holds(|faults| faults.optional_line("/region", Some("Rioja"), 8)));
    assert_eq!(told(|faults| faults.optional_line("/region", Some(""), 8)), ["blank"]);
    assert_eq!(told(|faults| faults.optional_line("/region", Some(" "), 8)), ["blank"]);
}

#[test]
fn a_longer_text_may_have_lines() {
    for good in ["one\ntwo", "one\r\n\ttwo"] {
        assert!(holds(|faults| faults.text("/story", Some(good), 20)), "{good:?}");
    }
    assert!(holds(|faults| faults.text("/story", None, 20)));
    for (bad, code) in
        [("a\u{0}", "forbidden_characters"), ("\u{202d}b", "forbidden_characters"), ("\n \n", "blank"), ("", "blank")]
    {
        assert_eq!(told(|faults| faults.text("/story", Some(bad), 20)), [code], "{bad:?}");
    }
}

#[test]
fn a_number_lies_within_its_range() {
    for (number, good) in
        [(0, false), (1, true), (5, true), (6, false), (-1, false), (i64::MAX, false), (i64::MIN, false)]
    {
        assert_eq!(holds(|faults| faults.within("/body", Some(number), 1..=5)), good, "{number}");
    }
    assert!(holds(|faults| faults.within("/body", None::<i64>, 1..=5)));
}

#[test]
fn a_list_ends_somewhere() {
    assert_eq!(told(|faults| assert!(!faults.at_most("/pages", &[1, 2, 3], 2))), ["too_many"]);
    assert!(holds(|faults| assert!(faults.at_most("/pages", &[1, 2], 2))));
}

#[test]
fn a_moment_lies_in_years_that_count() {
    for (moment, good) in [
        ("2026-07-17T18:00:00Z", true),
        ("2000-01-01T00:00:00Z", true),
        ("2100-12-31T23:59:59Z", true),
        ("1999-12-31T23:59:59Z", false),
        ("+262142-12-31T23:59:59Z", false),
        ("-262143-01-01T00:00:00Z", false),
    ] {
        assert_eq!(holds(|faults| faults.moment("/ends_at", Some(moment.parse().unwrap()))), good, "{moment}");
    }
}

#[test]
fn what_ends_has_begun_before() {
    for (begins, ends, good) in [
        (Some(1), Some(2), true),
        (Some(2), Some(2), false),
        (Some(3), Some(2), false),
        (None, Some(2), true),
        (Some(2), None, true),
    ] {
        let rule = |faults: &mut Faults| faults.beginning_before_end(("/starts_at", begins), ("/ends_at", ends));
        assert_eq!(holds(rule), good, "{begins:?} {ends:?}");
    }
}

#[test]
fn a_slug_is_plain() {
    for good in ["rioja", "n-3-0-0", "7"] {
        assert!(holds(|faults| faults.slug("/slug", good, 8)), "{good}");
    }
    for (bad, code) in [
        ("", "missing"),
        ("Rioja", "not_a_slug"),
        ("rosé", "not_a_slug"),
        ("a/b", "not_a_slug"),
        ("a b", "not_a_slug"),
        ("..", "not_a_slug"),
        ("123456789", "too_long"),
    ] {
        assert_eq!(told(|faults| faults.slug("/slug", bad, 8)), [code], "{bad}");
    }
    let id = "019c0000-0000-7000-8000-000000000001";
    assert_eq!(told(|faults| faults.slug("/slug", id, 80)), ["looks_like_an_id"]);
}

#[test]
fn an_email_address_has_two_halves() {
    for good in ["bar@example.org", "maría+till@bar.example", &format!("a@{}.org", "b".repeat(248))] {
        assert!(holds(|faults| faults.email("/email", Some(good))), "{good}");
    }
    assert!(holds(|faults| faults.email("/email", None)));
    for bad in [
        "",
        "bar",
        "@example.org",
        "bar@",
        "bar@example",
        "bar@example.",
        "bar@.org",
        "a@b@c.de",
        "a b@c.de",
        "a@b.de\r\nBcc: x@y.z",
        "a@b\u{202e}.de",
        "<a@b.de>",
        &format!("a@{}.org", "b".repeat(249)),
    ] {
        assert_eq!(told(|faults| faults.email("/email", Some(bad))), ["not_an_email"], "{bad:?}");
    }
}

#[test]
fn a_web_address_is_of_the_web() {
    for good in ["https://example.org", "http://bar.example/menu?q=1#wine", "https://münster.example"] {
        assert!(holds(|faults| faults.web_address("/website", Some(good))), "{good}");
    }
    for bad in [
        "",
        "example.org",
        "javascript:alert(1)",
        " https://example.org",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "https:example.org",
        "https://",
        "https://a b.example",
        "https://bar:secret@example.org",
        "https://example.org/\"onclick=",
        &format!("https://example.org/{}", "a".repeat(240)),
    ] {
        assert_eq!(told(|faults| faults.web_address("/website", Some(bad))), ["not_a_web_address"], "{bad:?}");
    }
}

#[test]
fn a_phone_number_can_be_dialled() {
    for good in ["+49 251 000000", "(0251) 00-00/00", "110", &"1".repeat(32)] {
        assert!(holds(|faults| faults.phone("/phone", Some(good))), "{good}");
    }
    for bad in ["", "   ", "+", "call me", "0251\n1234", "٠٢٥١٠", &"1".repeat(33)] {
        assert_eq!(told(|faults| faults.phone("/phone", Some(bad))), ["not_a_phone_number"], "{bad:?}");
    }
}

#[test]
fn a_country_is_one_of_the_list() {
    assert_eq!(COUNTRIES.split(' ').count(), 249);
    for good in ["DE", "ES", "ZA"] {
        assert!(holds(|faults| faults.country("/country", Some(good))), "{good}");
    }
    for bad in ["", "de", "XX", "DEU", "D", " ", "DE ES", "Ελ"] {
        assert_eq!(told(|faults| faults.country("/country", Some(bad))), ["not_a_country"], "{bad:?}");
    }
}

#[test]
fn a_time_zone_is_known() {
    assert!(holds(|faults| faults.time_zone("/time_zone", "Europe/Berlin")));
    for bad in ["", "Berlin", "Europe/Münster", "../etc/passwd", "+02:00"] {
        assert_eq!(told(|faults| faults.time_zone("/time_zone", bad)), ["unknown_time_zone"], "{bad}");
    }
}

#[test]
fn every_fault_is_told_once_and_at_its_place() {
    let mut part = Faults::default();
    part.line("/name", "", 8);
    part.line("/name", "", 8);
    part.beginning_before_end(("/since", Some(2)), ("/until", Some(1)));
    let mut whole = Faults::default();
    whole.under(format_args!("/servings/{}", 3), part);
    let Err(Error::Invalid(faults)) = whole.finish() else { panic!("accepted") };
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/servings/3/name", "/servings/3/until"]);
    assert_eq!(faults[1].params["other"], "/servings/3/since");
    let told = Error::Invalid(faults).to_string();
    assert_eq!(told, "servings/3/name is missing; servings/3/until must come after servings/3/since");
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), max in 0_usize..50) {
        let mut faults = Faults::default();
        faults.line("/line", &text, max);
        faults.optional_line("/optional", Some(&text), max);
        faults.text("/text", Some(&text), max);
        faults.slug("/slug", &text, max);
        faults.email("/email", Some(&text));
        faults.web_address("/website", Some(&text));
        faults.phone("/phone", Some(&text));
        faults.country("/country", Some(&text));
        faults.time_zone("/time_zone", &text);
        let _ = faults.finish();
    }

    #[test]
    fn a_line_that_is_accepted_has_the_length_it_may_have(text in "\\PC{0,12}") {
        let accepted = holds(|faults| faults.line("/line", &text, 8));
        prop_assert!(!accepted || (1..=8).contains(&text.chars().count()));
    }
}
