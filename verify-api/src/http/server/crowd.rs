//! Who is connected, and who makes room for a newcomer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::pulse::Pulse;
use crate::metrics::Metrics;

/// All connections, of which there are never more than a number.
#[derive(Debug)]
pub(super) struct Crowd {
    limit: usize,
    metrics: Arc<Metrics>,
    members: Mutex<Members>,
}

#[derive(Debug, Default)]
struct Members {
    next: u64,
    present: HashMap<u64, (Pulse, Arc<Notify>)>,
}

/// A connection's place; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    number: u64,
    /// What the connection is doing.
    pub(super) pulse: Pulse,
    /// Rings when the place is needed.
    pub(super) evicted: Arc<Notify>,
}

impl Crowd {
    pub(super) fn new(limit: usize, metrics: Arc<Metrics>) -> Self {
        Self {
            limit,
            metrics,
            members: Mutex::default(),
        }
    }

    fn members(&self) -> MutexGuard<'_, Members> {
        // Nothing here can panic half done.
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, if need be of somebody who has asked nothing yet or does not take the
    /// answer; nothing when everybody is being answered.
    pub(super) fn enter(self: Arc<Self>) -> Option<Place> {
        let mut members = self.members();
        if members.present.len() >= self.limit && !self.evict(&mut members) {
            return None;
        }
        let number = members.next;
        members.next += 1;
        let (pulse, evicted) = (Pulse::new(), Arc::new(Notify::new()));
        let member = (pulse.clone(), Arc::clone(&evicted));
        members.present.insert(number, member);
        drop(members);
        Some(Place {
            crowd: self,
            number,
            pulse,
            evicted,
        })
    }

    /// Gives up the one who goes most willingly, if anybody does.
    pub(super) fn make_room(&self) {
        self.evict(&mut self.members());
    }

    fn evict(&self, members: &mut Members) -> bool {
        let ranked = members.present.iter();
        let ranked = ranked.filter_map(|(number, (pulse, _))| Some((pulse.rank()?, *number)));
        let Some((_, first)) = ranked.min() else {
            return false;
        };
        // A request may have come whole between the look and the grip.
        let is_free = |(pulse, _): &(Pulse, Arc<Notify>)| pulse.evict();
        if !members.present.get(&first).is_some_and(is_free) {
            return false;
        }
        if let Some((_, evicted)) = members.present.remove(&first) {
            evicted.notify_one();
        }
        self.metrics.connection("evicted");
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.members().present.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::http::server::pulse::Phase;

    #[tokio::test(start_paused = true)]
    async fn who_has_asked_nothing_makes_room_the_oldest_first() {
        let crowd = Arc::new(Crowd::new(5, Arc::default()));
        let phases = [
            Phase::Busy,
            Phase::Head,
            Phase::Idle,
            Phase::Idle,
            Phase::Body,
        ];
        let mut places = Vec::new();
        for phase in phases {
            let place = Arc::clone(&crowd).enter().unwrap();
            place.pulse.enter(phase);
            places.push(place);
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        for gone in [2, 3, 1, 4] {
            let newcomer = Arc::clone(&crowd).enter().unwrap();
            newcomer.pulse.enter(Phase::Busy);
            assert_eq!(places[gone].pulse.look().phase, Phase::Evicted, "{gone}");
            places.push(newcomer);
        }
        assert!(Arc::clone(&crowd).enter().is_none());
        assert_eq!(places[0].pulse.look().phase, Phase::Busy);
        // A place comes back with the connection, once: the evicted had none.
        for evicted in [4, 3, 2, 1] {
            drop(places.remove(evicted));
        }
        assert!(Arc::clone(&crowd).enter().is_none());
        drop(places.remove(0));
        assert!(crowd.enter().is_some());
    }
}
