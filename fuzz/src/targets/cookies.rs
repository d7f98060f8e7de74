//! The `Cookie` header, and the token that it may hold.

use protocol::FlowKind;
use verify_api::http::fuzzing;

pub(crate) fn run(input: &[u8]) {
    for kind in FlowKind::ALL {
        for is_https in [false, true] {
            let Some(token) = fuzzing::cookie(input, kind, is_https) else {
                continue;
            };
            let is_in = |part: &str| input.windows(part.len()).any(|at| at == part.as_bytes());
            assert!(is_in(&token), "a token that was not sent");
            let name = format!("flow-{}=", kind.as_str());
            let name = if is_https {
                format!("__Host-{name}")
            } else {
                name
            };
            assert!(is_in(&name), "a token under another name");
            let set = fuzzing::set_cookie(&token, kind, is_https).expect("it is a token");
            let (pair, _) = set.split_once(';').expect("a cookie has attributes");
            let again = fuzzing::cookie(pair.as_bytes(), kind, is_https);
            assert_eq!(again.as_ref(), Some(&token), "what is set comes back");
        }
    }
}
