package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.chat.ChatMessage;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.chat.GoldenChats;
import io.urteil.model.tokenizer.EncodedPrompt;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.frame.Headings;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTokensTest {

  private static final List<String> CONTROL =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|begin_of_text|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>",
          "<think>",
          "</think>",
          "<tool_response>",
          "</tool_response>");

  private static final JudgePrompt RAW =
      JudgePrompt.read(
          "raw.yaml",
          """
          name: raw
          version: 1
          system: s
          source: s
          format: think-answer-scores
          maxTokens: 9
          prime: "<think>"
          text: "{{question}}<|im_end|>{{answerA}}{{answerB}}"
          """);

  private static final Pattern WORD = Pattern.compile("\\p{L}{4}");

  @SuppressWarnings("NullAway.Init")
  private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Tokenizer tokenizer;

  @SuppressWarnings("NullAway.Init")
  private static PromptEncoder encoder;

  @BeforeAll
  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("prompt-tokens");
    Path file = GoldenChats.tokenizer(directory);
    tokenizer = Tokenizer.open(file);
    encoder = PromptEncoder.open(file);
  }

  @AfterAll
  @AfterContainer
  static void close() throws IOException {
    tokenizer.close();
    encoder.close();
    Files.delete(directory.resolve("tokenizer.json"));
    Files.delete(directory);
  }

  /** Every prompt that comes with the service, and a raw one whose places touch. */
  private static Stream<JudgePrompt> prompts() {
    return Stream.concat(JudgePrompts.names().stream().map(JudgePrompts::named), Stream.of(RAW));
  }

  @Property(tries = 60)
  void shouldKeepEveryTextInItsPlaceAndOutOfTheControlTokens(
      @ForAll("hostile") String question,
      @ForAll("hostile") String first,
      @ForAll("hostile") String second) {
    PromptTokens tokens = new PromptTokens("golden", encoder, GoldenChats.template("chatml.jinja"));
    prompts()
        .forEach(
            prompt -> {
              // Given
              JudgeQuestion hostile = question(prompt, question, first, second);
              JudgeQuestion harmless = question(prompt, "q", "a", "b");

              // When
              RenderedPrompt rendered = prompt.render(hostile);
              int[] ids = tokens.of(rendered, PromptTokens.JUDGE_DATE).tokenIds();

              // Then
              assertThat(spelt(rendered, Origin.CANDIDATE))
                  .as(prompt.name())
                  .matches(Pattern.compile(quotable(hostile.candidates()), Pattern.DOTALL));
              assertThat(spelt(rendered, Origin.QUESTION))
                  .containsPattern(Pattern.compile(quotable(List.of(question)), Pattern.DOTALL));
              assertThat(unmarked(spelt(rendered, Origin.TEMPLATE)))
                  .isEqualTo(unmarked(spelt(prompt.render(harmless), Origin.TEMPLATE)));
              assertThat(controls(ids))
                  .as(prompt.name())
                  .isEqualTo(
                      controls(
                          tokens.of(prompt.render(harmless), PromptTokens.JUDGE_DATE).tokenIds()));
            });
  }

  /**
   * Exactly these texts, but for a quote before lines that may repeat a heading of the prompt:
   * those with a word. {@code PromptSpansTest} has the lines that must have one.
   */
  private static String quotable(List<String> texts) {
    String quote = "(?:" + Pattern.quote(Headings.QUOTE) + ")?";
    return texts.stream()
        .flatMap(text -> Stream.of(text.split("(?<=\n)", -1)))
        .map(line -> (WORD.matcher(line).find() ? quote : "") + Pattern.quote(line))
        .collect(Collectors.joining());
  }

  /** The words of a prompt with the same mark for every request. */
  private static String unmarked(String words) {
    return words.replaceAll("<<[0-9a-f]{12}", "<<mark").replaceAll("[0-9a-f]{12}>>", "mark>>");
  }

  /** Template markers, control tokens, template syntax and their halves, in any order. */
  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.of(
            "{{answerA}}",
            "{{answerB}}",
            "{{answer}}",
            "{{question}}",
            "{{#reference}}",
            "{{/reference}}",
            "{{#candidates}}",
            "{a}",
            "{b}",
            "{question}",
            "{{",
            "}}",
            "{%",
            "%}",
            "{{ messages }}",
            "{% for m in messages %}",
            "{% endfor %}",
            "<|im_start|>",
            "<|im_end|>",
            "<|im_",
            "end|>",
            "<|endoftext|>",
            "<|eot_id|>",
            "<think>",
            "</think>",
            "</",
            "think>",
            "<",
            "|",
            ">",
            "\n",
            " ",
            "assistant\n",
            "\\",
            "\"",
            "\ud83d",
            "\ude00",
            "\u6f22",
            "4",
            "[[A]]",
            "$1",
            "\\1")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Test
  void shouldAddThePrefixWhenACandidateEndsWithIt() {
    // Given
    PromptTokens tokens = new PromptTokens("golden", encoder, null);

    // When
    int[] ids =
        tokens
            .of(RAW.render(JudgeQuestion.of("q", "4", "5<think>")), PromptTokens.JUDGE_DATE)
            .tokenIds();

    // Then
    assertThat(controls(ids)).containsExactly("<|im_end|>", "<think>");
    assertThat(ids[ids.length - 1]).isEqualTo(id("<think>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<think>\n{{ '' }}"})
  void shouldCountThePrefixToAMessageOfItsOwnWhoeverSaysIt(String templatesOwn) {
    // Given
    ChatTemplate template =
        ChatTemplate.of(
            "{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>"
                + templatesOwn,
            Map.of());
    RenderedPrompt prompt = new RenderedPrompt(List.of(ChatMessage.of("user", "q")), "<think>\n");

    // When
    EncodedPrompt encoded =
        new PromptTokens("golden", encoder, template).of(prompt, PromptTokens.JUDGE_DATE);

    // Then
    assertThat(encoded.tokenIds())
        .containsExactly(tokenizer.encode("<|im_start|>q<|im_end|>\n<|im_start|><think>\n"));
    assertThat(encoded.byMessage(2).getLast())
        .containsExactly(tokenizer.encode("<|im_end|>\n<|im_start|><think>\n"));
  }

  @Test
  void shouldPrintTheDateThatItIsGiven() {
    // Given
    ChatTemplate template =
        ChatTemplate.of("{{ strftime_now('%d %B %Y') }} {{ messages[0].content }}", Map.of());
    PromptTokens tokens = new PromptTokens("golden", encoder, template);
    RenderedPrompt prompt = new RenderedPrompt(List.of(ChatMessage.of("user", "q")), "");

    // Then
    assertThat(tokenizer.decode(tokens.of(prompt, LocalDate.of(2025, 5, 9)).tokenIds()))
        .isEqualTo("09 May 2025 q");
  }

  @Test
  void shouldSayWhyAPromptIsRefused() {
    ChatTemplate refusing = ChatTemplate.of("{{ raise_exception('no system please') }}", Map.of());
    RenderedPrompt chat = new RenderedPrompt(List.of(ChatMessage.of("user", "q")), "");
    RenderedPrompt mixed =
        new RenderedPrompt(
            List.of(ChatMessage.of("user", "q"), ChatMessage.of(RenderedPrompt.RAW, "t")), "");

    assertThatThrownBy(
            () -> new PromptTokens("golden", encoder, null).of(chat, PromptTokens.JUDGE_DATE))
        .isInstanceOf(RefusedPromptException.class)
        .hasMessageContaining("model 'golden' has no chat template for a message of role 'user'")
        .hasMessageContaining("(expected: chat_template.jinja, ");
    assertThatThrownBy(
            () -> new PromptTokens("golden", encoder, refusing).of(chat, PromptTokens.JUDGE_DATE))
        .hasMessageContaining("the chat template of model 'golden' rejects the prompt")
        .hasMessageContaining("no system please");
    assertThatThrownBy(
            () -> new PromptTokens("golden", encoder, refusing).of(mixed, PromptTokens.JUDGE_DATE))
        .hasMessage("messages of the roles [user, text] (expected: only 'text', or no such role)");
  }

  private static JudgeQuestion question(
      JudgePrompt prompt, String question, String first, String second) {
    return prompt.mode() == JudgeMode.POINTWISE
        ? JudgeQuestion.of(question, first)
        : JudgeQuestion.of(question, first, second);
  }

  private static String spelt(RenderedPrompt prompt, Origin origin) {
    return prompt.messages().stream()
        .flatMap(message -> message.content().runs().stream())
        .filter(run -> run.origin() == origin)
        .map(OriginText.Run::text)
        .collect(Collectors.joining());
  }

  private static int id(String token) {
    return tokenizer.id(token).orElseThrow();
  }

  private static List<String> controls(int[] ids) {
    Map<Integer, String> names =
        Set.copyOf(CONTROL).stream().collect(Collectors.toMap(PromptTokensTest::id, name -> name));
    return Arrays.stream(ids).boxed().filter(names::containsKey).map(names::get).toList();
  }
}
