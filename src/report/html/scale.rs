//! Where a day, or a release, stands on a time line: in percent of its width, so that a time
//! line fits a phone and a wall.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::report::{ReleaseShown, Row, Source};

/// Days before and after today that are shown at most.
const BEFORE: i64 = 400;
const AFTER: i64 = 200;

/// Percent left free at the right, and at the left where nothing older is left out.
const MARGIN: f64 = 3.0;

/// Percent at the left in which all stands that is older than the scale.
const EARLIER: f64 = 9.0;

/// Most months named on the axis.
const MOST_TICKS: usize = 6;

/// The one scale that the time lines of a list share.
pub(super) struct Scale {
    start: Date,
    days: i64,
    left: f64,
    /// Today.
    pub(super) today: Date,
}

impl Scale {
    /// The scale that fits the dates of the rows; `None` if none has dates.
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Row>, today: Date) -> Option<Self> {
        let dated = rows.filter(|row| has_dates(row));
        let days: Vec<i64> = dated
            .flat_map(|row| {
                let releases = row.releases.iter().map(|release| release.published);
                releases.chain([row.published, row.deploy_by, leaves(row)])
            })
            .flatten()
            .map(|day| days_between(today, day))
            .collect();
        let oldest = *days.iter().min()?;
        let newest = *days.iter().max()?;
        let start = oldest.clamp(-BEFORE, -30);
        Some(Self {
            start: today.saturating_add(start.days()),
            days: newest.clamp(10, AFTER) - start,
            left: if oldest < start { EARLIER } else { MARGIN },
            today,
        })
    }

    /// Percent from the left; what is older than the scale stands together near the left edge.
    pub(super) fn x(&self, day: Date) -> f64 {
        let after = days_between(self.start, day);
        if after < 0 {
            return MARGIN;
        }
        let share = after.min(self.days) as f64 / self.days as f64;
        self.left + share * (100.0 - MARGIN - self.left)
    }

    /// First days of months, as many as can be named.
    pub(super) fn ticks(&self) -> Vec<Date> {
        let mut months = Vec::new();
        let mut month = self.start.first_of_month();
        while days_between(self.start, month) <= self.days && months.len() < 60 {
            if month >= self.start {
                months.push(month);
            }
            month = month.saturating_add(1.month());
        }
        let step = months.len().div_ceil(MOST_TICKS).max(1);
        let offset = months.len().saturating_sub(1) % step;
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

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The release's place where there are no dates: evenly, oldest first, with room for one that
/// is ahead.
pub(super) fn even(releases: &[ReleaseShown], index_from_newest: usize) -> f64 {
    let slots = releases.len().max(2) as f64;
    92.0 - index_from_newest as f64 * 84.0 / slots
}
