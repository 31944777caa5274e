//! Signing in, staying signed in, and what ends it.

use axum::http::StatusCode;
use casavazquez::app::App;
use casavazquez::card::shelf::Shelf;
use casavazquez::config::Settings;
use casavazquez::users::user::Role;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, Person, TestApp};

async fn sign_in(person: &Person, username: &str, password: &str) -> Answer {
    person.post("/api/v1/auth/login", &json!({"username": username, "password": password})).await
}

/// The cookies that an answer sets: name, value, and the whole line.
fn cookies(answer: &Answer) -> Vec<(String, String, String)> {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned());
    let split = |line: String| {
        let (name, rest) = line.split_once('=').unwrap();
        (name.to_owned(), rest.split(';').next().unwrap().to_owned(), line.clone())
    };
    lines.map(split).collect()
}

/// What a browser sends back.
fn jar(answer: &Answer) -> String {
    cookies(answer).iter().map(|(name, value, _)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_browser_gets_its_keys_in_cookies_that_no_script_reads() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let answer = sign_in(&bar.anyone(), " Maria ", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let welcome = answer.json();
    assert_eq!((&welcome["user"]["username"], &welcome["user"]["role"]), (&json!("maria"), &json!("manager")));
    assert_eq!(welcome.as_object().unwrap().keys().collect::<Vec<_>>(), ["expires_in", "user"], "no token in the body");
    assert_eq!(answer.header("cache-control"), "no-store");
    let [(access, _, access_line), (refresh, _, refresh_line)] = cookies(&answer).try_into().unwrap();
    assert_eq!((access.as_str(), refresh.as_str()), ("__Host-casavazquez-access", "__Secure-casavazquez-refresh"));
    for line in [&access_line, &refresh_line] {
        assert!(line.contains("HttpOnly") && line.contains("Secure") && line.contains("SameSite=Strict"), "{line}");
    }
    assert!(access_line.contains("Path=/;"), "{access_line}");
    assert!(refresh_line.contains("Path=/api/v1/auth"), "{refresh_line}");
    let me = bar.browser(&jar(&answer)).get("/api/v1/auth/me").await.json();
    assert_eq!((&me["user"]["username"], &me["role"]), (&json!("maria"), &json!("manager")));
}

#[tokio::test]
async fn whoever_signs_out_is_out_at_once() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let browser = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    assert_eq!(browser.get("/api/v1/auth/me").await.status, StatusCode::OK);
    let answer = browser.post("/api/v1/auth/logout", &Value::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(cookies(&answer).iter().all(|(_, value, line)| value.is_empty() && line.contains("Max-Age=0")));
    assert_eq!(browser.get("/api/v1/auth/me").await.problem(), (401, "sign in first".to_owned()));
    assert_eq!(browser.post("/api/v1/auth/refresh", &Value::Null).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_works_when_the_access_token_has_ended_already() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let browser = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    bar.clock.advance(TimeDelta::minutes(20));
    assert_eq!(browser.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.post("/api/v1/auth/logout", &Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.post("/api/v1/auth/refresh", &Value::Null).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_goes_on_for_whoever_comes_back_and_ends_for_whoever_does_not() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Staff).await;
    let mut answer = sign_in(&bar.anyone(), "maria", PASSWORD).await;
    for _ in 0..3 {
        bar.clock.advance(TimeDelta::days(20));
        let before = jar(&answer);
        answer = bar.browser(&before).post("/api/v1/auth/refresh", &Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_ne!(jar(&answer), before);
        assert_eq!(bar.browser(&jar(&answer)).get("/api/v1/auth/me").await.status, StatusCode::OK);
    }
    bar.clock.advance(TimeDelta::days(31));
    let late = bar.browser(&jar(&answer)).post("/api/v1/auth/refresh", &Value::Null).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert_eq!(cookies(&late).len(), 2, "the dead cookies are taken away");
}

#[tokio::test]
async fn no_session_lasts_longer_than_half_a_year() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Staff).await;
    let mut answer = sign_in(&bar.anyone(), "maria", PASSWORD).await;
    let mut days = 0;
    while answer.status == StatusCode::OK {
        assert!(days <= 180, "still signed in after {days} days");
        bar.clock.advance(TimeDelta::days(20));
        days += 20;
        answer = bar.browser(&jar(&answer)).post("/api/v1/auth/refresh", &Value::Null).await;
    }
    assert_eq!(days, 180);
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_both_sessions_and_the_history_says_so() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let stolen = sign_in(&bar.anyone(), "maria", PASSWORD).await;
    let elsewhere = sign_in(&bar.anyone(), "maria", PASSWORD).await;
    let owner = bar.browser(&jar(&stolen)).post("/api/v1/auth/refresh", &Value::Null).await;
    assert_eq!(owner.status, StatusCode::OK);
    let thief = bar.browser(&jar(&stolen)).post("/api/v1/auth/refresh", &Value::Null).await;
    assert_eq!(thief.status, StatusCode::UNAUTHORIZED);
    for session in [&stolen, &owner] {
        let browser = bar.browser(&jar(session));
        assert_eq!(browser.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(browser.post("/api/v1/auth/refresh", &Value::Null).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(bar.browser(&jar(&elsewhere)).get("/api/v1/auth/me").await.status, StatusCode::OK, "another session");
    let lines = bar.history("stolen session").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["by"], &lines[0]["source"]), (&json!("house"), &json!("door")));
}

#[tokio::test]
async fn of_two_who_use_one_refresh_token_at_once_at_most_one_goes_on() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let cookies = jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await);
    let ask = || async { bar.browser(&cookies).post("/api/v1/auth/refresh", &Value::Null).await.status };
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    let admitted = [one, two, three].into_iter().filter(|status| *status == StatusCode::OK).count();
    assert!(admitted <= 1, "{one} {two} {three}");
    assert!(!bar.history("stolen session").await.is_empty());
    assert_eq!(bar.browser(&cookies).get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED, "nobody goes on");
}

#[tokio::test]
async fn what_an_admin_changes_counts_from_the_next_request_on() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Admin).await;
    let path = format!("/api/v1/users/{}", maria.id());
    assert_eq!(maria.get("/api/v1/users").await.status, StatusCode::OK);
    let demoted = admin.patch(&path, "\"1\"", &json!({"role": "staff"})).await;
    assert_eq!(demoted.status, StatusCode::OK, "{}", demoted.text());
    assert_eq!(maria.get("/api/v1/users").await.problem(), (403, "this takes an admin".to_owned()));
    assert_eq!(maria.get("/api/v1/auth/me").await.json()["role"], "staff");
    admin.patch(&path, "\"2\"", &json!({"active": false})).await;
    assert_eq!(maria.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&bar.anyone(), "maria", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    admin.patch(&path, "\"3\"", &json!({"active": true})).await;
    assert_eq!(maria.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED, "what was ended stays ended");
    assert_eq!(sign_in(&bar.anyone(), "maria", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_password_ends_all_other_sessions() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let here = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    let elsewhere = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    let chosen = "drei oliven auf einem teller";
    let change = |current: &str, password: &str| json!({"current": current, "password": password});
    let put = |body: Value| here.put("/api/v1/auth/password", body);
    let wrong = put(change("not this one at all", chosen)).await;
    assert_eq!(wrong.problem(), (422, "current is not your password".to_owned()));
    let weak = put(change(PASSWORD, "passwort1234")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(weak.json()["errors"][0]["pointer"], "/password");
    assert!(!weak.text().contains("passwort1234"));
    let changed = put(change(PASSWORD, chosen)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    for old in [&here, &elsewhere] {
        assert_eq!(old.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(bar.browser(&jar(&changed)).get("/api/v1/auth/me").await.status, StatusCode::OK);
    assert_eq!(sign_in(&bar.anyone(), "maria", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&bar.anyone(), "maria", chosen).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_may_not_come_in_is_told_the_same_whatever_the_reason() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    bar.person("maria", Role::Staff).await;
    let gone = bar.person("gone", Role::Staff).await;
    admin.patch(&format!("/api/v1/users/{}", gone.id()), "\"1\"", &json!({"active": false})).await;
    let invited = admin.post("/api/v1/users", &json!({"username": "invited", "role": "staff"})).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text());
    let mut told = Vec::new();
    for (username, password) in [
        ("maria", "not this one at all"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("invited", ""),
        ("invited", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("a\0b", "a\0b"),
        (&"x".repeat(5000), "x"),
    ] {
        let answer = sign_in(&bar.anyone(), username, password).await;
        let mut problem = answer.json();
        problem["request_id"].take();
        told.push((answer.status.as_u16(), answer.header("www-authenticate").to_owned(), problem.to_string()));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].0, 401);
}

#[tokio::test]
async fn guessing_one_password_takes_longer_each_time() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let guess = |address: &'static str| {
        let stranger = bar.guest_at(address);
        async move { sign_in(&stranger, "maria", "not this one at all").await }
    };
    for address in ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5"] {
        assert_eq!(guess(address).await.status, StatusCode::UNAUTHORIZED);
    }
    for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let refused = guess("203.0.113.6").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "before the {wait} seconds");
        assert_eq!(refused.header("retry-after"), wait.to_string());
        let right = sign_in(&bar.guest_at("203.0.113.7"), "maria", PASSWORD).await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right one is not looked at either");
        bar.clock.advance(TimeDelta::seconds(wait));
        assert_eq!(guess("203.0.113.6").await.status, StatusCode::UNAUTHORIZED, "after the {wait} seconds");
    }
    bar.clock.advance(TimeDelta::hours(2));
    assert_eq!(sign_in(&bar.guest_at("203.0.113.7"), "maria", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn strangers_cannot_lock_the_owner_out() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Admin).await;
    let owner = bar.guest_at("198.51.100.7");
    assert_eq!(sign_in(&owner, "maria", PASSWORD).await.status, StatusCode::OK);
    for number in 0..40 {
        sign_in(&bar.guest_at(&format!("203.0.113.{number}")), "maria", "not this one at all").await;
    }
    assert_eq!(sign_in(&bar.guest_at("203.0.113.99"), "maria", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&owner, "maria", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_address_cannot_try_many_names() {
    let bar = TestApp::empty().await;
    let stranger = bar.guest_at("203.0.113.9");
    let mut statuses = Vec::new();
    for number in 0..24 {
        statuses.push(sign_in(&stranger, &format!("name{number}"), "not this one at all").await.status.as_u16());
        bar.clock.advance(TimeDelta::seconds(3));
    }
    assert_eq!(statuses[..20], [401; 20]);
    assert!(statuses[20..].contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn two_hundred_wrong_passwords_from_fifty_addresses_are_all_answered_right() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let mut attempts = tokio::task::JoinSet::new();
    for number in 0..200 {
        let stranger = bar.guest_at(&format!("203.0.113.{}", number % 50));
        // Half of them try one account, half of them names that nobody has.
        let username = if number % 2 == 0 { "maria".to_owned() } else { format!("nobody{number}") };
        attempts
            .spawn(async move { (username == "maria", sign_in(&stranger, &username, "not this one at all").await) });
    }
    let (mut looked_at, mut nobodys, mut told_to_wait) = (0, 0, 0);
    while let Some(attempt) = attempts.join_next().await {
        let (known, answer) = attempt.unwrap();
        match answer.problem().0 {
            401 if known => looked_at += 1,
            401 => nobodys += 1,
            429 => {
                told_to_wait += 1;
                assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
            }
            status => panic!("{status}"),
        }
    }
    assert!(looked_at <= 5, "{looked_at} guesses at one password were looked at");
    // Twenty-four strangers find a place; at most five of them tried the one account.
    assert!(nobodys >= 19, "{nobodys} of the other names were looked at");
    assert!(told_to_wait >= 95, "{told_to_wait}");
}

#[tokio::test]
async fn failures_count_on_all_instances_together() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let shelf = Shelf::new(bar.clock.clone(), bar.folder.path().join("another.json"), "here".to_owned());
    let other = App::new(bar.app.db.clone(), bar.clock.clone(), shelf, Settings::default()).unwrap();
    for turn in 0..5 {
        let instance = if turn % 2 == 0 { bar.anyone() } else { Person::at(&other) };
        assert_eq!(sign_in(&instance, "maria", "not this one at all").await.status, StatusCode::UNAUTHORIZED);
    }
    for instance in [bar.anyone(), Person::at(&other)] {
        assert_eq!(sign_in(&instance, "maria", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn a_key_that_was_changed_is_good_as_long_as_it_is_named() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let instance = |keys: &[&str]| {
        let keys = keys.iter().map(|key| key.repeat(8).into()).collect();
        let shelf = Shelf::new(bar.clock.clone(), bar.folder.path().join("another.json"), "here".to_owned());
        let settings = Settings { keys, ..Settings::default() };
        App::new(bar.app.db.clone(), bar.clock.clone(), shelf, settings).unwrap()
    };
    let before = sign_in(&Person::at(&instance(&["Alt7"])), "maria", PASSWORD).await;
    let status = async |keys: &[&str]| {
        Person::at(&instance(keys)).with_cookies(&jar(&before)).get("/api/v1/auth/me").await.status.as_u16()
    };
    assert_eq!(status(&["Neu8", "Alt7"]).await, 200);
    assert_eq!(status(&["Neu8"]).await, 401);
    let browser = Person::at(&instance(&["Neu8"])).with_cookies(&jar(&before));
    let renewed = browser.post("/api/v1/auth/refresh", &Value::Null).await;
    assert_eq!(renewed.status, StatusCode::OK, "a session survives the key");
}

#[tokio::test]
async fn tools_get_tokens_by_the_oauth_form() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let guest = bar.anyone();
    let ask = |form: String| async { guest.form("/api/v1/auth/token", form).await };
    let password = PASSWORD.replace(' ', "+");
    let first = ask(format!("grant_type=password&username=maria&password={password}&scope=&client_id=tool")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let tokens = first.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(first.headers.get("set-cookie").is_none());
    let me = bar.bearer(tokens["access_token"].as_str().unwrap()).get("/api/v1/auth/me").await;
    assert_eq!(me.json()["user"]["username"], "maria");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = format!("grant_type=refresh_token&refresh_token={refresh}");
    assert_eq!(ask(renew.clone()).await.status, StatusCode::OK);
    assert_eq!(ask(renew).await.problem().0, 401, "good once");
    for (form, pointer) in [
        ("grant_type=client_credentials", "/grant_type"),
        ("grant_type=password&username=maria", "/password"),
        ("password=x", "/username"),
        ("grant_type=refresh_token", "/refresh_token"),
        ("grant_type=password&user=maria", "/user"),
    ] {
        let answer = ask(form.to_owned()).await;
        assert_eq!(answer.problem().0, 422, "{form}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{form}");
    }
    let json = guest.post("/api/v1/auth/token", &json!({"username": "maria"})).await;
    assert_eq!(json.problem().0, 415);
}

#[tokio::test]
async fn old_programs_sign_in_as_they_did() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let guest = bar.anyone();
    let by_json = guest.post("/api/auth/login", &json!({"username": "maria", "password": PASSWORD})).await;
    let form = format!("username=maria&password={}", PASSWORD.replace(' ', "%20"));
    let by_form = guest.form("/api/auth/login/form", form).await;
    for answer in [by_json, by_form] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let old = answer.json();
        assert_eq!((&old["token_type"], &old["expires_in"]), (&json!("bearer"), &json!(900)));
        assert_eq!(old["user"]["is_active"], true);
        assert_eq!(answer.header("deprecation"), "@1795392000");
        let me = bar.bearer(old["access_token"].as_str().unwrap()).get("/api/auth/me").await;
        assert_eq!(me.json(), old["user"]);
    }
    let wrong = guest.post("/api/auth/login/", &json!({"username": "maria", "password": "wrong"})).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.json()["detail"].is_string());
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_it_there() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Staff).await;
    let other = bar.person("other", Role::Staff).await;
    let phone = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    let laptop = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    let sessions = phone.get("/api/v1/auth/sessions").await.json();
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 3, "the harness's own is one");
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    let current = laptop.get("/api/v1/auth/sessions").await.json();
    let current = current.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap()["id"].clone();
    let path = format!("/api/v1/auth/sessions/{}", current.as_str().unwrap());
    assert_eq!(other.delete(&path).await.problem().0, 404, "nobody ends another's");
    assert_eq!(phone.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(laptop.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.delete("/api/v1/auth/sessions").await.status, StatusCode::NO_CONTENT);
    assert_eq!(maria.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.get("/api/v1/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_body_is_never_repeated() {
    let bar = TestApp::empty().await;
    for body in [
        json!({"username": "maria", "password": {"hunter2hunter2": 1}}),
        json!({"username": "maria", "password": ["hunter2hunter2"]}),
        json!({"username": "maria", "password": "hunter2hunter2", "hunter2": "hunter2hunter2"}),
        json!("hunter2hunter2"),
    ] {
        let answer = bar.anyone().post("/api/v1/auth/login", &body).await;
        assert_eq!(answer.problem().0, 422, "{}", answer.text());
        assert!(!answer.text().contains("hunter2hunter2"), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_crowd_at_the_door_is_told_to_come_again() {
    let bar = TestApp::with_demo().await;
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..100 {
        let stranger = bar.guest_at(&format!("203.0.113.{number}"));
        crowd.spawn(async move { sign_in(&stranger, &format!("name{number}"), "not this one at all").await });
    }
    let guest = bar.anyone();
    let (mut wrong, mut crowded) = (0, 0);
    while let Some(answer) = crowd.join_next().await {
        let answer = answer.unwrap();
        match answer.problem().0 {
            401 => wrong += 1,
            429 => {
                crowded += 1;
                assert_eq!(answer.header("retry-after"), "3");
            }
            status => panic!("{status}"),
        }
        assert_eq!(guest.get("/api/v1/card").await.status, StatusCode::OK);
    }
    assert!(crowded > 0 && wrong >= 24, "{wrong} were looked at, {crowded} were told to come again");
    let counted = bar.count("login_attempts").await;
    assert_eq!(counted, wrong, "who was not looked at has not failed");
}

#[tokio::test]
async fn a_weak_password_is_refused_with_the_reason() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    for (password, code, reason) in [
        ("kurz", "too_short", "12 characters"),
        ("passwort1234", "too_common", "others try"),
        ("zephyrine-zephyrine", "contains_username", "name"),
    ] {
        let body = json!({"username": "zephyrine", "role": "staff", "password": password});
        let answer = admin.post("/api/v1/users", &body).await;
        let (status, detail) = answer.problem();
        assert_eq!((status, &answer.json()["errors"][0]["code"]), (422, &json!(code)), "{password}");
        assert!(detail.contains(reason) && !detail.contains(password), "{detail}");
    }
}

#[tokio::test]
async fn a_crowd_of_strangers_leaves_places_for_people_who_are_known() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Manager).await;
    let owner = bar.guest_at("198.51.100.7");
    assert_eq!(sign_in(&owner, "maria", PASSWORD).await.status, StatusCode::OK);
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..60 {
        let stranger = bar.guest_at(&format!("203.0.113.{number}"));
        crowd.spawn(async move { sign_in(&stranger, &format!("name{number}"), "not this one at all").await.status });
    }
    // As soon as one was sent away, all the strangers' places are taken.
    while crowd.join_next().await.unwrap().unwrap() != StatusCode::TOO_MANY_REQUESTS {}
    assert_eq!(sign_in(&owner, "maria", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn guests_who_share_the_owners_address_do_not_make_the_owner_wait() {
    let bar = TestApp::with_settings(Settings { rate_limit: false, ..Settings::default() }).await;
    bar.person("maria", Role::Manager).await;
    let same_place = bar.guest_at("198.51.100.7");
    assert_eq!(sign_in(&same_place, "maria", PASSWORD).await.status, StatusCode::OK);
    for number in 0..30 {
        sign_in(&same_place, &format!("name{number}"), "not this one at all").await;
    }
    assert_eq!(sign_in(&same_place, "other", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&same_place, "maria", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_gets_another_password_need_not_wait_for_guesses_at_the_old_one() {
    let bar = TestApp::empty().await;
    let admin = bar.admin().await;
    let maria = bar.person("maria", Role::Staff).await;
    for number in 0..6 {
        sign_in(&bar.guest_at(&format!("203.0.113.{number}")), "maria", "not this one at all").await;
    }
    let here = bar.guest_at("198.51.100.7");
    assert_eq!(sign_in(&here, "maria", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let link = admin.post(&format!("/api/v1/users/{}/invitation", maria.id()), &Value::Null).await.json();
    let token = link["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let chosen = "drei oliven auf einem teller";
    let accepted = here.post("/api/v1/auth/accept", &json!({"token": token, "password": chosen})).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text());
    assert_eq!(sign_in(&bar.guest_at("203.0.113.77"), "maria", chosen).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_after_a_month_was_still_stolen() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Staff).await;
    let first = sign_in(&bar.anyone(), "maria", PASSWORD).await;
    let mut answer = bar.browser(&jar(&first)).post("/api/v1/auth/refresh", &Value::Null).await;
    for _ in 0..2 {
        bar.clock.advance(TimeDelta::days(20));
        answer = bar.browser(&jar(&answer)).post("/api/v1/auth/refresh", &Value::Null).await;
    }
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(bar.browser(&jar(&first)).post("/api/v1/auth/refresh", &Value::Null).await.problem().0, 401);
    assert_eq!(bar.browser(&jar(&answer)).get("/api/v1/auth/me").await.problem().0, 401, "the session is over");
}

#[tokio::test]
async fn somebody_is_signed_in_in_fifty_places_at_most() {
    let bar = TestApp::empty().await;
    let first = bar.person("maria", Role::Staff).await;
    let mut last = first.clone();
    for _ in 0..50 {
        last = bar.sign_in("maria").await;
    }
    assert_eq!(first.get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(last.get("/api/v1/auth/sessions").await.json().as_array().unwrap().len(), 50);
    assert_eq!(last.delete("/api/v1/auth/sessions").await.status, StatusCode::NO_CONTENT);
    assert_eq!(last.get("/api/v1/auth/sessions").await.json().as_array().unwrap().len(), 1);
    assert_eq!(bar.history("sessions").await.len(), 1, "one line, however many there were");
}

#[tokio::test]
async fn a_program_that_changes_its_persons_password_gets_new_tokens() {
    let bar = TestApp::empty().await;
    let maria = bar.person("maria", Role::Staff).await;
    let body = json!({"current": PASSWORD, "password": "drei oliven auf einem teller"});
    let tokens = maria.put("/api/v1/auth/password", body).await.json();
    let again = bar.bearer(tokens["access_token"].as_str().unwrap());
    assert_eq!(again.get("/api/v1/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_takes_the_cookies_whatever_happens() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Staff).await;
    let browser = bar.browser(&jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await));
    bar.app.db.clone().close().await.unwrap();
    let answer = browser.post("/api/v1/auth/logout", &Value::Null).await;
    assert_eq!(answer.problem().0, 503);
    assert_eq!(cookies(&answer).len(), 2);
}

#[tokio::test]
async fn a_cookie_that_comes_twice_counts_for_nothing() {
    let bar = TestApp::empty().await;
    bar.person("maria", Role::Staff).await;
    let jar = jar(&sign_in(&bar.anyone(), "maria", PASSWORD).await);
    let tossed = format!("__Host-casavazquez-access=x; {jar}");
    assert_eq!(bar.browser(&tossed).get("/api/v1/auth/me").await.status, StatusCode::UNAUTHORIZED);
}
