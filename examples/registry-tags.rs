//! Reads the tags of images as a run does, and prints what became known:
//! `registry-tags https://registry.example.com/mirror harness/ci-addon:1.16.3 …`
//! `REGISTRY_USERNAME` and `REGISTRY_PASSWORD`, or `DOCKER_CONFIG_JSON`, may hold a login;
//! `--dates` asks for digest and date of each image's tag as well, `--catalog` for the catalog.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::error::Error;
use std::time::Duration;

use harness_images::http::Http;
use harness_images::model::facts::Coverage;
use harness_images::model::image::ImageRef;
use harness_images::model::policy::ReleaseUnit;
use harness_images::redact::Secrets;
use harness_images::registry::{
    Extent, Question, Registries, RegistryAccess, RegistryBase, TagProperty, TagQuery,
};
use harness_images::settings::{DockerConfig, Network, RegistryLogin};
use tokio::time::Instant;
use url::Url;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work())
}

async fn work() -> Result<(), Box<dyn Error>> {
    let (options, words): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|word| word.starts_with("--"));
    let has = |option: &str| options.iter().any(|known| known == option);
    let (base, images) = words.split_first().ok_or("name a registry and images")?;
    let base = RegistryBase::from_url(&Url::parse(base)?).ok_or("that is no registry")?;
    let images: Vec<ImageRef> = images
        .iter()
        .map(|text| ImageRef::parse(text))
        .collect::<Result<_, _>>()?;
    let login = match (env::var("REGISTRY_USERNAME"), env::var("REGISTRY_PASSWORD")) {
        (Ok(username), Ok(password)) => Some(RegistryLogin {
            username,
            password: password.into(),
        }),
        _ => None,
    };
    let config = match env::var("DOCKER_CONFIG_JSON") {
        Ok(text) => Some(DockerConfig::parse(&text).ok_or("DOCKER_CONFIG_JSON is no config.json")?),
        Err(_) => None,
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    let http = Http::new(&Network::default(), 16, deadline, Secrets::default())?;
    let (access, mut notices) =
        RegistryAccess::new(base, login.as_ref(), config.as_ref(), None, http.secrets());
    let registries = Registries::new(&http, &access);
    let questions: Vec<Question> = images
        .iter()
        .map(|image| Question {
            image,
            default: Some(image),
            is_same: true,
            releases: 3,
            unit: ReleaseUnit::Minor,
            extent: Extent::Verdict,
        })
        .collect();
    let mut collected = registries.read(&questions).await;
    if has("--dates") {
        let mut queries = Vec::new();
        for repository in &collected.repositories {
            let own = |image: &&ImageRef| repository.repository.ends_with(image.repository());
            let Some(image) = images.iter().find(own) else {
                continue;
            };
            for property in [TagProperty::Digest, TagProperty::Published] {
                queries.push(TagQuery {
                    registry: repository.registry.clone(),
                    repository: repository.repository.clone(),
                    tag: image.pulled_tag().unwrap_or_default().to_owned(),
                    property,
                });
            }
        }
        registries
            .describe(&mut collected.repositories, &queries)
            .await;
    }
    for known in &collected.repositories {
        let coverage = match &known.coverage {
            Coverage::Complete => "complete".to_owned(),
            Coverage::Newest => "newest".to_owned(),
            Coverage::Missing => "missing".to_owned(),
            Coverage::Incomplete(reason) => format!("incomplete ({reason})"),
            Coverage::Unavailable(reason) => format!("unavailable ({reason})"),
        };
        println!(
            "{} {}: {} tags, {coverage}",
            known.registry,
            known.repository,
            known.tags.len()
        );
        for tag in known.tags.iter() {
            if let (digest, Some(published)) = (tag.digest.as_deref(), tag.published) {
                let digest = digest.unwrap_or("-");
                println!("  {} {digest} {published}", tag.name);
            }
        }
    }
    if has("--catalog") {
        match registries.catalog().await {
            Some(names) => println!("catalog: {}", names.join(" ")),
            None => println!("catalog: none"),
        }
    }
    notices.append(&mut collected.notices);
    for notice in notices {
        eprintln!("{}: {}", notice.code, notice.message);
    }
    Ok(())
}
