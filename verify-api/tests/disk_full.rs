//! A disk that is full, and then is not. The limit on how large a file
//! of the process may grow stands for it, since it can be set and lifted without
//! a disk of one's own.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// More flows than fit into the files by far.
const MANY: usize = 2_000;

/// Ends the server with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// No file of the server may be larger; in bytes, or `unlimited`.
    fn limit(&self, size: &str) {
        let set = Command::new("prlimit")
            .args(["--pid", &self.0.id().to_string()])
            .arg(format!("--fsize={size}:"))
            .status();
        assert!(set.unwrap().success(), "prlimit (util-linux) sets limits");
    }
}

fn begin(address: &str) -> String {
    let body = r#"{"kind":"enrollment","locale":"en"}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/v1/flows HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_full_disk_is_told_and_once_there_is_room_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("frontdesk.toml"),
        "mode = \"demo\"\nhttp.listen = \"127.0.0.1:0\"\n\
         http.base_url = \"http://help.example.org\"\n\
         secrets.key = \"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\"\n",
    )
    .unwrap();
    // The signal that comes with the limit would end the server; a full disk sends none.
    let ignoring = r#"trap '' XFSZ; exec "$0" serve"#;
    let mut shell = Command::new("sh");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FRONTDESK_") {
            shell.env_remove(name);
        }
    }
    let process = shell
        .args(["-c", ignoring, env!("CARGO_BIN_EXE_verify-api")])
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(process);
    let mut log = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let address = log.by_ref().find_map(|line| {
        let line = line.unwrap();
        let (_, rest) = line.split_once(r#""address":""#)?;
        Some(rest.split('"').next()?.to_owned())
    });
    let address = address.unwrap();
    // What is logged must go somewhere.
    std::thread::spawn(move || log.for_each(drop));

    assert!(begin(&address).starts_with("HTTP/1.1 201 "));
    server.limit("600000");
    let told = (0..MANY)
        .map(|_| begin(&address))
        .find(|answer| !answer.starts_with("HTTP/1.1 201 "));
    let told = told.unwrap();
    assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
    assert!(told.contains("retry-after: 30\r\n"), "{told}");
    assert!(told.contains("\"code\":\"unavailable\""), "{told}");
    server.limit("unlimited");
    for _ in 0..20 {
        let well = begin(&address);
        assert!(well.starts_with("HTTP/1.1 201 "), "{well}");
    }
}
