//! Links to other sites, asked of a server on this machine. No test reaches the network.

mod server;

use std::time::Duration;

use server::{Reply, Server};
use site_builder::diagnostic::Severity;
use site_builder::{External, Mode};

use crate::support::{Built, CONFIG, Site};

const NOW: i64 = 1_800_000_000;
/// The servers are on this machine.
const LOCAL: &str = "[extra.check.levels]\nlink-form = \"off\"\n";

/// A site that asks, with these links in the text of its home page; `{}` is the server's address.
fn site(server: &Server, text: &str) -> Site {
    Site::new()
        .file("zola.toml", &format!("{CONFIG}{LOCAL}"))
        .file(
            "templates/index.html",
            "<h1>Home</h1>{{ section.content | safe }}",
        )
        .page("_index.md", "Home", &text.replace("{}", &server.url))
        .with(|options| {
            options.mode = Mode::Check;
            options.external = Some(External {
                timeout: Duration::from_secs(10),
                pause: Duration::ZERO,
                ..External::new(NOW)
            });
        })
}

fn external(site: Site, change: impl FnOnce(&mut External)) -> Site {
    site.with(|options| change(options.external.as_mut().expect("asking")))
}

/// The findings as line, code, gravity, and sentence without the server's address.
fn found(built: &Built, server: &Server) -> Vec<String> {
    let findings = built.report.findings.iter();
    findings
        .filter(|finding| finding.code.contains("external"))
        .map(|finding| {
            let grave = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let sentence = finding.sentence.replace(&server.url, "");
            format!("{} {grave} {} {sentence}", finding.place.line, finding.code)
        })
        .collect()
}

#[test]
fn a_page_that_is_there_is_asked_for_its_head_only_and_by_name() {
    let server = Server::start(|_, _, _| Reply::html("fine"));
    site(&server, "[a]({}/a) [again]({}/a) ![A map]({}/map.png)")
        .build()
        .clean();
    assert_eq!(server.lines(), ["HEAD /a", "HEAD /map.png"]);
    let headers = server.asked()[0].headers.to_lowercase();
    assert!(
        headers.contains("user-agent: site-builder/") && headers.contains("help.example.org"),
        "{headers}"
    );
}

#[test]
fn nothing_is_asked_unless_wanted_or_when_skipped() {
    let server = Server::start(|_, _, _| Reply::new("404 Not Found", ""));
    let link = "[a]({}/a)";
    site(&server, link)
        .with(|options| options.external = None)
        .build()
        .clean();
    for settings in [
        format!("skip_prefixes = [\"{}/a\"]", server.url),
        "ignored_files = [\"_index.md\"]".to_owned(),
        "ignored_files = [\"content/**\"]".to_owned(),
    ] {
        site(&server, link)
            .file(
                "zola.toml",
                &format!("{CONFIG}{LOCAL}[link_checker]\n{settings}\n"),
            )
            .build()
            .clean();
    }
    assert!(server.lines().is_empty(), "{:?}", server.lines());
}

#[test]
fn a_page_that_is_gone_is_told_where_the_link_stands_as_gravely_as_set() {
    let server = Server::start(|_, path, _| match path {
        "/gone" => Reply::new("410 Gone", ""),
        _ => Reply::new("404 Not Found", ""),
    });
    let text = "One [a]({}/a)\n\nand [b]({}/gone)";
    let built = site(&server, text).build();
    assert_eq!(
        found(&built, &server),
        [
            "4 error dead-external-link The page /a is not there (404).",
            "6 error dead-external-link The page /gone is not there (410)."
        ]
    );
    let soft = format!("{CONFIG}{LOCAL}[link_checker]\nexternal_level = \"warn\"\n");
    let built = site(&server, text).file("zola.toml", &soft).build();
    assert!(found(&built, &server)[0].starts_with("4 warning dead-external-link"));
}

#[test]
fn a_server_that_does_not_know_head_is_asked_again_in_full() {
    let server = Server::start(|method, path, _| match (method, path) {
        ("HEAD", "/405") => Reply::new("405 Method Not Allowed", ""),
        ("HEAD", "/404") => Reply::new("404 Not Found", ""),
        ("HEAD", "/cut") => Reply::Text(String::new()),
        _ => Reply::html("fine"),
    });
    site(&server, "[a]({}/405) [b]({}/404) [c]({}/cut)")
        .build()
        .clean();
    assert_eq!(server.lines().len(), 6);
}

#[test]
fn what_may_pass_or_is_closed_to_programs_is_a_warning() {
    let server = Server::start(|_, path, _| match path {
        "/500" => Reply::new("500 Internal Server Error", ""),
        _ => Reply::new("403 Forbidden", ""),
    });
    let built = site(&server, "[a]({}/403) [b]({}/500)").build();
    assert_eq!(
        found(&built, &server),
        [
            "4 warning unknown-external-link 127.0.0.1 does not show /403 to a program (403).",
            "4 warning unknown-external-link 127.0.0.1 has a fault of its own (500).",
        ]
    );
    assert!(!built.report.findings.has_errors());
}

#[test]
fn a_host_that_is_busy_is_waited_for_a_little_and_else_left_alone() {
    let server = Server::start(|_, _, earlier| match earlier {
        0 => Reply::new("429 Too Many Requests\r\nRetry-After: 0", ""),
        _ => Reply::html("fine"),
    });
    site(&server, "[a]({}/a)").build().clean();
    assert_eq!(server.lines(), ["HEAD /a", "HEAD /a"]);

    let server =
        Server::start(|_, _, _| Reply::new("429 Too Many Requests\r\nRetry-After: 3600", ""));
    let built = site(&server, "[a]({}/a) [b]({}/b)").build();
    assert_eq!(server.lines(), ["HEAD /a"]);
    let busy = "4 warning unknown-external-link 127.0.0.1 gets too many requests and wants to be \
                asked later.";
    assert_eq!(found(&built, &server), [busy, busy]);
    let shown = built.findings();
    assert!(
        shown.contains("Try again in 3600 seconds or later."),
        "{shown}"
    );
}

#[test]
fn redirects_are_followed_but_not_round_and_round() {
    let server = Server::start(|_, path, _| match path {
        "/round" => Reply::new("302 Found\r\nLocation: /round", ""),
        "/moved" => Reply::new("301 Moved Permanently\r\nLocation: /here", ""),
        "/lost" => Reply::new("301 Moved Permanently\r\nLocation: /nowhere", ""),
        "/nowhere" => Reply::new("404 Not Found", ""),
        _ => Reply::html("fine"),
    });
    let built = site(&server, "[a]({}/round)\n\n[b]({}/moved)\n\n[c]({}/lost)").build();
    assert_eq!(
        found(&built, &server),
        [
            "4 error dead-external-link /round leads from one address to the next without end.",
            "8 error dead-external-link The page /lost is not there (404).",
        ]
    );
    let round = server
        .lines()
        .iter()
        .filter(|line| line.ends_with("/round"))
        .count();
    assert!(round <= 7, "{round}");
}

#[test]
fn a_host_that_hangs_is_given_up_after_a_while_and_not_asked_again() {
    let server = Server::start(|_, _, _| Reply::Hang(String::new()));
    let site = site(&server, "[a]({}/a) [b]({}/b)");
    let built = external(site, |external| {
        external.timeout = Duration::from_millis(400);
    })
    .build();
    let slow = "4 warning unknown-external-link 127.0.0.1 did not answer within 400ms.";
    assert_eq!(found(&built, &server), [slow, slow]);
    assert_eq!(server.lines(), ["HEAD /a"]);
}

#[test]
fn a_page_that_stops_half_way_is_slow_and_one_without_end_is_read_in_part() {
    let server = Server::start(|_, path, _| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000000\r\n\r\n";
        match path {
            "/half" => Reply::Hang(format!("{head}<p>")),
            _ => Reply::Hang(format!("{head}{}", "<p>word".repeat(400_000))),
        }
    });
    // What is beyond the part that is read may have the id.
    site(&server, "[b]({}/long#x)").build().clean();
    let half = site(&server, "[a]({}/half#x)");
    let built = external(half, |external| external.timeout = Duration::from_secs(1)).build();
    assert_eq!(
        found(&built, &server),
        ["4 warning unknown-external-link 127.0.0.1 did not answer within 1s."]
    );
}

#[test]
fn an_id_is_looked_for_in_the_page_unless_skipped() {
    let server = Server::start(|_, path, _| match path {
        "/doc.pdf" => Reply::new("200 OK\r\nContent-Type: application/pdf", "%PDF"),
        _ => Reply::html("<h2 id=fées>x</h2><a name=old></a><h2 id=user-content-readme>x</h2>"),
    });
    let fine = "[a]({}/a#f%C3%A9es) [b]({}/a#old) [c]({}/a#readme) [d]({}/a#:~:text=x) \
                [e]({}/a#/app) [f]({}/doc.pdf#page=2)";
    site(&server, fine).build().clean();
    assert_eq!(server.lines(), ["GET /a", "GET /doc.pdf"]);
    let built = site(&server, "[a]({}/b#olt)").build();
    assert_eq!(
        found(&built, &server),
        ["4 error missing-external-anchor The page /b has no `#olt`."]
    );
    assert!(built.findings().contains("Did you mean `#old`?"));
    let skip = format!("skip_anchor_prefixes = [\"{}/b\"]", server.url);
    site(&server, "[a]({}/b#olt)")
        .file(
            "zola.toml",
            &format!("{CONFIG}{LOCAL}[link_checker]\n{skip}\n"),
        )
        .build()
        .clean();
}

#[test]
fn good_answers_are_trusted_for_a_day_and_faults_are_asked_again() {
    let server = Server::start(|_, path, _| match path {
        "/bad" => Reply::new("404 Not Found", ""),
        _ => Reply::html("fine"),
    });
    let site = site(&server, "[a]({}/good) [b]({}/bad)");
    site.build();
    let asked = |site: &Site| {
        let before = server.lines().len();
        site.build();
        server.lines()[before..].to_vec()
    };
    assert_eq!(asked(&site), ["HEAD /bad", "GET /bad"]);
    let after = |seconds: i64, site: Site| external(site, |external| external.now = NOW + seconds);
    let site = after(86_399, site);
    assert_eq!(asked(&site), ["HEAD /bad", "GET /bad"]);
    // The clock was wrong then.
    let site = after(-1, site);
    assert_eq!(asked(&site), ["HEAD /bad", "GET /bad", "HEAD /good"]);
    let site = after(86_400, site);
    assert_eq!(asked(&site), ["HEAD /bad", "GET /bad", "HEAD /good"]);
    let ignored = std::fs::read_to_string(site.root().join(".site-builder-cache/.gitignore"));
    assert_eq!(ignored.unwrap(), "*\n");
    // A build lets go of pictures that it has no use for, and of nothing else.
    let site = site.with(|options| {
        options.mode = Mode::Build;
        options.external = None;
    });
    site.build();
    assert!(
        site.root()
            .join(".site-builder-cache/links/good.txt")
            .is_file()
    );
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_and_with_a_pause() {
    let pages = "[a]({}/a) [b]({}/b) [c]({}/c)";
    // The second question for the same page waits as well.
    let server = Server::start(|method, path, _| match (method, path) {
        ("HEAD", "/b") => Reply::new("405 Method Not Allowed", ""),
        _ => Reply::html("fine"),
    });
    let pause = Duration::from_millis(80);
    external(site(&server, pages), |external| {
        external.pause = pause;
    })
    .build()
    .clean();
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    for pair in asked.windows(2) {
        let gap = pair[1].at.0.duration_since(pair[0].at.1);
        assert!(gap >= pause / 2, "{gap:?}");
    }
}

#[test]
fn a_page_that_answers_nonsense_keeps_no_other_of_its_host_unasked() {
    let server = Server::start(|_, path, _| match path {
        "/a" => Reply::Text(String::new()),
        "/b" => Reply::Text("Nonsense\r\n\r\n".to_owned()),
        _ => Reply::new("404 Not Found", ""),
    });
    let built = site(&server, "[a]({}/a) [b]({}/b) [c]({}/c)").build();
    let broken = |path: &str| {
        format!(
            "4 warning unknown-external-link 127.0.0.1 breaks off its answer for {path}, or it \
             makes no sense to a program."
        )
    };
    assert_eq!(
        found(&built, &server),
        [
            broken("/a"),
            broken("/b"),
            "4 error dead-external-link The page /c is not there (404).".to_owned(),
        ]
    );
}

#[test]
fn a_host_that_takes_no_connection_is_asked_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let server = Server::start(|_, _, _| Reply::html("fine"));
    let text = format!("[a]({url}/a) [b]({url}/b)");
    let began = std::time::Instant::now();
    let built = external(site(&server, &text), |external| {
        external.pause = Duration::from_secs(5);
    })
    .build();
    let none = "4 warning unknown-external-link 127.0.0.1 could not be reached.";
    assert_eq!(found(&built, &server), [none, none]);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_host_that_does_not_answer_keeps_no_other_waiting() {
    let slow = Server::start(|_, _, _| Reply::Hang(String::new()));
    let quick = Server::start(|_, _, _| Reply::html("fine"));
    let text = format!("[a]({}/a) [b]({{}}/b)", slow.url);
    let site = site(&quick, &text);
    let built = external(site, |external| external.timeout = Duration::from_secs(2)).build();
    assert_eq!(found(&built, &quick).len(), 1);
    let (slow, quick) = (slow.asked(), quick.asked());
    let apart = quick[0].at.0.duration_since(slow[0].at.0);
    assert!(apart < Duration::from_secs(1), "{apart:?}");
}

#[test]
fn the_command_asks_when_told_to_and_says_so_first() {
    let server = Server::start(|_, _, _| Reply::new("404 Not Found", ""));
    let site = site(&server, "[a]({}/a)");
    assert!(site.run(&["check"]).status.success());
    assert!(server.lines().is_empty());
    let output = site.run(&["check", "--external", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.starts_with("Asking 1 other site for 1 page;"),
        "{told}"
    );
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(found.contains("dead-external-link"), "{found}");
}

#[test]
fn a_link_of_a_template_is_told_in_the_template() {
    let server = Server::start(|_, _, _| Reply::new("404 Not Found", ""));
    let page = format!(
        "<h1>A</h1>{{{{ page.content | safe }}}}\n<a href=\"{}/t\">T</a>",
        server.url
    );
    let built = site(&server, "[First](@/a.md)")
        .page("a.md", "A", "")
        .file("templates/page.html", &page)
        .build();
    assert_eq!(
        built.places(),
        ["templates/page.html:2:9 dead-external-link"]
    );
}
