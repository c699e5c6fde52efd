//! What a mirror has of the images in use and of those of the support window: `action: list` with
//! `mirror_to`. Nothing is written to any registry; the report holds a plan that other tools carry
//! out.
//!
//! * `names` – which repository of the mirror holds which of the publisher's (pure)
//! * `items` – which images the mirror is to hold, and why (pure)
//! * `ask` – one list per repository and one `HEAD` per tag, into the facts
//! * `plan` – what the mirror lacks, by the facts (pure)

mod ask;
mod items;
mod names;
mod plan;

pub(crate) use ask::ask;
pub use plan::plan;

use url::Url;

use crate::registry::RegistryBase;
use crate::settings::{Action, Settings};

/// Where images are to be held; `None` if no copy is asked for.
fn base(settings: &Settings) -> Option<RegistryBase> {
    let lists = settings.action == Action::List;
    let url: &Url = settings.mirror_to.as_ref().filter(|_| lists)?;
    RegistryBase::from_url(url)
}
