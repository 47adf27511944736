import { expect, test } from "vitest";
import { jsonType, protobufType } from "../../api/media-type.ts";
import { encodeProtobuf } from "../../api/protobuf/envelope.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { readDeleteOptions } from "./delete-options.ts";

const read = (contentType: string, bytes: Uint8Array) => readDeleteOptions({ body: { contentType, bytes } });
const readJson = (value: unknown) => read(jsonType, Buffer.from(JSON.stringify(value)));
const readProtobuf = (
  name: string,
  value: { kind: string; apiVersion: string; gracePeriodSeconds?: number },
) => read(protobufType, encodeProtobuf({ ...value }, loadTables().struct(name)));

const options = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

test("no body means no options", async () => {
  expect(await readDeleteOptions({ body: undefined })).toBeUndefined();
  expect(await read(jsonType, new Uint8Array())).toBeUndefined();
});

test("options come in any version, and without one", async () => {
  for (const type of [
    {},
    { kind: "DeleteOptions" },
    { kind: "DeleteOptions", apiVersion: "example.com/v1" },
  ]) {
    expect(await readJson({ ...type, gracePeriodSeconds: 5 })).toMatchObject({ gracePeriodSeconds: 5 });
  }
  const group = { kind: "DeleteOptions", apiVersion: "apps/v1", gracePeriodSeconds: 5 };
  expect(await readProtobuf(options, group)).toMatchObject({ gracePeriodSeconds: 5 });
});

test("another kind is refused by its name, whatever its fields", async () => {
  const message = (version: string) =>
    `no kind "ConfigMap" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`;
  const refused = (version: string) => ({ code: 400, message: message(version) });
  const object = { kind: "ConfigMap", apiVersion: "v1" };
  await expect(readJson({ ...object, gracePeriodSeconds: "x" })).rejects.toMatchObject(refused("v1"));
  await expect(readJson({ kind: "ConfigMap" })).rejects.toMatchObject(refused("meta.k8s.io/v1"));
  const configMap = { ...object, metadata: { name: "a" } };
  await expect(readProtobuf("io.k8s.api.core.v1.ConfigMap", configMap)).rejects.toMatchObject(refused("v1"));
});

test("another kind of meta/v1 is known, but not as options", async () => {
  const refused = (kind: string) => ({
    code: 400,
    message: `converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`,
  });
  await expect(readJson({ kind: "Status", apiVersion: "apps/v1" })).rejects.toMatchObject(refused("Status"));
  await expect(readJson({ kind: "Table" })).rejects.toMatchObject(refused("Table"));
  await expect(readJson({ kind: "Table", apiVersion: "v1" })).rejects.toMatchObject({
    message: expect.stringContaining('no kind "Table" is registered for version "v1"'),
  });
});

test("broken text and unknown media types", async () => {
  await expect(read(jsonType, Buffer.from("{"))).rejects.toMatchObject({
    message: "couldn't get version/kind; json parse error: unexpected end of JSON input",
  });
  await expect(read("text/plain", Buffer.from("{}"))).rejects.toMatchObject({ code: 415 });
});
