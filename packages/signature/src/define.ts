import type { PreRequestScript, Provider, ResolvedRequest, SignContext, Signer, SignStage } from '@ez/core'
import { compile, type Program } from './compile/program.ts'
import type { SignatureDescription } from './language/description.ts'
import type { OptionsOf } from './language/options-of.ts'
import { schemaOf } from './schema.ts'
import type { Evaluated } from './sign/evaluated.ts'
import { createEvaluator, createStep, traceOf } from './sign/signer.ts'

/** A provider made of a description. */
export interface DescribedProvider<
  Options,
  Made extends Signer | PreRequestScript = Signer | PreRequestScript,
> extends Provider<Options> {
  /** A signer; a script where the signature is written to the path, which no signer may change. */
  create(options: Options): Made
  /**
   * The stages of a request, and `signature`, without sending it: for schemes that sign a value, and for tests.
   *
   * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_COMPONENT_MISSING, EZ_BRANCH_MISSING, EZ_BODY_UNSIGNABLE
   */
  stages(request: ResolvedRequest, options: Options, context: SignContext): Promise<readonly SignStage[]>
}

type StepOf<Description> = Description extends { readonly writes: infer Writes }
  ? 'path' extends keyof Writes
    ? Signer | PreRequestScript
    : Signer
  : Signer | PreRequestScript

/**
 * Makes a provider of a scheme that is described as data. The description is compiled once.
 *
 * @throws EZ_OPTION_INVALID for a description that is wrong; `details.place` leads to what is, such as `stages.text[2]`
 *
 * @example
 * ```ts
 * import { defineSignature } from '@ez/signature'
 *
 * export const provider = defineSignature({
 *   id: 'example-pay',
 *   options: { apiKey: 'credential', apiSecret: 'secret' },
 *   time: { timestamp: 'unix-ms' },
 *   stages: { text: '{timestamp}{method}{target}{body}' },
 *   signature: { hmac: 'sha256', key: 'apiSecret', of: 'text', as: 'hex' },
 *   writes: {
 *     headers: { 'x-api-key': '{apiKey}', 'x-timestamp': '{timestamp}', 'x-signature': '{signature}' },
 *   },
 * })
 * ```
 */
export function defineSignature<const Description extends SignatureDescription>(
  description: Description,
): DescribedProvider<OptionsOf<Description>, StepOf<Description>> {
  const program = compile(description)
  return {
    id: program.id,
    options: schemaOf(program, description),
    create: (options) => createStep(program, description.refusals ?? [], options) as StepOf<Description>,
    stages: (request, options, context) => stagesOf(program, request, options, context),
  }
}

async function stagesOf(
  program: Program,
  request: ResolvedRequest,
  options: unknown,
  context: SignContext,
): Promise<readonly SignStage[]> {
  const { evaluation }: Evaluated = await createEvaluator(program, options)(request, context)
  // Those that nothing sent needs too: for a scheme that signs a value they are what it gives.
  for (const name of program.shown) {
    const stage = program.scope.stages.get(name)
    if (stage) evaluation.run.stages[stage.index] ??= stage.read(evaluation.run)
  }
  return traceOf(program, evaluation.run)
}
