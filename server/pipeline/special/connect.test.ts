import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../../api/feature-gates.ts";
import { type Authorizer, alwaysAllow } from "../../auth/authorizer.ts";
import type { Registry } from "../../registry/registry.ts";
import type { ApiRequest } from "../request.ts";
import {
  type Connect,
  containerStream,
  needingCreate,
  nodeProxy,
  podLog,
  podProxy,
  portForward,
  serviceProxy,
} from "./connect.ts";

const pod = (name: string, containers: string[], nodeName?: string, ip?: string) => ({
  metadata: { name },
  spec: { containers: containers.map((container) => ({ name: container })), nodeName },
  status: ip ? { podIPs: [{ ip }] } : {},
});

const objects: Record<string, object> = {
  "pods/one": pod("one", ["a"]),
  "pods/two": pod("two", ["a", "b"]),
  "pods/lost": pod("lost", ["a"], "gone"),
  "pods/placed": pod("placed", ["a"], "n", "10.0.0.1"),
  "pods/local": pod("local", ["a"], "n", "127.0.0.1"),
  "nodes/n": { status: { addresses: [{ type: "InternalIP", address: "10.0.0.9" }] } },
  "nodes/bare": { status: { addresses: [{ type: "Other", address: "x" }] } },
  "services/s": { spec: { ports: [{ port: 80 }] } },
  "endpoints/s": {},
};

const registry = {
  get: (_group: string, resource: string) => ({
    storage: { get: async (key: string) => objects[key] },
    store: { key: (_: string, name: string) => `${resource}/${name}`, objectOf: (entry: object) => entry },
  }),
} as unknown as Registry;

function connect(how: Connect, resource: string, name: string, query = "") {
  const request = { group: "", resource, namespace: "default", name, query: new URLSearchParams(query) };
  return how(registry, request as ApiRequest, defaultFeatureGates());
}

test("the log of a pod that is nowhere is empty", async () => {
  expect(await connect(podLog, "pods", "one")).toEqual({ kind: "empty" });
});

test.each<[string, Connect, string, string, string]>([
  ["no such container", podLog, "pods/one", "container=x", "container x is not valid for pod one"],
  [
    "which container",
    containerStream,
    "pods/two",
    "",
    "a container name must be specified for pod two, choose one of: [a b]",
  ],
  ["no host", containerStream, "pods/one", "", "pod one does not have a host assigned"],
  ["no host to forward to", portForward, "pods/one", "ports=80", "pod one does not have a host assigned"],
  [
    "no port",
    portForward,
    "pods/one",
    "ports=80,x",
    'cannot convert to []int32: strconv.ParseUint: parsing "x": invalid syntax',
  ],
  ["a node that is not there", podLog, "pods/lost", "", 'pods "gone" not found'],
  ["a node out of reach", podLog, "pods/placed", "", "the server does not reach nodes"],
  ["a pod without address", podProxy, "pods/one", "", "address not allowed"],
  ["a loopback address", podProxy, "pods/http:local:80", "", "address not allowed"],
  ["an address", podProxy, "pods/placed:80", "", "the server does not reach nodes"],
  ["no name", podProxy, "pods/ftp:placed:80", "", 'invalid pod request "ftp:placed:80"'],
  [
    "a node without address",
    nodeProxy,
    "nodes/bare:80",
    "",
    "no preferred addresses found; known addresses: [{Other x}]",
  ],
  ["no such service port", serviceProxy, "services/s:81", "", 'no service port 81 found for service "s"'],
  ["no endpoints", serviceProxy, "services/s:80", "", 'no endpoints available for service "s"'],
  ["endpoints that are not there", serviceProxy, "services/x", "", 'services "x" not found'],
])("%s", async (_, how, target, query, message) => {
  const [resource = "", name = ""] = target.split("/");
  await expect(connect(how, resource, name, query)).rejects.toThrow(message);
});

test("a stream that is opened by GET needs the right to create it", async () => {
  const asked: unknown[] = [];
  const authorizer: Authorizer = {
    ...alwaysAllow,
    authorize({ verb, resource }) {
      asked.push(`${verb} ${resource?.resource}/${resource?.subresource}`);
      return { allowed: false, reason: "because" };
    },
  };
  const stream = needingCreate(authorizer, async () => ({ kind: "empty" }));
  const user = { name: "u", groups: [] };
  const request = { verb: "get", group: "", resource: "pods", subresource: "exec", name: "p", user };
  const open = (verb: string) =>
    stream(registry, { ...request, verb } as unknown as ApiRequest, defaultFeatureGates());
  await expect(open("get")).rejects.toMatchObject({ code: 403, message: 'pods "p" is forbidden: because' });
  expect(await open("create")).toEqual({ kind: "empty" });
  expect(asked).toEqual(["create pods/exec"]);
});
