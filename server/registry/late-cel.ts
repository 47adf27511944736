import type { CelCompilers } from "../../api/cel/compilers.ts";
import type { NewCelCompiler, NewDeviceCompiler } from "../../api/validation/cel.ts";

/** The compilers of expressions, which few clusters need: loaded when the first expression may have been written. */
export class LateCel {
  #compilers: CelCompilers | undefined;

  readonly #load = async (): Promise<undefined> => {
    if (this.#compilers) return;
    const { loadCelCompilers } = await import("../../api/cel/compilers.ts");
    this.#compilers = await loadCelCompilers();
  };

  /** Of every resource that asks for a compiler: validation does not wait. */
  readonly hooks = { beginCreate: this.#load, beginUpdate: this.#load };

  readonly admission: NewCelCompiler = (options) => this.#loaded().admission(options);
  readonly device: NewDeviceCompiler = (gates) => this.#loaded().device(gates);

  #loaded(): CelCompilers {
    if (!this.#compilers) throw new TypeError("expressions are compiled before the compiler is loaded");
    return this.#compilers;
  }
}
