//! The site builder from outside: whole sites are built, checked and served, and looked at file by file.

mod advice;
mod bad_input;
mod broken_pages;
mod build;
mod checks;
mod command;
mod context;
mod dialect;
mod external;
mod fixtures;
mod functions;
mod images;
mod init;
mod languages;
mod lists;
mod markdown;
mod preview;
mod review;
mod sass;
mod search;
mod support;
mod unchanged;
