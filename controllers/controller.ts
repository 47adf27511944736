import type { Clock, Random } from "../api/clock.ts";
import type { FeatureGates } from "../api/feature-gates.ts";
import type { KubeObject } from "../api/object.ts";
import type { Client } from "../client/client.ts";
import type { Informers } from "../client/informer.ts";
import type { CertificateAuthority } from "./certificates/certificate-template.ts";

/** What every controller works with. */
export interface ControllerContext {
  /** Acts as the controller's own service account. */
  readonly client: Client;
  /** Reads all there is, as the informers do. */
  readonly reader: Client;
  /** Shared by all controllers. They are started when every controller has asked for its own. */
  readonly informers: Informers;
  /** Resolves when the informers know what there is; work must not begin before. */
  readonly ready: Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts when the controllers have to end. */
  readonly signal: AbortSignal;
  /** Hears of failures; what failed is tried again. */
  readonly onError: (error: unknown) => void;
  readonly gates: FeatureGates;
  /** How long other API servers may need to see that a namespace ends, in milliseconds. Default: there are none. */
  readonly namespaceDeletionGrace?: number;
  /** Certificates by the authority that clients of the server are trusted for; none: nobody signs any. */
  readonly authority?: CertificateAuthority;
  /** --cluster-signing-duration, in milliseconds. Default: a year. */
  readonly signingDuration?: number;
  /** A token of the account that never expires, to be kept in the secret; none: no such tokens are made. */
  readonly legacyToken?: (account: KubeObject, secret: KubeObject) => Promise<string>;
  /** --legacy-service-account-token-clean-up-period, in milliseconds. Default: a year. */
  readonly legacyTokenCleanUpPeriod?: number;
  /** PEM of the authority that clients inside of the cluster trust. */
  readonly rootCa: string;
}

/** Makes a controller, which asks for its informers at once and does nothing before they tell it something. */
export type MakeController = (context: ControllerContext) => void;
