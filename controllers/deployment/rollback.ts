import { goQuote } from "../../api/go-format.ts";
import type { DeploymentSync } from "./deployment-sync.ts";
import type { Deployment } from "./deployments.ts";
import { allOf, equalTemplates, findGenerations, withoutHash } from "./new-replica-set.ts";
import { annotationsFrom, lastRevision, readInteger, revisionOf, rollbackAnnotation } from "./revisions.ts";

/** The revision that somebody asks to roll back to, by what was a field of older versions; 0: the last one. */
export const rollbackRevision = ({ metadata }: Deployment): number | undefined =>
  readInteger(metadata.annotations?.[rollbackAnnotation] ?? "");

/** Source: pkg/controller/deployment/rollback.go. */
export async function rollBack(sync: DeploymentSync): Promise<void> {
  const all = allOf(await findGenerations(sync, true));
  const revision = rollbackRevision(sync.deployment) || lastRevision(all);
  const { deployment } = sync;
  const notFound = (message: string) => {
    sync.record("Warning", "DeploymentRollbackRevisionNotFound", message);
    return sync.updateDeployment(withoutRollback(deployment));
  };
  if (revision === 0) return notFound("Unable to find last revision.");
  const set = all.find((one) => revisionOf(one) === revision);
  if (!set) return notFound("Unable to find the revision to rollback to.");
  const name = goQuote(deployment.metadata.name ?? "");
  if (equalTemplates(deployment.spec.template, set.spec.template)) {
    const message = `The rollback revision contains the same template as current deployment ${name}`;
    sync.record("Warning", "DeploymentRollbackTemplateUnchanged", message);
    return sync.updateDeployment(withoutRollback(deployment));
  }
  await sync.updateDeployment(
    withoutRollback({
      ...deployment,
      metadata: { ...deployment.metadata, annotations: annotationsFrom(set, deployment) },
      spec: { ...deployment.spec, template: withoutHash(set.spec.template) },
    }),
  );
  sync.record("Normal", "DeploymentRollback", `Rolled back deployment ${name} to revision ${revision}`);
}

function withoutRollback(deployment: Deployment): Deployment {
  const { [rollbackAnnotation]: _, ...annotations } = deployment.metadata.annotations ?? {};
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}
