//! `demo`: a running help center to try, thrown away at the end.
//!
//! Everything in it is made by the product itself: the patients come through
//! the importer, the invitations through the staff desk, and the account
//! through a real enrollment (see [`crate::flow`]).

mod account;
mod check;
mod links;

use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;
use crate::server::{Desk, Server};
use crate::{flow, site};

use links::Links;

/// Where the demo is served if no port is named.
const PORT: u16 = 8080;
/// A clinic's staff user.
const STAFF: &str = "frontdesk@example.org";
/// The patient whose invitation stays open; see `demo/patients.ndjson`.
const INVITED: &str = "WS-1001";

/// What `demo` was asked for.
pub(crate) struct Options {
    /// The port to serve at.
    pub(crate) port: Option<u16>,
    /// Whether to probe every link and end, instead of serving until Ctrl-C.
    pub(crate) is_check: bool,
    /// The sites of others whose pages may show the flows.
    pub(crate) embed_origins: Vec<String>,
}

/// Reads the origin of a site, so that a slip is told before the long work rather than after.
/// Whether it is safe to type codes there, the API says.
pub(crate) fn origin(text: &str) -> std::result::Result<String, String> {
    let host = (text.strip_prefix("https://")).or_else(|| text.strip_prefix("http://"));
    let is_of_host =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(is_of_host) => Ok(text.to_owned()),
        _ => Err(
            "name the site with its scheme, and nothing after its name or port, \
             such as http://127.0.0.1:9000"
                .to_owned(),
        ),
    }
}

/// Runs the demo.
pub(crate) fn run(options: &Options) -> Result<()> {
    let stop = stop_signal()?;
    let port = port(options)?;
    let site = site::build()?;
    let api = step("compiling the API", || build::binary("verify-api", "dev"))?;
    let (server, links) = step("setting the demo up", || {
        let desk = Desk::open(api, port, &site, &options.embed_origins)?;
        desk.run(&["migrate"])?;
        desk.run(&["patients", "import", "demo/patients.ndjson"])?;
        let staff = links::staff_link(&desk.run(&["staff", "add", STAFF])?)?;
        let invitation = desk.invite(INVITED, STAFF)?;
        let invited = desk.invite(account::PATIENT, STAFF)?;
        let mut server = Server::start(desk)?;
        let (base_url, messages) = (server.base_url().to_owned(), server.messages());
        let person = account::person(&invited.code);
        flow::enroll_until(&base_url, &person, "done", |phone| {
            server.wait_until("no code has arrived", || {
                flow::texted_code(&messages, phone)
            })
        })?;
        let links = Links::new(server.base_url(), invitation, staff);
        Ok((server, links))
    })?;
    if options.is_check {
        return step("probing every link", || check::probe(&links));
    }
    println!("{links}");
    serve(server, &stop)
}

/// A channel that hears of Ctrl-C, and of being asked to end.
fn stop_signal() -> Result<mpsc::Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more where the demo is ending anyway.
        let _ = sender.send(());
    })
    .during("listen for Ctrl-C")?;
    Ok(receiver)
}

/// A port that is free now; found out before the long work rather than after.
fn port(options: &Options) -> Result<u16> {
    let wanted = match (options.port, options.is_check) {
        (Some(port), _) => port,
        (None, true) => 0,
        (None, false) => PORT,
    };
    let taken = |_| {
        Failure::new(format!(
            "port {wanted} is taken: end what uses it, or name another with `--port N`"
        ))
    };
    let listener = TcpListener::bind(("127.0.0.1", wanted)).map_err(taken)?;
    let address = listener.local_addr().during("find a free port")?;
    Ok(address.port())
}

/// Waits for the end: Ctrl-C, or the server's own.
fn serve(mut server: Server, stop: &mpsc::Receiver<()>) -> Result<()> {
    let look_every = Duration::from_millis(250);
    while let Err(mpsc::RecvTimeoutError::Timeout) = stop.recv_timeout(look_every) {
        server.must_run()?;
    }
    println!("The demo has ended, and its data is gone.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_with_the_way_on() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let taken = listener.local_addr().unwrap().port();
        let options = |port, is_check| Options {
            port,
            is_check,
            embed_origins: Vec::new(),
        };
        let failure = port(&options(Some(taken), true)).unwrap_err().to_string();
        assert!(
            failure.contains(&format!("port {taken} is taken")),
            "{failure}"
        );
        assert!(failure.contains("--port"), "{failure}");
        assert_ne!(port(&options(None, true)).unwrap(), 0);
    }
}
