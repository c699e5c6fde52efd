//! Which call a request is, whether it may be made, and what it does.

use std::sync::Mutex;

use harness_images::model::module::{ApiStyle, Infra, Module};
use serde_json::{Value, json};

use super::answers::{error, forbidden, invalid, json_answer, page, success};
use super::faults::{Call, Fault};
use super::pipeline_routes;
use super::store::{self, Overrides};
use super::wire::{Answer, Logged, Reply};
use super::{
    ACCOUNT, DbopsPaths, KEY, NoneStyle, OTHER_KEY, Options, Rejection, ResetForms, Shared,
    VIEWER_KEY,
};

/// Fields with their new values; `None` removes the override.
type Changes = Vec<(String, Option<String>)>;

/// What a request asks for.
struct Asked {
    call: Call,
    module: Module,
    infra: Option<Infra>,
}

pub(super) fn answer(shared: &Mutex<Shared>, got: Logged) -> Reply {
    let (id, options, route) = {
        let mut shared = shared.lock().unwrap();
        shared.log.push(got.clone());
        shared.answered += 1;
        let id = format!("c0ffee00-0000-4000-8000-{:012}", shared.answered);
        let options = shared.options.clone();
        let route = route(&options, &got);
        (id, options, route)
    };
    if got.path == format!("{}/registry/_catalog", options.prefix) && got.method == "GET" {
        return Reply::Answer(catalog(&shared.lock().unwrap().store));
    }
    if let Some(reply) = pipeline_routes::answer(shared, &options, &got, &id) {
        return reply;
    }
    let (call, module) = match route {
        Ok(found) => found,
        Err(Nowhere::Missing) => return Reply::Answer(error(&id, 404)),
        Err(Nowhere::Page) => return Reply::Answer(page(200)),
    };
    let asked = match check(&options, &got, call, module, &id) {
        Ok(asked) => asked,
        Err(refused) => return Reply::Answer(refused),
    };
    let fault = shared.lock().unwrap().faults.next(call);
    let is_given = matches!(fault, Some(Fault::Answer(..)));
    let reply = with_fault(
        fault,
        call,
        &id,
        |part| carry_out(shared, &options, &asked, &got, &id, part),
        |(module, infra, field, value)| {
            let mut shared = shared.lock().unwrap();
            shared
                .store
                .set_override(module, infra, &field, value.as_deref());
        },
    );
    if is_bare(&options, module) && !is_given {
        bare_error(reply)
    } else {
        reply
    }
}

/// The repositories of all defaults, as the registry of the documents lists them.
fn catalog(store: &store::Store) -> Answer {
    let mut names: Vec<String> = [Infra::K8, Infra::Vm]
        .into_iter()
        .flat_map(|infra| store.defaults(Module::Ci, Some(infra)).into_values())
        .filter_map(|image| Some(image.split_once(':')?.0.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    json_answer(200, &json!({"repositories": names}))
}

/// Errors without an envelope are a message and nothing else.
fn bare_error(reply: Reply) -> Reply {
    let Reply::Answer(answer) = reply else {
        return reply;
    };
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    match body["message"].as_str() {
        Some(message) if answer.status >= 400 => Reply::Answer(Answer {
            body: json!({"message": message}).to_string().into_bytes(),
            ..answer
        }),
        _ => Reply::Answer(answer),
    }
}

/// Does the call's work as far as the fault allows; `work` takes the number of fields to save, or
/// `None` for all.
pub(super) fn with_fault(
    fault: Option<Fault>,
    call: Call,
    id: &str,
    work: impl FnOnce(Option<usize>) -> Answer,
    meanwhile: impl FnOnce((Module, Option<Infra>, String, Option<String>)),
) -> Reply {
    let Some(fault) = fault else {
        return Reply::Answer(work(None));
    };
    let failed = |status| match status {
        403 => forbidden(id, call),
        _ => error(id, status),
    };
    match fault {
        Fault::Status(status) => Reply::Answer(failed(status)),
        Fault::SaveThenStatus(status) => {
            work(None);
            Reply::Answer(failed(status))
        }
        Fault::Cut => Reply::Cut,
        Fault::SaveThenCut => {
            work(None);
            Reply::Cut
        }
        Fault::CutBody => Reply::Half(work(None)),
        Fault::Hang => Reply::Hang,
        Fault::SaveThenHang => {
            work(None);
            Reply::Hang
        }
        Fault::PretendSuccess => Reply::Answer(work(Some(0))),
        Fault::SavePart(fields) => Reply::Answer(work(Some(fields))),
        Fault::Meanwhile(module, infra, field, value) => {
            let answer = work(None);
            meanwhile((module, infra, field, value));
            Reply::Answer(answer)
        }
        Fault::Page => Reply::Answer(page(200)),
        Fault::Busy(retry_after) => {
            let mut answer = error(id, 429);
            answer.headers.push(("Retry-After", retry_after));
            Reply::Answer(answer)
        }
        Fault::Answer(status, content_type, body) => Reply::Answer(Answer {
            status,
            content_type,
            headers: Vec::new(),
            body,
        }),
    }
}

enum Nowhere {
    Missing,
    Page,
}

/// What follows the module's `execution-config`, if the path is one of those that document it.
fn rest(module: Module, path: &str) -> Option<&str> {
    let roots = module.api().into_iter().flat_map(|api| api.roots);
    roots.into_iter().find_map(|root| {
        path.strip_prefix(&format!("/{}/execution-config", root.join("/")))
    })
}

/// Whether answers have no envelope; `dbops_envelope` gives them one.
fn is_bare(options: &Options, module: Module) -> bool {
    has_bare_style(module) && !options.dbops_envelope
}

fn has_bare_style(module: Module) -> bool {
    module.api().is_some_and(|api| api.style == ApiStyle::Bare)
}

fn route(options: &Options, got: &Logged) -> Result<(Call, Module), Nowhere> {
    let path = got
        .path
        .strip_prefix(&options.prefix)
        .ok_or(Nowhere::Missing)?;
    if path == "/gateway/ng/api/connectors/harnessImage" && got.method == "GET" {
        return Ok((Call::Connector, Module::Ci));
    }
    let (module, rest) = Module::HARNESS
        .into_iter()
        .find_map(|module| Some((module, rest(module, path)?)))
        .ok_or(Nowhere::Missing)?;
    if module == Module::Dbops {
        match (options.dbops, path.starts_with("/gateway")) {
            (DbopsPaths::Both | DbopsPaths::Gateway, true) => {}
            (DbopsPaths::Both | DbopsPaths::Plain | DbopsPaths::PlainAndPage, false) => {}
            (DbopsPaths::PlainAndPage, true) => return Err(Nowhere::Page),
            _ => return Err(Nowhere::Missing),
        }
    }
    let call = match (got.method.as_str(), rest) {
        ("GET", "/get-default-config") => Call::Defaults,
        ("GET", "/get-customer-config") => Call::Overrides,
        ("POST", "/update-config") => Call::Update,
        ("POST", "/reset-config") => Call::Reset,
        ("DELETE", "" | "/") => Call::Clear,
        _ => return Err(Nowhere::Missing),
    };
    Ok((call, module))
}

/// Key, account and infrastructure.
fn check(
    options: &Options,
    got: &Logged,
    call: Call,
    module: Module,
    id: &str,
) -> Result<Asked, Answer> {
    let may_write = match got.key() {
        Some(KEY) => true,
        Some(OTHER_KEY) => return Err(error(id, 401)),
        Some(VIEWER_KEY) => false,
        None if has_bare_style(module) && options.lenient => true,
        _ => return Err(error(id, 401)),
    };
    let (name, account) = if has_bare_style(module) {
        ("Harness-Account", got.header("harness-account"))
    } else {
        ("accountIdentifier", got.query("accountIdentifier"))
    };
    match account {
        Some(ACCOUNT) => {}
        // Another account's id with a valid key is a wrong token as well.
        Some(_) => return Err(error(id, 401)),
        None => return Err(invalid(id, name, "must not be null")),
    }
    let infra = match got.query("infra").map(str::to_ascii_uppercase).as_deref() {
        _ if call == Call::Connector || !module.has_infra() => None,
        Some("K8") => Some(Infra::K8),
        Some("VM") => Some(Infra::Vm),
        Some(_) => return Err(invalid(id, "infra", "must be one of K8, VM")),
        None => return Err(invalid(id, "infra", "must not be null")),
    };
    if !may_write && Call::AnyWrite.includes(call) {
        return Err(forbidden(id, call));
    }
    let has_body = matches!(call, Call::Update | Call::Reset);
    if has_body && !got.is_json() {
        return Err(error(id, 415));
    }
    Ok(Asked {
        call,
        module,
        infra,
    })
}

fn carry_out(
    shared: &Mutex<Shared>,
    options: &Options,
    asked: &Asked,
    got: &Logged,
    id: &str,
    part: Option<usize>,
) -> Answer {
    let (module, infra) = (asked.module, asked.infra);
    match asked.call {
        Call::Defaults => {
            let fields = shared.lock().unwrap().store.defaults(module, infra);
            read_answer(options, module, id, Some(json!(fields)))
        }
        Call::Overrides => {
            let shared = shared.lock().unwrap();
            let only = got.query("overridesOnly").unwrap_or_default();
            if only.eq_ignore_ascii_case("false") {
                let merged = shared.store.merged(module, infra);
                return read_answer(options, module, id, Some(json!(merged)));
            }
            let overrides = shared.store.overrides_behind(module, infra, options.lag);
            let known = shared.store.defaults(module, infra);
            read_answer(options, module, id, shown(options.none, overrides, known))
        }
        Call::Connector => match &options.connector {
            None => error(id, 404),
            Some((status, body)) => Answer {
                body: body.clone().into_bytes(),
                ..json_answer(*status, &Value::Null)
            },
        },
        _ => write(shared, options, asked, got, id, part),
    }
}

/// Overrides as they are shown, in the way "none" is written.
fn shown(style: NoneStyle, overrides: Overrides, known: Overrides) -> Option<Value> {
    match style {
        NoneStyle::Null if overrides.is_empty() => Some(Value::Null),
        NoneStyle::Absent if overrides.is_empty() => None,
        NoneStyle::Blanks => {
            let blanks = [json!(""), Value::Null];
            let mut fields: serde_json::Map<String, Value> =
                known.into_keys().zip(blanks.into_iter().cycle()).collect();
            fields.extend(
                overrides
                    .into_iter()
                    .map(|(field, value)| (field, json!(value))),
            );
            Some(Value::Object(fields))
        }
        _ => Some(json!(overrides)),
    }
}

fn read_answer(options: &Options, module: Module, id: &str, data: Option<Value>) -> Answer {
    if is_bare(options, module) {
        json_answer(200, &data.unwrap_or(Value::Null))
    } else {
        success(id, data)
    }
}

/// Reads the document, thinks for a while, and writes it back: not locked in between.
fn write(
    shared: &Mutex<Shared>,
    options: &Options,
    asked: &Asked,
    got: &Logged,
    id: &str,
    part: Option<usize>,
) -> Answer {
    let (module, infra) = (asked.module, asked.infra);
    let (known, mut document) = {
        let mut shared = shared.lock().unwrap();
        shared.writing += 1;
        shared.max_writing = shared.max_writing.max(shared.writing);
        (
            shared.store.defaults(module, infra),
            shared.store.document(module),
        )
    };
    let changes = match asked.call {
        Call::Clear => Ok(Changes::new()),
        Call::Update => updates(&got.body, &known),
        _ => resets(&got.body, &known, forms(options, module)),
    };
    if changes.is_ok() {
        std::thread::sleep(options.pause);
    }
    let mut shared = shared.lock().unwrap();
    shared.writing -= 1;
    match changes {
        Err(field) if options.rejection == Rejection::Oops => {
            drop(field);
            return error(id, 500);
        }
        Err(field) => return invalid(id, &field, "is not a known field"),
        Ok(_) if asked.call == Call::Clear => {
            if part.is_none() {
                document.clear();
            }
        }
        Ok(mut changes) => {
            changes.truncate(part.unwrap_or(usize::MAX));
            store::change(&mut document, module, infra, &changes);
        }
    }
    shared.store.replace(module, document);
    if is_bare(options, module) {
        let status = if asked.call == Call::Clear { 200 } else { 201 };
        json_answer(status, &json!(true))
    } else if options.bare_writes {
        json_answer(200, &json!(true))
    } else {
        success(id, Some(json!(true)))
    }
}

/// What an update asks for; the name of what is wrong if anything is. Values are not looked at.
fn updates(body: &[u8], known: &Overrides) -> Result<Changes, String> {
    let list: Vec<Value> = serde_json::from_slice(body).map_err(|_| "body".to_owned())?;
    list.iter()
        .map(|entry| {
            let field = known_field(entry["field"].as_str(), known)?;
            let value = entry["value"].as_str().ok_or("value")?.to_owned();
            Ok((field, Some(value)))
        })
        .collect()
}

/// What a reset asks for, in one of the forms that are taken.
fn resets(body: &[u8], known: &Overrides, forms: ResetForms) -> Result<Changes, String> {
    let list: Vec<Value> = serde_json::from_slice(body).map_err(|_| "body".to_owned())?;
    list.iter()
        .map(|entry| {
            let name = match forms {
                ResetForms::Names => entry.as_str(),
                ResetForms::Objects => entry["field"].as_str(),
                ResetForms::Both => entry.as_str().or(entry["field"].as_str()),
            };
            Ok((known_field(name, known)?, None))
        })
        .collect()
}

fn known_field(name: Option<&str>, known: &Overrides) -> Result<String, String> {
    let name = name.ok_or("field")?;
    if known.contains_key(name) {
        Ok(name.to_owned())
    } else {
        Err(name.to_owned())
    }
}

/// Those with an envelope take objects only.
fn forms(options: &Options, module: Module) -> ResetForms {
    if has_bare_style(module) {
        options.dbops_reset
    } else {
        ResetForms::Objects
    }
}
