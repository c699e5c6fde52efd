//! Every image in use, found in the facts and judged: rows and warnings of the report.

use std::collections::BTreeMap;

use super::end_of_support::end_by_version;
use super::selection::names;
use super::words::{self, ended as ended_sentence};
use super::{
    InUse, Judgement, floating, image_warnings, in_use, is_missing, judge, pairs, patch_target,
    version_of, warnings,
};
use crate::model::facts::Facts;
use crate::model::location::Found;
use crate::model::policy::{FailOn, Ignore, Policy};
use crate::model::row::{Row, Source, Summary};
use crate::model::tag::Tag;
use crate::model::verdict::Verdict;
use crate::model::warning::Warning;
use crate::settings::Settings;

/// Rows and warnings.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// One row per image in use.
    pub rows: Vec<Row>,
    /// Warnings about rows, ignores, fields and registries.
    pub warnings: Vec<Warning>,
}

/// The rules that the settings ask for, counted from their `as_of`, else from when the facts were taken.
pub fn policy(settings: &Settings, facts: &Facts) -> Policy {
    Policy {
        supported_releases: settings.supported_releases.clone(),
        supported_days: settings.supported_days.clone(),
        release_unit: settings.release_unit.clone(),
        deploy_window_days: settings.deploy_window_days,
        same_as: settings.same_as.clone(),
        as_of: crate::model::date::day(settings.as_of.unwrap_or(facts.taken_at)),
    }
}

/// Judges every image that the settings select.
pub fn judge_all(facts: &Facts, settings: &Settings, policy: &Policy) -> Judged {
    let mut judged = Judged {
        rows: Vec::new(),
        warnings: warnings::notices(facts),
    };
    let in_use = in_use(facts, settings);
    // The same images are often in use on several infrastructures.
    let mut known = BTreeMap::new();
    for image in &in_use {
        let judgement: &Judgement = known.entry(image.what_counts()).or_insert_with(|| {
            let judgement = image.judge(policy);
            image.with_patch(judgement, settings.patch_releases_back, policy)
        });
        judged
            .warnings
            .extend(image_warnings::about(image, judgement));
        let rows = image.rows(judgement, policy, &settings.ignore);
        judged.rows.extend(rows);
    }
    judged
        .warnings
        .extend(warnings::not_images(facts, settings));
    judged.warnings.extend(pairs::differing(&in_use, policy));
    judged.warnings.extend(warnings::registries(&in_use));
    judged
        .warnings
        .extend(warnings::ignores(facts, settings, &in_use, policy.as_of));
    judged
        .warnings
        .extend(warnings::found(facts, settings, &in_use, policy.as_of));
    judged
        .warnings
        .extend(warnings::not_in_snapshot(facts, settings));
    judged
        .warnings
        .extend(warnings::unmatched(facts, settings, &in_use));
    judged
}

/// Counts by verdict.
pub fn summary(rows: &[Row], fail_on: &FailOn) -> Summary {
    let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    Summary {
        images: rows.len(),
        counts: Verdict::ALL
            .into_iter()
            .map(|verdict| (verdict.as_str(), count(verdict)))
            .collect(),
        missing: rows.iter().filter(|row| row.is_missing()).count(),
        failed: rows
            .iter()
            .any(|row| fail_on.fails(row.verdict, row.missing)),
    }
}

impl InUse<'_> {
    /// The judgement, before ignores.
    pub fn judge(&self, policy: &Policy) -> Judgement {
        match self.comparison() {
            Some(comparison) => judge(&comparison, policy),
            None => self.without_default(policy),
        }
    }

    /// What a patch does with an image of a file, where it does not move it to the latest release.
    fn with_patch(&self, judgement: Judgement, back: usize, policy: &Policy) -> Judgement {
        let is_moved =
            back > 0 && self.source == Source::File && judgement.verdict.info().is_patched;
        let moved = self.comparison().filter(|_| is_moved);
        let advice = moved.and_then(|comparison| {
            let tag = patch_target(&comparison, policy, back).ok()?;
            let verdict = judgement.verdict;
            Some(words::advice(verdict, &comparison, Tag::parse(&tag)))
        });
        Judgement {
            advice: advice.unwrap_or(judgement.advice),
            ..judgement
        }
    }

    /// There is nothing to compare with; whether the image floats and can be pulled is known all the same.
    fn without_default(&self, policy: &Policy) -> Judgement {
        let nothing = Judgement::unverified(self.why_incomparable(), policy);
        let Some(image) = &self.image else {
            return nothing;
        };
        let ended = end_by_version(image, image.name(), policy);
        let (verdict, reason) = match ended {
            Some(reason) => (Verdict::Unsupported, ended_sentence(reason, policy.as_of)),
            None if version_of(image, self.own).is_none() => (Verdict::Floating, floating(image)),
            None => (nothing.verdict, nothing.reason),
        };
        Judgement {
            verdict,
            reason,
            is_missing: is_missing(image, self.own),
            ..nothing
        }
    }

    /// All of an image in use that its judgement depends on, given the facts.
    pub(crate) fn what_counts(&self) -> (&str, bool, Option<&str>, Source) {
        (
            &self.text,
            self.image.is_some(),
            self.default_text.as_deref(),
            self.source,
        )
    }

    fn why_incomparable(&self) -> String {
        match (&self.image, &self.default, &self.default_text) {
            (None, ..) => "the value is no image reference".to_owned(),
            (_, None, Some(_)) => "the default is no image reference".to_owned(),
            (_, None, None) if !self.source.is_field() => {
                "no default and no published tag of its variant is known".to_owned()
            }
            _ => "Harness has no default for this field".to_owned(),
        }
    }

    /// One row, or one for each place where the image was found.
    fn rows(&self, judgement: &Judgement, policy: &Policy, ignores: &[Ignore]) -> Vec<Row> {
        let row = |field, place| self.row(judgement.clone(), policy, ignores, field, place);
        if self.places.is_empty() {
            return vec![row(&self.field, None)];
        }
        let places = self.places.iter();
        places
            .map(|place| row(&place.field, Some(place.found)))
            .collect()
    }

    fn row(
        &self,
        judgement: Judgement,
        policy: &Policy,
        ignores: &[Ignore],
        field: &str,
        found: Option<&Found>,
    ) -> Row {
        let by_setting = ignores
            .iter()
            .filter(|ignore| ignore.applies_on(policy.as_of))
            .find(|ignore| names(&ignore.field, self.module, self.infra, field))
            .map(|ignore| (ignore.reason.as_deref(), ignore.until));
        let by_comment = found
            .and_then(|found| found.ignored.as_ref())
            .filter(|ignore| ignore.applies_on(policy.as_of))
            .map(|ignore| (ignore.reason.as_deref(), ignore.until));
        let ignored = by_setting.or(by_comment);
        let reason = match ignored.and_then(|(reason, _)| reason) {
            Some(why) => format!("{} (ignored: {why})", judgement.reason),
            None => judgement.reason,
        };
        let advice = if judgement.is_missing {
            words::advice_for_missing(judgement.verdict, &judgement.advice, self.own)
        } else {
            judgement.advice
        };
        Row {
            module: self.module,
            infra: self.infra,
            field: field.to_owned(),
            source: self.source,
            image: self.text.clone(),
            location: found.map(|found| found.location.clone()),
            default: self.default_text.clone(),
            verdict: if ignored.is_some() {
                Verdict::Ignored
            } else {
                judgement.verdict
            },
            judged: judgement.verdict,
            release_unit: judgement.unit,
            releases_behind: judgement.releases_behind,
            window: judgement.window,
            evidence: judgement.evidence,
            list: judgement.list,
            newest_hotfix: judgement.newest_hotfix,
            missing: judgement.is_missing,
            published: judgement.published,
            deploy_by: judgement.deploy_by,
            leaves_support_on: judgement.leaves_support_on,
            reason,
            advice,
            ignored_until: ignored.and_then(|(_, until)| until),
            releases: judgement.releases,
        }
    }
}
