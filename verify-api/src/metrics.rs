//! What the server counts about itself, for whoever watches it.
//!
//! Labels are names from the code: routes, kinds, channels, fates. Never what a
//! person typed, nor anything that names a person or a flow.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use protocol::{Channel, FlowKind};

/// Bounds of the times that requests take, in seconds: fine where a page feels
/// quick or slow, and up to the longest that one may take.
const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabels {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MessageLabels {
    channel: &'static str,
    fate: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ConnectionLabels {
    fate: &'static str,
}

#[derive(Clone, Copy, Debug)]
struct Times;

impl MetricConstructor<Histogram> for Times {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

/// All that is counted as it happens.
#[derive(Debug)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    times: Family<RouteLabels, Histogram, Times>,
    begun: Family<KindLabels, Counter>,
    finished: Family<KindLabels, Counter>,
    codes_required: Counter,
    provider_keys_refused: Counter,
    messages: Family<MessageLabels, Counter>,
    connections: Family<ConnectionLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            times: Family::new_with_constructor(Times),
            begun: Family::default(),
            finished: Family::default(),
            codes_required: Counter::default(),
            provider_keys_refused: Counter::default(),
            messages: Family::default(),
            connections: Family::default(),
        }
    }
}

/// What is looked up when somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Levels {
    /// Messages that are still to be sent.
    pub outbox_length: u64,
    /// How long the oldest of them has waited, in seconds.
    pub outbox_age: f64,
    /// Passwords that are being hashed.
    pub hashes_running: usize,
    /// Passwords that are being hashed or wait for it.
    pub hashes_waiting: usize,
}

impl Metrics {
    /// A request was answered.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels {
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let RequestLabels { route, .. } = labels;
        let times = self.times.get_or_create(&RouteLabels { route });
        times.observe(took.as_secs_f64());
    }

    /// A flow began.
    pub fn begun(&self, kind: FlowKind) {
        let kind = kind.as_str();
        self.begun.get_or_create(&KindLabels { kind }).inc();
    }

    /// A sign-in was asked for a code: somebody has typed wrong passwords.
    pub fn code_required(&self) {
        self.codes_required.inc();
    }

    /// A call came with a key that is no provider's.
    pub fn provider_key_refused(&self) {
        self.provider_keys_refused.inc();
    }

    /// A flow came to its last step.
    pub fn finished(&self, kind: FlowKind) {
        let kind = kind.as_str();
        self.finished.get_or_create(&KindLabels { kind }).inc();
    }

    /// A message met its fate, or is to be tried again. Nobody knows the channel
    /// of one that cannot be opened.
    pub fn message(&self, channel: Option<Channel>, fate: &'static str) {
        let channel = channel.map_or("unknown", Channel::as_str);
        let labels = MessageLabels { channel, fate };
        self.messages.get_or_create(&labels).inc();
    }

    /// A connection was given up for another, or turned away.
    pub fn connection(&self, fate: &'static str) {
        self.connections
            .get_or_create(&ConnectionLabels { fate })
            .inc();
    }

    /// Everything, in the text format of Prometheus (`OpenMetrics` 1.0).
    pub fn text(&self, levels: &Levels) -> String {
        let mut all = Registry::with_prefix("frontdesk");
        let times = self.times.clone();
        all.register("requests", "Requests answered", self.requests.clone());
        all.register_with_unit("request", "Time to answer", Unit::Seconds, times);
        all.register("flows_begun", "Flows begun", self.begun.clone());
        let finished = self.finished.clone();
        all.register("flows_finished", "Flows at their last step", finished);
        let codes = self.codes_required.clone();
        let help = "Sign-ins that were asked for a code after wrong passwords";
        all.register("sign_in_codes_required", help, codes);
        let refused = self.provider_keys_refused.clone();
        let help = "Calls with a key that is no provider's";
        all.register("provider_keys_refused", help, refused);
        all.register("messages", "Messages by fate", self.messages.clone());
        let connections = self.connections.clone();
        all.register("connections", "Connections given up", connections);
        let age = Gauge::<f64, std::sync::atomic::AtomicU64>::default();
        age.set(levels.outbox_age);
        let help = "Age of the oldest message still to be sent";
        all.register_with_unit("outbox_age", help, Unit::Seconds, age);
        for (name, help, level) in [
            (
                "outbox_messages",
                "Messages still to be sent",
                i64::try_from(levels.outbox_length),
            ),
            (
                "hashes_running",
                "Passwords being hashed",
                i64::try_from(levels.hashes_running),
            ),
            (
                "hashes_waiting",
                "Passwords being hashed or waiting",
                i64::try_from(levels.hashes_waiting),
            ),
        ] {
            let gauge = Gauge::<i64>::default();
            gauge.set(level.unwrap_or(i64::MAX));
            all.register(name, help, gauge);
        }
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &all);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told_by_its_labels() {
        let metrics = Metrics::default();
        metrics.request("/api/v1/flow", 200, Duration::from_millis(3));
        metrics.request("/api/v1/flow", 200, Duration::from_millis(300));
        metrics.begun(FlowKind::Enrollment);
        metrics.finished(FlowKind::PasswordReset);
        metrics.code_required();
        metrics.provider_key_refused();
        metrics.message(Some(Channel::Text), "sent");
        metrics.message(None, "dead");
        metrics.connection("refused");
        let text = metrics.text(&Levels {
            outbox_length: 7,
            outbox_age: 1.5,
            hashes_running: 2,
            hashes_waiting: 3,
        });
        for line in [
            r#"frontdesk_requests_total{route="/api/v1/flow",status="200"} 2"#,
            r#"frontdesk_request_seconds_bucket{le="0.005",route="/api/v1/flow"} 1"#,
            r#"frontdesk_request_seconds_count{route="/api/v1/flow"} 2"#,
            r#"frontdesk_flows_begun_total{kind="enrollment"} 1"#,
            r#"frontdesk_flows_finished_total{kind="password-reset"} 1"#,
            "frontdesk_sign_in_codes_required_total 1",
            "frontdesk_provider_keys_refused_total 1",
            r#"frontdesk_messages_total{channel="text",fate="sent"} 1"#,
            r#"frontdesk_messages_total{channel="unknown",fate="dead"} 1"#,
            r#"frontdesk_connections_total{fate="refused"} 1"#,
            "frontdesk_outbox_age_seconds 1.5",
            "frontdesk_outbox_messages 7",
            "frontdesk_hashes_running 2",
            "frontdesk_hashes_waiting 3",
            "# EOF",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
