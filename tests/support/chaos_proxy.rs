//! A proxy that hands bytes on, some late, some never, some in another order, some changed. What
//! it does follows from its seed and the order of connections.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

pub struct ChaosProxy {
    address: String,
}

/// What happens to the bytes of one connection in one direction.
#[derive(Clone, Copy, Debug)]
enum Mischief {
    None,
    /// Every piece is late by so many milliseconds.
    Late(u64),
    /// The connection ends after so many bytes.
    CutAfter(usize),
    /// Nothing is handed on after so many bytes, and the connection stays.
    SilentAfter(usize),
    /// One bit of the byte at this place is changed.
    Garble(usize),
    /// A piece of the bytes from this place on comes before the piece in front of it.
    Reorder(usize),
}

/// A small generator of numbers: the same seed, the same plan.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    /// One connection in three is left alone.
    fn mischief(&mut self, max_place: u64) -> Mischief {
        let place = usize::try_from(self.roll(max_place)).unwrap();
        match self.roll(9) {
            0 => Mischief::Late(self.roll(120)),
            1 => Mischief::CutAfter(place),
            2 => Mischief::SilentAfter(place),
            3 => Mischief::Garble(place),
            4 => Mischief::Reorder(place),
            _ => Mischief::None,
        }
    }
}

impl ChaosProxy {
    /// Stands before the server at `url`, `http://host:port`.
    pub fn start(url: &str, seed: u64) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let mut dice = Dice(seed.wrapping_mul(1_000_003));
            for client in listener.incoming().flatten() {
                let (asking, answering) = (dice.mischief(900), dice.mischief(3000));
                let Ok(server) = TcpStream::connect(&server) else {
                    continue;
                };
                pump(&client, &server, asking);
                pump(&server, &client, answering);
            }
        });
        Self { address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Hands bytes on in a thread of its own, until one side leaves.
fn pump(from: &TcpStream, to: &TcpStream, mischief: Mischief) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else {
        return;
    };
    let _ = from.set_read_timeout(Some(Duration::from_secs(30)));
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        let mut passed = 0;
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let range = passed..passed + count;
            let mut piece = buffer[..count].to_vec();
            match mischief {
                Mischief::None => {}
                Mischief::Late(milliseconds) => {
                    std::thread::sleep(Duration::from_millis(milliseconds))
                }
                Mischief::CutAfter(place) if place < range.end => {
                    let _ = to.write_all(&piece[..place.saturating_sub(passed).min(count)]);
                    break;
                }
                Mischief::SilentAfter(place) if place < range.end => {
                    piece.truncate(place.saturating_sub(passed))
                }
                Mischief::Garble(place) if range.contains(&place) => {
                    piece[place - passed] ^= 1 << (place % 7)
                }
                Mischief::Reorder(place) if range.contains(&place) => {
                    piece.rotate_left(place - passed)
                }
                Mischief::CutAfter(_)
                | Mischief::SilentAfter(_)
                | Mischief::Garble(_)
                | Mischief::Reorder(_) => {}
            }
            passed += count;
            if to.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}
