import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aggregatedRules } from "../controllers/cluster-role-aggregation/aggregated-rules.ts";
import { RbacPolicy } from "../server/auth/rbac/policy.ts";
import { RbacAuthorizer } from "../server/auth/rbac/rbac-authorizer.ts";
import { defaultPolicy, drawCorpus, type Policy } from "./rbac-corpus.ts";

/** What upstream's authorizer says to the same: a bit a question. */
const decisions = Buffer.from(
  readFileSync(join(import.meta.dirname, "rbac-decisions.txt"), "utf8"),
  "base64",
);

function joined(a: Policy, b: Policy): RbacPolicy {
  const policy = new RbacPolicy();
  const clusterRoles = [...a.clusterRoles, ...b.clusterRoles].map((role) => ({ ...role }));
  // Edit aggregates view, and admin edit.
  for (const name of ["view", "edit", "admin"]) {
    const role = clusterRoles.find(({ metadata }) => metadata.name === name)!;
    role.rules = aggregatedRules(role, clusterRoles);
  }
  policy.clusterRoles.replace(clusterRoles);
  policy.roles.replace([...a.roles, ...b.roles]);
  policy.clusterRoleBindings.replace([...a.clusterRoleBindings, ...b.clusterRoleBindings]);
  policy.roleBindings.replace([...a.roleBindings, ...b.roleBindings]);
  return policy;
}

test("100,000 drawn questions are decided as upstream decides them", () => {
  const { policy, questions } = drawCorpus();
  const authorizer = new RbacAuthorizer(joined(defaultPolicy(), policy));
  const different = questions.filter(
    (question, i) => authorizer.authorize(question).allowed !== (((decisions[i >> 3]! >> (i & 7)) & 1) === 1),
  );
  expect(questions).toHaveLength(100_000);
  expect(different.slice(0, 3)).toEqual([]);
});
