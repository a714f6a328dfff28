package io.urteil.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.text.OriginText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No template runs without end, exhausts memory or stack, or throws another exception. */
class TemplateBoundsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String DOUBLING =
      "{%% set ns = namespace(x=%s) %%}{%% for i in range(60) %%}{%% set ns.x = %s %%}{%% endfor"
          + " %%}{{ %s }}";

  static Stream<Arguments> costly() {
    return Stream.of(
            "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
            "{% for i in range(100000) %}{% for j in range(100000) if false %}{% endfor %}"
                + "{% endfor %}",
            "{% for i in range(100000) %}{{ messages | tojson }}{{ messages }}{% endfor %}",
            DOUBLING.formatted("'aaaaaaaaaa'", "ns.x ~ ns.x", "ns.x"),
            DOUBLING.formatted("'aaaaaaaaaa'", "ns.x + ns.x", "''"),
            DOUBLING.formatted("[1]", "ns.x + ns.x", "''"),
            DOUBLING.formatted("[1]", "[ns.x, ns.x]", "ns.x"),
            DOUBLING.formatted("[1]", "[ns.x, ns.x]", "ns.x | tojson"),
            DOUBLING.formatted("[1]", "[ns.x, ns.x]", "ns.x == ns.x"),
            DOUBLING.formatted("[1]", "{'a': ns.x, 'b': ns.x}", "ns.x == ns.x"),
            DOUBLING.formatted("'a'", "ns.x.replace('a', 'aaaaaaaaaa')", "ns.x"),
            DOUBLING.formatted("'a'", "ns.x.replace('', 'aaaaaaaaaa')", "ns.x"),
            DOUBLING.formatted("'ab'", "ns.x | join(ns.x)", "ns.x"),
            DOUBLING.formatted("'a'", "ns.x | list | string", "ns.x"),
            DOUBLING.formatted("'\n'", "ns.x ~ (ns.x | indent(9000))", "ns.x"),
            "{{ 'a' * 1000000000 }}",
            "{{ 'a\nb' | indent(1000000000, true) }}",
            "{{ [[1]] | tojson(indent=1000000000) }}",
            "{{ range(100000) | join(range(100000) | join(',')) }}",
            "{% set x = 'a' * 4000000 %}{{ x.count(x[1:] ~ 'b') }}{{ (x ~ 'c') in (x ~ x) }}",
            "{% set x = range(100000) | list %}{% for i in range(100) %}{{ x | unique | list }}{% endfor %}",
            "{% set x = range(100000) %}{% for i in x %}{{ x.index(i) }}{% endfor %}",
            "{% macro f(n) %}{% for i in range(100) %}{% if n > 0 %}{{ f(n-1) }}{% endif %}"
                + "{% endfor %}{% endmacro %}{{ f(8) }}",
            "{% for i in range(100000) %}{% set x = 'a' * 1000 %}{{ x }}{% endfor %}",
            "{% for i in range(100000) %}{{ strftime_now('%Y' * 1000) }}{% endfor %}")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("costly")
  void shouldStopATemplateThatDoesTooMuch(String template) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching(
            "(?s)the template (does|writes|nests).* more than .* in line \\d+ of the template");
  }

  static Stream<Arguments> invalid() {
    String deep = " in line 1 of the template";
    return Stream.of(
        Arguments.of("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}", deep),
        Arguments.of("{{ " + "[".repeat(20_000) + "]".repeat(20_000) + " }}", deep),
        Arguments.of("{{ " + "{1:".repeat(20_000) + "1" + "}".repeat(20_000) + " }}", deep),
        Arguments.of("{{ " + "not ".repeat(50_000) + "1 }}", deep),
        Arguments.of("{{ " + "-".repeat(50_000) + "1 }}", deep),
        Arguments.of("{{ " + "1 if 1 else ".repeat(20_000) + "1 }}", deep),
        Arguments.of("{{ " + "x(".repeat(20_000) + ")".repeat(20_000) + " }}", deep),
        Arguments.of("{{ " + "x[".repeat(20_000) + "]".repeat(20_000) + " }}", deep),
        Arguments.of("{% if 1 %}".repeat(20_000) + "{% endif %}".repeat(20_000), deep),
        Arguments.of("{{ 1" + " ~ 1".repeat(20_000) + " }}", deep),
        Arguments.of("{{ 1" + " or 1".repeat(20_000) + " }}", deep),
        Arguments.of("{{ 1" + " + 1".repeat(20_000) + " }}", deep),
        Arguments.of("{{ 1" + " | abs".repeat(20_000) + " }}", deep),
        Arguments.of("{{ messages" + ".b".repeat(20_000) + " }}", deep),
        Arguments.of("x".repeat(1_000_001), "a template of 1000001 characters (expected: at most"),
        Arguments.of(
            "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}"
                + "{% endfor %}{{ ns.x }}",
            "nests values more than 100 levels deep in line 1"),
        Arguments.of(
            "\n{{ range(-9223372036854775807, 9223372036854775807) }}", "numbers in line 2"),
        Arguments.of("{{ -9223372036854775808 }}", "9223372036854775808 (expected: a whole number"),
        Arguments.of("{{ [1][99999999999999999999999999] }}", "(expected: a whole number of at"),
        Arguments.of("\n\n{{ 9223372036854775807 + 1 }}", "beyond 64 bits in line 3"),
        Arguments.of("{{ 10 ** 10 ** 10 }}", "beyond 64 bits"),
        Arguments.of("{{ 3037000500 * 3037000500 }}", "beyond 64 bits"),
        Arguments.of("{% for i in [1] %}{{ loop.cycle() }}{% endfor %}", "cycle of no values"),
        Arguments.of("{{ {[1]: 2} }}", "a list as a key (expected: a string or a number) in line"),
        Arguments.of("{{ [1] in {} }}", "a list as a key"),
        Arguments.of("{{ '\\xzz' }}", "'\\xzz' (expected: 2 hexadecimal digits of a character)"),
        Arguments.of("{{ '\\U00110000' }}", "expected: 8 hexadecimal digits of a character"),
        Arguments.of("\n{{ strftime_now('%Q') }}", "strftime_now: no in line 2 of the template"),
        Arguments.of("\n{{ raise_exception('no') }}", "refuses the messages: no in line 2"),
        Arguments.of("{{ raise_exception('no' * 10000) }}", "nonono"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void shouldNameTheLineOfWhatCannotBeRendered(String template, String expected) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(expected)
        .message()
        .hasSizeLessThan(1200);
  }

  static Stream<Arguments> unusual() {
    return Stream.of(
        Arguments.of("{{ nope | sort | length }}", "0"),
        Arguments.of("{{ nope | reverse | list }}", "[]"),
        Arguments.of("{{ [3, 1, 2] | sort(reverse=true) }}", "[3, 2, 1]"),
        Arguments.of(
            "{{ ['b', 'A'] | sort }}{{ ['b', 'A'] | sort | sort(true) }}", "['A', 'b']['b', 'A']"),
        Arguments.of(
            "{{ 'abc'[9223372036854775807:-9223372036854775807:-9223372036854775807] }}", "c"),
        Arguments.of("{{ 'aäb'[1] }}{{ 'aäb'[-1] }}{{ 'aäb'[5] }}{{ 'aäb'[1:] }}", "äbäb"),
        Arguments.of("{{ 'a😀b'[1:2] }}{{ 'a😀b'[-1] }}{{ 'a😀b' | length }}", "😀b3"),
        Arguments.of(
            "{{ range(7, 0, -3)|list }}{{ range(3, 3)|list }}{{ range(0, 7, 3) }}",
            "[7, 4, 1][]range(0, 7, 3)"),
        Arguments.of("{{ 'a' * 20000 }}", "a".repeat(20_000)),
        Arguments.of("{{ (-1) ** 9223372036854775807 }}{{ 2 ** 10 }}", "-11024"),
        Arguments.of(
            "{{ namespace() }}{{ namespace(a=range(2)) }}",
            "<Namespace {}><Namespace {'a': range(0, 2)}>"),
        Arguments.of(
            "{{ 'a-b-c'.rsplit('-', 1) }}{{ 'a-b'.rsplit('-') }}", "['a-b', 'c']['a', 'b']"),
        Arguments.of(
            "{{ [1] == [1.0] }}{{ {'a': [1]} == {'a': [1]} }}{{ {} == [] }}", "TrueTrueFalse"),
        Arguments.of("{{ '" + "\\\\".repeat(100_000) + "' | length }}", "100000"));
  }

  @ParameterizedTest
  @MethodSource("unusual")
  void shouldRenderWhatPythonRenders(String template, String expected) {
    assertThat(render(template)).hasToString(expected);
  }

  @Test
  void shouldRenderLongConversations() {
    // Given
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      messages.add(
          Map.of(
              "role", i % 2 == 0 ? "user" : "assistant", "content", "<think>x</think>".repeat(60)));
    }
    String template =
        "{% set ns = namespace(last=0) %}{% for m in messages[::-1] %}{% if m.role == 'user' and"
            + " m.content.startswith('<think>') %}{% set ns.last = loop.index0 %}{% endif %}"
            + "{% endfor %}{% for m in messages %}{% set c = m.content.split('</think>')[-1]"
            + ".lstrip('\n') %}{% if '</think>' in m.content and not m.content is none %}"
            + "<|im_start|>{{ m['role'] + '\n' + c | trim }}{{ m.content | tojson }}{{ m.content }}"
            + "{% for i in m.content.split('\n') %}{{ i }}{% endfor %}<|im_end|>{% endif %}"
            + "{% endfor %}";

    // Then
    assertThat(JinjaTemplate.parse(template).render(Map.of("messages", messages)).length())
        .isGreaterThan(5_000_000);
  }

  @Test
  void shouldNestAsDeeplyAsAllowedOnASmallStack() throws InterruptedException {
    // Given
    String nested =
        "{% macro f(n) %}{% for i in [1] %}{% if n %}{{ 1 + (1 + f(n - 1) | int) }}{% endif %}"
            + "{% endfor %}{% endmacro %}{{ f(999) }}{{ "
            + "1 ~ (".repeat(90)
            + "1"
            + ")".repeat(90)
            + " }}";
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();

    // When
    Thread thread =
        new Thread(
            null,
            () -> thrown.complete(Assertions.catchThrowable(() -> render(nested))),
            "small stack",
            640 << 10);
    thread.start();
    thread.join();

    // Then
    assertThat(thrown.join())
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("the template nests more than 400 levels deep")
        .hasNoCause();
  }

  @Property(tries = 400)
  void shouldRenderOrThrowATemplateExceptionWhateverTheTemplate(@ForAll long seed) {
    String template = new TemplateGrammar(new Random(seed)).template();
    long start = System.nanoTime();
    try {
      OriginText text = render(template);
      assertThat(render(template)).as(template).isEqualTo(text);
    } catch (TemplateException e) {
      assertThat(e).as(template).hasMessageContaining(" of the template");
      if (e.getCause() != null) {
        assertThat(e.getCause())
            .as(template)
            .isInstanceOfAny(ArithmeticException.class, TemplateException.class);
      }
    }
    assertThat(System.nanoTime() - start).as(template).isLessThan(LONG.toNanos());
  }

  private static OriginText render(String template) {
    return JinjaTemplate.parse(template)
        .render(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "user", "content", "hi"),
                    Map.of("role", "assistant", "content", "a\nb")),
                "strftime_now",
                (JinjaTemplate.TextFunction)
                    format -> {
                      if (format.contains("Q")) {
                        throw new TemplateException("strftime_now: no");
                      }
                      return format;
                    }));
  }
}
