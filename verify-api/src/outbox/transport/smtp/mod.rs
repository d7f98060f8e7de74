//! Emails by SMTP, over TLS unless the configuration says that the server is on
//! this very machine. Texts and calls are not its business.

#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::io;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::Address;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};
use protocol::Channel;
use tokio::time::timeout;

use super::{Message, Transport, TransportError};
use crate::config::{Smtp, SmtpSecurity};

/// How long a mail server may take from the connection to its word that the
/// email is taken.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a server may take to say goodbye after that. Together with the
/// above it is less than the worker's own patience: an email that was taken must
/// not come again because nobody answered `QUIT`.
const GOODBYE: Duration = Duration::from_secs(5);

/// Hands emails to a mail server.
pub struct SmtpTransport {
    server: (String, u16),
    tls: Tls,
    login: Option<Credentials>,
    hello: ClientId,
    from: Mailbox,
    patience: Duration,
}

impl SmtpTransport {
    /// Prepares the way to a server for emails that come from `from`, such as
    /// `Name <help@example.org>`. Connects when there is something to send.
    ///
    /// # Errors
    /// A sentence that says which setting cannot be used.
    pub fn new(smtp: &Smtp, from: &str) -> Result<Self, String> {
        let from: Mailbox = from.parse().map_err(|_| {
            "delivery.from is no email address; write one such as help@example.org.".to_owned()
        })?;
        let tls = match smtp.security {
            SmtpSecurity::StartTls => Tls::Required(tls(smtp)?),
            SmtpSecurity::Tls => Tls::Wrapper(tls(smtp)?),
            SmtpSecurity::None => Tls::None,
        };
        let login = smtp
            .login
            .as_ref()
            .map(|login| Credentials::new(login.user.clone(), login.password.to_string()));
        Ok(Self {
            server: (smtp.host.clone(), smtp.port),
            tls,
            login,
            hello: ClientId::Domain(from.email.domain().to_owned()),
            from,
            patience: PATIENCE,
        })
    }

    /// Opens a connection that is ready to take an email.
    async fn connect(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let (host, port) = &self.server;
        let from_the_start = match &self.tls {
            Tls::Wrapper(tls) => Some(tls.clone()),
            _ => None,
        };
        // Its own time limit is for connecting only; ours is around everything.
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (host.as_str(), *port),
            None,
            &self.hello,
            from_the_start,
            None,
        )
        .await?;
        if let Tls::Required(tls) = &self.tls {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    async fn hand_over(
        &self,
        email: &lettre::Message,
    ) -> Result<AsyncSmtpConnection, TransportError> {
        let mut connection = self.connect().await.map_err(|error| judge_server(&error))?;
        let speaks_utf8 = connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight);
        if !speaks_utf8 && email.envelope().to().iter().any(needs_utf8) {
            return Err(TransportError::permanent(
                "the mail server takes no letters beyond ASCII before the @ (it lacks SMTPUTF8)",
            ));
        }
        let sent = connection.send(email.envelope(), &email.formatted()).await;
        sent.map_err(|error| judge(&error))?;
        Ok(connection)
    }

    /// The email as it goes out. Its `Message-ID` and `Date` come from the
    /// message, so that a repeated try is seen to be one.
    fn email(&self, message: &Message) -> Result<lettre::Message, TransportError> {
        let broken = |_| TransportError::permanent("a header cannot be written");
        let at = SystemTime::try_from(message.at)
            .map_err(|_| TransportError::permanent("its date is none that this machine knows"))?;
        let to = address(&message.to).ok_or(TransportError::permanent(
            "the address is none that SMTP knows",
        ))?;
        let email = lettre::Message::builder()
            .message_id(Some(format!(
                "<{}@{}>",
                message.id,
                self.from.email.domain()
            )))
            .date(at)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone().unwrap_or_default());
        match &message.html {
            Some(html) => email
                .multipart(MultiPart::alternative_plain_html(
                    message.text.clone(),
                    html.clone(),
                ))
                .map_err(broken),
            None => email.body(message.text.clone()).map_err(broken),
        }
    }
}

#[async_trait]
impl Transport for SmtpTransport {
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        if message.channel != Channel::Email {
            return Err(TransportError::permanent(
                "SMTP carries emails only, no texts and no calls",
            ));
        }
        let email = self.email(message)?;
        let mut connection = timeout(self.patience, self.hand_over(&email))
            .await
            .map_err(|_| TransportError::temporary(LATE))??;
        // It is theirs now, whether they say goodbye or not.
        let _ = timeout(GOODBYE.min(self.patience), connection.abort()).await;
        Ok(())
    }
}

/// Whom the connection must prove to lead to, and by whose word.
fn tls(smtp: &Smtp) -> Result<TlsParameters, String> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    let mut parameters = TlsParameters::builder(smtp.host.clone());
    if let Some(file) = &smtp.ca_file {
        let shown = file.display();
        let pem = std::fs::read(file).map_err(|error| {
            format!(
                "smtp.ca_file {shown} cannot be read ({error}). Check the path, and who may read it."
            )
        })?;
        // Bytes that are no PEM are read as no certificate at all.
        let has_any = pem.windows(BEGIN.len()).any(|found| found == BEGIN);
        let certificates = Certificate::from_pem(&pem).ok().filter(|_| has_any);
        let certificates = certificates.ok_or(format!(
            "smtp.ca_file {shown} holds no certificate; write it as PEM (-----BEGIN CERTIFICATE-----)."
        ))?;
        parameters = parameters.add_root_certificate(certificates);
    }
    parameters.build().map_err(|_| {
        "smtp.host cannot be used for TLS; write the name of the mail server.".to_owned()
    })
}

/// The address with its domain in ASCII (RFC 5890), which every server takes.
fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Address::new(user, domain).ok()
}

/// Whether an address can only be told to a server that speaks UTF-8 (RFC 6531).
fn needs_utf8(address: &Address) -> bool {
    !address.user().is_ascii()
}

const LATE: &str = "the mail server did not answer in time";

/// What a failure before the email was shown to the server means. Whatever it
/// says, such as a 554 for a greeting (RFC 5321 §3.1), it says about itself or
/// us, so the email can go when that is mended.
fn judge_server(error: &smtp::Error) -> TransportError {
    match judge(error) {
        TransportError::Permanent(_) => {
            let number = error.status().map(u16::from).unwrap_or_default();
            TransportError::temporary(format!(
                "the mail server turned us away before it saw the email ({number})"
            ))
        }
        temporary => temporary,
    }
}

/// What a failed hand-over means. A server's reply often repeats the address,
/// so only its code goes on.
fn judge(error: &smtp::Error) -> TransportError {
    if let Some(code) = error.status() {
        let number = u16::from(code);
        return match number {
            // The server does not know us; that is for us to mend, and no
            // fault of the message.
            530 | 534 | 535 | 538 => TransportError::temporary(format!(
                "the mail server refused our sign-in ({number}); check smtp.user and smtp.password"
            )),
            400..=499 => {
                TransportError::temporary(format!("the mail server put it off ({number})"))
            }
            _ => TransportError::permanent(format!("the mail server refused it ({number})")),
        };
    }
    TransportError::temporary(if error.is_timeout() {
        LATE
    } else if error.is_tls() || is_of_tls(error) {
        "no protected connection to the mail server; check smtp.security, its certificate, \
         and smtp.ca_file if the clinic signs its own"
    } else if error.is_client() {
        "the mail server lacks something that every email needs, such as STARTTLS or 8BITMIME"
    } else if error.is_response() {
        "the mail server's answer makes no sense"
    } else {
        "the mail server cannot be reached; check smtp.host and smtp.port"
    })
}

/// Whether TLS broke a connection: lettre tells that as any other, but somewhere
/// below it rustls speaks of data that is not valid.
fn is_of_tls(error: &smtp::Error) -> bool {
    std::iter::successors(error.source(), |&cause| cause.source())
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::InvalidData)
}
