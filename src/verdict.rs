//! The rules: an image, its default and the evidence give a verdict; every image in use is found
//! in the facts and judged.

mod calendar;
mod comparison;
mod dated;
mod default_of;
mod end_of_support;
mod found;
mod image_warnings;
mod in_use;
mod judge;
mod judgement;
mod latest;
mod list;
mod newly;
mod no_images;
mod not_seen;
mod numbering;
mod pairs;
mod position;
mod releases;
mod resolve;
mod rows;
mod selection;
mod target;
mod used;
mod warnings;
mod words;

pub use comparison::{Comparison, is_missing, version_of};
pub use in_use::InUse;
pub use judge::judge;
pub use judgement::Judgement;
pub use latest::{NoRelease, latest_release, window_tags};
pub use list::list;
pub use newly::{newly, to_note};
pub use no_images::no_images;
pub use not_seen::not_seen;
pub use rows::{Judged, judge_all, policy, summary};
pub(crate) use selection::configs_to_read;
pub use selection::{is_selected, names, selected};
pub use target::{NoTarget, patch_target};
pub use used::in_use;
pub(crate) use words::floating;
