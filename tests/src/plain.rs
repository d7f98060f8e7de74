//! A browser without scripts, as old or small as any: it sends forms, follows
//! redirects, and keeps cookies or not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Client, Page, Reply, Request, Stack, Visitor};

/// Redirects that are followed before something is wrong.
const MOST_REDIRECTS: usize = 5;

/// Whether the browser keeps cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// It does.
    Kept,
    /// It does not.
    Refused,
}

/// A browser without scripts, and the page that it shows.
#[derive(Clone, Debug)]
pub struct Plain {
    client: Client,
    keeps: Cookies,
    /// What was set and not taken back, by name. Tabs share it.
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    page: Page,
    typed: BTreeMap<String, String>,
}

impl Plain {
    /// A browser that opens a page of the stack's server.
    #[track_caller]
    pub fn open(stack: &Stack, path: &str, keeps: Cookies) -> Self {
        let mut plain = Self {
            client: stack.client.clone(),
            keeps,
            cookies: Arc::default(),
            page: Page::new(0, path, String::new()),
            typed: BTreeMap::new(),
        };
        plain.goto(path);
        plain
    }

    /// Opens a page.
    #[track_caller]
    pub fn goto(&mut self, path: &str) {
        self.follow(path, Request::new("GET", path));
    }

    /// Sends a form that stands on another site, as a browser does that knows
    /// nothing of `SameSite`: with our cookies. `told` are the headers by which
    /// it says where the form stands, if it does.
    #[track_caller]
    pub fn send_forged(&mut self, path: &str, form: &[(&str, &str)], told: &[(&str, &str)]) {
        let mut request = Request::new("POST", path).form(form);
        for (name, value) in told {
            request = request.header(name, value);
        }
        self.follow(path, request);
    }

    /// Another tab of the same browser: it shows the same page, and has the
    /// same cookies.
    #[must_use]
    pub fn tab(&self) -> Self {
        self.clone()
    }

    /// The cookies that the browser holds, by name.
    pub fn cookies(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows a page that was shown before, as the back button does: nothing is
    /// asked of the server, and cookies stay as they are.
    pub fn go_back_to(&mut self, page: &Page) {
        self.page = page.clone();
        self.typed.clear();
    }

    #[track_caller]
    fn follow(&mut self, path: &str, request: Request) {
        let mut path = path.to_owned();
        let mut reply = self.send(request);
        for _ in 0..MOST_REDIRECTS {
            if reply.status != 303 {
                self.page = Page::new(reply.status, &path, reply.body);
                self.typed.clear();
                return;
            }
            let location = reply.header("location").map(str::to_owned);
            path = location.expect("a redirect names a location");
            assert!(
                path.starts_with('/') && !path.starts_with("//"),
                "a redirect should stay on the host that was asked: {path}"
            );
            reply = self.send(Request::new("GET", &path));
        }
        panic!("the server should not redirect in circles, as it does at {path}");
    }

    #[track_caller]
    fn send(&self, request: Request) -> Reply {
        let cookies: Vec<_> = self
            .cookies()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if cookies.is_empty() {
            request
        } else {
            request.header("cookie", &cookies.join("; "))
        };
        let reply = self.client.send(request);
        if self.keeps == Cookies::Kept {
            self.keep(&reply);
        }
        reply
    }

    fn keep(&self, reply: &Reply) {
        for cookie in reply.all_headers("set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies().remove(name);
            } else {
                self.cookies().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Visitor for Plain {
    fn page(&mut self) -> Page {
        self.page.clone()
    }

    #[track_caller]
    fn fill(&mut self, control: &str, text: &str) {
        assert!(
            self.page.asks_for(control),
            "the form should have a box {control:?}, and has none at the step {:?}: {:?}",
            self.page.step(),
            self.page.problems(),
        );
        self.typed.insert(control.to_owned(), text.to_owned());
    }

    #[track_caller]
    fn choose(&mut self, control: &str, value: &str) {
        assert!(
            self.page.offers(control, value),
            "the form should offer {value:?} for {control:?} at the step {:?}",
            self.page.step(),
        );
        self.typed.insert(control.to_owned(), value.to_owned());
    }

    #[track_caller]
    fn press(&mut self, action: &str) {
        let submission = self.page.submission(action);
        let mut typed = std::mem::take(&mut self.typed);
        let mut controls = submission.controls;
        for (name, value) in &mut controls {
            if let Some(text) = typed.remove(name) {
                *value = text;
            }
        }
        // Radio buttons of which none was chosen before.
        controls.extend(typed);
        let (path, request) = if submission.is_post {
            let request = Request::new("POST", &submission.action).form(&controls);
            (submission.action, request)
        } else {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(&controls);
            let path = format!("{}?{}", submission.action, query.finish());
            let request = Request::new("GET", &path);
            (path, request)
        };
        self.follow(&path, request);
    }

    #[track_caller]
    fn reload(&mut self) {
        let path = self.page.address.clone();
        self.goto(&path);
    }
}
