import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What people do with io.fabric8:kubernetes-client. */
final class Fabric8Hello {
  static final String NAMESPACE = "fabric8";
  static final Check check = new Check("fabric8");

  static KubernetesClient client;

  static KubernetesClient login(String context) {
    var config = Config.autoConfigure(context);
    config.setNamespace(NAMESPACE);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  interface Call {
    void run();
  }

  /** The Status with which the server refuses. */
  static Status refused(int code, String reason, Call call) {
    try {
      call.run();
    } catch (KubernetesClientException error) {
      if (error.getStatus() == null) throw error;
      Check.equal(List.of(error.getCode(), error.getStatus().getReason()), List.of(code, reason));
      return error.getStatus();
    }
    throw new AssertionError("it is not refused");
  }

  static MixedOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> maps() {
    return client.configMaps();
  }

  static ConfigMap configMap(String name, Map<String, String> data, String... labels) {
    var metadata = new ConfigMapBuilder().withNewMetadata().withName(name);
    for (String label : labels) metadata.addToLabels(label, "x");
    return metadata.endMetadata().withData(data).build();
  }

  static ConfigMap createMap(String name, Map<String, String> data, String... labels) {
    return client.resource(configMap(name, data, labels)).create();
  }

  static Deployment deployment(String name) {
    var labels = Map.of("app", name);
    return new DeploymentBuilder().withNewMetadata().withName(name).endMetadata()
        .withNewSpec()
        .withNewSelector().withMatchLabels(labels).endSelector()
        .withNewTemplate().withNewMetadata().withLabels(labels).endMetadata()
        .withNewSpec().addNewContainer().withName("web").withImage("nginx:1").endContainer().endSpec()
        .endTemplate().endSpec().build();
  }

  static UserInfo whoAmI(KubernetesClient someone) {
    return someone.resource(new SelfSubjectReview()).create().getStatus().getUserInfo();
  }

  static void logins() {
    check.that("a certificate logs in", () ->
        Check.equal(whoAmI(client).getGroups().contains("system:masters"), true));
    check.that("a token logs in", () -> {
      try (var other = login("token")) {
        var user = whoAmI(other);
        Check.equal(List.of(user.getUsername(), user.getUid()), List.of("admin", "u-admin"));
        Check.equal(user.getGroups(), List.of("system:masters", "system:authenticated"));
      }
    });
    check.that("a wrong token does not", () -> {
      try (var stranger = login("stranger")) {
        refused(401, "Unauthorized", () -> stranger.namespaces().list());
      }
    });
    check.that("the version is 1.36, and a group is discovered", () -> {
      var version = client.getKubernetesVersion();
      Check.equal(version.getMajor() + "." + version.getMinor(), "1.36");
      Check.equal(client.hasApiGroup("apps", true), true);
      Check.equal(client.supports(Deployment.class), true);
    });
  }

  static void objects() {
    check.that("an object is created and read as it was written", () -> {
      var made = createMap("crud", Map.of("a", "1"));
      Check.equal(made.getData(), Map.of("a", "1"));
      Check.equal(maps().withName("crud").get(), made);
    });
    check.that("it cannot be created twice", () -> {
      var status = refused(409, "AlreadyExists", () -> createMap("crud", Map.of()));
      Check.equal(status.getMessage(), "configmaps \"crud\" already exists");
    });
    check.that("it is replaced, and a stale replacement is refused", () -> {
      var made = maps().withName("crud").get();
      var changed = new ConfigMapBuilder(made).withData(Map.of("b", "2")).build();
      Check.equal(client.resource(changed).update().getData(), Map.of("b", "2"));
      var stale = client.resource(changed).lockResourceVersion(made.getMetadata().getResourceVersion());
      Check.contains(refused(409, "Conflict", stale::update).getMessage(), "the object has been modified");
    });
    check.that("it is edited", () -> {
      var now = maps().withName("crud").edit(one -> new ConfigMapBuilder(one).addToData("c", "3").build());
      Check.equal(now.getData(), Map.of("b", "2", "c", "3"));
    });
    check.that("an invalid object is refused with its fields", () -> {
      var status = refused(422, "Invalid", () -> client.resource(deployment("Bad_Name")).create());
      Check.equal(status.getDetails().getCauses().get(0).getField(), "metadata.name");
    });
    check.that("it is deleted, alone and with others", () -> {
      Check.equal(maps().withName("crud").delete().size(), 1);
      Check.equal(maps().withName("crud").get(), null);
      createMap("d1", Map.of(), "doomed");
      createMap("d2", Map.of(), "doomed");
      maps().withLabel("doomed").delete();
      Check.equal(maps().withLabel("doomed").list().getItems(), List.of());
    });
  }

  static void lists() {
    check.that("a list comes in pages of one version", () -> {
      for (int index = 1; index <= 5; index++) createMap("p" + index, Map.of(), "page");
      List<String> names = new ArrayList<>();
      Set<String> versions = new HashSet<>();
      String token = null;
      do {
        var page = maps().list(new ListOptionsBuilder().withLimit(2L).withContinue(token).build());
        for (var one : page.getItems()) names.add(one.getMetadata().getName());
        versions.add(page.getMetadata().getResourceVersion());
        token = page.getMetadata().getContinue();
      } while (token != null && !token.isEmpty());
      names.removeIf(name -> !name.startsWith("p"));
      Check.equal(names, List.of("p1", "p2", "p3", "p4", "p5"));
      Check.equal(versions.size(), 1);
    });
    check.that("an expired token is refused with one to go on from", () -> {
      var secrets = client.secrets().inNamespace(System.getenv("PAST_NAMESPACE"));
      var options = new ListOptionsBuilder().withContinue(System.getenv("PAST_CONTINUE")).build();
      var status = refused(410, "Expired", () -> secrets.list(options));
      options.setContinue(status.getMetadata().getContinue());
      Check.equal(secrets.list(options).getItems().size(), 2);
    });
  }

  static Deployment patch(PatchType type, String body) {
    return client.apps().deployments().withName("patched").patch(PatchContext.of(type), body);
  }

  static List<String> images(Deployment now) {
    return now.getSpec().getTemplate().getSpec().getContainers().stream()
        .map(one -> one.getName() + "=" + one.getImage()).toList();
  }

  static String containers(String name, String image) {
    return "{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"%s\", \"image\": \"%s\"}]}}}}"
        .formatted(name, image);
  }

  static void patches() {
    var deployments = client.apps().deployments();
    client.resource(deployment("patched")).create();
    check.that("a JSON patch", () -> {
      var body = "[{\"op\": \"test\", \"path\": \"/spec/replicas\", \"value\": 1}, "
          + "{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 2}]";
      Check.equal(patch(PatchType.JSON, body).getSpec().getReplicas(), 2);
      refused(422, "Invalid", () -> patch(PatchType.JSON, body));
    });
    check.that("a merge patch replaces lists", () -> {
      var now = patch(PatchType.JSON_MERGE, containers("other", "busybox:1"));
      Check.equal(images(now), List.of("other=busybox:1"));
    });
    check.that("a strategic merge patch merges lists by name", () -> {
      var now = patch(PatchType.STRATEGIC_MERGE, containers("web", "nginx:2"));
      Check.equal(images(now), List.of("web=nginx:2", "other=busybox:1"));
    });
    check.that("scale is a view of the deployment", () -> {
      var scale = deployments.withName("patched").scale();
      Check.equal(scale.getStatus().getSelector(), "app=patched");
      scale.getSpec().setReplicas(4);
      Check.equal(deployments.withName("patched").scale(scale).getSpec().getReplicas(), 4);
    });
    check.that("status is written apart", () -> {
      var now = deployments.withName("patched").editStatus(one -> new DeploymentBuilder(one)
          .editSpec().withReplicas(9).endSpec().editOrNewStatus().withReplicas(3).endStatus().build());
      Check.equal(List.of(now.getSpec().getReplicas(), now.getStatus().getReplicas()), List.of(4, 3));
    });
  }

  static ConfigMap apply(String manager, Map<String, String> data, boolean force) {
    var resource = client.resource(configMap("applied", data)).fieldManager(manager);
    return force ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
  }

  static void applies() {
    check.that("server-side apply creates, and knows the manager", () -> {
      var entry = apply("one", Map.of("a", "1", "b", "1"), false).getMetadata().getManagedFields().get(0);
      Check.equal(List.of(entry.getManager(), entry.getOperation()), List.of("one", "Apply"));
    });
    check.that("another manager conflicts, and force wins", () -> {
      var status = refused(409, "Conflict", () -> apply("two", Map.of("a", "2"), false));
      Check.equal(status.getMessage(), "Apply failed with 1 conflict: conflict with \"one\": .data.a");
      Check.equal(apply("two", Map.of("a", "2"), true).getData(), Map.of("a", "2", "b", "1"));
      Check.equal(apply("one", Map.of(), false).getData(), Map.of("a", "2"));
    });
  }

  record Event(String told, String version) {}

  /** The events after a version until one; the other changes are made once the watch stands. */
  static List<Event> told(String version, String last, Runnable changes) throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    var isOver = new CompletableFuture<Void>();
    var options = new ListOptionsBuilder().withResourceVersion(version).build();
    var watcher = new Watcher<ConfigMap>() {
      public void eventReceived(Action action, ConfigMap one) {
        events.add(new Event(action + " " + one.getMetadata().getName(), one.getMetadata().getResourceVersion()));
        if (events.get(events.size() - 1).told.equals(last)) isOver.complete(null);
      }

      public void onClose(WatcherException cause) {
        isOver.completeExceptionally(cause);
      }
    };
    try (var watch = maps().withLabel("watched").watch(options, watcher)) {
      changes.run();
      isOver.get(20, TimeUnit.SECONDS);
    }
    return events;
  }

  static void watches() {
    List<Event> events = new ArrayList<>();
    check.that("a watch tells of changes in their order", () -> {
      var version = maps().list().getMetadata().getResourceVersion();
      events.addAll(told(version, "DELETED w1", () -> {
        createMap("w1", Map.of(), "watched");
        createMap("w2", Map.of(), "watched");
        createMap("unseen", Map.of());
        maps().withName("w1").edit(one -> new ConfigMapBuilder(one).addToData("a", "2").build());
        maps().withName("w1").delete();
      }));
      Check.equal(events.stream().map(Event::told).toList(),
          List.of("ADDED w1", "ADDED w2", "MODIFIED w1", "DELETED w1"));
    });
    check.that("a watch resumes after any event", () -> {
      for (int index = 0; index + 1 < events.size(); index++) {
        var rest = told(events.get(index).version, "DELETED w1", () -> {});
        Check.equal(rest, events.subList(index + 1, events.size()));
      }
    });
    check.that("a watch goes on where its connection was cut", () -> {
      var version = maps().withName("w2").get().getMetadata().getResourceVersion();
      var rest = told(version, "ADDED w3", () -> {
        try {
          Check.cutConnections();
        } catch (Exception error) {
          throw new IllegalStateException(error);
        }
        createMap("w3", Map.of(), "watched");
      });
      Check.equal(rest.stream().map(Event::told).toList(), List.of("MODIFIED w1", "DELETED w1", "ADDED w3"));
    });
    check.that("a watch from too old a version is told 410", () -> {
      var closed = new CompletableFuture<WatcherException>();
      var options = new ListOptionsBuilder().withResourceVersion(System.getenv("PAST_VERSION")).build();
      var secrets = client.secrets().inNamespace(System.getenv("PAST_NAMESPACE"));
      try (var watch = secrets.watch(options, new Watcher<Secret>() {
        public void eventReceived(Action action, Secret one) {
          closed.completeExceptionally(new AssertionError(action));
        }

        public void onClose(WatcherException cause) {
          closed.complete(cause);
        }
      })) {
        Check.equal(closed.get(20, TimeUnit.SECONDS).isHttpGone(), true);
      }
    });
  }

  static final List<String> seen = new CopyOnWriteArrayList<>();

  static void note(String verb, ConfigMap one) {
    seen.add(verb + " " + one.getMetadata().getName() + " " + one.getData().get("a"));
  }

  static void sees(String... lines) throws InterruptedException {
    Check.eventually(() -> seen.containsAll(List.of(lines)), () -> seen);
  }

  static void change(String name, String value) {
    maps().withName(name).edit(one -> new ConfigMapBuilder(one).addToData("a", value).build());
  }

  static void informers() {
    var informer = maps().withLabel("informed").runnableInformer(0);
    informer.addEventHandler(new ResourceEventHandler<ConfigMap>() {
      public void onAdd(ConfigMap one) {
        note("add", one);
      }

      public void onUpdate(ConfigMap before, ConfigMap one) {
        note("update", one);
      }

      public void onDelete(ConfigMap one, boolean isUnknown) {
        note("delete", one);
      }
    });
    check.that("an informer lists, then sees add, update and delete", () -> {
      createMap("i1", Map.of("a", "1"), "informed");
      informer.run();
      sees("add i1 1");
      createMap("i2", Map.of("a", "1"), "informed");
      change("i2", "2");
      maps().withName("i2").delete();
      sees("delete i2 2");
      Check.equal(seen, List.of("add i1 1", "add i2 1", "update i2 2", "delete i2 2"));
      Check.equal(informer.getStore().listKeys(), List.of(NAMESPACE + "/i1"));
    });
    check.that("it goes on where its connection was cut", () -> {
      Check.cutConnections();
      change("i1", "3");
      createMap("i3", Map.of("a", "1"), "informed");
      sees("update i1 3", "add i3 1");
      maps().withName("i1").delete();
      sees("delete i1 3");
      Check.equal(informer.getStore().listKeys(), List.of(NAMESPACE + "/i3"));
    });
    informer.stop();
  }

  static CompletableFuture<?> stand(String name, List<String> story) {
    return client.leaderElector().withConfig(new LeaderElectionConfigBuilder()
        .withName(name).withReleaseOnCancel(true)
        .withLock(new LeaseLock(NAMESPACE, "leader", name))
        .withLeaseDuration(Duration.ofSeconds(5)).withRenewDeadline(Duration.ofSeconds(3))
        .withRetryPeriod(Duration.ofMillis(200))
        .withLeaderCallbacks(new LeaderCallbacks(
            () -> story.add(name + " leads"), () -> story.add(name + " stops"), leader -> {}))
        .build()).build().start();
  }

  static void leaders() {
    check.that("one of two leads, and the other after it", () -> {
      List<String> story = new CopyOnWriteArrayList<>();
      var a = stand("a", story);
      Check.eventually(() -> story.contains("a leads"), () -> story);
      var b = stand("b", story);
      a.cancel(true);
      Check.eventually(() -> story.contains("b leads"), () -> story);
      Check.equal(story, List.of("a leads", "a stops", "b leads"));
      var lease = client.leases().withName("leader").get();
      Check.equal(lease.getSpec().getHolderIdentity(), "b");
      b.cancel(true);
    });
  }

  static final String DEFINITION = """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: greetings.fabric8.example.com
      spec:
        group: fabric8.example.com
        scope: Namespaced
        names: {plural: greetings, singular: greeting, kind: Greeting}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    text: {type: string}
                    times: {type: integer, default: 1}
      """;

  static final ResourceDefinitionContext GREETINGS = new ResourceDefinitionContext.Builder()
      .withGroup("fabric8.example.com").withVersion("v1").withKind("Greeting").withPlural("greetings")
      .withNamespaced(true).build();

  static GenericKubernetesResource greeting(String name, Object text) {
    var made = new GenericKubernetesResource();
    made.setApiVersion("fabric8.example.com/v1");
    made.setKind("Greeting");
    made.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder().withName(name).build());
    made.setAdditionalProperty("spec", Map.of("text", text));
    return made;
  }

  static void customResources() {
    check.that("a definition is established", () -> {
      var definition = client.getKubernetesSerialization().unmarshal(DEFINITION, CustomResourceDefinition.class);
      client.resource(definition).create();
      client.resource(definition).waitUntilCondition(
          one -> one.getStatus() != null && one.getStatus().getConditions().stream()
              .anyMatch(condition -> condition.getType().equals("Established") && condition.getStatus().equals("True")),
          20, TimeUnit.SECONDS);
    });
    check.that("generic resources are written, patched, followed and refused", () -> {
      var greetings = client.genericKubernetesResources(GREETINGS);
      List<String> story = new CopyOnWriteArrayList<>();
      var informer = greetings.inform(new ResourceEventHandler<GenericKubernetesResource>() {
        public void onAdd(GenericKubernetesResource one) {
          story.add("add " + one.getAdditionalProperties().get("spec"));
        }

        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource one) {
          story.add("update " + one.getAdditionalProperties().get("spec"));
        }

        public void onDelete(GenericKubernetesResource one, boolean isUnknown) {
          story.add("delete");
        }
      });
      greetings.resource(greeting("hello", "hi")).create();
      greetings.withName("hello").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"times\": 2}}");
      greetings.withName("hello").delete();
      Check.eventually(() -> story.size() == 3, () -> story);
      Check.equal(story, List.of("add {text=hi, times=1}", "update {text=hi, times=2}", "delete"));
      refused(422, "Invalid", () -> greetings.resource(greeting("wrong", 1)).create());
      informer.stop();
    });
  }

  public static void main(String[] arguments) {
    client = login("certificate");
    logins();
    client.resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build()).create();
    objects();
    lists();
    patches();
    applies();
    watches();
    informers();
    leaders();
    customResources();
    check.end();
  }
}
