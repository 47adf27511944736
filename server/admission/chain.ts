import type { KubeObject } from "../../api/object.ts";
import type { UserInfo } from "../auth/user.ts";

/** What an admission plug-in sees of a write. Objects are hub objects. Source: admission.Attributes. */
export interface AdmissionAttributes {
  operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  group: string;
  version: string;
  resource: string;
  subresource: string;
  kind: string;
  namespace: string;
  name: string;
  object: KubeObject | undefined;
  oldObject: KubeObject | undefined;
  dryRun: boolean;
  user: UserInfo;
  warn(message: string): void;
}

/** May change (admit) or refuse (both, by throwing a StatusError) a write. */
export interface AdmissionPlugin {
  name: string;
  admit?(attributes: AdmissionAttributes): void | Promise<void>;
  validate?(attributes: AdmissionAttributes): void | Promise<void>;
}

/** All enabled plug-ins in upstream's order. */
export class AdmissionChain {
  readonly #mutating: readonly AdmissionPlugin[];
  readonly #validating: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#mutating = plugins.filter((plugin) => plugin.admit);
    this.#validating = plugins.filter((plugin) => plugin.validate);
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.#mutating) await plugin.admit!(attributes);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.#validating) await plugin.validate!(attributes);
  }
}
