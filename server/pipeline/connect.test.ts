import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import type { AdmissionAttributes } from "../admission/attributes.ts";
import { AdmissionChain } from "../admission/chain.ts";
import { alwaysDeny } from "../admission/plugins/always-deny.ts";
import type { PipelineContext } from "./call.ts";
import { connect } from "./connect.ts";
import type { SpecialEndpoint } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

const endpoint = (subresource: string, kind: string) =>
  ({ form: "special", info: { kind: "Pod" }, subresource: { name: subresource, kind: { kind } } }) as never;

const request = (query: string, subpath = ""): ApiRequest =>
  ({
    verb: "get",
    ...{ group: "", version: "v1", resource: "pods", subresource: "exec", namespace: "n", name: "p" },
    ...{ subpath, userAgent: "tester", query: new URLSearchParams(query) },
  }) as ApiRequest;

const answer = { kind: "empty" as const };

async function seen(place: SpecialEndpoint, asked: ApiRequest): Promise<AdmissionAttributes[]> {
  const found: AdmissionAttributes[] = [];
  const note = (attributes: AdmissionAttributes) => void found.push(attributes);
  const rule = { operations: ["CONNECT"], resources: ["pods/exec"], admit: note, validate: note } as const;
  const admission = new AdmissionChain([{ name: "noting", rules: [rule] }]);
  const context = { admission, gates: defaultFeatureGates() } as PipelineContext;
  expect(await connect(context, place, asked, async () => answer)).toBe(answer);
  return found;
}

test("admission sees a connection, in both phases, with what it asks for", async () => {
  const asked = request("stdin=true&tty=0&stdout&command=ls&command=-l&container=c&x=y");
  const [admitted, validated] = await seen(endpoint("exec", "PodExecOptions"), asked);
  expect(validated).toBe(admitted);
  expect(admitted).toMatchObject({ operation: "CONNECT", kind: "PodExecOptions", name: "p", namespace: "n" });
  expect(admitted?.object).toEqual({
    kind: "PodExecOptions",
    apiVersion: "v1",
    stdin: true,
    stdout: true,
    container: "c",
    command: ["ls", "-l"],
  });
});

test.each([
  ["PodAttachOptions", "stderr=1", "", { stderr: true }],
  ["PodExecOptions", "", "", { command: null }],
  ["PodPortForwardOptions", "ports=80,81&ports=9", "", { ports: [80, 81, 9] }],
  ["ServiceProxyOptions", "path=x", "a/b", { path: "/a/b" }],
])("the options of %s", async (kind, query, subpath, options) => {
  const [admitted] = await seen(endpoint("exec", kind), request(query, subpath));
  expect(admitted?.object).toEqual({ kind, apiVersion: "v1", ...options });
});

test("a connection that admission refuses, or that is only tried, is none", async () => {
  const context = { admission: new AdmissionChain([alwaysDeny]) } as PipelineContext;
  const tried = (query: string) =>
    connect(context, endpoint("exec", "PodExecOptions"), request(query), async () => answer);
  await expect(tried("")).rejects.toMatchObject({
    code: 403,
    message: 'pods "p" is forbidden: admission control is denying all modifications',
  });
  await expect(tried("dryRun=All")).rejects.toMatchObject({ code: 400, message: "dryRun is not supported" });
});
