//! One flow from its start, act by act, with the ledger kept beside it.

use jiff::Timestamp;
use protocol::{Channel, Field, FieldProblem, Step, StepName};

use super::acts::{self, Act, Knowledge, Start, Way};
use super::house::House;
use super::ledger::Ledger;
use super::record::{Outcome, Record, Refused, Seen};

#[derive(Clone)]
pub(super) struct Journey {
    pub(super) house: House,
    pub(super) ledger: Ledger,
    /// The latest time that there was, before a clock was set back.
    pub(super) latest: Timestamp,
    /// How many of the wished usernames were taken.
    taken: usize,
}

impl Journey {
    pub(super) fn new(start: Start) -> Self {
        let house = House::new(start);
        Self {
            latest: house.now,
            ledger: Ledger::new(start),
            house,
            taken: 0,
        }
    }

    pub(super) fn act(&mut self, act: Act) -> Record {
        let before = Seen::of(&self.house);
        let outcome = match act {
            Act::Answer(way) => Some(self.answer(before.step, way, 1, &before)),
            Act::Stale(step, way) => Some(self.answer(step, way, 1, &before)),
            Act::Twice(way) => Some(self.answer(before.step, way, 2, &before)),
            Act::Resend(channel) => Some(self.resend(channel)),
            Act::Back => Some(self.back()),
            Act::MoreTime => Some(self.more_time(before.step)),
            Act::Wait(seconds) => {
                self.house.wait(seconds);
                self.latest = self.latest.max(self.house.now);
                None
            }
            Act::Elsewhere(event) => {
                self.house.happens(event);
                None
            }
        };
        Record {
            act,
            before,
            after: Seen::of(&self.house),
            outcome,
        }
    }

    fn answer(&mut self, step: StepName, way: Way, times: u8, seen: &Seen) -> Outcome {
        let answers = acts::typed(step, way, &self.knowledge());
        let proof = self.ledger.weigh(step, way, &answers, &self.house);
        self.ledger.count(step, way, times, seen, &self.house);
        let outcome = self.house.submit(step, &answers, usize::from(times));
        match &outcome {
            Ok(_) => self.ledger.enter(proof, &self.house),
            Err(Refused::Fields(fields)) => {
                let is_taken = fields.get(&Field::Username) == Some(&FieldProblem::UsernameTaken);
                self.taken += usize::from(is_taken && way == Way::Right);
            }
            Err(_) => {}
        }
        outcome
    }

    fn resend(&mut self, channel: Option<Channel>) -> Outcome {
        self.house.resend(channel)
    }

    fn back(&mut self) -> Outcome {
        let outcome = self.house.back();
        if outcome.is_ok() {
            self.ledger.take_back(self.house.step().name());
        }
        outcome
    }

    fn more_time(&mut self, step: StepName) -> Outcome {
        let outcome = self.house.more_time();
        if outcome.is_ok() {
            self.ledger.see(step, self.house.now);
        }
        outcome
    }

    /// Whether the code that is asked for was sent before to whom it should go, as the step
    /// says, and still works.
    pub(super) fn is_back_at_code(&self) -> bool {
        match self.house.step() {
            Step::Code { channel, .. } => self.ledger.has_code(channel, &self.house),
            _ => false,
        }
    }

    fn knowledge(&self) -> Knowledge<'_> {
        let own = [
            acts::PHONE,
            acts::MAILED_TO,
            acts::OTHER_EMAIL,
            acts::USERNAME,
        ];
        let mut read = self
            .house
            .sent
            .iter()
            .rev()
            .filter(|sent| own.contains(&sent.to.as_str()))
            .map(|sent| sent.code.as_str());
        Knowledge {
            newest_code: read.next(),
            earlier_code: read.next(),
            username: acts::FREE_USERNAMES[self.taken.min(1)],
        }
    }
}
