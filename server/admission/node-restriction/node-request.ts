import { StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";
import type { AdmissionObjects } from "../objects.ts";

/** A write of a kubelet. */
export interface NodeRequest {
  /** The node that it runs. */
  node: string;
  attributes: AdmissionAttributes;
  objects: AdmissionObjects;
}

export type NodeCheck = (request: NodeRequest) => void | Promise<void>;

export const refuse = ({ attributes }: NodeRequest, reason: string): StatusError =>
  denied(attributes, reason);

/** An error of no kind that the API knows: the client may try again. */
export const unclear = (message: string): StatusError => new StatusError(500, "", message);
