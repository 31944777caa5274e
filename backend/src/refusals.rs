//! What a request is told when it may not, for the document: each set of rules once.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response};

/// For whoever signed in.
pub struct SignedInOnly;

/// For whoever works here.
pub struct StaffOnly;

/// For managers.
pub struct ManagerOnly;

/// For admins.
pub struct AdminOnly;

/// For a change to one copy of a thing.
pub struct OneCopy;

impl IntoResponses for SignedInOnly {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems([(401, "Nobody is signed in")])
    }
}

impl IntoResponses for StaffOnly {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems([(401, "Nobody is signed in"), (403, "This takes somebody who works here")])
    }
}

impl IntoResponses for ManagerOnly {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems([(401, "Nobody is signed in"), (403, "This takes a manager")])
    }
}

impl IntoResponses for AdminOnly {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems([(401, "Nobody is signed in"), (403, "This takes an admin")])
    }
}

impl IntoResponses for OneCopy {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems([(412, "It was changed meanwhile: the current copy comes along"), (428, "If-Match is missing")])
    }
}

fn problems<const N: usize>(each: [(u16, &str); N]) -> BTreeMap<String, RefOr<Response>> {
    let answer = |description: &str| {
        let mut response = Response::new(description);
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        response.content.insert("application/problem+json".to_owned(), RefOr::T(problem));
        RefOr::T(response)
    };
    each.into_iter().map(|(status, description)| (status.to_string(), answer(description))).collect()
}
