import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { KubeObject } from "../../api/object.ts";
import type { UserInfo } from "../auth/user.ts";
import type { Registry } from "../registry/registry.ts";
import { FlowClassifier } from "./flow-control.ts";
import type { Exchange } from "./request-context.ts";
import { requestInfo } from "./request-info.ts";

const level = { metadata: { name: "level", uid: "level-uid" } } as KubeObject;

const schema = (uid: string, matchingPrecedence: number, subject: object, rule: object) =>
  ({
    metadata: { name: uid, uid },
    spec: {
      matchingPrecedence,
      priorityLevelConfiguration: { name: "level" },
      rules: [{ subjects: [subject], resourceRules: [rule] }],
    },
  }) as unknown as KubeObject;

const user = (name: string) => ({ kind: "User", user: { name } });
const pods = { verbs: ["get"], apiGroups: [""], resources: ["pods"], namespaces: ["*"] };
const all = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true };

/** A classifier over these schemas, and how another set of them takes their place. */
async function classifierOf(first: readonly KubeObject[]) {
  let schemas = first;
  let changed = Promise.withResolvers<void>();
  const storage = {
    revision: 1,
    list: async (resource: string) => ({ entries: resource === "flowschemas" ? schemas : [level] }),
    async *watch() {
      for (;;) {
        await changed.promise;
        changed = Promise.withResolvers();
        yield {};
      }
    },
  };
  const get = (_: string, resource: string) => ({
    type: { keyPrefix: resource },
    store: { objectOf: (entry: KubeObject) => entry },
  });
  const classifier = new FlowClassifier({ storage, get } as unknown as Registry);
  await classifier.start(new AbortController().signal);
  const replace = async (next: readonly KubeObject[]) => {
    schemas = next;
    changed.resolve();
    await turn();
  };
  return { classifier, replace };
}

function flowOf(classifier: FlowClassifier, sender: UserInfo, path: string): unknown {
  const headers: Exchange["headers"] = {};
  const info = requestInfo("GET", path, new URLSearchParams());
  classifier.setHeaders({ headers, user: sender } as Exchange, info);
  return headers["X-Kubernetes-Pf-Flowschema-Uid"];
}

const alice: UserInfo = { name: "alice", groups: [] };
const bob: UserInfo = { name: "bob", groups: [] };
const pod = "/api/v1/namespaces/n/pods/p";

test("the first schema by precedence that concerns the user and the request counts", async () => {
  const { classifier } = await classifierOf([
    schema("everybody", 100, user("*"), all),
    schema("alices-pods", 10, user("alice"), pods),
  ]);
  expect(flowOf(classifier, alice, pod)).toBe("alices-pods");
  expect(flowOf(classifier, alice, "/api/v1/nodes/n")).toBe("everybody");
  expect(flowOf(classifier, bob, pod)).toBe("everybody");
  expect(flowOf(classifier, bob, "/healthz")).toBeUndefined();
});

test("new schemas count for users that were classified before", async () => {
  const { classifier, replace } = await classifierOf([schema("everybody", 100, user("*"), all)]);
  expect(flowOf(classifier, alice, pod)).toBe("everybody");
  await replace([schema("alices-pods", 10, user("alice"), pods)]);
  expect(flowOf(classifier, alice, pod)).toBe("alices-pods");
  expect(flowOf(classifier, bob, pod)).toBeUndefined();
});
