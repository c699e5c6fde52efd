//! The log on standard error: message first, no timestamps, no secrets.

use std::fmt;
use std::io::{self, Write};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::redact::Secrets;
use crate::settings::{LogFormat, LogSettings};

/// Starts the log. Only this program's own lines are shown: libraries may print what they
/// are handed, headers among it. A second call changes nothing.
pub(crate) fn start(settings: LogSettings, secrets: Secrets) {
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), settings.level);
    let lines = tracing_subscriber::fmt::layer().with_writer(Redacted { secrets });
    // A log that is started already stays as it is.
    let _ = match settings.format {
        LogFormat::Text => tracing_subscriber::registry()
            .with(lines.with_ansi(false).event_format(Text).with_filter(own))
            .try_init(),
        LogFormat::Json => tracing_subscriber::registry()
            .with(
                lines
                    .json()
                    .flatten_event(true)
                    .without_time()
                    .with_target(false)
                    .with_filter(own),
            )
            .try_init(),
    };
}

/// A line of text: the level unless it is `info`, then the message, then fields.
struct Text;

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        match *event.metadata().level() {
            Level::ERROR => writer.write_str("error: ")?,
            Level::WARN => writer.write_str("warning: ")?,
            Level::DEBUG => writer.write_str("debug: ")?,
            Level::TRACE => writer.write_str("trace: ")?,
            Level::INFO => {}
        }
        context
            .field_format()
            .format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

/// Standard error, with secrets taken out of every line.
struct Redacted {
    secrets: Secrets,
}

/// One line on its way out.
struct Line<'a>(&'a Secrets);

impl<'a> MakeWriter<'a> for Redacted {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(&self.secrets)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(&self.0.redact_bytes(line.to_vec()))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
