//! What Twilio reports about a message afterwards, and whether it was Twilio.
//!
//! Twilio signs the address that it posts to, as we gave it, and the form that it
//! posts: HMAC-SHA1 with the account's auth token
//! (<https://www.twilio.com/docs/usage/security>). The address is put together
//! from the configuration; what a request says about its own host proves nothing.

use std::borrow::Cow;

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

use crate::config::TwilioReports as Settings;
use crate::outbox::Links;
use crate::store::{JobId, Report};

/// Reads reports, and believes none that Twilio has not signed.
pub struct TwilioReports {
    base_url: String,
    auth_token: Zeroizing<String>,
}

crate::crypto::redact!(TwilioReports);

/// A report that Twilio has not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;

/// How a message ended, as Twilio tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The message.
    pub job: JobId,
    /// Whether it arrived.
    pub report: Report,
    /// The number of Twilio's reason, where it gives one.
    pub error: Option<u32>,
}

impl TwilioReports {
    /// Reads reports as the configuration has them sent.
    pub fn new(settings: &Settings) -> Self {
        Self {
            base_url: settings.base_url.clone(),
            auth_token: settings.auth_token.clone(),
        }
    }

    /// Reads a report about the message that its address names. Nothing, when the
    /// message is still on its way.
    ///
    /// # Errors
    /// [`Forged`], whatever else may be wrong.
    pub fn read(&self, job: &str, signature: &str, form: &[u8]) -> Result<Option<Told>, Forged> {
        let url = Links::new(&self.base_url).twilio_report(job);
        let pairs: Vec<_> = form_urlencoded::parse(form).collect();
        // Twilio leaves the port out of the https addresses that it signs.
        let is_signed = self.is_signed(&url, &pairs, signature)
            || without_port(&url).is_some_and(|url| self.is_signed(&url, &pairs, signature));
        if !is_signed {
            return Err(Forged);
        }
        let job = HEXLOWER.decode(job.as_bytes()).ok();
        let job = job.and_then(|id| id.try_into().ok()).ok_or(Forged)?;
        let value = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, it)| &**it)
        };
        let report = match value("MessageStatus").or(value("CallStatus")) {
            // A call is completed when somebody, or something, picked up.
            Some("delivered" | "completed") => Report::Delivered,
            Some("undelivered" | "failed" | "no-answer" | "busy" | "canceled") => {
                Report::Undelivered
            }
            _ => return Ok(None),
        };
        Ok(Some(Told {
            job: JobId(job),
            report,
            error: value("ErrorCode").and_then(|code| code.parse().ok()),
        }))
    }

    fn is_signed(&self, url: &str, pairs: &[Pair<'_>], signature: &str) -> bool {
        let Ok(signature) = BASE64.decode(signature.as_bytes()) else {
            return false;
        };
        let mut sorted: Vec<_> = pairs.iter().collect();
        sorted.sort();
        sorted.dedup();
        let mut mac = Hmac::<Sha1>::new_from_slice(self.auth_token.as_bytes())
            .expect("HMAC takes a key of any length (RFC 2104 §3)");
        mac.update(url.as_bytes());
        for (name, value) in sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        // In the same time whatever they are.
        mac.verify_slice(&signature).is_ok()
    }
}

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// An address without the port in it; nothing when it has none.
fn without_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_once('/')?;
    let (host, port) = authority.rsplit_once(':')?;
    // The colons of an IPv6 address stand in brackets.
    (!port.contains(']')).then(|| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

    fn reports(base_url: &str) -> TwilioReports {
        TwilioReports {
            base_url: base_url.to_owned(),
            auth_token: Zeroizing::new("12345".to_owned()),
        }
    }

    /// What Twilio would put into its header.
    fn sign(url: &str, form: &str) -> String {
        let mut pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        pairs.sort();
        let mut mac = Hmac::<Sha1>::new_from_slice(b"12345").unwrap();
        mac.update(url.as_bytes());
        for (name, value) in pairs {
            mac.update(format!("{name}{value}").as_bytes());
        }
        BASE64.encode(&mac.finalize().into_bytes())
    }

    /// The example of Twilio's own documentation, with the signature it prints.
    #[test]
    fn the_signature_is_the_one_that_twilio_documents() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let form = "Digits=1234&To=%2B18005551212&From=%2B14158675309\
                    &Caller=%2B14158675309&CallSid=CA1234567890ABCDE";
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        let is_signed = |url: &str, form: &str, signature: &str| {
            let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
            reports("").is_signed(url, &pairs, signature)
        };
        assert!(is_signed(url, form, signature));
        assert!(!is_signed(&url.replace("bar=2", "bar=3"), form, signature));
        assert!(!is_signed(&url.replace("https", "http"), form, signature));
        assert!(!is_signed(url, &form.replace("1234&", "1235&"), signature));
        assert!(!is_signed(url, &format!("{form}&More=1"), signature));
        for broken in ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T1cUTdK1PDd8="] {
            assert!(!is_signed(url, form, broken), "{broken}");
        }
        // A name that comes again counts once for each value.
        let repeated = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
        assert!(is_signed(url, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    }

    const BASE: &str = "https://help.example.org";

    fn read(form: &str) -> Result<Option<Told>, Forged> {
        let url = format!("{BASE}/api/v1/delivery/twilio/{JOB}");
        reports(BASE).read(JOB, &sign(&url, form), form.as_bytes())
    }

    #[test]
    fn the_last_word_about_a_message_is_heard_and_no_other() {
        let told = |report, error| {
            let job = JobId([0x5a; 16]);
            Ok(Some(Told { job, report, error }))
        };
        for status in ["MessageStatus=delivered", "CallStatus=completed"] {
            assert_eq!(read(status), told(Report::Delivered, None), "{status}");
        }
        for status in [
            "MessageStatus=undelivered",
            "MessageStatus=failed",
            "CallStatus=no-answer",
            "CallStatus=busy",
            "CallStatus=failed",
            "CallStatus=canceled",
        ] {
            assert_eq!(read(status), told(Report::Undelivered, None), "{status}");
        }
        let with_reason = read("MessageStatus=undelivered&ErrorCode=30003");
        assert_eq!(with_reason, told(Report::Undelivered, Some(30003)));
        for status in [
            "MessageStatus=queued",
            "MessageStatus=sent",
            "CallStatus=ringing",
            "",
        ] {
            assert_eq!(read(status), Ok(None), "{status}");
        }
    }

    #[test]
    fn a_report_about_another_message_or_for_another_host_is_forged() {
        let form = "MessageStatus=delivered";
        let path = format!("/api/v1/delivery/twilio/{JOB}");
        let good = sign(&format!("{BASE}{path}"), form);
        let other = JOB.replace("5a", "5b");
        let read = |base: &str, job: &str, signature: &str| {
            reports(base).read(job, signature, form.as_bytes())
        };
        assert!(read(BASE, JOB, &good).is_ok());
        assert_eq!(read(BASE, &other, &good), Err(Forged));
        assert_eq!(read("https://evil.example", JOB, &good), Err(Forged));
        // Signed, but no message of ours.
        let strange = sign(&format!("{BASE}/api/v1/delivery/twilio/x"), form);
        assert_eq!(read(BASE, "x", &strange), Err(Forged));
    }

    #[test]
    fn a_port_may_be_left_out_of_what_is_signed() {
        let form = "MessageStatus=delivered";
        let path = format!("/api/v1/delivery/twilio/{JOB}");
        for (base, signed) in [
            ("https://help.example.org:8443", "https://help.example.org"),
            (
                "https://help.example.org:8443",
                "https://help.example.org:8443",
            ),
            ("http://[::1]:8080", "http://[::1]"),
        ] {
            let signature = sign(&format!("{signed}{path}"), form);
            assert!(reports(base).read(JOB, &signature, form.as_bytes()).is_ok());
        }
        assert_eq!(without_port("http://[::1]/x"), None);
    }
}
