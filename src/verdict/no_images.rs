//! Why there is no image to judge, where there is none.

use std::collections::BTreeSet;

use super::found::is_asked_for;
use crate::model::facts::Facts;
use crate::model::image::ImageRef;
use crate::model::location::Source;
use crate::model::no_images::NoImages;
use crate::model::warning::{Warning, WarningCode};
use crate::settings::Settings;
use crate::text::{and_more, counted, fragment};

/// Most repositories that are named.
const MAX_NAMED: usize = 5;

/// Why there is no image to judge.
pub fn no_images(facts: &Facts, settings: &Settings) -> NoImages {
    if !found(facts, settings).is_empty() {
        return NoImages::OtherRepositories;
    }
    let selecting = [
        ("modules", !settings.modules.is_empty()),
        (
            "infra",
            settings.modules.iter().any(|module| module.has_infra()),
        ),
        ("fields", !settings.fields.is_empty()),
        ("files", is_asked_for(settings, Source::File)),
        ("pipelines", is_asked_for(settings, Source::Pipeline)),
    ];
    let in_use = selecting.into_iter().filter(|(_, is_set)| *is_set);
    let names: Vec<&str> = in_use.map(|(name, _)| name).collect();
    if names.iter().all(|name| *name == "fields") {
        NoImages::NothingSelected
    } else {
        NoImages::Selected(names)
    }
}

/// The warning that says so.
pub(super) fn warning(facts: &Facts, settings: &Settings) -> Warning {
    let reason = no_images(facts, settings);
    let message = match &reason {
        NoImages::OtherRepositories => {
            let found = found(facts, settings);
            let names: BTreeSet<&str> = found.iter().map(|image| repository(image)).collect();
            let more = and_more(names.len(), MAX_NAMED);
            let named: Vec<&str> = names.into_iter().take(MAX_NAMED).collect();
            format!(
                "{} found, but none of a repository that `repositories` covers, so none was judged: {}{more}",
                counted(found.len(), "image was", "images were"),
                named.join(", ")
            )
        }
        NoImages::NothingSelected | NoImages::Selected(_) => {
            let next = reason.next_step();
            format!(
                "there was no image to judge: {}",
                fragment(next.trim_end_matches('.'))
            )
        }
    };
    Warning::general(WarningCode::NoImages, message)
}

/// The images of files and pipelines that the settings ask for, at each of their places.
fn found<'a>(facts: &'a Facts, settings: &Settings) -> Vec<&'a str> {
    let found = facts.found.iter();
    let found = found.filter(|found| is_asked_for(settings, found.location.source()));
    found.map(|found| found.image.as_str()).collect()
}

/// An image without tag and digest, as it is written.
fn repository(image: &str) -> &str {
    let whole = ImageRef::parse(image).map(|image| image.without_tag().to_string());
    whole
        .ok()
        .and_then(|name| image.get(..name.len()))
        .unwrap_or(image)
}
