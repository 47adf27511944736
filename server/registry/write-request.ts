import type { KubeObject } from "../../api/object.ts";
import type { WriteContext, WriteStrategy } from "./strategy.ts";

/** What one create, update or delete brings along besides the object. */
export interface WriteRequest {
  context: WriteContext;
  dryRun: boolean;
  /** Validating admission; throws a StatusError to refuse. */
  admitCreate?(object: KubeObject): Promise<void>;
  admitUpdate?(object: KubeObject, old: KubeObject): Promise<void>;
  admitDelete?(old: KubeObject): Promise<void>;
}

/** An update through one endpoint. */
export interface UpdateRequest extends WriteRequest {
  strategy: WriteStrategy;
  /** The wanted object, made anew for each attempt; live is undefined where nothing exists yet. */
  updated(live: KubeObject | undefined): Promise<KubeObject>;
  /** Create a missing object even where the strategy does not allow it (apply). */
  forceCreate: boolean;
  /** uid and resourceVersion that the live object must have. */
  preconditions?: Preconditions;
}

export interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: Preconditions;
  orphanDependents?: boolean;
  propagationPolicy?: string;
  dryRun?: string[];
}
