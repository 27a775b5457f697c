# Cuts Pyodide's bridge to JavaScript: no script needs it, and none gets it. It is found here, and cut by the host after
# the start, since a snapshot must hold it.
def _make_close():
    import _imp, gc, sys

    def bridges(value):
        return any(kind.__name__ == 'JsProxy' for kind in type(value).__mro__)

    def belongs(value):
        return type(value).__module__.startswith('_pyodide') or getattr(value, '__module__', '').startswith('_pyodide')

    roots = ('pyodide', '_pyodide', '_pyodide_core', 'js', 'pyodide_js')
    modules = [name for name, module in sys.modules.items() if name.partition('.')[0] in roots or bridges(module)]
    dictionaries = [vars(sys.modules[name]) for name in modules if not bridges(sys.modules[name])]
    # A built-in module is made again from a copy of what it first held.
    dictionaries += [
        value for value in gc.get_objects() if type(value) is dict and value.get('__name__') == '_pyodide_core'
    ]
    attributes = [
        (module.__dict__, name)
        for name, module in sys.modules.items()
        if name not in modules
        for name, value in list(getattr(module, '__dict__', {}).items())
        if bridges(value)
    ]
    sys.builtin_module_names = tuple(name for name in sys.builtin_module_names if _imp.is_builtin(name))

    def close():
        for finder in sys.meta_path:
            getattr(finder, 'jsproxies', {}).clear()
        sys.meta_path[:] = [finder for finder in sys.meta_path if not belongs(finder)]
        sys.path_hooks[:] = [hook for hook in sys.path_hooks if not belongs(hook)]
        for name in modules:
            # It refers to itself by these, and the garbage collector does not see it.
            module = sys.modules.pop(name)
            for attribute in ('__loader__', '__spec__'):
                if hasattr(module, attribute):
                    delattr(module, attribute)
        for names, name in attributes:
            names.pop(name, None)
        for names in dictionaries:
            names.clear()
        # An import of these fails at once.
        sys.modules.update(dict.fromkeys(roots))
        modules.clear()
        attributes.clear()
        dictionaries.clear()

    return close


_ez_close = _make_close()
del _make_close
