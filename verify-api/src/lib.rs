//! The verification API.
//!
//! It runs the flows in which patients enroll, recover a username and reset a
//! password, over JSON for the widget and over plain HTML forms for every
//! browser. [`Application::build`] turns a configuration into a running server.
//!
//! Inside, dependencies point one way: `http → app → {flow, account, patient,
//! store, outbox}`. `flow` is pure; only `store` knows SQL; only `outbox` sends.

pub mod account;
pub mod app;
mod application;
pub mod audit;
pub mod backup;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod entropy;
pub mod flow;
pub mod http;
pub mod insights;
pub mod limits;
pub mod metrics;
pub mod outbox;
pub mod patient;
pub mod provider;
pub mod staff;
pub mod store;
mod sweeper;

pub use application::{Application, Parts, StartError, open};
pub use backup::BackupError;
