//! What a connection is doing and since when, as its bytes tell.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

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
}

/// A connection's phase, shared between itself and who looks for a place.
#[derive(Clone, Debug)]
pub(super) struct Pulse(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Whether bytes of an answer wait for the other side to take them.
    is_stuck: bool,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            phase: Phase::Idle,
            since: Instant::now(),
            is_stuck: false,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing here can panic half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The phase, and since when; of an answer, when its last bytes moved.
    pub(super) fn look(&self) -> (Phase, Instant) {
        let state = self.state();
        (state.phase(), state.since)
    }

    pub(super) fn enter(&self, phase: Phase) {
        let mut state = self.state();
        state.phase = phase;
        state.since = Instant::now();
    }

    /// How willingly this connection is given up: the lowest goes first. Nothing
    /// while it is answered or has not taken its answer.
    pub(super) fn rank(&self) -> Option<(u8, Instant)> {
        let state = self.state();
        let rank = match state.phase() {
            Phase::Idle => 0,
            Phase::Head => 1,
            Phase::Body => 2,
            Phase::Busy | Phase::Evicted => return None,
        };
        Some((rank, state.since))
    }

    /// Gives the connection up, unless a request has come whole meanwhile.
    pub(super) fn evict(&self) -> bool {
        let mut state = self.state();
        let is_free = state.phase() != Phase::Busy;
        if is_free {
            state.phase = Phase::Evicted;
            state.since = Instant::now();
        }
        is_free
    }

    fn read(&self) {
        let mut state = self.state();
        match state.phase {
            Phase::Idle | Phase::Evicted => {
                state.phase = Phase::Head;
                state.since = Instant::now();
            }
            Phase::Busy => state.since = Instant::now(),
            Phase::Head | Phase::Body => {}
        }
    }

    fn wrote(&self, is_stuck: bool) {
        let mut state = self.state();
        if !is_stuck && matches!(state.phase, Phase::Busy | Phase::Idle) {
            state.since = Instant::now();
        }
        state.is_stuck = is_stuck;
    }
}

impl State {
    fn phase(&self) -> Phase {
        match self.phase {
            // The last of an answer was handed over, and is not taken yet.
            Phase::Idle if self.is_stuck => Phase::Busy,
            phase => phase,
        }
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
        self.pulse.wrote(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.pulse.wrote(written.is_pending());
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
