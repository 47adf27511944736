/**
 * Which form of discovery a client asks for. Source: k8s.io/apiserver/pkg/endpoints/discovery/aggregated
 * (negotiation.go and wrapper.go).
 */

import type { FeatureGates } from "../../api/feature-gates.ts";
import { jsonType, type MediaType, protobufType, yamlType } from "../../api/media-type.ts";
import { parseAccept } from "./negotiate.ts";

export interface AggregatedForm {
  version: "v2" | "v2beta1";
  mediaType: MediaType;
  /** With the parameters that tell the form. */
  contentType: string;
}

const MEDIA_TYPES: readonly MediaType[] = [jsonType, yamlType, protobufType];

/** Undefined: the client gets the separate documents (or a 406, if it would take neither). */
export function aggregatedForm(accept: string | undefined, gates: FeatureGates): AggregatedForm | undefined {
  for (const { type, subtype, parameters } of parseAccept(accept ?? "")) {
    const mediaType = MEDIA_TYPES.find((one) => {
      const [ownType, ownSubtype] = one.split("/");
      return (type === "*" || type === ownType) && (subtype === "*" || subtype === ownSubtype);
    });
    if (!mediaType) continue;
    const as = parameters.get("as");
    if (as === undefined) return undefined;
    const version = parameters.get("v");
    if (as !== "APIGroupDiscoveryList" || parameters.get("g") !== "apidiscovery.k8s.io") continue;
    if (version !== "v2" && (version !== "v2beta1" || gates.enabled("AggregatedDiscoveryRemoveBetaType")))
      continue;
    const contentType = `${mediaType};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    return { version, mediaType, contentType };
  }
  return undefined;
}
