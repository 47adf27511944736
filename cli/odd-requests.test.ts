import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster({ tokenAuthFile: "secret,admin,1,system:masters", controllers: [] });
});
afterAll(() => cluster.close());

interface Answer {
  code: number;
  message?: string;
  metadata?: { name?: string; resourceVersion?: string };
  details?: { causes?: { field: string; message: string }[] };
}

function ask(method: string, path: string, body?: object, contentType = "application/json"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: "Bearer secret", "content-type": contentType };
    const options = { method, rejectUnauthorized: false, agent: false, headers };
    const asked = request(cluster.url + path, options, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ ...JSON.parse(text), code: answer.statusCode });
    });
    asked.on("error", reject).end(body && JSON.stringify(body));
  });
}

const maps = "/api/v1/namespaces/default/configmaps";
const configMap = (name: string, resourceVersion: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, resourceVersion },
});
const noNumber = { code: 500, message: 'strconv.ParseUint: parsing "x": invalid syntax' };

test("a version that is no number fails an update, and is forgotten by a creation", async () => {
  expect(await ask("POST", maps, configMap("a", "x"))).toMatchObject({ code: 201 });
  expect(await ask("POST", maps, configMap("b", "1"))).toMatchObject({ code: 500 });
  expect(await ask("PUT", `${maps}/a`, configMap("a", "x"))).toMatchObject(noNumber);
  expect(await ask("PUT", `${maps}/a`, configMap("a", "00"))).toMatchObject({ code: 200 });
});

test("an update that creates keeps the version that it sent only where it is tried", async () => {
  const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
  const lease = (resourceVersion: string) => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "l", resourceVersion },
  });
  expect(await ask("PUT", `${leases}/l?dryRun=All`, lease("x"))).toMatchObject(noNumber);
  const tried = await ask("PUT", `${leases}/l?dryRun=All`, lease("1"));
  expect(tried).toMatchObject({ code: 201, metadata: { resourceVersion: "1" } });
  const made = await ask("PUT", `${leases}/l`, lease("1"));
  expect(made.code).toBe(201);
  expect(made.metadata?.resourceVersion).not.toBe("1");
});

test("what has no name has no path with one", async () => {
  const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
  for (const path of [`${reviews}/x`, "/api/v1/namespaces/default/bindings/x"])
    for (const method of ["GET", "DELETE"]) expect((await ask(method, path)).code).toBe(404);
  expect((await ask("GET", reviews)).code).toBe(405);
});

test("a binding without a name is one of a pod without a name", async () => {
  expect(await ask("POST", "/api/v1/namespaces/default/bindings", {})).toMatchObject({
    code: 500,
    message: "target.name: Required value",
  });
});

test("applying to a subresource creates only where the resource lets updates create, or upstream forgets that", async () => {
  const apply = (path: string, body: object) =>
    ask("PATCH", `${path}?fieldManager=m&dryRun=All`, body, "application/apply-patch+yaml");
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "s" } };
  expect((await apply("/api/v1/namespaces/default/services/s/status", service)).code).toBe(422);
  const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
  const head = { apiVersion: "admissionregistration.k8s.io/v1", metadata: { name: "p" } };
  const policy = { ...head, kind: "ValidatingAdmissionPolicy" };
  expect((await apply(`${policies}/p/status`, policy)).code).toBe(422);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };
  expect((await apply("/api/v1/namespaces/default/pods/p/status", pod)).code).toBe(404);
});

test.each([
  ["/apis/node.k8s.io/v1/runtimeclasses", "RuntimeClass", { handler: "h" }, false],
  ["/apis/coordination.k8s.io/v1/namespaces/default/leases", "Lease", {}, false],
  ["/api/v1/namespaces/default/secrets", "Secret", {}, true],
  ["/apis/storage.k8s.io/v1/csidrivers", "CSIDriver", { spec: {} }, true],
])(
  "whether finalizers have to be qualified is each group's affair: %s",
  async (path, kind, rest, refused) => {
    const apiVersion = path.startsWith("/api/") ? "v1" : path.split("/").slice(2, 4).join("/");
    const object = { apiVersion, kind, metadata: { name: "finalized", finalizers: ["x"] }, ...rest };
    const { code, details } = await ask("POST", `${path}?dryRun=All`, object);
    expect(code).toBe(refused ? 422 : 201);
    expect(details?.causes?.map(({ field }) => field)).toEqual(
      refused ? ["metadata.finalizers[0]"] : undefined,
    );
  },
);

test("metadata in an error is in the order of its fields", async () => {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "LocalSubjectAccessReview",
    metadata: { labels: { a: "b" }, name: "x" },
    spec: { user: "u", resourceAttributes: { namespace: "default", verb: "get" } },
  };
  const path = "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews";
  const { details } = await ask("POST", path, review);
  expect(details?.causes?.[0]?.message).toMatch(
    /^Invalid value: \{"name":"x","namespace":"default","labels":\{"a":"b"\}/,
  );
});

test("a patch of a scale cannot name another object", async () => {
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  const spec = { selector: { matchLabels: { a: "b" } }, template };
  const deployments = "/apis/apps/v1/namespaces/default/deployments";
  await ask("POST", deployments, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec,
  });
  const patch = { metadata: { name: "e" } };
  expect(await ask("PATCH", `${deployments}/d/scale`, patch, "application/merge-patch+json")).toMatchObject({
    code: 400,
    message: "the name of the object (e) does not match the name on the URL (d)",
  });
});

test("what an error shows of a merge patch has its keys sorted, in lists too", async () => {
  const patch = { data: [{ b: 1, a: { d: 1, c: 2 } }] };
  const { message } = await ask("PATCH", `${maps}/a`, patch, "application/merge-patch+json");
  expect(message).toContain('\\"data\\":[{\\"a\\":{\\"c\\":2,\\"d\\":1},\\"b\\":1}]');
});
