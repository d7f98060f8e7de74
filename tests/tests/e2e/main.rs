//! The whole product from outside: over JSON, over plain forms, in a real
//! browser, and what is left in the database and the log.
//!
//! One binary, so that it is linked once. Tests that need the built site, the
//! browser or the mail server fail with the command that brings them.

mod accessibility;
mod account;
mod browser;
mod conformance;
mod database;
mod embed;
mod families;
mod finding;
mod guide;
mod imports;
mod json;
mod languages;
mod limits;
mod load;
mod mail;
mod operations;
mod phone;
mod plain;
mod promises;
mod providers;
mod sign_in;
mod staff;
mod story;
mod timing;
