//! How a message leaves the house.
//!
//! A transport takes a finished [`Message`] or says whether another try makes
//! sense. It must not know what the message is about or who asked for it.

mod directory;
mod smtp;
mod twilio;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use protocol::Channel;

pub use directory::DirectoryTransport;
pub use smtp::SmtpTransport;
pub use twilio::{Forged, Told, TwilioReports, TwilioTransport};

use super::Message;
use crate::config::Config;

/// Takes messages to where people receive them.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a message; when this returns, it is somebody else's to deliver.
    ///
    /// # Errors
    /// See [`TransportError`].
    async fn send(&self, message: &Message) -> Result<(), TransportError>;
}

/// Why a message was not taken. A cause is for the log: it never holds an
/// address, a name or a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// Another try can succeed.
    Temporary(Cow<'static, str>),
    /// Another try can succeed, but not before this much time has passed.
    Busy(Cow<'static, str>, Duration),
    /// No other try will.
    Permanent(Cow<'static, str>),
}

impl TransportError {
    fn temporary(cause: impl Into<Cow<'static, str>>) -> Self {
        Self::Temporary(cause.into())
    }

    fn permanent(cause: impl Into<Cow<'static, str>>) -> Self {
        Self::Permanent(cause.into())
    }
}

/// The ways out that the configuration names. Where nothing takes texts and
/// calls, they are refused.
///
/// # Errors
/// A sentence that says which setting cannot be used.
pub fn from_config(config: &Config) -> Result<Arc<dyn Transport>, String> {
    let delivery = &config.delivery;
    let directory = delivery.directory.clone();
    let directory = directory.map(|folder| shared(DirectoryTransport::new(folder)));
    let email = match &config.smtp {
        Some(smtp) => {
            let from = delivery.from.as_deref().unwrap_or_default();
            shared(SmtpTransport::new(smtp, from)?)
        }
        None => directory
            .clone()
            .ok_or("delivery.directory is missing; name the folder for messages.")?,
    };
    let phone = match &config.twilio {
        Some(twilio) => shared(TwilioTransport::new(twilio)?),
        // Without a folder, the mail server's way out says that it carries emails only.
        None => directory.unwrap_or_else(|| Arc::clone(&email)),
    };
    Ok(Arc::new(ByChannel { email, phone }))
}

/// Reads what the phone provider reports; nothing where it is not asked to.
pub fn reports(config: &Config) -> Option<TwilioReports> {
    let settings = config.twilio.as_ref()?.reports.as_ref()?;
    Some(TwilioReports::new(settings))
}

fn shared(transport: impl Transport + 'static) -> Arc<dyn Transport> {
    Arc::new(transport)
}

/// Emails one way, texts and calls another.
pub struct ByChannel {
    /// Takes emails.
    pub email: Arc<dyn Transport>,
    /// Takes texts and calls.
    pub phone: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for ByChannel {
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        match message.channel {
            Channel::Email => self.email.send(message).await,
            Channel::Text | Channel::Call => self.phone.send(message).await,
        }
    }
}

#[cfg(test)]
mod tests;
