//! `[demo]`: what only the demo has.

use super::settings::Settings;
use super::{Delivery, Mode};

/// What only the demo has.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// Whether `/demo/inbox` shows every message to everyone.
    pub inbox: bool,
}

impl Demo {
    pub(super) fn read(
        settings: &mut Settings,
        mode: Mode,
        delivery: Option<&Delivery>,
    ) -> Option<Self> {
        const KEY: &str = "demo.inbox";
        let inbox = settings.flag(KEY)?;
        if inbox && mode == Mode::Production {
            settings.problem(
                KEY,
                "shows every code to everyone, so production refuses it; remove it.",
            );
            return None;
        }
        if inbox && delivery.is_some_and(|delivery| delivery.directory.is_none()) {
            settings.problem(
                KEY,
                "shows what is written to delivery.directory; set that too.",
            );
            return None;
        }
        Some(Self { inbox })
    }
}
