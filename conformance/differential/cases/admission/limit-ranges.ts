import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { named, pod } from "../../objects.ts";

export const isApart = true;

const DRY = { query: { dryRun: "All" } };
const LAG_MS = 400;

const range = (name: string, ...limits: Json[]): JsonObject =>
  named("v1", "LimitRange", name, { spec: { limits } });

async function given(t: Conversation, ...limits: Json[]): Promise<void> {
  await t.post(t.path("v1/limitranges"), range("r", ...limits));
  await t.pause(LAG_MS);
}

const of = (requests: JsonObject, limits: JsonObject = {}): JsonObject => ({
  name: "c",
  image: "i",
  resources: { requests, limits },
});
const ofBoth = (amounts: JsonObject) => of(amounts, amounts);

async function tried(t: Conversation, shapes: Readonly<Record<string, JsonObject>>): Promise<void> {
  for (const [remark, spec] of Object.entries(shapes))
    await t.post(t.path("v1/pods"), pod("p", spec), { ...DRY, remark });
}

/** A name, and amounts of it that grow. */
const names: readonly [string, string, string, string][] = [
  ["cpu", "100m", "1", "2"],
  ["memory", "64Mi", "1Gi", "2Gi"],
  ["ephemeral-storage", "1Gi", "2Gi", "4Gi"],
  ["hugepages-2Mi", "2Mi", "4Mi", "8Mi"],
  ["example.com/gpu", "1", "2", "4"],
];

const sized = (name: string, low: string, middle: string, high: string): Record<string, JsonObject> => ({
  nothing: {},
  low: { containers: [ofBoth({ [name]: low })] },
  middle: { containers: [ofBoth({ [name]: middle })] },
  high: { containers: [ofBoth({ [name]: high })] },
  "a request": { containers: [of({ [name]: middle })] },
  "a limit": { containers: [of({}, { [name]: middle })] },
  spread: { containers: [of({ [name]: low }, { [name]: high })] },
  "an init container": { initContainers: [{ ...ofBoth({ [name]: high }), name: "i" }] },
  two: { containers: [ofBoth({ [name]: middle }), { ...ofBoth({ [name]: middle }), name: "d" }] },
});

const bounded = (type: string, [name, low, middle, high]: (typeof names)[number]) =>
  test(`limit ranges: ${name} of each ${type}`, async (t) => {
    const items: Record<string, JsonObject> = {
      min: { min: { [name]: middle } },
      max: { max: { [name]: middle } },
      "min and max": { min: { [name]: middle }, max: { [name]: middle } },
      ratio: { maxLimitRequestRatio: { [name]: "2" } },
    };
    const path = t.path("v1/limitranges");
    await t.ask("POST", path, range("r"));
    for (const [remark, item] of Object.entries(items)) {
      await t.put(`${path}/r`, range("r", { type, ...item }), { remark });
      await t.pause(LAG_MS);
      await tried(t, sized(name, low, middle, high));
    }
  });

const defaulting = ([name, low, middle, high]: (typeof names)[number]) =>
  test(`limit ranges: defaults of ${name}`, async (t) => {
    const items: Record<string, JsonObject> = {
      default: { default: { [name]: middle } },
      request: { defaultRequest: { [name]: low } },
      both: { default: { [name]: high }, defaultRequest: { [name]: low } },
      "max alone": { max: { [name]: high } },
    };
    const path = t.path("v1/limitranges");
    await t.ask("POST", path, range("r"));
    for (const [remark, item] of Object.entries(items)) {
      await t.put(`${path}/r`, range("r", { type: "Container", ...item }), { remark });
      await t.pause(LAG_MS);
      await tried(t, sized(name, low, middle, high));
    }
  });

const invalid: Readonly<Record<string, JsonObject>> = {
  "no type": { max: { cpu: "1" } },
  "an odd type": { type: "Bad Type", max: { cpu: "1" } },
  "a foreign type": { type: "example.com/Thing", max: { "example.com/things": "1" } },
  "an unknown type": { type: "Thing", max: { cpu: "1" } },
  "min above max": { type: "Container", min: { cpu: "2" }, max: { cpu: "1" } },
  "default above max": { type: "Container", default: { cpu: "2" }, max: { cpu: "1" } },
  "default below min": { type: "Container", default: { cpu: "1" }, min: { cpu: "2" } },
  "request above default": { type: "Container", default: { cpu: "1" }, defaultRequest: { cpu: "2" } },
  "request above max": { type: "Container", defaultRequest: { cpu: "2" }, max: { cpu: "1" } },
  "request below min": { type: "Container", defaultRequest: { cpu: "1" }, min: { cpu: "2" } },
  "a ratio below one": { type: "Container", maxLimitRequestRatio: { cpu: "0.5" } },
  "a ratio that cannot be": {
    type: "Container",
    min: { cpu: "1" },
    max: { cpu: "2" },
    maxLimitRequestRatio: { cpu: "3" },
  },
  "defaults of pods": { type: "Pod", default: { cpu: "1" }, defaultRequest: { cpu: "1" } },
  "gpus that differ": {
    type: "Container",
    default: { "example.com/gpu": "2" },
    defaultRequest: { "example.com/gpu": "1" },
  },
  "a fraction of a gpu": { type: "Container", max: { "example.com/gpu": "500m" } },
  negative: { type: "Container", max: { cpu: "-1" } },
  "an odd name": { type: "Container", max: { nothing: "1" } },
  "storage of containers": { type: "Container", max: { storage: "1Gi" } },
  "cpu of claims": { type: "PersistentVolumeClaim", max: { cpu: "1" } },
  "claims without bounds": { type: "PersistentVolumeClaim", default: { storage: "1Gi" } },
  "claims, min only": { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
  "everything wrong": {
    type: "Container",
    min: { cpu: "3", memory: "3" },
    max: { cpu: "1", memory: "1" },
    default: { cpu: "2" },
    defaultRequest: { cpu: "5" },
  },
};

export const cases = [
  ...names.map((name) => bounded("Container", name)),
  ...names.map((name) => bounded("Pod", name)),
  ...names.map(defaulting),
  test("limit ranges: that may not be", async (t) => {
    const path = t.path("v1/limitranges");
    for (const [remark, item] of Object.entries(invalid))
      await t.post(path, range("r", item), { ...DRY, remark });
    await t.post(path, range("r", { type: "Pod" }, { type: "Pod" }), { ...DRY, remark: "a type twice" });
    await t.post(path, named("v1", "LimitRange", "r"), { ...DRY, remark: "no spec" });
    await t.post(path, range("r", {}), { ...DRY, remark: "an empty item" });
  }),
  test("limit ranges: several at once", async (t) => {
    const path = t.path("v1/limitranges");
    await t.ask("POST", path, range("a", { type: "Container", default: { cpu: "1" } }));
    await t.ask(
      "POST",
      path,
      range(
        "b",
        { type: "Container", defaultRequest: { cpu: "100m", memory: "1Mi" } },
        { type: "Pod", max: { memory: "1Gi" } },
      ),
    );
    await t.pause(LAG_MS);
    await tried(t, {
      nothing: {},
      "too much": { containers: [ofBoth({ memory: "2Gi" })] },
      "cpu of its own": { containers: [of({ cpu: "2" })] },
    });
    await t.delete(`${path}/a`);
    await t.pause(LAG_MS);
    await tried(t, { "one is gone": {} });
  }),
  test("limit ranges: what else is held", async (t) => {
    await given(t, {
      type: "PersistentVolumeClaim",
      min: { storage: "1Gi" },
      max: { storage: "4Gi" },
      maxLimitRequestRatio: { storage: "2" },
    });
    const claims = t.path("v1/persistentvolumeclaims");
    const claim = (name: string, requests: JsonObject, limits: JsonObject = {}): JsonObject =>
      named("v1", "PersistentVolumeClaim", name, {
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests, limits } },
      });
    const shapes: Record<string, [JsonObject, JsonObject]> = {
      fits: [{ storage: "2Gi" }, {}],
      "too small": [{ storage: "1Mi" }, {}],
      "too large": [{ storage: "5Gi" }, {}],
      limited: [{ storage: "1Gi" }, { storage: "4Gi" }],
      "a wide limit": [{ storage: "1Gi" }, { storage: "8Gi" }],
    };
    for (const [remark, [requests, limits]] of Object.entries(shapes))
      await t.post(claims, claim("c", requests, limits), { ...DRY, remark });
    await t.post(claims, claim("c", { storage: "2Gi" }));
    await t.patch(`${claims}/c/status`, { status: { phase: "Bound", capacity: { storage: "2Gi" } } });
    await t.patch(`${claims}/c`, { spec: { resources: { requests: { storage: "8Gi" } } } });
    await t.patch(`${claims}/c`, { metadata: { labels: { a: "b" } } });
  }),
  test("limit ranges: pods that are resized or ephemeral", async (t) => {
    const pods = t.path("v1/pods");
    await t.ask("POST", pods, pod("p", { containers: [ofBoth({ cpu: "1", memory: "1Gi" })] }));
    await given(
      t,
      { type: "Container", max: { cpu: "1500m" }, min: { cpu: "500m" } },
      { type: "Pod", max: { cpu: "1800m" } },
    );
    for (const cpu of ["100m", "1", "1600m", "2"])
      await t.patch(
        `${pods}/p/resize`,
        { spec: { containers: [{ name: "c", resources: { requests: { cpu }, limits: { cpu } } }] } },
        { type: "strategic", remark: cpu },
      );
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } }, { compare: "head" });
    await t.patch(
      `${pods}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "e", image: "i" }] } },
      { type: "strategic" },
    );
    await t.patch(`${pods}/p/status`, { status: { message: "m" } }, { compare: "head" });
  }),
  test("limit ranges: the pod as a whole", async (t) => {
    await given(
      t,
      { type: "Pod", min: { cpu: "500m" }, max: { cpu: "1" } },
      { type: "Container", default: { cpu: "700m" } },
    );
    const whole = (cpu: string): JsonObject => ({
      resources: { requests: { cpu }, limits: { cpu } },
      containers: [{ name: "c", image: "i" }],
    });
    await tried(t, {
      defaulted: {},
      "the pod's own": whole("1"),
      "too much": whole("2"),
      "too little": whole("100m"),
      overhead: { containers: [ofBoth({ cpu: "900m" })], overhead: { cpu: "200m" } },
      "init and main": {
        initContainers: [{ ...ofBoth({ cpu: "900m" }), name: "i" }],
        containers: [ofBoth({ cpu: "600m" })],
      },
      "sidecar and init": {
        initContainers: [
          { ...ofBoth({ cpu: "300m" }), name: "s", restartPolicy: "Always" },
          { ...ofBoth({ cpu: "900m" }), name: "i" },
        ],
        containers: [ofBoth({ cpu: "100m" })],
      },
    });
  }),
];
