//! What claims to be a report of Twilio's: the message in the address, the
//! signature, then the form, one a line.

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use verify_api::config::TwilioReports as Settings;
use verify_api::outbox::Links;
use verify_api::outbox::transport::{Forged, TwilioReports};
use zeroize::Zeroizing;

use crate::text::{first_line, text};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const BASE: &str = "https://help.example.org";

pub(crate) fn run(input: &[u8]) {
    let text = text(input);
    let (job, rest) = first_line(&text);
    let (signature, form) = first_line(rest);
    let reports = TwilioReports::new(&Settings {
        base_url: BASE.to_owned(),
        auth_token: Zeroizing::new(TOKEN.to_owned()),
    });
    let right = sign(job, form.as_bytes());
    let told = reports.read(job, &right, form.as_bytes());
    let is_job = HEXLOWER
        .decode(job.as_bytes())
        .is_ok_and(|id| id.len() == 16);
    assert_eq!(told != Err(Forged), is_job, "the signature was right");
    if let Ok(Some(told)) = told {
        assert_eq!(HEXLOWER.encode(&told.job.0), job);
    }
    if signature != right {
        assert_eq!(reports.read(job, signature, form.as_bytes()), Err(Forged));
    }
    // Three bytes of it are not enough.
    assert_eq!(reports.read(job, &right[..4], form.as_bytes()), Err(Forged));
    let longer = format!("{form}&ErrorCode=1");
    if sign(job, longer.as_bytes()) != right {
        assert_eq!(reports.read(job, &right, longer.as_bytes()), Err(Forged));
    }
}

/// As Twilio describes it: the address, then each distinct pair in order.
fn sign(job: &str, form: &[u8]) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(form).collect();
    pairs.sort();
    pairs.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any length is a key");
    mac.update(Links::new(BASE).twilio_report(job).as_bytes());
    for (name, value) in pairs {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64.encode(&mac.finalize().into_bytes())
}
