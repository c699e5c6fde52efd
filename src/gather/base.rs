//! Where registries are asked: as the settings say, else as the account does.

use crate::harness::{Connector, HarnessError};
use crate::model::facts::Notice;
use crate::model::image::DOCKER_IO;
use crate::model::warning::WarningCode;
use crate::registry::RegistryBase;
use crate::settings::{RegistrySetting, Settings, UpstreamSetting};

/// Docker Hub was asked because no better address is known.
pub(super) const UNRESOLVED: WarningCode = WarningCode::RegistryUnresolved;

/// Where tags of images without registry are read: the setting, else the account's connector, else Docker Hub.
/// `None` if nothing is to be asked.
pub(super) fn base(
    settings: &Settings,
    connector: Option<Result<Connector, HarnessError>>,
    notices: &mut Vec<Notice>,
) -> Option<RegistryBase> {
    let mut unresolved = |message: String| {
        notices.push(Notice {
            code: UNRESOLVED,
            message,
        });
        Some(RegistryBase::docker_hub())
    };
    match (&settings.registry, connector) {
        (RegistrySetting::Off, _) => None,
        (RegistrySetting::Base(url), _) => RegistryBase::from_url(url)
            .or_else(|| unresolved("`registry` names no host; Docker Hub was asked".to_owned())),
        (RegistrySetting::Auto, Some(Ok(Connector::Registry { url }))) => {
            let base = RegistryBase::from_url(&url).map(RegistryBase::of_account);
            base.or_else(|| {
                unresolved(
                    "the account's connector names no host; set `registry`. Docker Hub was asked"
                        .to_owned(),
                )
            })
        }
        (RegistrySetting::Auto, Some(Ok(Connector::NeedsSetting { kind }))) => unresolved(format!(
            "the account's connector is of the type {kind}, which names no address; set `registry`. Docker Hub was asked"
        )),
        (RegistrySetting::Auto, Some(Err(error))) => unresolved(format!(
            "it is unknown where the account pulls images from; set `registry`. Docker Hub was asked: {error}"
        )),
        (RegistrySetting::Auto, Some(Ok(Connector::DockerHub { is_anonymous: true }))) => {
            notices.push(Notice {
                code: WarningCode::AnonymousPulls,
                message: "the connector `account.harnessImage` pulls from Docker Hub without a login, which Docker Hub limits by address".to_owned(),
            });
            Some(RegistryBase::docker_hub())
        }
        (
            RegistrySetting::Auto,
            Some(Ok(Connector::DockerHub {
                is_anonymous: false,
            }))
            | None,
        ) => Some(RegistryBase::docker_hub()),
    }
}

/// Where releases are counted, as the settings say: a host with an optional path.
pub(crate) fn upstream(settings: &Settings, registry: Option<&str>) -> Option<String> {
    match &settings.upstream {
        UpstreamSetting::Off => None,
        UpstreamSetting::Hub => Some(DOCKER_IO.to_owned()),
        UpstreamSetting::Registry => registry.map(str::to_owned),
        UpstreamSetting::Base(url) => RegistryBase::from_url(url).map(|base| base.to_string()),
    }
}
