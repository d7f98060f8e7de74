//! What it costs to sign in at the desk, and what staff do there.
//!
//! It must not know what a role may do.

use super::{Budget, Charge, Limits, Network};
use crate::crypto::Digest;
use crate::staff::StaffId;

/// Patients whom one staff user looks up: a desk sees fewer in an hour, and whoever tries
/// numbers comes to an end.
const LOOKUPS: Budget = Budget::hourly(60);

/// Lines that say that one staff user went over it: whoever goes on must not fill the trail.
const LOOKUPS_TOLD: Budget = Budget::hourly(1);

/// Lines that say that somebody went on from one link of a staff user: whoever has it and goes on
/// must not fill the trail.
const SET_UPS_TOLD: Budget = Budget::hourly(5);

/// Lines of the log that say that strangers have used up what everybody may try: whoever goes on
/// must not fill it.
const CROWDS_TOLD: Budget = Budget::hourly(1);

/// Pages of the audit trail that one staff user reads, where no patient was named: a day of
/// reading, and no more than a database can do beside its work.
const TRAIL_PAGES: Budget = Budget::hourly(600);

impl Limits {
    /// What it costs to try to sign in as staff, in a browser that is not known for the email:
    /// the tries of one that is are few (see [`Limits::staff`]), and must not wait for what
    /// neighbours do. One that signs in costs nothing in the end.
    pub fn signing_in_as_staff(&self, from: Network) -> Vec<Charge> {
        let budgets = &self.budgets;
        vec![
            (budgets.sign_ins_per_network).charge(self.key("staff/network", from.as_bytes())),
            (budgets.sign_ins_per_wide_network).charge(self.key("staff/wide", from.wide())),
        ]
    }

    /// The same, of everybody: each password takes a core for a good part of a second, and whoever
    /// has many networks must not keep the server busy with it.
    pub fn signing_in_as_staff_anywhere(&self) -> Charge {
        (self.budgets.staff_sign_ins).charge(self.key("staff", b""))
    }

    /// What it costs to say in the log that everybody together has used that up.
    pub fn telling_crowd(&self) -> Charge {
        CROWDS_TOLD.charge(self.key("staff/told", b""))
    }

    /// What it costs that a staff user looks a patient up, who is there or not.
    pub fn looking_up(&self, staff: StaffId) -> Charge {
        LOOKUPS.charge(self.key("look-up", &staff.0))
    }

    /// What it costs to write down that a staff user went over that.
    pub fn telling_lookups(&self, staff: StaffId) -> Charge {
        LOOKUPS_TOLD.charge(self.key("look-up/told", &staff.0))
    }

    /// What it costs to write down that somebody went on from a link of a staff user. Whoever has
    /// used it up by an earlier link has not used up what is told of a later one.
    pub fn telling_set_up(&self, link: &Digest) -> Charge {
        SET_UPS_TOLD.charge(self.key("set-up/told", &link.0))
    }

    /// What it costs that a staff user reads a page of the audit trail.
    pub fn reading_trail(&self, staff: StaffId) -> Charge {
        TRAIL_PAGES.charge(self.key("trail", &staff.0))
    }

    /// Under which key tries to sign in as staff are counted: those of strangers in one row of
    /// the email, and those of a browser in which its owner was before in a row of that browser,
    /// so that strangers do not keep them out (OWASP, "device cookies").
    pub fn staff(&self, email: &Digest, browser: Option<&[u8; 16]>) -> Digest {
        match browser {
            None => self.key("guess/staff", &email.0),
            Some(browser) => self.key("guess/staff/browser", &[&email.0[..], browser].concat()),
        }
    }
}
