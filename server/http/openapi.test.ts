import { createHash } from "node:crypto";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "../../api/feature-gates.ts";
import type { CustomResourceDefinition } from "../../api/openapi/custom-content.ts";
import { enabledResources, parseRuntimeConfig } from "../../api/runtime-config.ts";
import { loadTables } from "../../api/schema/tables.ts";
import { OpenApi } from "./openapi.ts";
import { generatedOpenApiFiles, type OpenApiFiles } from "./openapi-files.ts";
import { addOpenApiPaths } from "./openapi-paths.ts";
import { PathRoutes } from "./path-routes.ts";

const files = generatedOpenApiFiles();

interface Document {
  info: object;
  paths: Record<string, object>;
  definitions?: Record<string, { properties?: Record<string, { enum?: string[]; description?: string }> }>;
  components?: { schemas: Record<string, object>; securitySchemes?: object };
}

function openApi(
  flags: { runtimeConfig?: string; gates?: string } = {},
  definitions: () => readonly CustomResourceDefinition[] = () => NONE,
  source: OpenApiFiles = files,
): OpenApi {
  const gates = parseFeatureGates(flags.gates ?? "");
  const runtimeConfig = parseRuntimeConfig(flags.runtimeConfig ?? "");
  const resources = enabledResources(loadTables().resources, { runtimeConfig, gates });
  return new OpenApi({ files: source, resources, gates, definitions });
}

const NONE: readonly CustomResourceDefinition[] = [];

function parse({ content }: { content: Uint8Array }): Document {
  return JSON.parse(gunzipSync(content).toString()) as Document;
}

const widgets = {
  metadata: { name: "widgets.example.com", uid: "1", generation: 1 },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", required: ["size", "note"], properties: specProperties() },
            },
          },
        },
      },
      { name: "v0", served: false, storage: false },
    ],
  },
  status: { conditions: [{ type: "Established", status: "True" }] },
} as unknown as CustomResourceDefinition;

function specProperties(): object {
  return {
    size: { type: "integer", default: 3 },
    note: { type: "string", nullable: true },
    port: { "x-kubernetes-int-or-string": true },
    open: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { a: { type: "string" } },
    },
    inner: { type: "object", "x-kubernetes-embedded-resource": true },
    choice: { type: "object", oneOf: [{ required: ["a"] }] },
  };
}

describe("built-in resources", () => {
  test("with default flags the prepared documents are served, and nothing else is read", async () => {
    const read: string[] = [];
    const spy: OpenApiFiles = {
      read(name) {
        read.push(name);
        return files.read(name);
      },
    };
    const documents = openApi({}, undefined, spy);
    const index = await documents.v3Index();
    expect(index.size).toBe(47);
    expect((await documents.v3("apis/apps/v1"))?.etag).toBe(index.get("apis/apps/v1"));
    expect(Object.keys(parse(await documents.v2("json")).paths)).toHaveLength(408);
    expect(read).toEqual(["index.json", "v3/apis__apps__v1.json.gz", "v2.json.gz"]);
  });

  test("with other flags they are put together", async () => {
    const documents = openApi({ runtimeConfig: "api/all=true,apps/v1/deployments=false" });
    const index = await documents.v3Index();
    expect(index.has("apis/networking.k8s.io/v1beta1")).toBe(true);
    const apps = await documents.v3("apis/apps/v1");
    expect(apps?.etag).toBe(index.get("apis/apps/v1"));
    expect(apps?.etag).not.toBe((await openApi().v3Index()).get("apis/apps/v1"));
    const paths = Object.keys(apps ? parse(apps).paths : {});
    expect(paths.some((path) => path.includes("deployments"))).toBe(false);
    expect(paths).toContain("/apis/apps/v1/namespaces/{namespace}/daemonsets");
    expect(Object.keys(parse(await documents.v2("json")).paths)).toContain(
      "/apis/networking.k8s.io/v1beta1/ipaddresses",
    );
  });

  test("enums follow their feature gate", async () => {
    const typeOf = async (gates: string) => {
      const { definitions } = parse(await openApi({ gates }).v2("json"));
      return definitions?.["io.k8s.api.apps.v1.DeploymentStrategy"]?.properties?.["type"];
    };
    const [on, off] = [await typeOf(""), await typeOf("OpenAPIEnums=false")];
    expect(on?.enum).toEqual(["Recreate", "RollingUpdate"]);
    expect(on?.description).toContain('Possible enum values:\n - `"Recreate"`');
    expect(off).not.toHaveProperty("enum");
    expect(off?.description).not.toContain("Possible");
  });

  test("a document that nobody has is none", async () => {
    expect(await openApi().v3("apis/nosuch/v1")).toBeUndefined();
    expect(await openApi().v3("__proto__")).toBeUndefined();
    expect(await openApi({ runtimeConfig: "api/beta=true" }).v3("apis/apps/v2")).toBeUndefined();
  });
});

describe("custom resources", () => {
  test("a group version gets a document of its own, which changes with the definition", async () => {
    let definitions: readonly CustomResourceDefinition[] = NONE;
    const documents = openApi({}, () => definitions);
    expect((await documents.v3Index()).has("apis/example.com/v1")).toBe(false);
    definitions = [widgets];
    const index = await documents.v3Index();
    expect([...index.keys()].filter((key) => key.includes("example"))).toEqual(["apis/example.com/v1"]);
    const document = await documents.v3("apis/example.com/v1");
    expect(document?.etag).toBe(index.get("apis/example.com/v1"));
    definitions = [{ ...widgets, metadata: { ...widgets.metadata, generation: 2 } }];
    expect((await documents.v3("apis/example.com/v1"))?.etag).not.toBe(document?.etag);
    definitions = NONE;
    expect(await documents.v3("apis/example.com/v1")).toBeUndefined();
  });

  test("v3 says all that the schema says", async () => {
    const document = await openApi({}, () => list).v3("apis/example.com/v1");
    const { components, info } = document ? parse(document) : { components: undefined, info: {} };
    expect(info).toEqual({ title: "Kubernetes CRD Swagger", version: "v0.1.0" });
    expect(components).not.toHaveProperty("securitySchemes");
    expect(components?.schemas["com.example.v1.Widget"]).toMatchObject({
      properties: {
        metadata: {
          allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }],
        },
        spec: {
          required: ["size", "note"],
          properties: {
            ...specProperties(),
            port: { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
            inner: { required: ["kind", "apiVersion"], properties: { kind: { type: "string" } } },
          },
        },
      },
      "x-kubernetes-group-version-kind": [{ group: "example.com", kind: "Widget", version: "v1" }],
    });
  });

  test("v2 leaves out what it can't say", async () => {
    const { definitions, paths } = parse(await openApi({}, () => list).v2("json"));
    const spec = definitions?.["com.example.v1.Widget"]?.properties?.["spec"];
    expect(spec).toEqual({
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer" },
        note: {},
        port: { "x-kubernetes-int-or-string": true },
        open: { "x-kubernetes-preserve-unknown-fields": true },
        inner: expect.objectContaining({ type: "object", required: ["kind", "apiVersion"] }),
        choice: { type: "object" },
      },
    });
    expect(Object.keys(paths)).toContain("/apis/example.com/v1/namespaces/{namespace}/widgets/{name}/status");
    expect(Object.keys(paths)).toHaveLength(408 + 4);
  });

  const list = [widgets];
});

describe("the answer", () => {
  const routes = new PathRoutes();
  const clock = { now: () => Date.UTC(2026, 1, 3), monotonic: () => 0, setTimer: () => () => undefined };
  addOpenApiPaths(routes, openApi({ gates: "" }), { clock });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const exchange = {
      ...{ request, response, method: request.method ?? "GET", path: url.pathname, query: url.searchParams },
      ...{ user: { name: "", groups: [] }, userAgent: "", headers: {}, warnings: new Set<string>() },
      ...{
        signal: new AbortController().signal,
        endOfTurn: { add: (write: () => void) => write(), addEvents: () => undefined },
      },
    };
    void routes.find(url.pathname)?.(exchange);
  }).listen(0, "127.0.0.1");
  afterAll(() => server.close());

  function get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ code: number; headers: IncomingHttpHeaders; body: Buffer }> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      httpRequest({ port, host: "127.0.0.1", path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on("error", reject)
        .end();
    });
  }

  test("the index leads to documents that never change", async () => {
    const index = await get("/openapi/v3");
    expect(index.headers["content-type"]).toBe("text/plain; charset=utf-8");
    const { paths } = JSON.parse(index.body.toString()) as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    const address = paths["apis/apps/v1"]?.serverRelativeURL ?? "";
    expect(address).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
    const document = await get(address, { "accept-encoding": "gzip" });
    expect(document.code).toBe(200);
    expect(document.headers).toMatchObject({
      "cache-control": "public, immutable",
      "content-encoding": "gzip",
      "content-type": "application/json",
      expires: "Wed, 03 Feb 2027 00:00:00 UTC",
    });
    expect(JSON.parse(gunzipSync(document.body).toString())).toHaveProperty("openapi", "3.0.0");
  });

  test("an old hash leads to the new one", async () => {
    const { code, headers } = await get("/openapi/v3/apis/apps/v1?hash=ABC");
    expect(code).toBe(301);
    expect(headers.location).toContain(headers.etag?.replaceAll('"', ""));
  });

  test("what the client has already is not sent again", async () => {
    const { headers } = await get("/openapi/v2");
    const again = await get("/openapi/v2", { "if-none-match": headers.etag ?? "" });
    expect(again).toMatchObject({ code: 304, body: Buffer.alloc(0) });
  });

  test("v2 is JSON, or protobuf for clients that ask for it", async () => {
    const json = await get("/openapi/v2");
    expect(JSON.parse(json.body.toString())).toHaveProperty("swagger", "2.0");
    for (const subtype of ["spec.v2@v1.0", "spec.v2.v1.0"]) {
      const { headers, body } = await get("/openapi/v2", {
        accept: `application/com.github.proto-openapi.${subtype}+protobuf`,
      });
      expect(headers["content-type"]).toBe("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
      expect(body.subarray(0, 16).toString("latin1")).toBe("\n\x032.0\x12\x12\n\nKuberne");
    }
  });

  test("a v3 document is protobuf for clients that ask for it, byte for byte as upstream writes it", async () => {
    const json = await get("/openapi/v3/version");
    for (const subtype of ["spec.v3@v1.0", "spec.v3.v1.0"]) {
      const { headers, body } = await get("/openapi/v3/version", {
        accept: `application/com.github.proto-openapi.${subtype}+protobuf`,
      });
      expect(headers["content-type"]).toBe("application/com.github.proto-openapi.spec.v3.v1.0+protobuf");
      expect(headers.etag).toBe(json.headers.etag);
      expect(createHash("sha256").update(body).digest("hex")).toBe(
        "b7fbccced619909e2fe929aaeb8ba52305a9bb417d266fcebaf55c365b4a1652",
      );
    }
  });

  test("other forms are not acceptable, other documents not found", async () => {
    expect(await get("/openapi/v2", { accept: "text/html" })).toMatchObject({
      code: 406,
      body: Buffer.alloc(0),
    });
    expect(await get("/openapi/v3/apis/apps/v1", { accept: "text/html" })).toMatchObject({ code: 406 });
    expect(await get("/openapi/v3/apis/nosuch/v1")).toMatchObject({ code: 404, body: Buffer.alloc(0) });
    expect(await get("/openapi/v3/")).toMatchObject({ code: 404 });
  });
});

test("default gates leave CBOR undescribed", async () => {
  expect(defaultFeatureGates().enabled("CBORServingAndStorage")).toBe(false);
  const patch = JSON.stringify(
    parse(await openApi().v2("json")).paths["/api/v1/namespaces/{namespace}/pods/{name}"],
  );
  expect(patch).not.toContain("cbor");
});
