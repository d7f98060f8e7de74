//! What people do in a real browser: flows, in the widget and without scripts; search; the editors'
//! preview.

/// Makes a test of each function in each browser: `chromium::NAME` and so on.
macro_rules! in_each_browser {
    ($($test:ident),* $(,)?) => {
        in_each_browser!(@ chromium Chromium $($test)*);
        in_each_browser!(@ firefox Firefox $($test)*);
    };
    (@ $module:ident $engine:ident $($test:ident)*) => {
        mod $module {
            $(
                #[test]
                fn $test() {
                    super::$test(frontdesk_tests::Engine::$engine);
                }
            )*
        }
    };
}

/// Makes a test of each function in `WebKit`, too: `webkit::NAME`. Its browser is slow to start,
/// so it does what all others do, and no more.
macro_rules! in_webkit {
    ($($test:ident),* $(,)?) => {
        in_each_browser!(@ webkit WebKit $($test)*);
    };
}

mod access;
mod ahead;
mod album;
mod failures;
mod habits;
mod history;
mod matrix;
mod memory;
mod more_time;
mod offline;
mod page;
mod paper;
mod pictures;
mod preview;
mod reload;
mod scripts_off;
mod search;
mod texted;
mod two_flows;
mod walks;
mod ways;
