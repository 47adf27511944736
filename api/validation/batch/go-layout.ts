/** How upstream's internal types of batch print where an error shows one. Source: pkg/apis/batch/types.go. */
import { type GoStruct, goNullable, goPointer, goString } from "../../go-value.ts";

export const goPodFailurePolicy: GoStruct = {
  Rules: goPointer("rules", {
    Action: goString("action"),
    OnExitCodes: goPointer("onExitCodes", {
      ContainerName: goNullable("containerName"),
      Operator: goString("operator"),
      Values: goNullable("values"),
    }),
    OnPodConditions: goPointer("onPodConditions", { Type: goString("type"), Status: goString("status") }),
  }),
};

export const goSuccessPolicy: GoStruct = {
  Rules: goPointer("rules", {
    SucceededIndexes: goNullable("succeededIndexes"),
    SucceededCount: goNullable("succeededCount"),
  }),
};

export const goUncountedTerminatedPods: GoStruct = {
  Succeeded: goNullable("succeeded"),
  Failed: goNullable("failed"),
};
