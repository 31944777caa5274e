//! Which rule a body breaks, and where. serde says it in English only; this is the one place that reads its sentences.

use serde_json::{Value, json};
use serde_path_to_error::{Path, Segment};

use crate::error::Error;
use crate::fault::{Fault, none};

/// As much of a name that was sent as is repeated.
const NAME: usize = 64;

/// A broken rule, and the field that serde names with it.
#[derive(Debug, PartialEq)]
struct Broken {
    code: &'static str,
    params: Value,
    field: Option<String>,
}

/// The refusal of a body that is JSON, but of the wrong shape.
pub fn refusal(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    Error::Invalid(vec![fault(error.path(), error.inner())])
}

fn fault(path: &Path, error: &serde_json::Error) -> Fault {
    let broken = read(&without_place(error));
    let mut names: Vec<String> = path.iter().filter_map(name).collect();
    // The path ends before a field that is missing, and sometimes before one that is there twice.
    if let Some(field) = broken.field
        && names.last() != Some(&field)
    {
        names.push(field);
    }
    Fault::new(names.iter().map(|name| pointer_to(name)).collect::<String>(), broken.code, broken.params)
}

/// The JSON pointer to a field of the body (RFC 6901).
pub fn pointer_to(name: &str) -> String {
    let name: String = name.chars().take(NAME).collect();
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// An error's text without the line and column that serde_json ends it with.
pub fn without_place(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    text.strip_suffix(&place).map(str::to_owned).unwrap_or(text)
}

fn name(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Reads one of serde's sentences. What was sent stands before the last ", expected " and is passed over.
fn read(message: &str) -> Broken {
    let (_, expected) = message.rsplit_once(", expected ").unwrap_or_default();
    let rule = |code, params| Broken { code, params, field: None };
    if message.starts_with("unknown field `") {
        return rule("unknown_field", json!({ "known": quoted(expected) }));
    }
    if message.starts_with("unknown variant `") {
        return rule("one_of", json!({ "allowed": quoted(expected) }));
    }
    if message.starts_with("invalid type: ") && !expected.is_empty() {
        return rule("wrong_type", json!({ "expected": kind(expected) }));
    }
    // What serde_json says of JSON that has something else where a word should stand.
    if message == "expected value" {
        return rule("wrong_type", json!({ "expected": "a string" }));
    }
    let field = |before: &str| quoted(message.strip_prefix(before)?).first().map(|field| (*field).to_owned());
    if let Some(field) = field("missing field ") {
        return Broken { code: "missing", params: none(), field: Some(field) };
    }
    if message.starts_with("duplicate field") {
        return Broken { code: "given_twice", params: none(), field: field("duplicate field ") };
    }
    rule("not_valid", none())
}

/// The names between backticks.
fn quoted(list: &str) -> Vec<&str> {
    list.split('`').skip(1).step_by(2).collect()
}

/// What was expected, in JSON's words instead of Rust's.
fn kind(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "a borrowed string" | "a character" | "variant identifier" | "string or map" => "a string",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "unit" => "null",
        _ if expected.starts_with("struct ") || expected.contains("enum ") => "an object",
        _ if expected.starts_with("tuple ") || expected.starts_with("an array") || expected.starts_with("a tuple") => {
            "a list"
        }
        // What our own types say of themselves.
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::fault;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only their shape matters")]
    struct Probe {
        name: String,
        #[serde(default)]
        price: Option<u32>,
        #[serde(default)]
        dry: bool,
        #[serde(default)]
        colour: Option<Colour>,
        #[serde(default)]
        servings: Vec<Serving>,
        #[serde(default)]
        texts: HashMap<String, f64>,
        #[serde(default)]
        unit: (),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only their shape matters")]
    struct Serving {
        label: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        White,
        Orange,
    }

    #[derive(Debug, Deserialize)]
    enum Only {
        #[serde(rename = "yes")]
        Yes,
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    #[expect(dead_code, reason = "only their shape matters")]
    enum Wish {
        Wine { dry: bool },
        Snack,
    }

    fn misfit<T: for<'de> Deserialize<'de>>(text: &str) -> (String, &'static str, Value) {
        let mut json = serde_json::Deserializer::from_str(text);
        let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut json) else { panic!("{text} fits") };
        let fault = fault(error.path(), error.inner());
        (fault.pointer, fault.code, fault.params)
    }

    #[test]
    fn each_of_serdes_sentences_is_one_rule() {
        let fields = json!({"known": ["name", "price", "dry", "colour", "servings", "texts", "unit"]});
        let colours = json!({"allowed": ["red", "white", "orange"]});
        let expected = |what: &str| json!({ "expected": what });
        for (text, pointer, code, params) in [
            (r#"{"nom": "Rioja"}"#, "/nom", "unknown_field", fields.clone()),
            (r#"{"a`, expected `b": 1}"#, "/a`, expected `b", "unknown_field", fields),
            (
                r#"{"name": "Rioja", "servings": [{"label": "0,1 l"}, {"size": 1}]}"#,
                "/servings/1/size",
                "unknown_field",
                json!({"known": ["label"]}),
            ),
            ("{}", "/name", "missing", json!({})),
            (r#"{"name": "Rioja", "servings": [{}]}"#, "/servings/0/label", "missing", json!({})),
            (r#"{"name": "Rioja", "name": "Cava"}"#, "/name", "given_twice", json!({})),
            (
                r#"{"name": "Rioja", "servings": [{"label": "a", "label": "b"}]}"#,
                "/servings/0/label",
                "given_twice",
                json!({}),
            ),
            (r#"{"name": 5}"#, "/name", "wrong_type", expected("a string")),
            (r#"{"name": "Rioja", "price": "a, expected u8"}"#, "/price", "wrong_type", expected("a whole number")),
            (r#"{"name": "Rioja", "price": 1.5}"#, "/price", "wrong_type", expected("a whole number")),
            (r#"{"name": "Rioja", "dry": "yes"}"#, "/dry", "wrong_type", expected("true or false")),
            (r#"{"name": "Rioja", "servings": {}}"#, "/servings", "wrong_type", expected("a list")),
            (r#"{"name": "Rioja", "servings": [5]}"#, "/servings/0", "wrong_type", expected("an object")),
            (r#"{"name": "Rioja", "texts": []}"#, "/texts", "wrong_type", expected("an object")),
            (r#"{"name": "Rioja", "texts": {"a/b~c": "x"}}"#, "/texts/a~1b~0c", "wrong_type", expected("a number")),
            (r#"{"name": "Rioja", "unit": 1}"#, "/unit", "wrong_type", expected("null")),
            (r#"{"name": "Rioja", "colour": 5}"#, "/colour", "wrong_type", expected("a string")),
            (r#"{"name": "Rioja", "colour": "blue"}"#, "/colour", "one_of", colours),
            (r#"{"name": "Rioja", "price": -1}"#, "/price", "not_valid", json!({})),
            ("5", "", "wrong_type", expected("an object")),
        ] {
            assert_eq!(misfit::<Probe>(text), (pointer.to_owned(), code, params), "{text}");
        }
    }

    #[test]
    fn rules_with_one_or_no_name_are_read_too() {
        assert_eq!(misfit::<Nothing>(r#"{"a": 1}"#), ("/a".to_owned(), "unknown_field", json!({"known": []})));
        assert_eq!(misfit::<Only>("\"no\""), (String::new(), "one_of", json!({"allowed": ["yes"]})));
    }

    #[test]
    fn a_kind_that_decides_the_shape_is_read_too() {
        assert_eq!(misfit::<Wish>("{}"), ("/kind".to_owned(), "missing", json!({})));
        assert_eq!(misfit::<Wish>(r#"{"kind": "wine"}"#), ("/dry".to_owned(), "missing", json!({})));
        let (_, code, params) = misfit::<Wish>(r#"{"kind": "beer"}"#);
        assert_eq!((code, params), ("one_of", json!({"allowed": ["wine", "snack"]})));
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        for text in [r#"{"name": "x", "price": "s3cret"}"#, r#"{"name": "x", "colour": "s3cret`, expected `s3cret"}"#] {
            let said = format!("{:?}", misfit::<Probe>(text));
            assert!(!said.contains("s3cret"), "{said}");
        }
        let (pointer, ..) = misfit::<Probe>(&format!("{{\"{}\": 1}}", "n".repeat(10_000)));
        assert_eq!(pointer.len(), 65);
    }
}
