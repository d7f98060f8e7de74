//! Texts and calls by Twilio's HTTP API.
//!
//! A text is posted to `Messages.json`, a call with what its voice says to
//! `Calls.json`. `twiml` makes the words of a call, `client` carries a form there,
//! `answer` reads what comes back, `report` what Twilio tells later.
//!
//! **A message can come twice.** Twilio has no key by which it could tell a
//! repeated request. When its answer is lost, because the connection broke or
//! time ran out, we cannot know whether the message was taken; it is tried again,
//! since a code that never comes is worse than one that comes twice. Both carry
//! the same code: what a message needs is derived from its id. So nothing here
//! may make a message differ from one try to the next.

mod answer;
mod client;
mod report;
mod twiml;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use form_urlencoded::Serializer;
use hyper::Uri;
use protocol::Channel;

pub use report::{Forged, Told, TwilioReports};

use self::client::Client;
use super::{Message, Transport, TransportError};
use crate::config::Twilio;
use crate::outbox::Links;

/// The longest that Twilio keeps a text it cannot hand on, in seconds. It is
/// what it does when nothing is said.
const LONGEST_VALIDITY: i64 = 14_400;

/// Hands texts and calls to Twilio.
pub struct TwilioTransport {
    client: Client,
    messages: Uri,
    calls: Uri,
    from: String,
    messaging_service: Option<String>,
    /// Where reports go, if they can be believed when they come.
    reports_to: Option<String>,
}

impl TwilioTransport {
    /// Prepares the way to Twilio. Connects when there is something to send.
    ///
    /// # Errors
    /// A sentence that says which setting cannot be used.
    pub fn new(twilio: &Twilio) -> Result<Self, String> {
        let uri = |resource: &str| {
            let (base, account) = (&twilio.base_url, &twilio.account_sid);
            format!("{base}/2010-04-01/Accounts/{account}/{resource}.json")
                .parse()
                .map_err(|_| {
                    "twilio.base_url cannot be used; remove it to reach Twilio itself.".to_owned()
                })
        };
        Ok(Self {
            client: Client::new(&twilio.login)?,
            messages: uri("Messages")?,
            calls: uri("Calls")?,
            from: twilio.from.clone(),
            messaging_service: twilio.messaging_service_sid.clone(),
            reports_to: twilio.reports.as_ref().map(|it| it.base_url.clone()),
        })
    }

    fn text(&self, message: &Message) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("To", &message.to);
        match &self.messaging_service {
            Some(service) => form.append_pair("MessagingServiceSid", service),
            None => form.append_pair("From", &self.from),
        };
        form.append_pair("Body", &message.text);
        let left = message.not_after.as_second() - message.at.as_second();
        if left < LONGEST_VALIDITY {
            form.append_pair("ValidityPeriod", &left.max(1).to_string());
        }
        self.report(&mut form, message);
        form.finish()
    }

    fn call(&self, message: &Message) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("To", &message.to);
        form.append_pair("From", &self.from);
        let twiml = twiml::twiml(&message.text, message.locale);
        form.append_pair("Twiml", &twiml);
        if self.report(&mut form, message) {
            form.append_pair("StatusCallbackEvent", "completed");
        }
        form.finish()
    }

    /// Asks for reports; whether it could.
    fn report(&self, form: &mut Serializer<'_, String>, message: &Message) -> bool {
        let Some(base_url) = &self.reports_to else {
            return false;
        };
        let url = Links::new(base_url).twilio_report(&message.id);
        form.append_pair("StatusCallback", &url);
        true
    }
}

#[async_trait]
impl Transport for TwilioTransport {
    async fn send(&self, message: &Message) -> Result<(), TransportError> {
        let (to, form) = match message.channel {
            Channel::Text => (&self.messages, self.text(message)),
            Channel::Call => (&self.calls, self.call(message)),
            Channel::Email => {
                return Err(TransportError::permanent(
                    "Twilio carries texts and calls only, no emails",
                ));
            }
        };
        let answer = self.client.post(to, form).await;
        let sid = answer::judge(&answer.map_err(TransportError::temporary)?)?;
        // By this id an operator finds the message in Twilio's own console.
        tracing::info!(job = message.id, sid, "Twilio took a message");
        Ok(())
    }
}
