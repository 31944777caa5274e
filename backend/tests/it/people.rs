//! Looking after people through the API: making them known, changing them, showing them out.

use axum::http::StatusCode;
use casavazquez::users::user::Role;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestApp};

const USERS: &str = "/api/v1/users";

fn link(answer: &Value) -> String {
    let link = answer["invitation"]["link"].as_str().or(answer["link"].as_str()).unwrap();
    link.strip_prefix("https://bar.example/admin/welcome#").unwrap().to_owned()
}

#[tokio::test]
async fn somebody_new_chooses_a_password_with_a_link_that_is_good_once() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let made = admin.post(USERS, &json!({"username": "Maria", "full_name": "María", "role": "manager"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!((made.header("etag"), made.header("cache-control")), ("\"1\"", "no-store"));
    assert_eq!(made.json()["user"]["username"], "maria");
    let accept = |token: String, password: &'static str| {
        let guest = bar.anyone();
        async move { guest.post("/api/v1/auth/accept", &json!({"token": token, "password": password})).await }
    };
    let token = link(&made.json());
    let weak = accept(token.clone(), "maria maria").await;
    assert_eq!(weak.problem().0, 422);
    let chosen = "drei oliven auf einem teller";
    let welcome = accept(token.clone(), chosen).await;
    assert_eq!(welcome.status, StatusCode::OK, "{}", welcome.text());
    assert_eq!(welcome.headers.get_all("set-cookie").iter().count(), 2, "signed in at once");
    assert_eq!(accept(token, chosen).await.problem(), (404, "invitation not found".to_owned()));
    assert_eq!(accept("0".repeat(64), chosen).await.problem().0, 404);
    let signed_in = bar.anyone().post("/api/v1/auth/login", &json!({"username": "maria", "password": chosen})).await;
    assert_eq!(signed_in.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_forgot_a_password_gets_a_link_for_a_day() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Staff).await;
    let ask = async || admin.post(&format!("{USERS}/{}/invitation", maria.id()), &Value::Null).await;
    let (first, second) = (ask().await, ask().await);
    assert_eq!(second.status, StatusCode::CREATED, "{}", second.text());
    let accept = async |token: String| {
        let body = json!({"token": token, "password": "drei oliven auf einem teller"});
        bar.anyone().post("/api/v1/auth/accept", &body).await.status
    };
    assert_eq!(accept(link(&first.json())).await, StatusCode::NOT_FOUND, "the second voids the first");
    assert_eq!(maria.get("/api/v1/auth/me").await.status, StatusCode::OK, "nothing ends before it is used");
    bar.clock.advance(TimeDelta::hours(24));
    assert_eq!(accept(link(&second.json())).await, StatusCode::NOT_FOUND);
    let admin = bar.sign_in("admin").await;
    let third = admin.post(&format!("{USERS}/{}/invitation", maria.id()), &Value::Null).await;
    assert_eq!(accept(link(&third.json())).await, StatusCode::OK);
}

#[tokio::test]
async fn a_password_can_be_chosen_for_somebody_if_it_is_a_good_one() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let make = async |username: &str, password: &str| {
        admin.post(USERS, &json!({"username": username, "role": "staff", "password": password})).await
    };
    let weak = make("maria", "passwort1234").await;
    assert_eq!(weak.problem().0, 422);
    assert_eq!(weak.json()["errors"][0]["pointer"], "/password");
    let maria = make("maria", PASSWORD).await;
    assert_eq!(maria.status, StatusCode::CREATED, "{}", maria.text());
    assert!(maria.json().get("invitation").is_none());
    assert_eq!(make("MARIA", PASSWORD).await.problem(), (409, "another user has this name already".to_owned()));
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let body = json!({"username": "../etc", "full_name": "\u{7}", "email": "nobody", "role": "staff"});
    let answer = admin.post(USERS, &body).await;
    assert_eq!(answer.problem().0, 422);
    let errors = answer.json()["errors"].clone();
    let pointers: Vec<_> = errors.as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/username", "/full_name", "/email"]);
    for (body, pointer, code) in [
        (json!({"username": "maria", "role": "owner"}), "/role", "one_of"),
        (json!({"username": "maria"}), "", "missing"),
        (json!({"username": "maria", "role": "staff", "admin": true}), "/admin", "unknown_field"),
        (json!({"username": 7, "role": "staff"}), "/username", "wrong_type"),
    ] {
        let answer = admin.post(USERS, &body).await;
        assert_eq!(answer.problem().0, 422, "{body}");
        let fault = &answer.json()["errors"][0];
        assert_eq!(fault["code"], code, "{fault}");
        assert!(fault["pointer"].as_str().unwrap().starts_with(pointer), "{fault}");
    }
    assert_eq!(admin.get(USERS).await.json().as_array().unwrap().len(), 1, "nobody was made");
}

#[tokio::test]
async fn a_change_says_which_copy_it_is_to() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Staff).await;
    let path = format!("{USERS}/{}", maria.id());
    let update = json!({"full_name": "María"});
    assert_eq!(admin.send_json("PATCH", &path, &[], &update).await.problem().0, 428);
    let changed = admin.patch(&path, "\"1\"", &update).await;
    assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""));
    let stale = admin.patch(&path, "\"1\"", &json!({"email": "maria@bar.example"})).await;
    assert_eq!(stale.problem().0, 412);
    assert_eq!(
        (&stale.json()["current"]["full_name"], &stale.json()["current"]["revision"]),
        (&json!("María"), &json!(2))
    );
    let same = admin.patch(&path, "W/\"2\"", &update).await;
    assert_eq!(same.header("etag"), "\"2\"", "the same again is no change");
    let gone = admin.patch(&path, "*", &json!({"full_name": null})).await;
    assert_eq!(gone.json()["full_name"], Value::Null);
    assert_eq!(admin.patch(&path, "*", &json!({"role": null})).await.problem().0, 422);
    assert_eq!(bar.history("user").await.len(), 4, "two were made, two changes");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let path = format!("{USERS}/{}", admin.id());
    for update in [json!({"role": "manager"}), json!({"active": false})] {
        let answer = admin.patch(&path, "*", &update).await;
        assert_eq!(answer.problem(), (409, "the last admin stays (make somebody else an admin first)".to_owned()));
    }
    assert_eq!(admin.delete_copy(&path, "*").await.problem().0, 409);
    bar.person("second", Role::Admin).await;
    assert_eq!(admin.delete_copy(&path, "\"1\"").await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(USERS).await.status, StatusCode::UNAUTHORIZED, "whoever is gone is out");
}

#[tokio::test]
async fn an_admin_shows_somebody_out_everywhere_or_in_one_place() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Staff).await;
    let path = format!("{USERS}/{}/sessions", maria.id());
    let sessions = admin.get(&path).await.json();
    let id = sessions[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(admin.delete(&format!("{path}/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.delete(&format!("{path}/{id}")).await.problem(), (404, "session not found".to_owned()));
    assert_eq!(maria.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let again = bar.sign_in("maria").await;
    assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(again.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(admin.get(&path).await.json(), json!([]));
}

#[tokio::test]
async fn everybody_changes_their_own_name_but_not_their_role() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Staff).await;
    let me = "/api/v1/auth/me";
    let changed = maria.patch(me, "\"1\"", &json!({"full_name": "María", "email": "maria@bar.example"})).await;
    assert_eq!(changed.json()["user"]["full_name"], "María", "{}", changed.text());
    let refused = maria.patch(me, "\"2\"", &json!({"role": "admin"})).await;
    assert_eq!((refused.problem().0, &refused.json()["errors"][0]["code"]), (422, &json!("unknown_field")));
}

#[tokio::test]
async fn no_answer_and_no_line_of_history_carries_a_hash() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    admin.post(USERS, &json!({"username": "maria", "role": "staff", "password": PASSWORD})).await;
    admin.post("/api/v1/tokens", &json!({"name": "till"})).await;
    let mut all = admin.get(USERS).await.text();
    all.push_str(&admin.get("/api/v1/auth/me").await.text());
    all.push_str(&admin.get("/api/v1/auth/sessions").await.text());
    all.push_str(&admin.get("/api/v1/tokens").await.text());
    for thing in ["user", "token", "password", "invitation"] {
        all.push_str(&json!(bar.history(thing).await).to_string());
    }
    assert!(all.contains("maria") && all.contains("till"));
    for secret in ["argon2", "hash", PASSWORD] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn looking_after_people_leaves_the_card_as_it_is() {
    let bar = TestApp::with_demo().await;
    let admin = bar.admin().await;
    let before = bar.json("/health").await["card"].clone();
    let made = admin.post(USERS, &json!({"username": "maria", "role": "staff"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    bar.app.shelf.refresh(&bar.app.db).await.unwrap();
    assert_eq!(bar.json("/health").await["card"], before);
}

#[tokio::test]
async fn an_id_is_made_by_the_server() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let body = json!({"id": "a/b", "username": "maria", "role": "staff"});
    let refused = admin.post(USERS, &body).await;
    assert_eq!((refused.problem().0, &refused.json()["errors"][0]["pointer"]), (422, &json!("/id")));
    for id in ["a%2Fb", "", "..", "<script>", "%00", "0"] {
        let answer = admin.get(&format!("{USERS}/{}", id.replace('<', "%3C").replace('>', "%3E"))).await;
        assert!([200, 404].contains(&answer.status.as_u16()), "{id}: {}", answer.text());
    }
}

#[tokio::test]
async fn somebody_who_was_invited_and_never_came_is_no_last_admin() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let ghost = admin.post(USERS, &json!({"username": "ghost", "role": "admin"})).await.json();
    assert_eq!(ghost["user"]["has_password"], false);
    let demoted = admin.patch(&format!("{USERS}/{}", admin.id()), "*", &json!({"role": "staff"})).await;
    assert_eq!(demoted.problem().0, 409);
}

#[tokio::test]
async fn whoever_is_deactivated_needs_no_link_and_keeps_none() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Staff).await;
    let path = format!("{USERS}/{}", maria.id());
    let made = admin.post(&format!("{path}/invitation"), &Value::Null).await.json();
    admin.patch(&path, "*", &json!({"active": false})).await;
    let refused = admin.post(&format!("{path}/invitation"), &Value::Null).await;
    assert_eq!(refused.problem(), (409, "this person may not come in (activate them first)".to_owned()));
    admin.patch(&path, "*", &json!({"active": true})).await;
    let body = json!({"token": link(&made), "password": "drei oliven auf einem teller"});
    assert_eq!(bar.anyone().post("/api/v1/auth/accept", &body).await.problem().0, 404);
}

#[tokio::test]
async fn what_is_no_etag_is_not_called_stale() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let answer = admin.patch(&format!("{USERS}/{}", admin.id()), "1", &json!({"email": null})).await;
    assert_eq!((answer.problem().0, &answer.json()["errors"][0]["code"]), (422, &json!("not_an_etag")));
}
