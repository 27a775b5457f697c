/** Where a value of the engine lies in its memory. Owned by who got it: freed with `qjs_free_value`. */
export type Handle = number

/** What this package uses of the functions that the engine's module exports. Source: quickjs-wasi 3.7.0, c/interface.c. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory
  _initialize(): void
  wasm_malloc(bytes: number): number
  wasm_free(at: number): void

  /** Makes the runtime; 0 when it did. There is one at a time. */
  qjs_init2(intrinsics: number): number
  /** Frees the runtime; asserts that nothing of it is left. */
  qjs_destroy(): void
  qjs_set_memory_limit(bytes: number): void
  qjs_set_max_stack_size(bytes: number): void
  qjs_set_interrupt_handler(enabled: number): void
  qjs_set_promise_rejection_handler(enabled: number): void

  qjs_eval(code: number, length: number, file: number, flags: number): Handle
  /** Where the bytecode lies; 0 when the code does not compile. */
  qjs_compile(
    code: number,
    length: number,
    file: number,
    flags: number,
    write: number,
    lengthOut: number,
  ): number
  qjs_eval_bytecode(at: number, length: number): Handle
  qjs_call(run: Handle, self: Handle, count: number, values: number): Handle
  qjs_new_host_function(name: number, length: number, count: number): Handle

  qjs_get_undefined(): Handle
  qjs_get_null(): Handle
  qjs_get_true(): Handle
  qjs_get_false(): Handle
  qjs_new_number(value: number): Handle
  qjs_new_string(at: number, length: number): Handle
  qjs_new_uint8_array(at: number, length: number): Handle
  qjs_new_error(): Handle
  qjs_dup_value(value: Handle): Handle
  qjs_free_value(value: Handle): void

  /** Where the text lies; 0 when the value has none. Freed with `qjs_free_cstring`. */
  qjs_get_string_len(value: Handle, lengthOut: number): number
  qjs_free_cstring(at: number): void
  qjs_get_float64(value: Handle): number
  qjs_get_bool(value: Handle): number
  qjs_get_array_buffer(value: Handle, lengthOut: number): number
  qjs_get_prop_string(object: Handle, name: number): Handle
  qjs_set_prop_string(object: Handle, name: number, value: Handle): number
  /** The identity of an object. */
  qjs_get_value_ptr(value: Handle): number

  qjs_is_exception(value: Handle): number
  qjs_is_undefined(value: Handle): number
  qjs_is_null(value: Handle): number
  qjs_is_bool(value: Handle): number
  qjs_is_number(value: Handle): number
  qjs_is_string(value: Handle): number
  qjs_is_object(value: Handle): number
  qjs_is_function(value: Handle): number
  qjs_is_array_buffer(value: Handle): number

  /** 0 pending, 1 fulfilled, 2 rejected. */
  qjs_promise_state(promise: Handle): number
  qjs_promise_result(promise: Handle): Handle
  qjs_is_job_pending(): number
  /** Below 0 when the job threw. */
  qjs_execute_pending_job(): number
  qjs_get_exception(): Handle
  qjs_throw(value: Handle): Handle
}
