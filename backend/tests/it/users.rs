//! The people: their names, the last admin, and the links with which they choose a password.

use casavazquez::actor::Actor;
use casavazquez::change::Change;
use casavazquez::error::Error;
use casavazquez::users::invitations::{self, Invitation};
use casavazquez::users::store::{self, Person};
use casavazquez::users::user::{NewUser, Profile, Role};
use chrono::TimeDelta;

use crate::harness::TestApp;

async fn change<T>(bar: &TestApp, work: impl AsyncFnOnce(&Change) -> Result<T, Error>) -> Result<T, Error> {
    bar.app.change_unseen(&Actor::command_line(), work).await
}

/// Makes somebody known. What the hash says does not matter here.
async fn add(bar: &TestApp, username: &str, role: Role) -> Result<Profile, Error> {
    let new = NewUser { username: username.to_owned(), full_name: None, email: None, role };
    change(bar, async |change| store::create(change, new, Some("a hash".to_owned())).await).await
}

async fn find(bar: &TestApp, username: &str) -> Person {
    store::find_by_name(&bar.app.db, username).await.unwrap().unwrap()
}

/// Changes somebody as they are at that moment.
async fn update(bar: &TestApp, username: &str, set: impl FnOnce(&mut Profile)) -> Result<Profile, Error> {
    change(bar, async |change| {
        let person = store::find_by_name(change.db(), username).await?.ok_or(Error::NotFound("user"))?;
        let mut after = person.profile.clone();
        set(&mut after);
        store::update(change, &person, after).await
    })
    .await
}

async fn invite(bar: &TestApp, username: &str) -> Invitation {
    let person = find(bar, username).await;
    change(bar, async |change| invitations::create(change, &person).await).await.unwrap()
}

async fn is_good(bar: &TestApp, invitation: &Invitation) -> bool {
    match invitations::find(&bar.app.db, &invitation.token, bar.clock.now()).await {
        Ok(_) => true,
        Err(Error::NotFound("invitation")) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_name_belongs_to_one_person_however_it_is_written() {
    let bar = TestApp::empty().await;
    assert_eq!(add(&bar, " Maria ", Role::Manager).await.unwrap().username, "maria");
    for twin in ["maria", "MARIA", "Maria "] {
        let refusal = add(&bar, twin, Role::Staff).await.unwrap_err();
        assert!(matches!(refusal, Error::Taken("user")), "{twin}: {refusal:?}");
    }
    add(&bar, "jose", Role::Staff).await.unwrap();
    let refusal = update(&bar, "jose", |jose| jose.username = "Maria".to_owned()).await.unwrap_err();
    assert!(matches!(refusal, Error::Taken("user")), "{refusal:?}");
    let people = store::list(&bar.app.db).await.unwrap();
    assert_eq!(people.iter().map(|person| person.username.as_str()).collect::<Vec<_>>(), ["jose", "maria"]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_kept() {
    let bar = TestApp::empty().await;
    for (username, full_name, email, fault) in [
        ("m", None, None, "not_a_username"),
        ("maría", None, None, "not_a_username"),
        ("maria", Some(" "), None, "blank"),
        ("maria", None, Some("maria"), "not_an_email"),
    ] {
        let (full_name, email) = (full_name.map(str::to_owned), email.map(str::to_owned));
        let new = NewUser { username: username.to_owned(), full_name, email, role: Role::Staff };
        let before = new.check().unwrap_err().to_string();
        let refusal = change(&bar, async |change| store::create(change, new, None).await).await.unwrap_err();
        assert_eq!(refusal.to_string(), before);
        let Error::Invalid(faults) = refusal else { panic!("{refusal:?}") };
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [fault]);
    }
    assert!(store::is_empty(&bar.app.db).await.unwrap());
}

#[tokio::test]
async fn the_last_admin_is_neither_deactivated_nor_demoted_nor_deleted() {
    let bar = TestApp::empty().await;
    add(&bar, "ada", Role::Admin).await.unwrap();
    add(&bar, "out", Role::Admin).await.unwrap();
    update(&bar, "out", |out| out.active = false).await.unwrap();
    add(&bar, "maria", Role::Manager).await.unwrap();
    let ada = find(&bar, "ada").await;
    for refusal in [
        update(&bar, "ada", |ada| ada.active = false).await.map(drop),
        update(&bar, "ada", |ada| ada.role = Role::Manager).await.map(drop),
        change(&bar, async |change| store::delete(change, &ada).await).await,
    ] {
        assert!(matches!(refusal, Err(Error::LastAdmin)), "{refusal:?}");
    }
    assert_eq!(find(&bar, "ada").await.profile, ada.profile);
    update(&bar, "ada", |ada| ada.full_name = Some("Ada".to_owned())).await.unwrap();
    update(&bar, "out", |out| out.active = true).await.unwrap();
    let ada = find(&bar, "ada").await;
    change(&bar, async |change| store::delete(change, &ada).await).await.unwrap();
    assert!(store::find(&bar.app.db, ada.profile.id).await.unwrap().is_none());
}

#[tokio::test]
async fn of_two_admins_who_demote_each_other_one_stays() {
    let bar = TestApp::empty().await;
    for _ in 0..5 {
        for name in ["ada", "bea"] {
            if store::find_by_name(&bar.app.db, name).await.unwrap().is_none() {
                add(&bar, name, Role::Admin).await.unwrap();
            }
            update(&bar, name, |person| person.role = Role::Admin).await.unwrap();
        }
        let humble = |person: &mut Profile| person.role = Role::Staff;
        let (ada, bea) = tokio::join!(update(&bar, "ada", humble), update(&bar, "bea", humble));
        assert!(
            matches!((&ada, &bea), (Ok(_), Err(Error::LastAdmin)) | (Err(Error::LastAdmin), Ok(_))),
            "{ada:?} {bea:?}"
        );
        let people = store::list(&bar.app.db).await.unwrap();
        assert_eq!(people.iter().filter(|person| person.role == Role::Admin).count(), 1);
    }
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once() {
    let bar = TestApp::empty().await;
    add(&bar, "maria", Role::Staff).await.unwrap();
    update(&bar, "maria", |maria| maria.full_name = Some("María".to_owned())).await.unwrap();
    assert_eq!(find(&bar, "maria").await.token_version, 0, "another name ends nothing");
    update(&bar, "maria", |maria| maria.active = false).await.unwrap();
    assert_eq!(find(&bar, "maria").await.token_version, 1);
    update(&bar, "maria", |maria| maria.active = true).await.unwrap();
    assert_eq!(find(&bar, "maria").await.token_version, 1, "what was ended stays ended");
    let maria = find(&bar, "maria").await;
    change(&bar, async |change| store::sign_out(change, &maria).await).await.unwrap();
    let maria = find(&bar, "maria").await;
    assert_eq!(maria.token_version, 2);
    change(&bar, async |change| store::set_password(change, &maria, "another".to_owned()).await).await.unwrap();
    let maria = find(&bar, "maria").await;
    assert_eq!((maria.token_version, maria.password_hash.as_deref()), (3, Some("another")));
}

#[tokio::test]
async fn a_link_is_good_once() {
    let bar = TestApp::empty().await;
    add(&bar, "maria", Role::Staff).await.unwrap();
    let invitation = invite(&bar, "maria").await;
    let maria = invitations::find(&bar.app.db, &invitation.token, bar.clock.now()).await.unwrap();
    assert_eq!(maria.profile.username, "maria");
    change(&bar, async |change| invitations::accept(change, &maria, "chosen".to_owned()).await).await.unwrap();
    let maria = find(&bar, "maria").await;
    assert_eq!((maria.password_hash.as_deref(), maria.token_version), (Some("chosen"), 1));
    assert!(!is_good(&bar, &invitation).await);
}

#[tokio::test]
async fn a_link_is_good_until_it_ends() {
    let bar = TestApp::empty().await;
    add(&bar, "maria", Role::Staff).await.unwrap();
    let new = NewUser { username: "neu".to_owned(), full_name: None, email: None, role: Role::Staff };
    change(&bar, async |change| store::create(change, new, None).await).await.unwrap();
    for (name, lasts) in [("maria", TimeDelta::hours(24)), ("neu", TimeDelta::days(7))] {
        let invitation = invite(&bar, name).await;
        assert_eq!(invitation.expires_at, bar.clock.now() + lasts);
        bar.clock.advance(lasts - TimeDelta::microseconds(1));
        assert!(is_good(&bar, &invitation).await);
        bar.clock.advance(TimeDelta::microseconds(1));
        assert!(!is_good(&bar, &invitation).await);
    }
}

#[tokio::test]
async fn a_second_link_replaces_the_first_of_the_same_person_only() {
    let bar = TestApp::empty().await;
    add(&bar, "maria", Role::Staff).await.unwrap();
    add(&bar, "jose", Role::Staff).await.unwrap();
    let (first, other) = (invite(&bar, "maria").await, invite(&bar, "jose").await);
    let second = invite(&bar, "maria").await;
    assert!(!is_good(&bar, &first).await);
    assert!(is_good(&bar, &second).await);
    assert!(is_good(&bar, &other).await);
}

#[tokio::test]
async fn a_link_lets_nobody_in_who_is_deactivated_or_deleted() {
    let bar = TestApp::empty().await;
    add(&bar, "maria", Role::Staff).await.unwrap();
    let invitation = invite(&bar, "maria").await;
    update(&bar, "maria", |maria| maria.active = false).await.unwrap();
    assert!(!is_good(&bar, &invitation).await);
    update(&bar, "maria", |maria| maria.active = true).await.unwrap();
    assert!(!is_good(&bar, &invitation).await, "whoever is let in again gets another");
    let invitation = invite(&bar, "maria").await;
    assert!(is_good(&bar, &invitation).await);
    let maria = find(&bar, "maria").await;
    change(&bar, async |change| store::delete(change, &maria).await).await.unwrap();
    assert!(!is_good(&bar, &invitation).await);
}
