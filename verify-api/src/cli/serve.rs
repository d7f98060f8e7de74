//! `serve`: runs until it is asked to stop.

use tracing_subscriber::EnvFilter;
use verify_api::config::Config;
use verify_api::{Application, Parts};

use super::{Failure, panics};

/// Serves until Ctrl-C or SIGTERM; then finishes what was begun.
pub(super) async fn serve(config: &Config) -> Result<(), Failure> {
    log();
    panics::log();
    let application = Application::build(config, Parts::default()).await?;
    tracing::info!(
        address = %application.address(),
        base_url = config.http.base_url,
        database = %config.database.url,
        "serving"
    );
    let stop = stop()?;
    application.run(stop).await;
    tracing::info!("stopped");
    Ok(())
}

/// JSON lines on standard error; `RUST_LOG` says how many.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// Ready when the process is asked to stop.
#[cfg(unix)]
fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| no_signals(&error));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the process is asked to stop.
#[cfg(not(unix))]
fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    Ok(async {
        // Without a way to hear of it, only ending the process is left.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(unix)]
fn no_signals(error: &std::io::Error) -> Failure {
    Failure(format!(
        "The server could not ask to be told of signals ({error}). Start it again."
    ))
}
