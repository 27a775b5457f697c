/** A variable that no script has. */
export const clockReads = '_ez_clock_reads'

/**
 * Makes an interpreter keep the texts that functions of a script held in their variables, when they returned, among
 * the script's own: a scheme that is worked out in a function is read like one that stands in the module. What the
 * request waits for is left alone, since only the module's own variables leave a script. How often the script read the
 * clock becomes the variable {@link clockReads}.
 */
export const watchSource: string = `
def _watch():
    import sys
    filename, waited = {{filename}}, set({{waited}})
    seen, clocks, reads = {}, {'now', 'utcnow', 'today', 'time', 'time_ns'}, []
    def watch(frame, event, argument, str=str, len=len, type=type):
        code = frame.f_code
        if event == 'c_call' and code.co_filename == filename and argument.__name__ in clocks:
            reads.append(frame.f_lineno)
        if event != 'return' or code.co_filename != filename:
            return
        if code.co_name == '<module>':
            for name, text in seen.items():
                if name not in waited:
                    frame.f_globals.setdefault(name, text)
            frame.f_globals['${clockReads}'] = str(len(reads))
            seen.clear()
            reads.clear()
            return
        for name, value in list(frame.f_locals.items()):
            if type(value) is str and len(value) < 1000000:
                seen[name] = value
    sys.setprofile(watch)
_watch()
`
