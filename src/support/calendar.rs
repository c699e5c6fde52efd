//! Release days: the second and the fourth Monday of every month ("CI Build Image Updates").

use jiff::civil::{Date, Weekday};

/// The `n`-th release day strictly after `day`; `None` for `n` = 0 and past the calendar's end.
pub(crate) fn release_day_after(day: Date, n: u32) -> Option<Date> {
    let mut month = day.first_of_month();
    let mut left = n;
    while left > 0 {
        for nth in [2, 4] {
            let monday = month.nth_weekday_of_month(nth, Weekday::Monday).ok()?;
            if monday > day {
                left -= 1;
                if left == 0 {
                    return Some(monday);
                }
            }
        }
        month = month.last_of_month().tomorrow().ok()?;
    }
    None
}
