//! A way to a server that can be cut, so that the server seems to be gone.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Hands bytes on to a server and back.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    ways: Arc<Mutex<Ways>>,
}

#[derive(Debug, Default)]
struct Ways {
    is_cut: bool,
    open: Vec<TcpStream>,
}

impl Proxy {
    /// A way to the server at `target`, such as `127.0.0.1:5432`. It stays until
    /// the tests end.
    pub fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let ways = Arc::new(Mutex::new(Ways::default()));
        let (target, shared) = (target.to_owned(), Arc::clone(&ways));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // Where there is no way, the client sees its connection close.
                let _ = connect(client, &target, &shared);
            }
        });
        Self { address, ways }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts every way there is, and opens no other.
    pub fn cut(&self) {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        ways.is_cut = true;
        for stream in ways.open.drain(..) {
            // It may be closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Opens ways again.
    pub fn mend(&self) {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        ways.is_cut = false;
    }
}

fn connect(client: TcpStream, target: &str, ways: &Mutex<Ways>) -> io::Result<()> {
    let mut ways = ways.lock().unwrap_or_else(PoisonError::into_inner);
    if ways.is_cut {
        return Ok(());
    }
    let server = TcpStream::connect(target)?;
    for (from, to) in [(&client, &server), (&server, &client)] {
        let (from, to) = (from.try_clone()?, to.try_clone()?);
        thread::spawn(move || hand_on(from, to));
    }
    ways.open.extend([client, server]);
    Ok(())
}

fn hand_on(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // The other side is to see that this one has ended.
    let _ = to.shutdown(Shutdown::Both);
}
