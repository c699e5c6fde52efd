//! Images found in files and pipelines: which of them are judged, by which default, and where they
//! may be asked for. Whoever writes a file must not choose the host that this program talks to.

use std::collections::{BTreeMap, BTreeSet};

use super::default_of::{default_of, further_names, newest_of};
use super::in_use::{FoundPlace, InUse};
use super::selection::selected;
use crate::model::facts::Facts;
use crate::model::image::{DOCKER_IO, ImageRef, canonical_registry};
use crate::model::module::Module;
use crate::model::policy::{Identity, SameAs};
use crate::model::row::Source;
use crate::settings::{FilesSetting, PipelinesSetting, Settings};

/// The images that the settings select, each once with all its places, in order of their texts.
pub(super) fn in_use<'a>(facts: &'a Facts, settings: &Settings) -> Vec<InUse<'a>> {
    if facts.found.is_empty() {
        return Vec::new();
    }
    let scope = FoundScope::new(facts, settings);
    let crowded = crowded_lines(facts);
    let mut places: BTreeMap<(Source, &str), Vec<FoundPlace<'a>>> = BTreeMap::new();
    for found in &facts.found {
        let source = found.location.source();
        if is_asked_for(settings, source) {
            let mut field = found.location.to_string();
            if crowded.contains(&field) {
                field = found.location.with_column();
            }
            let of_image = places.entry((source, found.image.as_str())).or_default();
            of_image.push(FoundPlace { found, field });
        }
    }
    let judged = places
        .into_iter()
        .filter_map(|((source, text), mut places)| {
            let image = ImageRef::parse(text).ok();
            if !scope.is_meant(image.as_ref()) {
                return None;
            }
            places.sort_by(|one, other| one.found.location.cmp(&other.found.location));
            Some(scope.image(source, text, image, places))
        });
    judged.collect()
}

/// Whether the settings ask for images of files, or of pipelines.
pub(super) fn is_asked_for(settings: &Settings, source: Source) -> bool {
    match source {
        Source::File => settings.files != FilesSetting::Off,
        Source::Pipeline => settings.pipelines != PipelinesSetting::Off,
        Source::Override | Source::Default | Source::Setting => false,
    }
}

/// Lines that hold more than one image.
fn crowded_lines(facts: &Facts) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let fields = facts.found.iter().map(|found| found.location.to_string());
    fields.filter(|field| !seen.insert(field.clone())).collect()
}

/// What the settings and the account say about images that are found.
struct FoundScope<'a, 's> {
    facts: &'a Facts,
    settings: &'s Settings,
    defaults: Vec<ImageRef>,
    hosts: BTreeSet<String>,
    /// Registries that `same_as` names.
    mirrors: BTreeSet<String>,
}

impl<'a, 's> FoundScope<'a, 's> {
    fn new(facts: &'a Facts, settings: &'s Settings) -> Self {
        let configs = selected(facts, settings);
        let defaults = configs.iter().flat_map(|config| config.default.values());
        Self {
            facts,
            settings,
            defaults: defaults
                .filter_map(|value| ImageRef::parse(value.as_text()?).ok())
                .collect(),
            hosts: hosts(facts, settings),
            mirrors: settings.same_as.hosts().collect(),
        }
    }

    /// Whether `repositories` covers an image, `same_as` and prefixes of mirrors taken off.
    fn is_meant(&self, image: Option<&ImageRef>) -> bool {
        let repositories = &self.settings.repositories;
        let Some(image) = image else {
            let mut patterns = repositories.patterns.iter();
            return patterns.any(|pattern| pattern.as_str() == "*");
        };
        let publisher = self.settings.same_as.published(image);
        let name = publisher.as_ref().unwrap_or(image).name();
        let mut patterns = repositories.patterns.iter();
        let mut defaults = self.defaults.iter();
        patterns.any(|pattern| pattern.matches(name))
            || repositories.of_defaults && defaults.any(|default| self.is_same(image, default))
    }

    /// Whether an image is the default's. By the last part of its path alone only if it is in the
    /// registry that the account pulls from: elsewhere anyone may have published it.
    fn is_same(&self, image: &ImageRef, default: &ImageRef) -> bool {
        match self.same_as().identity(image, default) {
            Identity::Same => true,
            Identity::Assumed => self.is_at_base(image),
            Identity::Other => false,
        }
    }

    fn same_as(&self) -> &SameAs {
        &self.settings.same_as
    }

    fn is_at_base(&self, image: &ImageRef) -> bool {
        let base = self.facts.registry.as_deref().map(host_of);
        base.is_some() && image.registry().map(canonical_registry) == base
    }

    fn image(
        &self,
        source: Source,
        text: &str,
        image: Option<ImageRef>,
        places: Vec<FoundPlace<'a>>,
    ) -> InUse<'a> {
        let module = match source {
            Source::File => Module::File,
            Source::Pipeline => Module::Pipeline,
            Source::Override | Source::Default | Source::Setting => Module::Image,
        };
        let field = places.first().map(|place| place.field.clone());
        let field = field.unwrap_or_default();
        let elsewhere = image.as_ref().and_then(|image| self.elsewhere(image));
        let asked = elsewhere.as_ref().or(image.as_ref());
        let published = image.as_ref().and_then(|image| self.published(image));
        let known = image.as_ref().and_then(|image| {
            let is_same = |default: &ImageRef| self.is_same(image, default);
            default_of(self.facts, self.settings, image, is_same)
        });
        let further_names = match asked {
            Some(asked) if known.is_none() => further_names(asked, published.clone()),
            Some(_) | None => Vec::new(),
        };
        let stand_in = || newest_of(self.facts, asked?, published.as_ref());
        let known = known.map(|default| (default, false));
        let (default, default_is_bound) = known.or_else(stand_in).unzip();
        let default_text = default.as_ref().map(ImageRef::to_string);
        let in_use = InUse::new(
            self.facts,
            (module, None, &field),
            source,
            (text, image),
            (default_text.as_deref(), default),
        );
        InUse {
            // Nothing is known of a registry that was not asked.
            own: in_use.own.filter(|_| elsewhere.is_none()),
            elsewhere,
            further_names,
            places,
            default_is_bound: default_is_bound == Some(true),
            ..in_use
        }
    }

    /// An image whose registry neither the settings nor the account name, rewritten to the registry
    /// at which it is asked for.
    fn elsewhere(&self, image: &ImageRef) -> Option<ImageRef> {
        let host = canonical_registry(image.registry()?);
        if self.hosts.contains(&host) || self.mirrors.contains(&host) {
            return None;
        }
        plain(image)
    }

    /// The publisher's name of an image, as `same_as` says. In a registry that only `same_as` names, an image
    /// that it does not cover has the name under which it would be asked for without.
    fn published(&self, image: &ImageRef) -> Option<ImageRef> {
        if let Some(published) = self.same_as().published(image) {
            return self.elsewhere(&published).or(Some(published));
        }
        let host = canonical_registry(image.registry()?);
        let is_mirror = self.mirrors.contains(&host) && !self.hosts.contains(&host);
        is_mirror.then(|| plain(image)).flatten()
    }
}

/// An image without registry and mirror's prefix.
fn plain(image: &ImageRef) -> Option<ImageRef> {
    let version = image.to_string();
    let version = version.strip_prefix(&image.without_tag().to_string())?;
    ImageRef::parse(&format!("{}{version}", image.name())).ok()
}

/// Registries that the settings or the account name: with those of `same_as` the only ones that are asked.
fn hosts(facts: &Facts, settings: &Settings) -> BTreeSet<String> {
    let bases = [facts.registry.as_deref(), facts.upstream.as_deref()];
    let configs = facts.configs.iter();
    let values =
        configs.flat_map(|config| config.default.values().chain(config.overrides.values()));
    let images = values.filter_map(|value| ImageRef::parse(value.as_text()?).ok());
    let images = images.chain(settings.images.iter().cloned());
    bases
        .into_iter()
        .flatten()
        .map(host_of)
        .chain(images.filter_map(|image| image.registry().map(canonical_registry)))
        .chain([DOCKER_IO.to_owned()])
        .collect()
}

/// The canonical host of a host with an optional path.
fn host_of(base: &str) -> String {
    canonical_registry(base.split('/').next().unwrap_or(base))
}
