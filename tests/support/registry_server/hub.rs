//! Docker Hub's web API: `/v2/namespaces/<namespace>/repositories/<name>/tags`.

use super::{Behaviour, Image, Reply, Repository, Shared, query};
use crate::received::Received;

const MAX_PAGE: usize = 100;

impl Shared {
    pub(super) fn hub(&self, request: &Received, rest: &str) -> Reply {
        match self.options.hub {
            Some(200) => {}
            Some(status) => return Reply::new(status, "<html>no</html>"),
            None => return Reply::new(404, "<html>no</html>"),
        }
        let missing = || Reply::new(404, r#"{"message":"object not found","errinfo":{}}"#);
        let parts: Vec<&str> = rest.split('/').collect();
        let [namespace, "repositories", name, "tags", tag @ ..] = parts.as_slice() else {
            return missing();
        };
        let Some(repository) = self
            .options
            .repositories
            .get(&format!("{namespace}/{name}"))
        else {
            return missing();
        };
        if let [tag] = tag {
            return if repository.tags.iter().any(|known| known == tag) {
                Reply::new(200, entry(repository, tag).to_string())
            } else {
                missing()
            };
        }
        if let Behaviour::Status(status, body) = &repository.behaviour {
            return Reply::new(*status, body.clone());
        }
        let number = |name: &str| {
            query(request, name)
                .and_then(|text| text.parse::<usize>().ok())
        };
        let size = number("page_size").unwrap_or(10).min(MAX_PAGE);
        let page = number("page").unwrap_or(1);
        let from = (page - 1) * size;
        if from >= repository.tags.len() && page > 1 {
            return missing();
        }
        let to = repository.tags.len().min(from + size);
        if let (Behaviour::SecondPage(status), true) = (&repository.behaviour, page > 1) {
            return Reply::new(*status, "");
        }
        let results: Vec<_> = repository.tags[from..to]
            .iter()
            .map(|tag| entry(repository, tag))
            .collect();
        let next = (to < repository.tags.len()).then(|| {
            // As behind a proxy: the address is the original's.
            format!("https://hub.docker.com/v2/namespaces/{namespace}/repositories/{name}/tags?page={}&page_size={size}", page + 1)
        });
        let body = serde_json::json!({
            "count": repository.tags.len(), "next": next, "previous": null, "results": results,
        });
        Reply::new(200, body.to_string())
    }
}

fn entry(repository: &Repository, tag: &str) -> serde_json::Value {
    let none = Image::default();
    let image = repository.images.get(tag).unwrap_or(&none);
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let platform = |size: Option<&u64>| serde_json::json!({"architecture": "amd64", "digest": text(&image.digest), "size": size});
    let mut platforms: Vec<_> = image
        .sizes
        .iter()
        .map(|size| platform(Some(size)))
        .collect();
    if platforms.is_empty() {
        platforms.push(platform(None));
    }
    serde_json::json!({
        "name": tag, "full_size": image.sizes.first(), "digest": text(&image.digest),
        "last_updated": text(&image.last_updated), "images": platforms,
    })
}
