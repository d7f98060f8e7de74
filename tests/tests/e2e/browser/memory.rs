//! A flow that somebody goes back and forth in takes no more memory by and by.

use frontdesk_tests::{Browser, Scripts, Stack, Visitor as _};
use serde_json::json;

/// Four steps that end where they began, so many times: an answer that is missing, one that
/// leads on, one that is missing there, and the way back.
///
/// The page does it by itself: a driver would hold on to elements that it has pressed.
const ROUNDS: &str = "
    const [rounds] = arguments;
    const element = document.querySelector('verify-widget');
    const press = (action) => new Promise((done) => {
        const observer = new MutationObserver(() => {
            observer.disconnect();
            done();
        });
        observer.observe(element, { childList: true });
        element.querySelector(`[name=action-${action}]`).click();
    });
    return (async () => {
        for (let round = 0; round < rounds; round += 1) {
            element.querySelector('[name=username]').value = '';
            await press('continue');
            element.querySelector('[name=username]').value = 'nobody.here';
            await press('continue');
            await press('continue');
            await press('back');
        }
        return element.querySelector('[name=username]').value;
    })();";

/// Bytes that the scripts' heap may grow by: what the browser itself notes down about
/// functions that are called often.
const NOTES: u64 = 64 * 1024;

#[test]
fn after_a_hundred_steps_a_flow_holds_no_more_than_after_a_few() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/reset-password/", Scripts::On);
    browser.press("start");
    let go = |rounds: u32| {
        let typed = browser.script(ROUNDS, vec![json!(rounds)]);
        assert_eq!(typed, "nobody.here", "it ends at the step where it began");
        browser.memory()
    };
    let few = go(3);
    let many = go(25);
    assert!(
        few.wasm > 0 && few.nodes > 0 && few.listeners > 0,
        "{few:?}"
    );
    let grown = (many.nodes, many.listeners, many.wasm);
    let before = (few.nodes, few.listeners, few.wasm);
    assert_eq!(grown, before, "nodes, listeners, memory of the module");
    assert!(many.heap < few.heap + NOTES, "{few:?}, {many:?}");
}
