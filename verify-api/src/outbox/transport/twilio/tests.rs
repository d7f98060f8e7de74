//! The Twilio transport against a server that asks for what Twilio asks for, and
//! answers as it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use data_encoding::BASE64;
use protocol::Locale;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::*;
use crate::config::{Login, TwilioReports as ReportSettings};

const ACCOUNT: &str = "AC0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
const SID: &str = "SM5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c";

/// A request as the server heard it.
struct Heard {
    line: String,
    headers: BTreeMap<String, String>,
    form: Vec<(String, String)>,
}

impl Heard {
    fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.form.iter().filter(|(key, _)| key == name);
        let found = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} comes twice");
        found
    }
}

/// What the server does with the request that it has heard.
#[derive(Clone)]
enum Reply {
    /// Answers with a status line, further headers and a body.
    Says(&'static str, String),
    /// Answers with an error about the number, and ten megabytes around it.
    Floods(&'static str),
    /// Answers the head and nothing else.
    Stalls(&'static str),
    Hangs,
    Closes,
}

fn taken() -> Reply {
    Reply::Says(
        "201 Created",
        format!(r#"{{"sid":"{SID}","status":"queued","error_code":null,"error_message":null}}"#),
    )
}

/// Serves one request.
async fn server(reply: Reply) -> (String, JoinHandle<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reading, mut writing) = stream.into_split();
        let mut reading = BufReader::new(reading);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reading.read_line(&mut line).await.unwrap();
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let headers: BTreeMap<_, _> = lines[1..]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        reading.read_exact(&mut body).await.unwrap();
        let form = form_urlencoded::parse(&body).into_owned().collect();
        let heard = Heard {
            line: lines.remove(0),
            headers,
            form,
        };
        let start = |status: &str, length: usize| {
            format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
            )
        };
        match reply {
            Reply::Closes => {}
            Reply::Hangs => {
                // Until the other side gives up.
                let _ = reading.read(&mut [0]).await;
            }
            Reply::Stalls(status) => {
                let _ = writing.write_all(start(status, 10).as_bytes()).await;
                let _ = reading.read(&mut [0]).await;
            }
            Reply::Floods(status) => {
                let body = " ".repeat(10 * 1024 * 1024) + r#"{"code":21211}"#;
                let _ = writing
                    .write_all(start(status, body.len()).as_bytes())
                    .await;
                let _ = writing.write_all(body.as_bytes()).await;
            }
            Reply::Says(status, body) => {
                let answer = start(status, body.len()) + &body;
                writing.write_all(answer.as_bytes()).await.unwrap();
            }
        }
        heard
    });
    (base_url, served)
}

fn settings(base_url: &str) -> Twilio {
    let auth_token = Zeroizing::new("open sesame".to_owned());
    Twilio {
        base_url: base_url.to_owned(),
        account_sid: ACCOUNT.to_owned(),
        login: Login {
            user: ACCOUNT.to_owned(),
            password: auth_token.clone(),
        },
        from: "+12075550100".to_owned(),
        messaging_service_sid: None,
        reports: Some(ReportSettings {
            base_url: "https://help.example.org".to_owned(),
            auth_token,
        }),
    }
}

fn message(channel: Channel) -> Message {
    Message {
        id: "5a".repeat(16),
        channel,
        to: "+12075550142".to_owned(),
        subject: None,
        text: "Wellsprings & you: 1, 2, 3\n\n@help.example.org #123456".to_owned(),
        html: None,
        at: "2026-11-25T09:30:00Z".parse().unwrap(),
        locale: Locale::En,
        not_after: "2026-11-25T09:40:00Z".parse().unwrap(),
    }
}

/// Sends to a server, and what that heard.
async fn heard(settings: impl FnOnce(&mut Twilio), message: &Message) -> Heard {
    let (base_url, served) = server(taken()).await;
    let mut twilio = self::settings(&base_url);
    settings(&mut twilio);
    let transport = TwilioTransport::new(&twilio).unwrap();
    assert_eq!(transport.send(message).await, Ok(()));
    served.await.unwrap()
}

#[tokio::test]
async fn a_text_is_posted_as_twilio_wants_it() {
    let heard = heard(|_| {}, &message(Channel::Text)).await;
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    assert_eq!(heard.line, format!("POST {path} HTTP/1.1"));
    let basic = BASE64.encode(format!("{ACCOUNT}:open sesame").as_bytes());
    assert_eq!(heard.headers["authorization"], format!("Basic {basic}"));
    let kind = &heard.headers["content-type"];
    assert_eq!(kind, "application/x-www-form-urlencoded");
    let report = format!(
        "https://help.example.org/api/v1/delivery/twilio/{}",
        "5a".repeat(16)
    );
    let expected = [
        ("To", "+12075550142"),
        ("From", "+12075550100"),
        ("Body", &message(Channel::Text).text),
        ("ValidityPeriod", "600"),
        ("StatusCallback", &report),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(heard.form, expected);
}

#[tokio::test]
async fn a_messaging_service_takes_the_place_of_the_number_and_a_long_life_is_not_told() {
    let service = format!("MG{}", "0c".repeat(16));
    let for_a_day = Message {
        not_after: "2026-11-26T09:30:00Z".parse().unwrap(),
        ..message(Channel::Text)
    };
    let with_service = |twilio: &mut Twilio| {
        twilio.messaging_service_sid = Some(service.clone());
        twilio.reports = None;
    };
    let heard = heard(with_service, &for_a_day).await;
    assert_eq!(heard.field("MessagingServiceSid"), Some(service.as_str()));
    for name in ["From", "ValidityPeriod", "StatusCallback"] {
        assert_eq!(heard.field(name), None, "{name}");
    }
}

#[tokio::test]
async fn a_call_is_posted_with_what_its_voice_says() {
    let key = |twilio: &mut Twilio| {
        twilio.login = Login {
            user: format!("SK{}", "0b".repeat(16)),
            password: Zeroizing::new("hush".to_owned()),
        };
        twilio.messaging_service_sid = Some(format!("MG{}", "0c".repeat(16)));
    };
    let heard = heard(key, &message(Channel::Call)).await;
    // The account stays in the path when an API key signs in.
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
    assert_eq!(heard.line, format!("POST {path} HTTP/1.1"));
    let basic = BASE64.encode(format!("SK{}:hush", "0b".repeat(16)).as_bytes());
    assert_eq!(heard.headers["authorization"], format!("Basic {basic}"));
    assert_eq!(heard.field("To"), Some("+12075550142"));
    assert_eq!(heard.field("From"), Some("+12075550100"));
    assert_eq!(heard.field("StatusCallbackEvent"), Some("completed"));
    assert!(heard.field("StatusCallback").is_some());
    for name in ["Body", "Url", "MessagingServiceSid"] {
        assert_eq!(heard.field(name), None, "{name}");
    }
    let twiml = heard.field("Twiml").unwrap();
    assert!(twiml.starts_with("<Response><Pause/><Say language=\"en-US\">Wellsprings &amp; you:"));
}

#[tokio::test]
async fn a_message_is_the_same_at_every_try() {
    let mut tries = Vec::new();
    for _ in 0..2 {
        tries.push(heard(|_| {}, &message(Channel::Text)).await.form);
    }
    assert_eq!(tries[0], tries[1]);
}

async fn send(reply: Reply) -> Result<(), TransportError> {
    let (base_url, _served) = server(reply).await;
    let mut transport = TwilioTransport::new(&settings(&base_url)).unwrap();
    transport.client.patience = Duration::from_millis(300);
    transport.send(&message(Channel::Text)).await
}

#[tokio::test]
async fn answers_are_judged_with_what_they_ask_for() {
    let says = |status, code: u32| Reply::Says(status, format!(r#"{{"code":{code}}}"#));
    let invalid = send(says("400 Bad Request", 21211)).await;
    assert!(matches!(invalid, Err(TransportError::Permanent(_))));
    let stranger = send(says("401 Unauthorized", 20003)).await;
    assert!(matches!(
        stranger,
        Err(TransportError::Temporary(cause)) if cause.contains("credentials")
    ));
    let busy = send(says("429 Too Many Requests\r\nretry-after: 7", 20429)).await;
    assert!(matches!(
        busy,
        Err(TransportError::Busy(_, wait)) if wait == Duration::from_secs(7)
    ));
    let faulty = send(Reply::Says("500 Internal Server Error", String::new())).await;
    assert!(matches!(faulty, Err(TransportError::Temporary(_))));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_no_longer() {
    assert_eq!(
        send(Reply::Hangs).await,
        Err(TransportError::temporary("Twilio did not answer in time"))
    );
    let cause = "the connection to Twilio broke off without an answer";
    assert_eq!(
        send(Reply::Closes).await,
        Err(TransportError::temporary(cause))
    );
}

#[tokio::test]
async fn a_status_counts_even_if_its_body_does_not_come_or_does_not_end() {
    for reply in [Reply::Stalls("201 Created"), Reply::Floods("201 Created")] {
        assert_eq!(send(reply).await, Ok(()));
    }
    let refused = send(Reply::Floods("400 Bad Request")).await;
    assert!(matches!(refused, Err(TransportError::Temporary(_))));
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let (elsewhere, served) = server(taken()).await;
    let moved = format!("307 Temporary Redirect\r\nlocation: {elsewhere}/");
    let sent = send(Reply::Says(moved.leak(), String::new())).await;
    assert!(matches!(
        sent,
        Err(TransportError::Temporary(cause)) if cause.contains("(307)")
    ));
    assert!(!served.is_finished(), "the code went elsewhere");
    served.abort();
}

#[tokio::test]
async fn nothing_is_said_before_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut first = [0; 3];
        stream.read_exact(&mut first).await.unwrap();
        first
    });
    let transport = TwilioTransport::new(&settings(&format!("https://{address}"))).unwrap();
    let sent = transport.send(&message(Channel::Text)).await;
    assert!(matches!(sent, Err(TransportError::Temporary(_))));
    // A handshake (RFC 8446 §5.1), and no request.
    assert_eq!(served.await.unwrap()[..2], [22, 3]);
}

#[tokio::test]
async fn an_email_is_none_of_its_business() {
    let transport = TwilioTransport::new(&settings("http://127.0.0.1:9")).unwrap();
    let sent = transport.send(&message(Channel::Email)).await;
    assert!(matches!(sent, Err(TransportError::Permanent(_))));
}
