"""What people do with the Python client."""

import datetime
import json
import logging
import os
import threading
import time

from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.informer import SharedInformer
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock

from check import check, contains, cut_connections, end, equal, eventually

NAMESPACE = "python"
# The library tells of cut connections; only the checks count.
logging.disable(logging.CRITICAL)


def login(context):
    return config.new_client_from_config(context=context)


api = login("certificate")
core = client.CoreV1Api(api)
apps = client.AppsV1Api(api)


def refused(code, reason, call, *args, **kwargs):
    """The Status with which the server refuses."""
    try:
        call(*args, **kwargs)
    except ApiException as error:
        status = json.loads(error.body)
        equal([error.status, status["code"], status["reason"]], [code, code, reason])
        return status
    raise AssertionError("it is not refused")


def config_map(name, data=None, labels=None):
    metadata = client.V1ObjectMeta(name=name, labels=labels)
    return client.V1ConfigMap(metadata=metadata, data=data)


def create_map(name, data=None, labels=None):
    return core.create_namespaced_config_map(NAMESPACE, config_map(name, data, labels))


def deployment(name):
    labels = {"app": name}
    container = client.V1Container(name="web", image="nginx:1")
    return client.V1Deployment(
        metadata=client.V1ObjectMeta(name=name),
        spec=client.V1DeploymentSpec(
            selector=client.V1LabelSelector(match_labels=labels),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels=labels),
                spec=client.V1PodSpec(containers=[container]),
            ),
        ),
    )


def names(items):
    return [item.metadata.name for item in items]


@check("a certificate logs in")
def _():
    user = client.AuthenticationV1Api(api).create_self_subject_review({}).status.user_info
    contains(user.groups, "system:masters")


@check("a token logs in")
def _():
    reviews = client.AuthenticationV1Api(login("token"))
    user = reviews.create_self_subject_review({}).status.user_info
    equal([user.username, user.uid], ["admin", "u-admin"])
    equal(user.groups, ["system:masters", "system:authenticated"])


@check("a wrong token does not")
def _():
    stranger = client.CoreV1Api(login("stranger"))
    refused(401, "Unauthorized", stranger.list_namespace)


core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))


@check("the version is 1.36, and groups and resources are discovered")
def _():
    version = client.VersionApi(api).get_code()
    equal([version.major, version.minor], ["1", "36"])
    groups = {group.name: group for group in client.ApisApi(api).get_api_versions().groups}
    equal(groups["apps"].preferred_version.version, "v1")
    kinds = {one.name: one.kind for one in core.get_api_resources().resources}
    equal([kinds["configmaps"], kinds["pods/eviction"]], ["ConfigMap", "Eviction"])


@check("an object is created and read as it was written")
def _():
    made = create_map("crud", {"a": "1"})
    equal(made.data, {"a": "1"})
    equal(made.metadata.creation_timestamp.utcoffset(), datetime.timedelta(0))
    equal(core.read_namespaced_config_map("crud", NAMESPACE), made)


@check("it cannot be created twice")
def _():
    status = refused(409, "AlreadyExists", create_map, "crud")
    equal(status["message"], 'configmaps "crud" already exists')


@check("it is replaced, and a stale replacement is refused")
def _():
    made = core.read_namespaced_config_map("crud", NAMESPACE)
    stale = made.metadata.resource_version
    made.data = {"b": "2"}
    now = core.replace_namespaced_config_map("crud", NAMESPACE, made)
    equal(now.data, {"b": "2"})
    made.metadata.resource_version = stale
    replace = core.replace_namespaced_config_map
    status = refused(409, "Conflict", replace, "crud", NAMESPACE, made)
    contains(status["message"], "the object has been modified")


@check("an invalid object is refused with its fields")
def _():
    create = apps.create_namespaced_deployment
    status = refused(422, "Invalid", create, NAMESPACE, deployment("Bad_Name"))
    equal(status["details"]["causes"][0]["field"], "metadata.name")


@check("it is deleted, alone and in a collection")
def _():
    equal(core.delete_namespaced_config_map("crud", NAMESPACE).status, "Success")
    refused(404, "NotFound", core.read_namespaced_config_map, "crud", NAMESPACE)
    create_map("d1", labels={"doomed": "x"})
    create_map("d2", labels={"doomed": "x"})
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="doomed")
    equal(core.list_namespaced_config_map(NAMESPACE, label_selector="doomed").items, [])


@check("a list comes in pages of one version")
def _():
    for name in ["p1", "p2", "p3", "p4", "p5"]:
        create_map(name, labels={"page": "x"})
    found, versions, token = [], set(), None
    while token != "":
        page = core.list_namespaced_config_map(NAMESPACE, limit=2, _continue=token)
        found += names(page.items)
        versions.add(page.metadata.resource_version)
        token = page.metadata._continue or ""
    equal([name for name in found if name.startswith("p")], ["p1", "p2", "p3", "p4", "p5"])
    equal(len(versions), 1)


@check("an expired token is refused with one to go on from")
def _():
    past = os.environ["PAST_NAMESPACE"]
    token = os.environ["PAST_CONTINUE"]
    status = refused(410, "Expired", core.list_namespaced_secret, past, _continue=token)
    rest = core.list_namespaced_secret(past, _continue=status["metadata"]["continue"])
    equal(names(rest.items), ["b", "c"])


@check("lists come as tables where that is asked for")
def _():
    answer = api.call_api(
        f"/api/v1/namespaces/{NAMESPACE}/configmaps",
        "GET",
        header_params={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"},
        auth_settings=["BearerToken"],
        _preload_content=False,
        _return_http_data_only=True,
    )
    table = json.loads(answer.data)
    equal(table["kind"], "Table")
    equal([column["name"] for column in table["columnDefinitions"]], ["Name", "Data", "Age"])


def images(now):
    return [f"{one.name}={one.image}" for one in now.spec.template.spec.containers]


def containers(*some):
    return {"spec": {"template": {"spec": {"containers": list(some)}}}}


apps.create_namespaced_deployment(NAMESPACE, deployment("patched"))


@check("a JSON patch")
def _():
    patch = apps.patch_namespaced_deployment
    body = [
        {"op": "test", "path": "/spec/replicas", "value": 1},
        {"op": "replace", "path": "/spec/replicas", "value": 2},
    ]
    equal(patch("patched", NAMESPACE, body).spec.replicas, 2)
    refused(422, "Invalid", patch, "patched", NAMESPACE, body)


@check("a strategic merge patch merges lists by name")
def _():
    body = containers({"name": "other", "image": "busybox:1"})
    now = apps.patch_namespaced_deployment("patched", NAMESPACE, body)
    equal(images(now), ["other=busybox:1", "web=nginx:1"])


@check("status and scale are views of the deployment")
def _():
    body = {"spec": {"replicas": 9}, "status": {"replicas": 3}}
    now = apps.patch_namespaced_deployment_status("patched", NAMESPACE, body)
    equal([now.spec.replicas, now.status.replicas], [2, 3])
    scale = apps.patch_namespaced_deployment_scale("patched", NAMESPACE, {"spec": {"replicas": 4}})
    equal([scale.spec.replicas, scale.status.selector], [4, "app=patched"])


anything = dynamic.DynamicClient(api)
deployments = anything.resources.get(api_version="apps/v1", kind="Deployment")
config_maps = anything.resources.get(api_version="v1", kind="ConfigMap")


@check("the dynamic client patches by merging")
def _():
    now = deployments.patch(
        body=containers({"name": "only", "image": "busybox:2"}),
        name="patched",
        namespace=NAMESPACE,
        content_type="application/merge-patch+json",
    )
    equal(images(now), ["only=busybox:2"])


def apply(manager, data, **options):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": data}
    return config_maps.server_side_apply(
        body=body, name="applied", namespace=NAMESPACE, field_manager=manager, **options
    )


@check("the dynamic client applies, and knows the manager")
def _():
    (entry,) = apply("one", {"a": "1", "b": "1"}).metadata.managedFields
    equal([entry.manager, entry.operation], ["one", "Apply"])
    equal(entry.fieldsV1.to_dict(), {"f:data": {"f:a": {}, "f:b": {}}})


@check("another manager conflicts, and force wins")
def _():
    status = refused(409, "Conflict", apply, "two", {"a": "2"})
    equal(status["message"], 'Apply failed with 1 conflict: conflict with "one": .data.a')
    now = apply("two", {"a": "2"}, force_conflicts=True)
    equal(now.data.to_dict(), {"a": "2", "b": "1"})
    equal(apply("one", {}).data.to_dict(), {"a": "2"})


def told(version, last):
    """The events after a version until one."""
    watcher = watch.Watch()
    events = []
    stream = watcher.stream(
        core.list_namespaced_config_map,
        NAMESPACE,
        resource_version=version,
        label_selector="watched",
        timeout_seconds=20,
    )
    for event in stream:
        one = event["object"].metadata
        events.append((f"{event['type']} {one.name}", one.resource_version))
        if events[-1][0] == last:
            watcher.stop()
    return events


events = []


@check("a watch tells of changes in their order")
def _():
    before = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    labels = {"watched": "x"}
    create_map("w1", labels=labels)
    create_map("w2", labels=labels)
    create_map("unseen")
    core.patch_namespaced_config_map("w1", NAMESPACE, {"data": {"a": "2"}})
    later = threading.Timer(0.3, core.delete_namespaced_config_map, ["w1", NAMESPACE])
    later.start()
    events.extend(told(before, "DELETED w1"))
    later.join()
    expected = ["ADDED w1", "ADDED w2", "MODIFIED w1", "DELETED w1"]
    equal([line for line, _ in events], expected)


@check("a watch resumes after any event")
def _():
    for index, (_, version) in enumerate(events[:-1]):
        equal(told(version, "DELETED w1"), events[index + 1 :])


@check("a watch from too old a version is told 410")
def _():
    try:
        for event in watch.Watch().stream(
            core.list_namespaced_secret,
            os.environ["PAST_NAMESPACE"],
            resource_version=os.environ["PAST_VERSION"],
            timeout_seconds=5,
        ):
            raise AssertionError(event["type"])
    except ApiException as error:
        equal(error.status, 410)
        contains(error.reason, "too old")
        return
    raise AssertionError("it is not refused")


seen = []
informer = SharedInformer(core.list_namespaced_config_map, namespace=NAMESPACE, label_selector="informed")
for kind in ["ADDED", "MODIFIED", "DELETED"]:
    informer.add_event_handler(
        kind, lambda one, kind=kind: seen.append(f"{kind} {one.metadata.name} {one.data['a']}")
    )


def sees(*lines):
    eventually(lambda: set(lines) <= set(seen), lambda: seen)


def cached():
    return sorted(names(informer.cache.list()))


@check("an informer lists, then sees add, update and delete")
def _():
    labels = {"informed": "x"}
    create_map("i1", {"a": "1"}, labels)
    informer.start()
    sees("ADDED i1 1")
    create_map("i2", {"a": "1"}, labels)
    core.patch_namespaced_config_map("i2", NAMESPACE, {"data": {"a": "2"}})
    core.delete_namespaced_config_map("i2", NAMESPACE)
    sees("DELETED i2 2")
    equal(seen, ["ADDED i1 1", "ADDED i2 1", "MODIFIED i2 2", "DELETED i2 2"])
    equal(cached(), ["i1"])


@check("it goes on where its connection was cut")
def _():
    cut_connections()
    core.patch_namespaced_config_map("i1", NAMESPACE, {"data": {"a": "3"}})
    create_map("i3", {"a": "1"}, {"informed": "x"})
    core.delete_namespaced_config_map("i1", NAMESPACE)
    sees("DELETED i1 3")
    equal(seen[4:], ["MODIFIED i1 3", "ADDED i3 1", "DELETED i1 3"])
    equal(cached(), ["i3"])


@check("a candidate becomes leader")
def _():
    # The library logs in by the configuration of the process, and never stops leading.
    config.load_kube_config()
    started = threading.Event()
    election = electionconfig.Config(
        ConfigMapLock("leader", NAMESPACE, "candidate"),
        lease_duration=17,
        renew_deadline=15,
        retry_period=1,
        onstarted_leading=started.set,
        onstopped_leading=None,
    )
    threading.Thread(target=leaderelection.LeaderElection(election).run, daemon=True).start()
    equal(started.wait(20), True)
    lock = core.read_namespaced_config_map("leader", NAMESPACE)
    record = json.loads(lock.metadata.annotations["control-plane.alpha.kubernetes.io/leader"])
    equal(record["holderIdentity"], "candidate")


GROUP = "python.example.com"


@check("a definition is established")
def _():
    definitions = client.ApiextensionsV1Api(api)
    properties = {"text": {"type": "string"}, "times": {"type": "integer", "default": 1}}
    spec = {"type": "object", "properties": properties}
    schema = {"type": "object", "properties": {"spec": spec}}
    body = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"greetings.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"plural": "greetings", "singular": "greeting", "kind": "Greeting"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }
    definitions.create_custom_resource_definition(body)

    def conditions():
        made = definitions.read_custom_resource_definition(f"greetings.{GROUP}")
        return {one.type: one.status for one in made.status.conditions or []}

    eventually(lambda: conditions().get("Established") == "True", conditions)


def greeting(name, text):
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "Greeting",
        "metadata": {"name": name},
        "spec": {"text": text},
    }


@check("custom objects are written, defaulted and refused")
def _():
    custom = client.CustomObjectsApi(api)
    where = (GROUP, "v1", NAMESPACE, "greetings")
    made = custom.create_namespaced_custom_object(*where, greeting("hello", "hi"))
    equal(made["spec"], {"text": "hi", "times": 1})
    wrong = greeting("wrong", 1)
    refused(422, "Invalid", custom.create_namespaced_custom_object, *where, wrong)
    equal(len(custom.list_namespaced_custom_object(*where)["items"]), 1)


@check("the dynamic client finds, patches and watches them")
def _():
    greetings = dynamic.DynamicClient(api).resources.get(api_version=f"{GROUP}/v1", kind="Greeting")
    now = greetings.patch(
        body={"spec": {"times": 2}},
        name="hello",
        namespace=NAMESPACE,
        content_type="application/merge-patch+json",
    )
    equal(now.spec.to_dict(), {"text": "hi", "times": 2})
    version = greetings.get(namespace=NAMESPACE).metadata.resourceVersion
    greetings.create(body=greeting("bye", "bye"), namespace=NAMESPACE)
    greetings.delete(name="bye", namespace=NAMESPACE)
    watcher = watch.Watch()
    kinds = []
    for event in greetings.watch(
        namespace=NAMESPACE, resource_version=version, timeout=10, watcher=watcher
    ):
        kinds.append(event["type"])
        if event["type"] == "DELETED":
            watcher.stop()
    equal(kinds, ["ADDED", "DELETED"])


end()
# Threads of the library would go on.
os._exit(0)
