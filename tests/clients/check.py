"""All calls of the official client for execution-config, against the example server."""

import json
import sys

import harness_open_api
from harness_open_api.api.execution_config_api import ExecutionConfigApi
from harness_open_api.rest import ApiException

url, account, key, viewer_key = sys.argv[1:]
FIELD, IMAGE = "gitCloneTag", "harness/drone-git:1.6.3-rootless"
passed = 0


def client(key):
    configuration = harness_open_api.Configuration()
    configuration.host = url
    configuration.api_key["x-api-key"] = key
    return ExecutionConfigApi(harness_open_api.ApiClient(configuration))


def check(what, is_right, shown):
    global passed
    if not is_right:
        sys.exit(f"{what}: {shown}")
    passed += 1
    print(f"ok: {what}")


def fails(what, status, words, call):
    try:
        answer = call()
    except ApiException as error:
        message = json.loads(error.body)["message"]
        check(what, error.status == status and words in message, f"{error.status} {error.body}")
    else:
        sys.exit(f"{what}: answered {answer}")


def pinned(api):
    overrides = api.v1_get_customer_config(harness_account=account, overrides_only=True)
    return {name: value for name, value in overrides.to_dict().items() if value}


api = client(key)
defaults = api.v1_get_default_config(harness_account=account)
check("defaults are read", "drone-git" in defaults.git_clone_tag, defaults)
check("there is no override", pinned(api) == {}, pinned(api))

update = [harness_open_api.UpdateExecutionConfigRequestBodyInner(field=FIELD, value=IMAGE)] if hasattr(
    harness_open_api, "UpdateExecutionConfigRequestBodyInner") else [{"field": FIELD, "value": IMAGE}]
answer, status, _ = api.v1_update_execution_config_with_http_info(body=update, harness_account=account)
check("a pin is answered with 201", status == 201 and answer, (answer, status))
check("the pin is there", pinned(api) == {"git_clone_tag": IMAGE}, pinned(api))
merged = api.v1_get_customer_config(harness_account=account, overrides_only=False)
check("`overridesOnly=False` merges", merged.git_clone_tag == IMAGE and merged.default_tag, merged)

answer, status, _ = api.v1_reset_execution_config_with_http_info(body=[FIELD], harness_account=account)
check("a reset by name is answered with 201", status == 201 and answer, (answer, status))
check("the pin is gone", pinned(api) == {}, pinned(api))

api.v1_update_execution_config(body=update, harness_account=account)
answer, status, _ = api.v1_delete_execution_config_with_http_info(harness_account=account)
check("all is cleared with 200", status == 200, (answer, status))
check("nothing is pinned", pinned(api) == {}, pinned(api))

fails("an unknown field is refused", 400, "noSuchTag",
      lambda: api.v1_reset_execution_config(body=["noSuchTag"], harness_account=account))
fails("a viewer may not write", 403, "core_account_edit",
      lambda: client(viewer_key).v1_update_execution_config(body=update, harness_account=account))
fails("a wrong key is refused", 401, "Invalid",
      lambda: client("pat.x.y.z").v1_get_default_config(harness_account=account))
fails("another account is refused", 401, "Invalid",
      lambda: api.v1_get_default_config(harness_account="another"))
print(f"{passed} passed, 0 failed")
