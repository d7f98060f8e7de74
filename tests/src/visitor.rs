//! A person at a form, whatever shows it.
//!
//! What a person does is written once, in [`walk`](crate::walk) and in the
//! tests, and done in the plain client, in a browser without scripts and in the
//! widget alike.

use crate::Page;

/// A person at a form.
pub trait Visitor {
    /// What is on the screen.
    fn page(&mut self) -> Page;

    /// Types into the box of that name, in place of what stood there.
    fn fill(&mut self, control: &str, text: &str);

    /// Chooses a radio button.
    fn choose(&mut self, control: &str, value: &str);

    /// Presses the button with that action (`start` for the button of a static
    /// page), and waits for what comes of it.
    fn press(&mut self, action: &str);

    /// Presses the browser's button to load the page again.
    fn reload(&mut self);

    /// Asserts which step is asked now.
    #[track_caller]
    fn expect_step(&mut self, step: &str) {
        let page = self.page();
        assert_eq!(
            page.step(),
            step,
            "the person should be at the step {step}, and reads {:?} {:?} {:?} at {}",
            page.title(),
            page.problems(),
            page.notice(),
            page.address,
        );
    }

    /// Asserts the step's title, for the steps that ask nothing.
    #[track_caller]
    fn expect_title(&mut self, title: &str) {
        let page = self.page();
        assert_eq!(
            page.title(),
            title,
            "the person should read this title, and reads {:?} {:?}",
            page.problems(),
            page.notice(),
        );
    }

    /// Asserts the only problem that is told.
    #[track_caller]
    fn expect_problem(&mut self, problem: &str) {
        let page = self.page();
        assert_eq!(
            page.problems(),
            [problem],
            "the person should be told this problem at the step {:?}",
            page.step(),
        );
    }

    /// Asserts what is told beside the step.
    #[track_caller]
    fn expect_notice(&mut self, notice: &str) {
        let page = self.page();
        assert_eq!(
            page.notice(),
            notice,
            "the person should be told this at the step {:?}",
            page.step(),
        );
    }
}
