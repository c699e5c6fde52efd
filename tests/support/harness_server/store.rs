//! Defaults and overrides of the account.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use harness_images::model::module::{Infra, Module};

pub type Overrides = BTreeMap<String, String>;

/// Overrides of one module: one document for all infrastructures, read and written as a whole.
pub(super) type Document = BTreeMap<&'static str, Overrides>;

pub(super) struct Store {
    defaults: BTreeMap<(Module, &'static str), Overrides>,
    documents: BTreeMap<Module, Document>,
    /// Documents that were replaced, and when.
    former: Vec<(Instant, Module, Document)>,
}

/// Fields that the merged read of the 2023 server forgot.
const FORGOTTEN: [&str; 3] = ["ssca", "slsa", "provenance"];

impl Store {
    pub(super) fn new() -> Self {
        let k8 = fields(include_str!(
            "../../data/execution-config/ci-k8-default-2025.json"
        ));
        let vm = fields(include_str!(
            "../../data/execution-config/ci-vm-default-2023.json"
        ));
        // The five documented images, and the other fields of the OpenAPI with images of like names.
        let dbops = fields(include_str!(
            "../../data/execution-config/dbops-default-openapi.json"
        ));
        let mut defaults = BTreeMap::new();
        for module in Module::HARNESS {
            if module.has_infra() {
                defaults.insert((module, Infra::K8.as_str()), k8.clone());
                defaults.insert((module, Infra::Vm.as_str()), vm.clone());
            } else {
                defaults.insert((module, ""), dbops.clone());
            }
        }
        Self {
            defaults,
            documents: BTreeMap::new(),
            former: Vec::new(),
        }
    }

    pub(super) fn defaults(&self, module: Module, infra: Option<Infra>) -> Overrides {
        let key = (module, section(module, infra));
        self.defaults.get(&key).cloned().unwrap_or_default()
    }

    pub(super) fn set_default(
        &mut self,
        module: Module,
        infra: Option<Infra>,
        field: &str,
        value: &str,
    ) {
        self.defaults
            .entry((module, section(module, infra)))
            .or_default()
            .insert(field.to_owned(), value.to_owned());
    }

    pub(super) fn overrides(&self, module: Module, infra: Option<Infra>) -> Overrides {
        let document = self.document(module);
        document
            .get(section(module, infra))
            .cloned()
            .unwrap_or_default()
    }

    pub(super) fn set_override(
        &mut self,
        module: Module,
        infra: Option<Infra>,
        field: &str,
        value: Option<&str>,
    ) {
        let mut document = self.document(module);
        let value = value.map(str::to_owned);
        change(&mut document, module, infra, &[(field.to_owned(), value)]);
        self.replace(module, document);
    }

    /// Defaults and overrides merged, as the 2023 server did it: blank overrides do not count.
    pub(super) fn merged(&self, module: Module, infra: Option<Infra>) -> Overrides {
        let mut merged = self.defaults(module, infra);
        for (field, value) in self.overrides(module, infra) {
            let is_forgotten = FORGOTTEN.iter().any(|prefix| field.starts_with(prefix));
            if !is_forgotten && !value.trim().is_empty() {
                merged.insert(field, value);
            }
        }
        merged
    }

    pub(super) fn document(&self, module: Module) -> Document {
        self.documents.get(&module).cloned().unwrap_or_default()
    }

    pub(super) fn replace(&mut self, module: Module, document: Document) {
        let former = self.documents.insert(module, document).unwrap_or_default();
        self.former.push((Instant::now(), module, former));
    }

    /// All that was written so far has arrived everywhere.
    pub(super) fn settle(&mut self) {
        self.former.clear();
    }

    /// The overrides as a copy of the document has them that is behind by `lag`.
    pub(super) fn overrides_behind(
        &self,
        module: Module,
        infra: Option<Infra>,
        lag: Duration,
    ) -> Overrides {
        let was_replaced =
            |(when, of, _): &&(Instant, Module, Document)| *of == module && when.elapsed() < lag;
        match self.former.iter().find(was_replaced) {
            Some((_, _, former)) => former
                .get(section(module, infra))
                .cloned()
                .unwrap_or_default(),
            None => self.overrides(module, infra),
        }
    }
}

/// Sets (or, without a value, removes) fields in a document.
pub(super) fn change(
    document: &mut Document,
    module: Module,
    infra: Option<Infra>,
    fields: &[(String, Option<String>)],
) {
    let part = document.entry(section(module, infra)).or_default();
    for (field, value) in fields {
        match value {
            Some(value) => part.insert(field.clone(), value.clone()),
            None => part.remove(field),
        };
    }
}

fn section(module: Module, infra: Option<Infra>) -> &'static str {
    if module.has_infra() {
        infra.unwrap_or(Infra::K8).as_str()
    } else {
        ""
    }
}

/// The fields of a recorded answer, with or without envelope.
fn fields(json: &str) -> Overrides {
    let answer: serde_json::Value = serde_json::from_str(json).unwrap();
    let fields = answer.get("data").unwrap_or(&answer).clone();
    serde_json::from_value(fields).unwrap()
}
