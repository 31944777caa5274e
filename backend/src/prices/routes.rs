//! Prices in bulk over HTTP.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bulk;
use super::pricing::Pricing;
use super::row::Repriced;
use crate::app::App;
use crate::error::{Error, Problem};
use crate::login::roles::Manager;
use crate::once::Sent;
use crate::refusals::ManagerOnly;
use crate::reply::Reply;
use crate::{body, db};

/// Room for as many prices as one request may change, each on lines of its own.
const LONGEST: usize = 512 * 1024;

/// Prices in bulk.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(update_prices)).layer(body::at_most(LONGEST))
}

/// Changes many prices at once, by list or by rule: all of them or none. `dry_run` tells what would become of each.
///
/// By list, each serving gets its price; one with `before_cents` only if it still costs that. By rule, each serving that
/// `servings`, `items` or `filter` chooses gets what the rule makes of its price: reckoned exactly and rounded once, half a
/// step up. It is at least the lowest price that ends so; a rule that leaves nothing of a price is refused.
#[utoipa::path(patch, path = "/prices", operation_id = "update_prices", tag = "menu", request_body = Pricing,
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request; trying needs none")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Done, or tried, with a line for each price", body = Repriced),
    ManagerOnly,
    (status = 412, description = "A price was changed meanwhile: `current` has the `rows` that no longer hold", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A serving is unknown, a price is none, nothing is chosen, or the body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_prices(
    State(app): State<App>,
    Manager(by): Manager,
    Sent { body, once }: Sent<Pricing>,
) -> Result<Reply, Error> {
    if !body.dry_run {
        return app.reply(&by, &once, async |change| bulk::run(change, body).await).await;
    }
    let moment = db::snapshot(&app.db).await?;
    let reply = bulk::try_out(&moment, body).await?;
    moment.rollback().await?;
    Ok(reply)
}
