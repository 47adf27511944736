import { type AdmissionAttributes, denied } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

function deny(attributes: AdmissionAttributes): void {
  throw denied(attributes, "admission control is denying all modifications");
}

/** Refuses whatever passes admission. Source: plugin/pkg/admission/deny. */
export const alwaysDeny: AdmissionPlugin = {
  name: "AlwaysDeny",
  rules: [
    { operations: ["CREATE", "UPDATE", "DELETE", "CONNECT"], resources: "*", admit: deny, validate: deny },
  ],
};
