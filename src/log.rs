//! The log on standard error: message first, no timestamps, no secrets.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::util::SubscriberInitExt;

use crate::redact::Secrets;
use crate::settings::{LogFormat, LogSettings};
use crate::text::{is_unseen, shorten_end, visible};

/// Starts the log. Only this program's own lines are shown: libraries may print what they
/// are handed, headers among it. A second call changes nothing.
pub(crate) fn start(settings: LogSettings, secrets: Secrets) {
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), settings.level);
    let log = Registry::default().with(own);
    let format = settings.format;
    let lines = layer()
        .with_ansi(false)
        .with_writer(Redacted { secrets, format });
    // A log that is started already stays as it is.
    let _ = match format {
        LogFormat::Text => log.with(lines.event_format(TextFormat)).try_init(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).without_time();
            let lines = lines.with_target(false).with_current_span(false);
            log.with(lines.with_span_list(false)).try_init()
        }
    };
}

/// A line of text: the level unless it is `info`, then the message, then fields.
struct TextFormat;

impl<S, N> FormatEvent<S, N> for TextFormat
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
struct LogLine<'a>(&'a Redacted);

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
    type Writer = LogLine<'a>;

    fn make_writer(&'a self) -> LogLine<'a> {
        LogLine(self)
    }
}

/// A line that cannot be written is lost: a full or closed standard error must not end a run in the
/// middle of a change, and the library would report the failure there once more.
impl Write for LogLine<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = io::stderr().write_all(self.0.shown(line).as_bytes());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}
