import type { Clock } from "../api/clock.ts";
import { goQuote } from "../api/go-format.ts";
import type { Client } from "../client/client.ts";
import { ClusterRoleAggregationController } from "../controllers/cluster-role-aggregation/cluster-role-aggregation-controller.ts";
import { UsageError } from "./cluster-options.ts";

interface ControllerOptions {
  client: Client;
  clock: Clock;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

interface Controller {
  /** Resolves when the controller knows what is there and works. */
  start(): Promise<void>;
}

/** The controllers of kube-controller-manager, by the names that its flag --controllers has for them. */
const controllers: Readonly<Record<string, (options: ControllerOptions) => Controller>> = {
  "clusterrole-aggregation-controller": (options) => new ClusterRoleAggregationController(options),
};

export const controllerNames: readonly string[] = Object.keys(controllers);

/**
 * What --controllers asks for: "*" for all, a name for one, "-" and its name for all but it.
 * Source: IsControllerEnabled of k8s.io/controller-manager. @throws UsageError
 */
export function wantedControllers(choices: readonly string[]): string[] {
  for (const choice of choices) {
    const name = choice.replace(/^-/, "");
    if (choice !== "*" && !controllerNames.includes(name))
      throw new UsageError(`${goQuote(name)} is not in the list of known controllers`);
  }
  return controllerNames.filter((name) => {
    const choice = choices.find((one) => one === name || one === `-${name}`);
    return choice === undefined ? choices.includes("*") : choice === name;
  });
}

/** Starts them all at once. */
export async function startControllers(names: readonly string[], options: ControllerOptions): Promise<void> {
  await Promise.all(names.map((name) => controllers[name]!(options).start()));
}
