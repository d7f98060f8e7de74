//! Jobs on a real database, with a transport that fails when told to.

mod codes;
mod connections;
mod facts;
mod failures;
mod house;
mod letters;
mod people;
mod reports;
mod running;
mod spy;
