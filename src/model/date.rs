//! Days and moments as texts have them.

use jiff::Timestamp;
use jiff::civil::Date;

/// The day of a moment, UTC.
pub(crate) fn day(moment: jiff::Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(moment).date()
}

/// A timestamp, or a day, which then begins at midnight UTC.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let day: Date = text.parse().ok()?;
        format!("{day}T00:00:00Z").parse().ok()
    })
}
