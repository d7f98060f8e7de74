//! Slow heads, slow and giant bodies, and idle connections, on a clock that is
//! moved.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::pulse::Phase;
use super::*;

const LOAD: Load = Load {
    connections: 2,
    requests: 1,
    head: Duration::from_secs(10),
    body: Duration::from_secs(20),
    request: Duration::from_secs(30),
    idle: Duration::from_secs(75),
};

/// A second less than an idle connection is kept.
const ALMOST_IDLE: Duration = Duration::from_secs(74);

/// What the far side can hold of an answer.
const WINDOW: usize = 4096;

struct Home {
    crowd: Arc<Crowd>,
    leave: watch::Sender<bool>,
}

impl Home {
    fn new() -> Self {
        Self {
            crowd: Arc::new(Crowd::new(LOAD.connections, Arc::default())),
            leave: watch::Sender::new(false),
        }
    }

    fn connect(&self) -> (DuplexStream, JoinHandle<()>) {
        let (client, stream) = duplex(WINDOW);
        let connection = Connection {
            router: router(),
            headers: Arc::default(),
            load: LOAD,
            place: Arc::clone(&self.crowd).enter().expect("a place"),
            peer: SocketAddr::from(([127, 0, 0, 1], 55_555)),
            leaving: self.leave.subscribe(),
        };
        (client, tokio::spawn(connection.serve(stream)))
    }
}

fn router() -> Router {
    Router::new()
        .route("/", get(|| async { "ok" }))
        .route(
            "/length",
            post(|body: Bytes| async move { body.len().to_string() }),
        )
        .route("/big", get(|| async { vec![b'x'; 1024 * 1024] }))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_secs(5)).await;
                "ok"
            }),
        )
        .layer(axum::extract::DefaultBodyLimit::max(crate::http::MAX_BODY))
}

/// What comes until the connection is closed, and after how long that was.
async fn rest(client: &mut DuplexStream) -> (String, u64) {
    let begin = Instant::now();
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    let read = String::from_utf8(read).unwrap();
    (read, begin.elapsed().as_secs())
}

/// Reads one small answer.
async fn answer(client: &mut DuplexStream) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"ok") {
        assert!(
            client.read_buf(&mut read).await.unwrap() > 0,
            "it was closed"
        );
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_in_is_given_up_in_time() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    sleep(ALMOST_IDLE).await;
    let begin = Instant::now();
    let trickle = async {
        let mut sent = client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await;
        while sent.is_ok() {
            sleep(Duration::from_secs(1)).await;
            sent = client.write_all(b"x-y: z\r\n").await;
        }
    };
    trickle.await;
    serving.await.unwrap();
    let limit = LOAD.head.as_secs();
    // The sender only sees it with its next line.
    assert!((limit..=limit + 1).contains(&begin.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_in_is_given_up_in_time_and_told_so() {
    let house = Home::new();
    let (mut client, _serving) = house.connect();
    let head = b"POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n12";
    client.write_all(head).await.unwrap();
    let (told, after) = rest(&mut client).await;
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
    assert_eq!(after, LOAD.body.as_secs());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_in_time() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    for _ in 0..3 {
        sleep(ALMOST_IDLE).await;
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        answer(&mut client).await;
    }
    let (told, after) = rest(&mut client).await;
    assert_eq!((told.as_str(), after), ("", LOAD.idle.as_secs()));
    serving.await.unwrap();
}

/// Asks for a megabyte, and takes nothing of it yet.
async fn ask_for_much(client: &mut DuplexStream) {
    let request = b"GET /big HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    client.write_all(request).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_is_given_up() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    ask_for_much(&mut client).await;
    let begin = Instant::now();
    serving.await.unwrap();
    let patience = LOAD.request.as_secs() + 30;
    // The far side holds a little of it, which counts as taken.
    let least = Duration::from_secs(patience);
    assert!((least..least + Duration::from_secs(1)).contains(&begin.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_trickles_out_has_its_time() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    ask_for_much(&mut client).await;
    let begin = Instant::now();
    let mut taken = [0; WINDOW];
    let mut total = WINDOW;
    // A little now and then, so that it never stands still for long.
    while !serving.is_finished() {
        sleep(Duration::from_secs(15)).await;
        if client.read_exact(&mut taken).await.is_ok() {
            total += WINDOW;
        }
    }
    let allowed = LOAD.request.as_secs() + 30 + u64::try_from(total / 1024).unwrap();
    let took = begin.elapsed().as_secs();
    assert!(took <= allowed + 15, "{took} s for {total} bytes");
    assert!(took < 120, "{took} s");
}

/// A phone at 16 kbit/s, with a pause in a tunnel.
#[tokio::test(start_paused = true)]
async fn a_slow_phone_gets_all_of_a_large_answer() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    ask_for_much(&mut client).await;
    let mut taken = 0;
    let mut some = [0; 2048];
    loop {
        let read = client.read(&mut some).await.unwrap();
        if read == 0 {
            break;
        }
        taken += read;
        let in_tunnel = (200 * 1024..202 * 1024).contains(&taken);
        sleep(Duration::from_secs(if in_tunnel { 45 } else { 1 })).await;
    }
    assert!(taken > 1024 * 1024, "{taken}");
    serving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_does_not_take_the_answer_makes_room_and_who_takes_it_slowly_does_not() {
    let house = Home::new();
    let (mut slow, _slow) = house.connect();
    ask_for_much(&mut slow).await;
    let (mut deaf, gone) = house.connect();
    ask_for_much(&mut deaf).await;
    let mut some = [0; 2048];
    for _ in 0..5 {
        slow.read_exact(&mut some).await.unwrap();
        sleep(Duration::from_secs(1)).await;
    }
    assert!(Arc::clone(&house.crowd).enter().is_none(), "not so soon");
    for _ in 0..6 {
        slow.read_exact(&mut some).await.unwrap();
        sleep(Duration::from_secs(1)).await;
    }
    let (mut newcomer, _newcomer) = house.connect();
    gone.await.unwrap();
    newcomer
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    answer(&mut newcomer).await;
    slow.read_exact(&mut some).await.unwrap();
    let next = Arc::clone(&house.crowd).enter();
    let next = next.expect("the newcomer is idle by now");
    next.pulse.enter(Phase::Busy);
    assert!(
        Arc::clone(&house.crowd).enter().is_none(),
        "the slow one stays"
    );
}

#[tokio::test(start_paused = true)]
async fn who_sends_a_giant_body_can_read_that_it_is_too_large() {
    let house = Home::new();
    let giant = vec![b'x'; 3 * 1024 * 1024];
    for framing in ["content-length: 3145728", "transfer-encoding: chunked"] {
        let (mut client, serving) = house.connect();
        let head = format!("POST /length HTTP/1.1\r\nhost: x\r\n{framing}\r\n\r\n300000\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        // All of it is sent before anything is read, as most clients do.
        client.write_all(&giant).await.unwrap();
        let (told, _) = rest(&mut client).await;
        assert!(told.starts_with("HTTP/1.1 413 "), "{framing}: {told}");
        drop(client);
        serving.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_sending_after_the_answer_is_cut_off() {
    let house = Home::new();
    let (mut client, serving) = house.connect();
    let head = b"POST /length HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n\r\n";
    client.write_all(head).await.unwrap();
    let begin = Instant::now();
    while client.write_all(&[b'x'; 1024]).await.is_ok() {
        sleep(Duration::from_millis(100)).await;
    }
    serving.await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_makes_room_and_a_request_that_is_answered_stays() {
    let house = Home::new();
    let (mut busy, _serving) = house.connect();
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let (mut idle, _idle) = house.connect();
    sleep(Duration::from_secs(1)).await;
    let (mut newcomer, _newcomer) = house.connect();
    let (told, after) = rest(&mut idle).await;
    assert_eq!((told.as_str(), after), ("", 0));
    newcomer
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    answer(&mut newcomer).await;
    answer(&mut busy).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_on_its_way_to_a_connection_given_up_is_answered() {
    let house = Home::new();
    let (mut idle, _idle) = house.connect();
    sleep(Duration::from_secs(1)).await;
    let _newcomers = [house.connect(), house.connect()];
    sleep(Duration::from_millis(100)).await;
    idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    answer(&mut idle).await;
}

#[tokio::test(start_paused = true)]
async fn at_the_end_the_idle_go_at_once_and_the_others_with_their_answer() {
    let house = Home::new();
    let (mut busy, _serving) = house.connect();
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let (mut idle, _idle) = house.connect();
    sleep(Duration::from_secs(1)).await;
    house.leave.send_replace(true);
    assert_eq!(rest(&mut idle).await, (String::new(), 0));
    let (told, after) = rest(&mut busy).await;
    assert!(
        told.starts_with("HTTP/1.1 200 ") && told.ends_with("ok"),
        "{told}"
    );
    assert_eq!(after, 4);
}
