//! How long answers take.
//!
//! Whether somebody has an account must not be told by a clock either (OWASP
//! ASVS 5.0, 6.3.8). Requests are sent about a person who has one and about one who
//! has none, many times, in both orders; then for each kind of request it is asked
//! how often a known person's answer was the slower of two. Once with each request by
//! itself, while the worker rests, and no answer padded: its own work is the same. And
//! once at once after one another, as somebody would who wants to know: what the worker
//! does for a known person slows down what follows, and the padding hides it.
//!
//! Beside other tests, differences drown, and these are to be run alone:
//! `cargo xtask test -p frontdesk-tests --test e2e -- timing:: --test-threads=1`.

mod sign_in;

use std::time::Instant;

use frontdesk_tests::people::ROSA;
use frontdesk_tests::{Flow, Reply, Request, Settings, Stack};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::json::assert_same;

/// How many times each request is sent about each of the two.
const SAMPLES: usize = 160;

/// Cliff's delta: 0 when a known person's answer is the slower of two in half of
/// all pairs, 1 when it is in all. Its standard error is √((2n+1)/3n²) = 0.065
/// here, so chance alone goes beyond this about once in a million requests. What the
/// machine does beside it is not chance: see [`hold`].
const ALIKE: f64 = 0.32;

/// A request about a known person, or else an unknown one.
type Ask<'a> = &'a dyn Fn(&Flow, bool) -> Reply;

/// Microseconds of each sample.
#[derive(Default)]
struct Times {
    known: Vec<f64>,
    unknown: Vec<f64>,
}

impl Times {
    fn add(&mut self, is_known: bool, took: f64) {
        let times = if is_known {
            &mut self.known
        } else {
            &mut self.unknown
        };
        times.push(took);
    }

    /// Cliff's delta of the two.
    fn delta(&self) -> f64 {
        let mut sum = 0.0;
        for known in &self.known {
            for unknown in &self.unknown {
                sum += match known.total_cmp(unknown) {
                    std::cmp::Ordering::Less => -1.0,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Greater => 1.0,
                };
            }
        }
        let pairs = self.known.len() * self.unknown.len();
        sum / f64::from(u32::try_from(pairs).expect("a small number"))
    }

    fn medians(&self) -> [f64; 2] {
        [&self.known, &self.unknown].map(|times| {
            let mut times = times.clone();
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
    }
}

/// Whether the known person is the first of the two in a round. Not in every other one:
/// what comes back every other round, such as a checkpoint of the database, would always
/// meet the same one. The Thue–Morse sequence is as fair, and has no period.
fn known_is_first(round: usize) -> bool {
    round.count_ones().is_multiple_of(2)
}

/// Sends each request of a walk about both people, over and over, and holds the
/// answers and their times against each other. The worker has done what a request
/// left to it before the next is sent.
fn compare(stack: &Stack, kind: &str, requests: &[(&str, Ask)]) {
    hold(kind, requests, ALIKE, || one_by_one(stack, kind, requests));
}

fn one_by_one(stack: &Stack, kind: &str, requests: &[(&str, Ask)]) -> Vec<Times> {
    let mut times: Vec<Times> = requests.iter().map(|_| Times::default()).collect();
    for round in 0..SAMPLES {
        let is_known = known_is_first(round);
        let order = [is_known, !is_known];
        let flows = order.map(|is_known| (is_known, stack.begin(kind)));
        for ((what, ask), times) in requests.iter().zip(&mut times) {
            let [first, second] = flows.each_ref().map(|(is_known, flow)| {
                let (reply, took) = timed(|| ask(flow, *is_known));
                stack.settle();
                times.add(*is_known, took);
                reply
            });
            assert_same(what, &first, &second);
        }
        end_round(stack);
    }
    times
}

/// The answer to a request, and how many microseconds it took.
fn timed(ask: impl FnOnce() -> Reply) -> (Reply, f64) {
    let begin = Instant::now();
    let reply = ask();
    (reply, begin.elapsed().as_secs_f64() * 1e6)
}

/// Takes a walk about each of both people, over and over, one request at once after the
/// other, and holds the answers and their times against each other. A walk is done, and
/// all that it left to the worker, before the next begins.
fn compare_walks(stack: &Stack, kind: &str, requests: &[(&str, Ask)]) {
    hold(kind, requests, ALIKE, || walks(stack, kind, requests));
}

fn walks(stack: &Stack, kind: &str, requests: &[(&str, Ask)]) -> Vec<Times> {
    let mut times: Vec<Times> = requests.iter().map(|_| Times::default()).collect();
    for round in 0..SAMPLES {
        let known_first = known_is_first(round);
        let [one, other] = [known_first, !known_first].map(|is_known| {
            let flow = stack.begin(kind);
            let walked = requests
                .iter()
                .map(|(_, ask)| timed(|| ask(&flow, is_known)));
            let walked: Vec<_> = walked.collect();
            stack.settle();
            walked
        });
        let (known, unknown) = if known_first {
            (one, other)
        } else {
            (other, one)
        };
        let pairs = known.into_iter().zip(unknown);
        for (((what, _), times), (known, unknown)) in requests.iter().zip(&mut times).zip(pairs) {
            assert_same(what, &known.0, &unknown.0);
            assert!(
                known.1.min(unknown.1) >= STEP,
                "{what} left before its time"
            );
            times.add(true, known.1);
            times.add(false, unknown.1);
        }
        end_round(stack);
    }
    times
}

/// Nobody waits for what the samples before have used up.
fn end_round(stack: &Stack) {
    stack.advance(SignedDuration::from_hours(24));
    stack.tamper("DELETE FROM ladders").expect("SQL");
}

/// Asserts that each request takes as long for both. What is unlike is measured once more:
/// work that is done for one of the two alone takes its time again, and a machine that was
/// busy for a minute has been.
#[track_caller]
fn hold<Of>(kind: &str, requests: &[(&str, Of)], alike: f64, measure: impl Fn() -> Vec<Times>) {
    let unlike = |times: &[Times]| -> Vec<bool> {
        let told = requests.iter().zip(times).map(|((what, _), times)| {
            let (delta, medians) = (times.delta(), times.medians());
            eprintln!("{kind}, {what}: delta {delta:+.3}, medians {medians:.0?} µs");
            delta.abs() >= alike
        });
        told.collect()
    };
    let first = unlike(&measure());
    if !first.contains(&true) {
        return;
    }
    let times = measure();
    let both = first.into_iter().zip(unlike(&times));
    for (((what, _), times), is_unlike) in requests.iter().zip(&times).zip(both) {
        let (delta, medians) = (times.delta(), times.medians());
        assert!(
            is_unlike != (true, true),
            "{kind}, {what}: both should wait equally long, and the known person's \
             (or the right password's) answer is the slower of two by {delta:+.3}, as it was \
             when first measured (medians of the two: {medians:.0?} µs)"
        );
    }
}

/// Answers that leave at whole steps of so many milliseconds.
fn padded_by(millis: &str) -> Settings {
    Settings::default()
        .without_budgets()
        .key("http.padding_ms", millis)
}

/// Microseconds of a step that is longer than an answer takes here, optimised or not.
const STEP: f64 = 30_000.0;

/// Of one length, so that no length tells them apart.
fn username(is_known: bool) -> &'static str {
    if is_known {
        ROSA.username
    } else {
        "Nora.Heron"
    }
}

fn info(is_known: bool) -> Value {
    let mut info = ROSA.personal_info();
    if !is_known {
        info["email"] = "somebody@example.org".into();
    }
    info
}

fn identify(flow: &Flow, is_known: bool) -> Reply {
    flow.answer("identify", &json!({"username": username(is_known)}))
}

fn by_email(flow: &Flow, _: bool) -> Reply {
    flow.answer("method", &json!({"channel": "email"}))
}

fn wrong_code(flow: &Flow, _: bool) -> Reply {
    flow.answer("code", &json!({"code": "000000"}))
}

fn ask_for_username(flow: &Flow, is_known: bool) -> Reply {
    flow.answer("personal-info", &info(is_known))
}

fn look(flow: &Flow, _: bool) -> Reply {
    flow.view()
}

fn go_back(flow: &Flow, _: bool) -> Reply {
    flow.back()
}

#[test]
fn a_reset_takes_as_long_for_an_unknown_username() {
    let stack = Stack::with(&padded_by("0"));
    stack.enrolled(&ROSA);
    compare(
        &stack,
        "password-reset",
        &[
            ("the username", &identify),
            ("the method", &by_email),
            ("a wrong code", &wrong_code),
            ("the view", &look),
            ("resending too soon", &|flow, _| flow.resend(None)),
            ("going back", &go_back),
        ],
    );
}

#[test]
fn recovery_takes_as_long_for_unknown_people() {
    let stack = Stack::with(&padded_by("0"));
    stack.enrolled(&ROSA);
    compare(
        &stack,
        "username-recovery",
        &[
            ("asking", &ask_for_username),
            ("the view", &look),
            ("asking twice", &ask_for_username),
            ("going back", &go_back),
        ],
    );
}

/// The plain host renders pages, which is work of its own.
#[test]
fn forms_take_as_long_for_an_unknown_username() {
    let stack = Stack::with(&padded_by("0").site());
    stack.enrolled(&ROSA);
    let post = |flow: &Flow, step: &str, name: &str, value: &str| {
        let form = [
            ("token", flow.token.as_str()),
            ("step", step),
            (name, value),
        ];
        let request = Request::new("POST", "/flows/password-reset").form(&form);
        let mut reply = stack.client.send(request);
        reply.expect(if name == "code" { 422 } else { 200 });
        reply.body = reply.body.replace(&flow.token, "token");
        reply
    };
    compare(
        &stack,
        "password-reset",
        &[
            ("the username in a form", &|flow, is_known| {
                post(flow, "identify", "username", username(is_known))
            }),
            ("the method in a form", &|flow, _| {
                post(flow, "method", "channel", "text")
            }),
            ("a wrong code in a form", &|flow, _| {
                post(flow, "code", "code", "000000")
            }),
        ],
    );
}

/// A message to a known person is written while the next request is answered.
#[test]
fn what_follows_a_request_at_once_takes_as_long_for_unknown_people() {
    let stack = Stack::with(&padded_by("30"));
    stack.enrolled(&ROSA);
    compare_walks(
        &stack,
        "password-reset",
        &[
            ("the username", &identify),
            ("the method", &by_email),
            ("a wrong code at once", &wrong_code),
        ],
    );
    compare_walks(
        &stack,
        "username-recovery",
        &[
            ("asking", &ask_for_username),
            ("the view at once", &look),
            ("asking twice", &ask_for_username),
            ("going back", &go_back),
        ],
    );
}
