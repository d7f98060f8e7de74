//! What a patient waits for on a slow phone: the first step, beside the same form in plain
//! JavaScript on the same page, and an answer that can be read.
//!
//! A first step has two times. Somebody who knows what they want presses the button as soon
//! as there is one: that is counted from when the page is asked for. Somebody who has read
//! the page first presses when the rest has come: that is counted from the finger.
//!
//! All comes from one server by one way, compressed alike, to a browser that has nothing in
//! its cache. The yardstick (`yardstick/`) fetches its script when the widget fetches its own.

use std::net::TcpListener;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::driver::{Driver, Line, Phone, SLOWER};
use super::front::{FLOW, Front, YARDSTICK};
use crate::bench::table::Table;
use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;
use crate::server::{Desk, Server};

/// Lines that patients have, and their names.
const LINES: [(&str, Line); 2] = [
    (
        "150 ms, 1.6 Mb/s",
        Line {
            latency: 150,
            kilobits: 1600,
        },
    ),
    (
        "400 ms, 0.4 Mb/s",
        Line {
            latency: 400,
            kilobits: 400,
        },
    ),
];
/// How many times as long as the yardstick the first step may take.
const TIMES_AS_LONG: f64 = 1.5;
/// Milliseconds until an answer can be read, on the first of [`LINES`].
const READABLE: f64 = 1500.0;
/// Each time is the median of so many.
const TIMES: usize = 5;

/// Notes when the first step is on the screen, on the page that is opened next. `begin` is when the
/// page was asked for, or a finger came down on it.
const WATCH: &str = "
    let begin = 0;
    addEventListener('pointerdown', () => { begin = performance.now(); }, { capture: true });
    window.shown = new Promise(done => {
        const observer = new MutationObserver(() => {
            if (!document.querySelector('main [name=username]')) return;
            observer.disconnect();
            // Behind the frame that shows it.
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
        });
        observer.observe(document, { childList: true, subtree: true });
    });";
/// Presses the button once it is on the screen and leads to the step rather than to the plain
/// form.
const AT_ONCE: &str = "
    const painted = new Promise(done => new PerformanceObserver(list => {
        if (list.getEntriesByName('first-contentful-paint').length) done();
    }).observe({ type: 'paint', buffered: true }));
    Promise.all([painted, customElements.whenDefined('verify-widget')]).then(() => {
        document.querySelector('main form [type=submit]').click();
    });";
/// What is pressed.
const BUTTON: &str = "main form [type=submit]";
/// How many milliseconds a finger stays.
const TAP: u32 = 80;
/// How long somebody reads before that.
const READING: Duration = Duration::from_secs(4);

/// When the button is pressed.
#[derive(Clone, Copy)]
enum Press {
    AtOnce,
    AfterReading,
}

/// Tells the milliseconds from opening the page until it could be read.
const READ: &str = "
    return new Promise(done => new PerformanceObserver(list => {
        const [paint] = list.getEntriesByName('first-contentful-paint');
        if (paint) done(paint.startTime);
    }).observe({ type: 'paint', buffered: true }));";

/// Measures, prints, and fails over a budget. `answer` is the path of an answer page.
pub(super) fn run(site: &Path, answer: &str) -> Result<()> {
    let api = step("compiling the API", || build::binary("verify-api", "dev"))?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).during("find a free port")?;
    let port = listener.local_addr().during("find a free port")?.port();
    drop(listener);
    let desk = Desk::open(api, port, site, &[])?;
    desk.run(&["migrate"])?;
    let server = Server::start(desk)?;
    let front = Front::of(server.base_url())?;
    let driver = Driver::start()?;
    let bench = Bench { front, driver };
    let mut over = first_step(&bench)?;
    over.extend(readable(&bench, answer)?);
    if over.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(over.join("; ")))
    }
}

/// Prints how long the first step takes, and tells what is over its budget.
fn first_step(bench: &Bench) -> Result<Vec<String>> {
    let heading = format!("the first step, processor {SLOWER} times slower");
    let mut table = Table::new(&[&heading, "plain JS", "widget", "times as long", "budget"]);
    let mut over = Vec::new();
    for (name, line) in LINES {
        for (press, from) in [
            (Press::AtOnce, "from opening the page, pressed at once"),
            (Press::AfterReading, "from a tap, the page read"),
        ] {
            let what = format!("{YARDSTICK} and {FLOW} at {name}, {from}");
            let [plain, widget] = step(&what, || {
                medians([YARDSTICK, FLOW], |path| bench.press(path, line, press))
            })?;
            let times = widget / plain;
            table.row(&[
                format!("{name}, {from}"),
                format!("{plain:.0} ms"),
                format!("{widget:.0} ms"),
                format!("{times:.2}"),
                format!("{TIMES_AS_LONG:.2}"),
            ]);
            if times > TIMES_AS_LONG {
                over.push(format!(
                    "at {name} the first step ({from}) takes {times:.2} times as long as in plain \
                     JavaScript, and its budget is {TIMES_AS_LONG:.2}"
                ));
            }
        }
    }
    println!("{table}");
    Ok(over)
}

/// Prints after how long an answer can be read, and tells if that is over its budget.
fn readable(bench: &Bench, answer: &str) -> Result<Option<String>> {
    let (name, line) = LINES[0];
    let [read] = step(&format!("reading {answer} at {name}"), || {
        medians([answer], |path| bench.read(path, line))
    })?;
    let mut table = Table::new(&["an answer can be read", "after", "budget"]);
    table.row(&[
        format!("{answer} at {name}"),
        format!("{read:.0} ms"),
        format!("{READABLE:.0} ms"),
    ]);
    println!("{table}");
    let over =
        || format!("an answer can be read after {read:.0} ms, and its budget is {READABLE:.0} ms");
    Ok((read > READABLE).then(over))
}

/// What each time is measured with.
struct Bench {
    front: Front,
    driver: Driver,
}

impl Bench {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.front.base_url)
    }

    fn press(&self, path: &str, line: Line, press: Press) -> Result<f64> {
        let phone = Phone::open(&self.driver)?;
        phone.slow_down(line)?;
        phone.on_pages(WATCH)?;
        match press {
            Press::AtOnce => {
                phone.on_pages(AT_ONCE)?;
                phone.goto(&self.url(path))?;
            }
            Press::AfterReading => {
                phone.goto(&self.url(path))?;
                sleep(READING);
                phone.tap(BUTTON, TAP)?;
            }
        }
        number(&phone.script("return shown")?)
    }

    fn read(&self, path: &str, line: Line) -> Result<f64> {
        let phone = Phone::open(&self.driver)?;
        // What is held back is a page of this server, and what it goes on to.
        phone.goto(&self.url("/favicon.svg"))?;
        phone.slow_down(line)?;
        phone.goto(&self.url(path))?;
        number(&phone.script(READ)?)
    }
}

fn number(told: &serde_json::Value) -> Result<f64> {
    let number = told.as_f64();
    number.ok_or_else(|| Failure::new(format!("the browser told no time, but {told}")))
}

/// The median of several times of each, taken in turns, so that what else the machine does meets
/// all of them. One of each goes before, so that the server has everything compressed.
fn medians<const N: usize>(
    paths: [&str; N],
    time: impl Fn(&str) -> Result<f64>,
) -> Result<[f64; N]> {
    for path in paths {
        time(path)?;
    }
    let mut times = [[0.0; TIMES]; N];
    for turn in 0..TIMES {
        for (path, times) in paths.into_iter().zip(&mut times) {
            times[turn] = time(path)?;
        }
    }
    Ok(times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[TIMES / 2]
    }))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn times_are_taken_in_turns_and_the_first_of_each_does_not_count() {
        let taken = RefCell::new(Vec::new());
        let time = |path: &str| {
            let mut taken = taken.borrow_mut();
            taken.push(path.to_owned());
            let before = taken.iter().filter(|it| *it == path).count() - 1;
            let slow = if path == "/a" { 1.0 } else { 10.0 };
            Ok([1000.0, 5.0, 1.0, 4.0, 2.0, 3.0][before] * slow)
        };
        let medians = medians(["/a", "/b"], time).unwrap();
        assert_eq!(medians.map(|it| it.to_string()), ["3", "30"]);
        assert_eq!(taken.into_inner(), ["/a", "/b"].repeat(TIMES + 1));
    }
}
