#!/usr/bin/env python3
"""A second implementation of docs/canonical-interface.md, with a WIT parser of its own.

usage: canonical.py FILE_OR_FOLDER [INTERFACE]      prints the text
       canonical.py --hash FILE_OR_FOLDER           prints "sha256:…  ns:pkg/iface" for each interface

The want.canon and want.hash files here come from it. Tests do not run it: they must not need Python.
It takes valid WIT for granted and knows neither resources nor other packages."""
import hashlib, os, re, sys

SIMPLE = "bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string".split()
VERSION = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
TOKEN = re.compile(r"(?P<version>(?<=@)%s|(?<== )%s)|(?P<name>%%?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)|(?P<op>->|\S)"
                   % (VERSION, VERSION))


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


class Parser:
    def __init__(self, text):
        self.tokens = [m.group() for m in TOKEN.finditer(strip_comments(text))] + [""]
        self.i = 0

    def peek(self): return self.tokens[self.i]
    def next(self): self.i += 1; return self.tokens[self.i - 1]
    def eat(self, token):
        if self.peek() != token: return False
        self.i += 1
        return True
    def expect(self, token): assert self.eat(token), (token, self.tokens[self.i - 3:self.i + 3])
    def name(self): return self.next().lstrip("%")

    def selected(self):
        keep = True
        while self.eat("@"):
            keep = self.next() != "unstable" and keep
            while self.next() != ")": pass
        return keep

    def type(self):
        word = self.next()
        if word in SIMPLE: return word
        if word not in ("list", "option", "result", "tuple"): return ("name", word.lstrip("%"))
        parts = []
        if self.eat("<"):
            while not self.eat(">"):
                parts.append(None if self.eat("_") else self.type())
                self.eat(",")
        if word == "result": parts += [None] * (2 - len(parts))
        return (word, parts)

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

    def interface(self):
        types, functions, uses = {}, {}, []
        self.expect("{")
        while not self.eat("}"):
            keep = self.selected()
            word = self.next()
            if word == "use":
                path = self.name(); self.expect("."); self.expect("{")
                while not self.eat("}"):
                    name = self.name()
                    new = self.name() if self.eat("as") else name
                    if keep: uses.append((path, name, new))
                    self.eat(",")
                self.expect(";")
                continue
            if word == "type":
                name = self.name(); self.expect("="); value = self.type(); self.expect(";")
            elif word in ("record", "variant", "enum", "flags"):
                name = self.name(); self.expect("{"); value = (word, self.fields("}"))
            else:
                self.expect(":"); self.expect("func"); self.expect("(")
                params = self.fields(")")
                result = self.type() if self.eat("->") else None
                self.expect(";")
                if keep: functions[word.lstrip("%")] = (params, result)
                continue
            if keep: types[name] = value
        return types, functions, uses

    def file(self, interfaces):
        package = None
        if self.eat("package"):
            package = self.name(); self.expect(":"); package += ":" + self.name()
            while self.next() != ";": pass
        aliases, found = {}, []
        while self.peek():
            keep = self.selected()
            word = self.next()
            if word == "use":
                path = self.name(); aliases[self.name() if self.eat("as") else path] = path; self.expect(";")
            elif word == "interface":
                name = self.name(); body = self.interface()
                if keep: found.append((name, body))
            else:
                assert word == "world"
                self.name(); self.expect("{"); depth = 1
                while depth: depth += {"{": 1, "}": -1}.get(self.next(), 0)
        for name, (types, functions, uses) in found:
            interfaces[name] = (types, functions, {new: (aliases.get(p, p), n) for p, n, new in uses})
        return package


def load(path):
    files = [path]
    if os.path.isdir(path): files = [os.path.join(path, f) for f in os.listdir(path) if f.endswith(".wit")]
    interfaces, package = {}, None
    for name in files:
        with open(name, encoding="utf-8-sig") as f: package = Parser(f.read()).file(interfaces) or package
    return package, interfaces


def canonical(package, interfaces, which):
    lines, numbers = [], {}

    def meet(type_, scope):
        if type_ is None: return "_"
        if type_ in SIMPLE: return type_
        kind, inner = type_
        if kind == "name":
            types, _, uses = interfaces[scope]
            if inner in uses: return meet(("name", uses[inner][1]), uses[inner][0])
            return meet(types[inner], scope)
        if kind in ("list", "option", "result", "tuple"):
            body = "%s<%s>" % (kind, ", ".join(meet(part, scope) for part in inner))
        else:
            refs = [(name, part and meet(part, scope)) for name, part in inner]
            form = "%s: %s" if kind == "record" else "%s(%s)"
            body = "%s { %s }" % (kind, ", ".join(form % ref if ref[1] else ref[0] for ref in refs))
        if body not in numbers:
            numbers[body] = "t%d" % len(numbers)
            lines.append("type %s = %s" % (numbers[body], body))
        return numbers[body]

    functions = []
    for name, (params, result) in sorted(interfaces[which][1].items(), key=lambda f: f[0].encode()):
        line = "func %s(%s)" % (name, ", ".join("%s: %s" % (p, meet(t, which)) for p, t in params))
        functions.append(line + (" -> " + meet(result, which) if result else ""))
    return "\n".join(["assay-interface 1", "interface %s/%s" % (package, which)] + lines + functions) + "\n"


def main():
    args = sys.argv[1:]
    if args[0] == "--hash":
        package, interfaces = load(args[1])
        for name in sorted(interfaces):
            text = canonical(package, interfaces, name)
            print("sha256:%s  %s/%s" % (hashlib.sha256(text.encode()).hexdigest(), package, name))
    else:
        package, interfaces = load(args[0])
        sys.stdout.write(canonical(package, interfaces, args[1] if len(args) > 1 else next(iter(interfaces))))


main()
