//! How soon a code by text is with its transport, when nothing else is to be done.

use std::net::SocketAddr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::letters::Letters;
use super::wire::Wire;
use crate::failure::{During as _, Failure, Result};

const TEXTS: usize = 100;
/// So that each is asked for when the one before is done with.
const PAUSE: Duration = Duration::from_millis(30);
/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_micros(500);
const PATIENCE: Duration = Duration::from_secs(10);

/// From the moment in which a text is asked for to that in which its file is there.
pub(super) fn times(
    address: SocketAddr,
    letters: &Letters,
    username: &str,
) -> Result<Vec<Duration>> {
    let mut wire = Wire::new(address);
    let mut ask = |path: &str, token: &str, json: &str| {
        let status = wire.ask("POST", path, token, json).during("call the API")?;
        if !(200..300).contains(&status) {
            let said = String::from_utf8_lossy(&wire.body);
            return Err(Failure::new(format!("the API answered {status}: {said}")));
        }
        Ok(wire.text("token"))
    };
    let mut times = Vec::new();
    for _ in 0..TEXTS {
        let kind = r#"{"kind":"password-reset","locale":"en"}"#;
        let token = ask("/api/v1/flows", "", kind)?.unwrap_or_default();
        let path = "/api/v1/flow/answers";
        let name = format!(r#"{{"step":"identify","answers":{{"username":"{username}"}}}}"#);
        ask(path, &token, &name)?;
        sleep(PAUSE);
        let before = letters.count();
        let begin = Instant::now();
        ask(
            path,
            &token,
            r#"{"step":"method","answers":{"channel":"text"}}"#,
        )?;
        while letters.count() == before {
            if begin.elapsed() > PATIENCE {
                return Err(Failure::new("a text of the benchmark never came"));
            }
            sleep(LOOK_EVERY);
        }
        times.push(begin.elapsed());
    }
    Ok(times)
}
