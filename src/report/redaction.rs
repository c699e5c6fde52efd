//! The last search for secrets before anything is reported.

use super::Report;
use crate::model::location::Location;
use crate::redact::Secrets;

impl Report {
    /// Takes secrets out of every text of the report. Answers are searched as they come in;
    /// this catches what came in by other ways, such as a key pasted into another setting.
    pub fn redact(&mut self, secrets: &Secrets) {
        let redact = |text: &mut String| {
            if let std::borrow::Cow::Owned(clean) = secrets.redact(text) {
                *text = clean;
            }
        };
        let pattern = |pattern: &str| secrets.redact(pattern).into_owned();
        let policy = &mut self.policy;
        policy.supported_releases = policy.supported_releases.rewritten(pattern);
        policy.release_unit = policy.release_unit.rewritten(pattern);
        policy.supported_days = policy.supported_days.rewritten(pattern);
        self.account.iter_mut().for_each(redact);
        for row in &mut self.images {
            let texts = [
                &mut row.field,
                &mut row.image,
                &mut row.reason,
                &mut row.advice,
            ];
            texts.into_iter().for_each(redact);
            row.default
                .iter_mut()
                .chain(&mut row.newest_hotfix)
                .for_each(redact);
            row.window.iter_mut().for_each(redact);
            row.location.iter_mut().for_each(|at| location(at, redact));
            if let Some(list) = &mut row.list {
                redact(&mut list.registry);
                redact(&mut list.repository);
            }
            for release in &mut row.releases {
                redact(&mut release.release);
                redact(&mut release.newest);
            }
        }
        for change in &mut self.changes {
            redact(&mut change.field);
            redact(&mut change.why);
            change
                .from
                .iter_mut()
                .chain(&mut change.to)
                .for_each(redact);
        }
        for newly in self.newly.iter_mut().flatten() {
            redact(&mut newly.field);
            redact(&mut newly.image);
        }
        for listed in &mut self.list {
            redact(&mut listed.image);
            listed
                .fields
                .iter_mut()
                .chain(&mut listed.tags)
                .for_each(redact);
        }
        if let Some(mirror) = &mut self.mirror {
            redact(&mut mirror.registry);
            for image in &mut mirror.images {
                redact(&mut image.source);
                redact(&mut image.target);
                let digest = image.digest.iter_mut();
                digest.chain(&mut image.tag).for_each(redact);
                let why = &mut image.why;
                let names = why.in_use.iter_mut().chain(&mut why.window);
                names.chain(&mut image.note).for_each(redact);
            }
        }
        for warning in &mut self.warnings {
            redact(&mut warning.message);
            warning.field.iter_mut().for_each(redact);
        }
        self.errors.iter_mut().for_each(redact);
        self.registries.iter_mut().for_each(redact);
        self.patch
            .iter_mut()
            .chain(&mut self.patch_file)
            .for_each(redact);
    }
}

fn location(location: &mut Location, redact: impl Fn(&mut String)) {
    match location {
        Location::File(at) => redact(&mut at.file),
        Location::Pipeline(at) => {
            redact(&mut at.org);
            redact(&mut at.project);
            redact(&mut at.pipeline);
            let others = at.template.iter_mut().chain(&mut at.url);
            others.chain(&mut at.input_set).for_each(redact);
        }
    }
}
