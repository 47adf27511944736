import { describe, expect, test } from "vitest";
import { cloneJson } from "../json-clone.ts";
import type { JsonObject, JsonValue, KubeObject, ManagedFieldsEntry } from "../object.ts";
import { StatusError } from "../status.ts";
import type { StructuralSchema } from "./custom-schema.ts";
import { lastAppliedAnnotation } from "./last-applied.ts";
import { managedFieldsProblem } from "./managers.ts";
import { fieldManager, frozen, mapList, owners, setList, type Thing, text, thing } from "./testing.ts";

const spec: StructuralSchema = {
  type: "object",
  properties: {
    a: text,
    b: text,
    c: text,
    items: mapList("name"),
    set: setList,
    map: { type: "object", additionalProperties: text },
    parts: { type: "object", properties: { x: text, y: text } },
  },
};
const manager = fieldManager(spec);

const at = (second: number): string => `2024-01-01T00:00:0${second}Z`;
const by = (name: string, second = 1) => ({ manager: name, now: at(second) });

function create(object: Thing, name: string, fields = manager): Thing {
  return frozen(stored(fields.update(undefined, cloneJson(object), by(name, 0))));
}

function stored(object: KubeObject): Thing {
  return { ...object, metadata: { ...object.metadata, uid: "u", resourceVersion: "1" } } as Thing;
}

/** A write of a new spec, with what the client read as the rest. */
function update(
  live: Thing,
  next: JsonObject | undefined,
  name: string,
  second = 1,
  fields = manager,
): Thing {
  const object: Thing = { ...cloneJson(live), ...(next === undefined ? {} : { spec: next }) };
  if (next === undefined) delete object.spec;
  return frozen(fields.update(live, object, by(name, second)) as Thing);
}

function apply(
  live: Thing | undefined,
  next: Thing,
  name: string,
  { force = false, second = 1 } = {},
  fields = manager,
): Thing {
  const object = fields.apply(live, frozen(next) as unknown as JsonValue, { ...by(name, second), force });
  return frozen(stored(object));
}

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

const times = (object: KubeObject): unknown[] =>
  (object.metadata.managedFields ?? []).map(({ manager, time }) => [manager, time]);

describe("writes", () => {
  test("who creates owns everything but what is never owned", () => {
    const live = create(thing({ a: "1", parts: { x: "1" } }, { namespace: "n", labels: { l: "1" } }), "me");
    expect(live.metadata.managedFields).toEqual([
      {
        manager: "me",
        operation: "Update",
        apiVersion: "t.io/v1",
        time: at(0),
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": { ".": {}, "f:l": {} } },
          "f:spec": { ".": {}, "f:a": {}, "f:parts": { ".": {}, "f:x": {} } },
        },
      },
    ]);
  });

  test("who changes a field takes it, who removes it takes it from all", () => {
    const live = create(thing({ a: "1", b: "1", c: "1" }), "me");
    const next = update(live, { a: "2", b: "1" }, "you");
    expect(owners(next)).toEqual({
      "me Update": { "f:spec": { ".": {}, "f:b": {} } },
      "you Update": { "f:spec": { "f:a": {} } },
    });
  });

  test("an entry without fields goes", () => {
    const live = create(thing({ a: "1" }), "me");
    const next = update(update(live, { a: "2" }, "you"), undefined, "them");
    expect(owners(next)).toEqual({});
    expect(next.metadata.managedFields).toBeUndefined();
  });

  test("time goes on only for who changes something", () => {
    const live = create(thing({ a: "1", b: "1" }), "me");
    const next = update(live, { a: "2", b: "1" }, "you", 2);
    expect(times(next)).toEqual([
      ["me", at(0)],
      ["you", at(2)],
    ]);
    const again = update(next, { a: "2", b: "1" }, "you", 3);
    expect(again.metadata.managedFields).toEqual(next.metadata.managedFields);
  });

  test("entries that do not change stay as they are", () => {
    const live = create(thing({ a: "1", b: "1" }), "me");
    const next = update(live, { a: "1", b: "2" }, "you");
    const after = update(next, { a: "1", b: "3" }, "you", 2);
    expect(JSON.stringify(after.metadata.managedFields?.[0])).toBe(
      JSON.stringify(next.metadata.managedFields?.[0]),
    );
  });

  test("the same name in another version, operation or subresource is somebody else", () => {
    const status = fieldManager(spec, { subresource: "status" });
    const live = create(thing({ a: "1", b: "1", c: "1" }), "me");
    const next = update(live, { a: "1", b: "2", c: "1" }, "me", 1, status);
    expect(owners(apply(next, thing({ c: "1" }), "me"))).toEqual({
      "me Apply": { "f:spec": { "f:c": {} } },
      "me Update": { "f:spec": { ".": {}, "f:a": {}, "f:c": {} } },
      "me Update status": { "f:spec": { "f:b": {} } },
    });
  });

  test("fields that the endpoint ignores are not owned", () => {
    const fields = fieldManager(spec, {
      resetFields: { "*": ["spec.parts", "metadata.labels"], "t.io/v1": ["spec.b"] },
    });
    const live = create(thing({ a: "1", b: "1", parts: { x: "1" } }, { labels: { l: "1" } }), "me", fields);
    expect(owners(live)).toEqual({ "me Update": { "f:spec": { ".": {}, "f:a": {} } } });
  });

  test("a writer without a name is unknown", () => {
    expect(owners(create(thing({ a: "1" }), ""))).toHaveProperty("unknown Update");
  });
});

describe("managedFields that a client sends", () => {
  const live = create(thing({ a: "1", b: "1" }), "me");
  const sent = (managedFields: unknown): Thing => {
    const object = { ...cloneJson(live), spec: { a: "2", b: "1" } };
    object.metadata.managedFields = managedFields as ManagedFieldsEntry[];
    return manager.update(live, object, by("you")) as Thing;
  };
  const entry = { manager: "x", operation: "Update", apiVersion: "t.io/v1", fieldsType: "FieldsV1" };

  test.each([[[]], [[{}]]])("%j makes everybody forget, also later writers", (managedFields) => {
    const forgotten = sent(managedFields);
    expect(forgotten.metadata.managedFields).toBeUndefined();
    expect(update(forgotten, { a: "3" }, "you").metadata.managedFields).toBeUndefined();
  });

  test.each([
    ["nothing", undefined],
    ["an unknown operation", [{ ...entry, operation: "Delete" }]],
    ["no version", [{ ...entry, apiVersion: "" }]],
    ["no type of fields", [{ ...entry, fieldsType: undefined }]],
    ["another type of fields", [{ ...entry, fieldsType: "FieldsV2" }]],
    ["fields that are none", [{ ...entry, fieldsV1: { name: {} } }]],
  ])("%s: the live ones count", (_name, managedFields) => {
    expect(owners(sent(managedFields))).toEqual({
      "me Update": { "f:spec": { ".": {}, "f:b": {} } },
      "you Update": { "f:spec": { "f:a": {} } },
    });
  });

  test("other entries replace the live ones, in canonical form", () => {
    const fieldsV1 = { "f:spec": { "f:b": {}, "f:a": {}, 'f:x"': {} } };
    expect(owners(sent([{ ...entry, fieldsV1 }]))).toEqual({
      "x Update": { "f:spec": { "f:b": {}, 'f:x"': {} } },
      "you Update": { "f:spec": { "f:a": {} } },
    });
  });

  test("through a subresource the live ones count", () => {
    const status = fieldManager(spec, { subresource: "status" });
    const object = { ...cloneJson(live), spec: { a: "1", b: "2" } };
    object.metadata.managedFields = [];
    expect(owners(status.update(live, object, by("you")))).toEqual({
      "me Update": { "f:spec": { ".": {}, "f:a": {} } },
      "you Update status": { "f:spec": { "f:b": {} } },
    });
  });
});

describe("apply", () => {
  test("makes an object that is not there", () => {
    const live = apply(undefined, thing({ a: "1" }), "me");
    expect(live.spec).toEqual({ a: "1" });
    expect(live.metadata.managedFields).toEqual([
      {
        manager: "me",
        operation: "Apply",
        apiVersion: "t.io/v1",
        time: at(1),
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:a": {} } },
      },
    ]);
  });

  test("the same again changes nothing, not even the time", () => {
    const live = apply(undefined, thing({ a: "1", items: [{ name: "x" }] }), "me");
    const again = apply(live, thing({ a: "1", items: [{ name: "x" }] }), "me", { second: 5 });
    expect(again).toEqual(live);
  });

  test("who applies what is there shares it; without a change there is no time", () => {
    const live = apply(undefined, thing({ a: "1", b: "1" }), "me");
    const shared = apply(live, thing({ a: "1" }), "you", { second: 5 });
    expect(owners(shared)).toEqual({
      "me Apply": { "f:spec": { "f:a": {}, "f:b": {} } },
      "you Apply": { "f:spec": { "f:a": {} } },
    });
    expect(times(shared)).toEqual([
      ["you", undefined],
      ["me", at(1)],
    ]);
  });

  test("what is not applied any more goes", () => {
    const live = apply(
      undefined,
      thing({ a: "1", map: { x: "1", y: "1" }, items: [{ name: "x" }, { name: "y" }], set: ["p", "q"] }),
      "me",
    );
    const next = apply(live, thing({ map: { y: "1" }, items: [{ name: "y" }], set: ["q"] }), "me");
    expect(next.spec).toEqual({ map: { y: "1" }, items: [{ name: "y" }], set: ["q"] });
  });

  test("but stays when somebody else owns it, by applying or writing", () => {
    const live = apply(undefined, thing({ a: "1", b: "1", items: [{ name: "x" }] }), "me");
    const shared = apply(live, thing({ a: "1" }), "you");
    const written = update(shared, { a: "1", b: "1", items: [{ name: "x" }, { name: "y" }] }, "them");
    const next = apply(written, thing({}), "me");
    expect(next.spec).toEqual({ a: "1", items: [{ name: "y" }] });
    expect(owners(next)).toEqual({
      "me Apply": { "f:spec": {} },
      "you Apply": { "f:spec": { "f:a": {} } },
      "them Update": { "f:spec": { "f:items": { 'k:{"name":"y"}': { ".": {}, "f:name": {} } } } },
    });
  });

  test("an item goes with what others wrote into it: they do not own the item", () => {
    const live = apply(undefined, thing({ a: "1", items: [{ name: "x" }, { name: "y" }] }), "me");
    const written = update(live, { a: "1", items: [{ name: "x", value: "1" }, { name: "y" }] }, "them");
    const next = apply(written, thing({ items: [{ name: "y" }] }), "me");
    expect(next.spec).toEqual({ items: [{ name: "y" }] });
    expect(owners(next)).not.toHaveProperty("them Update");
  });

  test("what the applier lost to somebody else is not taken away", () => {
    const live = apply(undefined, thing({ a: "1", b: "1" }), "me");
    const written = update(live, { a: "2", b: "1" }, "you");
    expect(apply(written, thing({ b: "1" }), "me").spec).toEqual({ a: "2", b: "1" });
  });

  test("a field of somebody else is a conflict unless the value is the same", () => {
    const live = update(create(thing({ a: "1", b: "1" }), "creator"), { a: "2", b: "1" }, "writer");
    const error = failure(() => apply(live, thing({ a: "3" }), "me"));
    expect(error.status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'Apply failed with 1 conflict: conflict with "writer" using t.io/v1: .spec.a',
      reason: "Conflict",
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "writer" using t.io/v1',
            field: ".spec.a",
          },
        ],
      },
      code: 409,
    });
    expect(owners(apply(live, thing({ a: "2" }), "me"))).toHaveProperty("writer Update");
  });

  test("force takes the field", () => {
    const live = create(thing({ a: "1", b: "1" }), "writer");
    const next = apply(live, thing({ a: "2" }), "me", { force: true });
    expect(next.spec).toEqual({ a: "2", b: "1" });
    expect(owners(next)).toEqual({
      "me Apply": { "f:spec": { "f:a": {} } },
      "writer Update": { "f:spec": { ".": {}, "f:b": {} } },
    });
  });

  test("several conflicts are listed by manager", () => {
    const status = fieldManager(spec, { subresource: "status" });
    const live = apply(undefined, thing({ a: "1", items: [{ name: "x", value: "1" }] }), "zoe");
    const written = update(
      update(live, { ...live.spec, b: "1" }, "bob"),
      { ...live.spec, b: "1", c: "1" },
      "bob",
      2,
      status,
    );
    const change = thing({ a: "2", b: "2", c: "2", items: [{ name: "x", value: "2" }] });
    const error = failure(() => apply(written, change, "me"));
    expect(error.message).toBe(
      [
        'Apply failed with 4 conflicts: conflicts with "bob" with subresource "status" using t.io/v1:',
        "- .spec.c",
        'conflicts with "bob" using t.io/v1:',
        "- .spec.b",
        'conflicts with "zoe":',
        "- .spec.a",
        '- .spec.items[name="x"].value',
      ].join("\n"),
    );
    expect(error.details?.causes).toHaveLength(4);
  });

  test("fields of an object that was never tracked belong to before-first-apply", () => {
    const live = frozen(stored(thing({ a: "1", b: "1" })));
    expect(failure(() => apply(live, thing({ a: "2" }), "me")).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using t.io/v1: .spec.a',
    );
    expect(owners(apply(live, thing({ a: "2" }), "me", { force: true }))).toEqual({
      "before-first-apply Update": { "f:spec": { ".": {}, "f:b": {} } },
      "me Apply": { "f:spec": { "f:a": {} } },
    });
  });

  test("an object that was never tracked, because its lists cannot be, takes no apply", () => {
    const live = frozen(stored(thing({ items: [{}] })));
    expect(failure(() => apply(live, thing({ a: "2" }), "me"))).toMatchObject({
      code: 500,
      message: `failed to create manager for existing fields: failed to convert new object (/a; t.io/v1, Kind=Thing) to smd typed: .spec.items: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
    });
  });

  test("the result belongs to the caller, live is left as it is", () => {
    const live = apply(undefined, thing({ a: "1", items: [{ name: "x" }] }), "me");
    const object = manager.apply(live, thing({ a: "1", items: [{ name: "x" }] }) as unknown as JsonObject, {
      ...by("me"),
      force: false,
    }) as Thing;
    expect(() => ((object.spec!["items"] as JsonObject[])[0]!["name"] = "y")).not.toThrow();
    expect(live.spec).toEqual({ a: "1", items: [{ name: "x" }] });
  });

  test.each<[string, JsonValue, number, string]>([
    [
      "another kind",
      { apiVersion: "t.io/v1", kind: "Other" },
      400,
      "invalid object type: t.io/v1, Kind=Other",
    ],
    ["another version", { apiVersion: "v1", kind: "Thing" }, 400, "invalid object type: /v1, Kind=Thing"],
    ["no type", {}, 400, "invalid object type: /, Kind="],
    [
      "no object",
      ["a"],
      400,
      "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      "managedFields",
      { apiVersion: "t.io/v1", kind: "Thing", metadata: { managedFields: [] } },
      400,
      "metadata.managedFields must be nil",
    ],
    [
      "an unknown field",
      { apiVersion: "t.io/v1", kind: "Thing", metadata: { name: "a", namespace: "n" }, spec: { d: "1" } },
      500,
      "failed to create typed patch object (n/a; t.io/v1, Kind=Thing): .spec.d: field not declared in schema",
    ],
    [
      "items twice",
      { apiVersion: "t.io/v1", kind: "Thing", spec: { set: ["a", "a"] } },
      500,
      'failed to create typed patch object (/; t.io/v1, Kind=Thing): .spec.set: duplicate entries for key [="a"]',
    ],
  ])("%s is refused", (_name, configuration, code, message) => {
    const error = failure(() => manager.apply(undefined, configuration, { ...by("me"), force: false }));
    expect(error).toMatchObject({ code, message });
  });
});

describe("kubectl's last-applied-configuration", () => {
  const clientSide = (object: Thing): Thing => {
    const annotations = { [lastAppliedAnnotation]: `${JSON.stringify(object)}\n` };
    return create({ ...object, metadata: { ...object.metadata, annotations } }, "kubectl-client-side-apply");
  };

  test("kubectl takes over what it applied from the client, nobody else does", () => {
    const live = clientSide(thing({ a: "1", b: "1" }));
    expect(failure(() => apply(live, thing({ a: "2" }), "other")).code).toBe(409);
    const next = apply(live, thing({ a: "2" }), "kubectl");
    expect(owners(next)).toMatchObject({ "kubectl Apply": { "f:spec": { "f:a": {} } } });
    expect(next.metadata.annotations?.[lastAppliedAnnotation]).toBe(
      '{"apiVersion":"t.io/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"a":"2"}}\n',
    );
  });

  test("but not what somebody changed since", () => {
    const live = update(clientSide(thing({ a: "1", b: "1" })), { a: "9", b: "1" }, "other");
    expect(failure(() => apply(live, thing({ a: "2", b: "2" }), "kubectl")).message).toBe(
      'Apply failed with 1 conflict: conflict with "other" using t.io/v1: .spec.a',
    );
  });

  test("an annotation that would be too long is left out", () => {
    const live = clientSide(thing({ a: "1" }));
    const next = apply(live, thing({ a: "x".repeat(256 * 1024) }), "kubectl");
    expect(next.metadata.annotations).not.toHaveProperty([lastAppliedAnnotation]);
  });

  test("an annotation that is no object of the version says nothing", () => {
    for (const value of ["{", "[]", '{"kind":"Thing","apiVersion":"t.io/v2"}']) {
      const live = create(thing({ a: "1" }, { annotations: { [lastAppliedAnnotation]: value } }), "me");
      expect(failure(() => apply(live, thing({ a: "2" }), "kubectl")).code).toBe(409);
    }
  });
});

describe("more than ten updaters", () => {
  test("the oldest of a version become one", () => {
    let live = create(thing({ map: {} }), "m0");
    for (let i = 1; i <= 12; i++) {
      const map = { ...(live.spec!["map"] as JsonObject), [`k${i}`]: "1" };
      live = update(live, { map }, `m${i}`, Math.min(i, 9));
    }
    const names = live.metadata.managedFields?.map((entry) => entry.manager);
    expect(names).toEqual(["ancient-changes", "m4", "m5", "m6", "m7", "m8", "m10", "m11", "m12", "m9"]);
    expect(owners(live)["ancient-changes Update"]).toEqual({
      "f:spec": { ".": {}, "f:map": { ".": {}, "f:k1": {}, "f:k2": {}, "f:k3": {} } },
    });
  });
});

describe("versions", () => {
  /** In v2 the field b is called c. */
  const renamed = (object: JsonObject): JsonObject => {
    const { b, c, ...rest } = (object["spec"] ?? {}) as JsonObject;
    const moved = { ...rest, ...(b === undefined ? {} : { c: b }), ...(c === undefined ? {} : { b: c }) };
    return { ...object, ...(object["spec"] === undefined ? {} : { spec: moved }) };
  };
  const fields = fieldManager(spec, { versions: { "t.io/v2": renamed } });
  const entry = (
    manager: string,
    operation: "Apply" | "Update",
    apiVersion: string,
    fieldsV1: JsonObject,
  ): ManagedFieldsEntry => ({ manager, operation, apiVersion, fieldsType: "FieldsV1", fieldsV1 });
  const live = (...managedFields: ManagedFieldsEntry[]): Thing =>
    frozen(thing({ a: "1", b: "1" }, { uid: "u", managedFields }));

  test("a change is seen in the version of each owner", () => {
    const before = live(entry("v2", "Update", "t.io/v2", { "f:spec": { "f:a": {}, "f:c": {} } }));
    expect(owners(update(before, { a: "1", b: "2" }, "me", 1, fields))).toEqual({
      "v2 Update t.io/v2": { "f:spec": { "f:a": {} } },
      "me Update": { "f:spec": { "f:b": {} } },
    });
    expect(failure(() => apply(before, thing({ b: "2" }), "me", {}, fields)).message).toBe(
      'Apply failed with 1 conflict: conflict with "v2" using t.io/v2: .spec.c',
    );
  });

  test("what was applied in another version is pruned there", () => {
    const before = live(entry("me", "Apply", "t.io/v2", { "f:spec": { "f:a": {}, "f:c": {} } }));
    const next = apply(before, thing({ a: "1" }), "me", {}, fields);
    expect(next.spec).toEqual({ a: "1" });
    expect(owners(next)).toEqual({ "me Apply": { "f:spec": { "f:a": {} } } });
  });

  test("entries of a version that is not served go", () => {
    const before = live(entry("old", "Update", "t.io/v0", { "f:spec": { "f:a": {} } }));
    expect(owners(update(before, { a: "1", b: "2" }, "me", 1, fields))).toEqual({
      "me Update": { "f:spec": { "f:b": {} } },
    });
  });
});

test("admission must leave a list that can be read", () => {
  const entry: ManagedFieldsEntry = {
    operation: "Update",
    apiVersion: "v1",
    fieldsType: "FieldsV1",
    fieldsV1: {},
  };
  expect(managedFieldsProblem([entry])).toBeUndefined();
  expect(managedFieldsProblem([entry, { ...entry, fieldsType: "" }])).toBe(
    "missing fieldsType in managed fields entry 1",
  );
  expect(managedFieldsProblem([{ ...entry, fieldsV1: { a: {} } }])).toBe("key must be 2 characters long:");
});

test("a live custom object that does not fit its schema is written without owners", () => {
  const fields = fieldManager(spec, { checkLive: true });
  const live = create(thing({ a: "1" }), "me", fields);
  expect(update(live, { a: 1 }, "me", 1, fields).metadata.managedFields).toBeUndefined();
});
