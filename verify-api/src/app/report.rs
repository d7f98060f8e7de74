//! What a phone provider tells about a message after it was sent.

use data_encoding::HEXLOWER;

use super::App;
use crate::audit::{Entry, Event};
use crate::outbox::transport::Forged;
use crate::store::{Report, StoreError};

/// Why a report was not taken.
#[derive(Debug)]
pub enum ReportError {
    /// The provider has not signed it.
    Forged,
    /// It could not be written down.
    Store(StoreError),
}

impl From<Forged> for ReportError {
    fn from(_: Forged) -> Self {
        Self::Forged
    }
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl App {
    /// Writes down what Twilio reports about the message that `job` names, as it
    /// stands in the address; `signature` is its header, `form` what it posted.
    ///
    /// Staff see in the audit trail that a message did not arrive. Reports come
    /// again and out of order, and a message that was sent twice has two: that
    /// it arrived is believed over that it did not.
    ///
    /// # Errors
    /// See [`ReportError`]; nothing was changed.
    pub async fn take_twilio_report(
        &self,
        job: &str,
        signature: &str,
        form: &[u8],
    ) -> Result<(), ReportError> {
        let reports = self.reports.as_ref().ok_or(ReportError::Forged)?;
        let Some(told) = reports.read(job, signature, form)? else {
            return Ok(());
        };
        let audit = (told.report == Report::Undelivered).then_some(Entry {
            event: Event::MessageUndelivered,
            subject: told.job.0,
            actor: None,
        });
        let is_news = self
            .store
            .settle_job(told.job, told.report, self.now(), audit)
            .await?;
        if is_news {
            tracing::info!(
                job = HEXLOWER.encode(&told.job.0),
                report = told.report.as_str(),
                error = told.error,
                "what became of a message was reported"
            );
        }
        Ok(())
    }
}
