//! Gathers what dialects come upon: classifies values, remembers where they stand, gives positions.

use std::collections::HashSet;
use std::ops::Range;

use super::embedded::Embedded;
use super::ignore::{self, Comment};
use super::{
    Dialect, Findings, FoundImage, MAX_IMAGES, NotLiteral, Property, TemplateRef, Unknown,
    Unreadable,
};
use crate::model::image::ImageRef;
use crate::yaml::{self, Node, Positions, Style};

/// What marks an expression within a value: Harness', Drone's and Woodpecker's, Go templates'.
const EXPRESSIONS: [&str; 3] = ["<+", "${", "{{"];

/// What documents were found to hold, by bytes.
pub(super) struct Collector<'t> {
    text: &'t str,
    pub(super) dialect: Dialect,
    pub(super) is_cut: bool,
    images: Vec<Image>,
    unknown: Vec<(usize, Unknown, String)>,
    errors: Vec<(usize, &'static str)>,
    templates: Vec<(String, TemplateRef)>,
    seen: HashSet<usize>,
    path: Vec<String>,
    template: Option<TemplateRef>,
}

struct Image {
    image: String,
    property: Property,
    start: usize,
    span: Option<Range<usize>>,
    style: Style,
    dialect: Dialect,
    path: String,
    template: Option<TemplateRef>,
}

impl<'t> Collector<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            dialect: Dialect::HarnessV0,
            is_cut: false,
            images: Vec::new(),
            unknown: Vec::new(),
            errors: Vec::new(),
            templates: Vec::new(),
            seen: HashSet::new(),
            path: Vec::new(),
            template: None,
        }
    }

    /// Collects within a stage, group or step, which has this identifier if it has one.
    pub(super) fn within(&mut self, identifier: Option<&str>, collect: impl FnOnce(&mut Self)) {
        if let Some(identifier) = identifier {
            self.path.push(identifier.to_owned());
        }
        collect(self);
        if identifier.is_some() {
            self.path.pop();
        }
    }

    /// Collects from the inputs of a template.
    pub(super) fn within_template(&mut self, template: Node<'_>, collect: impl FnOnce(&mut Self)) {
        let reference = TemplateRef::of(template);
        if let Some(reference) = &reference {
            self.templates
                .push((self.path.join("/"), reference.clone()));
        }
        let outer = std::mem::replace(&mut self.template, reference);
        collect(self);
        self.template = outer;
    }

    /// The value at a place where the dialect has an image.
    pub(super) fn image(&mut self, value: Option<Node<'_>>) {
        self.value(value, Property::Image, |written| Some(written.to_owned()));
    }

    /// The tag of an image of this repository, if it is known.
    pub(super) fn tag(&mut self, value: Option<Node<'_>>, repository: Option<&str>) {
        self.value(value, Property::Tag, |written| {
            repository.map(|repository| format!("{repository}:{written}"))
        });
    }

    /// The identity of an image that runs; one that is known only to its machine is left out.
    pub(super) fn running(&mut self, value: Option<Node<'_>>) {
        let written = value.and_then(Node::as_str).unwrap_or_default();
        let image = written
            .strip_prefix("docker-pullable://")
            .unwrap_or(written);
        if image.contains('@') {
            self.value(value, Property::Running, |_| Some(image.to_owned()));
        }
    }

    fn value(
        &mut self,
        value: Option<Node<'_>>,
        property: Property,
        image: impl FnOnce(&str) -> Option<String>,
    ) {
        let Some(node) = value.filter(|node| !node.is_null()) else {
            return;
        };
        let span = node.span();
        if !self.seen.insert(span.start) {
            return;
        }
        let Some(written) = node.as_str().map(str::trim) else {
            // `{{ … }}` without quotes is a mapping to YAML.
            let raw = self.text.get(span.clone()).unwrap_or_default();
            if raw.starts_with("{{") {
                self.add_unknown(span.start, Unknown::Expression);
            }
            return;
        };
        if written.is_empty() {
            return;
        }
        if EXPRESSIONS.iter().any(|mark| written.contains(mark)) {
            self.add_unknown(span.start, Unknown::Expression);
            return;
        }
        let Some(image) = image(written) else {
            self.add_unknown(span.start, Unknown::Repository);
            return;
        };
        if ImageRef::parse(&image).is_err() {
            self.add_unknown(span.start, Unknown::Malformed);
            return;
        }
        if self.images.len() >= MAX_IMAGES {
            self.is_cut = true;
            return;
        }
        self.images.push(Image {
            image,
            property,
            start: span.start,
            span: Some(span),
            style: node.style().unwrap_or(Style::Plain),
            dialect: self.dialect,
            path: self.path.join("/"),
            template: self.template.clone(),
        });
    }

    fn add_unknown(&mut self, start: usize, reason: Unknown) {
        if self.unknown.len() < MAX_IMAGES {
            self.unknown.push((start, reason, self.path.join("/")));
        }
    }

    /// Something that makes the document invalid, at a byte.
    pub(super) fn error(&mut self, at: usize, message: &'static str) {
        self.errors.push((at, message));
    }

    /// Collects from YAML that stands in a scalar.
    pub(super) fn embedded(
        &mut self,
        value: Option<Node<'_>>,
        collect: fn(Node<'_>, &mut Collector<'_>),
    ) {
        let Some((node, inner)) = value.and_then(|node| Some((node, node.as_str()?))) else {
            return;
        };
        let place = Embedded::new(self.text, node.span(), node.style(), inner);
        let mut found = Collector::new(inner);
        found.dialect = self.dialect;
        for document in yaml::documents(inner) {
            match document {
                Ok(document) => collect(document.root(), &mut found),
                Err(error) => self.errors.push((node.span().start, error.message)),
            }
        }
        for mut image in found.images {
            image.span = image.span.and_then(|span| place.outer(span));
            image.start = image.span.as_ref().map_or(place.start(), |span| span.start);
            if self.images.len() >= MAX_IMAGES {
                self.is_cut = true;
                return;
            }
            self.images.push(image);
        }
        for (start, reason, path) in found.unknown {
            let start = place
                .outer(start..start)
                .map_or(place.start(), |span| span.start);
            self.unknown.push((start, reason, path));
        }
    }

    /// Gives everything its position, in one pass over the text.
    pub(super) fn finish(mut self) -> Findings {
        self.images.sort_by_key(|image| image.start);
        self.unknown.sort_by_key(|(start, ..)| *start);
        self.errors.sort_by_key(|(start, _)| *start);
        let mut found = Findings {
            templates: self.templates,
            is_cut: self.is_cut,
            ..Findings::default()
        };
        let mut positions = Positions::new(self.text);
        for image in self.images {
            let end = image.span.as_ref().map_or(image.start, |span| span.end);
            let ignore = match ignore::comment(self.text, image.start, end, image.style) {
                Comment::None => None,
                Comment::Ignore(comment) => Some(comment),
                Comment::Malformed => {
                    self.errors.push((image.start, ignore::MALFORMED));
                    None
                }
            };
            found.images.push(FoundImage {
                image: image.image,
                property: image.property,
                position: positions.find(image.start),
                span: image.span,
                style: image.style,
                dialect: image.dialect,
                path: image.path,
                template: image.template,
                ignore,
            });
        }
        let mut positions = Positions::new(self.text);
        for (start, reason, path) in self.unknown {
            found.not_literal.push(NotLiteral {
                position: positions.find(start),
                reason,
                path,
            });
        }
        self.errors.sort_by_key(|(start, _)| *start);
        let mut positions = Positions::new(self.text);
        for (start, message) in self.errors.into_iter().take(MAX_IMAGES) {
            found.errors.push(Unreadable {
                position: positions.find(start),
                message: message.to_owned(),
            });
        }
        found
    }
}
