//! Lists records of before there were lookups: a batch at a time, from wherever it was
//! stopped, beside servers that go on.

use tokio::time::Instant;

use super::lookup_keys;
use crate::app::import::Rest;
use crate::app::{App, DeskError};
use crate::crypto::Purpose;
use crate::patient::Patient;
use crate::store::Listed;

/// How many records are written together.
const TOGETHER: u32 = 500;

impl App {
    /// Lists all records that are not yet, so that they can be searched; how many. One that
    /// cannot be opened is passed over, and tried again the next time.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`]; what was listed stays so.
    pub async fn list_patients(&self) -> Result<u64, DeskError> {
        let (mut after, mut listed) = (None, 0);
        loop {
            let page = self.store.unlisted(after, TOGETHER).await?;
            let Some((last, _)) = page.last() else {
                return Ok(listed);
            };
            after = Some(*last);
            let mut records = Vec::with_capacity(page.len());
            for (id, sealed) in page {
                let opened = self
                    .keys
                    .open_json::<Patient>(Purpose::Patient, &id.0, &sealed);
                if let Ok(patient) = opened.await {
                    let lookups = lookup_keys(&self.keys, &patient);
                    records.push(Listed {
                        id,
                        sealed,
                        lookups,
                    });
                }
            }
            let began = Instant::now();
            listed += self.store.list(records).await?;
            Rest::after(began.elapsed()).over().await;
        }
    }
}
