//! One question to another site, and what its answer means.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _};
use std::thread;
use std::time::Duration;

use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body, Error};

use super::External;
use crate::check::ids_of;

/// How many redirects are followed.
const REDIRECTS: u32 = 5;

/// How much of a page is read to find an id in it.
const READ: u64 = 2_000_000;

/// Who asks.
const NAME: &str = concat!("site-builder/", env!("CARGO_PKG_VERSION"));

/// What another site answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The page is there; with its ids, when they were asked for and all of the page was read.
    Good(Option<BTreeSet<String>>),
    /// There is no such page.
    Gone(u16),
    /// There is no such host.
    NoSuchHost,
    /// Its certificate is not one that a browser takes.
    Unsafe,
    /// One redirect after the other.
    Circle,
    /// It does not answer programs, or this one.
    Closed(u16),
    /// It has a fault of its own.
    Fault(u16),
    /// It wants to be asked later, perhaps after this time.
    Busy(Option<Duration>),
    /// It took too long.
    Slow,
    /// An answer to this question that broke off, or that makes no sense.
    Broken,
    /// No connection.
    Unreachable,
}

/// Asks questions.
pub(super) struct Asker {
    agent: Agent,
    pause: Duration,
}

impl Asker {
    /// One that says on whose behalf it asks.
    pub(super) fn new(site: &str, options: &External) -> Self {
        let behalf = if site.contains("://") {
            format!(" (checks links of {site})")
        } else {
            String::new()
        };
        let agent = Agent::config_builder()
            .user_agent(format!("{NAME}{behalf}"))
            .accept("text/html,*/*;q=0.8")
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .timeout_global(Some(options.timeout))
            // A connection that the server has closed meanwhile would seem to be a fault.
            .max_idle_connections(0)
            .build();
        Self {
            agent: agent.into(),
            pause: options.pause,
        }
    }

    /// Asks for a page, and for its ids. Without those, its head will do, unless the server answers
    /// that badly: not all know the question.
    pub(super) fn ask(&self, page: &str, ids: bool) -> Answer {
        if !ids {
            let answer = meaning(self.agent.head(page).call(), false);
            let badly = matches!(
                answer,
                Answer::Gone(_) | Answer::Closed(_) | Answer::Fault(_) | Answer::Broken
            );
            if !badly {
                return answer;
            }
            thread::sleep(self.pause);
        }
        meaning(self.agent.get(page).call(), ids)
    }
}

fn meaning(answer: Result<Response<Body>, Error>, ids: bool) -> Answer {
    let response = match answer {
        Ok(response) => response,
        Err(error) => return fault(&error),
    };
    let status = response.status();
    match status.as_u16() {
        404 | 410 => Answer::Gone(status.as_u16()),
        429 => Answer::Busy(retry_after(&response)),
        503 if response.headers().contains_key("retry-after") => {
            Answer::Busy(retry_after(&response))
        }
        number if status.is_server_error() => Answer::Fault(number),
        number if status.is_client_error() => Answer::Closed(number),
        _ if ids && status == StatusCode::OK => read(response),
        _ => Answer::Good(None),
    }
}

fn fault(error: &Error) -> Answer {
    match error {
        Error::HostNotFound => Answer::NoSuchHost,
        Error::Timeout(_) => Answer::Slow,
        Error::TooManyRedirects | Error::RedirectFailed => Answer::Circle,
        Error::Tls(_) | Error::Rustls(_) => Answer::Unsafe,
        Error::Io(error) => io_fault(error),
        Error::ConnectionFailed | Error::InvalidProxyUrl => Answer::Unreachable,
        // The host is there, so it may well answer for its other pages.
        _ => Answer::Broken,
    }
}

/// The standard library tells a name that is not there from other faults by its words only.
fn io_fault(error: &std::io::Error) -> Answer {
    let words = error.to_string();
    let is_name = words.contains("failed to lookup address");
    // Without a network, every name is unknown for the moment.
    if is_name && !words.contains("emporary failure") {
        Answer::NoSuchHost
    } else if words.contains("invalid peer certificate") {
        Answer::Unsafe
    } else if matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::InvalidData
    ) {
        Answer::Broken
    } else {
        Answer::Unreachable
    }
}

/// `Retry-After` in seconds; as a date it says no more than "later".
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    let header = response.headers().get("retry-after")?;
    let seconds = header.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn read(mut response: Response<Body>) -> Answer {
    let body = response.body_mut();
    if body
        .mime_type()
        .is_some_and(|kind| kind != "text/html" && kind != "application/xhtml+xml")
    {
        return Answer::Good(None);
    }
    let mut bytes = Vec::new();
    match body.as_reader().take(READ).read_to_end(&mut bytes) {
        // Of a page that goes on, nothing is known for sure.
        Ok(read) if read as u64 == READ => Answer::Good(None),
        Ok(_) => Answer::Good(Some(ids_of(&String::from_utf8_lossy(&bytes)))),
        Err(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(inner) => fault(inner),
            None => io_fault(&error),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_name_that_is_not_there_is_told_from_a_network_that_is_not() {
        let answer = |words: &str| io_fault(&io::Error::other(words));
        let lookup = "failed to lookup address information: ";
        assert_eq!(
            answer(&format!("{lookup}Name or service not known")),
            Answer::NoSuchHost
        );
        assert_eq!(
            answer(&format!("{lookup}Temporary failure in name resolution")),
            Answer::Unreachable
        );
        assert_eq!(answer("invalid peer certificate: Expired"), Answer::Unsafe);
        assert_eq!(answer("Connection refused"), Answer::Unreachable);
    }

    #[test]
    fn a_connection_that_broke_is_told_from_none() {
        let answer = |kind: ErrorKind| fault(&Error::Io(kind.into()));
        assert_eq!(answer(ErrorKind::ConnectionReset), Answer::Broken);
        assert_eq!(answer(ErrorKind::ConnectionRefused), Answer::Unreachable);
        assert_eq!(answer(ErrorKind::NetworkUnreachable), Answer::Unreachable);
        assert_eq!(fault(&Error::ConnectionFailed), Answer::Unreachable);
        assert_eq!(fault(&Error::BadUri(String::new())), Answer::Broken);
    }
}
