//! The SMTP transport against a server that answers as it is told.

use protocol::{Channel, Locale};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;

/// What the server says at the points that matter here.
#[derive(Clone, Copy)]
struct Script {
    greeting: &'static str,
    recipient: &'static str,
    end_of_data: &'static str,
    goodbye: &'static str,
}

/// In place of a reply: says nothing and waits.
const HANG: &str = "";
/// In place of a reply: closes the connection.
const DROP: &str = "drop";

const WILLING: Script = Script {
    greeting: "220 ready",
    recipient: "250 fine",
    end_of_data: "250 taken",
    goodbye: "221 bye",
};

/// Serves one connection; what it was told comes back, line by line.
async fn server(script: Script) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream, script).await
    });
    (port, served)
}

async fn serve(stream: TcpStream, script: Script) -> Vec<String> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut heard = Vec::new();
    let mut in_data = false;
    let mut reply = script.greeting;
    loop {
        if reply == DROP {
            return heard;
        }
        if !reply.is_empty() {
            let line = format!("{reply}\r\n");
            if writing.write_all(line.as_bytes()).await.is_err() {
                return heard;
            }
        }
        let Ok(Some(line)) = lines.next_line().await else {
            return heard;
        };
        reply = match line.split([' ', ':']).next().unwrap_or_default() {
            "." if in_data => {
                in_data = false;
                script.end_of_data
            }
            _ if in_data => "",
            "EHLO" => "250 mail.example.org",
            "RCPT" => script.recipient,
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "QUIT" => script.goodbye,
            _ => "250 fine",
        };
        heard.push(line);
    }
}

fn settings(port: u16, security: SmtpSecurity) -> Smtp {
    Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        login: None,
        ca_file: None,
    }
}

fn transport(port: u16) -> SmtpTransport {
    let smtp = settings(port, SmtpSecurity::None);
    SmtpTransport::new(&smtp, "Wellsprings <help@example.org>").unwrap()
}

fn message() -> Message {
    Message {
        id: "5a".repeat(16),
        channel: Channel::Email,
        to: "ana@exämple.org".to_owned(),
        subject: Some("Your code".to_owned()),
        text: "Your code is:\n\n    123456\n".to_owned(),
        html: Some("<p>Your code is 123456</p>".to_owned()),
        at: "2026-11-25T09:30:00Z".parse().unwrap(),
        locale: Locale::En,
        not_after: "2026-11-25T09:40:00Z".parse().unwrap(),
    }
}

async fn send(script: Script) -> Result<(), TransportError> {
    let (port, _served) = server(script).await;
    transport(port).send(&message()).await
}

#[tokio::test]
async fn an_email_arrives_with_both_parts_under_its_own_id_and_date() {
    let (port, served) = server(WILLING).await;
    transport(port).send(&message()).await.unwrap();
    let heard = served.await.unwrap();
    for line in [
        "EHLO example.org",
        "MAIL FROM:<help@example.org>",
        "RCPT TO:<ana@xn--exmple-cua.org>",
        &format!("Message-ID: <{}@example.org>", "5a".repeat(16)),
        "Date: Wed, 25 Nov 2026 09:30:00 +0000",
        "From: Wellsprings <help@example.org>",
        "To: ana@xn--exmple-cua.org",
        "Subject: Your code",
        "    123456",
        "<p>Your code is 123456</p>",
    ] {
        assert!(heard.iter().any(|said| said == line), "{line}: {heard:#?}");
    }
    let kinds: Vec<_> = heard
        .iter()
        .filter_map(|line| line.strip_prefix("Content-Type: "))
        .map(|kind| kind.split(';').next().unwrap())
        .collect();
    assert_eq!(kinds, ["multipart/alternative", "text/plain", "text/html"]);
}

#[tokio::test]
async fn what_is_put_off_can_be_tried_again_and_what_is_refused_cannot() {
    let to_recipient = |recipient| Script {
        recipient,
        ..WILLING
    };
    let put_off = send(to_recipient("451 ana@example.org is greylisted")).await;
    let refused = send(to_recipient("550 no ana@example.org here")).await;
    let cause = "the mail server put it off (451)".into();
    assert_eq!(put_off, Err(TransportError::Temporary(cause)));
    let cause = "the mail server refused it (550)".into();
    assert_eq!(refused, Err(TransportError::Permanent(cause)));
}

#[tokio::test]
async fn a_server_that_does_not_know_us_is_for_us_to_mend() {
    let sent = send(Script {
        recipient: "530 sign in first",
        ..WILLING
    });
    assert!(matches!(
        sent.await,
        Err(TransportError::Temporary(cause)) if cause.contains("smtp.user")
    ));
}

#[tokio::test]
async fn an_email_that_is_refused_after_its_data_was_not_sent() {
    let refused = send(Script {
        end_of_data: "552 too much",
        ..WILLING
    });
    assert!(matches!(
        refused.await,
        Err(TransportError::Permanent(cause)) if cause.contains("552")
    ));
}

#[tokio::test]
async fn a_server_that_turns_everybody_away_is_tried_again() {
    let sent = send(Script {
        greeting: "554 no service here",
        ..WILLING
    });
    let Err(TransportError::Temporary(cause)) = sent.await else {
        panic!("a greeting says nothing about the email");
    };
    assert!(cause.contains("(554)"), "{cause}");
    // The same number about the email itself is the last word.
    let refused = send(Script {
        end_of_data: "554 this is spam",
        ..WILLING
    });
    assert!(matches!(refused.await, Err(TransportError::Permanent(_))));
}

async fn send_impatiently(script: Script) -> Result<(), TransportError> {
    let (port, _served) = server(script).await;
    let transport = SmtpTransport {
        patience: Duration::from_millis(200),
        ..transport(port)
    };
    transport.send(&message()).await
}

#[tokio::test]
async fn a_server_that_falls_silent_or_drops_the_email_is_tried_again() {
    for script in [
        Script {
            greeting: HANG,
            ..WILLING
        },
        Script {
            end_of_data: HANG,
            ..WILLING
        },
    ] {
        let sent = send_impatiently(script).await;
        assert_eq!(sent, Err(TransportError::temporary(LATE)));
    }
    for script in [
        Script {
            greeting: DROP,
            ..WILLING
        },
        Script {
            end_of_data: DROP,
            ..WILLING
        },
        Script {
            end_of_data: "451 later",
            ..WILLING
        },
    ] {
        let sent = send(script).await;
        assert!(
            matches!(sent, Err(TransportError::Temporary(_))),
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn an_email_that_was_taken_stays_taken_without_a_goodbye() {
    for goodbye in [HANG, DROP, "500 what"] {
        let sent = send_impatiently(Script { goodbye, ..WILLING });
        assert_eq!(sent.await, Ok(()), "{goodbye}");
    }
}

#[tokio::test]
async fn a_server_that_is_busy_nonsensical_or_away_is_tried_again() {
    for greeting in ["421 too busy", "good day"] {
        let sent = send(Script {
            greeting,
            ..WILLING
        });
        assert!(matches!(sent.await, Err(TransportError::Temporary(_))));
    }
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let sent = transport(port).send(&message()).await;
    assert!(matches!(
        sent,
        Err(TransportError::Temporary(cause)) if cause.contains("smtp.host")
    ));
}

#[tokio::test]
async fn nothing_goes_out_in_the_clear_when_tls_is_asked_for() {
    let (port, served) = server(WILLING).await;
    let smtp = settings(port, SmtpSecurity::StartTls);
    let transport = SmtpTransport::new(&smtp, "help@example.org").unwrap();
    let sent = transport.send(&message()).await;
    assert!(
        matches!(sent, Err(TransportError::Temporary(_))),
        "{sent:?}"
    );
    let heard = served.await.unwrap();
    assert!(
        heard
            .iter()
            .all(|line| line.starts_with("EHLO") || line == "QUIT")
    );
}

/// Nothing about the server will change, so the message must not wait for it.
#[tokio::test]
async fn an_address_that_this_server_cannot_be_told_is_given_up_at_once() {
    let (port, served) = server(WILLING).await;
    let accented = Message {
        to: "josé@example.org".to_owned(),
        ..message()
    };
    let sent = transport(port).send(&accented).await;
    assert!(
        matches!(&sent, Err(TransportError::Permanent(cause)) if cause.contains("SMTPUTF8")),
        "{sent:?}"
    );
    let heard = served.await.unwrap();
    assert!(
        heard.iter().all(|line| line.starts_with("EHLO")),
        "{heard:#?}"
    );
}

#[tokio::test]
async fn a_text_or_an_address_that_is_none_is_refused_here() {
    let transport = transport(9);
    let text = Message {
        channel: Channel::Text,
        ..message()
    };
    let strange = Message {
        to: "ana@".to_owned(),
        ..message()
    };
    for message in [text, strange] {
        let sent = transport.send(&message).await;
        assert!(
            matches!(sent, Err(TransportError::Permanent(_))),
            "{sent:?}"
        );
    }
}

#[test]
fn a_sender_that_is_no_address_is_named() {
    let smtp = settings(587, SmtpSecurity::StartTls);
    let error = SmtpTransport::new(&smtp, "the clinic").err().unwrap();
    assert!(error.contains("delivery.from"), "{error}");
}

#[test]
fn a_file_of_certificates_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("ca.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let missing = folder.path().join("nowhere.pem");
    for (file, said) in [(empty, "holds no certificate"), (missing, "cannot be read")] {
        let smtp = Smtp {
            ca_file: Some(file),
            ..settings(587, SmtpSecurity::StartTls)
        };
        let error = SmtpTransport::new(&smtp, "help@example.org").err().unwrap();
        assert!(error.starts_with("smtp.ca_file "), "{error}");
        assert!(error.contains(said), "{error}");
    }
}
