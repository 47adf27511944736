/**
 * Reads an expression by CEL's grammar. The grammar is cel-go's (parser/gen/CEL.g4, as ANTLR's serialized automata in
 * grammar.json), so that what is wrong is said in the same words. grammar.json is written by conformance/upstream/cel.
 */
import {
  ATNDeserializer,
  CharStream,
  CommonTokenStream,
  DefaultErrorStrategy,
  ErrorNode,
  type IntervalSet,
  LexerInterpreter,
  type Parser,
  ParserInterpreter,
  ParserRuleContext,
  type ParseTree,
  type ParseTreeListener,
  type RecognitionException,
  TerminalNode,
  type Token,
  Vocabulary,
} from "antlr4ng";
import grammar from "./grammar.json" with { type: "json" };
import { type CelErrors, nowhere } from "./source.ts";

/** A rule of the grammar that was met, or a token. */
export interface SyntaxNode {
  /** The rule's name; "" for a token. */
  rule: string;
  /** Where it begins, in code points. */
  offset: number;
  /** The token's text, or all that the rule holds. */
  text: string;
  /** The token's name: IDENTIFIER, or its text in quotes. */
  token: string;
  children: readonly SyntaxNode[];
}

const vocabulary = new Vocabulary(grammar.literalNames, grammar.symbolicNames);
const lexerAtn = new ATNDeserializer().deserialize(grammar.lexer.atn);
const parserAtn = new ATNDeserializer().deserialize(grammar.parser.atn);

export const deepest = 250;
const mostErrors = 100;
const mostRecoveries = 30;
const mostTokensSkipped = 256;

/** Reading ends here: nothing useful can follow. */
class GiveUp extends Error {}

/** The tree, with holes where errors were reported; undefined: reading was given up. */
export function readSyntax(errors: CelErrors): SyntaxNode | undefined {
  const { source } = errors;
  const listener = new ErrorReporter(errors);
  const characters = CharStream.fromString(source.text);
  const names = ["DEFAULT_TOKEN_CHANNEL", "HIDDEN"];
  const lexer = new LexerInterpreter(
    "CEL",
    vocabulary,
    grammar.lexer.rules,
    names,
    ["DEFAULT_MODE"],
    lexerAtn,
    characters,
  );
  lexer.removeErrorListeners();
  lexer.addErrorListener(listener);
  const tokens = new CommonTokenStream(lexer);
  const parser = new ParserInterpreter("CEL", vocabulary, grammar.parser.rules, parserAtn, tokens);
  parser.removeErrorListeners();
  parser.addErrorListener(listener);
  parser.addParseListener(new DepthGuard(errors));
  parser.errorHandler = new Recovery(errors);
  try {
    return nodeOf(parser.parse(0), (line, column) => listener.offsetOf(line, column));
  } catch (error) {
    if (error instanceof GiveUp) return undefined;
    throw error;
  }
}

class ErrorReporter {
  readonly #errors: CelErrors;
  #count = 0;

  constructor(errors: CelErrors) {
    this.#errors = errors;
  }

  offsetOf(line: number, column: number): number {
    const { source } = this.#errors;
    return source.characters.length === 0 ? -1 : source.offsetOf({ line, column });
  }

  syntaxError(_recognizer: unknown, _symbol: unknown, line: number, column: number, text: string): void {
    const location = this.#errors.source.locate(this.offsetOf(line, column));
    if (++this.#count > mostErrors) {
      this.#errors.report(location, `Syntax error: More than ${mostErrors} syntax errors`);
      throw new GiveUp();
    }
    const reserved = /no viable alternative at input '.(true|false|null)'/;
    const message = text.replace(reserved, "mismatched input '$1' expecting IDENTIFIER");
    this.#errors.report(location, `Syntax error: ${message}`);
  }

  reportAmbiguity(): void {}
  reportAttemptingFullContext(): void {}
  reportContextSensitivity(): void {}
}

/** No rule may be met within itself too often. */
class DepthGuard implements ParseTreeListener {
  readonly #errors: CelErrors;
  readonly #depths = new Map<number, number>();

  constructor(errors: CelErrors) {
    this.#errors = errors;
  }

  enterEveryRule({ ruleIndex, children }: ParserRuleContext): void {
    // A rule that begins with itself goes on: what was met so far is its first part.
    if (children.length > 0) return;
    const depth = (this.#depths.get(ruleIndex) ?? 0) + 1;
    this.#depths.set(ruleIndex, depth);
    if (depth <= deepest) return;
    this.#errors.report(nowhere, `expression recursion limit exceeded: ${deepest}`);
    throw new GiveUp();
  }

  exitEveryRule({ ruleIndex }: ParserRuleContext): void {
    const depth = this.#depths.get(ruleIndex) ?? 0;
    if (depth > 0) this.#depths.set(ruleIndex, depth - 1);
  }

  visitTerminal(): void {}
  visitErrorNode(): void {}
}

/** Gives up over expressions that are broken too badly. */
class Recovery extends DefaultErrorStrategy {
  readonly #errors: CelErrors;
  #attempts = 0;
  #left = Number.POSITIVE_INFINITY;

  constructor(errors: CelErrors) {
    super();
    this.#errors = errors;
  }

  override recover(recognizer: Parser, error: RecognitionException): void {
    this.#attempt(recognizer, () => super.recover(recognizer, error));
  }

  override recoverInline(recognizer: Parser): Token {
    return this.#attempt(recognizer, () => super.recoverInline(recognizer));
  }

  #attempt<T>(recognizer: Parser, run: () => T): T {
    if (this.#attempts++ === mostRecoveries) {
      recognizer.notifyErrorListeners(`error recovery attempt limit exceeded: ${mostRecoveries}`, null, null);
      throw new GiveUp();
    }
    this.#left = mostTokensSkipped;
    try {
      return run();
    } finally {
      this.#left = Number.POSITIVE_INFINITY;
    }
  }

  override consumeUntil(recognizer: Parser, set: IntervalSet): void {
    for (let type = recognizer.tokenStream.LA(1); type !== -1 && !set.contains(type); ) {
      if (this.#left-- <= 0) {
        this.#errors.report(nowhere, `error recovery token lookahead limit exceeded: ${mostTokensSkipped}`);
        throw new GiveUp();
      }
      recognizer.consume();
      type = recognizer.tokenStream.LA(1);
    }
  }
}

function nodeOf(tree: ParserRuleContext, offsetOf: (line: number, column: number) => number): SyntaxNode {
  const { start } = tree;
  return {
    rule: grammar.parser.rules[tree.ruleIndex] ?? "",
    offset: start ? offsetOf(start.line, start.column) : -1,
    text: tree.getText(),
    token: "",
    children: (tree.children ?? []).flatMap((child) => childOf(child, offsetOf)),
  };
}

function childOf(child: ParseTree, offsetOf: (line: number, column: number) => number): SyntaxNode[] {
  if (child instanceof ParserRuleContext) return [nodeOf(child, offsetOf)];
  if (!(child instanceof TerminalNode)) return [];
  const { symbol } = child;
  // A token that was skipped; one that was made up to go on stays.
  if (child instanceof ErrorNode && !symbol.text?.startsWith("<missing ")) return [];
  const token = vocabulary.getDisplayName(symbol.type) ?? "";
  const offset = offsetOf(symbol.line, symbol.column);
  return [{ rule: "", offset, text: symbol.text ?? "", token, children: [] }];
}
