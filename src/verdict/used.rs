//! Every image in use: of fields, of the setting `images`, and of files and pipelines.

use std::collections::{BTreeMap, BTreeSet};

use super::default_of::{default_of, further_names, newest_of};
use super::found;
use super::in_use::InUse;
use super::selection::{is_selected, selected};
use crate::model::facts::{Config, Facts, FieldValue};
use crate::model::image::ImageRef;
use crate::model::module::Module;
use crate::model::policy::Identity;
use crate::model::row::Source;
use crate::settings::Settings;

/// Every image in use that the settings select: fields first, then entries of `images`, then what was
/// found in files and pipelines.
pub fn in_use<'a>(facts: &'a Facts, settings: &Settings) -> Vec<InUse<'a>> {
    let mut found = Vec::new();
    for config in selected(facts, settings) {
        let fields: BTreeSet<&String> = config
            .default
            .keys()
            .chain(config.overrides.keys())
            .collect();
        for field in fields {
            if is_selected(&settings.fields, config.module, config.infra, field) {
                found.extend(of_field(facts, config, field));
            }
        }
    }
    let images: BTreeMap<String, &ImageRef> = settings
        .images
        .iter()
        .map(|image| (image.to_string(), image))
        .collect();
    found.extend(
        images
            .into_values()
            .map(|image| of_setting(facts, settings, image)),
    );
    found.extend(found::in_use(facts, settings));
    found
}

/// `None` if no image is in use: the default is no text and there is no override.
fn of_field<'a>(facts: &'a Facts, config: &Config, field: &str) -> Option<InUse<'a>> {
    let default_text = config.default.get(field).and_then(FieldValue::as_text);
    let (source, text) = match config.overrides.get(field) {
        Some(FieldValue::Text(text) | FieldValue::Other(text)) => (Source::Override, text.as_str()),
        None => (Source::Default, default_text?),
    };
    let image = ImageRef::parse(text).ok().filter(|_| {
        source == Source::Default
            || config
                .overrides
                .get(field)
                .is_some_and(|value| value.as_text().is_some())
    });
    let default = default_text.and_then(|default| ImageRef::parse(default).ok());
    Some(InUse::new(
        facts,
        (config.module, config.infra, field),
        source,
        (text, image),
        (default_text, default),
    ))
}

fn of_setting<'a>(facts: &'a Facts, settings: &Settings, image: &ImageRef) -> InUse<'a> {
    let text = image.to_string();
    let is_same = |default: &ImageRef| settings.same_as.identity(image, default) != Identity::Other;
    let known = default_of(facts, settings, image, is_same).map(|default| (default, false));
    let published = settings.same_as.published(image);
    let stand_in = || newest_of(facts, image, published.as_ref());
    let has_default = known.is_some();
    let (default, default_is_bound) = known.or_else(stand_in).unzip();
    let default_text = default.as_ref().map(ImageRef::to_string);
    let further_names = if has_default {
        Vec::new()
    } else {
        further_names(image, published)
    };
    let image = (text.as_str(), Some(image.clone()));
    let in_use = InUse::new(
        facts,
        (Module::Image, None, &text),
        Source::Setting,
        image,
        (default_text.as_deref(), default),
    );
    InUse {
        default_is_bound: default_is_bound == Some(true),
        further_names,
        ..in_use
    }
}
