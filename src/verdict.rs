//! The rules: an image, its default and the evidence give a verdict; every image in use is found
//! in the facts and judged.

mod calendar;
mod comparison;
mod found;
mod in_use;
mod judge;
mod latest;
mod list;
mod newly;
mod not_seen;
mod numbering;
mod pairs;
mod releases;
mod resolve;
mod rows;
mod selection;
mod warnings;
mod words;

pub use comparison::{Comparison, is_missing, version_of};
pub use in_use::{InUse, in_use};
pub use judge::{Judgement, judge, verdict_only};
pub use latest::{NoRelease, latest_of_variant, latest_release, window_tags};
pub use list::list;
pub use newly::{newly, to_note};
pub use not_seen::not_seen;
pub use rows::{Judged, judge_all, policy, summary};
pub(crate) use selection::configs_to_read;
pub use selection::{is_selected, names, selected};
pub(crate) use words::floating;
