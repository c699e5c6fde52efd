//! Images of a pipeline of the account: written texts give places, resolved texts give images.
//!
//! Where templates are resolved the text is printed anew, so its lines fit nothing; where it is as
//! written, images of templates are missing. Both are read, and an image is brought together with
//! its place by the identifiers of stages, groups and steps around it.

use std::collections::HashMap;

use super::{FoundImage, ImagesOfText, TemplateRef, TextProblem, Unknown};
use crate::model::location::PlaceIgnore;
use crate::yaml::Position;

/// What a pipeline holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PipelineImages {
    /// The images, in the order of the resolved text.
    pub images: Vec<PipelineImage>,
    /// Where an image is used that is an expression or not known, in the written text if it has it, and why.
    pub not_literal: Vec<(Option<Position>, Unknown)>,
    /// What could not be read of the text that gave the images.
    pub errors: Vec<TextProblem>,
    /// Comments of the written text that have no effect.
    pub useless_comments: Vec<TextProblem>,
    /// Whether there are more images than [`super::MAX_IMAGES`].
    pub is_cut: bool,
}

/// An image of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineImage {
    /// The reference.
    pub image: String,
    /// Its place in the written text; none if only the resolved text has it.
    pub position: Option<Position>,
    /// The template that it comes from, or that it is an input of.
    pub template: Option<TemplateRef>,
    /// The comment that takes the place out.
    pub ignore: Option<PlaceIgnore>,
}

/// The images of a pipeline from its text as written and, where the service gave one, its text with
/// templates resolved. A resolved text that cannot be read is as none.
#[must_use]
pub fn find(written: &str, resolved: Option<&str>) -> PipelineImages {
    let written = super::find(written);
    let resolved = resolved
        .map(super::find)
        .filter(|found| found.errors.is_empty());
    match resolved {
        Some(resolved) => merge(written, resolved),
        None => as_written(written),
    }
}

fn as_written(written: ImagesOfText) -> PipelineImages {
    let place = |image: FoundImage| PipelineImage {
        image: image.image,
        position: Some(image.position),
        template: image.template,
        ignore: image.ignore,
    };
    PipelineImages {
        images: written.images.into_iter().map(place).collect(),
        not_literal: written
            .not_literal
            .into_iter()
            .map(|unknown| (Some(unknown.position), unknown.reason))
            .collect(),
        errors: written.errors,
        useless_comments: written.useless_comments,
        is_cut: written.is_cut,
    }
}

fn merge(written: ImagesOfText, resolved: ImagesOfText) -> PipelineImages {
    let mut places: HashMap<(String, String), Vec<FoundImage>> = HashMap::new();
    for image in written.images.into_iter().rev() {
        let key = (image.path.clone(), image.image.clone());
        places.entry(key).or_default().push(image);
    }
    let mut unknown_places: HashMap<String, Vec<Position>> = HashMap::new();
    for unknown in written.not_literal.into_iter().rev() {
        let places = unknown_places.entry(unknown.path).or_default();
        places.push(unknown.position);
    }
    let templates: HashMap<String, TemplateRef> = written.templates.into_iter().collect();
    let mut merged = PipelineImages {
        is_cut: written.is_cut || resolved.is_cut,
        useless_comments: written.useless_comments,
        ..PipelineImages::default()
    };
    for image in resolved.images {
        let key = (image.path, image.image);
        let place = places.get_mut(&key).and_then(Vec::pop);
        let (path, image_text) = key;
        let (position, template, ignore) = match place {
            Some(place) => (Some(place.position), place.template, place.ignore),
            None => (None, nearest(&templates, &path), None),
        };
        merged.images.push(PipelineImage {
            image: image_text,
            position,
            template,
            ignore,
        });
    }
    for unknown in resolved.not_literal {
        let place = unknown_places.get_mut(&unknown.path).and_then(Vec::pop);
        merged.not_literal.push((place, unknown.reason));
    }
    merged
}

/// The template of the innermost part of the pipeline that refers to one.
fn nearest(templates: &HashMap<String, TemplateRef>, path: &str) -> Option<TemplateRef> {
    let mut path = path;
    loop {
        if let Some(template) = templates.get(path) {
            return Some(template.clone());
        }
        if path.is_empty() {
            return None;
        }
        path = path.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
}

#[cfg(test)]
mod tests;
