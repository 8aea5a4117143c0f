#!/usr/bin/env python3
"""A second implementation of docs/canonical-interface.md, with a WIT reader of its own.

usage: canonical.py PATH [NAME]      prints the text of an interface or a world
       canonical.py --hash PATH      prints "sha256:…  ns:pkg/name" for each, of the main and of nested packages

The want*.canon and want.hash files here come from it. Tests do not run it: they must not need Python.
It takes valid WIT for granted, and no feature to be selected. Packages that are not in PATH are looked for in its
folder's deps/, then beside it."""
import hashlib, os, re, sys

SIMPLE = "bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string error-context".split()
BUILT_IN = "list option result tuple map stream future".split()
VERSION = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
TOKEN = re.compile(r"(?<=@)%s|%%?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|->|\d+|\S" % VERSION)


def strip_comments(text):
    out, i = [], 0
    while i < len(text):
        if text.startswith("//", i):
            i = (text + "\n").index("\n", i)
        elif text.startswith("/*", i):
            depth, i = 1, i + 2
            while depth:
                if text.startswith("/*", i): depth, i = depth + 1, i + 2
                elif text.startswith("*/", i): depth, i = depth - 1, i + 2
                else: i += 1
            out.append(" ")
        else:
            out.append(text[i]); i += 1
    return "".join(out)


class Scope:
    """What names mean in an interface or a world. A type is a simple one's name, ("name", NAME), ("own", TYPE),
    ("resource", NAME), a kind with its parts, or a kind with its named fields."""
    def __init__(self, kind, package, file_uses, name):
        self.kind, self.package, self.file_uses, self.name = kind, package, file_uses, name
        self.types, self.uses, self.functions = {}, {}, {}  # uses: name -> (path, name there)
        self.items, self.includes = [], []                  # of a world: (import or export, name or None, what)

    def id(self): return self.name if self.kind == "inline" else "%s/%s" % (self.package.name, self.name)


class Package:
    def __init__(self, name, version):
        self.name, self.version, self.interfaces, self.worlds = name, version, {}, {}


class Reader:
    def __init__(self, text):
        self.tokens = TOKEN.findall(strip_comments(text)) + [""]
        self.i = 0

    def peek(self, ahead=0): return self.tokens[min(self.i + ahead, len(self.tokens) - 1)]
    def next(self): self.i += 1; return self.tokens[self.i - 1]
    def eat(self, token):
        if self.peek() != token: return False
        self.i += 1
        return True
    def expect(self, token): assert self.eat(token), (token, self.tokens[self.i - 3:self.i + 3])
    def name(self): return self.next().lstrip("%")
    def version(self): return self.next() if self.eat("@") else ""

    def selected(self):
        keep = True
        while self.eat("@"):
            keep = self.next() != "unstable" and keep
            while self.next() != ")": pass
        return keep

    def path(self):
        """(package or None, version, name)"""
        name = self.name()
        if not self.eat(":"): return (None, "", name)
        package = name + ":" + self.name(); self.expect("/"); name = self.name()
        return (package, self.version(), name)

    def type(self):
        word = self.next()
        if word in SIMPLE: return word
        if word in ("own", "borrow"):
            self.expect("<"); type_ = (word, ("name", self.name())); self.expect(">")
            return type_
        if word not in BUILT_IN: return ("name", word.lstrip("%"))
        parts = []
        if self.eat("<"):
            while not self.eat(">"):
                parts.append(None if self.eat("_") else self.next() if self.peek().isdigit() else self.type())
                self.eat(",")
        wanted = {"result": 2, "stream": 1, "future": 1}.get(word, 0)
        return (word, parts + [None] * (wanted - len(parts)))

    def fields(self, close):
        out = []
        while not self.eat(close):
            name = self.name()
            if self.eat(":"): type_ = self.type()
            elif self.eat("("): type_ = self.type(); self.expect(")")
            else: type_ = None
            out.append((name, type_))
            self.eat(",")
        return out

    def function(self, after="func"):
        """(is it async, parameters, result), from the keyword on"""
        is_async = self.eat("async")
        if after: self.expect(after)
        self.expect("(")
        params = self.fields(")")
        result = self.type() if self.eat("->") else None
        self.expect(";")
        return (is_async, params, result)

    def renames(self):
        """{ a, b as c }: (name, new name)"""
        out = []
        self.expect("{")
        while not self.eat("}"):
            name = self.name()
            out.append((name, self.name() if self.eat("as") else name))
            self.eat(",")
        return out

    def resource(self, scope, keep):
        name, functions = self.name(), {}
        if not self.eat(";"):
            self.expect("{")
            while not self.eat("}"):
                chosen = self.selected()
                is_constructor = self.eat("constructor")
                plain = "" if is_constructor else self.name()
                is_static = not is_constructor and self.eat(":") and self.eat("static")
                is_async, params, result = self.function("" if is_constructor else "func")
                if is_constructor: key, result = "[constructor]" + name, result or ("own", ("name", name))
                elif is_static: key = "[static]%s.%s" % (name, plain)
                else: key, params = "[method]%s.%s" % (name, plain), [("self", ("borrow", ("name", name)))] + params
                if chosen: functions[key] = (is_async, params, result)
        if keep:
            scope.types[name] = ("resource", name)
            scope.functions.update(functions)

    def declaration(self, scope, keep):
        """A type or a `use`, if one stands here."""
        word = self.peek()
        if word == "use" and self.peek(1) != ":":
            self.next()
            path = self.path(); self.expect(".")
            for name, new in self.renames():
                if keep: scope.uses[new] = (path, name)
            self.expect(";")
        elif word == "resource":
            self.next(); self.resource(scope, keep)
        elif word == "type":
            self.next()
            name = self.name(); self.expect("="); type_ = self.type(); self.expect(";")
            if keep: scope.types[name] = type_
        elif word in ("record", "variant", "enum", "flags"):
            self.next()
            name = self.name(); self.expect("{"); fields = self.fields("}")
            if keep: scope.types[name] = (word, fields)
        else:
            return False
        return True

    def interface(self, scope):
        self.expect("{")
        while not self.eat("}"):
            keep = self.selected()
            if self.declaration(scope, keep): continue
            name = self.name(); self.expect(":")
            function = self.function()
            if keep: scope.functions[name] = function
        return scope

    def world(self, scope):
        self.expect("{")
        while not self.eat("}"):
            keep = self.selected()
            if self.eat("include"):
                path = self.path()
                names = dict(self.renames()) if self.eat("with") else self.expect(";")
                if keep: scope.includes.append((path, names or {}))
                continue
            if self.declaration(scope, keep): continue
            way, name = self.next(), None
            if self.peek(1) == ":" and self.peek(3) != "/": name = self.name(); self.expect(":")
            if name and self.peek() in ("func", "async"): what = self.function()
            elif name and self.eat("interface"):
                what = self.interface(Scope("inline", scope.package, scope.file_uses, name))
            else: what = self.path(); self.expect(";")
            if keep: scope.items.append((way, name, what))
        return scope

    def header(self, end, packages):
        """The package of a "package" line that ends so, if one stands here."""
        if self.peek() != "package" or self.peek(6 if self.peek(4) == "@" else 4) != end: return None
        self.next()
        name = self.name() + ":"; self.expect(":"); name += self.name()
        version = self.version(); self.expect(end)
        return packages.setdefault((name, version), Package(name, version))

    def file(self, package, packages):
        """Adds what stands here to the package, and what is nested to `packages`."""
        file_uses = {}
        while self.peek() not in ("", "}"):
            nested = self.header("{", packages)
            if nested: self.file(nested, packages); self.expect("}"); continue
            keep = self.selected()
            word = self.next()
            if word == "use":
                path = self.path(); file_uses[self.name() if self.eat("as") else path[2]] = path; self.expect(";")
            else:
                scope = Scope(word, package, file_uses, self.name())
                (self.world if word == "world" else self.interface)(scope)
                if keep: (package.worlds if word == "world" else package.interfaces)[scope.name] = scope


def read_package(path, packages):
    """The package of a file or a folder; what is nested in it goes to `packages` too."""
    files = [path]
    if os.path.isdir(path):
        files = sorted(os.path.join(path, f) for f in os.listdir(path) if f.endswith(".wit"))
    main, readers = None, []
    for name in files:
        with open(name, encoding="utf-8-sig") as f: readers.append(Reader(f.read()))
        main = readers[-1].header(";", packages) or main
    for reader in readers: reader.file(main, packages)


class World:
    """Elaborated: imports and exports by key, an interface's scope or a name; and the resources that it declares,
    (scope, name) -> name here."""
    def __init__(self): self.items, self.resources = {"import": {}, "export": {}}, {}


class Resolver:
    def __init__(self, path):
        self.packages, self.hashes, self.worlds = {}, {}, {}
        read_package(path, self.packages)
        self.own = list(self.packages.values())
        folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
        self.places = [os.path.join(folder, "deps")] if os.path.isdir(path) else []
        self.places.append(os.path.dirname(os.path.abspath(path)))

    def package(self, name, version):
        while (name, version) not in self.packages:
            place = self.places.pop(0)
            for entry in sorted(os.listdir(place)) if os.path.isdir(place) else []:
                full = os.path.join(place, entry)
                if entry.endswith(".wit") or os.path.isdir(full) and any(f.endswith(".wit") for f in os.listdir(full)):
                    found = {}
                    read_package(full, found)
                    for key, package in found.items(): self.packages.setdefault(key, package)
        return self.packages[name, version]

    def at(self, scope, path, kind="interfaces"):
        """The interface or world that a path means."""
        package, version, name = scope.file_uses.get(path[2], path) if not path[0] else path
        return getattr(self.package(package, version) if package else scope.package, kind)[name]

    def uses(self, interface):
        return [self.at(interface, path) for path, _ in interface.uses.values()]

    def closure(self, interfaces, stop=()):
        """These, and what they use, and so on."""
        out, todo = [], list(interfaces)
        while todo:
            one = todo.pop()
            if one in out or one in stop: continue
            out.append(one)
            todo += self.uses(one)
        return out

    def world(self, scope):
        """The world, elaborated."""
        if scope in self.worlds: return self.worlds[scope]
        world = self.worlds[scope] = World()
        for name, type_ in scope.types.items():
            if type_[0] == "resource": world.resources[scope, name] = name
        for name, function in scope.functions.items():
            world.items["import"][name] = (function, scope)
        for way, name, what in scope.items:
            if isinstance(what, tuple) and isinstance(what[0], bool): world.items[way][name] = (what, scope)
            else:
                interface = what if isinstance(what, Scope) else self.at(scope, what)
                world.items[way][name or interface] = interface
        for path, names in scope.includes:
            inner = self.world(self.at(scope, path, "worlds"))
            for way in ("import", "export"):
                for key, what in inner.items[way].items():
                    world.items[way][key if isinstance(key, Scope) else self.renamed(key, names)] = what
            for key, name in inner.resources.items(): world.resources[key] = names.get(name, name)
        self.elaborate(world, scope)
        return world

    def renamed(self, name, names):
        """A resource's functions are called after it."""
        parts = re.fullmatch(r"(\[.*\])?([^.]*)(.*)", name).groups("")
        return parts[0] + names.get(parts[1], parts[1]) + parts[2]

    def elaborate(self, world, scope):
        imports, exports = world.items["import"], world.items["export"]
        wanted = self.uses(scope)
        for what in imports.values():
            if isinstance(what, Scope): wanted += self.uses(what)
        exported = [what for what in exports.values() if isinstance(what, Scope)]
        for used in [used for what in exported for used in self.uses(what)]:
            if used in exported: exports[used] = used
            else: wanted.append(used)
        for interface in self.closure(wanted): imports[interface] = interface

    # ---- texts

    def hash(self, interface, name=None):
        if (interface, name) not in self.hashes:
            text = self.interface_text(interface, name)
            self.hashes[interface, name] = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        return self.hashes[interface, name]

    def interface_text(self, interface, name=None):
        text = Text(self, interface, {})
        for resource in sorted((n for n, t in interface.types.items() if t == ("resource", n)), key=str.encode):
            text.resource(interface, resource)
        functions = [text.function(n, interface.functions[n], interface)
                     for n in sorted(interface.functions, key=str.encode)]
        return text.all("assay-interface 1", "interface " + (name or interface.id()), functions)

    def world_text(self, scope):
        world = self.world(scope)
        text = Text(self, scope, world.resources)
        for (home, resource), name in sorted(world.resources.items(), key=lambda item: item[1].encode()):
            text.resource(home, resource)
        lines = []
        for way in ("import", "export"):
            found = []
            for key, what in world.items[way].items():
                if isinstance(what, Scope):
                    is_inline = what.kind == "inline"
                    hash_ = self.hash(what, key if is_inline else None)
                    label = "interface" if is_inline else what.id()
                    if key is what: found.append((what.id(), hash_, "%s %s" % (label, hash_)))
                    else: found.append((key, hash_, "%s: %s %s" % (key, label, hash_)))
                else: found.append((key, "", what))
            for name, _, what in sorted(found, key=lambda item: (item[0].encode(), item[1])):
                line = what if isinstance(what, str) else text.function(name, *what)
                lines.append("%s %s" % (way, line))
        return text.all("assay-world 1", "world " + scope.id(), lines)


class Text:
    def __init__(self, resolver, scope, resources):
        self.resolver, self.scope, self.resources = resolver, scope, resources
        self.types, self.numbers, self.met = [], {}, {}

    def all(self, *parts): return "\n".join(list(parts[:2]) + self.types + parts[2]) + "\n"

    def number(self, body):
        if body not in self.numbers:
            self.numbers[body] = "t%d" % len(self.numbers)
            self.types.append("type %s = %s" % (self.numbers[body], body))
        return self.numbers[body]

    def resource(self, home, name):
        if home is self.scope or home.kind == "world": return self.number("resource " + self.resources.get((home, name), name))
        return self.number("resource %s.%s %s" % (home.id(), name, self.resolver.hash(home)))

    def meet(self, type_, scope):
        if type_ is None: return "_"
        if isinstance(type_, str): return type_
        kind, inner = type_
        if kind == "name":
            if (scope, inner) not in self.met: self.met[scope, inner] = self.named(inner, scope)
            return self.met[scope, inner]
        if kind in ("own", "borrow"): return self.number("%s<%s>" % (kind, self.resource(*self.declared(inner, scope))))
        if kind in BUILT_IN: body = "%s<%s>" % (kind, ", ".join([self.meet(part, scope) for part in inner]))
        else:
            refs = [(name, part and self.meet(part, scope)) for name, part in inner]
            form = "%s: %s" if kind == "record" else "%s(%s)"
            body = kind + " { %s }" % ", ".join(form % ref if ref[1] else ref[0] for ref in refs)
            if not refs: body = kind + " {}"
        return self.number(body)

    def found(self, name, scope):
        """What a name stands for, and in which scope that is written."""
        while name in scope.uses: path, name = scope.uses[name]; scope = self.resolver.at(scope, path)
        return scope.types[name], scope

    def named(self, name, scope):
        type_, home = self.found(name, scope)
        if type_[0] == "resource": return self.number("own<%s>" % self.resource(home, type_[1]))
        return self.meet(type_, home)

    def declared(self, type_, scope):
        """The resource behind names."""
        while type_[0] == "name": type_, scope = self.found(type_[1], scope)
        return scope, type_[1]

    def function(self, name, function, scope):
        is_async, params, result = function
        line = "async func " if is_async else "func "
        line += "%s(%s)" % (name, ", ".join(["%s: %s" % (p, self.meet(t, scope)) for p, t in params]))
        return line + (" -> " + self.meet(result, scope) if result else "")


def main():
    args = sys.argv[1:]
    resolver = Resolver(args[1] if args[0] == "--hash" else args[0])
    sys.setrecursionlimit(100000)
    found = []
    for package in resolver.own:
        found += [(i.id(), i.name, resolver.interface_text(i)) for i in package.interfaces.values()]
        found += [(w.id(), w.name, resolver.world_text(w)) for w in package.worlds.values()]
    if args[0] == "--hash":
        lines = [(id_, "sha256:" + hashlib.sha256(text.encode()).hexdigest()) for id_, _, text in found]
        for id_, hash_ in sorted(lines): print("%s  %s" % (hash_, id_))
        return
    if len(args) > 1: found = [one for one in found if args[1] in one[:2]]
    sys.stdout.write(found[0][2])


main()
