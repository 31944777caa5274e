//! One broken rule: where, which, and how it is said to people.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// One broken rule: where, which, and with what figures. Codes, so that a client can say it in its own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"pointer": "?limit", "code": "out_of_range", "params": {"min": 1, "max": 100}}))]
pub struct Fault {
    /// A JSON pointer into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// The rule that is broken.
    pub code: &'static str,
    /// The rule's figures.
    #[schema(value_type = Object)]
    pub params: Value,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, params: Value) -> Self {
        Self { pointer: pointer.into(), code, params }
    }
}

/// A fault's parameters when the rule has no figures.
pub fn none() -> Value {
    json!({})
}

/// All of them in one line, for people.
pub fn summary(faults: &[Fault]) -> String {
    let each = faults.iter().map(|fault| match fault.code {
        "unknown_parameter" => {
            format!(
                "{} is not a parameter here (known: {})",
                fault.pointer.trim_start_matches('?'),
                listed(&fault.params, "known")
            )
        }
        "out_of_range" => {
            format!(
                "{} must lie between {} and {}",
                name(&fault.pointer),
                plain(&fault.params, "min"),
                plain(&fault.params, "max")
            )
        }
        "unknown_field" => {
            format!("{} is not a field here (known: {})", name(&fault.pointer), listed(&fault.params, "known"))
        }
        "wrong_type" => {
            let expected = fault.params.get("expected").and_then(Value::as_str).unwrap_or_default();
            format!("{} must be {expected}", name(&fault.pointer))
        }
        "one_of" => format!("{} must be one of {}", name(&fault.pointer), listed(&fault.params, "allowed")),
        "too_long" => {
            format!("{} is too long ({} characters at most)", name(&fault.pointer), plain(&fault.params, "max"))
        }
        "too_many" => format!("{} are too many ({} at most)", name(&fault.pointer), plain(&fault.params, "max")),
        "not_after" => format!("{} must come after {}", name(&fault.pointer), other(&fault.params)),
        "overlaps" => format!("{} overlaps with {}", name(&fault.pointer), other(&fault.params)),
        "unknown_time_zone" => {
            format!("{} is no time zone (one is {})", name(&fault.pointer), text(&fault.params, "example"))
        }
        "taken" if fault.params.get("name").is_some() => {
            format!("{} is that of {} already", name(&fault.pointer), text(&fault.params, "name"))
        }
        "not_a_price" => format!("{}: {}", name(&fault.pointer), text(&fault.params, "hint")),
        "not_grapes" => format!("{} must be like {}", name(&fault.pointer), text(&fault.params, "example")),
        "contradicts_row" => {
            format!("{} is not what row {} says of the same item", name(&fault.pointer), plain(&fault.params, "row"))
        }
        "unknown_column" => {
            format!("{} is not a column here (known: {})", name(&fault.pointer), listed(&fault.params, "known"))
        }
        "exactly_one" => format!("{} takes exactly one of {}", name(&fault.pointer), listed(&fault.params, "of")),
        "price_out_of_range" => {
            let (item, min, max) =
                (text(&fault.params, "item"), plain(&fault.params, "min"), plain(&fault.params, "max"));
            format!("{} would make a price of {item} that does not lie between {min} and {max}", name(&fault.pointer))
        }
        _ if let Some(what) = in_the_way(fault) => what,
        code if let Some(rule) = plain_rule(code) => format!("{} {rule}", name(&fault.pointer)),
        "unknown_cursor" => "the cursor belongs to no page of this list (begin again without one)".to_owned(),
        "too_short" => {
            let min = plain(&fault.params, "min");
            format!("the password needs {min} characters or more (a few words in a row are easy to remember)")
        }
        "too_common" => "the password is one of the first that others try (a few words in a row are better)".to_owned(),
        "contains_username" => "the password is little more than the username".to_owned(),
        code => {
            let rule = code.replace('_', " ");
            if fault.params.as_object().is_none_or(serde_json::Map::is_empty) {
                format!("{} is {rule}", name(&fault.pointer))
            } else {
                format!("{} is {rule} {}", name(&fault.pointer), fault.params)
            }
        }
    });
    each.collect::<Vec<_>>().join("; ")
}

/// What keeps a change from being taken back.
fn in_the_way(fault: &Fault) -> Option<String> {
    let thing = text(&fault.params, "name");
    let by = fault.params.pointer("/last/by").and_then(Value::as_str).unwrap_or_default();
    let field = fault.pointer.rsplit('/').next().unwrap_or_default();
    Some(match fault.code {
        "changed_since" => format!("{field} of {thing} was changed since (last by {by})"),
        "deleted_since" => format!("{thing} was deleted since (by {by}; bring it back first)"),
        "gone_since" => format!("{field} of {thing} names something that is gone (bring that back first)"),
        "taken_since" => format!("{field} of {thing} is another one's now"),
        "is_back" => format!("{thing} is back already"),
        "undone_already" => format!("what was done to {thing} is taken back already"),
        "gone_for_good" => format!("{thing} was deleted more than 30 days ago"),
        "cannot_be_undone" => format!("that there is {thing} cannot be taken back"),
        _ => return None,
    })
}

/// The rules without figures, as what is said of the field that breaks them.
fn plain_rule(code: &str) -> Option<&'static str> {
    Some(match code {
        "blank" => "holds nothing to read (leave it out instead)",
        "forbidden_characters" => "holds characters that cannot be shown there (retype it)",
        "wrong_password" => "is not your password",
        "not_an_etag" => "is no ETag (send the one of a read, quotes included, or *)",
        "contradicts_declarations" => "contradicts what is declared",
        "only_for_wines" => "belongs to every wine, and to nothing else",
        "part_of_itself" => "is the item itself",
        "said_already" => "is said otherwise already (change it where the picture is)",
        "goes_round" => "has the item in it already (take it out there first)",
        "more_than_the_whole" => "have shares of more than 100 percent together",
        "above_your_own" => "is more than you may do yourself",
        "not_a_slug" => "may hold small letters, digits and hyphens only",
        "looks_like_an_id" => "looks like an id (put a word before it)",
        "not_a_username" => {
            "takes 2 to 64 small letters, digits, dots, hyphens and underscores (a to z, without accents)"
        }
        "not_a_language" => "is no language tag (such as es or pt-BR)",
        "not_an_email" => "is no e-mail address (write it as maria@bar.example)",
        "not_a_web_address" => "is no web address (such as https://example.org)",
        "not_a_phone_number" => "is no phone number (digits, blanks and +-/() only)",
        "not_a_country" => "is no country code (two capital letters, such as DE)",
        "not_a_vat_id" => "is no VAT id (DE and nine digits)",
        "too_many_pixels" => "has too many pixels (25 million, and 12,000 a side, at most)",
        "not_a_plain_picture" => "is more than a picture (save it anew with a program for pictures)",
        "broken_picture" => "is a broken picture (send it again)",
        "strange_file_name" => "has the name of a path (give it a plain one)",
        "missing" => "is missing",
        "given_twice" => "is given twice",
        "taken" => "is another one's already",
        "ambiguous" => "fits several (give the id or the number)",
        "unknown_id" => "names nothing here (leave it empty for something new)",
        "unknown_section" => "names no section of this menu",
        "which_serving" => "fits several servings (give the id)",
        "never_changes" => "stays what it is",
        "encoded_twice" => "was written in another encoding than it is read in (save the file as UTF-8)",
        "open_quote" => "has a quotation mark that never closes",
        "more_cells_than_headers" => "has more cells than there are headers",
        "not_text" => "is no text (save the sheet as CSV)",
        "not_a_mapping" => "takes header:column",
        "too_many_decimals" => "has more than two decimals",
        "not_with_a_rule" => "are given one by one, so nothing is chosen or rounded (leave that out, or send a rule)",
        "matches_nothing" => "matches nothing on the menu",
        "not_an_id" => "is no id",
        _ => return None,
    })
}

fn text<'a>(params: &'a Value, key: &str) -> &'a str {
    params.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The name of the other field of a rule about two.
fn other(params: &Value) -> &str {
    name(text(params, "other"))
}

fn name(pointer: &str) -> &str {
    if pointer.is_empty() { "the body" } else { pointer.trim_start_matches(['?', '/']) }
}

fn plain(params: &Value, key: &str) -> String {
    params.get(key).map(Value::to_string).unwrap_or_default()
}

fn listed(params: &Value, key: &str) -> String {
    let values = params.get(key).and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
