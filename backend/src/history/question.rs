//! Which part of the history is asked for.

use utoipa::IntoParams;
use uuid::Uuid;

use super::store::Filter;
use super::undo::THINGS;
use crate::card::params::Params;
use crate::error::Error;
use crate::fault::none;
use crate::login::caller::Caller;
use crate::users::user::Role;

/// Which part of the history.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters for the document")]
pub struct Question {
    /// Only about this kind of thing.
    #[param(required = false)]
    thing: String,
    /// Only about the thing with this id.
    #[param(required = false)]
    thing_id: Uuid,
    /// Only the lines of this change.
    #[param(required = false)]
    batch: Uuid,
    /// Only what this person did.
    #[param(required = false)]
    by: String,
    /// Only what came by this way.
    #[param(required = false)]
    source: String,
}

/// Which page of the history.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters for the document")]
pub struct Paging {
    /// From here on back.
    #[param(required = false)]
    cursor: Uuid,
    /// As many lines at most, 50 if nothing is said.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: i64,
}

/// Lines on a page where nothing else is said.
const USUAL: i64 = 50;

/// Reads the question; of people only admins may ask.
pub fn read(query: Option<&str>, caller: &Caller) -> Result<Filter, Error> {
    let mut params = Params::parse(query);
    let kinds: Vec<_> = THINGS.into_iter().chain(["user"]).map(|thing| (thing, thing)).collect();
    let thing = params.word("thing", &kinds);
    let [thing_id, batch] = ["thing_id", "batch"].map(|name| id(&mut params, name));
    let (by, source) = (params.one("by"), params.one("source"));
    let page = page(&mut params);
    params.finish()?;
    if thing == Some("user") {
        caller.may(Role::Admin)?;
    }
    let things = match thing {
        Some(thing) => vec![thing],
        None if caller.may(Role::Admin).is_ok() => Vec::new(),
        None => THINGS.to_vec(),
    };
    Ok(Filter { things, thing_id, batch, by, source, ..page })
}

/// Reads which page of a list is asked for that has no other parameters.
pub fn read_page(query: Option<&str>) -> Result<Filter, Error> {
    let mut params = Params::parse(query);
    let page = page(&mut params);
    params.finish().map(|()| page)
}

fn page(params: &mut Params) -> Filter {
    let before = id(params, "cursor");
    let limit = params.number("limit", 1, 100).unwrap_or(USUAL);
    Filter { before, limit: u64::try_from(limit).unwrap_or_default(), ..Filter::default() }
}

fn id(params: &mut Params, name: &'static str) -> Option<Uuid> {
    let text = params.one(name)?;
    let id = text.parse().ok();
    if id.is_none() {
        params.fault(name, "not_an_id", none());
    }
    id
}
