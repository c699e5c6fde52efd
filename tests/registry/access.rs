//! Logins and tokens: sent as required, fetched once, sent nowhere else, shown nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use harness_images::model::warning::WarningCode;

use super::*;
use support::registry_server::{Access, Behaviour, Grant, Options, TokenField, Tokens};

const PASSWORD: &str = "canary-password-1";
const LOGIN: (&str, &str) = ("anna", PASSWORD);

fn many(access: Access, count: usize) -> (Options, Vec<String>) {
    let tags: Vec<String> = (0..500).map(|number| format!("1.{number}.0")).collect();
    let names: Vec<String> = (0..count)
        .map(|number| format!("harness/image-{number}"))
        .collect();
    let options = names.iter().fold(
        Options {
            access,
            ..Options::default()
        },
        |options, name| options.with(name, &tags, Behaviour::Healthy),
    );
    (options, names)
}

fn user() -> Option<(String, String)> {
    Some((LOGIN.0.to_owned(), LOGIN.1.to_owned()))
}

fn basic() -> Access {
    Access::Basic(LOGIN.0.to_owned(), LOGIN.1.to_owned())
}

fn config(entry: &str, server: &RegistryServer) -> String {
    format!(r#"{{"auths":{{"http://{}/v2/":{entry}}}}}"#, server.address)
}

/// An image of each repository.
fn tagged(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("{name}:1.1.0")).collect()
}

/// Reads all repositories; answers how many requests were lists, refused ones, and for tokens.
fn counted(options: Options, names: &[String], set: Set<'_>) -> (RegistryAnswers, [usize; 3]) {
    let server = RegistryServer::start(options);
    counted_at(&server, names, set)
}

fn counted_at(
    server: &RegistryServer,
    names: &[String],
    set: Set<'_>,
) -> (RegistryAnswers, [usize; 3]) {
    let http = client(20);
    let access = access_with(server, &http, set);
    let collected = run(read(&http, &access, &tagged(names)));
    let log = server.log();
    let lists = |status| {
        let matching = log
            .iter()
            .filter(|logged| logged.target.contains("/tags/") && logged.status == status);
        matching.count()
    };
    let counts = [lists(200), lists(401), server.count("/token")];
    assert!(!everything(&collected).contains("canary"), "{collected:?}");
    (collected, counts)
}

fn all_complete(collected: &RegistryAnswers) -> bool {
    collected
        .repositories
        .iter()
        .all(|known| known.coverage == Coverage::Complete && known.tags.len() == 500)
}

#[test]
fn forty_repositories_need_one_token_more() {
    let bearer = |tokens| Access::Bearer(tokens);
    let web = Tokens {
        is_web: true,
        ..Tokens::default()
    };
    let cases: Vec<(&str, Access, [usize; 3])> = vec![
        (
            "several scopes at once",
            bearer(Tokens::default()),
            [40, 1, 1],
        ),
        ("as a web token", bearer(web.clone()), [40, 1, 1]),
        (
            "one scope for all",
            bearer(Tokens {
                scope: Some("aws".into()),
                ..Tokens::default()
            }),
            [40, 1, 1],
        ),
        (
            "access_token",
            bearer(Tokens {
                field: TokenField::AccessToken,
                ..Tokens::default()
            }),
            [40, 1, 1],
        ),
        (
            "an empty token",
            bearer(Tokens {
                field: TokenField::EmptyToken,
                ..Tokens::default()
            }),
            [40, 1, 1],
        ),
        (
            "no lifetime",
            bearer(Tokens {
                expires_in: None,
                ..Tokens::default()
            }),
            [40, 1, 1],
        ),
        (
            "one scope at a time",
            bearer(Tokens {
                grant: Grant::One,
                ..Tokens::default()
            }),
            [40, 1, 41],
        ),
        (
            "only the first, and it says so",
            bearer(Tokens {
                grant: Grant::OnlyFirst,
                ..web
            }),
            [40, 1, 40],
        ),
    ];
    for (name, access, expected) in cases {
        let (options, names) = many(access, 40);
        let (collected, counts) = counted(options, &names, Set::default());
        assert_eq!(collected.repositories.len(), 40, "{name}");
        assert!(all_complete(&collected), "{name}");
        assert_eq!(counts, expected, "{name}");
    }
}

#[test]
fn a_slow_registry_of_which_nothing_is_known_refuses_no_more_than_it_must() {
    for (count, most) in [(40, 8), (33, 2), (16, 16), (5, 5)] {
        let (options, names) = many(Access::Bearer(Tokens::default()), count);
        let delay = Duration::from_millis(100);
        let mut scene = Scene::within(20, Options { delay, ..options }, Set::default());
        scene.access.first_answer_wait = Duration::from_millis(1);
        assert!(all_complete(&scene.read(&tagged(&names))));
        let log = scene.server.log();
        let refused = log.iter().filter(|logged| logged.status == 401).count();
        assert!(refused <= most, "{count}: {refused}");
        assert_eq!(log.len(), count + refused + 1);
    }
}

#[test]
fn a_shared_token_that_opens_only_one_repository_is_tried_once_each() {
    let tokens = Tokens {
        grant: Grant::OnlyFirst,
        ..Tokens::default()
    };
    let (options, names) = many(Access::Bearer(tokens), 40);
    let (collected, [lists, refused, tokens]) = counted(options, &names, Set::default());
    assert!(all_complete(&collected));
    assert_eq!((lists, tokens), (40, 40));
    assert!(refused <= 40, "{refused}");
}

#[test]
fn tokens_that_run_out_are_fetched_again() {
    let tokens = Tokens {
        uses: Some(5),
        ..Tokens::default()
    };
    let (options, names) = many(Access::Bearer(tokens), 12);
    let (collected, [lists, ..]) = counted(options, &names, Set::default());
    assert!(all_complete(&collected), "{collected:?}");
    assert_eq!(lists, 12);
}

#[test]
fn logins_are_sent_once_they_are_asked_for() {
    let encoded = STANDARD.encode(format!("{}:{}", LOGIN.0, LOGIN.1));
    let (options, names) = many(basic(), 20);
    let server = RegistryServer::start(options);
    let sets = [
        Set::login(LOGIN),
        Set::docker_config(config(&format!(r#"{{"auth":"{encoded}"}}"#), &server)),
    ];
    for set in sets {
        let before = server.log().len();
        let (collected, _) = counted_at(&server, &names, set);
        assert!(all_complete(&collected));
        assert_eq!(server.log().len() - before, 21, "one is refused");
    }
    assert_eq!(server.log()[0].authorization, None);

    let tokens = Tokens {
        user: user(),
        only_user: true,
        ..Tokens::default()
    };
    let (options, names) = many(Access::Bearer(tokens), 20);
    let server = RegistryServer::start(options);
    let sets = [
        Set::login(LOGIN),
        Set::docker_config(config(
            &format!(r#"{{"identitytoken":"{PASSWORD}"}}"#),
            &server,
        )),
    ];
    for set in sets {
        let before = server.log().len();
        let (collected, _) = counted_at(&server, &names, set);
        assert!(all_complete(&collected));
        assert_eq!(
            server.log().len() - before,
            22,
            "one is refused, one is for the token"
        );
    }
    let to_registry = server
        .log()
        .into_iter()
        .filter(|logged| !logged.target.contains("/token"));
    for logged in to_registry {
        let shown = logged.authorization.unwrap_or_default();
        assert!(
            !shown.contains(&encoded) && !logged.head.contains(PASSWORD),
            "only tokens go to the registry"
        );
    }

    let (options, names) = many(Access::Fixed(PASSWORD.to_owned()), 20);
    let server = RegistryServer::start(options);
    let set = Set::docker_config(config(
        &format!(r#"{{"registrytoken":"{PASSWORD}"}}"#),
        &server,
    ));
    let (collected, counts) = counted_at(&server, &names, set);
    assert!(all_complete(&collected));
    assert_eq!(counts, [20, 1, 0]);
}

#[test]
fn refusals_say_what_to_set() {
    let bearer = |tokens: Tokens| Access::Bearer(tokens);
    let tokens = |grant| {
        bearer(Tokens {
            grant,
            ..Tokens::default()
        })
    };
    let wrong = Some(("anna", "canary-wrong"));
    let only_user = || {
        bearer(Tokens {
            user: user(),
            only_user: true,
            ..Tokens::default()
        })
    };
    let realm = |realm: &str| {
        bearer(Tokens {
            realm: Some(realm.to_owned()),
            ..Tokens::default()
        })
    };
    type Login = Option<(&'static str, &'static str)>;
    let cases: Vec<(&str, Access, Login, &str)> = vec![
        (
            "no login",
            basic(),
            None,
            "r.corp requires authentication; set `registry_username` and `registry_password`, or `docker_config` for it",
        ),
        (
            "wrong login",
            basic(),
            wrong,
            "r.corp does not accept the login of `registry_username` and `registry_password`",
        ),
        (
            "no login for tokens",
            only_user(),
            None,
            "r.corp refuses to show it: it does not exist, or needs a login; `registry_username`",
        ),
        (
            "wrong login for tokens",
            only_user(),
            wrong,
            "r.corp does not accept the login of `registry_username` and `registry_password`",
        ),
        (
            "no token",
            bearer(Tokens {
                field: TokenField::None,
                ..Tokens::default()
            }),
            None,
            "r.corp, the token server of r.corp, gave no token: its answer holds none",
        ),
        (
            "HTML as a token",
            tokens(Grant::Fails),
            None,
            "r.corp, the token server of r.corp, gave no token: its answer is no JSON with a token",
        ),
        (
            "no way to",
            realm("ftp://auth.corp/token"),
            None,
            "r.corp names a token server that cannot be trusted (its address does not begin with https://); nothing was sent there",
        ),
        (
            "unreachable",
            realm("http://127.0.0.1:9/token"),
            Some(LOGIN),
            "cannot reach 127.0.0.1:9",
        ),
        (
            "unknown",
            Access::Challenge("Negotiate, NTLM".into()),
            Some(LOGIN),
            "r.corp offers no supported authentication scheme (negotiate, ntlm)",
        ),
        (
            "nameless",
            Access::Challenge(String::new()),
            None,
            "r.corp offers no supported authentication scheme (it names none)",
        ),
    ];
    for (name, access, login, expected) in cases {
        let (options, names) = many(access, 2);
        let server = RegistryServer::start(options);
        let (collected, counts) = counted_at(&server, &names, Set::login(login));
        for repository in &collected.repositories {
            let shown = shown(repository).replace(&server.address, "r.corp");
            assert!(
                shown.starts_with(&format!("unavailable:  ({expected}")),
                "{name}: {shown}"
            );
        }
        assert!(
            counts[2] <= 3,
            "{name}: a wrong login is not repeated: {counts:?}"
        );
    }
}

#[test]
fn a_private_neighbour_harms_nobody() {
    for grant in [Grant::All, Grant::OnlyFirst, Grant::One] {
        for is_web in [false, true] {
            let tokens = Tokens {
                user: user(),
                grant,
                is_web,
                ..Tokens::default()
            };
            let (mut options, names) = many(Access::Bearer(tokens), 10);
            options
                .repositories
                .get_mut("harness/image-0")
                .unwrap()
                .is_private = true;
            let (collected, _) = counted(options.clone(), &names, Set::default());
            for repository in &collected.repositories {
                let is_private = repository.repository == "harness/image-0";
                let expected = if is_private {
                    "unavailable:  ("
                } else {
                    "complete: 1.0.0"
                };
                assert!(
                    shown(repository).starts_with(expected),
                    "{grant:?} {is_web}: {}",
                    shown(repository)
                );
            }
            let (collected, _) = counted(options, &names, Set::login(LOGIN));
            assert!(all_complete(&collected), "{grant:?} {is_web}");
        }
    }
}

#[test]
fn a_first_request_without_answer_holds_nobody_up() {
    let check = |login| {
        let (options, names) = many(Access::Open, 20);
        let options = options.with("harness/a-first", &["1.0.0"], Behaviour::Hang);
        let options = options.with("harness/a-second", &["1.0.0"], Behaviour::Hang);
        let mut scene = Scene::within(8, options, Set::login(login));
        scene.access.first_answer_wait = Duration::from_millis(10);
        let images: Vec<&str> = ["harness/a-first", "harness/a-second"]
            .into_iter()
            .chain(names.iter().map(String::as_str))
            .collect();
        let collected = scene.read(&images);
        assert_eq!(collected.repositories.len(), 22);
        for repository in &collected.repositories {
            let is_bad = repository.repository.contains("/a-");
            let expected = if is_bad {
                "unavailable:  ("
            } else {
                "complete: 1.0.0"
            };
            assert!(
                shown(repository).starts_with(expected),
                "{}",
                shown(repository)
            );
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check(None));
        scope.spawn(|| check(Some(LOGIN)));
    });
}

#[test]
fn what_some_repositories_require_is_sent_for_all() {
    let tokens = Tokens {
        user: user(),
        ..Tokens::default()
    };
    let (mut options, names) = many(Access::Bearer(tokens), 40);
    options.open = names.iter().take(20).cloned().collect();
    let (collected, [lists, refused, tokens]) = counted(options, &names, Set::login(LOGIN));
    assert!(all_complete(&collected));
    assert_eq!((lists, tokens), (40, 1));
    assert!(refused <= 20, "{refused}");
}

#[test]
fn helpers_are_named_where_they_would_be_needed() {
    let (options, names) = many(basic(), 1);
    let server = RegistryServer::start(options);
    let text = format!(
        r#"{{"credHelpers":{{"{}":"ecr-login","other.corp":"x"}}}}"#,
        server.address
    );
    let (collected, _) = counted_at(&server, &names, Set::docker_config(text));
    assert_eq!(collected.notices.len(), 1);
    assert_eq!(collected.notices[0].code.as_str(), "docker-config-helper");
    assert!(collected.notices[0].message.contains("`ecr-login`"));
}

#[test]
fn no_credential_leaves_for_another_origin_or_the_log() {
    let thief = RegistryServer::start(Options::default().with("x", &["9.9.9"], Behaviour::Healthy));
    let to_thief = thief.url().join("v2/x/tags/list").unwrap();
    for access in [
        basic(),
        Access::Bearer(Tokens {
            user: user(),
            only_user: true,
            ..Tokens::default()
        }),
    ] {
        let (options, mut names) = many(access, 1);
        let link = Behaviour::Link(format!("<{to_thief}>; rel=\"next\""));
        let options = options.with("harness/link", &["1.0.0"], link).with(
            "harness/redirect",
            &["1.0.0"],
            Behaviour::Redirect(to_thief.to_string()),
        );
        names.extend(["harness/link".to_owned(), "harness/redirect".to_owned()]);
        let server = RegistryServer::start(options);
        let login = Some(LOGIN);
        let (collected, _) = counted_at(&server, &names, Set::login(login));
        assert!(shown(find(&collected, "harness/link")).starts_with("incomplete: 1.0.0 "));
        assert_eq!(find(&collected, "harness/image-0").tags.len(), 500);
        let log = LOG.text();
        assert!(log.contains("harness/link"), "there is a log");
        for secret in [
            "canary",
            &STANDARD.encode(format!("{}:{}", LOGIN.0, LOGIN.1)),
        ] {
            assert!(!log.contains(secret), "{secret} in the log");
        }
        assert!(
            server
                .log()
                .iter()
                .any(|logged| logged.authorization.is_some())
        );
    }
    assert_eq!(thief.log().len(), 2, "the redirects only");
    for logged in thief.log() {
        assert_eq!(logged.authorization, None);
        assert!(!logged.head.contains("canary") && !logged.target.contains("canary"));
    }
}

#[test]
fn credentials_of_one_host_are_not_for_another() {
    let (options, names) = many(basic(), 1);
    let other = RegistryServer::start(options.clone());
    let mut scene = Scene::new(options, Set::login(LOGIN));
    // Plain HTTP is spoken to the base alone, so the base moves; the login stays where it was.
    scene.access.base = RegistryBase::from_url(&other.url()).unwrap();
    let collected = scene.read(&tagged(&names));
    assert!(shown(&collected.repositories[0]).contains("requires authentication"));
    assert!(
        other
            .log()
            .iter()
            .all(|logged| logged.authorization.is_none())
    );
}

#[test]
fn a_redirect_to_another_registry_is_not_answered_for() {
    let (options, _) = many(basic(), 1);
    let elsewhere = RegistryServer::start(options);
    let to = elsewhere
        .url()
        .join("v2/harness/image-0/tags/list")
        .unwrap();
    let server = RegistryServer::start(Options::default().with(
        "harness/a",
        &["1.0.0"],
        Behaviour::Redirect(to.to_string()),
    ));
    let (collected, _) = counted_at(&server, &["harness/a".to_owned()], Set::login(LOGIN));
    assert!(
        shown(&collected.repositories[0]).starts_with("unavailable:  (127.0.0.1"),
        "{collected:?}"
    );
    assert_eq!(elsewhere.log().len(), 1);
    assert_eq!(elsewhere.log()[0].authorization, None);
}

#[test]
fn a_token_is_asked_for_where_a_login_would_do_too() {
    let tokens = Tokens {
        user: user(),
        only_user: true,
        or_basic: true,
        ..Tokens::default()
    };
    let (options, names) = many(Access::Bearer(tokens), 5);
    let server = RegistryServer::start(options);
    let (collected, _) = counted_at(&server, &names, Set::login(LOGIN));
    assert!(all_complete(&collected));
    let logged_in: Vec<String> = logins(&server);
    assert_eq!(logged_in.len(), 1, "{logged_in:?}");
    assert!(logged_in[0].contains("/token"), "{logged_in:?}");
}

/// The requests that showed a password.
fn logins(server: &RegistryServer) -> Vec<String> {
    let shown = |logged: &support::registry_server::Logged| {
        let basic = logged
            .authorization
            .as_ref()
            .is_some_and(|shown| shown.starts_with("Basic "));
        basic || logged.head.contains("canary-wrong")
    };
    let log = server.log().into_iter().filter(shown);
    log.map(|logged| logged.target).collect()
}

#[test]
fn a_refused_login_is_sent_once_a_run() {
    let only_user = Access::Bearer(Tokens {
        user: user(),
        only_user: true,
        ..Tokens::default()
    });
    let anybody = Access::Bearer(Tokens {
        user: user(),
        ..Tokens::default()
    });
    // who may read, how many repositories are read without the login
    let cases = [(basic(), 10), (only_user, 0), (anybody, 150)];
    for (access, expected) in cases {
        let hint = format!("{access:?}");
        // More than one token is asked for.
        let (mut options, names) = many(access, 150);
        options.open = names.iter().skip(140).cloned().collect();
        let server = RegistryServer::start(options);
        let set = Set::login(("anna", "canary-wrong"));
        let (collected, _) = counted_at(&server, &names, set);
        assert_eq!(logins(&server).len(), 1, "{hint}");
        let complete = |known: &&Repository| shown(known).starts_with("complete");
        let read = collected.repositories.iter().filter(complete).count();
        assert_eq!(read, expected, "{hint}");
        let notices: Vec<WarningCode> =
            collected.notices.iter().map(|notice| notice.code).collect();
        // A repository that could not be read names the cause itself.
        let expected: &[WarningCode] = match expected {
            150 => &[WarningCode::LoginUnused],
            _ => &[],
        };
        assert_eq!(notices, expected, "{hint}");
    }
}

#[test]
fn no_login_goes_over_plain_http_because_the_account_says_so() {
    for is_of_account in [true, false] {
        let (options, names) = many(basic(), 3);
        let mut scene = Scene::new(options, Set::login(LOGIN));
        if is_of_account {
            scene.access.base = scene.access.base.clone().of_account();
        }
        let collected = scene.read(&tagged(&names));
        assert_eq!(logins(&scene.server).is_empty(), is_of_account);
        let notice = collected
            .notices
            .iter()
            .find(|notice| notice.code == WarningCode::LoginUnused);
        assert_eq!(notice.is_some(), is_of_account, "{:?}", collected.notices);
        if let Some(notice) = notice {
            assert!(
                notice.message.contains("`registry: http://"),
                "{}",
                notice.message
            );
        }
    }
}
