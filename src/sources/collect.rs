//! Gathers what dialects come upon: classifies values, remembers where they stand, gives positions.

use std::collections::HashSet;
use std::ops::Range;

use super::embedded::Embedded;
use super::ignore::Comments;
use super::{
    Dialect, FoundImage, ImagesOfText, MAX_ERRORS, MAX_IMAGES, NotLiteral, Property, TemplateRef,
    TextProblem, Unknown,
};
use crate::model::image::{ImageRef, is_digest};
use crate::model::tag::Tag;
use crate::yaml::{self, Document, Node, Position, Positions, Style};

/// What marks an expression within a value: Harness', Drone's and Woodpecker's, Go templates'.
const EXPRESSIONS: [&str; 3] = ["<+", "${", "{{"];

/// What documents were found to hold, by bytes.
pub(super) struct Collector<'t> {
    text: &'t str,
    pub(super) dialect: Dialect,
    pub(super) is_cut: bool,
    images: Vec<(usize, FoundImage)>,
    unknown: Vec<(usize, (Unknown, String))>,
    errors: Vec<(usize, &'static str)>,
    comments: Comments,
    /// Comments of embedded texts that have no effect.
    useless_comments: Vec<(usize, &'static str)>,
    templates: Vec<(String, TemplateRef)>,
    seen: HashSet<usize>,
    path: Vec<String>,
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
            comments: Comments::find(text),
            useless_comments: Vec::new(),
            templates: Vec::new(),
            seen: HashSet::new(),
            path: Vec::new(),
            template: None,
        }
    }

    /// Collects from a document of the text.
    pub(super) fn document(
        &mut self,
        document: &Document<'_>,
        collect: impl FnOnce(Node<'_>, &mut Self),
    ) {
        self.comments.leave_out_scalars(document);
        collect(document.root(), self);
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

    /// The image of a container, and the identity of what it runs if that is known. Where a tag may stand for any
    /// version, the image is that tag with the digest that runs.
    pub(super) fn container(
        &mut self,
        value: Option<Node<'_>>,
        running: Option<Node<'_>>,
        property: Property,
    ) {
        let digest = running
            .and_then(Node::as_str)
            .and_then(|identity| identity.split_once('@'))
            .map(|(_, digest)| digest)
            .filter(|digest| is_digest(digest));
        self.value(value, property, |written| {
            let floats = ImageRef::parse(written).is_ok_and(|image| {
                image.digest().is_none() && image.tag().and_then(Tag::parse).is_none()
            });
            Some(match digest {
                Some(digest) if floats => format!("{written}@{digest}"),
                _ => written.to_owned(),
            })
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
                self.add_unknown(&span, Style::Plain, Unknown::Expression);
            }
            return;
        };
        if written.is_empty() {
            return;
        }
        let style = node.style().unwrap_or(Style::Plain);
        if EXPRESSIONS.iter().any(|mark| written.contains(mark)) {
            self.add_unknown(&span, style, Unknown::Expression);
            return;
        }
        let Some(image) = image(written) else {
            self.add_unknown(&span, style, Unknown::Repository);
            return;
        };
        if ImageRef::parse(&image).is_err() {
            self.add_unknown(&span, style, Unknown::Malformed);
            return;
        }
        if self.images.len() >= MAX_IMAGES {
            self.is_cut = true;
            return;
        }
        let image = FoundImage {
            image,
            property,
            // Given by `finish`, for all images at once.
            position: Position::START,
            ignore: self.comments.ignore(&span, style),
            span: Some(span.clone()),
            style,
            dialect: self.dialect,
            path: self.path.join("/"),
            template: self.template.clone(),
        };
        self.images.push((span.start, image));
    }

    fn add_unknown(&mut self, span: &Range<usize>, style: Style, reason: Unknown) {
        let is_ignored = self.comments.ignore(span, style).is_some();
        if !is_ignored && self.unknown.len() < MAX_IMAGES {
            let path = self.path.join("/");
            self.unknown.push((span.start, (reason, path)));
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
                Ok(document) => found.document(&document, collect),
                Err(error) => self.errors.push((node.span().start, error.message)),
            }
        }
        let is_read = self.errors.is_empty();
        let useless = found.comments.without_effect(is_read);
        self.useless_comments
            .extend(useless.map(|(at, reason)| (place.start_of(at), reason)));
        for (_, mut image) in found.images {
            image.span = image.span.and_then(|span| place.outer(span));
            let start = image.span.as_ref().map_or(place.start, |span| span.start);
            if self.images.len() >= MAX_IMAGES {
                self.is_cut = true;
                return;
            }
            self.images.push((start, image));
        }
        let unknown = found.unknown.into_iter();
        self.unknown
            .extend(unknown.map(|(at, unknown)| (place.start_of(at), unknown)));
    }

    /// Gives everything its position, in one pass over the text, of which `is_read` says whether all
    /// documents could be read.
    pub(super) fn finish(self, is_read: bool) -> ImagesOfText {
        let mut useless = self.useless_comments;
        useless.extend(
            self.comments
                .without_effect(is_read && self.errors.is_empty()),
        );
        let text = self.text;
        ImagesOfText {
            images: placed(text, self.images)
                .map(|(position, image)| FoundImage { position, ..image })
                .collect(),
            not_literal: placed(text, self.unknown)
                .map(|(position, (reason, path))| NotLiteral {
                    position,
                    reason,
                    path,
                })
                .collect(),
            errors: placed(text, self.errors)
                .take(MAX_IMAGES)
                .map(problem)
                .collect(),
            useless_comments: placed(text, useless)
                .take(MAX_ERRORS)
                .map(problem)
                .collect(),
            templates: self.templates,
            is_cut: self.is_cut,
        }
    }
}

/// What was found at bytes, in the order of the text, with positions.
fn placed<T>(text: &str, mut found: Vec<(usize, T)>) -> impl Iterator<Item = (Position, T)> {
    found.sort_by_key(|(start, _)| *start);
    let mut positions = Positions::new(text);
    let place = move |(start, found)| (positions.find(start), found);
    found.into_iter().map(place)
}

fn problem((position, message): (Position, &str)) -> TextProblem {
    TextProblem {
        position,
        message: message.to_owned(),
    }
}
