"""Golden renderings of public chat templates, and of templates drawn from a grammar of the language.

    python template_corpus.py corpus OUT.json FOLDER…
    python template_corpus.py grammar OUT.jsonl COUNT SEED
    python template_corpus.py cases CASES.jsonl

`corpus` renders every *.jinja file below the folders for a fixed set of conversations, as transformers sets up
jinja2, and writes facts: for each template its source, its SHA-256 and, for each conversation under each of the
options, the first digits of the SHA-256 of the rendering, or "-" for an error. FOLDER is PATH=SOURCE=LICENCE. Texts of
models under Apache-2.0 or MIT are copied beside OUT into templates/, named by their SHA-256; of others (RESTRICTED) only
facts are kept. The committed file is of these folders:

    llama-cpp-python 0.3.36 (sdist), vendor/llama.cpp/models/templates   llama.cpp    MIT
    axolotl 0.19.0 (wheel)                                               axolotl      Apache-2.0
    trl 1.16.0 (wheel), trl/chat_templates                               trl          Apache-2.0

`grammar` writes COUNT templates that are drawn with SEED, each with its rendering or error.

`cases` reads lines of {"template": …, "vars": …} and writes each with "right": the rendering, or null for an error.

Needs PyPI's transformers and jinja2.
"""

import copy
import datetime
import hashlib
import json
import pathlib
import random
import re
import sys

import jinja2
import transformers
from transformers.utils import chat_template_utils

DIGITS = 8
NAME_DIGITS = 16
OUTPUT_MAX = 200
TEMPLATE_MAX = 320
# Models whose licence is neither Apache-2.0 nor MIT, or is not known: no text of their templates.
RESTRICTED = re.compile(
    r"(?i)llama|gemma|cohere|command|aya|lfm|nemotron|exaone|jamba|falcon|muse|llava|kimi|hermes|functionary|firefunction"
    r"|reka|spark|solar|tencent|hy3|poolside|laguna|gigachat|metharme|alpaca|minimax|ling|step|rwkv|seed|mimo|bielik|apertus")
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a city.\nIn degrees \"C\" & <b>bold</b>.",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "The city, such as Zürich."},
        "unit": {"type": "string", "enum": ["C", "F"]},
        "days": {"type": ["integer", "null"], "default": 1}}, "required": ["city"]},
    "return": {"type": "number", "description": "Degrees"}}}
CALL = {"id": "call00001", "type": "function",
        "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": 2}}}
TEXT_CALL = {"id": "call00001", "type": "function",
             "function": {"name": "get_weather", "arguments": '{"city": "Zürich", "days": 2}'}}


def message(role, content, **more):
    return {"role": role, "content": content, **more}


CONVERSATIONS = {
    "question": [message("user", "Which answer is better, A or B?")],
    "system": [message("system", " You are a judge.\n"), message("user", "  Compare 6 * 7 and 42. ")],
    "developer": [message("developer", "Be brief."), message("user", "Hi")],
    "turns": [message("system", "Be brief."), message("user", "Hi"), message("assistant", "Hello!"),
              message("user", "The answer?"), message("assistant", "42"), message("user", "Sure?")],
    "finished": [message("user", "Größe, 漢字, 😀"), message("assistant", "It's \"fine\" <|im_end|> </s> {{ x }}")],
    "thought": [message("user", "1+1?"), message("assistant", "<think>\nOne and one.\n</think>\n\nTwo."),
                message("user", "Sure?")],
    "reasoning": [message("user", "1+1?"), message("assistant", "Two.", reasoning_content="One and one."),
                  message("user", "Sure?")],
    "empty": [message("user", "")],
    "no messages": [],
    "two users": [message("user", "a"), message("user", "b")],
    "assistant first": [message("assistant", "a"), message("user", "b")],
    "late system": [message("user", "Q"), message("assistant", "A"), message("system", "S"), message("user", "R")],
    "parts": [message("user", [{"type": "text", "text": "Compare"}, {"type": "text", "text": "these"}]),
              message("assistant", [{"type": "text", "text": "Done"}])],
    "image": [message("user", [{"type": "image"}, {"type": "text", "text": "What is it?"}])],
    "call": [message("user", "Weather?"), message("assistant", "", tool_calls=[CALL]),
             message("tool", "17", name="get_weather", tool_call_id="call00001"), message("user", "And tomorrow?")],
    "text call": [message("user", "Weather?"), message("assistant", None, tool_calls=[TEXT_CALL]),
                  message("tool", "{\"t\": 17}", name="get_weather", tool_call_id="call00001")],
    "unknown role": [message("judge", "x"), message("user", "y")],
}
OPTIONS = {
    "": {"add_generation_prompt": True},
    "finished ": {"add_generation_prompt": False},
    "thinking ": {"add_generation_prompt": True, "enable_thinking": True, "thinking": True},
    "no thinking ": {"add_generation_prompt": True, "enable_thinking": False, "thinking": False},
    "tools ": {"add_generation_prompt": True, "tools": [TOOL]},
    "no tools ": {"add_generation_prompt": True, "tools": None, "documents": None},
}


def cases():
    for options, variables in OPTIONS.items():
        for name, messages in CONVERSATIONS.items():
            yield options + name, {"messages": messages, **SPECIAL, **variables}


def rendered(template, variables):
    """The rendering, or None: jinja2 refuses the template or these variables."""
    try:
        return chat_template_utils._compile_jinja_template(template).render(**copy.deepcopy(variables))
    except Exception:
        return None


def digits(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def corpus(out, folders):
    templates = {}
    for folder in folders:
        path, source, licence = folder.split("=")
        for file in sorted(pathlib.Path(path).rglob("*.jinja")):
            text = file.read_bytes().decode()
            name = file.stem
            kept = RESTRICTED.search(name) is None
            known = templates.get(digits(text))
            if known is None or kept and not known[3]:
                templates[digits(text)] = (name, source, licence, kept, text)
    facts = []
    texts = out.parent / "templates"
    texts.mkdir(exist_ok=True)
    for hash_, (name, source, licence, kept, text) in templates.items():
        if kept:
            (texts / (hash_[:NAME_DIGITS] + ".jinja")).write_bytes(text.encode())
        results = [rendered(text, variables) for _, variables in cases()]
        facts.append({"name": name, "source": source, "licence": licence if kept else "facts only", "sha256": hash_,
                      "renderings": " ".join("-" if result is None else digits(result)[:DIGITS] for result in results)})
    facts.sort(key=lambda fact: (fact["source"], fact["name"]))
    out.write_text(json.dumps({"versions": versions(), "today": "2026-03-07", "special": SPECIAL, "options": OPTIONS,
                               "conversations": CONVERSATIONS, "templates": facts}, indent=0) + "\n")
    renderings = [rendering for fact in facts for rendering in fact["renderings"].split()]
    print(len(facts), "templates,", len(list(texts.iterdir())), "texts,",
          len(renderings) - renderings.count("-"), "renderings,", renderings.count("-"), "errors")


class Grammar:
    """Templates of the supported language, and a little beyond: valid ones, most of which render."""

    VARIABLES = {
        "s": "Hello wörld", "t": " a-b_c \n", "u": "", "n": 3, "z": 0, "f": 2.5, "yes": True, "none_": None,
        "xs": [3, 1, 2], "ws": ["b", "A", "c", "a"], "rows": [{"k": "x", "n": 2}, {"k": "y", "n": 1}, {"k": "x", "n": 5}],
        "d": {"b": 1, "a": [1, {"c": None}], "items": "it's"},
        "messages": [{"role": "user", "content": "Hi <b>"}, {"role": "assistant", "content": "Ho\n\nho"}]}
    TEXTS = ["''", "'a'", "'a b c'", "' x '", "\"it's\"", "'Ab-cd ef'", "'\\n'", "'1'", "' 42.5 '", "'0x1f'", "'ß😀é'",
             "'%s-%s'", "'<{}>'", "'a,b,,c'", "s", "t", "u", "messages[0].content", "messages[-1]['content']", "rows[1].k"]
    NUMBERS = ["0", "1", "2", "-1", "7", "3", "2.5", "1e3", "0.1", "n", "z", "f", "yes", "true", "10", "1_000", "0x10"]
    LISTS = ["[]", "[1, 2, 3]", "['b', 'a']", "(1, 'x')", "xs", "ws", "rows", "messages", "range(4)", "range(5, 0, -2)",
             "[[1, 2], [3]]", "('a',)", "[none, 1.5, true]", "'abc'", "s"]
    MAPS = ["{}", "{'a': 1, 'b': 'x'}", "d", "rows[0]", "messages[0]", "dict(a=1, z='q')", "{1: 'i', 'k': [2]}"]
    OTHER = ["none", "nope", "none_", "nope.x", "d.nope", "xs[9]", "true", "false", "ns.v", "loop.index", "d.items",
             "range", "namespace(a=1)", "joiner('; ')"]
    TEXT_FILTERS = ["upper", "lower", "title", "capitalize", "trim", "length", "list", "reverse", "string", "first",
                    "last", "int", "float", "wordcount", "urlencode", "replace('a', 'bb')", "replace('b', '', 1)",
                    "indent(2)", "indent(1, true)", "indent('> ', first=true, blank=true)", "default('q')",
                    "default('q', true)", "d(boolean=true)", "center(9)", "truncate(5)", "truncate(6, true, '', 0)",
                    "tojson", "trim('a ')", "safe", "e", "int(default=7)", "int(0, 16)", "format(1, 2)", "join('-')",
                    "count", "unique|list", "sort|join", "batch(2)|list", "map('upper')|list", "select|list", "min", "max"]
    NUMBER_FILTERS = ["int", "float", "abs", "round", "round(1)", "round(2, 'floor')", "round(method='ceil')", "string",
                      "default(1)", "tojson", "length", "upper", "trim", "list"]
    LIST_FILTERS = ["length", "first", "last", "list", "reverse|list", "sort", "sort(reverse=true)", "sort|first",
                    "unique|list", "join(', ')", "join", "min", "max", "sum", "map('string')|list", "map('upper')|join('/')",
                    "select('string')|list", "reject('number')|list", "select('odd')|list", "tojson", "tojson(indent=1)",
                    "string", "batch(2)|list", "batch(2, 'f')|list", "slice(2)|list", "default([])", "map(attribute='k')|list",
                    "selectattr('k', 'equalto', 'x')|list", "rejectattr('n', 'gt', 1)|list|length", "groupby('k')",
                    "sum(attribute='n')", "sort(attribute='n')", "sort(attribute='k,n', reverse=true)", "map('length')|list",
                    "select|list", "join(attribute='k')", "max(attribute='n')", "unique(attribute='k')|list", "items",
                    "selectattr('role', 'defined')|map(attribute='role')|join(',')", "map(attribute='z', default=0)|list",
                    "select('in', [1, 2, 'a'])|list", "map('default', 'x')|list", "select", "map('upper')", "reject('none')|list"]
    MAP_FILTERS = ["length", "list", "items|list", "dictsort", "dictsort(by='value')", "dictsort(reverse=true)", "tojson",
                   "tojson(sort_keys=true)", "tojson(separators=(',', ':'))", "tojson(indent=2, ensure_ascii=true)", "string",
                   "first", "last", "join(',')", "sort", "default({})", "reverse|list", "map('upper')|list"]
    TEXT_METHODS = ["strip()", "lstrip()", "rstrip('\\n')", "upper()", "title()", "capitalize()", "swapcase()", "split()",
                    "split(',')", "split('a', 1)", "rsplit('-', 1)", "splitlines()", "startswith('a')", "endswith(('b', 'c'))",
                    "replace('a', 'b')", "find('b')", "rfind('a')", "count('a')", "index('a')", "join(['x', 'y'])", "join(xs)",
                    "partition('-')", "rpartition('b')", "removeprefix('a')", "removesuffix('c')", "ljust(4)", "rjust(5, '*')",
                    "center(7)", "zfill(4)", "format(1, 'z')", "format(a=1)", "isdigit()", "isalpha()", "isupper()",
                    "islower()", "isspace()", "isalnum()", "lower", "strip", "nope", "nope()", "isascii()", "isdecimal()"]
    LIST_METHODS = ["index(1)", "count('a')", "copy()", "append(1)", "pop()", "nope", "0", "1.k"]
    MAP_METHODS = ["items()", "keys()", "values()", "get('a')", "get('nope', 3)", "get('b') is defined", "keys() | list",
                   "values() | list", "items() | list | length", "a", "b", "items", "update({})", "nope", "copy()", "pop('a')",
                   "items is defined", "get is callable", "keys()|length"]
    TESTS = ["defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping",
             "sequence", "iterable", "callable", "odd", "even", "divisibleby(2)", "divisibleby 3", "in [1, 'a', 3]", "in 'abc'",
             "eq 1", "equalto('a')", "ne 2", "gt 1", "lt 3", "ge 2", "le 2", "lower", "upper", "sameas none", "sameas true",
             "escaped", "greaterthan 1", "lessthan 'b'"]
    COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
    ARITHMETIC = ["+", "-", "*", "/", "//", "%", "**", "~"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, choices):
        return self.random.choice(choices)

    def template(self):
        return "{% set ns = namespace(v='v', i=0) %}" + self.body(3)

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.random.randint(1, 3)))

    def tag(self, inside):
        return "{%" + self.pick(["", "", "-", "+"]) + " " + inside + " " + self.pick(["", "", "-", "+"]) + "%}"

    def text(self):
        return self.pick(["x", " y ", "\n", "  ", "z\n", "\n  ", "a {# c #} b", "{#- c -#}\n", "{% raw %}{{ r }}{% endraw %}\n"])

    def print(self, inside):
        return "{{" + self.pick(["", "", "-"]) + " " + inside + " " + self.pick(["", "", "-"]) + "}}" + self.pick(["", " ", "\n"])

    def statement(self, depth):
        if depth == 0 or self.random.random() < 0.4:
            return self.text() + self.print(self.expression(2))
        kind = self.random.randrange(13)
        less = depth - 1
        if kind < 3:
            return self.tag("if " + self.condition(2)) + self.body(less) + self.pick(
                ["", self.tag("else") + self.body(0), self.tag("elif " + self.condition(1)) + self.body(0)]) + self.tag("endif")
        if kind < 6:
            target, over = self.pick([("x", self.lists(1)), ("x", self.lists(0)), ("k, x", self.maps(0) + ".items()"),
                                      ("k, x", self.maps(0) + "|items"), ("x", self.lists(0) + "|reverse"), ("x", "range(3)"),
                                      ("x", self.maps(0)), ("x", "rows|selectattr('n')"), ("a, b", "[[1, 2], [3, 4]]")])
            head = "for " + target + " in " + over + self.pick(["", "", " if " + self.pick(["x", "x is string", "x != 1", "not ns.i"])])
            inside = self.pick([self.body(less), self.print("x") + self.body(0), self.loop(), self.tag("set ns.i = ns.i + 1")
                                + self.print("ns.i"), "{% if loop.index > 2 %}{% break %}{% endif %}" + self.print("x"),
                                "{% if loop.first %}{% continue %}{% endif %}" + self.print("x"), self.tag("set n = 9") + "{{ n }}"])
            return self.tag(head) + inside + self.pick(["", self.tag("else") + "empty"]) + self.tag("endfor") + "{{ x }}{{ n }}"
        if kind == 6:
            return self.tag("set ns.v = " + self.expression(2)) + self.print("ns.v")
        if kind == 7:
            return self.tag("set v = " + self.expression(2)) + self.print(self.pick(["v", "v|string", "v is defined", "v ~ v"]))
        if kind == 8:
            return self.tag("set v" + self.pick(["", " | upper", " | trim | length"])) + self.body(less) + self.tag("endset") + self.print("v")
        if kind == 9:
            arguments = self.pick(["1", "s, 2", "y='q'", "1, y=2", "*[1, 2]", "**{'x': 1}", "1, 2, 3", "z=1", ""])
            return (self.tag("macro m(x, y='d')") + "[{{ x }}|{{ y }}]" + self.pick(["", "{{ n }}", "{{ varargs }}", "{{ kwargs }}"])
                    + self.tag("endmacro") + self.print("m(" + arguments + ")" + self.pick(["", "|upper", " ~ '!'", "|length"])))
        if kind == 10:
            return self.tag("with w = " + self.expression(1)) + self.print("w") + self.tag("set s = 1") + "{{ s }}" + self.tag("endwith") + "{{ s }}{{ w }}"
        if kind == 11:
            return self.tag("filter " + self.pick(["upper", "trim", "replace('a', 'b')", "indent(2)|title"])) + self.body(0) + self.tag("endfilter")
        return self.tag("generation") + self.body(less) + self.tag("endgeneration")

    def loop(self):
        return self.print(self.pick(["loop.index", "loop.index0", "loop.revindex", "loop.revindex0", "loop.first", "loop.last", "loop.length",
                                     "loop.previtem", "loop.nextitem is defined", "loop.cycle('a', 'b')", "loop.changed(x)", "loop.depth", "loop.nope"]))

    def texts(self, depth):
        if depth == 0:
            return self.pick(self.TEXTS)
        less = depth - 1
        return self.pick([
            lambda: self.texts(less) + "|" + self.pick(self.TEXT_FILTERS), lambda: self.texts(0) + "." + self.pick(self.TEXT_METHODS),
            lambda: self.texts(less) + " " + self.pick(["+", "~"]) + " " + self.texts(less), lambda: self.texts(0) + " * " + self.numbers(0),
            lambda: self.texts(0) + self.slice(), lambda: self.texts(0) + " % " + self.pick(["1", "(1, 'a')", "s", "xs", "d"]),
            lambda: "(" + self.texts(less) + ")"])()

    def numbers(self, depth):
        if depth == 0:
            return self.pick(self.NUMBERS)
        less = depth - 1
        return self.pick([
            lambda: self.numbers(less) + " " + self.pick(self.ARITHMETIC) + " " + self.numbers(less),
            lambda: self.numbers(less) + "|" + self.pick(self.NUMBER_FILTERS), lambda: self.lists(0) + "|length",
            lambda: "(" + self.numbers(less) + ")", lambda: self.pick(["-", "+"]) + self.numbers(0)])()

    def lists(self, depth):
        if depth == 0:
            return self.pick(self.LISTS)
        less = depth - 1
        return self.pick([
            lambda: self.lists(less) + "|" + self.pick(self.LIST_FILTERS), lambda: self.lists(0) + "." + self.pick(self.LIST_METHODS),
            lambda: self.lists(0) + " + " + self.lists(0), lambda: self.lists(0) + self.slice(),
            lambda: "[" + self.expression(less) + ", " + self.expression(less) + "]",
            lambda: "(" + self.expression(less) + ", " + self.expression(less) + ")", lambda: self.texts(0) + ".split()"])()

    def maps(self, depth):
        if depth == 0:
            return self.pick(self.MAPS)
        return self.pick([
            lambda: self.maps(0) + "|" + self.pick(self.MAP_FILTERS), lambda: self.maps(0) + "." + self.pick(self.MAP_METHODS),
            lambda: self.maps(0) + "[" + self.pick(["'a'", "'b'", "1", "'items'", "'get'", "[1]", "none", "true"]) + "]"])()

    def slice(self):
        return self.pick(["[0]", "[-1]", "[1:]", "[:-1]", "[::-1]", "[1:3]", "[::2]", "[9]", "[5:]", "[n]", "['x']", "[-2:]", "[none:2]", "[yes]"])

    def condition(self, depth):
        return self.pick([
            lambda: self.expression(1), lambda: self.expression(1) + " is " + self.pick(["", "not "]) + self.pick(self.TESTS),
            lambda: self.expression(0) + " " + self.pick(self.COMPARISONS) + " " + self.expression(0),
            lambda: self.numbers(0) + " < " + self.numbers(0) + " <= " + self.numbers(0),
            lambda: "not " + self.expression(0), lambda: self.expression(0) + self.pick([" and ", " or "]) + self.expression(0)])()

    def expression(self, depth):
        if depth == 0:
            return self.pick([self.pick(self.TEXTS), self.pick(self.NUMBERS), self.pick(self.LISTS), self.pick(self.MAPS), self.pick(self.OTHER)])
        less = depth - 1
        return self.pick([
            lambda: self.texts(depth), lambda: self.texts(1), lambda: self.numbers(depth), lambda: self.lists(depth), lambda: self.maps(1),
            lambda: self.condition(1), lambda: self.expression(less) + " if " + self.condition(0) + self.pick(["", " else " + self.expression(less)]),
            lambda: self.expression(0) + "|" + self.pick(self.TEXT_FILTERS + self.LIST_FILTERS + self.MAP_FILTERS),
            lambda: self.expression(0) + " " + self.pick(self.ARITHMETIC) + " " + self.expression(0)])()


def grammar(out, count, seed):
    made = Grammar(seed)
    lines = [json.dumps({"versions": versions(), "seed": seed, "variables": Grammar.VARIABLES})]
    errors = 0
    while len(lines) <= count:
        template = made.template()
        if len(template) > TEMPLATE_MAX:
            continue
        text = rendered(template, Grammar.VARIABLES)
        if text is not None and (len(text) > OUTPUT_MAX or " at 0x" in text):
            continue
        if text is None and errors > 2 * count // 5:
            continue
        errors += text is None
        lines.append(json.dumps({"template": template} if text is None else {"template": template, "text": text}))
    out.write_text("\n".join(lines) + "\n")
    print(count, "templates,", errors, "errors,", out.stat().st_size, "bytes")


def renewed(path):
    cases_ = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps({"template": case["template"], "vars": case["vars"], "right": rendered(
        case["template"], case["vars"])}) + "\n" for case in cases_))


def versions():
    return {"transformers": transformers.__version__, "jinja2": jinja2.__version__}


def main():
    class Today(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 3, 7)

    chat_template_utils.datetime = Today
    out = pathlib.Path(sys.argv[2])
    out.parent.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] == "corpus":
        corpus(out, sys.argv[3:])
    elif sys.argv[1] == "cases":
        renewed(out)
    else:
        grammar(out, int(sys.argv[3]), int(sys.argv[4]))


if __name__ == "__main__":
    main()
