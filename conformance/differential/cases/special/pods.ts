import { test } from "../../conversation.ts";
import { edited, type JsonObject } from "../../json.ts";
import { named, pod } from "../../objects.ts";

const eviction = (name: string, more: JsonObject = {}) => ({
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { name },
  ...more,
});

const binding = (name: string, target: JsonObject) => ({
  apiVersion: "v1",
  kind: "Binding",
  metadata: { name },
  target,
});

export const cases = [
  test("pods: binding", async (t) => {
    const all = t.path("v1/pods");
    await t.post(all, pod("p"));
    await t.post(`${all}/p/binding`, binding("p", {}));
    await t.post(`${all}/p/binding`, binding("p", { kind: "Pod", name: "n" }));
    await t.post(`${all}/p/binding`, binding("p", { kind: "Node", name: "n" }), { query: { dryRun: "All" } });
    await t.post(`${all}/p/binding`, binding("q", { kind: "Node", name: "n" }));
    await t.post(`${all}/p/binding`, {
      ...binding("p", { kind: "Node", name: "n" }),
      metadata: { name: "p", uid: "11111111-1111-1111-1111-111111111111" },
    });
    await t.post(`${all}/p/binding`, {
      ...binding("p", { kind: "Node", name: "n" }),
      metadata: { name: "p", annotations: { a: "b" }, labels: { c: "d" } },
    });
    await t.get(`${all}/p`);
    await t.post(`${all}/p/binding`, binding("p", { kind: "Node", name: "m" }), { remark: "bound already" });
    await t.post(`${all}/missing/binding`, binding("missing", { kind: "Node", name: "n" }));
    await t.get(`${all}/p/binding`);
    await t.post(all, pod("q"));
    await t.post(t.path("v1/bindings"), binding("q", { kind: "Node", name: "n" }));
    await t.post(t.path("v1/bindings"), binding("q", { apiVersion: "v1", kind: "Node", name: "n" }));
    await t.get(t.path("v1/bindings"));
    await t.get(`${all}/q`);
    await t.post(all, pod("gated", { schedulingGates: [{ name: "example.com/g" }] }));
    await t.post(`${all}/gated/binding`, binding("gated", { kind: "Node", name: "n" }));
    await t.post(all, pod("dying", {}, { finalizers: ["example.com/f"] }));
    await t.delete(`${all}/dying`);
    await t.post(`${all}/dying/binding`, binding("dying", { kind: "Node", name: "n" }));
  }),
  test("pods: eviction", async (t) => {
    const all = t.path("v1/pods");
    const budgets = t.path("policy/v1/poddisruptionbudgets");
    await t.post(all, pod("free"));
    await t.post(`${all}/free/eviction`, eviction("free"), { query: { dryRun: "All" } });
    await t.post(`${all}/free/eviction`, eviction("other"));
    await t.post(`${all}/free/eviction`, { ...eviction("free"), apiVersion: "policy/v1beta1" });
    await t.post(
      `${all}/free/eviction`,
      eviction("free", { deleteOptions: { preconditions: { uid: "x" } } }),
    );
    await t.post(`${all}/free/eviction`, eviction("free", { deleteOptions: { dryRun: ["All"] } }));
    await t.post(`${all}/free/eviction`, eviction("free", { deleteOptions: { gracePeriodSeconds: 3 } }));
    await t.get(`${all}/free`);
    await t.post(`${all}/free/eviction`, eviction("free"));
    await t.post(`${all}/free/eviction`, {});
    await t.get(`${all}/free/eviction`);
    const budget = named("policy/v1", "PodDisruptionBudget", "b", {
      spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } },
    });
    const running = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
    for (const name of ["p", "q"]) {
      await t.post(all, pod(name, { nodeName: "n" }, { labels: { app: "a" } }));
      await t.patch(`${all}/${name}/status`, running, { type: "strategic" });
    }
    await t.post(budgets, budget);
    await t.post(`${all}/p/eviction`, eviction("p"), { remark: "budget not yet seen" });
    const status = {
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 2,
      observedGeneration: 1,
    };
    await t.patch(`${budgets}/b/status`, { status });
    await t.post(`${all}/p/eviction`, eviction("p"), { query: { dryRun: "All" } });
    await t.post(`${all}/p/eviction`, eviction("p"));
    await t.get(`${budgets}/b`);
    await t.post(`${all}/q/eviction`, eviction("q"), { remark: "no disruptions left" });
    await t.post(budgets, edited(budget, { "metadata.name": "c" }));
    await t.post(`${all}/q/eviction`, eviction("q"), { remark: "two budgets" });
    await t.delete(`${budgets}/c`);
    await t.patch(
      `${budgets}/b/status`,
      {
        status: {
          disruptedPods: Object.fromEntries(
            Array.from({ length: 2001 }, (_, n) => [`p${n}`, "2020-01-01T00:00:00Z"]),
          ),
          disruptionsAllowed: 1,
        },
      },
      { compare: "status" },
    );
    await t.post(`${all}/q/eviction`, eviction("q"), { remark: "too many disrupted pods" });
    await t.post(all, pod("pending", {}, { labels: { app: "a" } }));
    await t.post(`${all}/pending/eviction`, eviction("pending"));
    await t.post(`${all}/missing/eviction`, eviction("missing"));
  }),
  test("pods: ephemeral containers", async (t) => {
    const all = t.path("v1/pods");
    const debug = { name: "debug", image: "busybox", targetContainerName: "c", stdin: true };
    const created = await t.post(all, pod("p"));
    await t.post(all, pod("early", { ephemeralContainers: [debug] }));
    await t.put(`${all}/p`, created.with({ "spec.ephemeralContainers": [debug] }));
    await t.get(`${all}/p/ephemeralcontainers`);
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [debug] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ ...debug, image: "other" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "c", image: "i" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "x", image: "i", targetContainerName: "none" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      {
        spec: {
          ephemeralContainers: [
            {
              name: "x",
              image: "i",
              ports: [{ containerPort: 1 }],
              resources: { limits: { cpu: "1" } },
              livenessProbe: { exec: { command: ["x"] } },
              lifecycle: { preStop: { exec: { command: ["x"] } } },
            },
          ],
        },
      },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { metadata: { labels: { a: "b" } }, spec: { nodeName: "x" } },
      { type: "strategic" },
    );
    await t.put(`${all}/p/ephemeralcontainers`, created.with({ "spec.ephemeralContainers": [] }));
    await t.post(`${all}/p/ephemeralcontainers`, {});
    await t.get(`${all}/p`);
  }),
  test("pods: resize", async (t) => {
    const all = t.path("v1/pods");
    const sized = (cpu: string, memory = "64Mi") => ({
      containers: [
        {
          name: "c",
          image: "i",
          resources: { requests: { cpu, memory }, limits: { cpu: "2", memory: "1Gi" } },
        },
      ],
    });
    await t.post(all, pod("p", sized("100m")));
    await t.get(`${all}/p/resize`);
    await t.patch(`${all}/p`, { spec: sized("200m") }, { type: "strategic" });
    await t.patch(`${all}/p/resize`, { spec: sized("200m") }, { type: "strategic" });
    await t.patch(`${all}/p/resize`, { spec: sized("3") }, { type: "strategic" });
    await t.patch(
      `${all}/p/resize`,
      { spec: { containers: [{ name: "c", resources: { requests: { "example.com/x": "1" } } }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/resize`,
      { spec: { containers: [{ name: "c", image: "other" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${all}/p/resize`,
      {
        spec: {
          containers: [
            { name: "c", resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] },
          ],
        },
      },
      { type: "strategic" },
    );
    await t.patch(`${all}/p/resize`, { metadata: { labels: { a: "b" } } }, { type: "strategic" });
    await t.post(all, pod("best-effort"));
    await t.patch(`${all}/best-effort/resize`, { spec: sized("1") }, { type: "strategic" });
    await t.get(`${all}/p`);
    await t.get(`${all}/missing/resize`);
    for (const subresource of ["resize", "ephemeralcontainers", "status"]) {
      for (const kind of ["Table", "PartialObjectMetadata"]) {
        const accept = `application/json;as=${kind};v=v1;g=meta.k8s.io`;
        await t.get(`${all}/p/${subresource}`, { accept });
      }
    }
  }),
  test("pods: logs, exec and proxies without a node", async (t) => {
    const all = t.path("v1/pods");
    await t.post(all, pod("p"));
    await t.post(
      all,
      pod("two", {
        containers: [
          { name: "a", image: "i" },
          { name: "b", image: "i" },
        ],
      }),
    );
    await t.get(`${all}/p/log`);
    await t.get(`${all}/two/log`);
    await t.get(`${all}/two/log`, { query: { container: "none" } });
    await t.get(`${all}/missing/log`);
    for (const query of [
      { tailLines: "-1" },
      { sinceSeconds: "0" },
      { limitBytes: "0" },
      { tailLines: "x" },
      { sinceTime: "x" },
      { sinceTime: "2020-01-01T00:00:00Z", sinceSeconds: "5" },
      { stream: "Nothing" },
      { stream: "Stdout", tailLines: "1" },
    ] as Record<string, string>[]) {
      await t.get(`${all}/p/log`, { query });
    }
    await t.post(`${all}/p/log`, {});
    await t.get(`${all}/p/exec`);
    await t.post(`${all}/p/exec`, undefined, { query: { command: "ls" } });
    await t.post(`${all}/two/exec`, undefined, { query: { command: "ls", stdout: "true" } });
    await t.post(`${all}/two/attach`, undefined, { query: { stdout: "true", container: "none" } });
    await t.post(`${all}/p/attach`, undefined, { query: { stdout: "true" } });
    await t.get(`${all}/missing/exec`, { query: { command: "ls" } });
    await t.post(`${all}/p/portforward`);
    await t.get(`${all}/p/proxy/`);
    await t.get(`${all}/p:http/proxy/x`);
    await t.get(`${all}/p:8080/proxy`);
    await t.get(`${all}/missing/proxy/`);
    await t.get(`${t.path("v1/services")}/missing/proxy/`);
    await t.get("/api/v1/nodes/missing/proxy/");
    for (const name of ["p:1:2", "http:p:1", ":p", "a:b:c:d", "https:p:"]) {
      await t.get(`${all}/${name}/proxy/`);
      await t.get(`/api/v1/nodes/${name}/proxy/`);
    }
    await t.post(`${all}/p/portforward`, undefined, { query: { ports: "1,x" } });
    await t.post(`${all}/p/portforward`, undefined, { query: { ports: "65536" } });
    await t.get(`${all}/p/log`, { query: { sinceTime: "" } });
    await t.get(`${all}/p/log`, { query: { follow: "x", limitBytes: "99999999999999999999" } });
  }),
  test("pods: connections to nodes and services that lead nowhere", async (t) => {
    const all = t.path("v1/pods");
    const services = t.path("v1/services");
    await t.post(all, pod("lost", { nodeName: "no-such-node" }));
    await t.get(`${all}/lost/log`);
    await t.get(`${all}/lost/exec`, { query: { command: "ls" } });
    await t.post(`${all}/lost/portforward`);
    const node = "connections-lead-nowhere";
    await t.post("/api/v1/nodes", named("v1", "Node", node));
    await t.post(all, pod("placed", { nodeName: node }));
    await t.get(`${all}/placed/log`);
    await t.get(`/api/v1/nodes/${node}/proxy/`);
    await t.delete(`/api/v1/nodes/${node}`);
    await t.patch(`${all}/placed/status`, { status: { podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] } });
    await t.get(`${all}/placed/proxy/`);
    const port = { name: "web", port: 80 };
    await t.post(services, named("v1", "Service", "s", { spec: { ports: [port], clusterIP: "None" } }));
    for (const id of ["s", "s:web", "s:80", "s:81", "http:s:80", "missing:80", "ftp:s:80"]) {
      await t.get(`${services}/${id}/proxy/`);
    }
    await t.post(t.path("v1/endpoints"), named("v1", "Endpoints", "s"));
    await t.get(`${services}/s/proxy/`);
    await t.put(
      `${t.path("v1/endpoints")}/s`,
      named("v1", "Endpoints", "s", { subsets: [{ addresses: [{ ip: "10.1.1.1" }], ports: [port] }] }),
    );
    await t.get(`${services}/s:web/proxy/`);
    await t.get(`${services}/http:s:web/proxy/`);
  }),
  test("pods: updates that are refused", async (t) => {
    const all = t.path("v1/pods");
    const created = await t.post(
      all,
      pod("p", { terminationGracePeriodSeconds: 5, tolerations: [{ key: "a", operator: "Exists" }] }),
    );
    const changes: Record<string, Parameters<typeof created.with>[0]> = {
      image: { "/spec/containers/0/image": "other" },
      "image emptied": { "/spec/containers/0/image": "" },
      command: { "/spec/containers/0/command": ["x"] },
      "container added": { "/spec/containers/1": { name: "d", image: "i" } },
      "node name": { "spec.nodeName": "n" },
      "node selector": { "spec.nodeSelector": { a: "b" } },
      deadline: { "spec.activeDeadlineSeconds": 5 },
      "toleration added": { "/spec/tolerations/2": { key: "b", operator: "Exists" } },
      "tolerations removed": { "spec.tolerations": [] },
      "toleration changed": { "/spec/tolerations/0/key": "z" },
      "service account": { "spec.serviceAccountName": "x" },
      "restart policy": { "spec.restartPolicy": "Never" },
      "grace period": { "spec.terminationGracePeriodSeconds": 50 },
      gates: { "spec.schedulingGates": [{ name: "example.com/x" }] },
      priority: { "spec.priority": 5 },
      status: { "status.phase": "Running" },
      resources: { "/spec/containers/0/resources": { limits: { cpu: "1" } } },
    };
    for (const [remark, change] of Object.entries(changes)) {
      await t.put(`${all}/p`, created.with(change), { remark, query: { dryRun: "All" } });
    }
  }),
  test("pods: scheduling gates", async (t) => {
    const all = t.path("v1/pods");
    const gates = [{ name: "example.com/a" }, { name: "example.com/b" }];
    const created = await t.post(all, pod("p", { schedulingGates: gates, nodeSelector: { a: "b" } }));
    await t.post(all, pod("q", { schedulingGates: gates, nodeName: "n" }));
    await t.put(`${all}/p`, created.with({ "spec.nodeSelector": { a: "b", c: "d" } }), {
      query: { dryRun: "All" },
    });
    await t.put(`${all}/p`, created.with({ "spec.nodeSelector": { c: "d" } }), { query: { dryRun: "All" } });
    await t.put(`${all}/p`, created.with({ "spec.schedulingGates": [{ name: "example.com/b" }] }));
    await t.patch(`${all}/p`, { spec: { schedulingGates: [{ name: "example.com/z" }] } }, { type: "merge" });
    await t.patch(`${all}/p`, { spec: { schedulingGates: null } }, { type: "merge" });
    await t.get(`${all}/p`);
  }),
  test("pods: in tables", async (t) => {
    const all = t.path("v1/pods");
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const base = {
      containers: [
        { name: "a", image: "i" },
        { name: "b", image: "i" },
      ],
      nodeName: "n",
      readinessGates: [{ conditionType: "x/y" }],
    };
    const state = (state: JsonObject, more: JsonObject = {}) => ({
      name: "a",
      image: "i",
      imageID: "",
      ready: false,
      restartCount: 0,
      state,
      ...more,
    });
    const ended = { exitCode: 3, startedAt: "2020-01-01T00:00:00Z", finishedAt: "2020-01-01T00:00:00Z" };
    const statuses: Record<string, JsonObject> = {
      pending: {},
      waiting: { phase: "Pending", containerStatuses: [state({ waiting: { reason: "ImagePullBackOff" } })] },
      running: {
        phase: "Running",
        podIPs: [{ ip: "10.1.1.1" }, { ip: "fd00::1" }],
        podIP: "10.1.1.1",
        containerStatuses: [
          state({ running: {} }, { ready: true, restartCount: 3, lastState: { terminated: ended } }),
          { ...state({ running: {} }, { ready: true }), name: "b" },
        ],
        conditions: [{ type: "Ready", status: "True" }],
      },
      failed: { phase: "Failed", reason: "Evicted" },
      exited: { phase: "Running", containerStatuses: [state({ terminated: ended })] },
      signalled: { phase: "Running", containerStatuses: [state({ terminated: { ...ended, signal: 9 } })] },
      completed: {
        phase: "Succeeded",
        containerStatuses: [state({ terminated: { ...ended, exitCode: 0, reason: "Completed" } })],
      },
      nominated: { phase: "Pending", nominatedNodeName: "m" },
      initialising: { phase: "Pending", initContainerStatuses: [state({ running: {} })] },
    };
    for (const [name, status] of Object.entries(statuses)) {
      await t.ask(
        "POST",
        all,
        pod(name, name === "initialising" ? { ...base, initContainers: [{ name: "a0", image: "i" }] } : base),
      );
      await t.patch(`${all}/${name}/status`, { status }, { type: "merge" });
    }
    await t.delete(`${all}/running`);
    await t.get(all, { accept });
    await t.get(all, { accept, query: { fieldSelector: "status.phase=Running" } });
    await t.get("/api/v1/pods", {
      accept,
      query: { fieldSelector: `metadata.namespace=${t.namespace},status.phase!=Running` },
    });
  }),
  test("pods: annotations that fields have replaced", async (t) => {
    const all = t.path("v1/pods");
    const annotated = (name: string, annotations: JsonObject) =>
      edited(pod(name), { "/metadata/annotations": annotations });
    const profile = "container.apparmor.security.beta.kubernetes.io/c";
    for (const [place, value] of ["localhost/mine", "runtime/default", "unconfined", "wrong", ""].entries()) {
      await t.post(all, annotated(`p${place}`, { [profile]: value }), { remark: value });
    }
    await t.post(all, annotated("other", { [`${profile}-of-no-container`]: "localhost/mine" }));
    await t.post(
      all,
      annotated("seccomp", { "seccomp.security.alpha.kubernetes.io/pod": "runtime/default" }),
    );
    await t.post(all, annotated("critical", { "scheduler.alpha.kubernetes.io/critical-pod": "" }));
  }),
  test("pods: who owns what resize and ephemeralcontainers write", async (t) => {
    const all = t.path("v1/pods");
    const container = (cpu: string, more: JsonObject = {}) => ({
      name: "c",
      image: "i",
      resources: { requests: { cpu } },
      ...more,
    });
    await t.post(all, pod("p", { containers: [container("100m")] }));
    const applied = (spec: JsonObject, metadata: JsonObject = {}) => pod("p", spec, metadata);
    await t.apply(`${all}/p/resize`, applied({ containers: [container("200m")] }), "a");
    await t.apply(
      `${all}/p/resize`,
      applied({ containers: [container("300m")] }, { labels: { l: "1" } }),
      "a",
      { query: { force: "true" } },
    );
    await t.patch(`${all}/p/resize`, { spec: { containers: [container("400m")] } }, { type: "strategic" });
    const shell = { name: "e", image: "i", command: ["sh"] };
    await t.apply(
      `${all}/p/ephemeralcontainers`,
      applied({ ephemeralContainers: [shell] }, { labels: { m: "1" } }),
      "b",
      { query: { force: "true" } },
    );
    await t.patch(
      `${all}/p/ephemeralcontainers`,
      { metadata: { labels: { n: "1" } }, spec: { ephemeralContainers: [{ ...shell, name: "f" }] } },
      { type: "strategic" },
    );
    await t.get(`${all}/p`);
  }),
];
