import { EzError } from '@ez/core'

// What only shows when steps run or the request is on its way; everything else is wrong input.
const failedCode =
  /^EZ_(?:SCRIPT_(?:FAILED|TIMEOUT|MEMORY|OUTPUT)|SIGNER_FAILED|STEP_TIMEOUT|ABORTED|INTERRUPTED|SEND|NETWORK|TIMEOUT|TOKEN|OAUTH|HTTP|RETRY|RATE|REDIRECT|RESPONSE_(?!UNREADABLE)|PREPARE_FAILED|CAPTURE_MISSING|REPEAT_|PAGES?_|RECORD_INVALID|EXPECTATION_UNMET)/

/** The exit code for a thrown value: 1 when the request failed, 2 when the input is wrong. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (!EzError.isInstance(error) || failedCode.test(error.code)) return 1
  // An answer of a flow step that cannot be read, and no file of the user's.
  return error.code === 'EZ_RESPONSE_UNREADABLE' && error.details.step !== undefined ? 1 : 2
}
