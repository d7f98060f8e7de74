//! Emails by SMTP, over TLS unless the configuration says that the server is on
//! this very machine. Texts and calls are not its business.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport as _, Tokio1Executor};
use protocol::Channel;

use super::{Message, Transport, TransportError};
use crate::config::{Smtp, SmtpSecurity};

/// How long a mail server may take to answer one command.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands emails to a mail server.
pub struct SmtpTransport {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
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
        let tls = || {
            TlsParameters::new(smtp.host.clone()).map_err(|_| {
                "smtp.host cannot be used for TLS; write the name of the mail server.".to_owned()
            })
        };
        let tls = match smtp.security {
            SmtpSecurity::StartTls => Tls::Required(tls()?),
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
            SmtpSecurity::None => Tls::None,
        };
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port)
            .tls(tls)
            .hello_name(hello)
            .timeout(Some(PATIENCE));
        if let Some(login) = &smtp.login {
            let password = login.password.to_string();
            server = server.credentials(Credentials::new(login.user.clone(), password));
        }
        Ok(Self {
            server: server.build(),
            from,
        })
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
        match self.server.send(email).await {
            Ok(_) => Ok(()),
            Err(error) => Err(judge(&error)),
        }
    }
}

/// The address with its domain in ASCII (RFC 5890), which every server takes.
fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Address::new(user, domain).ok()
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
        "the mail server did not answer in time"
    } else if error.is_tls() {
        "no protected connection to the mail server; check smtp.security and its certificate"
    } else if error.is_client() {
        "the mail server lacks something that this email needs, such as STARTTLS or SMTPUTF8"
    } else if error.is_response() {
        "the mail server's answer makes no sense"
    } else {
        "the mail server cannot be reached; check smtp.host and smtp.port"
    })
}
