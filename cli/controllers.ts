import { goQuote } from "../api/go-format.ts";
import type { Client } from "../client/client.ts";
import { controllerAliases } from "../controllers/controller-aliases.ts";
import {
  type ControllerManagerOptions,
  controllerNames,
  defaultControllerNames,
  startControllers,
} from "../controllers/controller-manager.ts";
import { serviceAccountGroups, serviceAccountUser } from "../server/auth/service-account.ts";
import type { UserInfo } from "../server/auth/user.ts";
import { kubernetesVersion } from "../server/http/version.ts";
import { InProcessClient, type InProcessClientOptions } from "../server/pipeline/in-process-client.ts";
import { UsageError } from "./cluster-options.ts";

/**
 * What --controllers asks for: "*" for all, a name for one, "-" and its name for all but it; older names are good, too.
 * Source: IsControllerEnabled of k8s.io/controller-manager. @throws UsageError
 */
export function wantedControllers(asked: readonly string[]): string[] {
  const choices = asked.map((choice) => {
    const [, minus = "", name = ""] = /^(-?)(.*)$/s.exec(choice)!;
    const known = Object.hasOwn(controllerAliases, name) ? controllerAliases[name]! : name;
    if (choice !== "*" && !controllerNames.includes(known))
      throw new UsageError(`${goQuote(name)} is not in the list of known controllers`);
    return minus + known;
  });
  return controllerNames.filter((name) => {
    const choice = choices.find((one) => one === name || one === `-${name}`);
    if (choice !== undefined) return choice === name;
    return choices.includes("*") && defaultControllerNames.includes(name);
  });
}

type Options = Omit<ControllerManagerOptions, "clientOf"> & {
  connection: Omit<InProcessClientOptions, "user" | "userAgent">;
};

const namespace = "kube-system";

/** Starts controllers, each as the user that has its role. */
export function startClusterControllers({ connection, ...options }: Options): Promise<void> {
  const clientOf = (account: string | undefined): Client =>
    new InProcessClient({
      ...connection,
      user: account === undefined ? managerUser : accountUser(account),
      userAgent: `kube-controller-manager/${kubernetesVersion}`,
    });
  return startControllers({ ...options, clientOf });
}

const managerUser: UserInfo = {
  name: "system:kube-controller-manager",
  groups: ["system:authenticated"],
};

const accountUser = (name: string): UserInfo => ({
  name: serviceAccountUser(namespace, name),
  groups: [...serviceAccountGroups(namespace), "system:authenticated"],
});
