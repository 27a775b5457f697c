import { reveal, Secret } from '@ez/core'
import type { Encoded } from '../pool/protocol.ts'

/** What the syntax tree of a script tells. */
export interface SyntaxFacts {
  /** Names that the module assigns, with the line of the last assignment. */
  readonly assigned: Readonly<Record<string, number>>
  /** Lines of calls that read the clock. */
  readonly clock: readonly number[]
  /** Calls of the module `random`: line, and the names that take the result. */
  readonly random: readonly (readonly [line: number, targets: readonly string[]])[]
  /** Placeholders of strftime that the sandbox does not know: line, and what it says of them. */
  readonly formats: readonly (readonly [line: number, message: string])[]
}

/** Reads a script's syntax tree, in the sandbox; the script itself does not run. */
export const syntaxSource: string = `
import ast, json, re, time
from datetime import datetime, timezone
moment = datetime(2000, 1, 1, tzinfo=timezone.utc)
clocks = {'now', 'utcnow', 'today', 'time', 'time_ns', 'gmtime', 'localtime', 'ctime', 'asctime'}
draws = {'random', 'randint', 'randrange', 'choice', 'choices', 'sample', 'getrandbits', 'randbytes', 'uniform', 'shuffle'}
tree = ast.parse({{source}})
assigned, clock, drawn, formats = {}, [], [], []
imported, modules = {}, {}
for node in ast.walk(tree):
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            imported[alias.asname or alias.name] = (node.module, alias.name)
    if isinstance(node, ast.Import):
        for alias in node.names:
            modules[alias.asname or alias.name.split('.')[0]] = alias.name
def called(call):
    function = call.func
    if isinstance(function, ast.Name):
        return imported.get(function.id, (None, None))
    if isinstance(function, ast.Attribute):
        owner = function.value
        base = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else None
        return imported.get(base, (modules.get(base, base), ''))[0] or base, function.attr
    return None, None
def targets_of(statement):
    targets = getattr(statement, 'targets', None) or [getattr(statement, 'target', None)]
    return [name.id for target in targets if target is not None for name in ast.walk(target) if isinstance(name, ast.Name)]
def check_format(node, strftime):
    for part in ast.walk(node):
        if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
            continue
        for placeholder in re.findall(r'%[-_0^#+:]*[0-9]*[EO]?[A-Za-z%]', part.value):
            try:
                strftime(placeholder)
            except ValueError as error:
                formats.append([node.lineno, str(error)])
for node in ast.walk(tree):
    if isinstance(node, ast.Call) and node.args and called(node)[1] == 'strftime':
        check_format(node.args[0], time.strftime if called(node)[0] == 'time' else moment.strftime)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute) and node.func.attr == 'strftime':
        check_format(node.args[0], moment.strftime)
    elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        check_format(node.format_spec, moment.strftime)
for statement in ast.walk(tree):
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        for name in targets_of(statement):
            assigned[name] = statement.lineno
    if isinstance(statement, ast.stmt) and not hasattr(statement, 'body'):
        for call in ast.walk(statement):
            if not isinstance(call, ast.Call):
                continue
            module, name = called(call)
            if module in ('datetime', 'date', 'time') and name in clocks and not (module == 'time' and call.args):
                clock.append(call.lineno)
            if module == 'random' and name in draws:
                drawn.append([call.lineno, targets_of(statement)])
result = json.dumps({'assigned': assigned, 'clock': sorted(clock), 'random': drawn, 'formats': formats})
`

/** A run of a script, and what its variables held at the end. */
export interface RunFacts extends SyntaxFacts {
  /** The script's variables that are text. */
  readonly texts: ReadonlyMap<string, string>
  /** How often the run read the clock. */
  readonly reads: number
  /** Milliseconds since 1970, of the run's clock. */
  readonly now: number
  /** The request as it would be sent; `undefined` when none was given. */
  readonly sent: SentRequest | undefined
}

/** A request, as far as signatures care. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

/** The variables of a run that are text. */
export function textsOf(values: Readonly<Record<string, Encoded>>): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [name, [kind, text]] of Object.entries(values)) if (kind === 'str') texts.set(name, text)
  return texts
}

/** Texts that a script was given, secrets among them; it may keep them in no variable. */
export function givenTexts(values: readonly unknown[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const value of values) {
    const text = Secret.isInstance(value) ? reveal(value) : value
    if (typeof text === 'string') texts.set(`{{${texts.size}}}`, text)
  }
  return texts
}

/** The first variable whose text satisfies a test. */
export function findText(
  { texts }: RunFacts,
  test: (text: string) => boolean,
): { name: string; text: string } | undefined {
  for (const [name, text] of texts) if (test(text)) return { name, text }
  return undefined
}

/** The line where a variable is assigned, as a property of a finding. */
export function at({ assigned }: SyntaxFacts, name: string | undefined): { line?: number } {
  const line = name === undefined ? undefined : assigned[name]
  return line === undefined ? {} : { line }
}

/** A text without its percent-encoding; as it is when the encoding is broken. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
