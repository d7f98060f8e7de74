//! The preview as browsers ask it over HTTP. What a script makes of it in a browser is tested with the
//! browsers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{small, stderr};
use crate::support::{CONFIG, Site};

#[test]
fn a_port_in_use_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = small().run(&["serve", "--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stderr(&output);
    assert!(
        shown.contains(&format!("The port {port} cannot be used")),
        "{shown}"
    );
    assert!(shown.contains("--port"), "{shown}");
}

/// What takes longer than this does not come.
const LONG: Duration = Duration::from_mins(2);

/// A running preview; ended when dropped.
struct Preview {
    child: Child,
    address: String,
}

impl Preview {
    fn start(site: &Site) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_site-builder"))
            .args(["serve", "--port", "0"])
            .current_dir(site.root())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command to start");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("http://")?;
                Some(rest.split('/').next()?.to_owned())
            })
            .expect("an address");
        // The preview must not end because nobody reads what it says.
        std::thread::spawn(move || lines.count());
        Self { child, address }
    }

    fn get(&self, target: &str) -> String {
        self.ask(&format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(LONG)).expect("a bounded wait");
        stream.write_all(request.as_bytes()).expect("to be heard");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Waits until the preview has looked over something newer than this.
    fn looked_over(&self, times: u32) {
        let mut state = String::new();
        let begin = Instant::now();
        while !state.ends_with(&format!(".{times}")) {
            let answer = self.get(&format!("/__site-builder/version?{state}"));
            let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
            body.clone_into(&mut state);
            assert!(begin.elapsed() < LONG, "no change was noticed: {state}");
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_preview_is_for_this_machine_alone() {
    let preview = Preview::start(&small());
    let answer = preview.ask("GET /a/ HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(!answer.contains("<html"), "{answer}");
    assert!(preview.get("/a/").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_preview_that_was_started_again_is_another_one() {
    let site = small();
    let state = |preview: &Preview| {
        let page = preview.get("/a/");
        let (_, from) = page.split_once("data-state=\"").expect("a state");
        from.split('"').next().unwrap_or_default().to_owned()
    };
    let first = Preview::start(&site);
    let had = state(&first);
    drop(first);
    let second = Preview::start(&site);
    // Answered at once, since what the browser has is not what this one shows.
    let answer = second.get(&format!("/__site-builder/version?{had}"));
    assert!(answer.ends_with(&state(&second)), "{answer}");
    assert_ne!(had, state(&second));
}

#[test]
fn a_preview_says_which_addresses_it_does_not_answer() {
    let elsewhere = "[extra.check]\nserved_elsewhere = [\"/flows/\"]\n";
    let site = small().file("zola.toml", &format!("{CONFIG}{elsewhere}"));
    let preview = Preview::start(&site);
    let page = preview.get("/flows/enrollment?");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("another program answers"), "{page}");
    assert!(preview.get("/flow/").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_preview_follows_changes_and_shows_errors_over_the_page() {
    let site = small().file("static/a.css", "p {}");
    let preview = Preview::start(&site);
    let page = preview.get("/a/");
    assert!(
        page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("Text."),
        "{page}"
    );
    assert!(preview.get("/a").contains("\r\nLocation: /a/\r\n"));
    assert!(preview.get("/a.css").contains("text/css"));
    assert!(preview.get("/none/").starts_with("HTTP/1.1 404"));
    assert!(preview.get("/../zola.toml").starts_with("HTTP/1.1 404"));
    let head = preview.ask("HEAD /a/ HTTP/1.1\r\n\r\n");
    assert!(head.ends_with("\r\n\r\n"), "{head}");

    let site = site.page("a.md", "A", "Changed. [nowhere](@/nowhere.md) <b>");
    preview.looked_over(2);
    let page = preview.get("/a/");
    assert!(page.contains("Changed."), "{page}");
    assert!(
        page.contains("role=\"alert\"") && page.contains("content/a.md, line 4 [broken-link]<"),
        "{page}"
    );
    assert!(page.contains("@/nowhere.md</mark>) &lt;b&gt;"), "{page}");

    let site = site.page("a.md", "A", "Mended again.");
    preview.looked_over(3);
    let page = preview.get("/a/");
    assert!(
        page.contains("Mended again.") && !page.contains("role=\"alert\""),
        "{page}"
    );
    assert!(
        !site.root().join("public").exists(),
        "a preview wrote to the output"
    );
}

#[test]
fn a_broken_page_shows_what_is_wrong_with_it_and_comes_back() {
    let page = |title: &str, body: &str| {
        format!("+++\ntitle = {title}\n[extra]\nkind = \"k\"\n+++\n{body}")
    };
    let site = small()
        .file(
            "templates/page.html",
            "{{ page.extra.kind }}{{ page.content | safe }}",
        )
        .file("content/a.md", &page("\"A\"", "Text."));
    let preview = Preview::start(&site);
    assert!(preview.get("/a/").contains("Text."));
    let site = site.file("content/a.md", "+++\ntitle = \n+++\nText.");
    preview.looked_over(2);
    let shown = preview.get("/a/");
    assert!(shown.starts_with("HTTP/1.1 500 "), "{shown}");
    assert!(shown.contains("This page cannot be shown yet"), "{shown}");
    assert!(shown.contains("<code>content/a.md</code>"), "{shown}");
    assert!(shown.contains("to look at on this page"), "{shown}");
    let _site = site.file("content/a.md", &page("\"A\"", "Whole again."));
    preview.looked_over(3);
    let shown = preview.get("/a/");
    assert!(shown.contains("Whole again."), "{shown}");
}

#[test]
fn the_panel_tells_of_this_page_only_and_follows_a_renamed_word_list() {
    let settings = "[extra.check]\nwords = \"house.toml\"\n";
    let site = small()
        .file("zola.toml", &format!("{CONFIG}{settings}"))
        .file("house.toml", "")
        .page("a.md", "A", "Kindly wait.");
    let preview = Preview::start(&site);
    let panel = |page: &str| preview.get(&format!("/__site-builder/findings?{page}"));
    assert!(!panel("/a/").contains("Kindly"));
    let _site = site.file("house.toml", "[en]\n\"kindly\" = \"please\"\n");
    preview.looked_over(2);
    let told = panel("/a/");
    assert!(told.contains("content/a.md, line 4"), "{told}");
    assert!(
        told.contains("please") && !told.contains("role=\"alert\""),
        "{told}"
    );
    assert!(!panel("/").contains("please"));
    // It is in the answer only, and can be reached from its own addresses.
    let script = preview.get("/__site-builder/preview.js");
    assert!(script.contains("text/javascript") && script.contains("scrollY"));
    assert!(
        preview
            .get("/__site-builder/preview.css")
            .contains("text/css")
    );
}
