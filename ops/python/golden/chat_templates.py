"""Golden prompts: what transformers makes of conversations with each chat template of the tests.

The templates in schemas/models/src/test/resources/chat/templates are written for Urteil after the public
behaviour of the models they are named for. The tokenizer is a small byte-level BPE trained here, with the
control tokens of the families. Three files are written beside the templates:

    tokenizer.json   the tokenizer
    prompts.json     template, messages, options -> text and token ids, or the error's text
    language.json    snippets of Jinja -> what transformers' own environment renders

Needs PyPI's transformers, tokenizers and jinja2. Usage:

    python chat_templates.py ../../../schemas/models/src/test/resources/chat
"""

import datetime
import json
import pathlib
import sys

import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<|start_header_id|>",
           "<|end_header_id|>", "<|eot_id|>"]
TAGS = ["<think>", "</think>", "<tool_response>", "</tool_response>"]
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
CORPUS = ["system user assistant You are a helpful assistant. Which answer is better, A or B?",
          "Compare the two answers below and write the scores in tags. The answer is 42.",
          "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n",
          "think answer im_start im_end start_header_id end_header_id eot_id \n\n\n"] * 4

CONVERSATIONS = {
    "question": [("user", "Which answer is better, A or B?")],
    "system": [("system", "You are a judge."), ("user", "Compare 6 * 7 and 42.")],
    "turns": [("system", "Be brief."), ("user", "Hi"), ("assistant", "Hello!"), ("user", "The answer?")],
    "white space": [("system", "  spaced \n"), ("user", "\n\n  a line\n\tand more  \n"), ("assistant", " yes\n"),
                    ("user", "\u00a0no\u2003")],
    "empty": [("user", "")],
    "not ascii": [("user", "Größe in 漢字 und 😀 — naïve café, e\u0301 \u1e9b\u0323")],
    "thought": [("user", "What is 1+1?"), ("assistant", "<think>\nOne and one.\n</think>\n\nTwo."), ("user", "Sure?")],
    "finished thought": [("user", "What is 1+1?"), ("assistant", "<think>\nOne and one.\n</think>\n\nTwo.")],
    "thought twice": [("user", "Q"), ("assistant", "<think>a</think>b</think>\n\nc"), ("user", "R"),
                      ("assistant", "d</think>\n\n\ne")],
    "two answers": [("user", "Q"), ("assistant", "A"), ("assistant", "B")],
    "tool": [("user", "Q"), ("assistant", "calling"), ("tool", "17"), ("tool", "18"), ("user", "so?")],
    "tool answer as user": [("user", "Q"), ("assistant", "<think>x</think>y"),
                            ("user", "<tool_response>z</tool_response>")],
    "code": [("user", "```python\nprint('{{ messages }}', \"{% if %}\", {#})\n```\r\nend")],
    "late system": [("user", "Q"), ("system", "S"), ("user", "R")],
}

OPTIONS = [{"add_generation_prompt": True}, {"add_generation_prompt": False},
           {"add_generation_prompt": True, "enable_thinking": False},
           {"add_generation_prompt": True, "enable_thinking": True}]

LANGUAGE = r"""
{{ messages[::-1][0].role }}|{{ messages[1:]|length }}|{{ messages[-1]['content'] }}|{{ messages[:-1]|length }}
{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }};{% endfor %}
{% for m in messages if m.role != 'system' %}{{ loop.index0 }}{{ m.role }}{% else %}none{% endfor %}
{% for m in [] %}x{% else %}none{% endfor %}
{% for m in messages %}{% if loop.previtem is defined %}{{ loop.previtem.role }}{% endif %}>{% if not loop.last %}{{ loop.nextitem.role }}{% endif %} {% endfor %}
{% set x = 'a' %}{% for m in messages %}{% set x = 'b' %}{{ x }}{% endfor %}{{ x }}
{% set ns = namespace(n=0, s='') %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% set ns.s = ns.s ~ ns.n %}{% endfor %}{{ ns.n }} {{ ns.s }}
{% set a, b = 1, 'two' %}{{ a }}{{ b }}{% set t = (1, 2) %}{{ t[1] }}
{% for k, v in {'a': 1, 'b': [2, 3]}.items() %}{{ k }}={{ v }};{% endfor %}{% for p in {'a': 1}|items %}{{ p[0] }}{% endfor %}
{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}
{{ 'x' is string }} {{ 1 is string }} {{ none is none }} {{ missing is defined }} {{ missing is not defined }} {{ 1 is number }} {{ true is number }} {{ {} is mapping }} {{ [] is iterable }} {{ 'a' is iterable }} {{ [] is sequence }}
{{ false is false }} {{ 0 is false }} {{ true is true }} {{ true is boolean }} {{ 3 is odd }} {{ 4 is even }} {{ 6 is divisibleby 3 }} {{ 2 is in [1, 2] }} {{ 2 is eq 2 }} {{ 1.5 is float }} {{ 1 is integer }}
{{ ' a b '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'xxa'.lstrip('x') }}|{{ 'a\n\n'.rstrip('\n') }}|{{ ' a '|trim }}|{{ 'aXbXc'.split('X') }}|{{ ' a  b '.split() }}
{{ 'a,b,c'.split(',', 1)[1] }} {{ 'a,b,c'.rsplit(',', 1)[0] }} {{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'abcabc'.replace('b', 'XX') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'aaa'|replace('a', 'c') }}
{{ 'hello world'|title }} {{ 'hello World'|capitalize }} {{ 'aB'|upper }} {{ 'aB'|lower }} {{ 'ab'.upper() }} {{ 'hello world'.title() }} {{ 'abc'.find('c') }} {{ 'abab'.count('ab') }}
{{ 'b' in 'abc' }} {{ 'x' not in 'abc' }} {{ not('x' in 'abc') }} {{ 'role' in messages[0] }} {{ 1 in [1] }} {{ not 'x' in 'abc' and true }}
{{ 7 // 2 }} {{ 7 % 3 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 }} {{ 7 / 2 }} {{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 4 / 2 }} {{ 1.5 + 1 }} {{ -2 }} {{ 10 - 2 - 3 }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ [1, 2] == [1, 2] }} {{ true == 1 }} {{ none == false }} {{ 'a' != 'b' }}
{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 2 }} {{ [1] + [2] }} {{ 'a' 'b' }} {{ "it's" }} {{ 'say "x"' }} {{ 'tab\tnew\\n' }} {{ '\u00e9\x41' }}
{{ 1 if false else 2 }}{{ 'x' if false }}{{ 'a' if true else 'b' if false else 'c' }}{{ missing }}{{ missing or 'fallback' }}{{ '' or 'empty' }}{{ 'x' and 'y' }}
{{ missing|default('d') }} {{ ''|default('d', true) }} {{ ''|d('e', boolean=true) }} {{ none|default('n') }} {{ messages[0].nothing|default('q') }} {{ messages[0].get('nothing') }} {{ messages[0].get('nothing', 'z') }}
{{ {'a': [1, 2.5, true, none], 'b': 'x"é<\n'}|tojson }}
{{ {'a': [1, {'b': []}], 'c': {}}|tojson(indent=2) }}
{{ [3, 1, 2]|sort }} {{ ['b', 'A']|sort|join(',') }} {{ [1, 2]|join('-') }} {{ [1, 2]|first }} {{ [1, 2]|last }} {{ [1, 2]|reverse|list }} {{ 'abc'|reverse }} {{ 'abc'|list }} {{ [1, 1, 2]|unique|list }} {{ 'abc'|length }} {{ [1]|count }}
{{ messages|selectattr('role', 'equalto', 'user')|list|length }} {{ messages|rejectattr('role', '==', 'user')|map(attribute='role')|join(',') }} {{ messages|map(attribute='content')|map('upper')|list }} {{ [0, 1, 2]|select|list }} {{ [1, 2, 3]|select('odd')|list }} {{ [1, 2, 3]|reject('odd')|list }}
{{ '5'|int + 1 }} {{ '2.5'|float }} {{ 'x'|int }} {{ 3.9|int }} {{ 5|string ~ '!' }} {{ -3|abs }} {{ 'a\nb'|indent(2) }} {{ 'a\nb'|indent(2, true) }}
{% macro m(x, y='d') %}[{{ x }}-{{ y }}]{% endmacro %}{{ m(1) }}{{ m(1, y=2) }}{{ m('a') + m('b') }}
{% macro outer(x) %}{% macro inner(y) %}<{{ y }}>{% endmacro %}{{ inner(x) }}{% endmacro %}{{ outer('q') }}
{% set block %}a{{ 1 }}b{% endset %}{{ block|length }}{{ block }}
{% with x = 1, y = 2 %}{{ x + y }}{% endwith %}{{ x }}
{% raw %}{{ not }} {% this %}{% endraw %} {# a comment #}x{#- trimmed -#} y
{% generation %}kept{% endgeneration %}
{{ {'a': 1}['a'] }}{{ {'a': 1}.a }}{{ [[1, 2], 3][0][1] }}{{ {'a': {'b': 'c'}}.a.b }}{{ {'items': 5}['items'] }}
{{ [1, 'a', none, true, 1.0, {'k': 'v'}] }} {{ {'k': "it's"} }} {{ none }} {{ true }} {{ 1.0 }} {{ 1e3 }} {{ 0.1 }}
{{ 'abc'[1:] }}{{ 'abc'[::-1] }}{{ 'abc'[-1] }}{{ 'abcdef'[1:5:2] }}{{ [1, 2, 3, 4][::2] }}{{ 'abc'[5:] }}{{ 'aé😀z'[2] }}{{ 'aé😀z'[::-1] }}
{{ range(3)|list }}{{ range(1, 7, 2)|list }}{{ range(3, 0, -1)|list }}{{ dict(a=1).a }}
{% if messages %}yes{% elif true %}no{% endif %}{% if not messages %}no{% else %}yes{% endif %}{% if 0 %}{% elif '' %}{% elif [] %}{% elif {} %}{% elif none %}{% else %}all empty{% endif %}
{{ 'a' if messages[0].role == 'system' and messages|length > 1 else 'b' }} {{ (messages|length - 1) - 1 }} {{ messages|length - 1 }}
{{ strftime_now('%d %b %Y') }} {{ strftime_now('%Y-%m-%d') }} {{ strftime_now('%A %-d %B') }}
{{ undefined_thing|list }} {{ undefined_thing|length }}
{{ 'a{{ b }}c' }} {{ '%}' }} {{ "}}" }} {{ {'a': {'b': 1}} }}
{{ 'one two'.split(' ')|last }} {{ ('x', 'y')|join }} {{ 'line\nline2'.splitlines() }} {{ 'prefix-x'.removeprefix('prefix-') }} {{ ','.join(['a', 'b']) }}
""".strip().split("\n")

BLOCKS = [
    "  {% if true %}\n  y\n  {% endif %}\n z\n",
    "a\n   {%- if true %}\n  y\n  {%- endif %}\n z",
    "a {%+ if true %} y {%+ endif %} z\n\n",
    "a  {{- 'x' -}}  b  {{ 'y' }}  c",
    "{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\nend",
    "{%- for i in [1, 2] -%}\n  {{ i }}\n{%- endfor -%}\nend\n",
    "\n\n  {# c #}\n  x {# d #}\n{#- e -#}\n y",
    "x\r\n{% if true %}\r\ny\r\n{% endif %}",
    "{% if true +%}\n a {% endif %}",
    "  {{ 1 }}\n  {% set x = 2 %}{{ x }}\n  {% set y = 3 %}  \n{{ y }}",
    "{% raw %}\n  {{ x }}\n{% endraw %}\n  z",
    "{%- raw -%}  a  {%- endraw -%}  b",
    "",
    "\n",
    "{{ '' }}\n",
    "{% macro m() %}\n a\n{% endmacro %}\n{{ m() }}\n.",
]

ERRORS = [
    "{{ raise_exception('not like this') }}", "{{ missing.attribute }}", "{{ 'a' + 1 }}", "{% for %}{% endfor %}",
    "{{ 'a' | nosuchfilter }}", "{{ 'a' is nosuchtest }}", "{% nosuchtag %}", "{% if true %}", "{{ 1 / 0 }}",
    "{{ missing() }}", "{{ {}|tojson", "{{ none + 'a' }}", "{{ [1] < 'a' }}", "{% set x.y = 1 %}",
]


def tokenizer():
    """A small tokenizer in the manner of Qwen's: NFC, split by a pattern, bytes."""
    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False)
    made.train_from_iterator(CORPUS, trainer)
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in CONTROL])
    made.add_tokens([AddedToken(token, normalized=False, special=False) for token in TAGS])
    return made


def prompts(folder, fast):
    for path in sorted((folder / "templates").glob("*.jinja")):
        template = path.read_text()
        for name, conversation in CONVERSATIONS.items():
            messages = [{"role": role, "content": content} for role, content in conversation]
            for options in OPTIONS:
                if "enable_thinking" in options and "thinking" not in template:
                    continue
                case = {"template": path.name, "name": name, "messages": messages, "options": options}
                try:
                    case["text"] = fast.apply_chat_template(
                        messages, chat_template=template, tokenize=False, **options)
                    case["ids"] = fast(case["text"], add_special_tokens=False)["input_ids"]
                except Exception as e:
                    case["error"] = str(e)
                yield case


def main(folder):
    class Today(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 3, 7)

    chat_template_utils.datetime = Today
    made = tokenizer()
    made.save(str(folder / "tokenizer.json"), pretty=False)
    fast = PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<|begin_of_text|>", eos_token="<|im_end|>")
    versions = {"transformers": transformers.__version__}
    (folder / "prompts.json").write_text(json.dumps(
        {"versions": versions, "today": "2026-03-07", "bos_token": fast.bos_token, "eos_token": fast.eos_token,
         "cases": list(prompts(folder, fast))}, indent=0, ensure_ascii=True))
    messages = [{"role": "system", "content": "S"}, {"role": "user", "content": "u1"},
                {"role": "assistant", "content": "a1"}, {"role": "user", "content": "u2"}]
    cases = []
    for source in LANGUAGE + BLOCKS + ERRORS:
        case = {"template": source}
        try:
            case["text"] = chat_template_utils._compile_jinja_template(source).render(messages=messages)
        except Exception as e:
            case["error"] = type(e).__name__ + ": " + str(e)
        cases.append(case)
    (folder / "language.json").write_text(json.dumps(
        {"versions": versions, "today": "2026-03-07", "messages": messages, "cases": cases}, indent=0))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
