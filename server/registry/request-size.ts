/** How large an object may be: what a bare etcd takes in one request. */
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { ResourceType } from "./resource-type.ts";
import type { WrittenForm } from "./written-forms.ts";

/** etcd's --max-request-bytes. */
const maxRequestBytes = 1.5 * 1024 * 1024;
/** What its client sends at most: clientv3's defaultMaxCallSendMsgSize. */
const maxMessageBytes = 2 * 1024 * 1024;
/** Shorter JSON is of objects that are small enough in protobuf, too, which is mostly shorter. */
const suspectBytes = maxRequestBytes / 2;
/** What the log of etcd adds to a request: its header and the tags around it. */
const logBytes = 16;

/**
 * The form of an object that can be stored: where it is too large, without managedFields. A promise for what may be too
 * large; it rejects in etcd's words with a 500 that gives no reason, as upstream passes them on.
 * Source: isTooLargeError of k8s.io/apiserver/pkg/endpoints/handlers.
 */
export function fittingForm(
  type: ResourceType,
  form: WrittenForm,
  formOf: (object: KubeObject) => WrittenForm,
): WrittenForm | Promise<WrittenForm> {
  return form.written.length < suspectBytes ? form : fitting(type, form, formOf);
}

async function fitting(
  type: ResourceType,
  form: WrittenForm,
  formOf: (object: KubeObject) => WrittenForm,
): Promise<WrittenForm> {
  if ((await sizeProblem(type, form)) === undefined) return form;
  const { managedFields: _, ...metadata } = form.object.metadata;
  const smaller = formOf({ ...form.object, metadata });
  const problem = await sizeProblem(type, smaller);
  if (problem !== undefined) throw new StatusError(500, "", problem);
  return smaller;
}

async function sizeProblem(
  type: ResourceType,
  { object, written }: WrittenForm,
): Promise<string | undefined> {
  const { namespace = "", name = "" } = object.metadata;
  const path = [type.upstreamPath, namespace, name].filter((part) => part !== "").join("/");
  const size = putBytes(Buffer.byteLength(`/registry/${path}`), await storedBytes(type, written, object));
  if (size > maxMessageBytes) {
    const problem = `trying to send message larger than max (${size} vs. ${maxMessageBytes})`;
    return `rpc error: code = ResourceExhausted desc = ${problem}`;
  }
  return size + logBytes > maxRequestBytes ? "etcdserver: request is too large" : undefined;
}

/** Upstream stores built-in objects in protobuf. */
async function storedBytes({ hubStruct }: ResourceType, json: string, object: KubeObject): Promise<number> {
  if (!hubStruct) return Buffer.byteLength(json);
  const { encodeProtobuf } = await import("../../api/protobuf/envelope.ts");
  return encodeProtobuf(object as never, hubStruct).length;
}

/** Length of the TxnRequest that puts a value in the place of a revision of it. Source: OptimisticPut of clientv3. */
function putBytes(key: number, value: number): number {
  const compare = 4 + field(key);
  const put = field(key) + field(value);
  return field(compare) + field(field(put));
}

/** Length of a field of so many bytes: its tag, its length and it. */
const field = (length: number): number => 1 + Math.ceil(Math.max(1, 32 - Math.clz32(length)) / 7) + length;
