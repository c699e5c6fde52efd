//! Tag lists and the catalog.

use super::{Behaviour, LinkForm, Reply, Repository, Shared, Silence, query};
use crate::received::Received;

impl Shared {
    pub(super) fn list(&self, request: &Received, name: &str, repository: &Repository) -> Reply {
        let count = self.count(&format!("list {name}"));
        let all = repository.tags.as_slice();
        let whole = || page(name, all);
        let last = query(request, "last");
        match &repository.behaviour {
            Behaviour::Healthy => whole(),
            Behaviour::Pages(size, form) => {
                self.page(request, "tags", name, all, *size, Some(*form))
            }
            Behaviour::CutHonestly(size) => self.page(request, "tags", name, all, *size, None),
            Behaviour::Cut(size) => page(name, &all[..*size]),
            Behaviour::NoLast(size) => {
                let asked = query(request, "n").and_then(|n| n.parse().ok());
                page(name, &all[..asked.unwrap_or(*size).min(*size)])
            }
            Behaviour::BusyOnce(after) if count == 0 => {
                Reply::error(429, "TOOMANYREQUESTS").header("Retry-After", after)
            }
            Behaviour::BusyForEver => Reply::error(429, "TOOMANYREQUESTS"),
            Behaviour::UnavailableTwice if count < 2 => Reply::error(503, "UNAVAILABLE"),
            Behaviour::BusyOnce(_) | Behaviour::UnavailableTwice => whole(),
            Behaviour::Status(status, body) => Reply::new(*status, body.clone()),
            Behaviour::Body(body) => Reply::new(200, body.clone()),
            Behaviour::CutShort(times) => {
                let mut reply = whole();
                if count < *times {
                    reply.missing = reply.body.len() / 2;
                }
                reply
            }
            Behaviour::Link(value) => {
                whole().header("Link", value.replace("ADDRESS", &self.address))
            }
            Behaviour::NeverAdvances => whole().header(
                "Link",
                format!("</v2/{name}/tags/list?page={count}>; rel=\"next\""),
            ),
            Behaviour::Endless => page(name, &[format!("1.{count}.0")])
                .header("Link", format!("<?n=1000&last=1.{count}.0>; rel=\"next\"")),
            Behaviour::EmptyPages => page(name, if last.is_none() { all } else { &[] })
                .header("Link", format!("<?n=1000&last={count}>; rel=\"next\"")),
            Behaviour::SecondPage(status) if last.is_some() => Reply::error(*status, "UNKNOWN"),
            Behaviour::SecondPage(_) => whole().header("Link", "<?last=x>; rel=\"next\""),
            Behaviour::NoPageSize if query(request, "n").is_some() => {
                Reply::error(400, "PAGINATION_NUMBER_INVALID")
            }
            Behaviour::NoPageSize => whole(),
            Behaviour::Redirect(to) => Reply::new(307, "").header("Location", to),
            Behaviour::Hang => Reply::silence(Silence::Hold),
            Behaviour::Close => Reply::silence(Silence::Close),
        }
    }

    pub(super) fn catalog(&self, request: &Received) -> Reply {
        if !self.options.catalog {
            return Reply::error(403, "DENIED");
        }
        let names: Vec<String> = self.options.repositories.keys().cloned().collect();
        self.page(
            request,
            "repositories",
            "",
            &names,
            100,
            Some(LinkForm::Relative),
        )
    }

    fn page(
        &self,
        request: &Received,
        key: &str,
        name: &str,
        all: &[String],
        size: usize,
        form: Option<LinkForm>,
    ) -> Reply {
        let from = match query(request, "last") {
            Some(last) => all
                .iter()
                .position(|tag| *tag == last)
                .map_or(all.len(), |at| at + 1),
            None => 0,
        };
        let asked = query(request, "n")
            .and_then(|n| n.parse().ok())
            .unwrap_or(size);
        let to = all.len().min(from + size.min(asked));
        let body = serde_json::json!({"name": name, (key): &all[from..to]});
        let reply = Reply::new(200, body.to_string());
        let (Some(form), true) = (form, to < all.len()) else {
            return reply;
        };
        let path = request.url().path().to_owned();
        let next = format!("{path}?n={asked}&last={}", all[to - 1]);
        let address = &self.address;
        reply.header(
            "Link",
            match form {
                LinkForm::Relative => format!("<{next}>; rel=\"next\""),
                LinkForm::Absolute => format!("<http://{address}{next}>; rel=\"next\""),
                LinkForm::Crowded => format!(
                    "<{path}>; rel=\"first\"; title=\"a, <b>; rel=next\" , <http://{address}{next}> ;REL = \"last Next\""
                ),
            },
        )
    }
}

fn page(name: &str, tags: &[String]) -> Reply {
    Reply::new(
        200,
        serde_json::json!({"name": name, "tags": tags}).to_string(),
    )
}
