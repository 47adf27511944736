import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { jsonType } from "../../api/media-type.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { badRequest } from "../../api/status.ts";
import { kindCodec } from "../pipeline/special-endpoints.ts";
import type { OutputForm, Transformation } from "./negotiate.ts";
import { FrameCache, watchFramer } from "./watch-frames.ts";

const gates = defaultFeatureGates();
const info = loadTables().resource("", "v1", "configmaps")!;
const codec = kindCodec(info, "", "v1", "ConfigMap", gates);

async function frame(kind: Transformation["kind"], type: "BOOKMARK" | "ERROR"): Promise<string | undefined> {
  const answer = {
    kind: "watch" as const,
    registry: { type: {} } as never,
    codec,
    notices: undefined as never,
  };
  const form: OutputForm = {
    mediaType: jsonType,
    pretty: false,
    transform: { kind, version: "v1" },
  };
  const framer = await watchFramer(
    { clock: undefined as never, gates },
    new FrameCache(),
    { ...answer, end: () => {} },
    form,
    new URLSearchParams(),
  );
  const error = badRequest("no");
  const bytes = framer.frame(
    type === "ERROR" ? { type, error } : { type, revision: 5, initialEventsEnd: false },
  );
  return bytes && Buffer.from(bytes).toString();
}

test("an object is shown as its metadata", async () => {
  expect(await frame("PartialObjectMetadata", "BOOKMARK")).toBe(
    '{"type":"BOOKMARK","object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"5"}}}\n',
  );
});

test("no event can be shown as a list, but an error is told", async () => {
  expect(await frame("PartialObjectMetadataList", "BOOKMARK")).toBeUndefined();
  expect(await frame("PartialObjectMetadataList", "ERROR")).toContain('"message":"no"');
});
