/**
 * Whether a container that ended is started again. Source: ContainerShouldRestart and AllContainersCouldRestart in
 * k8s.io/kubernetes/pkg/api/v1/pod/util.go.
 */
import type { Container, PodSpec } from "./core-types.ts";
import type { FeatureGates } from "./feature-gates.ts";

type RestartRule = NonNullable<Container["restartPolicyRules"]>[number];

/** The container's own rules come first, then its own policy, then the pod's. */
export function containerShouldRestart(
  container: Container,
  podPolicy: string | undefined,
  exitCode: number,
  gates: FeatureGates,
): boolean {
  if (container.restartPolicy !== undefined) {
    const action: string | undefined = matchingRule(container, exitCode)?.action;
    if (action === "Restart") return true;
    if (action === "RestartAllContainers" && gates.enabled("RestartAllContainersOnContainerExits"))
      return true;
    const own = restarts(container.restartPolicy, exitCode);
    if (own !== undefined) return own;
  }
  return restarts(podPolicy, exitCode) ?? true;
}

function restarts(policy: string | undefined, exitCode: number): boolean | undefined {
  if (policy === "Always") return true;
  if (policy === "OnFailure") return exitCode !== 0;
  return policy === "Never" ? false : undefined;
}

/** The first rule that knows the exit code. */
export function matchingRule(container: Container, exitCode: number): RestartRule | undefined {
  return container.restartPolicyRules?.find(({ exitCodes }) => {
    if (!exitCodes) return false;
    const listed = exitCodes.values?.includes(exitCode) ?? false;
    const operator: string = exitCodes.operator;
    return operator === "In" ? listed : operator === "NotIn" && !listed;
  });
}

/** Some container's end may restart them all. */
export function allContainersCouldRestart(spec: PodSpec): boolean {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])].some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === "RestartAllContainers"),
  );
}
