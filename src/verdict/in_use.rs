//! An image in use, with the evidence about it.

use jiff::civil::Date;

use super::comparison::Comparison;
use crate::model::facts::{Facts, Repository};
use crate::model::image::ImageRef;
use crate::model::location::Found;
use crate::model::module::{Infra, Module};
use crate::model::row::Source;
use crate::model::warning::{Warning, WarningCode};

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
    /// Further names under which registries are asked for its releases.
    pub(super) further_names: Vec<ImageRef>,
    /// Where the image was found; none for fields and for entries of `images`.
    pub(crate) places: Vec<FoundPlace<'a>>,
    /// Whether the default is only the newest tag of a partial list.
    pub(super) default_is_bound: bool,
    pub(super) history: Vec<(String, Date)>,
}

/// A place at which an image stands, with its name in reports.
#[derive(Debug, Clone)]
pub(crate) struct FoundPlace<'a> {
    pub(crate) found: &'a Found,
    /// `path:line` or `org/project/pipeline:line`, with `:column` where the line holds several.
    pub(crate) field: String,
}

/// What is known about the default's releases: by its publisher, else at `upstream` if it has the image, else
/// where images are pulled from.
fn published<'a>(facts: &'a Facts, default: &ImageRef) -> Option<&'a Repository> {
    let upstream = || facts.upstream_of(default).filter(|list| list.has_tags());
    let complete = facts.complete_list_of(default).or_else(upstream);
    complete.or_else(|| facts.repository_of(default))
}

impl<'a> InUse<'a> {
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
            further_names: Vec::new(),
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

    /// Every name under which registries are asked for it, its own first.
    pub fn names(&self) -> impl Iterator<Item = &ImageRef> {
        self.asked().into_iter().chain(&self.further_names)
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
    pub fn comparison(&self) -> Option<Comparison<'_>> {
        self.comparison_with(self.image.as_ref()?, self.own)
    }

    /// The same evidence about another image of the field, whose own repository is `own`.
    pub fn comparison_with<'b>(
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

    /// A warning about it.
    pub(crate) fn warning(&self, code: WarningCode, message: String) -> Warning {
        let message = match self.places.len() {
            0 | 1 => message,
            places => format!("{message} (in {places} places)"),
        };
        Warning {
            code,
            module: Some(self.module),
            infra: self.infra,
            field: Some(self.field.clone()),
            message,
        }
    }
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
