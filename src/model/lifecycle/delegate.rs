//! When support of a delegate ends: its version names the month of its release.

use jiff::Span;
use jiff::civil::{Date, date};

use super::Rule;
use crate::model::tag::Tag;

/// The end of a delegate's support and life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelegateDates {
    /// Last day of support.
    pub end_of_support: Date,
    /// Last day of life.
    pub end_of_life: Date,
}

/// What Harness published for single builds and for months ("Delegate image version support
/// status"); the rule serves for what is not listed.
#[rustfmt::skip]
const PUBLISHED: &[(&str, Date, Date)] = &[
    // Builds that differ from their month.
    ("24.02.82406", date(2024, 7, 31), date(2024, 9, 30)),
    ("24.10.84107", date(2025, 4, 30), date(2025, 6, 30)),
    ("24.12.84702", date(2025, 5, 31), date(2025, 7, 31)),
    // Months.
    ("23.11", date(2024, 4, 30), date(2024, 6, 30)),
    ("23.12", date(2024, 5, 31), date(2024, 7, 31)),
    ("24.01", date(2024, 6, 30), date(2024, 8, 31)),
    ("24.02", date(2024, 8, 31), date(2024, 10, 31)),
    ("24.03", date(2024, 8, 31), date(2024, 10, 31)),
    ("24.04", date(2024, 9, 30), date(2024, 11, 30)),
    ("24.05", date(2024, 10, 31), date(2024, 12, 31)),
    ("24.06", date(2024, 11, 30), date(2025, 1, 31)),
    ("24.07", date(2024, 12, 31), date(2025, 2, 28)),
    ("24.08", date(2025, 1, 31), date(2025, 3, 31)),
    ("24.09", date(2025, 3, 31), date(2025, 5, 31)),
    ("24.10", date(2025, 3, 31), date(2025, 5, 31)),
    ("24.11", date(2025, 4, 30), date(2025, 6, 30)),
    ("24.12", date(2025, 6, 30), date(2025, 8, 31)),
    ("25.01", date(2025, 6, 30), date(2025, 8, 31)),
    ("25.02", date(2025, 7, 31), date(2025, 9, 30)),
    ("25.03", date(2025, 8, 31), date(2025, 10, 31)),
    ("25.04", date(2025, 9, 30), date(2025, 11, 30)),
    ("25.05", date(2025, 10, 31), date(2025, 12, 31)),
    ("25.06", date(2025, 11, 30), date(2026, 1, 31)),
    ("25.07", date(2025, 12, 31), date(2026, 2, 28)),
    ("25.08", date(2026, 1, 31), date(2026, 3, 31)),
];

/// The dates of an image whose version determines its lifecycle; `None` where the rule is another or
/// the version names no month.
pub fn delegate_dates(rule: Rule, tag: Tag<'_>) -> Option<DelegateDates> {
    let Rule::VersionMonth { support, life } = rule else {
        return None;
    };
    let mut numbers = tag.numbers().as_str().splitn(3, '.');
    let (year, month, build) = (numbers.next()?, numbers.next()?, numbers.next()?);
    if year.len() != 2 || month.len() != 2 {
        return None;
    }
    let names = [format!("{year}.{month}.{build}"), format!("{year}.{month}")];
    let published = |name: &String| PUBLISHED.iter().find(|(listed, ..)| listed == name);
    if let Some((_, end_of_support, end_of_life)) = names.iter().find_map(published) {
        return Some(DelegateDates {
            end_of_support: *end_of_support,
            end_of_life: *end_of_life,
        });
    }
    let year = year.parse::<i16>().ok()?.checked_add(2000)?;
    let first = Date::new(year, month.parse().ok()?, 1).ok()?;
    let end = |months: u8| {
        let span = Span::new().try_months(months).ok()?;
        Some(first.checked_add(span).ok()?.last_of_month())
    };
    Some(DelegateDates {
        end_of_support: end(support)?,
        end_of_life: end(life)?,
    })
}
