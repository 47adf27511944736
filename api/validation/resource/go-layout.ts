/** How upstream's internal types of resource.k8s.io print where an error shows one. Source: pkg/apis/resource/types.go. */
import { type GoStruct, goInline, goMap, goNullable, goNumber, goPointer, goString } from "../../go-value.ts";

const selector = { CEL: goPointer("cel", { Expression: goString("expression") }) };
const capacity = { Requests: goMap("requests") };
const toleration = {
  Key: goString("key"),
  Operator: goString("operator"),
  Value: goString("value"),
  Effect: goString("effect"),
  TolerationSeconds: goNullable("tolerationSeconds"),
};
const opaque = goPointer("opaque", { Driver: goString("driver"), Parameters: goNullable("parameters") });

const request = {
  Name: goString("name"),
  Exactly: goPointer("exactly", {
    DeviceClassName: goString("deviceClassName"),
    Selectors: goPointer("selectors", selector),
    AllocationMode: goString("allocationMode"),
    Count: goNumber("count"),
    AdminAccess: goNullable("adminAccess"),
    Tolerations: goPointer("tolerations", toleration),
    Capacity: goPointer("capacity", capacity),
  }),
  FirstAvailable: goPointer("firstAvailable", {
    Name: goString("name"),
    DeviceClassName: goString("deviceClassName"),
    Selectors: goPointer("selectors", selector),
    AllocationMode: goString("allocationMode"),
    Count: goNumber("count"),
    Tolerations: goPointer("tolerations", toleration),
    Capacity: goPointer("capacity", capacity),
  }),
};

export const goClaimSpec: GoStruct = {
  Devices: goInline("devices", {
    Requests: goPointer("requests", request),
    Constraints: goPointer("constraints", {
      Requests: goNullable("requests"),
      MatchAttribute: goNullable("matchAttribute"),
      DistinctAttribute: goNullable("distinctAttribute"),
    }),
    Config: goPointer("config", { Requests: goNullable("requests"), Opaque: opaque }),
  }),
};

const nodeSelectorRequirement = {
  Key: goString("key"),
  Operator: goString("operator"),
  Values: goNullable("values"),
};

export const goNodeSelectorTerm: GoStruct = {
  MatchExpressions: goPointer("matchExpressions", nodeSelectorRequirement),
  MatchFields: goPointer("matchFields", nodeSelectorRequirement),
};

export const goAllocation: GoStruct = {
  Devices: goInline("devices", {
    Results: goPointer("results", {
      Request: goString("request"),
      Driver: goString("driver"),
      Pool: goString("pool"),
      Device: goString("device"),
      AdminAccess: goNullable("adminAccess"),
      Tolerations: goPointer("tolerations", toleration),
      BindingConditions: goNullable("bindingConditions"),
      BindingFailureConditions: goNullable("bindingFailureConditions"),
      ShareID: goNullable("shareID"),
      ConsumedCapacity: goMap("consumedCapacity"),
    }),
    Config: goPointer("config", {
      Source: goString("source"),
      Requests: goNullable("requests"),
      Opaque: opaque,
    }),
  }),
  NodeSelector: goPointer("nodeSelector", {
    NodeSelectorTerms: goPointer("nodeSelectorTerms", goNodeSelectorTerm),
  }),
  AllocationTimestamp: goNullable("allocationTimestamp"),
};

export const goAttribute: GoStruct = {
  IntValue: goNullable("int"),
  BoolValue: goNullable("bool"),
  StringValue: goNullable("string"),
  VersionValue: goNullable("version"),
  IntValues: goNullable("ints"),
  BoolValues: goNullable("bools"),
  StringValues: goNullable("strings"),
  VersionValues: goNullable("versions"),
};

export const goPoolStatusRequestStatus: GoStruct = {
  PoolCount: goNullable("poolCount"),
  Pools: goPointer("pools", {
    Driver: goString("driver"),
    PoolName: goString("poolName"),
    Generation: goNumber("generation"),
    ResourceSliceCount: goNullable("resourceSliceCount"),
    TotalDevices: goNullable("totalDevices"),
    AllocatedDevices: goNullable("allocatedDevices"),
    AvailableDevices: goNullable("availableDevices"),
    UnavailableDevices: goNullable("unavailableDevices"),
    NodeName: goNullable("nodeName"),
    ValidationError: goNullable("validationError"),
  }),
  Conditions: goNullable("conditions"),
};
