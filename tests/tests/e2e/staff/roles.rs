//! Who may come to which page of the desk.

use frontdesk_tests::{Request, Stack};
use protocol::{Locale, paths};
use verify_api::http::{Who, staff_pages};
use verify_api::staff::Role;

use super::Member;

/// A page with its methods, and the roles that it is for; whoever asks, where there are none.
type Meant = (
    &'static str,
    &'static [&'static str],
    Option<&'static [Role]>,
);

/// Those who work with patients.
const DESK: &[Role] = &[Role::FrontDesk, Role::Manager];

/// What is meant.
const MEANT: [Meant; 9] = [
    (paths::STAFF_SET_UP, &["GET", "POST"], None),
    (paths::STAFF_SIGN_IN, &["GET", "POST"], None),
    (paths::STAFF_SIGN_OUT, &["POST"], Some(&Role::ALL)),
    (paths::STAFF, &["GET"], Some(&Role::ALL)),
    (paths::STAFF_FIND, &["GET", "POST"], Some(DESK)),
    (paths::STAFF_SEARCH, &["GET", "POST"], Some(DESK)),
    (paths::STAFF_VISIT, &["GET", "POST"], Some(DESK)),
    (paths::STAFF_INSIGHTS, &["GET"], Some(&[Role::Manager])),
    (paths::STAFF_TRAIL, &["GET", "POST"], Some(&[Role::Auditor])),
];

#[test]
fn every_page_of_the_desk_is_meant_for_somebody() {
    let meant = MEANT.map(|(path, _, roles)| (path, roles.map_or(Who::Anybody, Who::Staff)));
    assert_eq!(staff_pages(), meant);
}

/// What a page answers to somebody: whether it is open to them, and if not, where it leads.
#[track_caller]
fn answered(
    stack: &Stack,
    method: &str,
    path: &str,
    session: Option<&str>,
) -> (u16, Option<String>) {
    let mut request = Request::new(method, path);
    if let Some(session) = session {
        request = request.header("cookie", &format!("staff-session={session}"));
    }
    if method == "POST" {
        request = request.form(&[("action-x", "x")]);
    }
    let reply = stack.client.send(request);
    (reply.status, reply.header("location").map(str::to_owned))
}

#[test]
fn pages_open_for_the_roles_that_they_are_for_and_for_nobody_else() {
    let stack = Stack::start();
    let sessions = Role::ALL.map(|role| {
        let email = format!("{}@example.org", role.as_str());
        let member = Member::new(&stack, &email, role).signed_in(&stack);
        let session = member.browser.cookies()["staff-session"].clone();
        (role, session)
    });
    for (path, methods, roles) in MEANT {
        for locale in Locale::ALL {
            let is_visit = path == paths::STAFF_VISIT;
            let path = paths::in_language(locale, path).replace("{visit}", "none");
            let sign_in = paths::in_language(locale, paths::STAFF_SIGN_IN);
            let home = paths::in_language(locale, paths::STAFF);
            for method in methods {
                let nobody = answered(&stack, method, &path, None);
                let stranger = answered(&stack, method, &path, Some(&"A".repeat(43)));
                let Some(roles) = roles else {
                    assert_ne!(
                        nobody.1.as_deref(),
                        Some(sign_in.as_str()),
                        "{method} {path}"
                    );
                    continue;
                };
                assert_eq!(nobody, (303, Some(sign_in.clone())), "{method} {path}");
                let ended = (303, Some(format!("{sign_in}?notice=signed-out")));
                assert_eq!(stranger, ended, "{method} {path}");
                for (role, session) in &sessions {
                    let got = answered(&stack, method, &path, Some(session));
                    let expected = match (roles.contains(role), *method) {
                        (false, _) => (403, None),
                        (true, "GET") if is_visit => (410, None),
                        (true, "GET") => (200, None),
                        // A form that does not hold what follows from the session.
                        (true, _) => (303, Some(home.clone())),
                    };
                    assert_eq!(got, expected, "{role:?} {method} {path}");
                }
            }
        }
    }
}
