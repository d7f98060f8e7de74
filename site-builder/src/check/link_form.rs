//! The form of an address that leads out of the site. Whether anything answers there is not asked.

use percent_encoding::percent_decode_str;
use url::{Host, ParseError, Url};

/// The rule about addresses that cannot be right.
pub(super) const FORM: &str = "link-form";
/// The rule about addresses that anybody on the way can read.
pub(super) const INSECURE: &str = "insecure-link";

/// What is wrong with an address: the rule, a sentence, and what to do about it.
pub(super) type Fault = (&'static str, String, String);

/// Looks at an address that leads out of the site.
pub(super) fn fault(address: &str) -> Option<Fault> {
    let (scheme, rest) = match address.strip_prefix("//") {
        Some(rest) => ("https", rest),
        None => address.split_once(':')?,
    };
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" => mail(rest),
        "tel" | "sms" => phone(rest),
        "http" | "https" => web(&scheme.to_ascii_lowercase(), address),
        near @ ("htp" | "htpp" | "htps" | "htttp" | "htttps" | "hhttp" | "hhttps" | "ttps"
        | "ttp") => Some(broken(
            format!("This link begins with `{near}:`, which no browser knows."),
            "Begin it with `https://`.",
        )),
        // A drive of Windows.
        drive if drive == "file" || drive.len() == 1 => Some(broken(
            "This is the address of a file on your own computer, where nobody else gets to.",
            "Put the file into the folder `static` of the site, and write its place there, such as \
             `/pictures/spam-folder.png`.",
        )),
        _ => None,
    }
}

fn broken(sentence: impl Into<String>, help: impl Into<String>) -> Fault {
    (FORM, sentence.into(), help.into())
}

fn web(scheme: &str, address: &str) -> Option<Fault> {
    let help = "Copy the address from the browser once more, such as \
                `https://www.example.org/page`.";
    let full = match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_owned(),
    };
    // The standard mends what an editor surely did not mean.
    if !full[scheme.len()..].starts_with("://") || full[scheme.len() + 3..].starts_with('/') {
        return Some(broken(
            format!("`{address}` is not a whole address."),
            format!("After `{scheme}:` come two slashes. {help}"),
        ));
    }
    let url = match Url::parse(&full) {
        Ok(url) => url,
        Err(ParseError::EmptyHost) => {
            return Some(broken("This link has no address after `//`.", help));
        }
        Err(_) => return Some(broken(format!("`{address}` is not a valid address."), help)),
    };
    let whole = match url.host() {
        Some(Host::Domain(name)) => {
            name == "localhost" || name.trim_matches('.').contains('.') && !name.contains("..")
        }
        Some(_) => true,
        None => false,
    };
    if !whole {
        return Some(broken(format!("`{address}` is not a whole address."), help));
    }
    if url.host().is_some_and(|host| is_of_reader(&host)) {
        return Some(broken(
            "This address is that of the computer on which it is opened, where nobody else finds this page.",
            "Name the file of the page, such as `@/faq/question.md`, or the address that everybody uses.",
        ));
    }
    let is_number = matches!(url.host(), Some(Host::Ipv4(_)));
    (scheme == "http" && !is_number).then(|| {
        (
            INSECURE,
            "This link does not use a safe connection.".to_owned(),
            format!("Try `https{}`; almost every site has it.", &full[4..]),
        )
    })
}

/// Whether an address leads nowhere but to the machine of whoever opens it.
fn is_of_reader(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_unspecified(),
        Host::Ipv6(ip) => ip.is_loopback() || ip.is_unspecified(),
    }
}

fn mail(rest: &str) -> Option<Fault> {
    let decoded = percent_decode_str(rest).decode_utf8_lossy();
    // Without an address, but with words, it is an email that the reader sends to somebody.
    let fine = match decoded.split_once('?') {
        Some(("", _)) => true,
        Some((to, _)) => are_emails(to),
        None => are_emails(&decoded),
    };
    (!fine).then(|| {
        broken(
            format!("`mailto:{rest}` holds no email address."),
            "Write it as `mailto:help@example.org`, without spaces or slashes.",
        )
    })
}

fn are_emails(list: &str) -> bool {
    list.split(',').all(|one| is_email(one.trim()))
}

/// Whether a text has the form of an email address, as far as anybody can tell without asking.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let clean = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.contains(|c: char| c.is_whitespace() || "<>()[]@,;:/\\\"".contains(c))
    };
    clean(local) && clean(domain) && domain.contains('.')
}

fn phone(rest: &str) -> Option<Fault> {
    let decoded = percent_decode_str(rest).decode_utf8_lossy();
    let number = decoded.split([';', '?']).next().unwrap_or_default();
    if number.is_empty() && decoded.starts_with('?') {
        return None;
    }
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let signs = number
        .trim_start_matches('+')
        .chars()
        .all(|c| c.is_ascii_digit() || "-.() ".contains(c) || "*#".contains(c));
    (digits < 3 || !signs).then(|| {
        broken(
            format!("`{rest}` is not a number that a phone can dial."),
            "Write digits only, with the country first: `tel:+12075550100`.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(address: &str) -> Option<&'static str> {
        fault(address).map(|(rule, _, _)| rule)
    }

    #[test]
    fn an_address_that_cannot_be_right_is_found() {
        for address in [
            "http://",
            "https://",
            "https:/example.org",
            "http://localhost:1111/",
            "http://127.0.0.1:1111/faq/",
            "http://[::1]/",
            "file:///home/marta/spam.png",
            "C:\\Users\\Marta\\spam.png",
            "https:///example.org",
            "https:example.org",
            "https://example",
            "https://exa mple.org",
            "https://example..org",
            "htps://example.org",
            "//",
            "mailto:",
            "mailto:help",
            "mailto://help@example.org",
            "mailto:help@example",
            "mailto:a@example.org,b",
            "tel:",
            "tel:888-PHR-4ALL",
        ] {
            assert_eq!(rule(address), Some(FORM), "{address}");
        }
    }

    #[test]
    fn an_address_that_may_be_right_is_left_alone() {
        for address in [
            "https://example.org",
            "//example.org/a",
            "HTTPS://example.org:8080/a?b#c",
            "https://192.0.2.1/",
            "mailto:help@example.org?subject=Hello%20there",
            "mailto:a@example.org, b@example.org",
            "tel:+12075550100",
            "tel:207-555-0100",
            "tel:911",
            "tel:207 555 0100",
            "tel:+1%20207%20555%200100",
            "mailto:?subject=A%20page%20for%20you",
            "mailto:help%40example.org",
            "https://example.org/a b",
            "sms:?body=Hi",
            "sms:+12075550100?body=Hi",
            "data:image/png;base64,AAAA",
            "#x",
        ] {
            assert_eq!(rule(address), None, "{address}");
        }
    }

    #[test]
    fn a_plain_connection_has_its_safe_address_in_the_fix() {
        let (rule, _, help) = fault("http://example.org/a").unwrap();
        assert_eq!(rule, INSECURE);
        assert!(help.contains("`https://example.org/a`"), "{help}");
    }
}
