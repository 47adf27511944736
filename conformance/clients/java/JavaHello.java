import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.AuthenticationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.*;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.PatchOptions;
import java.io.FileReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** What people do with io.kubernetes:client-java. */
final class JavaHello {
  static final String NAMESPACE = "java";
  static final Check check = new Check("java");

  static ApiClient api;
  static CoreV1Api core;
  static AppsV1Api apps;

  static ApiClient login(String context) throws Exception {
    try (var file = new FileReader(System.getenv("KUBECONFIG"))) {
      var config = KubeConfig.loadKubeConfig(file);
      config.setContext(context);
      var client = ClientBuilder.kubeconfig(config).build();
      // For watches.
      client.setHttpClient(client.getHttpClient().newBuilder().readTimeout(Duration.ZERO).build());
      return client;
    }
  }

  interface Call {
    void run() throws Exception;
  }

  /** The Status with which the server refuses. */
  static JsonObject refused(int code, String reason, Call call) throws Exception {
    try {
      call.run();
    } catch (ApiException error) {
      var status = JsonParser.parseString(error.getResponseBody()).getAsJsonObject();
      Check.equal(List.of(error.getCode(), status.get("reason").getAsString()), List.of(code, reason));
      return status;
    }
    throw new AssertionError("it is not refused");
  }

  static V1ConfigMap configMap(String name, Map<String, String> data, String... labels) {
    var metadata = new V1ObjectMeta().name(name).namespace(NAMESPACE);
    for (String label : labels) metadata.putLabelsItem(label, "x");
    return new V1ConfigMap().apiVersion("v1").kind("ConfigMap").metadata(metadata).data(data);
  }

  static V1ConfigMap createMap(String name, Map<String, String> data, String... labels) throws ApiException {
    return core.createNamespacedConfigMap(NAMESPACE, configMap(name, data, labels)).execute();
  }

  static V1Deployment deployment(String name) {
    var labels = Map.of("app", name);
    var container = new V1Container().name("web").image("nginx:1");
    var template = new V1PodTemplateSpec()
        .metadata(new V1ObjectMeta().labels(labels))
        .spec(new V1PodSpec().containers(List.of(container)));
    return new V1Deployment()
        .metadata(new V1ObjectMeta().name(name))
        .spec(new V1DeploymentSpec().selector(new V1LabelSelector().matchLabels(labels)).template(template));
  }

  static void logins() {
    check.that("a certificate logs in", () -> {
      var user = new AuthenticationV1Api(api).createSelfSubjectReview(new V1SelfSubjectReview()).execute();
      Check.equal(user.getStatus().getUserInfo().getGroups().contains("system:masters"), true);
    });
    check.that("a token logs in", () -> {
      var reviews = new AuthenticationV1Api(login("token"));
      var user = reviews.createSelfSubjectReview(new V1SelfSubjectReview()).execute().getStatus().getUserInfo();
      Check.equal(List.of(user.getUsername(), user.getUid()), List.of("admin", "u-admin"));
      Check.equal(user.getGroups(), List.of("system:masters", "system:authenticated"));
    });
    check.that("a wrong token does not", () -> {
      var stranger = new CoreV1Api(login("stranger"));
      refused(401, "Unauthorized", () -> stranger.listNamespace().execute());
    });
    check.that("the version is 1.36", () -> {
      var version = new VersionApi(api).getCode().execute();
      Check.equal(version.getMajor() + "." + version.getMinor(), "1.36");
    });
  }

  static void objects() {
    check.that("an object is created and read as it was written", () -> {
      var made = createMap("crud", Map.of("a", "1"));
      Check.equal(made.getData(), Map.of("a", "1"));
      Check.equal(core.readNamespacedConfigMap("crud", NAMESPACE).execute(), made);
    });
    check.that("it cannot be created twice", () -> {
      var status = refused(409, "AlreadyExists", () -> createMap("crud", Map.of()));
      Check.equal(status.get("message").getAsString(), "configmaps \"crud\" already exists");
    });
    check.that("it is replaced, and a stale replacement is refused", () -> {
      var made = core.readNamespacedConfigMap("crud", NAMESPACE).execute();
      var stale = made.getMetadata().getResourceVersion();
      made.setData(Map.of("b", "2"));
      var now = core.replaceNamespacedConfigMap("crud", NAMESPACE, made).execute();
      Check.equal(now.getData(), Map.of("b", "2"));
      made.getMetadata().setResourceVersion(stale);
      var status = refused(409, "Conflict",
          () -> core.replaceNamespacedConfigMap("crud", NAMESPACE, made).execute());
      Check.contains(status.get("message").getAsString(), "the object has been modified");
    });
    check.that("an invalid object is refused with its fields", () -> {
      var status = refused(422, "Invalid",
          () -> apps.createNamespacedDeployment(NAMESPACE, deployment("Bad_Name")).execute());
      Check.contains(status.get("details").toString(), "\"field\":\"metadata.name\"");
    });
    check.that("it is deleted, alone and in a collection", () -> {
      Check.equal(core.deleteNamespacedConfigMap("crud", NAMESPACE).execute().getStatus(), "Success");
      refused(404, "NotFound", () -> core.readNamespacedConfigMap("crud", NAMESPACE).execute());
      createMap("d1", Map.of(), "doomed");
      createMap("d2", Map.of(), "doomed");
      core.deleteCollectionNamespacedConfigMap(NAMESPACE).labelSelector("doomed").execute();
      Check.equal(core.listNamespacedConfigMap(NAMESPACE).labelSelector("doomed").execute().getItems(), List.of());
    });
  }

  static void lists() {
    check.that("a list comes in pages of one version", () -> {
      for (int index = 1; index <= 5; index++) createMap("p" + index, Map.of(), "page");
      List<String> names = new ArrayList<>();
      Set<String> versions = new HashSet<>();
      String token = null;
      do {
        var page = core.listNamespacedConfigMap(NAMESPACE).limit(2)._continue(token).execute();
        for (var one : page.getItems()) names.add(one.getMetadata().getName());
        versions.add(page.getMetadata().getResourceVersion());
        token = page.getMetadata().getContinue();
      } while (token != null && !token.isEmpty());
      names.removeIf(name -> !name.startsWith("p"));
      Check.equal(names, List.of("p1", "p2", "p3", "p4", "p5"));
      Check.equal(versions.size(), 1);
    });
    check.that("an expired token is refused with one to go on from", () -> {
      var past = System.getenv("PAST_NAMESPACE");
      var status = refused(410, "Expired",
          () -> core.listNamespacedSecret(past)._continue(System.getenv("PAST_CONTINUE")).execute());
      var token = status.get("metadata").getAsJsonObject().get("continue").getAsString();
      Check.equal(core.listNamespacedSecret(past)._continue(token).execute().getItems().size(), 2);
    });
  }

  static V1Deployment patch(String format, String body) throws ApiException {
    return PatchUtils.patch(V1Deployment.class,
        () -> apps.patchNamespacedDeployment("patched", NAMESPACE, new V1Patch(body)).buildCall(null), format, api);
  }

  static List<String> images(V1Deployment now) {
    return now.getSpec().getTemplate().getSpec().getContainers().stream()
        .map(one -> one.getName() + "=" + one.getImage()).toList();
  }

  static String containers(String name, String image) {
    return "{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"%s\", \"image\": \"%s\"}]}}}}"
        .formatted(name, image);
  }

  static void patches() throws ApiException {
    apps.createNamespacedDeployment(NAMESPACE, deployment("patched")).execute();
    check.that("a JSON patch", () -> {
      var body = "[{\"op\": \"test\", \"path\": \"/spec/replicas\", \"value\": 1}, "
          + "{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 2}]";
      Check.equal(patch(V1Patch.PATCH_FORMAT_JSON_PATCH, body).getSpec().getReplicas(), 2);
      refused(422, "Invalid", () -> patch(V1Patch.PATCH_FORMAT_JSON_PATCH, body));
    });
    check.that("a merge patch replaces lists", () -> {
      var now = patch(V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, containers("other", "busybox:1"));
      Check.equal(images(now), List.of("other=busybox:1"));
    });
    check.that("a strategic merge patch merges lists by name", () -> {
      var now = patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, containers("web", "nginx:2"));
      Check.equal(images(now), List.of("web=nginx:2", "other=busybox:1"));
    });
    check.that("scale is a view of the deployment", () -> {
      var scale = apps.readNamespacedDeploymentScale("patched", NAMESPACE).execute();
      Check.equal(scale.getStatus().getSelector(), "app=patched");
      scale.getSpec().setReplicas(4);
      apps.replaceNamespacedDeploymentScale("patched", NAMESPACE, scale).execute();
      Check.equal(apps.readNamespacedDeployment("patched", NAMESPACE).execute().getSpec().getReplicas(), 4);
    });
    check.that("status is written apart", () -> {
      var before = apps.readNamespacedDeployment("patched", NAMESPACE).execute();
      var wanted = apps.readNamespacedDeployment("patched", NAMESPACE).execute();
      wanted.getSpec().setReplicas(9);
      wanted.getStatus().setReplicas(3);
      var now = apps.replaceNamespacedDeploymentStatus("patched", NAMESPACE, wanted).execute();
      Check.equal(now.getSpec(), before.getSpec());
      Check.equal(now.getStatus().getReplicas(), 3);
    });
  }

  /** As text: the models' empty maps and lists would be applied as well. */
  static V1ConfigMap apply(String manager, String data, boolean force) throws ApiException {
    var body = "{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: %s}".formatted(data);
    return PatchUtils.patch(V1ConfigMap.class,
        () -> core.patchNamespacedConfigMap("applied", NAMESPACE, new V1Patch(body))
            .fieldManager(manager).force(force).buildCall(null),
        V1Patch.PATCH_FORMAT_APPLY_YAML, api);
  }

  static void applies() {
    check.that("server-side apply creates, and knows the manager", () -> {
      apply("one", "{a: '1', b: '1'}", false);
      // The models show no managed fields.
      var maps = new DynamicKubernetesApi("", "v1", "configmaps", api);
      var metadata = maps.get(NAMESPACE, "applied").getObject().getRaw().get("metadata").getAsJsonObject();
      var entry = metadata.get("managedFields").getAsJsonArray().get(0).getAsJsonObject();
      Check.equal(entry.get("manager").getAsString() + " " + entry.get("operation").getAsString(), "one Apply");
      Check.equal(entry.get("fieldsV1").toString(), "{\"f:data\":{\"f:a\":{},\"f:b\":{}}}");
    });
    check.that("another manager conflicts, and force wins", () -> {
      var status = refused(409, "Conflict", () -> apply("two", "{a: '2'}", false));
      Check.equal(status.get("message").getAsString(),
          "Apply failed with 1 conflict: conflict with \"one\": .data.a");
      Check.equal(apply("two", "{a: '2'}", true).getData(), Map.of("a", "2", "b", "1"));
      Check.equal(apply("one", "{}", false).getData(), Map.of("a", "2"));
    });
  }

  record Event(String told, String version) {}

  /** The events after a version until one. */
  static List<Event> told(String version, String last) throws Exception {
    var call = core.listNamespacedConfigMap(NAMESPACE)
        .watch(true).labelSelector("watched").resourceVersion(version).timeoutSeconds(20).buildCall(null);
    List<Event> events = new ArrayList<>();
    try (var watch = Watch.<V1ConfigMap>createWatch(api, call, new TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
      while (watch.hasNext()) {
        var one = watch.next();
        var metadata = one.object.getMetadata();
        events.add(new Event(one.type + " " + metadata.getName(), metadata.getResourceVersion()));
        if (events.get(events.size() - 1).told.equals(last)) break;
      }
    }
    return events;
  }

  static void watches() throws Exception {
    List<Event> events = new ArrayList<>();
    check.that("a watch tells of changes in their order", () -> {
      var before = core.listNamespacedConfigMap(NAMESPACE).execute().getMetadata().getResourceVersion();
      var changes = new Thread(() -> {
        try {
          var made = createMap("w1", Map.of(), "watched");
          createMap("w2", Map.of(), "watched");
          createMap("unseen", Map.of());
          core.replaceNamespacedConfigMap("w1", NAMESPACE, made.data(Map.of("a", "2"))).execute();
          core.deleteNamespacedConfigMap("w1", NAMESPACE).execute();
        } catch (ApiException error) {
          error.printStackTrace();
        }
      });
      changes.start();
      events.addAll(told(before, "DELETED w1"));
      changes.join();
      Check.equal(events.stream().map(Event::told).toList(),
          List.of("ADDED w1", "ADDED w2", "MODIFIED w1", "DELETED w1"));
    });
    check.that("a watch resumes after any event", () -> {
      for (int index = 0; index + 1 < events.size(); index++) {
        var rest = told(events.get(index).version, "DELETED w1");
        Check.equal(rest, events.subList(index + 1, events.size()));
      }
    });
    check.that("a watch from too old a version is told 410", () -> {
      var call = core.listNamespacedSecret(System.getenv("PAST_NAMESPACE"))
          .watch(true).resourceVersion(System.getenv("PAST_VERSION")).timeoutSeconds(5).buildCall(null);
      try (var watch = Watch.<V1Secret>createWatch(api, call, new TypeToken<Watch.Response<V1Secret>>() {}.getType())) {
        var one = watch.next();
        Check.equal(one.type, "ERROR");
        Check.equal(List.of(one.status.getCode(), one.status.getReason()), List.of(410, "Expired"));
      }
    });
  }

  static final List<String> seen = new CopyOnWriteArrayList<>();

  static void note(String verb, V1ConfigMap one) {
    seen.add(verb + " " + one.getMetadata().getName() + " " + one.getData().get("a"));
  }

  static void sees(String... lines) throws InterruptedException {
    Check.eventually(() -> seen.containsAll(List.of(lines)), () -> seen);
  }

  static V1ConfigMap change(String name, String value) throws ApiException {
    return core.replaceNamespacedConfigMap(name, NAMESPACE, configMap(name, Map.of("a", value), "informed")).execute();
  }

  static void informers() {
    var factory = new SharedInformerFactory(api);
    var informer = factory.sharedIndexInformerFor(
        params -> core.listNamespacedConfigMap(NAMESPACE).labelSelector("informed")
            .resourceVersion(params.resourceVersion).timeoutSeconds(params.timeoutSeconds)
            .watch(params.watch).buildCall(null),
        V1ConfigMap.class, V1ConfigMapList.class);
    informer.addEventHandler(new ResourceEventHandler<V1ConfigMap>() {
      public void onAdd(V1ConfigMap one) {
        note("add", one);
      }

      public void onUpdate(V1ConfigMap before, V1ConfigMap one) {
        note("update", one);
      }

      public void onDelete(V1ConfigMap one, boolean isUnknown) {
        note("delete", one);
      }
    });
    check.that("an informer lists, then sees add, update and delete", () -> {
      createMap("i1", Map.of("a", "1"), "informed");
      factory.startAllRegisteredInformers();
      sees("add i1 1");
      Check.eventually(informer::hasSynced, () -> "not synced");
      createMap("i2", Map.of("a", "1"), "informed");
      sees("add i2 1");
      change("i2", "2");
      sees("update i2 2");
      core.deleteNamespacedConfigMap("i2", NAMESPACE).execute();
      sees("delete i2 2");
      Check.equal(informer.getIndexer().listKeys(), List.of(NAMESPACE + "/i1"));
    });
    check.that("it goes on where its connection was cut", () -> {
      Check.cutConnections();
      change("i1", "3");
      createMap("i3", Map.of("a", "1"), "informed");
      sees("update i1 3", "add i3 1");
      core.deleteNamespacedConfigMap("i1", NAMESPACE).execute();
      sees("delete i1 3");
      Check.equal(informer.getIndexer().listKeys(), List.of(NAMESPACE + "/i3"));
    });
  }

  static final String DEFINITION = """
      {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
       "metadata": {"name": "greetings.java.example.com"},
       "spec": {
         "group": "java.example.com", "scope": "Namespaced",
         "names": {"plural": "greetings", "singular": "greeting", "kind": "Greeting"},
         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
           "type": "object", "properties": {"spec": {"type": "object", "properties": {
             "text": {"type": "string"}, "times": {"type": "integer", "default": 1}}}}}}}]}}
      """;

  static boolean isEstablished(DynamicKubernetesApi definitions) {
    var now = definitions.get("greetings.java.example.com").getObject().getRaw();
    for (var one : now.get("status").getAsJsonObject().get("conditions").getAsJsonArray()) {
      var condition = one.getAsJsonObject();
      if (condition.get("type").getAsString().equals("Established")) {
        return condition.get("status").getAsString().equals("True");
      }
    }
    return false;
  }

  static DynamicKubernetesObject object(String json) {
    return new DynamicKubernetesObject(JsonParser.parseString(json).getAsJsonObject());
  }

  static DynamicKubernetesObject greeting(String name, String spec) {
    return object("""
        {"apiVersion": "java.example.com/v1", "kind": "Greeting",
         "metadata": {"name": "%s", "namespace": "java"}, "spec": %s}""".formatted(name, spec));
  }

  static void customResources() {
    var greetings = new DynamicKubernetesApi("java.example.com", "v1", "greetings", api);
    check.that("a definition is established", () -> {
      var definitions = new DynamicKubernetesApi("apiextensions.k8s.io", "v1", "customresourcedefinitions", api);
      definitions.create(object(DEFINITION)).throwsApiException();
      Check.eventually(() -> isEstablished(definitions), () -> "not established");
    });
    check.that("the dynamic client writes, patches, applies and is refused", () -> {
      var made = greetings.create(greeting("hello", "{\"text\": \"hi\"}")).throwsApiException().getObject();
      Check.equal(made.getRaw().get("spec").toString(), "{\"text\":\"hi\",\"times\":1}");
      var patch = new V1Patch("{\"spec\": {\"times\": 2}}");
      var now = greetings.patch(NAMESPACE, "hello", V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, patch).throwsApiException();
      Check.equal(now.getObject().getRaw().get("spec").toString(), "{\"text\":\"hi\",\"times\":2}");
      var wanted = new V1Patch(greeting("hello", "{\"text\": \"ho\"}").getRaw().toString());
      var force = new PatchOptions().fieldManager("one").force(true);
      var applied = greetings.patch(NAMESPACE, "hello", V1Patch.PATCH_FORMAT_APPLY_YAML, wanted, force);
      Check.equal(applied.throwsApiException().getObject().getRaw().get("spec").toString(), "{\"text\":\"ho\",\"times\":2}");
      var wrong = greetings.create(greeting("wrong", "{\"text\": 1}"));
      Check.equal(List.of(wrong.getHttpStatusCode(), wrong.getStatus().getReason()), List.of(422, "Invalid"));
      Check.equal(greetings.list(NAMESPACE).getObject().getItems().size(), 1);
    });
  }

  public static void main(String[] arguments) throws Exception {
    api = login("certificate");
    core = new CoreV1Api(api);
    apps = new AppsV1Api(api);
    logins();
    core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(NAMESPACE))).execute();
    objects();
    lists();
    patches();
    applies();
    watches();
    informers();
    customResources();
    check.end();
  }
}
