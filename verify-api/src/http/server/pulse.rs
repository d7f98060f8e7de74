//! What a connection is doing and since when, as its bytes tell.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// A reader who has taken nothing for so long may have to make room. On the slowest
/// phone networks (16 kbit/s) the system has room for the next bytes sooner than that.
const STUCK: Duration = Duration::from_secs(10);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing: no byte of a request has come since the last answer.
    Idle,
    /// The head of a request is coming in.
    Head,
    /// Its body is coming in.
    Body,
    /// The request is being answered.
    Busy,
    /// Its place is needed for somebody else. A request that comes all the same is
    /// answered.
    Evicted,
    /// It has not taken its answer, and its place is needed: it ends now.
    Expelled,
}

/// What a connection is doing, and how it has gone so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) phase: Phase,
    /// Since when; of an answer, when its last bytes moved.
    pub(super) since: Instant,
    /// When its last request had come whole.
    pub(super) asked: Instant,
    /// How many bytes of the answer to that were taken.
    pub(super) taken: u64,
}

/// A connection's phase, shared between itself and who looks for a place.
#[derive(Clone, Debug)]
pub(super) struct Pulse(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    asked: Instant,
    taken: u64,
    /// Since when bytes of an answer have waited for the other side to take any.
    stuck: Option<Instant>,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(State {
            phase: Phase::Idle,
            since: now,
            asked: now,
            taken: 0,
            stuck: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing here can panic half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look(&self) -> Look {
        let state = self.state();
        Look {
            phase: state.phase(),
            since: state.since,
            asked: state.asked,
            taken: state.taken,
        }
    }

    pub(super) fn enter(&self, phase: Phase) {
        let mut state = self.state();
        if state.phase == Phase::Expelled {
            return;
        }
        state.phase = phase;
        state.since = Instant::now();
        if phase == Phase::Busy {
            state.asked = state.since;
            state.taken = 0;
        }
    }

    /// How willingly this connection is given up: the lowest goes first. Nothing
    /// while it is answered, as long as the answer is being taken.
    pub(super) fn rank(&self) -> Option<(u8, Instant)> {
        let state = self.state();
        match state.phase() {
            Phase::Idle => Some((0, state.since)),
            Phase::Head => Some((1, state.since)),
            Phase::Body => Some((2, state.since)),
            Phase::Busy => Some((3, state.stuck_for_long()?)),
            Phase::Evicted | Phase::Expelled => None,
        }
    }

    /// Gives the connection up, unless a request has come whole meanwhile, or the
    /// answer goes on.
    pub(super) fn evict(&self) -> bool {
        let mut state = self.state();
        state.phase = match state.phase() {
            Phase::Busy if state.stuck_for_long().is_none() => return false,
            Phase::Busy => Phase::Expelled,
            _ => Phase::Evicted,
        };
        state.since = Instant::now();
        true
    }

    fn read(&self) {
        let mut state = self.state();
        match state.phase {
            Phase::Idle | Phase::Evicted => {
                state.phase = Phase::Head;
                state.since = Instant::now();
            }
            Phase::Busy => state.since = Instant::now(),
            Phase::Head | Phase::Body | Phase::Expelled => {}
        }
    }

    fn wrote(&self, written: &Poll<io::Result<usize>>) {
        let mut state = self.state();
        match written {
            Poll::Pending => state.stuck = state.stuck.or_else(|| Some(Instant::now())),
            Poll::Ready(bytes) => {
                state.stuck = None;
                // What failed will fail again, and ends the connection.
                let bytes = bytes.as_ref().copied().unwrap_or_default();
                state.taken = state.taken.saturating_add(bytes as u64);
                if matches!(state.phase, Phase::Busy | Phase::Idle) {
                    state.since = Instant::now();
                }
            }
        }
    }
}

impl State {
    fn phase(&self) -> Phase {
        match self.phase {
            // The last of an answer was handed over, and is not taken yet.
            Phase::Idle if self.stuck.is_some() => Phase::Busy,
            phase => phase,
        }
    }

    /// Since when, where that is long.
    fn stuck_for_long(&self) -> Option<Instant> {
        self.stuck.filter(|since| since.elapsed() >= STUCK)
    }
}

/// A stream whose bytes tell its pulse.
#[derive(Debug)]
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) pulse: Pulse,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.pulse.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.pulse.wrote(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.pulse.wrote(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
