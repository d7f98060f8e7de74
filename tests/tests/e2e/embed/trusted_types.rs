//! What scripts of a clinic's page get hold of, where it demands Trusted Types: nothing that
//! makes markup out of their own text.

use frontdesk_tests::{Browser, Clinic, Scripts, Settings, Visitor as _, wait_for, walk, words};
use protocol::FlowKind::PasswordReset;
use protocol::Locale::En;
use serde_json::json;

use super::with_clinic;

/// A clinic's page with a flow on it that has begun; what runs until it is dropped.
fn with_flow<T>(look: impl FnOnce(&Browser) -> T) -> T {
    let (_stack, clinic) = with_clinic(Settings::default().site());
    let page = Clinic::path(En, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    browser.press("start");
    browser.expect_step("identify");
    look(&browser)
}

/// The module that `host.js` is a part of, as any script of the page can import it.
const MODULE: &str = "
    const fetched = performance.getEntriesByType('resource').map(entry => entry.name);
    const module = await import(fetched.find(name => name.includes('/widget/glue')));
    const element = document.querySelector('verify-widget');
";

#[test]
fn the_page_demands_trusted_types() {
    with_flow(|browser| {
        let script = "
            const refused = act => { try { act(); return false; } catch { return true; } };
            return [
                refused(() => { document.body.insertAdjacentHTML('beforeend', '<i></i>'); }),
                refused(() => { trustedTypes.createPolicy('frontdesk-en', {}); }),
                refused(() => { trustedTypes.createPolicy('others', {}); }),
            ];";
        assert_eq!(
            browser.script(script, Vec::new()),
            json!([true, true, true])
        );
    });
}

/// Whoever takes the name has a policy of their own; our markup goes through none of it.
#[test]
fn where_the_name_of_the_policy_is_taken_the_plain_form_goes_on() {
    let (stack, clinic) = with_clinic(Settings::default().site());
    let page = Clinic::path(En, PasswordReset);
    let mut browser = Browser::visiting(&clinic, &page, Scripts::On);
    let take = "trustedTypes.createPolicy('frontdesk-en', { createHTML: text => text });";
    browser.script(take, Vec::new());
    browser.press("start");
    let plain = format!("{}/flows/password-reset", stack.base());
    wait_for("the plain form", || {
        browser.address().starts_with(&plain).then_some(())
    });
    walk::reset_to_code(&mut browser, "nobody", "text");
}

/// Neither the policy nor what paints with it, neither the module nor its memory.
#[test]
fn scripts_reach_the_element_and_the_way_to_begin_and_nothing_else() {
    with_flow(|browser| {
        let script = format!(
            "return (async () => {{ {MODULE}
                const names = new Set();
                for (let at = element; at !== HTMLElement.prototype; at = Object.getPrototypeOf(at))
                    Object.getOwnPropertyNames(at).forEach(name => names.add(name));
                return [Object.keys(module), [...names].sort()];
            }})()"
        );
        let reached = browser.script(&script, Vec::new());
        let of_element = [
            "call",
            "connectedCallback",
            "constructor",
            "form",
            "kind",
            "locale",
            "start",
            "stepAside",
            "token",
        ];
        assert_eq!(reached, json!([["begin"], of_element]));
    });
}

/// A script may begin a flow on an element of its own, with an answer of its own. What it
/// says is shown as text, and with no words but ours.
#[test]
fn whatever_a_script_has_shown_is_text() {
    with_flow(|browser| {
        let script = format!(
            "return (async () => {{ {MODULE}
                const planted = '<img class=planted>';
                const other = document.createElement('verify-widget');
                other.setAttribute('flow', element.kind);
                other.setAttribute('lang', 'en');
                other.setAttribute('invitation', planted);
                document.body.appendChild(other);
                const first = new Response(JSON.stringify({{
                    kind: element.kind,
                    expires_at: planted,
                    progress: {{ step: 1, of: 4 }},
                    step: {{ name: 'new-password', username: `\"'>${{planted}}` }},
                    token: planted,
                    sign_in: planted,
                }}));
                await module.begin(other, Promise.resolve(first));
                return [
                    other.querySelector('h2').textContent,
                    other.querySelector('[name=username]').value,
                    document.querySelectorAll('.planted').length,
                ];
            }})()"
        );
        let planted = "<img class=planted>";
        let title = words("step.new-password.title");
        let shown = json!([title, format!("\"'>{planted}"), 0]);
        assert_eq!(browser.script(&script, Vec::new()), shown);
    });
}
