//! What whoever runs the server does about providers from a shell.

use clap::Subcommand;
use verify_api::app::{App, ListedProvider, ProviderError};
use verify_api::provider::{Features, ProviderId};

use super::Failure;

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self(error.to_string())
    }
}

/// What is asked for.
#[derive(Subcommand)]
pub(super) enum Order {
    /// Add a provider; prints their id
    Add {
        /// Their name, as patients know it
        name: String,
        /// What they use of the portal, between commas: messages, appointments,
        /// medication-requests, billing, visit-summaries, test-results
        #[arg(long, value_name = "FEATURES", default_value = "")]
        features: Features,
    },
    /// List the providers
    List,
    /// Replace what a provider uses of the portal
    Set {
        /// Their id, as it is listed
        id: ProviderId,
        /// All that they use from now on, between commas
        #[arg(long, value_name = "FEATURES")]
        features: Features,
    },
    /// Make a new key for the system of a provider's practice, and end the one before, with the
    /// invitations that were asked for with it and are not made yet; it is shown once
    Key {
        /// Their id, as it is listed
        id: ProviderId,
    },
    /// Retire a provider for good: their key and all their connections end
    Retire {
        /// Their id, as it is listed
        id: ProviderId,
    },
}

/// Does it; what is printed, and what to know beside that.
pub(super) async fn obey(app: &App, order: Order) -> Result<(String, Vec<&'static str>), Failure> {
    let mut notes = Vec::new();
    let printed = match order {
        Order::Add { name, features } => app.add_provider(&name, &features).await?.to_string(),
        Order::List => list(app).await?,
        Order::Set { id, features } => {
            app.set_features(id, &features).await?;
            "Patients see this from the next time on that they open the page of their account."
                .to_owned()
        }
        Order::Key { id } => {
            notes.push(
                "Hand this key to the provider's practice alone; it is shown once. An earlier \
                 one has ended: no invitation is made with it any more, and no letter leaves about \
                 those that were. They stay open: `providers retire` ends all of a provider's, the \
                 practice or the desk withdraws one.",
            );
            // In a line of its own, for scripts.
            app.make_provider_key(id).await?.expose()
        }
        Order::Retire { id } => {
            app.retire_provider(id).await?;
            "The provider is retired: their key and all their connections have ended.".to_owned()
        }
    };
    Ok((printed, notes))
}

/// One line a provider.
async fn list(app: &App) -> Result<String, Failure> {
    let providers = app.providers().await?;
    if providers.is_empty() {
        return Ok(
            "There are no providers. Add one with `verify-api providers add NAME`.".to_owned(),
        );
    }
    let lines: Vec<_> = providers.iter().map(line).collect();
    Ok(lines.join("\n"))
}

fn line(provider: &ListedProvider) -> String {
    let state = match (provider.is_retired, provider.has_key) {
        (true, _) => "retired",
        (false, true) => "has a key",
        (false, false) => "has no key",
    };
    let features = match provider.features.list() {
        none if none.is_empty() => "no features".to_owned(),
        features => features,
    };
    format!("{}  {}  {state}  {features}", provider.id, provider.name)
}
