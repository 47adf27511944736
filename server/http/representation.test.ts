import { describe, expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { jsonType, protobufType } from "../../api/media-type.ts";
import type { KubeObject } from "../../api/object.ts";
import { openEnvelope } from "../../api/protobuf/envelope.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { tableOf } from "../../api/tables/tables.ts";
import { kindCodec } from "../pipeline/special-endpoints.ts";
import type { OutputForm } from "./negotiate.ts";
import { representList, representObject, representSpoken } from "./representation.ts";

const gates = defaultFeatureGates();
const deployments = loadTables().resources.find(
  ({ group, resource }) => group === "apps" && resource === "deployments",
)!;
const codec = kindCodec(deployments, "apps", "v1", "Deployment", gates);
const scaleCodec = kindCodec(deployments, "autoscaling", "v1", "Scale", gates);
const scale = {
  kind: "Scale",
  apiVersion: "autoscaling/v1",
  metadata: { name: "web", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { replicas: 2 },
  status: { replicas: 1 },
} as KubeObject;

function represented(form: Partial<OutputForm>) {
  const clock = { now: () => Date.parse("2026-01-01T00:01:05Z") } as never;
  const unread = undefined as never;
  const spoken = { object: scale, struct: scaleCodec.info.struct!, table: scaleCodec.table };
  const answer = { kind: "object" as const, code: 200, stored: unread, registry: unread, codec, spoken };
  const whole = { mediaType: jsonType, pretty: false, transform: undefined, ...form };
  return representObject({ clock, gates }, answer, whole as OutputForm, new URLSearchParams());
}

test("an object shown as another kind has that kind's table", async () => {
  const { content } = await represented({ transform: { kind: "Table", version: "v1" } });
  const table = JSON.parse(Buffer.from(content as Uint8Array).toString()) as {
    columnDefinitions: { name: string }[];
    rows: { cells: unknown[] }[];
  };
  expect(table.columnDefinitions.map(({ name }) => name)).toEqual(["Name", "Desired", "Available", "Age"]);
  expect(table.rows[0]!.cells).toEqual(["web", 2, 1, "65s"]);
});

test("an object shown as another kind has that kind's protobuf form", async () => {
  const { content } = await represented({ mediaType: protobufType });
  expect(openEnvelope(content as Uint8Array)).toMatchObject({ apiVersion: "autoscaling/v1", kind: "Scale" });
});

test("a single object is no list, whatever its Go type", async () => {
  await expect(
    represented({ transform: { kind: "PartialObjectMetadataList", version: "v1" } }),
  ).rejects.toMatchObject({
    code: 406,
    message:
      "you requested PartialObjectMetadataList, but the requested object is not a list (*autoscaling.Scale)",
  });
});

describe("a list that no registry keeps", () => {
  const struct = loadTables().kind("", "v1", "ComponentStatusList")!;
  const items = [
    { metadata: { name: "a" }, conditions: [{ type: "Healthy", status: "True", message: "ok" }] },
  ];
  const list = { kind: "ComponentStatusList", apiVersion: "v1", metadata: {}, items };
  const context = { clock: { now: () => 0 } as never, gates };
  const shown = async (kind: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList") => {
    const form: OutputForm = { mediaType: jsonType, pretty: false, transform: { kind, version: "v1" } };
    const answer = { object: list as unknown as KubeObject, struct, table: tableOf("", "ComponentStatus") };
    const { content } = await representSpoken(context, answer, form, new URLSearchParams());
    return JSON.parse(Buffer.from(content as Uint8Array).toString());
  };

  test("has a row of a table for each item", async () => {
    const { rows } = (await shown("Table")) as { rows: { cells: unknown[] }[] };
    expect(rows.map(({ cells }) => cells)).toEqual([["a", "Healthy", "ok", ""]]);
  });

  test("has the metadata of its items, and none of its own", async () => {
    expect(await shown("PartialObjectMetadataList")).toMatchObject({ items: [{ metadata: { name: "a" } }] });
    await expect(shown("PartialObjectMetadata")).rejects.toMatchObject({
      message:
        "you requested PartialObjectMetadata, but the requested object is a list (*core.ComponentStatusList)",
    });
  });
});

test("a review has metadata as any object", async () => {
  const struct = loadTables().kind("authentication.k8s.io", "v1", "TokenRequest")!;
  const object = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", metadata: { name: "a" } };
  const transform = { kind: "PartialObjectMetadata" as const, version: "v1" as const };
  const form: OutputForm = { mediaType: jsonType, pretty: false, transform };
  const context = { clock: { now: () => 0 } as never, gates };
  const { content } = await representSpoken(context, { object, struct }, form, new URLSearchParams());
  expect(JSON.parse(Buffer.from(content as Uint8Array).toString())).toEqual({
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: { name: "a" },
  });
});

test("the metadata of no objects is null", async () => {
  const transform = { kind: "PartialObjectMetadataList" as const, version: "v1" as const };
  const form: OutputForm = { mediaType: jsonType, pretty: false, transform };
  const unread = undefined as never;
  const answer = { kind: "list" as const, page: { entries: [], revision: 7 }, registry: unread, codec };
  const context = { clock: { now: () => 0 } as never, gates };
  const { content } = await representList(context, unread, answer as never, form, new URLSearchParams());
  expect(JSON.parse(Buffer.from(content as Uint8Array).toString())).toEqual({
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: "7" },
    items: null,
  });
});
