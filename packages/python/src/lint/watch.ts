/**
 * Makes an interpreter keep the texts that functions of a script held in their variables, when they returned, among
 * the script's own: a scheme that is worked out in a function is read like one that stands in the module. What the
 * request waits for is left alone, since only the module's own variables leave a script.
 */
export const watchSource: string = `
def _watch():
    import sys
    filename, waited = {{filename}}, set({{waited}})
    seen = {}
    def watch(frame, event, argument, str=str, len=len, type=type):
        code = frame.f_code
        if event != 'return' or code.co_filename != filename:
            return
        if code.co_name == '<module>':
            for name, text in seen.items():
                if name not in waited:
                    frame.f_globals.setdefault(name, text)
            seen.clear()
            return
        for name, value in list(frame.f_locals.items()):
            if type(value) is str and len(value) < 1000000:
                seen[name] = value
    sys.setprofile(watch)
_watch()
`
