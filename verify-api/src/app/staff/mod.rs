//! Who works at the desk: adding, disabling and listing staff, from a shell.
//!
//! Whoever is added or reset gets a link, by which they choose a password and set their
//! authenticator app up themselves. Who else has seen the link can be the first to use it, which
//! its owner notices, and knows nothing of what its owner has set up.

mod browser;
mod connections;
mod proxy;
mod session;
mod set_up;
mod sign_in;
mod trail;
mod visit;

use jiff::SignedDuration;
use protocol::values::Email;

use super::{App, DeskError, Token};
use crate::audit::{Entry, Event};
use crate::crypto::{Digest, Purpose};
use crate::entropy;
use crate::outbox::Links;
use crate::staff::{Role, StaffId};
use crate::store::{NewStaff, NewStaffLink, StaffRow};

pub use browser::KnownBrowser;
pub use connections::DeskConnections;
pub use proxy::{NotedProxy, ProxyAtDesk, ProxyNoted};
pub use session::StaffSignedIn;
pub use set_up::{SetUp, SettingUp};
pub use sign_in::{StaffEntry, StaffTyped};
pub use trail::{
    FILE_LINES, TrailAbout, TrailAsked, TrailFound, TrailLine, TrailLooked, TrailPart,
};
pub use visit::AtDesk;

/// How long a link to set up works.
const LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A staff user as whoever runs the server sees them.
#[derive(Debug)]
pub struct ListedStaff {
    /// Their email.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have set up what they sign in with.
    pub is_set_up: bool,
    /// Whether they were disabled.
    pub is_disabled: bool,
}

impl App {
    /// Adds a staff user; the link by which they set up what they sign in with, which is told
    /// only here.
    ///
    /// # Errors
    /// [`DeskError::StaffExists`], [`DeskError::Unavailable`].
    pub async fn add_staff(&self, email: &Email, role: Role) -> Result<String, DeskError> {
        let staff = StaffId(entropy::bytes(&*self.entropy));
        let sealed =
            (self.keys).seal_json(Purpose::Staff, &staff.0, &email.as_str(), &*self.entropy);
        let (link, url) = self.new_link(staff);
        let new = NewStaff {
            email: self.staff_key(email),
            sealed,
            role,
            link,
        };
        let entry = Entry::about(Event::StaffAdded, staff.0);
        if self.store.add_staff(new, entry).await? {
            Ok(url)
        } else {
            Err(DeskError::StaffExists)
        }
    }

    /// Takes from a staff user what they sign in with, for good; their sessions end.
    ///
    /// # Errors
    /// [`DeskError::NoSuchStaff`], [`DeskError::StaffDisabled`], [`DeskError::Unavailable`].
    pub async fn disable_staff(&self, email: &Email) -> Result<(), DeskError> {
        let staff = self.store.staff_by_email(&self.staff_key(email)).await?;
        let staff = staff.ok_or(DeskError::NoSuchStaff)?.id;
        let entry = Entry::about(Event::StaffDisabled, staff.0);
        let is_done = self.store.disable_staff(staff, self.now(), entry).await?;
        is_done.then_some(()).ok_or(DeskError::StaffDisabled)
    }

    /// Gives a staff user another role; their sessions end.
    ///
    /// # Errors
    /// [`DeskError::NoSuchStaff`], [`DeskError::StaffDisabled`], [`DeskError::SameRole`],
    /// [`DeskError::Unavailable`].
    pub async fn change_staff_role(&self, email: &Email, role: Role) -> Result<(), DeskError> {
        let staff = self.staff_of(email).await?.id;
        let entry = Entry::about(Event::StaffRoleChanged, staff.0);
        let changed = (self.store)
            .change_staff_role(staff, role, self.now(), entry)
            .await?;
        changed.then_some(()).ok_or(DeskError::SameRole)
    }

    /// Takes from a staff user what they sign in with, and gives them another link; their
    /// sessions end, and whoever was disabled works again. Waits that wrong tries of others
    /// have brought end, too.
    ///
    /// # Errors
    /// [`DeskError::NoSuchStaff`], [`DeskError::Unavailable`].
    pub async fn reset_staff(&self, email: &Email) -> Result<String, DeskError> {
        let key = self.staff_key(email);
        let staff = self.store.staff_by_email(&key).await?;
        let staff = staff.ok_or(DeskError::NoSuchStaff)?.id;
        let (link, url) = self.new_link(staff);
        let entry = Entry::about(Event::StaffReset, staff.0);
        let ladder = self.limits.staff(&key, None);
        self.store.reset_staff(link, &ladder, entry).await?;
        Ok(url)
    }

    /// All staff users, in the order in which they were added.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`].
    pub async fn staff(&self) -> Result<Vec<ListedStaff>, DeskError> {
        let mut listed = Vec::new();
        for row in self.store.all_staff().await? {
            listed.push(ListedStaff {
                email: self.email_of(&row).await?,
                role: row.role,
                is_set_up: row.is_set_up,
                is_disabled: row.is_disabled,
            });
        }
        Ok(listed)
    }

    /// The staff user with this email, who works here.
    pub(super) async fn staff_of(&self, email: &Email) -> Result<StaffRow, DeskError> {
        let found = self.store.staff_by_email(&self.staff_key(email)).await?;
        let found = found.ok_or(DeskError::NoSuchStaff)?;
        if found.is_disabled {
            return Err(DeskError::StaffDisabled);
        }
        Ok(found)
    }

    /// The keyed hash by which a staff user is found, and whose their password is.
    fn staff_key(&self, email: &Email) -> Digest {
        let email = email.lookup_key();
        self.keys.digest(Purpose::Staff, email.as_bytes())
    }

    async fn email_of(&self, staff: &StaffRow) -> Result<String, DeskError> {
        let opened = self
            .keys
            .open_json(Purpose::Staff, &staff.id.0, &staff.sealed);
        Ok(opened.await?)
    }

    fn new_link(&self, staff: StaffId) -> (NewStaffLink, String) {
        let token = Token::new(&*self.entropy);
        let at = self.now();
        let link = NewStaffLink {
            staff,
            token: self.keys.digest(Purpose::StaffLink, token.as_bytes()),
            at,
            expires_at: at + LINK_LIFETIME,
        };
        let url = Links::new(&self.base_url).staff_set_up(&token.expose());
        (link, url)
    }
}
