//! Where a day, or a release, stands on a time line: in percent of its width, so that a time
//! line fits a phone and a wall.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::row::{ReleaseShown, Row, Source};

/// How far back the scale reaches, in days: for any date, and for the sake of a supported
/// release. And how far ahead.
const BEFORE: i32 = 400;
const BEFORE_SUPPORTED: i32 = 900;
const AFTER: i32 = 200;

/// Percent left free at the right, and at the left where nothing older is left out.
const MARGIN: f64 = 3.0;

/// Percent at the left in which all stands that is older than the scale.
const EARLIER: f64 = 11.0;

/// Most months named on the axis.
const MAX_TICKS: usize = 5;

/// The one scale that the time lines of a list share.
pub(super) struct Scale {
    start: Date,
    days: i32,
    left: f64,
    /// Today.
    pub(super) today: Date,
}

impl Scale {
    /// The scale that fits the dates of the rows; `None` if none has dates.
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row>, today: Date) -> Option<Self> {
        let mut days: Vec<i32> = vec![-30, 10];
        let mut is_dated = false;
        let mut has_earlier = false;
        for row in rows.filter(|row| has_dates(row)) {
            is_dated = true;
            let releases = row.releases.iter();
            let dates = releases.map(|release| (release.published, release.supported));
            for (date, is_supported) in dates.chain([(row.deploy_by, false), (leaves(row), false)])
            {
                let Some(day) = date.map(|date| days_between(today, date)) else {
                    continue;
                };
                let oldest = if is_supported {
                    -BEFORE_SUPPORTED
                } else {
                    -BEFORE
                };
                if day < oldest {
                    has_earlier = true;
                } else {
                    days.push(day.min(AFTER));
                }
            }
        }
        let start = *days.iter().min().filter(|_| is_dated)?;
        let newest = *days.iter().max()?;
        Some(Self {
            start: today.saturating_add(start.days()),
            days: newest.saturating_sub(start),
            left: if has_earlier { EARLIER } else { MARGIN },
            today,
        })
    }

    /// Percent from the left; what is older than the scale stands together near the left edge.
    pub(super) fn x(&self, day: Date) -> f64 {
        let after = days_between(self.start, day);
        if after < 0 {
            return MARGIN;
        }
        let share = f64::from(after.min(self.days)) / f64::from(self.days);
        self.left + share * (100.0 - MARGIN - self.left)
    }

    /// Where the scale begins, in percent, if something stands before it.
    pub(super) fn break_at(&self) -> Option<f64> {
        (self.left > MARGIN).then_some((MARGIN + EARLIER) / 2.0)
    }

    /// First days of months, as many as can be named.
    pub(super) fn ticks(&self) -> Vec<Date> {
        let next_month = |month: &Date| month.last_of_month().tomorrow().ok();
        let months: Vec<Date> =
            std::iter::successors(Some(self.start.first_of_month()), next_month)
                .take_while(|month| days_between(self.start, *month) <= self.days)
                .filter(|month| *month >= self.start)
                .collect();
        let step = months.len().div_ceil(MAX_TICKS).max(1);
        let offset = months
            .len()
            .saturating_sub(1)
            .checked_rem(step)
            .unwrap_or(0);
        months.into_iter().skip(offset).step_by(step).collect()
    }
}

/// Whether every release of a row has a date, so that they can stand on the scale.
pub(super) fn has_dates(row: &Row) -> bool {
    !row.releases.is_empty() && row.releases.iter().all(|r| r.published.is_some())
}

/// The day on which an image leaves support; a default leaves with Harness' next release.
pub(super) fn leaves(row: &Row) -> Option<Date> {
    row.leaves_support_on
        .filter(|_| row.source != Source::Default)
}

fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from(to.duration_since(from).as_hours() / 24).unwrap_or(i32::MAX)
}

/// The release's place where there are no dates: evenly, oldest first, with room for one that
/// is ahead.
pub(super) fn even(releases: &[ReleaseShown], index_from_newest: usize) -> f64 {
    let slots = float(releases.len().max(2));
    92.0 - float(index_from_newest) * 84.0 / slots
}

/// A number of things that are drawn.
pub(super) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_once_and_end_with_the_calendar() {
        // first day, days, months named
        let cases: [(&str, i32, &[&str]); 4] = [
            ("2026-10-21", 40, &["2026-11-01"]),
            ("2026-11-01", 40, &["2026-11-01", "2026-12-01"]),
            ("9999-11-01", 40, &["9999-11-01", "9999-12-01"]),
            ("9999-12-01", 40, &["9999-12-01"]),
        ];
        for (start, days, expected) in cases {
            let start: Date = start.parse().unwrap();
            let scale = Scale {
                start,
                days,
                left: MARGIN,
                today: start,
            };
            let expected: Vec<Date> = expected.iter().map(|day| day.parse().unwrap()).collect();
            assert_eq!(scale.ticks(), expected, "{start}");
        }
    }
}
