import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { readBody } from "./body-reader.ts";

test("a body whose client has gone already is refused, not waited for", async () => {
  const request = new IncomingMessage(new Socket());
  request.destroy();
  await expect(readBody(request, 10)).rejects.toMatchObject({ code: 400, message: "unexpected EOF" });
});
