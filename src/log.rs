//! The log on standard error: message first, no timestamps, no secrets.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

use serde_json::Value;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::redact::Secrets;
use crate::settings::{LogFormat, LogSettings};
use crate::text::{is_unseen, shorten_end, visible};

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
                format: self.settings.format,
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

/// Longest line, in columns: what servers send may be of any length.
const MAX_LINE: usize = 4000;

/// Standard error, with secrets taken out of every line, and with what cannot be seen, or would
/// begin another line, written out.
struct Redacted {
    secrets: Secrets,
    format: LogFormat,
}

/// One line on its way out.
struct Line<'a>(&'a Redacted);

impl Redacted {
    fn shown(&self, line: &[u8]) -> String {
        let line = self.secrets.redact_bytes(line.to_vec());
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\n');
        let mut shown = match self.format {
            LogFormat::Text => shorten_end(&visible(line), MAX_LINE).into_owned(),
            LogFormat::Json => shown_json(line),
        };
        shown.push('\n');
        shown
    }
}

/// A line of JSON whose texts are shortened, with what cannot be seen written as JSON writes it.
fn shown_json(line: &str) -> String {
    let short = match serde_json::from_str(line) {
        Ok(Value::Object(mut fields)) if line.len() > MAX_LINE => {
            for value in fields.values_mut() {
                if let Value::String(text) = value {
                    *text = shorten_end(text, MAX_LINE).into_owned();
                }
            }
            Value::Object(fields).to_string()
        }
        _ => line.to_owned(),
    };
    let mut shown = String::with_capacity(short.len());
    for c in short.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

impl<'a> MakeWriter<'a> for Redacted {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

/// A line that cannot be written is lost: a full or closed standard error must not end a run in the
/// middle of a change, and the library would report the failure there once more.
impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(self.0.shown(line).as_bytes());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}
