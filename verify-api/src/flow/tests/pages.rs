//! What the pages of flows say of their steps.

use super::*;

/// The steps that a page announces are those that the form then counts.
#[test]
fn each_flows_page_lists_as_many_steps_as_the_flow_counts() {
    for (page, kind, elsewhere) in [
        (
            include_str!("../../../../content/enroll.md"),
            FlowKind::Enrollment,
            0,
        ),
        (
            include_str!("../../../../content/reset-password.md"),
            FlowKind::PasswordReset,
            0,
        ),
        (
            include_str!("../../../../content/change-phone.md"),
            FlowKind::PhoneChange,
            0,
        ),
        (
            include_str!("../../../../content/change-email.md"),
            FlowKind::EmailChange,
            0,
        ),
        (
            include_str!("../../../../content/close-your-account.md"),
            FlowKind::Deactivation,
            0,
        ),
        // The last one is done from the email.
        (
            include_str!("../../../../content/recover-username.md"),
            FlowKind::UsernameRecovery,
            1,
        ),
    ] {
        let is_numbered = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
        let listed = page.lines().filter(is_numbered).count();
        let counted = State::begin(kind).progress().of;
        assert_eq!(listed, usize::from(counted) + elsewhere, "{kind:?}");
    }
}
