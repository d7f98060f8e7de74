//! Every step of every flow in each of its states, on both hosts, in both languages.

use frontdesk_tests::{Colors, Eyes, Rules};
use protocol::Locale;

use super::auditor::Auditor;
use super::tour::{Host, Tour};

/// Another site decides about light and dark by itself; see README.md.
const ON_ANOTHER_SITE: [(Eyes, Rules); 2] = [
    (Eyes::phone(Colors::Light), Rules::All),
    (Eyes::zoomed(Colors::Light), Rules::All),
];

fn tour(host: Host, locale: Locale) {
    let mut tour = Tour::new(host, locale, Auditor::of);
    tour.go();
    tour.eye.finish(host.screens());
}

fn on_another_site(locale: Locale) {
    let open = |browser| Auditor::looking(browser, &ON_ANOTHER_SITE);
    let mut tour = Tour::new(Host::Clinic, locale, open);
    tour.go();
    tour.eye.finish(Host::Clinic.screens());
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_widget_in_english() {
    tour(Host::Widget, Locale::En);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_widget_in_spanish() {
    tour(Host::Widget, Locale::Es);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_plain_forms_in_english() {
    tour(Host::Plain, Locale::En);
}

#[test]
fn axe_finds_nothing_at_any_step_of_the_plain_forms_in_spanish() {
    tour(Host::Plain, Locale::Es);
}

#[test]
fn axe_finds_nothing_at_any_step_on_another_site_in_english() {
    on_another_site(Locale::En);
}

#[test]
fn axe_finds_nothing_at_any_step_on_another_site_in_spanish() {
    on_another_site(Locale::Es);
}
