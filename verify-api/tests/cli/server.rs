//! A server that runs beside other commands, and a program that asks it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::desk::Desk;

pub(crate) struct Server {
    process: Child,
    /// The `fields` of each line of its log.
    log: Receiver<Value>,
    address: String,
}

impl Server {
    /// A server that serves.
    pub(crate) fn start(desk: &Desk) -> Self {
        let mut process = desk
            .command("serve")
            // The tests are one network that asks without a pause.
            .env("FRONTDESK_LIMITS__STARTS_PER_NETWORK_HOUR", "1000000")
            .env("FRONTDESK_LIMITS__MESSAGES_PER_NETWORK_HOUR", "1000000")
            .env("FRONTDESK_LIMITS__STARTS_PER_WIDE_NETWORK_HOUR", "1000000")
            .env(
                "FRONTDESK_LIMITS__MESSAGES_PER_WIDE_NETWORK_HOUR",
                "1000000",
            )
            .env("FRONTDESK_LIMITS__MESSAGES_ASKED_PER_HOUR", "1000000")
            .env("FRONTDESK_LIMITS__STARTS_PER_HOUR", "1000000")
            .env("FRONTDESK_LIMITS__MESSAGES_PER_HOUR", "1000000")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, log) = mpsc::channel();
        // Reads to the end, so that the server is not held up by a full pipe.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut line: Value = serde_json::from_str(&line).unwrap();
                // The test may have what it wanted from the log.
                let _ = sender.send(line["fields"].take());
            }
        });
        let mut server = Self {
            process,
            log,
            address: String::new(),
        };
        server.address = server.wait_for("address");
        server
    }

    /// The next line of the log that has `field`; what stands there.
    pub(crate) fn wait_for(&self, field: &str) -> String {
        let found = self
            .log
            .iter()
            .find_map(|line| line[field].as_str().map(str::to_owned));
        found.unwrap_or_else(|| panic!("the server should log a line with {field}"))
    }

    /// Posts `body`; the status, and the answer.
    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
        post(&self.address, path, token, body)
    }

    /// Sets up by the link in what the command said: as a browser would, with an
    /// authenticator app.
    pub(crate) fn set_up_staff(&self, said: &str) {
        let (_, token) = said.trim().split_once("/staff/set-up?token=").unwrap();
        let between = |page: &str, begin, end| {
            let (_, rest) = page.split_once(begin).unwrap();
            rest.split_once(end).unwrap().0.to_owned()
        };
        let path = format!("GET /staff/set-up?token={token}");
        let start = talk(&self.address, &path, "", "").unwrap();
        let headers = format!(
            "cookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n",
            between(&start, "set-cookie: ", ";")
        );
        let probe = between(&start, "name=\"probe\" value=\"", "\"");
        let post = |more: &str| {
            let form = format!("token={token}&probe={probe}&{more}");
            talk(&self.address, "POST /staff/set-up", &headers, &form).unwrap()
        };
        let shown = post("action-begin=x");
        let secret = between(&shown, "id=\"fd-secret\">", "<").replace(' ', "");
        let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes());
        let secret = Secret::new_stack(secret.unwrap().try_into().unwrap());
        let app = Builder::new().with_secret(secret).build_noncompliant();
        let code = app.generate(UNIX_EPOCH.elapsed().unwrap().as_secs());
        let done = post(&format!(
            "password=nine+kites+above+the+mill&code={code}&action-finish=x"
        ));
        assert!(done.contains("notice=set-up"), "{done}");
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Ends it as a power cut would: it is told nothing.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, unless the test has failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// As [`Server::post`], for a thread of its own.
pub(crate) fn post(address: &str, path: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
    ask(address, "POST", path, token, body).unwrap()
}

/// Sends `body`; the status, and the answer.
///
/// # Errors
/// When there is no server, or it goes before all of its answer is here.
pub(crate) fn ask(
    address: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &Value,
) -> io::Result<(u16, Value)> {
    let body = body.to_string();
    let bearer = token.map_or(String::new(), |token| {
        format!("authorization: Bearer {token}\r\n")
    });
    let headers = format!("{bearer}content-type: application/json\r\n");
    let answer = talk(address, &format!("{method} {path}"), &headers, &body)?;
    let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let status = answer.split(' ').nth(1).ok_or_else(cut_off)?;
    let status = status.parse().map_err(|_| cut_off())?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(cut_off)?;
    Ok((status, serde_json::from_str(body).map_err(|_| cut_off())?))
}

/// Sends a request, `target` being its method and path; all of the answer, as it came.
fn talk(address: &str, target: &str, headers: &str, body: &str) -> io::Result<String> {
    let request = format!(
        "{target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Takes the reset of a password to its code; the statuses on the way.
///
/// Each needs a username of its own: wrong codes about one bring a wait.
pub(crate) fn reset_to_code(address: &str, username: &str) -> Vec<u16> {
    let kind = json!({"kind": "password-reset", "locale": "en"});
    let (begun, view) = post(address, "/api/v1/flows", None, &kind);
    let token = view["token"].as_str();
    let answer = |step: &str, answers: Value| {
        let body = json!({"step": step, "answers": answers});
        post(address, "/api/v1/flow/answers", token, &body).0
    };
    vec![
        begun,
        answer("identify", json!({"username": username})),
        answer("method", json!({"channel": "text"})),
        answer("code", json!({"code": "123456"})),
    ]
}
