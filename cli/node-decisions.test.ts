import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultFeatureGates } from "../api/feature-gates.ts";
import type { AuthorizationDecision } from "../server/auth/authorizer.ts";
import { NodeAuthorizer } from "../server/auth/node/node-authorizer.ts";
import { NodeObjects } from "../server/auth/node/node-objects.ts";
import { bootstrapClusterRoles } from "../server/registry/bootstrap/rbac-policy.ts";
import { drawNodeCorpus } from "./node-corpus.ts";

/** What upstream's authorizer says to the same: a bit a question. */
const decisions = Buffer.from(
  readFileSync(join(import.meta.dirname, "node-decisions.txt"), "utf8"),
  "base64",
);

test("20,000 drawn questions of kubelets are decided as upstream decides them", () => {
  const { changes, questions } = drawNodeCorpus();
  const objects = new NodeObjects();
  const tables = {
    Pod: objects.pods,
    PersistentVolume: objects.volumes,
    VolumeAttachment: objects.attachments,
    ResourceSlice: objects.slices,
  };
  for (const { kind, type, object } of changes) tables[kind][type](object);
  const gates = defaultFeatureGates();
  const { rules } = bootstrapClusterRoles(gates).find(({ metadata }) => metadata.name === "system:node")!;
  const authorizer = new NodeAuthorizer({ objects: () => objects, rules: rules ?? [], gates });
  const different = questions.filter((question, i) => {
    const { allowed } = authorizer.authorize(question) as AuthorizationDecision;
    return allowed !== (((decisions[i >> 3]! >> (i & 7)) & 1) === 1);
  });
  expect(questions).toHaveLength(20_000);
  expect(different.slice(0, 3)).toEqual([]);
});
