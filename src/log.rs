//! The log on standard error: message first, no timestamps, no secrets.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::redact::Secrets;
use crate::settings::{LogFormat, LogSettings};

/// Starts the log. Only this program's own lines are shown: libraries may print what they
/// are handed, headers among it. A second call changes nothing.
pub(crate) fn start(settings: LogSettings, secrets: Secrets) {
    let log = Log {
        settings,
        secrets,
        lines: OnceLock::new(),
    };
    // A log that is started already stays as it is.
    let _ = tracing::subscriber::set_global_default(log);
}

/// The log, whose lines are made ready by the first of them: most runs have none, and the
/// registry of spans alone is as much memory as a small run takes.
struct Log {
    settings: LogSettings,
    secrets: Secrets,
    lines: OnceLock<Dispatch>,
}

impl Log {
    fn lines(&self) -> Dispatch {
        let lines = tracing_subscriber::fmt()
            .with_max_level(self.settings.level)
            .with_writer(Redacted {
                secrets: self.secrets.clone(),
            });
        match self.settings.format {
            LogFormat::Text => lines.with_ansi(false).event_format(Text).into(),
            LogFormat::Json => lines
                .json()
                .flatten_event(true)
                .without_time()
                .with_target(false)
                .into(),
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target().split("::").next();
        metadata.is_event()
            && *metadata.level() <= self.settings.level
            && target == Some(env!("CARGO_CRATE_NAME"))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.settings.level.into())
    }

    fn event(&self, event: &Event<'_>) {
        self.lines.get_or_init(|| self.lines()).event(event);
    }

    // There are no spans: `enabled` leaves them out.

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
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

/// A line that cannot be written is lost: a full or closed standard error must not end a run in the
/// middle of a change, and the library would report the failure there once more.
impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(&self.0.redact_bytes(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}
