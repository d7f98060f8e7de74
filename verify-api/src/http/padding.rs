//! Answers leave at whole steps of time after their request.
//!
//! What a request leaves to the worker slows down what is asked next: there is a
//! message to write for somebody who is known, and none for a stranger. Sent one
//! after another, requests would tell the two apart by the clock (OWASP ASVS 5.0,
//! 6.3.8). Padded, an answer that is ready after two milliseconds and one that is
//! ready after five leave at the same moment, which nobody notices who reads.
//!
//! It must not know what an answer says.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use protocol::paths;
use tokio::time::{Instant, sleep_until};

/// Where people are known or not.
const PADDED: [&str; 5] = [
    paths::FLOWS,
    paths::FLOW,
    paths::PLAIN,
    paths::STAFF,
    paths::CONNECTIONS,
];

/// Keeps an answer back until the next step has come; never where there is none.
pub(super) async fn pad(State(step): State<Duration>, request: Request, next: Next) -> Response {
    let (_, path) = paths::language(request.uri().path());
    let is_padded = PADDED.iter().any(|padded| path.starts_with(padded));
    let begin = Instant::now();
    let answer = next.run(request).await;
    if is_padded && !step.is_zero() {
        sleep_until(begin + whole_steps(begin.elapsed(), step)).await;
    }
    answer
}

/// So many steps that `took` is over, and at least one.
fn whole_steps(took: Duration, step: Duration) -> Duration {
    let steps = took.as_micros().div_ceil(step.as_micros().max(1));
    // The time-out of a request is thousands of steps at most.
    step * u32::try_from(steps).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::{Router, middleware};
    use tokio::time::sleep;
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::{HEALTHZ, READYZ};

    const STEP: Duration = Duration::from_millis(10);

    /// In how many milliseconds a path is answered that takes `work` of them.
    async fn answered(path: &str, work: u64, step: Duration) -> u128 {
        let router = Router::new()
            .fallback(async move || {
                sleep(Duration::from_millis(work)).await;
                StatusCode::SERVICE_UNAVAILABLE
            })
            .layer(middleware::from_fn_with_state(step, pad));
        let begin = Instant::now();
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        begin.elapsed().as_millis()
    }

    #[tokio::test(start_paused = true)]
    async fn answers_about_flows_leave_at_whole_steps() {
        for path in [
            paths::FLOWS,
            paths::FLOW,
            paths::ANSWERS,
            paths::RESEND,
            paths::BACK,
            paths::EXTEND,
            paths::CONNECTIONS,
            paths::WITHDRAWAL,
            "/flows/enrollment",
            "/es/flows/enrollment",
            paths::REVEAL_USERNAME,
            paths::RESET_LINK,
            paths::STAFF_SIGN_IN,
            "/es/staff",
        ] {
            for (work, leaves) in [(0, 10), (2, 10), (10, 10), (11, 20), (95, 100)] {
                assert_eq!(answered(path, work, STEP).await, leaves, "{path} {work}");
            }
            assert_eq!(answered(path, 3, Duration::ZERO).await, 3, "{path}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn other_answers_leave_at_once() {
        for path in ["/", "/faq/", "/es/faq/", HEALTHZ, READYZ, paths::OPENAPI] {
            assert_eq!(answered(path, 3, STEP).await, 3, "{path}");
        }
    }
}
