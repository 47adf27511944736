import { expect, test } from "vitest";
import type { Json } from "./json.ts";
import { normalize, withSortedCauses } from "./normalize.ts";
import type { Step } from "./transcript.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");

function normal(...bodies: unknown[]): Json[] {
  const steps = bodies.map((body): Step => {
    const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    return { label: "GET /", status: 200, headers: {}, body: bytes, compare: "all" };
  });
  return normalize(steps, "127.0.0.1:1234", NOW).map((step) => step.body);
}

const object = (resourceVersion: string, uid: string) => ({ metadata: { name: "a", resourceVersion, uid } });
const FIRST = "11111111-1111-4111-8111-111111111111";
const SECOND = "22222222-2222-4222-8222-222222222222";

test("two servers that count differently come out equal", () => {
  expect(normal(object("5", FIRST), object("9", FIRST))).toEqual(
    normal(object("70", SECOND), object("71", SECOND)),
  );
});

test("a version that stays and one that changes come out different", () => {
  expect(normal(object("5", FIRST), object("5", FIRST))).not.toEqual(
    normal(object("5", FIRST), object("6", FIRST)),
  );
});

test("a uid that changes is seen", () => {
  expect(normal(object("5", FIRST), object("5", SECOND))[1]).toEqual({
    metadata: { name: "a", resourceVersion: "<rv:1>", uid: "<uid:2>" },
  });
});

test("times of now are labels that keep their form, others stay", () => {
  expect(
    normal({ a: "2026-11-21T09:59:59Z", b: "2026-11-21T10:00:00.123456Z", c: "2020-01-01T00:00:00Z" }),
  ).toEqual([{ a: "<time>", b: "<time.6>", c: "2020-01-01T00:00:00Z" }]);
});

test("a generated name is a label wherever it stands, a given one is not", () => {
  const made = { metadata: { generateName: "web-", name: "web-x7k2p" }, message: "pod web-x7k2p is new" };
  const given = { metadata: { generateName: "web-", name: "mine" } };
  expect(normal(made, given)).toEqual([
    { metadata: { generateName: "web-", name: "web-<random:1>" }, message: "pod web-<random:1> is new" },
    { metadata: { generateName: "web-", name: "mine" } },
  ]);
});

test("addresses and ports that a server chose are labels, those that a case asked for are not", () => {
  const ports = [{ nodePort: 30010 }, { nodePort: 31234 }];
  expect(normal({ clusterIP: "10.0.0.200", other: "10.0.0.3", ports })).toEqual([
    { clusterIP: "<ip:1>", other: "10.0.0.3", ports: [{ nodePort: 30010 }, { nodePort: "<nodePort:1>" }] },
  ]);
});

test("numbers that a double cannot hold stay distinct", () => {
  expect(normal('{"a":9007199254740993,"b":1.50}')).toEqual([
    { a: "number 9007199254740993", b: "number 1.50" },
  ]);
});

test("keys of an object's prototype are data", () => {
  expect(JSON.stringify(normal('{"__proto__":{"a":1}}'))).toBe('[{"__proto__":{"a":1}}]');
});

const status = (...fields: [string, string][]) => {
  const causes = fields.map(([field, message]) => ({ reason: "FieldValueInvalid", message, field }));
  const message = `X "a" is invalid: [${fields.map(([field, text]) => `${field}: ${text}`).join(", ")}]`;
  return { kind: "Status", message, details: { causes } };
};

test("faults in a map may come in any order", () => {
  expect(withSortedCauses(status(["data[a]", "bad"], ["data[b]", "worse"]))).toEqual(
    withSortedCauses(status(["data[b]", "worse"], ["data[a]", "bad"])),
  );
});

test("a uid in a fault has no say in the order", () => {
  const fields = (uid: string) => {
    const sorted = withSortedCauses(status(["data[a]", `must be ${uid}`], ["data[b]", "must be 5"]));
    const { causes } = sorted["details"] as { causes: { field: string }[] };
    return causes.map(({ field }) => field);
  };
  expect(fields(FIRST)).toEqual(fields("99999999-9999-4999-8999-999999999999"));
});

test("faults in fields and lists keep their order", () => {
  expect(withSortedCauses(status(["spec.a", "bad"], ["spec.b", "bad"]))).not.toEqual(
    withSortedCauses(status(["spec.b", "bad"], ["spec.a", "bad"])),
  );
  expect(withSortedCauses(status(["l[0]", "bad"], ["l[1]", "bad"]))).not.toEqual(
    withSortedCauses(status(["l[1]", "bad"], ["l[0]", "bad"])),
  );
});

test("all faults of custom resources may come in any order", () => {
  const custom = (...fields: [string, string][]) => {
    const { details, ...rest } = status(...fields);
    return withSortedCauses({ ...rest, details: { ...details, group: "x.example.com" } });
  };
  expect(custom(["spec.a", "bad"], ["spec.b", "worse"])).toEqual(
    custom(["spec.b", "worse"], ["spec.a", "bad"]),
  );
});

test("a message that does not repeat its causes is compared as it is", () => {
  const odd = { ...status(["a", "bad"], ["b", "bad"]), message: 'X "a" is invalid: something else' };
  expect(withSortedCauses(odd)["message"]).toBe('X "a" is invalid: something else');
});
