import { Command, CommanderError } from "commander";
import { KubeconfigError } from "../client/http/kubeconfig.ts";
import { UsageError } from "./cluster-options.ts";
import { controllerManagerCommand } from "./controller-manager-command.ts";
import { kubeconfigCommand } from "./kubeconfig-command.ts";
import { version } from "./package-version.ts";
import { storageCommand } from "./storage-command.ts";
import { upCommand } from "./up.ts";

/** Runs the command line; resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("kubefacade")
    .description("A Kubernetes 1.36 cluster you can npm install.")
    .version(version)
    .exitOverride()
    .addCommand(upCommand((result) => (code = result)))
    .addCommand(kubeconfigCommand())
    .addCommand(controllerManagerCommand((result) => (code = result)))
    .addCommand(storageCommand((result) => (code = result)));
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // commander has said what is wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode;
    const line = messageOf(error);
    if (line === undefined) throw error;
    console.error(`kubefacade: ${line}`);
    return 1;
  }
}

/** One clear line for what users can mend; undefined for bugs. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof KubeconfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path, port } = error as NodeJS.ErrnoException & { port?: number };
  if (error.name === "StorageError") return error.message;
  if (code === "EADDRINUSE")
    return `port ${port} is taken: end what listens there, or choose another with --secure-port (0: any free one)`;
  if (syscall && code) return `${path ?? `${syscall}`}: ${error.message}`;
  return undefined;
}
