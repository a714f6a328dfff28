package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTokenEscapingTest {

  /** Control tokens of public model families, as their tokenizers and templates spell them. */
  private static final List<String> CONTROLS =
      List.of(
          "<|im_start|>",
          "<|im_end|>",
          "<|endoftext|>",
          "<|eot_id|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|begin_of_text|>",
          "<|python_tag|>",
          "<|turn>",
          "<turn|>",
          "<channel|>",
          "<|channel|>",
          "<|message|>",
          "<|end|>",
          "<|START_OF_TURN_TOKEN|>",
          "<BOS_TOKEN>",
          "<EOS_TOKEN>",
          "<\uff5cAssistant\uff5c>",
          "<\uff5cend\u2581of\u2581sentence\uff5c>",
          "<s>",
          "</s>",
          "<unk>",
          "<pad>",
          "<bos>",
          "<eos>",
          "<start_of_turn>",
          "<end_of_turn>",
          "<start_of_image>",
          "<end_of_utterance>",
          "<beginning_of_sentence>",
          "<unused12>",
          "<extra_id_0>",
          "<reserved_106>",
          "<SPECIAL_11>",
          "<sop>",
          "<eop>",
          "<eoa>",
          "<seed:bos>",
          "</minimax:tool_call>",
          "<think>",
          "</think>",
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</answer>",
          "<answer>",
          "<<SYS>>",
          "<</SYS>>",
          "[INST]",
          "[/INST]",
          "[TOOL_CALLS]",
          "[/SYSTEM_PROMPT]",
          "[gMASK]",
          "[sMASK]",
          "[THINK]",
          "[|assistant|]",
          "]~b]",
          "]~!b[",
          "[e~[",
          "<image>",
          "</assistant>",
          "<tools>");

  @Property(tries = 300)
  void shouldSpellNoControlTokenInUntrustedText(
      @ForAll("hostile") String first, @ForAll("hostile") String second) {
    // Given
    OriginText content =
        OriginText.template("<|im_start|>")
            .plus(OriginText.of(first, Origin.CANDIDATE))
            .plus(OriginText.of(second, Origin.QUESTION))
            .plus(OriginText.template("</think>"));

    // When
    String sent = ControlTokenEscaping.of(content);

    // Then
    assertThat(sent).startsWith("<|im_start|>").endsWith("</think>");
    String untrusted = sent.substring("<|im_start|>".length(), sent.length() - "</think>".length());
    assertThat(untrusted.replace("\u2060", "")).isEqualTo(first + second);
    CONTROLS.forEach(control -> assertThat(untrusted).doesNotContain(control));
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.oneOf(
            Arbitraries.of(CONTROLS),
            Arbitraries.of(CONTROLS).map(control -> control.substring(0, control.length() / 2)),
            Arbitraries.of(CONTROLS).map(control -> control.substring(control.length() / 2)),
            Arbitraries.of("<", "[", "]", "|", ">", "/", "a", "\n"))
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a < b and b > c", "List<String> x = List.of();", "<b>bold</b>", "<html>", "[1] and [a, b]",
        "[[A]]", "[RESULT] 5", "x[i]~y", "{{ x }} {% if %}", "if (a<|b) {}"
      })
  void shouldNotChangeOrdinaryText(String text) {
    String escaped = ControlTokenEscaping.of(OriginText.of(text, Origin.CANDIDATE));
    assertThat(escaped.replace("\u2060", "")).isEqualTo(text);
    if (!text.contains("<|")) {
      assertThat(escaped).isEqualTo(text);
    }
  }
}
