//! What whoever runs the server does from a shell, as the program does it.

use protocol::values::Email;
use verify_api::provider::ProviderId;
use verify_api::staff::Role;

use super::Stack;
use crate::runtime;

impl Stack {
    /// `verify-api staff add`; the path of the link that is handed over.
    pub fn add_staff(&self, email: &str, role: Role) -> String {
        let email = Email::parse(email).expect("an address");
        let link = runtime().block_on(self.server.app.add_staff(&email, role));
        Self::path_of(&link.expect("the staff user is added"))
    }

    /// `verify-api staff reset`; the same.
    pub fn reset_staff(&self, email: &str) -> String {
        let email = Email::parse(email).expect("an address");
        let link = runtime().block_on(self.server.app.reset_staff(&email));
        Self::path_of(&link.expect("the staff user is reset"))
    }

    /// `verify-api staff role`.
    pub fn change_role(&self, email: &str, role: Role) {
        let email = Email::parse(email).expect("an address");
        let changed = runtime().block_on(self.server.app.change_staff_role(&email, role));
        changed.expect("the staff user has another role");
    }

    /// `verify-api audit verify`; of how many lines the trail is found to be whole.
    pub fn verify_audit(&self) -> i64 {
        let verified = self.server.app.verify_audit(None, |_, _| {});
        let verified = runtime().block_on(verified);
        verified.expect("the trail is whole").lines
    }

    /// `verify-api staff disable`.
    pub fn disable_staff(&self, email: &str) {
        let email = Email::parse(email).expect("an address");
        let done = runtime().block_on(self.server.app.disable_staff(&email));
        done.expect("the staff user is disabled");
    }

    /// `verify-api providers add`; the provider's id.
    pub fn add_provider(&self, name: &str, features: &str) -> ProviderId {
        let features = features.parse().expect("features");
        let added = self.server.app.add_provider(name, &features);
        runtime().block_on(added).expect("the provider is added")
    }

    /// `verify-api providers set`.
    pub fn set_features(&self, provider: ProviderId, features: &str) {
        let features = features.parse().expect("features");
        let set = self.server.app.set_features(provider, &features);
        runtime().block_on(set).expect("the features are set");
    }

    /// `verify-api providers key`.
    pub fn provider_key(&self, provider: ProviderId) -> String {
        let key = self.server.app.make_provider_key(provider);
        let key = runtime().block_on(key).expect("a key is made");
        key.expose()
    }

    /// `verify-api providers retire`.
    pub fn retire_provider(&self, provider: ProviderId) {
        let retired = self.server.app.retire_provider(provider);
        runtime()
            .block_on(retired)
            .expect("the provider is retired");
    }

    /// The path of a link that points to where patients reach the server.
    fn path_of(link: &str) -> String {
        let (_, path) = link.split_once("://").expect("a link");
        let path = path.split_once('/').expect("a path").1;
        format!("/{path}")
    }
}
