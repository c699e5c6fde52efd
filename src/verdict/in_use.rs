//! The images in use, each with the evidence about it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::found::{self, Place};
use super::{is_selected, selected};
use crate::model::facts::{Config, Facts, FieldValue, Repository};
use crate::model::image::ImageRef;
use crate::model::module::{Infra, Module};
use crate::model::policy::{Identity, SameAs};
use crate::model::row::Source;
use crate::model::tag::Tag;
use crate::settings::Settings;
use crate::verdict::{Comparison, version_of};

/// One image in use: a field with its override or default, an entry of the setting `images`, or an
/// image of files or pipelines with all its places.
#[derive(Debug, Clone)]
pub struct InUse<'a> {
    /// The module.
    pub module: Module,
    /// The infrastructure; `None` where the module knows none.
    pub infra: Option<Infra>,
    /// Name of the field; for entries of `images`, the reference as written; for images that were
    /// found, the first place.
    pub field: String,
    /// Where the image comes from.
    pub source: Source,
    /// The image in use, as written.
    pub text: String,
    /// The default, as written.
    pub default_text: Option<String>,
    pub(super) image: Option<ImageRef>,
    pub(super) default: Option<ImageRef>,
    pub(super) own: Option<&'a Repository>,
    pub(super) published: Option<&'a Repository>,
    /// The image as registries are asked for it, where its own registry is not to be asked.
    pub(super) elsewhere: Option<ImageRef>,
    /// Where the image was found; none for fields and for entries of `images`.
    pub(crate) places: Vec<Place<'a>>,
    /// Whether the default is only the newest tag of a partial list.
    pub(super) default_is_bound: bool,
    pub(super) history: Vec<(String, Date)>,
}

/// What is known about the default's releases: at `upstream` if it has the image, else where images are pulled from.
fn published<'a>(facts: &'a Facts, default: &ImageRef) -> Option<&'a Repository> {
    let upstream = facts.upstream_of(default).filter(|list| list.has_tags());
    upstream.or_else(|| facts.repository_of(default))
}

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
                found.extend(InUse::of_field(facts, config, field));
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
            .map(|image| InUse::of_setting(facts, settings, image)),
    );
    found.extend(found::in_use(facts, settings));
    found
}

impl<'a> InUse<'a> {
    /// `None` if no image is in use: the default is no text and there is no override.
    fn of_field(facts: &'a Facts, config: &Config, field: &str) -> Option<Self> {
        let default_text = config.default.get(field).and_then(FieldValue::as_text);
        let (source, text) = match config.overrides.get(field) {
            Some(FieldValue::Text(text) | FieldValue::Other(text)) => {
                (Source::Override, text.as_str())
            }
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
        Some(Self::new(
            facts,
            (config.module, config.infra, field),
            source,
            (text, image),
            (default_text, default),
        ))
    }

    fn of_setting(facts: &'a Facts, settings: &Settings, image: &ImageRef) -> Self {
        let text = image.to_string();
        let is_same =
            |default: &ImageRef| settings.same_as.identity(image, default) != Identity::Other;
        let known = default_of(facts, settings, image, is_same).map(|default| (default, false));
        let stand_in = || newest_of(facts, image, &settings.same_as);
        let (default, default_is_bound) = known.or_else(stand_in).unzip();
        let default_text = default.as_ref().map(ImageRef::to_string);
        let image = (text.as_str(), Some(image.clone()));
        let in_use = Self::new(
            facts,
            (Module::Image, None, &text),
            Source::Setting,
            image,
            (default_text.as_deref(), default),
        );
        Self {
            default_is_bound: default_is_bound == Some(true),
            ..in_use
        }
    }

    pub(super) fn new(
        facts: &'a Facts,
        (module, infra, field): (Module, Option<Infra>, &str),
        source: Source,
        (text, image): (&str, Option<ImageRef>),
        (default_text, default): (Option<&str>, Option<ImageRef>),
    ) -> Self {
        Self {
            module,
            infra,
            field: field.to_owned(),
            source,
            text: text.to_owned(),
            default_text: default_text.map(str::to_owned),
            own: image.as_ref().and_then(|image| facts.repository_of(image)),
            published: default
                .as_ref()
                .and_then(|default| published(facts, default)),
            elsewhere: None,
            places: Vec::new(),
            default_is_bound: false,
            history: default
                .as_ref()
                .map(|default| past_defaults(facts, default))
                .unwrap_or_default(),
            image,
            default,
        }
    }

    /// The image in use, if it is an image reference.
    pub fn image(&self) -> Option<&ImageRef> {
        self.image.as_ref()
    }

    /// The image as registries are asked for it: the image itself, unless its registry is one that
    /// only a file or pipeline names.
    pub fn asked(&self) -> Option<&ImageRef> {
        self.elsewhere.as_ref().or(self.image.as_ref())
    }

    /// Its names in reports: the field, or the place of each copy that was found.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let own = self.places.is_empty().then_some(self.field.as_str());
        let places = self.places.iter().map(|place| place.field.as_str());
        own.into_iter().chain(places)
    }

    /// The default, if it is an image reference.
    pub fn default(&self) -> Option<&ImageRef> {
        self.default.as_ref()
    }

    /// The evidence about the image in use; `None` if there is nothing to compare.
    pub fn case(&self) -> Option<Comparison<'_>> {
        self.case_of(self.image.as_ref()?, self.own)
    }

    /// The same evidence about another image of the field, whose own repository is `own`.
    pub fn case_of<'b>(
        &'b self,
        image: &'b ImageRef,
        own: Option<&'b Repository>,
    ) -> Option<Comparison<'b>> {
        Some(Comparison {
            image,
            default: self.default.as_ref()?,
            own,
            published: self.published,
            history: &self.history,
            default_is_bound: self.default_is_bound,
            source: self.source,
        })
    }
}

/// The default of the same image among those read: of the same variant if there is one, then
/// the newest version.
pub(super) fn default_of(
    facts: &Facts,
    settings: &Settings,
    image: &ImageRef,
    is_same: impl Fn(&ImageRef) -> bool,
) -> Option<ImageRef> {
    let tag = image.tag().and_then(Tag::parse);
    selected(facts, settings)
        .into_iter()
        .flat_map(|config| config.default.values())
        .filter_map(|value| ImageRef::parse(value.as_text()?).ok())
        .filter(|default| is_same(default))
        .max_by(|one, other| {
            let rank = |default: &ImageRef| {
                let version = default.tag().and_then(Tag::parse);
                let same_text = default.tag() == image.tag();
                (
                    settings.same_as.identity(image, default) == Identity::Same,
                    version.map(|version| version.variant()) == tag.map(|tag| tag.variant()),
                    same_text,
                    version.is_some(),
                )
            };
            let version = |default: &'_ ImageRef| {
                default
                    .tag()
                    .and_then(Tag::parse)
                    .map(|tag| tag.as_str().to_owned())
            };
            rank(one).cmp(&rank(other)).then_with(|| {
                let (one, other) = (version(one), version(other));
                one.as_deref()
                    .and_then(Tag::parse)
                    .cmp(&other.as_deref().and_then(Tag::parse))
            })
        })
}

/// The newest published tag of the image's variant with as many numbers; date-like ones count
/// only for a date-like image. With it, whether newer ones may exist, because the list is partial.
pub(super) fn newest_of(
    facts: &Facts,
    image: &ImageRef,
    same_as: &SameAs,
) -> Option<(ImageRef, bool)> {
    let at_publisher = same_as.published(image);
    let publisher = at_publisher.as_ref().unwrap_or(image);
    let upstream = facts.upstream_of(publisher).filter(|list| list.has_tags());
    let pulled = facts.repository_of(image);
    let list = upstream.or(pulled)?;
    let own = version_of(image, pulled.or(Some(list)))?;
    let count = own.numbers().count();
    let newest = list
        .tags
        .iter()
        .filter_map(|entry| Tag::parse(&entry.name))
        .filter(|tag| {
            tag.variant() == own.variant()
                && (own.is_date_like() || !tag.is_date_like())
                && tag.numbers().count() == count
        })
        .max()?;
    let newest = publisher.with_tag(newest.as_str()).ok()?;
    Some((newest, !list.is_complete()))
}

fn past_defaults(facts: &Facts, default: &ImageRef) -> Vec<(String, Date)> {
    facts
        .history
        .iter()
        .filter_map(|seen| {
            let image = ImageRef::parse(&seen.image).ok()?;
            let tag = image.tag()?.to_owned();
            image.is_image_of(default).then_some((tag, seen.first_seen))
        })
        .collect()
}
