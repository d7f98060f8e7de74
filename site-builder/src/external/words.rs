//! What is said about an answer, and how grave it is: an error only where the link must be mended.

use url::Url;

use super::ask::Answer;
use super::{External, decoded};
use crate::diagnostic::{Severity, nearest};

/// The rule about links that lead nowhere.
const DEAD: &str = "dead-external-link";
/// The rule about links to a part of a page that the page does not have.
const ANCHOR: &str = "missing-external-anchor";
/// The rule about links of which it is not known where they lead.
const UNKNOWN: &str = "unknown-external-link";

/// What is said about a link.
pub(super) struct Said {
    /// How grave it is.
    pub level: Severity,
    /// The rule.
    pub code: &'static str,
    /// One sentence.
    pub sentence: String,
    /// What to do next.
    pub help: String,
}

/// What there is to say about a link to a page, and to an id on it.
pub(super) fn about(
    page: &str,
    id: Option<&str>,
    answer: &Answer,
    options: &External,
    level: Severity,
) -> Option<Said> {
    let host = Url::parse(page).ok()?.host_str()?.to_owned();
    let dead = |sentence: String, help: &str| Said {
        level,
        code: DEAD,
        sentence,
        help: help.to_owned(),
    };
    let unknown = |sentence: String, help: &str| Said {
        level: Severity::Warning,
        code: UNKNOWN,
        sentence,
        help: help.to_owned(),
    };
    let later = "Try again later. If this goes on, open the link in a browser.";
    Some(match answer {
        Answer::Good(ids) => return anchor(page, id?, ids.as_ref()?, level),
        Answer::Gone(status) => dead(
            format!("The page {page} is not there ({status})."),
            "Look for where it is now and correct the link, or take the link out.",
        ),
        Answer::NoSuchHost => dead(
            format!("There is no site {host}."),
            "Look for a slip in the address, or for where the site is now.",
        ),
        Answer::Unsafe => dead(
            format!("Browsers warn of {host}: its certificate is not valid."),
            "Link to another page, or tell whoever runs that site.",
        ),
        Answer::Circle => dead(
            format!("{page} leads from one address to the next without end."),
            "Open the link in a browser, and copy the address where you arrive.",
        ),
        Answer::Closed(status) => unknown(
            format!("{host} does not show {page} to a program ({status})."),
            "Open the link in a browser. If it works there, add its start to `skip_prefixes` under \
             `[link_checker]`.",
        ),
        Answer::Fault(status) => {
            unknown(format!("{host} has a fault of its own ({status})."), later)
        }
        Answer::Busy(wait) => {
            let when = match wait {
                Some(wait) => format!("Try again in {} seconds or later.", wait.as_secs()),
                None => "Try again later.".to_owned(),
            };
            unknown(
                format!("{host} gets too many requests and wants to be asked later."),
                &when,
            )
        }
        Answer::Slow => unknown(
            format!("{host} did not answer within {:?}.", options.timeout),
            later,
        ),
        Answer::Broken => unknown(
            format!("{host} breaks off its answer for {page}, or it makes no sense to a program."),
            "Open the link in a browser. If it works there, add its start to `skip_prefixes` under \
             `[link_checker]`.",
        ),
        Answer::Unreachable => unknown(
            format!("{host} could not be reached."),
            "Try again later, and see whether this computer is online.",
        ),
    })
}

fn anchor(
    page: &str,
    id: &str,
    ids: &std::collections::BTreeSet<String>,
    level: Severity,
) -> Option<Said> {
    let id = decoded(id);
    // GitHub puts this before the ids of what people wrote, and its scripts take it away.
    if ids.contains(&id) || ids.contains(&format!("user-content-{id}")) {
        return None;
    }
    let near = nearest(&id, ids.iter().map(String::as_str));
    Some(Said {
        level,
        code: ANCHOR,
        sentence: format!("The page {page} has no `#{id}`."),
        help: match near {
            Some(near) => format!("Did you mean `#{near}`?"),
            None => format!(
                "Take `#{id}` off the link. If a script on that page makes it, add the page to \
                 `skip_anchor_prefixes` under `[link_checker]`."
            ),
        },
    })
}
