//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tower::ServiceExt as _;

use super::crowd::Place;
use super::pulse::{Phase, Pulse, Watched};
use crate::config::Load;
use crate::http::MAX_BODY;

/// The most of a request's head, or of an answer, that is held at once, in bytes.
const BUFFER: usize = 16 * 1024;

/// How long a connection that is given up can still be used: a request may be on
/// its way to us, and nobody would answer it.
const LAST_CALL: Duration = Duration::from_millis(200);

/// How long an answer may make no way at all towards its reader, beyond what
/// the request itself may take.
const STUCK: Duration = Duration::from_secs(30);

/// Beyond that, a reader must take so many bytes a second on the whole. The slowest
/// phone network has twice that; who is slower holds a place that others need.
const SLOWEST: u64 = 1024;

/// How long a client may go on sending after its answer was written, and how
/// many bytes. Closed earlier, a connection loses the answer with the bytes
/// that nobody read (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 32 * 1024 * 1024;

/// A body that is too long, in place of one that says so and is not read.
static TOO_LONG: [u8; MAX_BODY + 1] = [b' '; MAX_BODY + 1];

/// A connection that was let in.
pub(super) struct Connection {
    pub(super) router: Router,
    /// What an answer carries that does not come from the router.
    pub(super) headers: Arc<HeaderMap>,
    pub(super) load: Load,
    pub(super) place: Place,
    /// Who holds the other end; a proxy, if there is one.
    pub(super) peer: SocketAddr,
    /// Turns true when the server goes home.
    pub(super) leaving: watch::Receiver<bool>,
}

impl Connection {
    /// Answers what is asked on `stream`, until either side has had enough.
    pub(super) async fn serve<S>(self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self {
            router,
            headers,
            load,
            place,
            peer,
            mut leaving,
        } = self;
        let pulse = &place.pulse;
        let watched = Watched {
            stream,
            pulse: pulse.clone(),
        };
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let answered = answer(request, router.clone(), pulse.clone(), load.body);
            let headers = Arc::clone(&headers);
            Box::pin(async move {
                Ok::<_, Infallible>(answered.await.unwrap_or_else(|refused| {
                    let mut response = refused.into_response();
                    response.headers_mut().extend((*headers).clone());
                    response
                }))
            })
        });
        let mut connection = http1::Builder::new()
            // Time is kept here: a head and the pause before it have their own.
            .header_read_timeout(None)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(watched), service);
        let mut overdue = pin!(overdue(pulse, load));
        let mut is_leaving = false;
        loop {
            tokio::select! {
                biased;
                ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => {
                    if ended.is_err() {
                        return;
                    }
                    break;
                }
                () = &mut overdue => return,
                // Heard, so that its time runs; see [`LAST_CALL`].
                () = place.evicted.notified() => {}
                _ = leaving.wait_for(|leaving| *leaving), if !is_leaving => {
                    is_leaving = true;
                    if pulse.look().phase == Phase::Idle {
                        return;
                    }
                    Pin::new(&mut connection).graceful_shutdown();
                }
            }
        }
        let stream = connection.into_parts().io.into_inner().stream;
        pulse.enter(Phase::Idle);
        tokio::select! {
            _ = timeout(LINGER, linger(stream)) => {}
            () = place.evicted.notified() => {}
        }
    }
}

/// Ready when the connection has taken longer than it may for what it does.
async fn overdue(pulse: &Pulse, load: Load) {
    let mut timer = pin!(sleep_until(Instant::now() + load.idle));
    // Asked each time that the connection has moved, and so may do something else.
    poll_fn(|cx| {
        let look = pulse.look();
        // The body and the request have limits of their own, with an answer.
        let answered = load.body.max(load.request) + STUCK;
        let due = match look.phase {
            Phase::Idle => look.since + load.idle,
            Phase::Head => look.since + load.head,
            Phase::Body => look.since + answered,
            Phase::Busy => {
                let whole = answered + Duration::from_secs(look.taken / SLOWEST);
                (look.since + answered).min(look.asked + whole)
            }
            Phase::Evicted => look.since + LAST_CALL,
            Phase::Expelled => look.since,
        };
        if timer.deadline() != due {
            timer.as_mut().reset(due);
        }
        timer.as_mut().poll(cx)
    })
    .await;
}

/// Ends our side, and lets the other side see it.
async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let rest = &mut stream.take(LINGER_BYTES);
    // However it ends, it has ended.
    let _ = tokio::io::copy(rest, &mut tokio::io::sink()).await;
}

/// Reads a request whole, and only then has it answered.
async fn answer(
    request: Request<Incoming>,
    router: Router,
    pulse: Pulse,
    patience: Duration,
) -> Result<Response, Refused> {
    pulse.enter(Phase::Body);
    let (parts, body) = request.into_parts();
    let body = timeout(patience, whole(body)).await;
    pulse.enter(Phase::Busy);
    let busy = Busy(pulse);
    let (body, is_read) = match body {
        Ok(Ok(bytes)) => (bytes, true),
        Ok(Err(Unread::TooLong)) => (Bytes::from_static(&TOO_LONG), false),
        Ok(Err(Unread::Broken)) => return Err(Refused::Broken),
        Err(_) => return Err(Refused::TooSlow),
    };
    let request = Request::from_parts(parts, Body::new(Full::new(body)));
    let Ok(mut response) = router.oneshot(request).await;
    if !is_read {
        close(&mut response);
    }
    Ok(response.map(|body| Body::new(Answering { body, _busy: busy })))
}

/// A request that never came whole, so that nobody was asked.
enum Refused {
    Broken,
    /// RFC 9110 §15.5.9
    TooSlow,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::Broken => (
                StatusCode::BAD_REQUEST,
                "This did not arrive whole. Go back, and send it again.\n",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "This took too long to arrive. Go back, and send it again.\n",
            ),
        };
        let mut response = (status, words).into_response();
        let no_store = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, no_store);
        close(&mut response);
        response
    }
}

/// Why a body was not read to its end.
enum Unread {
    TooLong,
    Broken,
}

async fn whole(body: Incoming) -> Result<Bytes, Unread> {
    // Not even begun with: who asks first whether it is wanted never sends it.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(Unread::TooLong);
    }
    let read = Limited::new(body, MAX_BODY).collect().await;
    let read = read.map_err(|error| {
        if error.is::<LengthLimitError>() {
            Unread::TooLong
        } else {
            Unread::Broken
        }
    })?;
    Ok(read.to_bytes())
}

fn close(response: &mut Response) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
}

/// Holds a connection busy; it is idle again when this is dropped.
struct Busy(Pulse);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

/// An answer that is still being written.
struct Answering {
    body: Body,
    _busy: Busy,
}

impl hyper::body::Body for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
