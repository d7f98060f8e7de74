//! Games with `X-Forwarded-For`: nobody is somebody else by saying so.

use frontdesk_tests::{Reply, Request, Settings, Stack};
use protocol::paths;
use serde_json::json;

/// A server behind proxies, where each network may begin two flows.
fn behind(proxies: &str) -> Stack {
    let settings = Settings::default()
        .sqlite()
        .key("http.trusted_proxies", proxies)
        .key("limits.starts_per_network_hour", "2");
    Stack::with(&settings)
}

fn begin(stack: &Stack, headers: &[(&str, &str)]) -> Reply {
    let request = Request::new("POST", paths::FLOWS).json(&json!({"kind": "password-reset"}));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    stack.client.send(request)
}

/// Begins flows with each set of headers in turn: all are one network.
#[track_caller]
fn are_one_network(stack: &Stack, callers: [&[(&str, &str)]; 3]) {
    begin(stack, callers[0]).expect(201);
    begin(stack, callers[1]).expect(201);
    let refused = begin(stack, callers[2]);
    assert_eq!(refused.problem(429, "over-limit")["retry_after"], 1800);
    assert_eq!(refused.header("retry-after"), Some("1800"));
}

const XFF: &str = "x-forwarded-for";

#[test]
fn each_network_behind_a_proxy_has_its_own_budget() {
    let stack = behind("127.0.0.1");
    are_one_network(
        &stack,
        [
            &[(XFF, "203.0.113.1")],
            &[(XFF, " 203.0.113.2:4711 ")],
            &[(XFF, "::ffff:203.0.113.3")],
        ],
    );
    are_one_network(
        &stack,
        [
            &[(XFF, "2001:db8:0:1::1")],
            &[(XFF, "[2001:db8:0:1::2]")],
            &[(XFF, "[2001:db8:0:1:ffff::3]:80")],
        ],
    );
    begin(&stack, &[(XFF, "203.0.114.1")]).expect(201);
    begin(&stack, &[(XFF, "2001:db8:0:2::1")]).expect(201);
}

#[test]
fn what_a_client_writes_before_its_proxy_is_not_believed() {
    let stack = behind("127.0.0.1, 10.0.0.0/8");
    are_one_network(
        &stack,
        [
            &[(XFF, "192.0.2.1, 203.0.113.9")],
            &[(XFF, "192.0.3.1"), (XFF, "203.0.113.9, 10.0.0.2")],
            &[(XFF, "unknown, 203.0.113.9"), (XFF, "10.0.0.2,10.0.0.3")],
        ],
    );
    // An address that cannot be read is the proxy's own word for a neighbour.
    are_one_network(
        &stack,
        [
            &[(XFF, "192.0.2.1, nonsense, 10.0.0.2")],
            &[(XFF, "192.0.3.1, for=192.0.4.1, 10.0.0.2")],
            &[(XFF, "192.0.5.1, , 10.0.0.2")],
        ],
    );
}

#[test]
fn no_other_header_tells_where_somebody_is() {
    let stack = behind("127.0.0.1");
    are_one_network(
        &stack,
        [
            &[("forwarded", "for=192.0.2.1"), ("x-real-ip", "192.0.3.1")],
            &[("x-client-ip", "192.0.4.1"), ("host", "192.0.5.1")],
            &[("true-client-ip", "192.0.6.1"), ("via", "192.0.7.1")],
        ],
    );
}

#[test]
fn without_a_trusted_proxy_the_header_is_not_read() {
    let stack = behind("10.0.0.0/8");
    are_one_network(
        &stack,
        [
            &[(XFF, "192.0.2.1")],
            &[(XFF, "203.0.113.1")],
            &[(XFF, "10.0.0.1")],
        ],
    );
}

#[test]
fn an_address_is_neither_stored_nor_logged_in_the_clear() {
    let stack = behind("127.0.0.1");
    begin(&stack, &[(XFF, "203.0.113.77")]).expect(201);
    let found = |bytes: &[u8]| {
        let clear: [&[u8]; 3] = [b"203.0.113", &[203, 0, 113], b"cb0071"];
        clear
            .iter()
            .any(|clear| bytes.windows(clear.len()).any(|part| part == *clear))
    };
    for (name, bytes) in stack.stored() {
        assert!(!found(&bytes), "{name}");
    }
    let logs = frontdesk_tests::logs();
    let line = logs.lines().find(|line| line.contains("203.0.113"));
    assert_eq!(line, None);
}
