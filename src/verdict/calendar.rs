//! Release days: the second and the fourth Monday of every month ("CI Build Image Updates").

use jiff::civil::{Date, Weekday};

/// The `n`-th release day strictly after `day`; `None` for `n` = 0 and past the calendar's end.
pub(crate) fn release_day_after(day: Date, n: u32) -> Option<Date> {
    let next_month = |month: &Date| month.last_of_month().tomorrow().ok();
    let before = usize::try_from(n.checked_sub(1)?).ok()?;
    std::iter::successors(Some(day.first_of_month()), next_month)
        .flat_map(|month| [2, 4].map(|nth| month.nth_weekday_of_month(nth, Weekday::Monday)))
        .filter_map(Result::ok)
        .filter(|monday| *monday > day)
        .nth(before)
}
