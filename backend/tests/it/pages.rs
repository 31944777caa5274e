//! The guest pages as the server sends them. (What they look like is for the browser tests.)

use axum::http::{Method, StatusCode};

use crate::harness::TestApp;

#[tokio::test]
async fn each_page_says_its_language_and_its_sisters() {
    let bar = TestApp::with_demo().await;
    for (path, lang, canonical) in [
        ("/", "de", "https://bar.example/"),
        ("/wein", "de", "https://bar.example/wein"),
        ("/en", "en", "https://bar.example/en/"),
        ("/en/", "en", "https://bar.example/en/"),
        ("/en/getraenke", "en", "https://bar.example/en/getraenke"),
        ("/es/snacks/", "es", "https://bar.example/es/snacks"),
    ] {
        let page = bar.anyone().get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let html = page.text();
        assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{path}");
        assert!(html.contains(&format!("<link rel=\"canonical\" href=\"{canonical}\">")), "{path}");
        for tag in ["de", "en", "es", "x-default"] {
            assert!(html.contains(&format!("hreflang=\"{tag}\"")), "{path} {tag}");
        }
    }
}

#[tokio::test]
async fn a_page_carries_its_state_and_nothing_in_it_can_end_the_script() {
    let bar = TestApp::with_demo().await;
    let html = bar.anyone().get("/wein?q=%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await.text();
    let state = html.split("id=\"state\">").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap();
    let state: serde_json::Value = serde_json::from_str(state).unwrap();
    assert_eq!(state["filter"]["q"], "</script><script>alert(1)</script>");
    assert!(!html.contains("<script>alert"));
}

#[tokio::test]
async fn parameters_that_are_no_filter_do_not_keep_a_guest_from_the_card() {
    let bar = TestApp::with_demo().await;
    let plain = bar.anyone().get("/wein").await;
    let long = format!("q={}", "x".repeat(5000));
    for query in [
        "utm_source=poster",
        "color=blue",
        "available=true",
        "section=cellar",
        long.as_str(),
        "limit=nine",
        "color=&q=&max_price=",
        "%ff=%fe",
    ] {
        let page = bar.anyone().get(&format!("/wein?{query}")).await;
        assert_eq!((page.status, page.header("etag")), (StatusCode::OK, plain.header("etag")), "{query}");
    }
}

#[tokio::test]
async fn printed_addresses_still_lead_somewhere() {
    let bar = TestApp::with_demo().await;
    for (old, status, new) in [
        ("home", StatusCode::PERMANENT_REDIRECT, "/?table=4"),
        ("vino", StatusCode::PERMANENT_REDIRECT, "/wein?table=4"),
        ("drinks", StatusCode::PERMANENT_REDIRECT, "/getraenke?table=4"),
        ("snacks", StatusCode::PERMANENT_REDIRECT, "/snacks?table=4"),
        ("showroom", StatusCode::TEMPORARY_REDIRECT, "/"),
        ("wine-tasting", StatusCode::TEMPORARY_REDIRECT, "/"),
        ("legals", StatusCode::TEMPORARY_REDIRECT, "/"),
    ] {
        let answer = bar.anyone().get(&format!("/casavazquez/{old}/?table=4")).await;
        assert_eq!((answer.status, answer.header("location")), (status, new), "{old}");
        assert_eq!(bar.anyone().get(new).await.status, StatusCode::OK, "{new}");
    }
}

#[tokio::test]
async fn where_nothing_is_people_get_a_page_and_programs_a_problem() {
    let bar = TestApp::with_demo().await;
    let html = [("accept", "text/html,*/*;q=0.8")];
    for (path, lang) in [
        ("/nichts", "de"),
        ("/en/nothing", "en"),
        ("/es/nada", "es"),
        ("/..%2f..%2fetc%2fpasswd", "de"),
        ("//etc/passwd", "de"),
    ] {
        let page = bar.anyone().get_with(path, &html).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.text().contains(&format!("<html lang=\"{lang}\">")), "{path}");
    }
    assert_eq!(bar.anyone().get("/nothing").await.problem().0, 404);
    assert_eq!(bar.anyone().get_with("/api/nothing", &html).await.problem().0, 404);
    assert_eq!(bar.anyone().get_with("/assets/none.js", &html).await.problem(), (404, "file not found".to_owned()));
    assert_eq!(bar.anyone().ask(Method::POST, "/wein", &[]).await.problem().0, 405);
}

#[tokio::test]
async fn a_missing_page_does_not_take_the_place_of_another() {
    let bar = TestApp::with_demo().await;
    let html = [("accept", "text/html")];
    let page = async |path: &str| {
        let text = bar.anyone().get_with(path, &html).await.text();
        let state = text.split("\"page\":\"").nth(1).unwrap();
        state.split('"').next().unwrap().to_owned()
    };
    for (path, name) in
        [("/nichts", "not_found"), ("/", "home"), ("/nichts", "not_found"), ("/en", "home"), ("/en/no", "not_found")]
    {
        assert_eq!(page(path).await, name, "{path}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let bar = TestApp::with_demo().await;
    for path in ["/", "/wein", "/api/v1/card", "/nothing", "/health"] {
        let answer = bar.anyone().get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}: guests get no cookie");
    }
}

#[tokio::test]
async fn the_documentation_is_served_from_here() {
    let bar = TestApp::with_demo().await;
    let page = bar.anyone().get("/api/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("http://") && !page.text().contains("https://"), "no other host");
    let document = bar.json("/api/v1/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn health_tells_the_truth() {
    let bar = TestApp::with_demo().await;
    let health = bar.json("/health").await;
    assert_eq!((&health["status"], &health["database"]), (&"healthy".into(), &"connected".into()));
    bar.app.db.clone().close().await.unwrap();
    let health = bar.json("/health").await;
    assert_eq!((&health["status"], &health["database"]), (&"degraded".into(), &"disconnected".into()));
    assert_eq!(bar.anyone().get("/health/ready").await.status, StatusCode::OK, "guests still have their card");
}
